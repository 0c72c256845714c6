//! docs/validator.md#missing-time.

use super::{Column, Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Payload};

rule! {
    /// **What it finds.** A row without a time that is not an impedance row.
    ///
    /// **Why it matters.** Integrals step over it silently, and plots and fits lose it.
    ///
    /// **What to do.** Fill the time from the cycler's file, or drop the row.
    RULE = TimeMissingOnNonEisRow, Error, None, "missing-time";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let Some(time) = context.time.as_ref().filter(|_| !context.all_timed()) else { return Ok(()) };
    let eis = |row: usize| context.frequency.as_ref().is_some_and(|f| !f[row].is_nan());
    let mut bad = (0..time.len()).filter(|row| time[*row].is_nan() && !eis(*row));
    let Some(row) = bad.next() else { return Ok(()) };
    let count = 1 + bad.count();
    let message = format!("{count} row(s) without frequency have no {:?}, first row {row}", Column::Time.name());
    let payload = Payload::TimeMissing { row_index: row as u64, num_rows: count as u64 };
    issues.push(ValidationIssue::error(IssueCode::TimeMissingOnNonEisRow, payload, message));
    Ok(())
}
