//! Files of other programs that people keep beside their tests and that hold no rows of a cycler's own export.

use crate::error::ErrorKind;
use crate::formats::SideFile;
use crate::formats::side_file::first_line;

/// Asked after every maker's own.
pub(super) static SIDE_FILES: &[SideFile] = &[SideFile {
    is_it: |p| first_line(p).contains("Voltage / V") || first_line(p).contains("test_time_second"),
    says: "a table in the Battery Data Format, not a cycler's own export: convert the file that it was made from",
    kind: ErrorKind::NotATimeSeries,
    beside: None,
}];
