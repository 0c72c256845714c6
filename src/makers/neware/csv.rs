//! Neware's flat text exports (docs/formats/neware.md#kinds-of-files, docs/formats/neware.md#flat-text).
//!
//! Seen in: BTSDA 7, 8 and 9 csv exports, English and Chinese.

use super::words::NEWARE;
use crate::error::Result;
use crate::formats::delimited::{self, Header};
use crate::formats::{Format, Info, ReadOptions, Sealed};
use crate::note::Notes;
use crate::probe::{Probe, Score};
use crate::schema::Column;
use crate::source::Source;
use crate::table::RawTable;
use crate::text::encoding::Encoding;
use crate::vocab::{Folded, Role};

static INFO: Info = Info {
    id: "neware_csv",
    name: "Neware csv",
    maker: &crate::makers::neware::NEWARE,
    extensions: &["csv", "txt"],
    software: "BTSDA 7, 8, 9",
};

/// The reader.
#[derive(Debug)]
pub(super) struct NewareCsv;

impl Sealed for NewareCsv {}

impl Format for NewareCsv {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        match locate(&text.bytes, 0, text.detected.encoding) {
            Some(header) => {
                let line = header.line;
                Score::yes(
                    85,
                    format!("line {line} has current, voltage, a time and a name that only Neware writes beside them"),
                )
            }
            None => Score::no(
                "no line at the top has current, voltage, a time and a status, record, step or capacity name of BTSDA",
            ),
        }
    }

    fn reads_pieces(&self) -> bool {
        true
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let header = locate(&opened.bytes, opened.start, opened.encoding).ok_or_else(|| {
            delimited::no_header("a current, a voltage and a time as BTSDA names them", delimited::PREAMBLE)
        })?;
        let chinese = header.cells.iter().any(|cell| !(NEWARE.fold)(cell).key.is_ascii());
        let mut table = RawTable::new(&NEWARE, if chinese { "flat, Chinese names" } else { "flat" });
        table.metadata.test_setup.test_name = Some(source.stem().to_owned());
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

/// docs/formats/neware.md#kinds-of-files, in one of the first lines of a text.
pub(super) fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    let header = delimited::find_header(bytes, start, encoding, &NEWARE, delimited::PREAMBLE, is_header)?;
    // Below other lines, empty cells before the names are a layer's.
    (header.line == 1 || header.cells.first().is_some_and(|cell| !cell.is_empty())).then_some(header)
}

/// The same in the first rows of a sheet. A step plan has the same columns without a clock; the sheet of what happened between two tests has the same columns behind a `No.`
pub(super) fn locate_in_sheet(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    delimited::find_header(bytes, start, encoding, &NEWARE, 20, |cells| {
        let role = |cell: &Folded| NEWARE.find(cell).map(|(_, term, _)| term.role);
        let has = |column: Column| cells.iter().any(|cell| role(cell) == Some(Role::Column(column)));
        let rows = has(Column::Record) || has(Column::Time) || has(Column::Timestamp);
        is_header(cells) && rows && !cells.iter().any(|cell| cell.key == "no")
    })
}

/// Arbin's `Step Index` comes with `Test Time`, Landt's with `TestTime/Sec`; Neware never says `Test`. Bitrode marks rows that are
/// to be left out, counts loops, names a mode and flags why a row was written; Repower writes `Step State` and `System Time`,
/// Digatron `Prog Time`. Neware has no such columns.
pub(super) fn is_header(cells: &[Folded]) -> bool {
    let role = |cell: &Folded| NEWARE.find(cell).map(|(_, term, _)| term.role);
    let has = |wanted: Role| cells.iter().any(|cell| role(cell) == Some(wanted));
    let column = |column: Column| has(Role::Column(column));
    let foreign = cells.iter().any(|cell| {
        ["test", "loop", "dataacquisition", "prog"].iter().any(|word| cell.key.starts_with(word))
            || matches!(cell.key.as_str(), "exclude" | "mode" | "stepstate" | "systemtime")
    });
    let time = column(Column::Time) || column(Column::StepTime) || column(Column::Timestamp) || has(Role::BareTime);
    // Anybody's table may number its steps, or say what state it is in.
    let step = column(Column::StepFromCycler) || column(Column::StepRun);
    let own = column(Column::Record)
        || (column(Column::Status) && step)
        || cells
            .iter()
            .any(|cell| matches!(cell.key.as_str(), "chgcap" | "dchgcap" | "speccap") || !cell.key.is_ascii());
    column(Column::Current) && column(Column::Voltage) && time && own && !foreign
}
