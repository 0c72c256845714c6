//! docs/validator.md#current-sign.

use super::{Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Payload};
use crate::signal::{Runs, vote};

rule! {
    /// **What it finds.** The voltage rises while the current column says discharge, in at least three quarters of the
    /// charge that the test moves.
    ///
    /// **Why it matters.** Every capacity, energy and step type has the wrong direction, and a model fitted to it charges
    /// where the cell was discharged.
    ///
    /// **What to do.** Negate the current column, or run `set_positive_current_for_discharge`.
    REVERSED = CurrentSignReversed, Error, None, "current-sign";
    /// **What it finds.** The current has one sign although the voltage shows both charge and discharge.
    ///
    /// **Why it matters.** The cycler logged magnitudes; charge counts as discharge.
    ///
    /// **What to do.** Run `set_positive_current_for_discharge` with the cycler's mode column.
    UNSIGNED = CurrentSignUnsigned, Error, None, "current-sign";
    /// **What it finds.** The voltage agrees with the current's sign in part of the test and contradicts it in another.
    ///
    /// **Why it matters.** Files with different conventions may have been joined, or a column was shifted against another.
    ///
    /// **What to do.** Look at the steps one by one; settle the sign for each part before joining them.
    INDETERMINATE = CurrentSignIndeterminate, Error, None, "current-sign";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let (Some(time), Some(current), Some(voltage)) = (&context.time, &context.current, &context.voltage) else {
        return Ok(());
    };
    // Without a step count, runs of the current's sign stand in for the steps.
    let runs = |step: Option<&[f64]>, current: &[f64]| step.map_or_else(|| Runs::of_sign(current), Runs::of_reals);
    let verdict = if context.all_timed() {
        let by_sign = (!context.has_step).then(|| Runs::of_sign(current));
        Verdict::of(time, current, voltage, by_sign.as_ref().unwrap_or(&context.groups))
    } else {
        let rows: Vec<usize> = context.timed_rows().map(|(row, _)| row).collect();
        let pick = |values: &[f64]| rows.iter().map(|row| values[*row]).collect::<Vec<f64>>();
        let (step, current) = (context.step()?.as_deref().map(pick), pick(current));
        Verdict::of(&pick(time), &current, &pick(voltage), &runs(step.as_deref(), &current))
    };
    let Some(Verdict { share, unsigned }) = verdict.filter(|v| v.share >= 0.25) else { return Ok(()) };
    let percent = 100.0 * share;
    let (code, what) = if share >= 0.75 {
        (IssueCode::CurrentSignReversed, "positive current charges the cell; negate it")
    } else if unsigned {
        (IssueCode::CurrentSignUnsigned, "the current has no sign; set_positive_current_for_discharge gives it one")
    } else {
        (
            IssueCode::CurrentSignIndeterminate,
            "the sign changes its meaning within the test; look at the steps one by one",
        )
    };
    let message = format!("the voltage contradicts the current's sign in {percent:.0} % of the charge moved: {what}");
    issues.push(ValidationIssue::error(code, Payload::Sign { charge_fraction: share }, message));
    Ok(())
}

struct Verdict {
    share: f64,
    unsigned: bool,
}

impl Verdict {
    fn of(time: &[f64], current: &[f64], voltage: &[f64], groups: &Runs) -> Option<Self> {
        let tolerance = vote::threshold(current);
        let share = vote::tally(time, current, voltage, groups, tolerance).charge_share()?;
        let unsigned = current.iter().filter(|i| i.abs() > tolerance).all(|i| *i > 0.0);
        Some(Self { share, unsigned })
    }
}
