//! Files of Maccor's programs that hold no rows of a test.

use crate::error::ErrorKind;
use crate::formats::SideFile;
use crate::formats::side_file::{contains, starts};

/// In the order in which they are asked.
pub(super) static SIDE_FILES: &[SideFile] = &[
    SideFile {
        is_it: |p| p.head.starts_with(&[0x00, 0x00, 0xA1, 0x01, 0x00, 0x00]),
        says: "a raw Maccor test file, whose layout is not public: export it as text from MIMS and convert that",
        kind: ErrorKind::Unsupported,
        beside: None,
    },
    SideFile {
        is_it: |p| starts(p, "<?xml") && contains(p, "Maccor Procedure File"),
        says: "a Maccor test procedure, not the data of a test: convert the test's own file",
        kind: ErrorKind::SideFile,
        beside: None,
    },
    SideFile {
        is_it: |p| starts(p, "[General]") && contains(p, "FRAType="),
        says: "settings of a Maccor impedance sweep, not data: convert the test's .EDA file",
        kind: ErrorKind::SideFile,
        beside: None,
    },
    SideFile {
        is_it: |p| starts(p, "TesterID:") && contains(p, "AH-IN"),
        says: "Maccor cycle statistics, one row a cycle: convert the test's own export",
        kind: ErrorKind::SideFile,
        beside: None,
    },
];
