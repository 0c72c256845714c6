//! Neware: BTS and its viewer BTSDA.

mod csv;
mod layered;
mod nda;
mod ndax;
mod records;
// Rules go through columns of one length.
#[allow(clippy::indexing_slicing)]
mod rules;
// So does what makes their time.
#[allow(clippy::indexing_slicing)]
mod time;
mod words;
mod workbook;

use crate::error::ErrorKind;
use crate::formats::{Maker, SideFile};
use crate::map::{AuxiliaryNames, Conventions, RowOrder, Rules};

/// Neware.
pub(crate) static NEWARE: Maker = Maker {
    words: &words::NEWARE,
    formats: &[&csv::NewareCsv, &layered::NewareLayered, &workbook::NewareWorkbook, &nda::NewareNda, &ndax::NewareNdax],
    rules: Rules {
        apply: rules::apply,
        conventions: Conventions {
            rows: RowOrder::ByRecord,
            auxiliary: AuxiliaryNames::ByLetter,
            ..Conventions::PLAIN
        },
        ..Rules::PLAIN
    },
    side_files: &[SideFile {
        is_it: |p| p.extension == "ndc" && matches!(p.head, [2..=18, 0, 1..=17, 0, ..]),
        says: "a part of an unpacked .ndax archive: convert the .ndc file of its records (data.ndc, or the name that all \
               parts begin with), this one is read with it",
        kind: ErrorKind::SideFile,
        beside: Some(ndax::records_of),
    }],
    ..Maker::PLAIN
};
