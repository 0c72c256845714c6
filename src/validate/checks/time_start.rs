//! docs/validator.md#time-start.

use super::{Column, Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Payload};

const TOLERANCE: f64 = 1e-6;

rule! {
    /// **What it finds.** The first row that has a time is not at 0 s.
    ///
    /// **Why it matters.** Simulations start at 0; an offset shifts every event.
    ///
    /// **What to do.** Run `reset_time`.
    RULE = TimeDoesNotStartAtZero, Error, None, "time-start";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let Some((row, first)) = context.timed_rows().next().filter(|(_, t)| t.abs() > TOLERANCE) else { return Ok(()) };
    let message =
        format!("{:?} starts at {first} s in row {row} instead of 0; reset_time subtracts it", Column::Time.name());
    let payload = Payload::TimeStart { observed: first, tolerance: TOLERANCE };
    issues.push(ValidationIssue::error(IssueCode::TimeDoesNotStartAtZero, payload, message));
    Ok(())
}
