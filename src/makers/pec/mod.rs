//! PEC: battery test systems of the series ACT and SBT, and LifeTest.

mod csv;
mod rules;
mod words;

use crate::formats::Maker;
use crate::map::{AuxiliaryNames, Conventions, RowOrder, Rules, StartClock};

/// PEC.
pub(crate) static PEC: Maker = Maker {
    words: &words::PEC,
    formats: &[&csv::PecCsv],
    rules: Rules {
        apply: rules::apply,
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
