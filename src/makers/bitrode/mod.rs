//! Bitrode: battery test systems, and VisuaLCN.

mod csv;
mod rules;
mod words;

use crate::formats::Maker;
use crate::map::Rules;

/// Bitrode.
pub(crate) static BITRODE: Maker = Maker {
    words: &words::BITRODE,
    formats: &[&csv::BitrodeCsv],
    rules: Rules { apply: rules::apply, ..Rules::PLAIN },
    ..Maker::PLAIN
};
