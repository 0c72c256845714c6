//! Digatron: battery test systems, BTS-600 and Battery Manager.

mod csv;
mod rules;
mod words;

use crate::formats::Maker;
use crate::map::Rules;

/// Digatron.
pub(crate) static DIGATRON: Maker = Maker {
    words: &words::DIGATRON,
    formats: &[&csv::DigatronCsv],
    rules: Rules { apply: rules::apply, ..Rules::PLAIN },
    ..Maker::PLAIN
};
