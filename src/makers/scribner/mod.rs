//! Scribner Associates: ZPlot and ZView.

mod rules;
mod words;
mod zplot;

use crate::formats::Maker;
use crate::map::{AuxiliaryNames, Conventions, RowOrder, Rules, StartClock};

/// Scribner.
pub(crate) static SCRIBNER: Maker = Maker {
    words: &words::SCRIBNER,
    formats: &[&zplot::ZPlot],
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
