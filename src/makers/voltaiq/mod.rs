//! Voltaiq: no cycler, but a format in which data of any instrument reach its platform.

mod rules;
mod vdf;
mod words;

use crate::formats::Maker;
use crate::map::Rules;

/// Voltaiq.
pub(crate) static VOLTAIQ: Maker = Maker {
    words: &words::VOLTAIQ,
    formats: &[&vdf::VoltaiqVdf],
    rules: Rules { apply: rules::apply, ..Rules::PLAIN },
    ..Maker::PLAIN
};
