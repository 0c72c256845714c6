//! The Battery Data Format of the Battery Data Alliance: a standard with words, units and a sign of its own
//! (docs/formats/bdf.md).

mod fold;
mod parquet;
// Rules go through columns of one length.
#[allow(clippy::indexing_slicing)]
mod rules;
mod text;
mod words;

use crate::formats::Maker;
use crate::map::Rules;

/// The Battery Data Format, whoever wrote it.
pub(crate) static BDF: Maker = Maker {
    words: &words::BDF,
    formats: &[&text::BdfText, &parquet::BdfParquet],
    rules: Rules { apply: rules::apply, ..Rules::PLAIN },
    ..Maker::PLAIN
};
