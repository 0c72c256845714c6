//! NOVA's text exports (docs/formats/autolab.md).
//!
//! Seen in: no file; names that public documentation of NOVA 2.1 exports shows.

use super::words::AUTOLAB;
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
    id: "autolab_nova",
    name: "NOVA text",
    maker: &crate::makers::autolab::AUTOLAB,
    extensions: &["txt", "csv"],
    software: "NOVA",
};

/// The reader.
#[derive(Debug)]
pub(super) struct Nova;

impl Sealed for Nova {}

impl Format for Nova {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        match locate(&text.bytes, 0, text.detected.encoding) {
            Some(header) => Score::yes(90, format!("line {} names columns as NOVA does", header.line)),
            None => Score::no("no line at the top has Frequency, Z' and -Z'', or a time and WE(1).Current"),
        }
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let header = locate(&opened.bytes, opened.start, opened.encoding).ok_or_else(|| {
            delimited::no_header(
                "Frequency, Z' and -Z'', or a time, a potential and WE(1).Current",
                delimited::PREAMBLE,
            )
        })?;
        let is_spectrum = header.cells.iter().any(|cell| (AUTOLAB.fold)(cell).key == "frequency");
        let mut table = RawTable::new(&AUTOLAB, if is_spectrum { "impedance" } else { "time series" });
        table.metadata.test_setup.test_name = Some(source.stem().to_owned());
        notes.say(NoteCode::UnverifiedLayout, "exports of NOVA are read by their description; no real one was at hand");
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    delimited::find_header(bytes, start, encoding, &AUTOLAB, delimited::PREAMBLE, |cells: &[Folded]| {
        let has = |key: &str| cells.iter().any(|cell| cell.key == key && cell.unit.is_some());
        let potential = has("we(1).potential") || has("potential applied");
        let time = has("time") || has("corrected time");
        (has("frequency") && has("z'") && (has("-z''") || has("z''"))) || (time && potential && has("we(1).current"))
    })
}
