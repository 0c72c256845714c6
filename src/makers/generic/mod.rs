//! Tables of no known maker: the last resort, below every maker. And tables that have the schema's columns already.

mod csv;
mod direction;
mod fold;
mod parquet;
// Rules go through columns of one length.
#[allow(clippy::indexing_slicing)]
mod rules;
mod schema;
mod side_files;
mod table;
mod words;

use crate::formats::Maker;
use crate::map::Rules;

/// No maker.
pub(crate) static GENERIC: Maker = Maker {
    words: &words::GENERIC,
    formats: &[&csv::GenericCsv, &parquet::GenericParquet],
    rules: Rules { apply: rules::apply, ..Rules::PLAIN },
    side_files: side_files::SIDE_FILES,
    ..Maker::PLAIN
};
