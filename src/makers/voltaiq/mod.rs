//! Voltaiq: no cycler, but a format in which data of any instrument reach its platform.

mod rules;
mod vdf;
mod words;

use crate::formats::Maker;
use crate::map::{AuxiliaryNames, Conventions, RowOrder, Rules, StartClock};

/// Voltaiq.
pub(crate) static VOLTAIQ: Maker = Maker {
    words: &words::VOLTAIQ,
    formats: &[&vdf::VoltaiqVdf],
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
