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
    let mut first = None;
    let mut count = 0;
    let mut last = f64::NAN;
    for (row, t) in context.timed_rows() {
        if t - last < -1e-12 {
            first.get_or_insert((row, last, t));
            count += 1;
        }
        last = t;
    }
    let Some((row, previous, current)) = first else { return Ok(()) };
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
