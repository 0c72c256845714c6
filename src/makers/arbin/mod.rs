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
use crate::map::{Conventions, RowOrder, Rules, StartClock};

/// Arbin.
pub(crate) static ARBIN: Maker = Maker {
    words: &words::ARBIN,
    formats: &[&csv::ArbinCsv, &res::ArbinRes, &workbook::ArbinWorkbook],
    rules: Rules {
        apply: rules::apply,
        conventions: Conventions {
            rows: RowOrder::ByRecordUnlessItRestarts,
            start: StartClock::FirstRowLessItsTime,
            loops_begin_steps: true,
            ..Conventions::PLAIN
        },
        ..Rules::PLAIN
    },
    side_files: side_files::SIDE_FILES,
    piece: names::piece,
    ..Maker::PLAIN
};
