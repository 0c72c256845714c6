//! The readers. A new format is its file and one line in [`READERS`].

mod arbin_csv;
mod biologic_mpt;
mod delimited;
mod labels;
mod maccor_text;
mod neware_csv;

use std::fmt::Debug;

use crate::error::Result;
use crate::limits::Limits;
use crate::note::Notes;
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::RawTable;
use crate::text::encoding::Encoding;
use crate::vocab::Maker;

/// What the support table says of a reader.
#[derive(Debug)]
pub struct Info {
    /// Stable name for `--reader` and reports.
    pub id: &'static str,
    /// What people call the format.
    pub name: &'static str,
    /// The maker of the cycler.
    pub maker: Maker,
    /// Extensions in lower case; `###` stands for a channel number of three or more digits. They only break ties.
    pub extensions: &'static [&'static str],
    /// Which software writes it.
    pub software: &'static str,
}

/// What a caller can ask of a reader.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Bounds on sizes.
    pub limits: Limits,
    /// The text's encoding, instead of deciding from its bytes.
    pub encoding: Option<Encoding>,
}

/// Reads one format.
///
/// The order of calls is [`sniff`](Self::sniff), then [`read`](Self::read), on the same bytes; `read` may also be called
/// alone, when the caller knows the format.
pub trait Reader: Debug + Sync {
    /// Who it is.
    fn info(&self) -> &'static Info;

    /// Looks at the head of a file. Bounded, cannot fail, says why.
    fn sniff(&self, probe: &Probe<'_>) -> Score;

    /// Reads the file's tests, mostly one. A bad cell is not an error, a file that breaks its own format is.
    ///
    /// # Errors
    /// Of any kind but [`ErrorKind::UnknownFormat`](crate::ErrorKind::UnknownFormat), with a place.
    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>>;
}

/// All readers; the order breaks ties that scores and extensions leave.
pub static READERS: &[&dyn Reader] = &[
    &maccor_text::MaccorText,   //
    &biologic_mpt::BioLogicMpt, //
    &arbin_csv::ArbinCsv,
    &neware_csv::NewareCsv,
];

/// The reader with this id.
pub fn by_id(id: &str) -> Option<&'static dyn Reader> {
    READERS.iter().copied().find(|reader| reader.info().id == id)
}
