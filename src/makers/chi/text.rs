//! Text exports of the CHI workstations (docs/formats/chi.md).
//!
//! Seen in: one impedance export of a CHI660E; time series as public documentation shows their columns.

use super::words::CHI;
use crate::error::Result;
use crate::formats::delimited::{self, Header};
use crate::formats::{Format, Info, ReadOptions, Sealed, dates, labels};
use crate::note::{NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawTable, StartHint};
use crate::text::encoding::Encoding;
use crate::text::timestamp::{self, Order};
use crate::vocab::Folded;

/// Lines that are searched for the names: the settings of a technique stand before them.
const LINES: usize = 80;

static INFO: Info = Info {
    id: "chi_text",
    name: "CHI text",
    maker: &crate::makers::chi::CHI,
    extensions: &["txt", "csv"],
    software: "CHI workstations",
};

/// The reader.
#[derive(Debug)]
pub(super) struct ChiText;

impl Sealed for ChiText {}

impl Format for ChiText {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        match locate(&text.bytes, 0, text.detected.encoding) {
            Some(header) => Score::yes(90, format!("line {} names columns as the CHI workstations do", header.line)),
            None => {
                Score::no("no line at the top has Freq/Hz, Z'/ohm and Z\"/ohm, or Time/sec, Potential/V and Current/A")
            }
        }
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let header = locate(&opened.bytes, opened.start, opened.encoding).ok_or_else(|| {
            delimited::no_header("Freq/Hz, Z'/ohm and Z\"/ohm, or Time/sec, Potential/V and Current/A", LINES)
        })?;
        let head = opened.bytes.get(opened.start..header.start).unwrap_or_default();
        let head = opened.encoding.decode(head).0.into_owned();
        let is_spectrum = header.cells.iter().any(|cell| (CHI.fold)(cell).key == "freq");
        let mut table = RawTable::new(&CHI, if is_spectrum { "impedance" } else { "time series" });
        describe(&mut table, &head, source, notes);
        if !is_spectrum {
            let message = "the program's setting decides which current is positive, and the file does not state it: a cathodic one \
                           was assumed, as it is preset, which discharges; where the voltage answers otherwise, that counts";
            notes.say(NoteCode::UnverifiedLayout, message);
        }
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    delimited::find_header(bytes, start, encoding, &CHI, LINES, |cells: &[Folded]| {
        let has = |key: &str| cells.iter().any(|cell| cell.key == key && cell.unit.is_some());
        let in_sec = cells.iter().any(|cell| cell.key == "time" && cell.unit.as_deref() == Some("sec"));
        (has("freq") && has("z'") && has("z\"")) || (in_sec && has("potential") && has("current"))
    })
}

/// The first line is the date, the second the technique; then `Label: value` and `Label = value`.
fn describe(table: &mut RawTable, head: &str, source: &Source, notes: &mut Notes) {
    let lines: Vec<&str> = head.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    for line in &lines {
        let fact = line.split_once(": ").or_else(|| line.split_once(" = "));
        if let Some((label, value)) = fact.filter(|(_, value)| !value.trim().is_empty()) {
            table.facts.push((label.trim().to_owned(), value.trim().to_owned()));
        }
    }
    let get = |label: &str| labels::get(&table.facts, label).map(str::to_owned);
    let setup = &mut table.metadata.test_setup;
    setup.test_name = Some(source.stem().to_owned());
    setup.instrument = get("Instrument Model");
    setup.source_file_path = get("File");
    setup.notes = get("Note").or_else(|| get("Header"));
    // People may have put lines before it.
    let dated = lines.iter().enumerate().find_map(|(i, line)| {
        let date = line.replace('.', "");
        let civil =
            timestamp::parse(date.as_bytes(), dates::evidence([date.as_str()]).decide().unwrap_or(Order::MonthDayYear));
        civil.filter(|civil| civil.has_time).map(|_| (i, date))
    });
    let Some((at, date)) = dated else {
        let first = lines.first().copied().unwrap_or_default();
        notes.say(
            NoteCode::MetadataIgnored,
            format!("no line at the top is a date in a known form, the first is {first:?}"),
        );
        return;
    };
    let is_name = |line: &&&str| !line.contains([':', '=']);
    table.metadata.protocol.name = lines.get(at + 1).filter(is_name).map(|line| (*line).to_owned());
    let civil = dates::start(&date, dates::evidence([date.as_str()]), Order::MonthDayYear, notes);
    table.start = civil.map(|civil| StartHint { civil, is_time_origin: false });
}
