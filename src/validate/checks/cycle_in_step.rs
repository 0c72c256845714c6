//! docs/validator.md#cycle-within-a-step.

use super::{Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Number, Payload};
use crate::signal::frame::{integers, reals_by_name};

/// The first of these that is there counts.
static COLUMNS: &[&str] = &["Cycle count", "Cycle number", "Cycle from cycler"];

rule! {
    /// **What it finds.** The cycle number changes inside a step.
    ///
    /// **Why it matters.** The step belongs to two cycles, and both cycles' capacities are wrong.
    ///
    /// **What to do.** Run `set_step_count` with the full identity: a new cycle is then a new step.
    RULE = CycleChangesWithinStep, Error, Some("cycle_constant_within_step"), "cycle-within-a-step";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let mut found = None;
    for name in COLUMNS {
        if let Some(values) = integers(context.frame, name)
            && context.groups.iter().all(|run| values[run.clone()].iter().all(|v| *v == values[run.start]))
        {
            return Ok(());
        }
        if let Some(values) = reals_by_name(context.frame, name)? {
            found = Some((*name, values));
            break;
        }
    }
    let Some((column, values)) = found else { return Ok(()) };
    for (step, run) in context.groups.iter().enumerate() {
        let rows = &values[run.clone()];
        // Most steps have one cycle; only the others are sorted.
        if rows.iter().all(|v| *v == rows[0]) {
            continue;
        }
        let mut cycles: Vec<f64> = rows.iter().copied().filter(|v| !v.is_nan()).collect();
        cycles.sort_by(f64::total_cmp);
        cycles.dedup();
        if cycles.len() < 2 {
            continue;
        }
        let message =
            format!("{column:?} changes inside step {step} (rows {} to {}): {cycles:?}", run.start, run.end - 1);
        let payload = Payload::CycleInStep {
            step_index: step as u64,
            cycle_column: column.into(),
            cycles: cycles.into_iter().map(Number).collect(),
        };
        issues.push(ValidationIssue::error(IssueCode::CycleChangesWithinStep, payload, message));
    }
    Ok(())
}
