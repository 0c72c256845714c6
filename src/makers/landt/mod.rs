//! Landt Instruments, in China LAND: battery test systems CT2001 and CT3002.

mod csv;
mod rules;
mod words;
mod workbook;

use crate::error::ErrorKind;
use crate::formats::side_file::first_line;
use crate::formats::{Maker, SideFile};
use crate::map::Rules;

/// Landt.
pub(crate) static LANDT: Maker = Maker {
    words: &words::LANDT,
    formats: &[&csv::LandtCsv, &workbook::LandtWorkbook],
    rules: Rules { apply: rules::apply, ..Rules::PLAIN },
    side_files: &[SideFile {
        is_it: |p| {
            let names = first_line(p);
            ["Cycle", "CapC/", "CapD/"].iter().all(|name| names.contains(name)) && !names.contains("TestTime/")
        },
        says: "Landt cycle statistics, one row a cycle: convert the export of the records",
        kind: ErrorKind::SideFile,
        beside: None,
    }],
    ..Maker::PLAIN
};
