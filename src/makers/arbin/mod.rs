//! Arbin: MITS Pro.

mod csv;
mod info;
mod names;
mod parts;
mod res;
// Rules go through columns of one length.
#[allow(clippy::indexing_slicing)]
mod rules;
#[allow(clippy::indexing_slicing)]
mod segments;
mod side_files;
mod spectra;
mod streamed;
mod words;
mod workbook;

use crate::formats::Maker;
use crate::map::{AuxiliaryNames, Conventions, RowOrder, Rules, StartClock};

/// Arbin.
pub(crate) static ARBIN: Maker = Maker {
    words: &words::ARBIN,
    formats: &[&csv::ArbinCsv, &res::ArbinRes, &workbook::ArbinWorkbook],
    rules: Rules {
        apply: rules::apply,
        time_unit: None,
        conventions: Conventions {
            rows: RowOrder::ByRecordUnlessItRestarts,
            start: StartClock::FirstRowLessItsTime,
            auxiliary: AuxiliaryNames::InWords,
            loops_begin_steps: true,
            volts_may_be_milli: false,
        },
    },
    side_files: side_files::SIDE_FILES,
    spectra: None,
    piece: names::piece,
};
