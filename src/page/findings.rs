//! Findings and notes, pinned to the rows that they are about.

use serde_json::{Value, json};

use crate::bundle::Report;
use crate::error::Place;
use crate::issue::ValidationIssue;
use crate::note::Note;

/// Names of a finding's numbers that are rows of the time series.
const ROWS: [&str; 2] = ["row_index", "worst_row_index"];

/// The findings first, then the notes, each with its row or its step where it has one.
pub fn of(report: &Report) -> Vec<Value> {
    report.issues.iter().map(finding).chain(report.notes.iter().map(note)).collect()
}

fn finding(issue: &ValidationIssue) -> Value {
    let payload = serde_json::to_value(&issue.payload).unwrap_or_default();
    let row = ROWS.iter().find_map(|name| payload.get(name)).and_then(Value::as_u64);
    let number = |names: &[&str]| names.iter().find_map(|name| payload.get(name)).and_then(Value::as_f64);
    // A place in the order of steps, or a value of `Step count`.
    let (step, count) = (number(&["step_index"]), number(&["first_step", "current_step"]));
    json!({
        "kind": issue.severity, "code": issue.code.as_str(), "text": issue.message,
        "row": row, "step": step.filter(|_| row.is_none()), "count": count.filter(|_| row.is_none()),
    })
}

fn note(note: &Note) -> Value {
    let row = match note.place {
        Some(Place::Row(row)) => Some(row),
        _ => None,
    };
    let place = note.place.as_ref().filter(|_| row.is_none()).map(ToString::to_string);
    json!({
        "kind": "note", "code": note.code.as_str(), "text": note.message, "row": row, "place": place,
        "examples": note.examples,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issue::{IssueCode, Payload, Severity};
    use crate::note::NoteCode;

    #[test]
    fn what_has_a_row_is_pinned_to_it() {
        let mut report = Report::default();
        report.notes.push(Note::new(NoteCode::SignChanged, "negated"));
        report.notes.push(Note::new(NoteCode::SignChanged, "here").at(Place::Row(7)));
        report.notes.push(Note::new(NoteCode::SignChanged, "there").at(Place::line(7)));
        report.issues.push(ValidationIssue {
            code: IssueCode::TimeMissingOnNonEisRow,
            severity: Severity::Error,
            message: "no time".to_owned(),
            payload: Payload::TimeMissing { row_index: 3, num_rows: 1 },
        });
        let all = of(&report);
        let told = |key: &str| -> Vec<String> { all.iter().map(|finding| finding[key].to_string()).collect() };
        assert_eq!(told("kind"), ["\"error\"", "\"note\"", "\"note\"", "\"note\""]);
        assert_eq!(told("row"), ["3", "null", "7", "null"]);
        assert_eq!(told("place"), ["null", "null", "null", "\"line 7\""]);
    }
}
