//! Repower: battery test systems of Shenzhen.

mod csv;
mod rules;
mod words;

use crate::formats::Maker;
use crate::map::Rules;

/// Repower.
pub(crate) static REPOWER: Maker = Maker {
    words: &words::REPOWER,
    formats: &[&csv::RepowerCsv],
    rules: Rules { apply: rules::apply, ..Rules::PLAIN },
    ..Maker::PLAIN
};
