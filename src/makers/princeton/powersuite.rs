//! PowerSuite's impedance exports (docs/formats/princeton.md#powersuite).
//!
//! Seen in: one export.

use super::words::PRINCETON;
use crate::error::Result;
use crate::formats::delimited::{self, Header};
use crate::formats::{Format, Info, ReadOptions, Sealed};
use crate::note::Notes;
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::RawTable;
use crate::text::encoding::Encoding;
use crate::vocab::Folded;

static INFO: Info = Info {
    id: "princeton_powersuite",
    name: "PowerSuite impedance",
    maker: &crate::makers::princeton::PRINCETON,
    extensions: &["txt"],
    software: "PowerSuite",
};

/// The reader.
#[derive(Debug)]
pub(super) struct PowerSuite;

impl Sealed for PowerSuite {}

impl Format for PowerSuite {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        match locate(&text.bytes, 0, text.detected.encoding) {
            Some(header) => Score::yes(85, format!("line {} names Frequency, Zre and Zimg", header.line)),
            None => Score::no("no line at the top names Frequency, Zre and Zimg"),
        }
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let header = locate(&opened.bytes, opened.start, opened.encoding)
            .ok_or_else(|| delimited::no_header("Frequency, Zre and Zimg", delimited::PREAMBLE))?;
        let mut table = RawTable::new(&PRINCETON, "impedance spectrum");
        table.metadata.test_setup.test_name = Some(source.stem().to_owned());
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    delimited::find_header(bytes, start, encoding, &PRINCETON, delimited::PREAMBLE, |cells: &[Folded]| {
        let has = |key: &str| cells.iter().any(|cell| cell.key == key);
        has("frequency") && has("zre") && has("zimg")
    })
}
