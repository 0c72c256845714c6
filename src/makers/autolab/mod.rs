//! Metrohm Autolab: NOVA.

mod nova;
mod rules;
mod words;

use crate::formats::Maker;
use crate::map::Rules;

/// Autolab.
pub(crate) static AUTOLAB: Maker = Maker {
    words: &words::AUTOLAB,
    formats: &[&nova::Nova],
    rules: Rules { apply: rules::apply, ..Rules::PLAIN },
    ..Maker::PLAIN
};
