//! Ivium Technologies: IviumSoft.

mod text;
mod words;

use crate::formats::Maker;
use crate::map::{Rules, need_rows};

/// Ivium.
pub(crate) static IVIUM: Maker = Maker {
    words: &words::IVIUM,
    formats: &[&text::IviumText],
    rules: Rules { apply: |cells, context| need_rows(cells.rows, context.table), ..Rules::PLAIN },
    ..Maker::PLAIN
};
