//! CH Instruments: the program of the CHI workstations.

mod side_files;
mod text;
mod words;

use crate::formats::Maker;
use crate::map::{Rules, need_rows};

/// CH Instruments.
pub(crate) static CHI: Maker = Maker {
    words: &words::CHI,
    formats: &[&text::ChiText],
    rules: Rules { apply: |cells, context| need_rows(cells.rows, context.table), ..Rules::PLAIN },
    side_files: side_files::SIDE_FILES,
    ..Maker::PLAIN
};
