//! docs/validator.md#time-gaps.

use super::{Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Payload};

const MAX_GAP: f64 = 18_000.0;

rule! {
    /// **What it finds.** More than five hours between two consecutive rows.
    ///
    /// **Why it matters.** What happened in between is unknown; integrals draw a straight line through it.
    ///
    /// **What to do.** Split the test at the gap, or skip the check if the cell rested.
    RULE = TimeGapTooLarge, Error, Some("time_gaps"), "time-gaps";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let mut first = None;
    let mut count = 0;
    let mut last: Option<(usize, f64)> = None;
    for (row, t) in context.timed_rows() {
        if let Some((last_row, last_t)) = last
            && t - last_t > MAX_GAP
        {
            first.get_or_insert((last_row, t - last_t));
            count += 1;
        }
        last = Some((row, t));
    }
    let Some((row, gap)) = first else { return Ok(()) };
    let message = format!("{count} gap(s) longer than {MAX_GAP} s between rows, first after row {row}: {gap} s");
    let payload =
        Payload::Gap { row_index: row as u64, gap_seconds: gap, max_gap_seconds: MAX_GAP, num_violations: count };
    issues.push(ValidationIssue::error(IssueCode::TimeGapTooLarge, payload, message));
    Ok(())
}
