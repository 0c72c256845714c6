//! Landt workbooks (docs/formats/landt.md#workbooks).
//!
//! Seen in: a workbook of 2021 with the sheets `Cycle-Tab` and `Record-Tab`.

use super::csv::{WHAT, locate};
use super::words::LANDT;
use crate::error::Result;
use crate::formats::{Format, Info, ReadOptions, Sealed, workbook};
use crate::note::Notes;
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::RawTable;

static INFO: Info = Info {
    id: "landt_workbook",
    name: "Landt workbook",
    maker: &crate::makers::landt::LANDT,
    extensions: &["xlsx", "xls"],
    software: "LANDdt, LANDHE",
};

/// The reader.
#[derive(Debug)]
pub(super) struct LandtWorkbook;

impl Sealed for LandtWorkbook {}

impl Format for LandtWorkbook {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        workbook::sniff(probe, locate, WHAT)
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let mut book = source.workbook()?;
        let found = workbook::find(&mut book, options, locate, 40, |_| true)?;
        let mut table = RawTable::new(&LANDT, "workbook");
        table.metadata.test_setup.test_name = Some(source.stem().to_owned());
        Ok(vec![workbook::build(table, found, options, notes)?])
    }
}
