//! Princeton Applied Research: VersaStudio and PowerSuite.

mod powersuite;
// Rules go through columns of one length.
#[allow(clippy::indexing_slicing)]
mod rules;
mod segments;
mod versastudio;
mod words;

use crate::formats::Maker;
use crate::map::Rules;

/// Princeton Applied Research.
pub(crate) static PRINCETON: Maker = Maker {
    words: &words::PRINCETON,
    formats: &[&versastudio::VersaStudio, &powersuite::PowerSuite],
    rules: Rules { apply: rules::apply, ..Rules::PLAIN },
    ..Maker::PLAIN
};
