//! Ivium Technologies: IviumSoft.

mod text;
mod words;

use crate::formats::Maker;
use crate::map::{AuxiliaryNames, Conventions, RowOrder, Rules, StartClock, need_rows};

/// Ivium.
pub(crate) static IVIUM: Maker = Maker {
    words: &words::IVIUM,
    formats: &[&text::IviumText],
    rules: Rules {
        apply: |cells, context| need_rows(cells.rows, context.table),
        time_unit: None,
        conventions: Conventions {
            rows: RowOrder::AsWritten,
            start: StartClock::FirstRow,
            auxiliary: AuxiliaryNames::InWords,
            loops_begin_steps: false,
            volts_may_be_milli: false,
        },
    },
    side_files: &[],
    spectra: None,
    piece: |_| None,
};
