//! Files of Arbin's programs that hold no rows of a test.

use crate::error::ErrorKind;
use crate::formats::SideFile;
use crate::formats::side_file::first_line;

/// In the order in which they are asked.
pub(super) static SIDE_FILES: &[SideFile] = &[
    SideFile {
        is_it: |p| first_line(p).contains("TEST REPORT"),
        says: "Arbin's Global-info side file: convert the `_Wb_` file of the same channel, its facts are taken from here",
        kind: ErrorKind::SideFile,
        beside: None,
    },
    SideFile {
        is_it: |p| {
            let line = first_line(p).to_ascii_lowercase();
            line.contains("first_start_datetime") && line.contains("schedule_file_name")
        },
        says: "the metadata of an Arbin database extract: convert the csv beside it, its facts are taken from here",
        kind: ErrorKind::SideFile,
        beside: None,
    },
    SideFile {
        is_it: |p| {
            let line = first_line(p).to_ascii_lowercase().replace('_', " ");
            let marks = ["charge time", "v max on cycle", "vmax on cycle", "coulombic efficiency"];
            line.contains("test time") && line.contains("cycle index") && marks.iter().any(|mark| line.contains(mark))
        },
        says: "Arbin statistics, one row a cycle or step: convert the `_Wb_` file of the same channel",
        kind: ErrorKind::SideFile,
        beside: None,
    },
    SideFile {
        is_it: |p| p.head.starts_with(b"\x89HDF\r\n\x1a\n"),
        says: "an HDF5 file; of Arbin's database, export csv from MITS and convert that",
        kind: ErrorKind::NotATimeSeries,
        beside: None,
    },
];
