//! PEC: battery test systems of the series ACT and SBT, and LifeTest.

mod csv;
mod rules;
mod words;

use crate::formats::Maker;
use crate::map::Rules;

/// PEC.
pub(crate) static PEC: Maker = Maker {
    words: &words::PEC,
    formats: &[&csv::PecCsv],
    rules: Rules { apply: rules::apply, ..Rules::PLAIN },
    ..Maker::PLAIN
};
