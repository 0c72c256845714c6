//! docs/validator.md#rated-capacity.

use super::{Column, Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Number, Payload};
use crate::signal::{frame::reals_by_name, reals};

/// A step is implausible above this many rated capacities.
const FACTOR: f64 = 5.0;

rule! {
    /// **What it finds.** A step whose capacity is more than five times the rated capacity.
    ///
    /// **Why it matters.** A unit (mA.h for A.h) or the rated capacity is likely wrong.
    ///
    /// **What to do.** Compare the unit in the file's header with the rated capacity.
    RULE = StepCapacityExceedsRated, Warning, Some("step_capacity_within_rated"), "rated-capacity";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let (Some(steps), Some(rated)) = (&context.options.steps, context.options.rated_capacity) else { return Ok(()) };
    let threshold = FACTOR * rated;
    let number = reals_by_name(steps, "Step count")?;
    let mut count = 0;
    let mut first = None;
    for column in [Column::DischargeCapacity, Column::ChargeCapacity] {
        let Some(values) = reals(steps, column)? else { continue };
        for (k, value) in values.iter().enumerate().filter(|(_, v)| v.abs() > threshold) {
            first.get_or_insert((number.as_ref().map_or(k as f64, |n| n[k]), column.name(), *value));
            count += 1;
        }
    }
    let Some((first_step, first_column, first_value)) = first else { return Ok(()) };
    let message = format!(
        "{count} step capacities exceed {threshold} A.h ({FACTOR} × the rated {rated} A.h), first {first_value} in {first_column:?} of step {first_step}; is a unit wrong?"
    );
    let payload = Payload::ExceedsRated {
        total_count: count,
        first_step: Number(first_step),
        first_column: first_column.into(),
        first_value,
        threshold_capacity: threshold,
        rated_capacity: rated,
    };
    issues.push(ValidationIssue::warning(IssueCode::StepCapacityExceedsRated, payload, message));
    Ok(())
}
