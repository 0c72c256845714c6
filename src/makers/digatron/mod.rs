//! Digatron: battery test systems, BTS-600 and Battery Manager.

mod csv;
mod rules;
mod words;

use crate::formats::Maker;
use crate::map::{AuxiliaryNames, Conventions, RowOrder, Rules, StartClock};

/// Digatron.
pub(crate) static DIGATRON: Maker = Maker {
    words: &words::DIGATRON,
    formats: &[&csv::DigatronCsv],
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
