//! Neware's `.nda` files (docs/formats/nda.md#versions-1-to-29, docs/formats/nda.md#bts-9).
//!
//! Seen in: versions 8, 22, 23, 26, 29 and BTS 9.0 and 9.1 (130 with record versions 3 and 19). The other versions are
//! read as they are described.

mod aux_records;
mod bts9;
mod directory;
mod integer_layouts;
mod integer_records;
mod test_info;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::formats::{Format, Info, ReadOptions, Sealed};
use crate::limits::Limits;
use crate::note::Notes;
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::RawTable;

static INFO: Info = Info {
    id: "neware_nda",
    name: "Neware nda",
    maker: &crate::makers::neware::NEWARE,
    extensions: &["nda"],
    software: "BTS 5 to 9.1",
};

static MAGIC: &[u8] = b"NEWARE";

/// Where the version of the file stands.
const VERSION: usize = 14;

/// The reader.
#[derive(Debug)]
pub(crate) struct NewareNda;

impl Sealed for NewareNda {}

impl Format for NewareNda {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        if probe.head.starts_with(MAGIC) {
            let version = probe.head.get(VERSION).copied().unwrap_or(0);
            Score::yes(100, format!("starts with \"NEWARE\", version {version}"))
        } else {
            Score::no("does not start with \"NEWARE\"")
        }
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let bytes = source.bytes();
        if !bytes.starts_with(MAGIC) {
            let message = "expected \"NEWARE\" at the start of the file";
            return Err(Error::new(ErrorKind::Malformed, message).at(Place::Offset(0)));
        }
        // The smallest record has 38 bytes.
        Limits::check("rows", (bytes.len() / 38) as u64, options.limits.rows)?;
        let version = bytes.get(VERSION).copied().ok_or_else(|| {
            Error::new(ErrorKind::Malformed, "expected the version of the file, found its end").at(Place::Offset(14))
        })?;
        let table = match version {
            129 | 130 => bts9::read(bytes, options, notes)?,
            _ => integer_records::read(bytes, version, options, notes)?,
        };
        Ok(vec![table])
    }
}
