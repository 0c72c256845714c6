//! Exports of the CHI workstations that are no test of a cell by themselves.

use crate::error::ErrorKind;
use crate::formats::SideFile;
use crate::formats::side_file::contains;

/// Told by the line of the instrument's model.
pub(super) static SIDE_FILES: &[SideFile] = &[SideFile {
    is_it: |p| contains(p, "Instrument Model:") && contains(p, "CHI"),
    says: "an export of a CHI workstation that has not time, potential and current together, nor an impedance (its columns are \
           those that the technique plots): choose more columns under \"Text File Format\" and export again",
    kind: ErrorKind::NotATimeSeries,
    beside: None,
}];
