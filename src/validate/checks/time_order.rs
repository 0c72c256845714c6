//! docs/validator.md#time-order.

use super::{Column, Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Payload};

rule! {
    /// **What it finds.** Time that runs backwards between two rows that have one.
    ///
    /// **Why it matters.** Integrals count charge twice or negative, and solvers refuse the data.
    ///
    /// **What to do.** Look for joined files or a clock that was set; `--time-offset-fix SECONDS` closes the jumps.
    RULE = TimeNotMonotonic, Error, None, "time-order";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let falls = context.timed_pairs(|before, at| at - before < -1e-12);
    let (Some(time), Some((before, row))) = (&context.time, falls.first().copied()) else { return Ok(()) };
    let (previous, current, count) = (time[before], time[row], falls.len() as u64);
    let message = format!(
        "{:?} runs backwards {count} time(s), first at row {row}: {current} s after {previous} s; `--time-offset-fix SECONDS` closes such jumps",
        Column::Time.name()
    );
    let payload = Payload::TimeOrder {
        row_index: row as u64,
        previous_time: previous,
        current_time: current,
        num_violations: count,
    };
    issues.push(ValidationIssue::error(IssueCode::TimeNotMonotonic, payload, message));
    Ok(())
}
