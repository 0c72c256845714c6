//! Landt csv exports (docs/formats/landt.md#csv-export).
//!
//! Seen in: an export of 2024 with units behind underscores and six lines of labels above.

use super::words::LANDT;
use crate::error::Result;
use crate::formats::delimited::{self, Header};
use crate::formats::{Format, Info, ReadOptions, Sealed, labels};
use crate::note::Notes;
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::RawTable;
use crate::text::encoding::Encoding;
use crate::vocab::Folded;

static INFO: Info = Info {
    id: "landt_csv",
    name: "Landt csv",
    maker: &crate::makers::landt::LANDT,
    extensions: &["csv", "txt"],
    software: "LANDdt, LANDHE",
};

/// The reader.
#[derive(Debug)]
pub(super) struct LandtCsv;

impl Sealed for LandtCsv {}

impl Format for LandtCsv {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        delimited::sniff(probe, 90, locate, WHAT)
    }

    fn reads_pieces(&self) -> bool {
        true
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let header = locate(&opened.bytes, opened.start, opened.encoding)
            .ok_or_else(|| delimited::no_header(WHAT, delimited::PREAMBLE))?;
        let preamble = opened.bytes.get(opened.start..header.start).unwrap_or_default();
        let (preamble, _) = opened.encoding.decode(preamble);
        let mut table = RawTable::new(&LANDT, "csv");
        describe(&mut table, &preamble, source);
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

/// What tells a table of Landt's.
pub(super) const WHAT: &str = "test time, current and voltage with Landt's units behind a slash or an underscore";

/// docs/formats/landt.md#header-test.
pub(super) fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    let header = delimited::find_header(bytes, start, encoding, &LANDT, delimited::PREAMBLE, |cells: &[Folded]| {
        let has = |key: &str| cells.iter().any(|cell| cell.key == key);
        let unit = |key: &str| cells.iter().any(|cell| cell.key == key && cell.unit.is_some());
        let own = has("stepindex") || has("cycleindex") || has("stepstate") || has("state") || has("steptime");
        unit("testtime") && unit("current") && unit("voltage") && own
    })?;
    let is_own = |cell: &String| cell.starts_with("TestTime/") || cell == "test_time_s";
    header.cells.iter().any(is_own).then_some(header)
}

fn describe(table: &mut RawTable, preamble: &str, source: &Source) {
    table.facts = labels::lines(preamble, &[':', ',']);
    let get = |label: &str| labels::get(&table.facts, label).map(str::to_owned);
    let (cell, model, test) = (get("cell id"), get("cell model"), get("test"));
    let setup = &mut table.metadata.test_setup;
    setup.cell_label = cell.or(model);
    setup.test_name = test.or_else(|| Some(source.stem().to_owned()));
}
