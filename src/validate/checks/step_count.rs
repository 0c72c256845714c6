//! docs/validator.md#step-count.

use super::{Column, Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Number, Payload, StepJump};
use crate::signal::frame::integers;
use crate::signal::scan::all_pairs;

const NAME: &str = "Step count";

rule! {
    /// **What it finds.** There is no column `Step count`.
    ///
    /// **Why it matters.** Steps, cycles and all checks that work step by step need it.
    ///
    /// **What to do.** Run `set_step_count`.
    MISSING = StepCountMissing, Error, None, "step-count";
    /// **What it finds.** The first `Step count` is not 0.
    ///
    /// **Why it matters.** Row numbers of the steps table and step numbers no longer agree.
    ///
    /// **What to do.** Run `set_step_count` again after cutting rows off.
    START = StepCountDoesNotStartAtZero, Error, None, "step-count";
    /// **What it finds.** `Step count` changes by something other than 0 or 1 from a row to the next.
    ///
    /// **Why it matters.** A step is missing, repeated or out of order.
    ///
    /// **What to do.** Run `set_step_count`; when rows were removed or joined on purpose, run it after that.
    SEQUENCE = StepCountNonSequential, Error, None, "step-count";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let counts = |step: &&[i64]| {
        step.first() == Some(&0) && all_pairs(step, |before, at| (at == before) | (at == before.wrapping_add(1)))
    };
    if integers(context.frame, NAME).filter(counts).is_some() {
        return Ok(());
    }
    let Some(step) = context.step()? else {
        let message = format!("there is no column {:?}; set_step_count adds it", Column::StepCount.name());
        let payload = Payload::StepMissing { column: NAME.into(), available_columns: context.columns() };
        issues.push(ValidationIssue::error(IssueCode::StepCountMissing, payload, message));
        return Ok(());
    };
    if let Some(first) = step.first().filter(|first| **first != 0.0 && !first.is_nan()) {
        let message = format!("{NAME:?} starts at {first} instead of 0; set_step_count counts from 0");
        let payload = Payload::StepStart { column: NAME.into(), observed_first: Number(*first) };
        issues.push(ValidationIssue::error(IssueCode::StepCountDoesNotStartAtZero, payload, message));
    }
    let jumps = || {
        step.windows(2).enumerate().filter_map(|(row, pair)| {
            let &[from, to] = pair else { return None };
            let diff = to - from;
            (!diff.is_nan() && diff != 0.0 && diff != 1.0).then_some(StepJump {
                row_index: row as u64,
                from: Number(from),
                to: Number(to),
                diff: Number(diff),
            })
        })
    };
    let count = jumps().count();
    if count > 0 {
        let examples: Vec<StepJump> = jumps().take(5).collect();
        let first = examples
            .first()
            .map(|j| format!("row {}: {} after {}", j.row_index + 1, j.to.0, j.from.0))
            .unwrap_or_default();
        let message = format!("{NAME:?} jumps {count} time(s), first at {first}; set_step_count counts without gaps");
        let payload = Payload::StepSequence { column: NAME.into(), num_violations: count as u64, examples };
        issues.push(ValidationIssue::error(IssueCode::StepCountNonSequential, payload, message));
    }
    Ok(())
}
