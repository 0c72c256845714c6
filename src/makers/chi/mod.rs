//! CH Instruments: the program of the CHI workstations.

mod side_files;
mod text;
mod words;

use crate::formats::Maker;
use crate::map::{AuxiliaryNames, Conventions, RowOrder, Rules, StartClock, need_rows};

/// CH Instruments.
pub(crate) static CHI: Maker = Maker {
    words: &words::CHI,
    formats: &[&text::ChiText],
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
    side_files: side_files::SIDE_FILES,
    spectra: None,
    piece: |_| None,
};
