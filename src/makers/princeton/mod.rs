//! Princeton Applied Research: VersaStudio and PowerSuite.

mod powersuite;
// Rules go through columns of one length.
#[allow(clippy::indexing_slicing)]
mod rules;
mod segments;
mod versastudio;
mod words;

use crate::formats::Maker;
use crate::map::{AuxiliaryNames, Conventions, RowOrder, Rules, StartClock};

/// Princeton Applied Research.
pub(crate) static PRINCETON: Maker = Maker {
    words: &words::PRINCETON,
    formats: &[&versastudio::VersaStudio, &powersuite::PowerSuite],
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
