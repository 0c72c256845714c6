//! What lies in the bundles: what the validator said, pages and pictures.

use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;

use super::Beyond;
use super::text::cut;
use crate::batch::index::row::Row;
use crate::batch::made::{INVALID_REPORT, Made};
use crate::issue::{Severity, ValidationIssue};

/// So many findings of a measurement are told, and so many characters of each; the report has them all.
const MOST: usize = 3;
const LONGEST: usize = 300;

/// A finding of the validator.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    code: &'static str,
    is_error: bool,
    text: String,
}

/// What there is of each row. Reports are opened where there is a finding to tell, side by side.
pub(super) fn beyond(rows: &[Row], out: &Path) -> Vec<Beyond> {
    rows.par_iter().map(|row| of(row, out).unwrap_or_default()).collect()
}

fn of(row: &Row, out: &Path) -> Option<Beyond> {
    let folder = out.join(row.output.as_deref()?);
    // Beside the tables of an earlier run, what is not valid has its own.
    let is_beside = row.status == "invalid" && folder.join(INVALID_REPORT).is_file();
    let lies = |names: [&[&'static str]; 2]| {
        let [beside, own] = names;
        let names = if is_beside { beside } else { own };
        names.iter().copied().find(|name| folder.join(name).is_file())
    };
    Some(Beyond {
        findings: if row.issues.iter().next().is_some() { findings(&folder, row) } else { Vec::new() },
        page: lies([&["overview.invalid.html"], &["overview.html"]]),
        picture: lies([&["overview.invalid.svg", "overview.invalid.png"], &["overview.svg", "overview.png"]]),
        ..Beyond::default()
    })
}

/// Those that make it invalid first.
fn findings(folder: &Path, row: &Row) -> Vec<Finding> {
    let says = |made: &Made| row.blake3.as_deref() == Some(made.blake3());
    let beside = Made::read(&folder.join(INVALID_REPORT)).filter(says);
    let Some(made) = beside.or_else(|| Made::read(&folder.join("report.json"))) else { return Vec::new() };
    let is_error = |issue: &&ValidationIssue| issue.severity == Severity::Error;
    let (errors, others): (Vec<_>, Vec<_>) = made.issues.iter().partition(is_error);
    let tell = |issue: &ValidationIssue| Finding {
        code: issue.code.as_str(),
        is_error: is_error(&issue),
        text: cut(&issue.message, LONGEST),
    };
    errors.into_iter().chain(others).take(MOST).map(tell).collect()
}
