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
    let gaps = context.timed_pairs(|before, at| at - before > MAX_GAP);
    let (Some(time), Some((row, after))) = (&context.time, gaps.first().copied()) else { return Ok(()) };
    let (gap, count) = (time[after] - time[row], gaps.len() as u64);
    let message = format!("{count} gap(s) longer than {MAX_GAP} s between rows, first after row {row}: {gap} s");
    let payload =
        Payload::Gap { row_index: row as u64, gap_seconds: gap, max_gap_seconds: MAX_GAP, num_violations: count };
    issues.push(ValidationIssue::error(IssueCode::TimeGapTooLarge, payload, message));
    Ok(())
}
