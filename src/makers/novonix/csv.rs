//! Novonix csv exports (docs/formats/novonix.md#layout).
//!
//! Seen in: HPC data files of version 2.2, each line in quotes; UHPC data files of version 2.13, with a protocol of one line.

use super::words::NOVONIX;
use crate::error::Result;
use crate::formats::delimited::{self, Header, Opened};
use crate::formats::{Format, Info, ReadOptions, Sealed, labels};
use crate::note::{NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawTable, StartHint};
use crate::text::encoding::Encoding;
use crate::text::timestamp::{self, Order};
use crate::vocab::Folded;

static INFO: Info = Info {
    id: "novonix_csv",
    name: "Novonix csv",
    maker: &crate::makers::novonix::NOVONIX,
    extensions: &["csv"],
    software: "Novonix HPC and UHPC data files",
};

/// The reader.
#[derive(Debug)]
pub(super) struct NovonixCsv;

impl Sealed for NovonixCsv {}

impl Format for NovonixCsv {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        let unquoted = unquoted(&text.bytes);
        let bytes = unquoted.as_deref().unwrap_or(&text.bytes);
        if let Some(header) = locate(bytes, 0, text.detected.encoding) {
            let line = header.line;
            return Score::yes(
                95,
                format!("line {line} has Run Time, Potential, Current, and a step or cycle of Novonix"),
            );
        }
        // A protocol may be longer than the head that is looked at.
        if bytes.starts_with(b"[Summary]") && has(bytes, b"Novonix") && !has(bytes, b"\n[Data]") {
            return Score::yes(
                90,
                "begins as a Novonix data file, with a protocol that goes on behind the first 64 KiB",
            );
        }
        Score::no("no line behind [Data] or at the top has Run Time, Potential and Current")
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let mut opened = delimited::open(source, options, notes)?;
        let own = opened.bytes.get(opened.start..).unwrap_or_default();
        let dialect = if let Some(bytes) = unquoted(own) {
            notes.say(
                NoteCode::RowsRagged,
                "each line stands in quotes as if it were one cell; the quotes were taken off",
            );
            opened = Opened { bytes: bytes.into(), start: 0, encoding: opened.encoding };
            "lines in quotes"
        } else {
            "plain"
        };
        let header = locate(&opened.bytes, opened.start, opened.encoding)
            .ok_or_else(|| delimited::no_header("Run Time, Potential and Current", delimited::PREAMBLE))?;
        let preamble = opened.bytes.get(opened.start..header.start).unwrap_or_default();
        let (preamble, _) = opened.encoding.decode(preamble);
        let mut table = RawTable::new(&NOVONIX, dialect);
        describe(&mut table, &preamble);
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

fn has(bytes: &[u8], what: &[u8]) -> bool {
    memchr::memmem::find(bytes, what).is_some()
}

/// The text without the quotes around whole lines, where the header stands in such (docs/formats/novonix.md#lines-in-quotes).
fn unquoted(bytes: &[u8]) -> Option<Vec<u8>> {
    if !has(bytes, b"\n\"Date and Time,") {
        return None;
    }
    let mut plain = Vec::new();
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let cell = line.trim_ascii();
        match cell.strip_prefix(b"\"").and_then(|cell| cell.strip_suffix(b"\"")) {
            Some(inner) if !inner.contains(&b'"') => {
                plain.extend_from_slice(inner);
                plain.extend(line.last().filter(|b| **b == b'\n'));
            }
            _ => plain.extend_from_slice(line),
        }
    }
    Some(plain)
}

/// The line behind `[Data]`, however long the protocol before it is; one at the top where people cut the preamble off.
fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    let text = bytes.get(start..)?;
    if let Some(at) = memchr::memmem::find(text, b"\n[Data]") {
        let lines = memchr::memchr_iter(b'\n', text.get(..=at)?).count() as u64;
        let mut header = delimited::find_header(bytes, start + at + 1, encoding, &NOVONIX, 3, is_header)?;
        header.line += lines;
        return Some(header);
    }
    delimited::find_header(bytes, start, encoding, &NOVONIX, delimited::PREAMBLE, is_header)
}

fn is_header(cells: &[Folded]) -> bool {
    let has = |key: &str| cells.iter().any(|cell| cell.key == key);
    let own = has("step type") || has("cycle number") || has("step number") || has("date and time");
    has("run time") && has("potential") && has("current") && own
}

/// docs/formats/novonix.md#metadata.
fn describe(table: &mut RawTable, preamble: &str) {
    // The protocol is no list of facts.
    let summary = preamble.split("[Protocol]").next().unwrap_or_default();
    table.facts = labels::lines(summary, &[':']);
    let facts = &table.facts;
    let get = |label: &str| labels::get(facts, label).map(str::to_owned);
    // What the program writes where nobody entered anything.
    let given = |label: &str, unset: &str| get(label).filter(|value| value != unset);
    let setup = &mut table.metadata.test_setup;
    setup.channel_number = get("Channel").map(|c| c.trim_start_matches('0').to_owned()).filter(|c| !c.is_empty());
    setup.test_name = get("Cell").map(|cell| cell.trim_end_matches(".csv").to_owned());
    setup.cycler_serial_number = get("Serial Number");
    setup.barcode_comment = get("CellID");
    setup.notes = given("Description", "Enter description here...");
    setup.software_version = get("Version");
    setup.instrument = summary.lines().find_map(|line| line.trim().strip_suffix(" data file")).map(str::to_owned);
    table.metadata.protocol.name = get("Protocol");
    table.cell.mass = given("Mass (g)", "1.000").map(|mass| format!("{mass} g"));
    table.cell.capacity = get("Capacity (Ah)").map(|capacity| format!("{capacity} A.h"));
    table.cell.area = given("Area (cm2)", "1.000").map(|area| format!("{area} cm2"));
    let start = get("Started").and_then(|start| timestamp::parse(start.as_bytes(), Order::YearMonthDay));
    table.start = start.map(|civil| StartHint { civil, is_time_origin: true });
}
