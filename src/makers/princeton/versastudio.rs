//! VersaStudio's data files, `.par` (docs/formats/princeton.md#versastudio).
//!
//! Seen in: one impedance file of VersaStudio 2.52; constant currents and sweeps as public documentation shows them.

use super::segments;
use super::words::PRINCETON;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::delimited;
use crate::formats::{Format, Info, ReadOptions, Sealed, dates, labels};
use crate::note::{Note, NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawTable, StartHint};
use crate::text::line;
use crate::text::timestamp::Order;

static INFO: Info = Info {
    id: "princeton_versastudio",
    name: "VersaStudio data file",
    maker: &crate::makers::princeton::PRINCETON,
    extensions: &["par"],
    software: "VersaStudio",
};

/// The reader.
#[derive(Debug)]
pub(super) struct VersaStudio;

impl Sealed for VersaStudio {}

impl Format for VersaStudio {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        let begins = |what: &[u8]| line::lines(&text.bytes, 0).any(|line| line.bytes.starts_with(what));
        if begins(b"Definition=Segment #") {
            return Score::yes(98, "a segment with the line \"Definition=Segment #\"");
        }
        // The head of a long file may end before its first segment.
        if begins(b"<Application>") && begins(b"Name=VersaStudio") {
            return Score::yes(95, "begins with the application, which is VersaStudio");
        }
        Score::no("no segment with a line \"Definition=Segment #\", and no application VersaStudio")
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let mut opened = delimited::open(source, options, notes)?;
        let found = segments::find(&opened.bytes, opened.start);
        let mut table = RawTable::new(&PRINCETON, "segments");
        // What describes the test stands before its rows, which may be many.
        let head = opened.bytes.get(opened.start..).unwrap_or_default();
        let head = head.get(..memchr::memmem::find(head, b"\n<Segment").unwrap_or(head.len())).unwrap_or_default();
        let text = opened.encoding.decode(head).0.into_owned();
        describe(&mut table, &text, source, notes);
        let Some((at, number)) = found.names else {
            let is_binary = labels::get(&table.facts, "Experiment/DataFormat").is_some_and(|format| format == "Binary");
            let message = if is_binary {
                "expected segments as text, found a file whose data stand in a binary file beside it; switch \"Save New Data to \
                 Binary File\" off in VersaStudio, or export the data as text"
            } else {
                "expected a segment with a line \"Definition=Segment #, …\", found none; save the test again in VersaStudio"
            };
            let kind = if is_binary { ErrorKind::Unsupported } else { ErrorKind::Malformed };
            return Err(Error::new(kind, message));
        };
        for (name, rows) in &found.others {
            let message =
                format!("the segment {name} of {rows} row(s) has not the columns of the first, and was left out");
            notes.push(Note::new(NoteCode::RowsDropped, message).count(*rows));
        }
        opened.bytes = found.text.into();
        let names = line::lines(&opened.bytes, at).next();
        let header = names
            .map(|names| delimited::header_of(line::Line { number, ..names }, b',', opened.encoding))
            .map(|mut header| {
                // A 0 ends the list.
                header.cells.pop_if(|last| last == "0");
                header
            });
        let Some(header) = header else {
            return Err(Error::new(ErrorKind::Malformed, "expected names of columns, found the end of the file"));
        };
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

/// `<Section>` and `Key=value`; the name of a technique is that of its action.
fn describe(table: &mut RawTable, text: &str, source: &Source, notes: &mut Notes) {
    let mut section = "";
    let mut techniques: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('<').and_then(|line| line.strip_suffix('>')) {
            section = if name.starts_with('/') { "" } else { name };
            continue;
        }
        let is_told = ["Application", "Instrument", "Experiment"].contains(&section) || section.starts_with("Action");
        let Some((key, value)) = line.split_once('=').filter(|(_, value)| is_told && !value.is_empty()) else {
            continue;
        };
        if key == "Name" && section.starts_with("Action") && value != "Common" {
            techniques.push(value.to_owned());
        }
        table.facts.push((format!("{section}/{key}"), value.to_owned()));
    }
    let get = |label: &str| labels::get(&table.facts, label).map(str::to_owned);
    let setup = &mut table.metadata.test_setup;
    setup.test_name = Some(source.stem().to_owned());
    setup.instrument = match (get("Instrument/Type"), get("Instrument/Model")) {
        (Some(kind), Some(model)) if kind != model => Some(format!("{kind} {model}")),
        (kind, model) => kind.or(model),
    };
    setup.cycler_serial_number = get("Instrument/SN");
    setup.software_version = get("Application/Version");
    setup.notes = get("Action0/Comment");
    table.metadata.protocol.name = Some(techniques.join(", ")).filter(|names| !names.is_empty());
    let given = |value: &String| value.parse::<f64>().is_ok_and(|number| number > 0.0);
    table.cell.area = get("Action0/Working Electrode Area (cm2)").filter(given).map(|area| format!("{area} cm^2"));
    table.cell.mass = get("Action0/Mass (g)").filter(given).map(|mass| format!("{mass} g"));
    let (Some(date), Some(time)) = (get("Experiment/DateAcquired"), get("Experiment/TimeAcquired")) else { return };
    // The name of the day says nothing new.
    let day = date.split_once(", ").map_or(date.as_str(), |(_, rest)| rest);
    let civil = dates::start(&format!("{day} {time}"), dates::evidence([day]), Order::MonthDayYear, notes);
    table.start = civil.map(|civil| StartHint { civil, is_time_origin: true });
}
