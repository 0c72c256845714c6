//! Delimited text of no known maker (docs/formats/generic.md).
//!
//! Seen in: csv files of data sets, scripts and spreadsheets; frames of the schema that were written as csv.

use super::schema::{SCHEMA, is_schema};
use super::table;
use super::words::GENERIC;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::delimited::{self, Header};
use crate::formats::{Format, Info, ReadOptions, Sealed};
use crate::note::Notes;
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawData, RawTable, Standing};
use crate::text::decimal::Decimal;
use crate::text::encoding::Encoding;
use crate::text::{line, number};

static INFO: Info = Info {
    id: "generic_csv",
    name: "Table with usual names",
    maker: &crate::makers::generic::GENERIC,
    extensions: &["csv", "txt", "tsv", "dat"],
    software: "scripts, spreadsheets, data sets",
};

/// The reader.
#[derive(Debug)]
pub(super) struct GenericCsv;

impl Sealed for GenericCsv {}

impl Format for GenericCsv {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        self.sniff_with(probe, &[])
    }

    fn sniff_with(&self, probe: &Probe<'_>, named: &[(String, String)]) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        if let Some(header) = locate_schema(&text.bytes, 0, text.detected.encoding) {
            return Score::yes(table::SCHEMA, format!("line {} has the schema's own columns", header.line));
        }
        match locate(&text.bytes, 0, text.detected.encoding, named) {
            Some((header, score)) => Score { why: format!("line {} {}", header.line, score.why), ..score },
            None => Score::no(
                "no line at the top names a time, a voltage and a current in units of these with rows of numbers below; \
                 `--map 'HEADER=Current [A]'`, with `--unit 'HEADER=mA'` where its unit is another, says what a column is",
            ),
        }
    }

    fn reads_pieces(&self) -> bool {
        true
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        if let Some(header) = locate_schema(&opened.bytes, opened.start, opened.encoding) {
            let table = new_table(source, true);
            return Ok(vec![delimited::build(table, opened, header, options, notes)?]);
        }
        let found = locate(&opened.bytes, opened.start, opened.encoding, &options.named);
        let Some((header, _)) = found else {
            let message = "expected a line that names a time, a voltage and a current, with rows of numbers below it, found \
                           none; `--map 'HEADER=Time [s]'` and the like say what columns of other names are";
            return Err(Error::new(ErrorKind::Malformed, message));
        };
        let mut table = delimited::build(new_table(source, false), opened, header, options, notes)?;
        let clock = table::clock(table.columns.iter().map(|column| column.name.as_str()));
        let first = clock.and_then(|index| match (&table.columns.get(index)?.data, &table.grid) {
            (RawData::Field(field), Some(grid)) => grid.sample(*field, 20).first().and_then(|cell| number::plain(cell)),
            _ => None,
        });
        table.utc_offset = first.filter(|first| *first >= table::SINCE_1970).map(|_| 0);
        Ok(vec![table])
    }
}

/// A table without a maker: what wrote it is not known.
pub(super) fn new_table(source: &Source, is_schema: bool) -> RawTable {
    let mut table = if is_schema {
        RawTable { standing: Standing::Schema, ..RawTable::new(&SCHEMA, "columns of the schema") }
    } else {
        RawTable { standing: Standing::Usual, ..RawTable::new(&GENERIC, "usual names") }
    };
    table.metadata.test_setup.cycler = None;
    table.metadata.test_setup.test_name = Some(source.stem().to_owned());
    table
}

fn locate_schema(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    delimited::find_header(bytes, start, encoding, &SCHEMA, delimited::PREAMBLE, |cells| {
        is_schema(cells.iter().map(|cell| cell.key.as_str()))
    })
}

/// Rows below a header that are looked at for numbers.
const ROWS: usize = 20;

/// The first line that names a test's columns, with numbers under the voltage and the current.
fn locate(bytes: &[u8], start: usize, encoding: Encoding, named: &[(String, String)]) -> Option<(Header, Score)> {
    // The caller's names are compared with the cells as they stand: the schema's words are not folded.
    let header = delimited::find_header(bytes, start, encoding, &SCHEMA, delimited::PREAMBLE, |cells| {
        table::score(&table::folded(cells.iter().map(|cell| cell.key.as_str())), named).points > 0
    })?;
    let score = table::score(&table::folded(header.cells.iter().map(String::as_str)), named);
    has_numbers(bytes, &header, named).then_some((header, score))
}

fn has_numbers(bytes: &[u8], header: &Header, named: &[(String, String)]) -> bool {
    let fields = table::measured(&table::folded(header.cells.iter().map(String::as_str)), named);
    let is_number = |cell: &&[u8]| {
        let is_one = |sign| matches!(number::parse(cell, sign), number::Cell::Number(_));
        is_one(Decimal::Point) || is_one(Decimal::Comma)
    };
    let rows = line::lines(bytes, header.body).filter(|line| !line.bytes.trim_ascii().is_empty()).take(ROWS);
    rows.into_iter().any(|row| {
        let cells: Vec<&[u8]> = line::fields(row.bytes, header.separator).collect();
        fields.iter().all(|field| cells.get(*field).is_some_and(is_number))
    })
}
