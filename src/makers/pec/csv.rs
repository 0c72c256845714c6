//! PEC csv exports (docs/formats/pec.md#layout).
//!
//! Seen in: a csv export of LifeTest of 2026 with 45 lines of facts above the names.

use super::words::PEC;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::formats::delimited::{self, Header, Opened};
use crate::formats::{Format, Info, ReadOptions, Sealed, dates, labels};
use crate::note::{Note, NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawTable, StartHint};
use crate::text::encoding::Encoding;
use crate::text::line::{self};
use crate::text::timestamp::Order;
use crate::vocab::Folded;

/// Lines that are searched for the header: the facts above it are many.
const LINES: usize = 200;

static INFO: Info = Info {
    id: "pec_csv",
    name: "PEC csv",
    maker: &crate::makers::pec::PEC,
    extensions: &["csv"],
    software: "PEC LifeTest",
};

/// The reader.
#[derive(Debug)]
pub(super) struct PecCsv;

impl Sealed for PecCsv {}

impl Format for PecCsv {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        match locate(&text.bytes, 0, text.detected.encoding) {
            Some(header) => {
                Score::yes(92, format!("line {} has Total Time, Voltage, Current and other names of PEC", header.line))
            }
            None => Score::no(format!(
                "no line among the first {LINES} has Total Time, Voltage, Current and two other names of PEC"
            )),
        }
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let header = locate(&opened.bytes, opened.start, opened.encoding)
            .ok_or_else(|| delimited::no_header("Total Time, Voltage and Current", LINES))?;
        one_cell(&opened, &header, notes)?;
        let preamble = opened.bytes.get(opened.start..header.start).unwrap_or_default();
        let (preamble, _) = opened.encoding.decode(preamble);
        let mut table = RawTable::new(&PEC, "csv");
        describe(&mut table, &preamble, &opened, &header, notes);
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

/// docs/formats/pec.md#header-test.
fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    delimited::find_header(bytes, start, encoding, &PEC, LINES, |cells: &[Folded]| {
        let has = |key: &str| cells.iter().any(|cell| cell.key == key);
        let own = ["instruction name", "reasoncode", "position start time", "load on time", "rack", "shelf"];
        has("total time") && has("voltage") && has("current") && own.iter().filter(|key| has(key)).count() > 1
    })
}

/// The field of a column.
fn field(header: &Header, key: &str) -> Option<usize> {
    header.cells.iter().position(|cell| (PEC.fold)(cell).key == key)
}

/// Cells and tests of one file would be one test with a time that falls (docs/formats/pec.md#several-cells).
fn one_cell(opened: &Opened, header: &Header, notes: &mut Notes) -> Result<()> {
    let keys = ["test", "cell", "rack", "shelf", "position"];
    let fields: Vec<usize> = keys.iter().filter_map(|key| field(header, key)).collect();
    let Some(last) = fields.iter().max().copied() else { return Ok(()) };
    let body = opened.bytes.get(header.body..).unwrap_or_default();
    let width = last + 1;
    let mut lines = line::lines(body, 0).filter(|line| !line.bytes.trim_ascii().is_empty());
    let Some(first) = lines.next() else { return Ok(()) };
    let own: Vec<&[u8]> = first_cells(first.bytes, header.separator, width).collect();
    // A row that is cut has fewer cells.
    let is_other = |line: &[u8]| {
        let differs = |(k, cell): (usize, &[u8])| {
            fields.contains(&k) && !cell.is_empty() && own.get(k).is_some_and(|own| *own != cell)
        };
        first_cells(line, header.separator, width).enumerate().any(differs)
    };
    let mut others = lines.filter(|line| is_other(line.bytes));
    let Some(other) = others.next() else { return Ok(()) };
    let name = |line: &[u8]| {
        let cells = first_cells(line, header.separator, width).enumerate().filter(|(k, _)| fields.contains(k));
        let text: Vec<String> = cells.map(|(_, cell)| opened.encoding.decode(cell).0.into_owned()).collect();
        text.join("/")
    };
    let Some(other) = others.next() else {
        let message = format!(
            "a single row says {} as test, cell and position, all others {}: taken for a damaged cell, the row was kept",
            name(other.bytes),
            name(first.bytes)
        );
        notes.push(Note::new(NoteCode::DamagedFile, message).count(1).at(Place::line(header.line + other.number)));
        return Ok(());
    };
    let message = format!(
        "expected one cell, found {} and {} as test, cell and position; export each cell to a file of its own",
        name(first.bytes),
        name(other.bytes)
    );
    Err(Error::new(ErrorKind::Malformed, message).at(Place::line(header.line + other.number)))
}

/// So many cells of a line.
fn first_cells(line: &[u8], separator: u8, width: usize) -> impl Iterator<Item = &[u8]> {
    line::fields(line, separator).take(width).map(<[u8]>::trim_ascii)
}

/// docs/formats/pec.md#metadata.
fn describe(table: &mut RawTable, preamble: &str, opened: &Opened, header: &Header, notes: &mut Notes) {
    table.facts = labels::lines(preamble, &[':', ',']);
    let facts = &table.facts;
    let is_given = |value: &&str| !matches!(*value, "<NONE>" | "01/01/0001 00:00:00");
    let get = |label: &str| labels::get(facts, label).filter(is_given).map(str::to_owned);
    let body = opened.bytes.get(header.body..).unwrap_or_default();
    let row = line::lines(body, 0).find(|line| !line.bytes.trim_ascii().is_empty());
    let of_row = |key: &str| {
        let field = field(header, key)?;
        let cell = line::fields(row.as_ref()?.bytes, header.separator).nth(field)?;
        let text = opened.encoding.decode(cell).0.trim().trim_matches('"').to_owned();
        (!text.is_empty()).then_some(text)
    };
    let setup = &mut table.metadata.test_setup;
    let place = ["rack", "shelf", "position"].map(of_row);
    setup.channel_number = place.iter().all(Option::is_some).then(|| place.map(Option::unwrap_or_default).join("/"));
    setup.source_file_id = get("Test");
    setup.test_name = get("Test Description").or_else(|| get("TestRegime Name"));
    setup.barcode_comment = of_row("cell id").or_else(|| get("LotID"));
    setup.cell_label = get("Product ID");
    setup.operator = get("Requestor");
    setup.end_time = get("End Time");
    table.metadata.protocol.name = get("TestRegime Name");
    table.cell.capacity = get("TestRegime CellSize");
    // Where the rows' dates do not tell day and month apart, those above may.
    let dates = ["Production Date", "Finish Date", "Date Made", "Start Time", "End Time"];
    let evidence = dates::evidence(dates.iter().filter_map(|label| labels::get(facts, label).filter(is_given)));
    table.date_order = evidence.decide();
    let start = get("Start Time").and_then(|start| dates::start(&start, evidence, Order::MonthDayYear, notes));
    table.start = start.map(|civil| StartHint { civil, is_time_origin: true });
}
