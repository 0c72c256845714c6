//! Metrohm Autolab: NOVA.

mod nova;
mod rules;
mod words;

use crate::formats::Maker;
use crate::map::{AuxiliaryNames, Conventions, RowOrder, Rules, StartClock};

/// Autolab.
pub(crate) static AUTOLAB: Maker = Maker {
    words: &words::AUTOLAB,
    formats: &[&nova::Nova],
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
