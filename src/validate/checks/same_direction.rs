//! docs/validator.md#rated-capacity.

use super::{Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Number, Payload};
use crate::signal::frame::reals_by_name;

/// A step counts as full above this many rated capacities.
const FACTOR: f64 = 2.0;

rule! {
    /// **What it finds.** Two charges (or two discharges) of more than twice the rated capacity follow each other.
    ///
    /// **Why it matters.** No cell can do that: the direction of one is wrong, a part of the test is missing, or the rated
    /// capacity is.
    ///
    /// **What to do.** Check the rated capacity and the current's sign in the two steps that are named.
    RULE = ConsecutiveSameDirectionFullSteps, Error, Some("consecutive_same_direction_full_steps"), "rated-capacity";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let (Some(steps), Some(rated)) = (&context.options.steps, context.options.rated_capacity) else { return Ok(()) };
    let Ok(types) = steps.column("Step type").and_then(|c| c.str().cloned()) else { return Ok(()) };
    let discharge = reals_by_name(steps, "Discharge capacity [A.h]")?;
    let charge = reals_by_name(steps, "Charge capacity [A.h]")?;
    let number = reals_by_name(steps, "Step count")?;
    if discharge.is_none() || charge.is_none() {
        return Ok(());
    }
    let threshold = FACTOR * rated;
    let label = |k: usize| number.as_ref().map_or(k as f64, |n| n[k]);
    let mut last: Option<(&'static str, usize)> = None;
    for (k, kind) in types.iter().enumerate() {
        let kind = kind.unwrap_or_default().to_ascii_lowercase();
        let (direction, capacity) = if kind.contains("discharge") {
            ("discharge", &discharge)
        } else if kind.contains("charge") {
            ("charge", &charge)
        } else {
            continue;
        };
        if !capacity.as_ref().is_some_and(|q| q[k].abs() > threshold) {
            continue;
        }
        if let Some((same, previous)) = last
            && same == direction
        {
            let message = format!(
                "steps {} and {} both {direction} more than {threshold} A.h ({FACTOR} × the rated {rated} A.h) with nothing opposite between them",
                label(previous),
                label(k)
            );
            let payload = Payload::SameDirection {
                direction: direction.into(),
                previous_step: Number(label(previous)),
                current_step: Number(label(k)),
                threshold_capacity: threshold,
                rated_capacity: rated,
            };
            issues.push(ValidationIssue::error(IssueCode::ConsecutiveSameDirectionFullSteps, payload, message));
        }
        last = Some((direction, k));
    }
    Ok(())
}
