//! docs/validator.md#points-per-step.

use super::{Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Payload};

const MIN_POINTS: usize = 2;

rule! {
    /// **What it finds.** A step with fewer than two rows.
    ///
    /// **Why it matters.** It has no duration, no integral and no type; models cannot replay it.
    ///
    /// **What to do.** Join such steps to the step before them with `--short-steps join`; or leave this check out with
    /// `--skip minimum_points_per_step`, if the single row marks an event of the cycler; or record such steps more densely.
    RULE = StepTooFewPoints, Error, Some("minimum_points_per_step"), "points-per-step";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    for (step, run) in context.groups.iter().enumerate().filter(|(_, run)| run.len() < MIN_POINTS) {
        let message =
            format!("step {step} (row {}) has {} row, at least {MIN_POINTS} are needed", run.start, run.len());
        let payload =
            Payload::FewPoints { step_index: step as u64, num_points: run.len() as u64, min_points: MIN_POINTS as u64 };
        issues.push(ValidationIssue::error(IssueCode::StepTooFewPoints, payload, message));
    }
    Ok(())
}
