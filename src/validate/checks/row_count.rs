//! docs/validator.md#inline-rows.

use super::{Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Payload};

const MAX_ROWS: usize = 1000;

rule! {
    /// **What it finds.** A table of more than 1 000 rows that is to be sent inside a request.
    ///
    /// **Why it matters.** The platform refuses it.
    ///
    /// **What to do.** Upload the table as a file.
    RULE = TimeSeriesRowCountExceeded, Error, None, "inline-rows";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let rows = context.frame.height();
    if rows > MAX_ROWS {
        let message =
            format!("{rows} rows are more than the {MAX_ROWS} that a request may hold; upload a file instead");
        let payload = Payload::RowCount { n_rows: rows as u64, max_rows: MAX_ROWS as u64 };
        issues.push(ValidationIssue::error(IssueCode::TimeSeriesRowCountExceeded, payload, message));
    }
    Ok(())
}
