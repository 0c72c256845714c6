//! Maccor: MIMS Server, MIMS Client and MacExport.

// Rules go through columns of one length.
#[allow(clippy::indexing_slicing)]
mod closing;
#[allow(clippy::indexing_slicing)]
mod rules;
mod side_files;
mod spectrum;
mod text;
#[allow(clippy::indexing_slicing)]
mod time_unit;
mod words;
mod workbook;

use crate::formats::{Maker, SpectrumFiles};
use crate::map::{Conventions, Rules};

/// Maccor.
pub(crate) static MACCOR: Maker = Maker {
    words: &words::MACCOR,
    formats: &[&text::MaccorText, &workbook::MaccorWorkbook, &spectrum::MaccorSpectrum],
    rules: Rules {
        apply: rules::apply,
        time_unit: Some(time_unit::infer_time_unit),
        conventions: Conventions { volts_may_be_milli: true, ..Conventions::PLAIN },
    },
    side_files: side_files::SIDE_FILES,
    spectra: Some(SpectrumFiles { format: &spectrum::MaccorSpectrum, number: spectrum::number, mode: "FRA" }),
    ..Maker::PLAIN
};
