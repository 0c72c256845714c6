//! Gamry: Framework.

mod dta;
mod head;
// Rules go through columns of one length.
#[allow(clippy::indexing_slicing)]
mod rules;
mod tables;
mod words;

use crate::error::ErrorKind;
use crate::formats::side_file::{contains, starts};
use crate::formats::{Maker, SideFile};
use crate::map::Rules;

/// Gamry.
pub(crate) static GAMRY: Maker = Maker {
    words: &words::GAMRY,
    formats: &[&dta::GamryDta],
    rules: Rules { apply: rules::apply, ..Rules::PLAIN },
    side_files: &[
        SideFile {
            is_it: |p| starts(p, "EXPLAIN") && contains(p, "\nCAPACITYCURVE\tTABLE"),
            says: "Gamry's summary of a cyclic charge and discharge, one row a half cycle: convert the files of its steps \
                   (CHARGE_#1.DTA, DISCHARGE_#1.DTA …), which the program saves beside it where it is told to",
            kind: ErrorKind::SideFile,
            beside: None,
        },
        SideFile {
            is_it: |p| starts(p, "EXPLAIN") && contains(p, "\nTAG\t"),
            says: "a Gamry data file without a table of potentials over time or of impedance (its scripts write other kinds \
                   too, such as square waves): convert one that has T, Vf and Im or Freq, Zreal and Zimag",
            kind: ErrorKind::NotATimeSeries,
            beside: None,
        },
    ],
    ..Maker::PLAIN
};
