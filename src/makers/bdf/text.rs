//! The Battery Data Format as text: `.bdf`, `.bdf.csv`, packed or not (docs/formats/bdf.md).
//!
//! Seen in: the example files of the Battery Data Alliance, a file of a database of experiments, files of this library.

use super::rules::start_of;
use super::words::{BARE, BDF, REQUIRED};
use crate::error::Result;
use crate::formats::delimited::{self, Header};
use crate::formats::{Format, Info, ReadOptions, Sealed};
use crate::note::Notes;
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawData, RawTable};
use crate::text::encoding::Encoding;
use crate::text::number;
use crate::vocab::{Role, Vocabulary};

static INFO: Info = Info {
    id: "bdf_text",
    name: "Battery Data Format text",
    maker: &crate::makers::bdf::BDF,
    extensions: &["bdf", "csv"],
    software: "batterydf, `prep convert --bdf`, others",
};

/// The reader.
#[derive(Debug)]
pub(super) struct BdfText;

impl Sealed for BdfText {}

impl Format for BdfText {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        match locate(&text.bytes, 0, text.detected.encoding) {
            Some((header, words)) => score(header.line, std::ptr::eq(words, &BARE), probe.file_name),
            None => Score::no("no line at the top has the format's terms for test time, voltage and current"),
        }
    }

    fn reads_pieces(&self) -> bool {
        true
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let (header, words) = locate(&opened.bytes, opened.start, opened.encoding)
            .ok_or_else(|| delimited::no_header("the terms for test time, voltage and current", delimited::PREAMBLE))?;
        let mut table = delimited::build(new_table(source, words), opened, header, options, notes)?;
        let first = clock_column(&table).and_then(|index| match (&table.columns.get(index)?.data, &table.grid) {
            (RawData::Field(field), Some(grid)) => grid.sample(*field, 20).first().and_then(|cell| number::plain(cell)),
            _ => None,
        });
        start_of(&mut table, first);
        Ok(vec![table])
    }
}

/// Labels without units are those of a file that says what it is.
pub(super) fn score(line: u64, is_bare: bool, file_name: &str) -> Score {
    let name = file_name.to_lowercase();
    match is_bare {
        false => Score::yes(96, format!("line {line} has the format's terms with their units")),
        true if name.ends_with(".bdf") || name.contains(".bdf.") => {
            Score::yes(96, format!("line {line} has the format's terms, and the file is called so"))
        }
        true => {
            Score::yes(1, format!("line {line} has the format's terms without units, and the file is called otherwise"))
        }
    }
}

/// A table of whoever wrote it.
pub(super) fn new_table(source: &Source, words: &'static Vocabulary) -> RawTable {
    let mut table =
        RawTable::new(words, if std::ptr::eq(words, &BARE) { "labels without units" } else { "terms with units" });
    table.metadata.test_setup.cycler = None;
    let stem = source.stem();
    table.metadata.test_setup.test_name = Some(stem.strip_suffix(".bdf").unwrap_or(stem).to_owned());
    table
}

/// The column with the instants of the rows.
pub(super) fn clock_column(table: &RawTable) -> Option<usize> {
    let is_clock = |name: &str| {
        let folded = (table.vocabulary.fold)(name);
        table.vocabulary.find(&folded).is_some_and(|(_, term, _)| term.role == super::rules::CLOCK)
    };
    table.columns.iter().position(|column| is_clock(&column.name))
}

/// Whether names have what the format requires.
pub(super) fn has_required<'n>(names: impl Iterator<Item = &'n str> + Clone, words: &Vocabulary) -> bool {
    let is_one = |name: &str, role: Role| words.find(&(words.fold)(name)).is_some_and(|(_, term, _)| term.role == role);
    REQUIRED.iter().all(|column| names.clone().any(|name| is_one(name, Role::Column(*column))))
}

fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<(Header, &'static Vocabulary)> {
    [&BDF, &BARE].into_iter().find_map(|words| {
        let header = delimited::find_header(bytes, start, encoding, words, delimited::PREAMBLE, |cells| {
            let is_one = |column| {
                cells.iter().any(|cell| words.find(cell).is_some_and(|(_, term, _)| term.role == Role::Column(column)))
            };
            REQUIRED.into_iter().all(is_one)
        })?;
        Some((header, words))
    })
}
