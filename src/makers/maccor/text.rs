//! Maccor text exports (docs/formats/maccor.md#kinds-of-files, docs/formats/maccor.md#preambles,
//! docs/formats/maccor.md#metadata).
//!
//! Seen in: MIMS exports with the preambles of docs/formats/maccor.md.

use super::words::MACCOR;
use crate::error::Result;
use crate::formats::delimited::{self, Header};
use crate::formats::{Format, Info, ReadOptions, Sealed, labels};
use crate::note::{Note, NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::schema::{Column, Quantity, Unit};
use crate::source::Source;
use crate::table::{RawTable, StartHint};
use crate::text::encoding::Encoding;
use crate::text::timestamp::{self, Order, OrderEvidence};
use crate::vocab::{Folded, Role};

/// Lines that are searched for the header.
const LINES: usize = 64;

static INFO: Info = Info {
    id: "maccor_text",
    name: "Maccor text",
    maker: &crate::makers::maccor::MACCOR,
    extensions: &["txt", "csv", "###"],
    software: "MIMS Server, MIMS Client, MacExport",
};

/// Labels of the preamble (docs/formats/maccor.md#metadata); longer ones before those that they contain.
#[rustfmt::skip]
static LABELS: &[&str] = &[
    "Today's Date", "Today''s Date", "Date of Test", "Filename", "Tester Channel", "Procedure", "Description",
    "Comment/Barcode", "Comment",
];

/// Labels of the dialects with one fact a line.
#[rustfmt::skip]
static KEYS: &[&str] = &[
    "Name", "Channel", "Tester", "Procedure", "Description", "Started", "SCap", "C Rate", "Ch. max. V", "DisCh. min. V",
    "Ch. max. I", "DisCh. max. I", "Filename", "Comment/Barcode", "Date of Test", "Today's Date",
];

/// The reader.
#[derive(Debug)]
pub(super) struct MaccorText;

impl Sealed for MaccorText {}

impl Format for MaccorText {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        match locate(&text.bytes, 0, text.detected.encoding) {
            Some(header) => {
                Score::yes(90, format!("header with step, test time, current and voltage in line {}", header.line))
            }
            None => Score::no(format!("no line with step, test time, current and voltage in the first {LINES}")),
        }
    }

    fn reads_pieces(&self) -> bool {
        true
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let header = locate(&opened.bytes, opened.start, opened.encoding)
            .ok_or_else(|| delimited::no_header("Step, a test time, a current and a voltage", LINES))?;
        let preamble = opened.bytes.get(opened.start..header.start).unwrap_or_default();
        let (preamble, _) = opened.encoding.decode(preamble);
        let preamble = own(&preamble);
        let mut table = RawTable::new(&MACCOR, dialect(preamble, header.separator));
        table.facts = facts(preamble, header.separator);
        describe(&mut table, source, notes);
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

/// docs/formats/maccor.md#kinds-of-files, header test.
pub(super) fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    delimited::find_header(bytes, start, encoding, &MACCOR, LINES, |cells| {
        let has = |column| cells.iter().any(|cell| role(cell) == Some(Role::Column(column)));
        has(Column::StepFromCycler) && has(Column::Time) && has(Column::Current) && has(Column::Voltage)
    })
}

fn role(cell: &Folded) -> Option<Role> {
    let (_, term, _) = MACCOR.find(cell)?;
    // A foreign unit shows a foreign word: `Step (mV)` is no step.
    let fits = cell.unit.as_deref().is_none_or(|unit| match term.role {
        Role::Column(column) => column.spec().quantity.is_none_or(|q: Quantity| Unit::parse(unit, q).is_some()),
        _ => true,
    });
    fits.then_some(term.role)
}

/// The preamble without lines that people put before it.
fn own(preamble: &str) -> &str {
    let is_first =
        |line: &str| ["Today's Date", "Today''s Date", "Name:", "Procedure,"].iter().any(|l| line.starts_with(l));
    let mut at = 0;
    for line in preamble.split_inclusive('\n') {
        if is_first(line) {
            return preamble.get(at..).unwrap_or(preamble);
        }
        at += line.len();
    }
    preamble
}

/// The dialect whose times are minutes where nothing else tells their unit.
pub(super) const KEYS_AND_VALUES: &str = "key and value lines";

fn dialect(preamble: &str, separator: u8) -> &'static str {
    let first = preamble.lines().next().unwrap_or_default();
    match separator {
        b'\t' if first.starts_with("Today's Date:") => "long date, several lines",
        b'\t' if first.starts_with("Today''s Date") => "doubled apostrophe",
        b'\t' if first.starts_with("Today's Date") => "flat line",
        b'\t' if first.starts_with("Name:") => KEYS_AND_VALUES,
        b'\t' => "tab-separated, other preamble",
        _ => "comma-separated",
    }
}

pub(super) fn facts(preamble: &str, separator: u8) -> Vec<(String, String)> {
    let separator = char::from(separator);
    let keyed = preamble.starts_with("Name:") || preamble.lines().filter(|l| l.starts_with("Procedure,")).count() > 0;
    if !keyed {
        let joined = preamble.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        return labels::scan(&joined, LABELS);
    }
    let line = |line: &str| {
        let (key, value) = line.split_once(separator)?;
        let key = key.trim().trim_end_matches(':');
        let known = KEYS.iter().find(|k| k.eq_ignore_ascii_case(key))?;
        Some(((*known).to_owned(), value.trim_end_matches(separator).trim().to_owned()))
    };
    preamble.lines().filter_map(line).collect()
}

/// docs/formats/maccor.md#metadata.
pub(super) fn describe(table: &mut RawTable, source: &Source, notes: &mut Notes) {
    let facts = std::mem::take(&mut table.facts);
    let get = |label: &str| labels::get(&facts, label).map(str::to_owned);
    let setup = &mut table.metadata.test_setup;
    if let Some(procedure) = get("Procedure") {
        // The description is glued to the name after `.000`.
        let (name, rest) = procedure.split_once(".000").unwrap_or((&procedure, ""));
        table.metadata.protocol.name = Some(name.trim().to_owned()).filter(|n| !n.is_empty());
        setup.notes = Some(rest.trim().to_owned()).filter(|rest| !rest.is_empty());
    }
    setup.notes = get("Description").or(setup.notes.take());
    if let Some(comment) = get("Comment/Barcode").or(get("Comment")) {
        match comment.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((id, rest)) => {
                setup.source_file_id = Some(id.trim().to_owned());
                setup.barcode_comment = Some(rest.trim().to_owned()).filter(|rest| !rest.is_empty());
            }
            None => setup.barcode_comment = Some(comment),
        }
    }
    let channel_of = |name: &str| {
        let (_, extension) = name.rsplit_once('.')?;
        let numeric = extension.len() >= 3 && extension.bytes().all(|b| b.is_ascii_digit());
        numeric.then(|| extension.trim_start_matches('0').to_owned()).filter(|c| !c.is_empty())
    };
    let path = get("Filename").or(get("Name"));
    let stated = get("Tester Channel").or(get("Channel"));
    let usable = stated.as_ref().filter(|c| c.parse::<u32>().is_ok());
    if let (Some(stated), None) = (&stated, usable) {
        notes.push(Note::new(NoteCode::MetadataIgnored, format!("the channel {stated:?} is not a number")));
    }
    setup.channel_number =
        usable.cloned().or_else(|| path.as_deref().and_then(channel_of)).or_else(|| channel_of(source.file_name()));
    setup.test_name = path.as_deref().map(|path| {
        let last = labels::last_component(path);
        last.rsplit_once('.').map_or(last, |(stem, _)| stem).to_owned()
    });
    setup.source_file_path = path;
    setup.instrument = get("Tester");
    setup.export_date = get("Today's Date").or(get("Today''s Date"));
    let limits: Vec<String> = ["Ch. max. V", "DisCh. min. V", "Ch. max. I", "DisCh. max. I"]
        .iter()
        .filter_map(|key| get(key).filter(|v| !is_zero(v)).map(|v| format!("{key} {v}")))
        .collect();
    table.cell.limits = Some(limits.join("; ")).filter(|l| !l.is_empty());
    table.cell.capacity = get("SCap").filter(|v| !is_zero(v));
    // Where the rows' dates do not tell day and month apart, the preamble's may.
    let mut evidence = OrderEvidence::default();
    let dates = ["Today's Date", "Today''s Date", "Date of Test", "Started"];
    dates.iter().filter_map(|label| get(label)).for_each(|date| evidence.see(date.as_bytes()));
    table.date_order = evidence.decide();
    if let Some(date) = get("Date of Test").or(get("Started")) {
        let civil = timestamp::parse(date.as_bytes(), table.date_order.unwrap_or(Order::MonthDayYear));
        if civil.is_none() {
            notes.push(Note::new(NoteCode::MetadataIgnored, format!("the date of test {date:?} is in no known form")));
        }
        table.start = civil.map(|civil| StartHint { civil, is_time_origin: false });
    }
    table.facts = facts;
}

/// Whether a value is 0 in whatever unit: the program's word for "not given".
fn is_zero(value: &str) -> bool {
    value.split(' ').next().and_then(|n| n.parse::<f64>().ok()) == Some(0.0)
}
