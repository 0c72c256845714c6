//! Landt Instruments, in China LAND: battery test systems CT2001 and CT3002.

mod csv;
mod rules;
mod words;
mod workbook;

use crate::error::ErrorKind;
use crate::formats::side_file::first_line;
use crate::formats::{Maker, SideFile};
use crate::map::{AuxiliaryNames, Conventions, RowOrder, Rules, StartClock};

/// Landt.
pub(crate) static LANDT: Maker = Maker {
    words: &words::LANDT,
    formats: &[&csv::LandtCsv, &workbook::LandtWorkbook],
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
    side_files: &[SideFile {
        is_it: |p| {
            let names = first_line(p);
            ["Cycle", "CapC/", "CapD/"].iter().all(|name| names.contains(name)) && !names.contains("TestTime/")
        },
        says: "Landt cycle statistics, one row a cycle: convert the export of the records",
        kind: ErrorKind::SideFile,
        beside: None,
    }],
    spectra: None,
    piece: |_| None,
};
