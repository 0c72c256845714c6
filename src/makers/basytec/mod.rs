//! BaSyTec: battery test systems CTS, XCTS, MRS and GSM, and their software.

mod csv;
#[allow(clippy::indexing_slicing)]
mod rules;
mod text;
mod words;

use crate::error::ErrorKind;
use crate::formats::side_file::{contains, starts};
use crate::formats::{Maker, SideFile};
use crate::map::Rules;

/// BaSyTec.
pub(crate) static BASYTEC: Maker = Maker {
    words: &words::BASYTEC,
    formats: &[&text::BasytecText, &csv::BasytecCsv],
    rules: Rules { apply: rules::apply, ..Rules::PLAIN },
    side_files: &[
        SideFile {
            is_it: |p| starts(p, "~Resultfile from Basytec") && !contains(p, "U[V]"),
            says: "a BaSyTec result file whose columns have no voltage U[V]: convert the test again in the BaSyTec software and \
                   choose Time, U, I, Line and Command",
            kind: ErrorKind::MissingColumn,
            beside: None,
        },
        SideFile {
            is_it: |p| p.file_name.to_lowercase().ends_with(META) && contains(p, "Measurement start date"),
            says: "facts about a BaSyTec csv file, which is read with them: convert the csv file beside it",
            kind: ErrorKind::SideFile,
            beside: Some(csv_of),
        },
    ],
    ..Maker::PLAIN
};

/// How the name of a file of facts ends.
const META: &str = "_meta.txt";

/// The csv file that a file of facts belongs to.
fn csv_of(name: &str, names: &[String]) -> Option<String> {
    let stem = name.get(..name.len().checked_sub(META.len())?)?;
    let csv = format!("{stem}.csv");
    names.iter().find(|name| name.eq_ignore_ascii_case(&csv)).cloned()
}
