//! Repower csv exports (docs/formats/repower.md#layout).
//!
//! Seen in: no file at hand; the names are those of public descriptions.

use super::words::REPOWER;
use crate::error::Result;
use crate::formats::delimited::{self, Header};
use crate::formats::{Format, Info, ReadOptions, Sealed};
use crate::note::{NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::RawTable;
use crate::text::encoding::Encoding;
use crate::vocab::Folded;

static INFO: Info = Info {
    id: "repower_csv",
    name: "Repower csv",
    maker: &crate::makers::repower::REPOWER,
    extensions: &["csv", "txt"],
    software: "Repower battery test software",
};

/// The reader.
#[derive(Debug)]
pub(super) struct RepowerCsv;

impl Sealed for RepowerCsv {}

impl Format for RepowerCsv {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        delimited::sniff(probe, 92, locate, WHAT)
    }

    fn reads_pieces(&self) -> bool {
        true
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let header = locate(&opened.bytes, opened.start, opened.encoding)
            .ok_or_else(|| delimited::no_header(WHAT, delimited::PREAMBLE))?;
        let mut table = RawTable::new(&REPOWER, "csv");
        table.metadata.test_setup.test_name = Some(source.stem().to_owned());
        notes
            .say(NoteCode::UnverifiedLayout, "Repower exports are read by their descriptions; no real one was at hand");
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

const WHAT: &str = "Relative Time, Voltage, Current, Step State, and System Time or Cycle ID";

/// docs/formats/repower.md#header-test.
fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    delimited::find_header(bytes, start, encoding, &REPOWER, delimited::PREAMBLE, |cells: &[Folded]| {
        let has = |key: &str| cells.iter().any(|cell| cell.key == key);
        let own = has("step state") && (has("system time") || has("cycle id"));
        has("relative time") && has("voltage") && has("current") && own
    })
}
