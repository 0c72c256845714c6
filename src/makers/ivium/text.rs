//! IviumSoft's text exports (docs/formats/ivium.md).
//!
//! Seen in: no file; names that public documentation shows.

use super::words::IVIUM;
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
    id: "ivium_text",
    name: "Ivium text",
    maker: &crate::makers::ivium::IVIUM,
    extensions: &["txt", "csv"],
    software: "IviumSoft",
};

/// The reader.
#[derive(Debug)]
pub(super) struct IviumText;

impl Sealed for IviumText {}

impl Format for IviumText {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        match locate(&text.bytes, 0, text.detected.encoding) {
            Some(header) => Score::yes(85, format!("line {} names columns as IviumSoft does", header.line)),
            None => Score::no("no line at the top has freq. /Hz, Z1 /ohm and Z2 /ohm, or time /s, E /V and I /A"),
        }
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let header = locate(&opened.bytes, opened.start, opened.encoding).ok_or_else(|| {
            delimited::no_header("freq. /Hz, Z1 /ohm and Z2 /ohm, or time /s, E /V and I /A", delimited::PREAMBLE)
        })?;
        let is_spectrum = header.cells.iter().any(|cell| (IVIUM.fold)(cell).key == "freq.");
        let mut table = RawTable::new(&IVIUM, if is_spectrum { "impedance" } else { "time series" });
        table.metadata.test_setup.test_name = Some(source.stem().to_owned());
        notes.say(
            NoteCode::UnverifiedLayout,
            "exports of IviumSoft are read by their description; no real one was at hand",
        );
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

/// A blank stands before each slash; other programs write `time/s`.
fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    let header = delimited::find_header(bytes, start, encoding, &IVIUM, delimited::PREAMBLE, |cells: &[Folded]| {
        let has = |key: &str| cells.iter().any(|cell| cell.key == key && cell.unit.is_some());
        (has("freq.") && has("z1") && has("z2")) || (has("time") && has("e") && has("i"))
    })?;
    header.cells.iter().filter(|cell| !cell.is_empty()).all(|cell| cell.contains(" /")).then_some(header)
}
