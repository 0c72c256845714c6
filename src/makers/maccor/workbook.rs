//! Maccor workbooks (docs/formats/maccor.md#workbooks).
//!
//! Seen in: no public file; the layout is the one that several descriptions give.

use super::text;
use super::words::MACCOR;
use crate::error::Result;
use crate::formats::{Format, Info, ReadOptions, Sealed, workbook};
use crate::note::{NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::RawTable;

static INFO: Info = Info {
    id: "maccor_workbook",
    name: "Maccor workbook",
    maker: &crate::makers::maccor::MACCOR,
    extensions: &["xls", "xlsx"],
    software: "MIMS, MacExport",
};

/// The reader.
#[derive(Debug)]
pub(super) struct MaccorWorkbook;

impl Sealed for MaccorWorkbook {}

impl Format for MaccorWorkbook {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        workbook::sniff(probe, text::locate, "step, test time, current and voltage")
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let mut book = source.workbook()?;
        let found = workbook::find(&mut book, options, text::locate, 80, |_| true)?;
        let mut table = RawTable::new(&MACCOR, "workbook");
        if let Some(first) = found.first() {
            let preamble = first.sheet.text.get(..first.header.start).unwrap_or_default();
            table.facts = text::facts(&String::from_utf8_lossy(preamble), b'\t');
        }
        text::describe(&mut table, source, notes);
        if !found.iter().any(workbook::Found::has_rows) {
            // A workbook is whole or cannot be opened, so it has not lost its rows.
            table.empty_by_design = Some("the workbook has a header and no rows: nothing was recorded yet");
        }
        notes
            .say(NoteCode::UnverifiedLayout, "Maccor workbooks are read by their description; no real one was at hand");
        Ok(vec![workbook::build(table, found, options, notes)?])
    }
}
