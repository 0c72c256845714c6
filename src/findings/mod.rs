//! Findings of the validator and notes, each with the rows that it is about: what a picture and a page mark.

mod contradiction;
mod rows;

use polars::prelude::DataFrame;

use crate::bundle::Report;
use crate::error::{Place, Result};
use crate::issue::{Severity, ValidationIssue};
use crate::note::Note;
use rows::Table;

/// Spans of one finding that are marked; nobody looks at more, and a damaged file may have a million.
const MOST: usize = 50;

/// Rows that belong together, with their time in s. Rows without a time stand at the last one that is known; a table without
/// times has NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub first: usize,
    pub last: usize,
    pub from: f64,
    pub to: f64,
}

/// What was found, and where.
#[derive(Debug)]
pub struct Finding<'r> {
    /// `error`, `warning` or `note`.
    pub kind: &'static str,
    pub code: &'static str,
    pub text: &'r str,
    /// A place in the file, where no row is known.
    pub place: Option<String>,
    pub examples: &'r [String],
    /// In the order of the rows.
    pub spans: Vec<Span>,
    /// Spans that there are beyond these.
    pub more: usize,
}

/// The findings first, then the notes.
///
/// # Errors
/// [`ErrorKind::Frame`](crate::ErrorKind::Frame) when a column that is looked at is not numeric.
pub fn of<'r>(report: &'r Report, time_series: &DataFrame) -> Result<Vec<Finding<'r>>> {
    let table = Table::of(time_series)?;
    let issues = report.issues.iter().map(|issue| finding(issue, &table));
    let notes = report.notes.iter().map(|told| Ok(note(told, &table)));
    issues.chain(notes).collect()
}

fn finding<'r>(issue: &'r ValidationIssue, table: &Table<'_>) -> Result<Finding<'r>> {
    let kind = match issue.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let found = rows::of(&issue.payload, table)?;
    let (spans, more) = table.spans(found);
    Ok(Finding { kind, code: issue.code.as_str(), text: &issue.message, place: None, examples: &[], spans, more })
}

fn note<'r>(note: &'r Note, table: &Table<'_>) -> Finding<'r> {
    let row = match note.place {
        Some(Place::Row(row)) => usize::try_from(row).ok(),
        _ => None,
    };
    let (spans, more) = table.spans(row.map(|row| row..row + 1).into_iter().collect());
    let place = note.place.as_ref().filter(|_| spans.is_empty()).map(ToString::to_string);
    Finding {
        kind: "note",
        code: note.code.as_str(),
        text: &note.message,
        place,
        examples: &note.examples,
        spans,
        more,
    }
}

#[cfg(test)]
mod tests {
    use polars::df;

    use super::*;
    use crate::note::NoteCode;
    use crate::validate::{ValidateOptions, validate_measurement_data};

    fn found(frame: &DataFrame, code: &str) -> Vec<(usize, usize)> {
        let issues =
            validate_measurement_data(frame, &ValidateOptions { strict: true, ..Default::default() }).unwrap().issues;
        let report = Report { issues, ..Report::default() };
        let all = of(&report, frame).unwrap();
        let finding = all.iter().find(|finding| finding.code == code).unwrap_or_else(|| panic!("no {code}: {all:?}"));
        finding.spans.iter().map(|span| (span.first, span.last)).collect()
    }

    #[test]
    fn each_gap_is_a_span_between_two_rows() {
        let time = [0.0, 10.0, 20_000.0, 20_010.0, 50_000.0];
        let frame = df!("Time [s]" => time, "Step count" => [0i64; 5], "Voltage [V]" => [3.7; 5]).unwrap();
        assert_eq!(found(&frame, "time_gap_too_large"), [(1, 2), (3, 4)]);
    }

    #[test]
    fn a_time_that_runs_back_is_between_two_rows() {
        let frame = df!("Time [s]" => [0.0, 10.0, 5.0, 20.0], "Step count" => [0i64; 4]).unwrap();
        assert_eq!(found(&frame, "time_not_monotonic"), [(1, 2)]);
    }

    #[test]
    fn jumps_of_the_step_count_and_short_steps_are_where_they_are() {
        let frame = df!("Time [s]" => [0.0, 1.0, 2.0, 3.0, 4.0], "Step count" => [0i64, 0, 1, 3, 3]).unwrap();
        assert_eq!(found(&frame, "step_count_non_sequential"), [(2, 3)]);
        assert_eq!(found(&frame, "step_too_few_points"), [(2, 2)]);
    }

    #[test]
    fn a_note_stands_at_its_row_and_one_of_a_line_at_none() {
        let mut report = Report::default();
        report.notes.push(Note::new(NoteCode::SignChanged, "negated"));
        report.notes.push(Note::new(NoteCode::SignChanged, "here").at(Place::Row(2)));
        report.notes.push(Note::new(NoteCode::SignChanged, "there").at(Place::line(7)));
        report.notes.push(Note::new(NoteCode::SignChanged, "gone").at(Place::Row(9)));
        let frame = df!("Time [s]" => [0.0, 1.5, f64::NAN]).unwrap();
        let all = of(&report, &frame).unwrap();
        assert_eq!(all[1].spans, [Span { first: 2, last: 2, from: 1.5, to: 1.5 }], "at the last time that is known");
        assert!([0, 2, 3].iter().all(|at| all[*at].spans.is_empty()));
        assert_eq!(all[2].place.as_deref(), Some("line 7"));
        assert_eq!(all[3].place.as_deref(), Some("row 9"), "a row that the table does not have");
    }

    #[test]
    fn more_than_anybody_looks_at_are_counted() {
        let time: Vec<f64> = (0..200).map(|k| f64::from(k) * 20_000.0).collect();
        let frame = df!("Time [s]" => &time, "Step count" => vec![0i64; 200], "Voltage [V]" => vec![3.7; 200]).unwrap();
        let options = ValidateOptions { strict: true, ..Default::default() };
        let report =
            Report { issues: validate_measurement_data(&frame, &options).unwrap().issues, ..Report::default() };
        let all = of(&report, &frame).unwrap();
        let gaps = all.iter().find(|finding| finding.code == "time_gap_too_large").unwrap();
        assert_eq!((gaps.spans.len(), gaps.more), (MOST, 199 - MOST));
    }
}
