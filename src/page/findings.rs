//! Findings and notes, as the page's script lists and marks them.

use polars::prelude::DataFrame;
use serde_json::{Value, json};

use crate::bundle::Report;
use crate::error::Result;
use crate::findings::{self, Finding, Span};

/// The findings first, then the notes, each with its rows where it has some.
pub fn of(report: &Report, time_series: &DataFrame) -> Result<Vec<Value>> {
    Ok(findings::of(report, time_series)?.iter().map(told).collect())
}

fn told(finding: &Finding<'_>) -> Value {
    // A time that is not known is null.
    let span = |span: &Span| json!({ "first": span.first, "last": span.last, "from": span.from, "to": span.to });
    json!({
        "kind": finding.kind, "code": finding.code, "text": finding.text, "place": finding.place,
        "examples": finding.examples, "spans": finding.spans.iter().map(span).collect::<Vec<_>>(), "more": finding.more,
    })
}

#[cfg(test)]
mod tests {
    use polars::df;

    use super::*;
    use crate::error::Place;
    use crate::issue::{IssueCode, Payload, Severity, ValidationIssue};
    use crate::note::{Note, NoteCode};

    #[test]
    fn what_has_a_row_is_pinned_to_it() {
        let mut report = Report::default();
        report.notes.push(Note::new(NoteCode::SignChanged, "here").at(Place::Row(2)));
        report.issues.push(ValidationIssue {
            code: IssueCode::TimeMissingOnNonEisRow,
            severity: Severity::Error,
            message: "no time".to_owned(),
            payload: Payload::TimeMissing { row_index: 0, num_rows: 1 },
        });
        let all = of(&report, &df!("Time [s]" => [f64::NAN, f64::NAN, 7.0]).unwrap()).unwrap();
        assert_eq!(all[0]["kind"], "error");
        assert_eq!(all[0]["spans"], json!([{ "first": 0, "last": 0, "from": 7.0, "to": 7.0 }]));
        assert_eq!(all[1]["spans"], json!([{ "first": 2, "last": 2, "from": 7.0, "to": 7.0 }]));
        let untimed = of(&report, &df!("Voltage [V]" => [3.0, 3.1, 3.2]).unwrap()).unwrap();
        assert_eq!(untimed[1]["spans"], json!([{ "first": 2, "last": 2, "from": null, "to": null }]));
    }
}
