//! Scribner Associates: ZPlot and ZView.

mod rules;
mod words;
mod zplot;

use crate::formats::Maker;
use crate::map::Rules;

/// Scribner.
pub(crate) static SCRIBNER: Maker = Maker {
    words: &words::SCRIBNER,
    formats: &[&zplot::ZPlot],
    rules: Rules { apply: rules::apply, ..Rules::PLAIN },
    ..Maker::PLAIN
};
