//! docs/validator.md#running-columns.

use super::{Column, Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Payload};
use crate::signal::reals;
use crate::signal::scan::pairs_where;

const TOLERANCE: f64 = 1e-6;

rule! {
    /// **What it finds.** A capacity or energy that is not 0 at the first row of a step.
    ///
    /// **Why it matters.** The platform adds steps up; a counter that carries over is counted again in each step.
    ///
    /// **What to do.** Run `set_capacity` and `set_energy`, which rebase to each step.
    NOT_RESET = CumulativeValueNotReset, Error, None, "running-columns";
    /// **What it finds.** A capacity or energy that falls inside a step.
    ///
    /// **Why it matters.** A running sum cannot fall: the counter was reset inside the step, or rows are out of order.
    ///
    /// **What to do.** Run `set_capacity` and `set_energy` with the integral as source.
    DECREASED = CumulativeValueDecreased, Error, None, "running-columns";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    if !context.has_step {
        return Ok(());
    }
    for column in Column::CUMULATIVE {
        let Some(values) = reals(context.frame, column)? else { continue };
        let name = column.name();
        for (step, run) in context.groups.iter().enumerate() {
            let (row, first) = (run.start, values[run.start]);
            if first.abs() > TOLERANCE {
                let message = format!(
                    "{name:?} starts step {step} (row {row}) at {first} instead of 0; set_capacity and set_energy rebase it"
                );
                let payload = Payload::NotReset {
                    column: name.into(),
                    step_index: step as u64,
                    observed: first,
                    tolerance: TOLERANCE,
                };
                issues.push(ValidationIssue::error(IssueCode::CumulativeValueNotReset, payload, message));
            }
        }
        for (step, run) in context.groups.iter().enumerate() {
            let falls = |before: f64, at: f64| at - before < -TOLERANCE;
            let fall = pairs_where(&values[run.clone()], falls).first().copied();
            let Some(row) = fall.map(|k| run.start + k) else { continue };
            let (previous, current) = (values[row - 1], values[row]);
            let message = format!(
                "{name:?} falls inside step {step} at row {row}: {current} after {previous}; integrate it instead"
            );
            let payload = Payload::Decreased {
                column: name.into(),
                step_index: step as u64,
                row_index: row as u64,
                previous_value: previous,
                current_value: current,
            };
            issues.push(ValidationIssue::error(IssueCode::CumulativeValueDecreased, payload, message));
        }
    }
    Ok(())
}
