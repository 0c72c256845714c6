//! Novonix: chargers of high precision (HPC, UHPC).

mod csv;
mod rules;
mod words;

use crate::formats::Maker;
use crate::map::Rules;

/// Novonix.
pub(crate) static NOVONIX: Maker = Maker {
    words: &words::NOVONIX,
    formats: &[&csv::NovonixCsv],
    rules: Rules { apply: rules::apply, ..Rules::PLAIN },
    ..Maker::PLAIN
};
