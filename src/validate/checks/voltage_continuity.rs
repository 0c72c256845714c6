//! docs/validator.md#voltage-continuity.

use super::{Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Payload};

/// Share of the window that a jump has to exceed.
const JUMP: f64 = 0.8;

/// Share of the pairs that may jump.
const SHARE: f64 = 0.05;

rule! {
    /// **What it finds.** More than 5 % of consecutive rows jump by more than 80 % of the voltage window.
    ///
    /// **Why it matters.** The rows are out of order, or two cells are mixed in one table.
    ///
    /// **What to do.** Sort by record number; read one channel at a time.
    RULE = VoltageContinuity, Error, Some("voltage_continuity"), "voltage-continuity";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let (Some(voltage), Some((low, high))) = (&context.voltage, context.options.voltage_window) else { return Ok(()) };
    let threshold = JUMP * (high - low);
    let jumps = voltage.windows(2).map(|pair| (pair[1] - pair[0]).abs()).filter(|d| !d.is_nan());
    let (bad, total) = jumps.fold((0u64, 0u64), |(bad, total), d| (bad + u64::from(d > threshold), total + 1));
    let share = bad as f64 / total as f64;
    if total == 0 || share <= SHARE {
        return Ok(());
    }
    let message = format!("{bad} of {total} consecutive rows jump by more than {threshold} V; are the rows in order?");
    let payload = Payload::Continuity {
        bad_count: bad,
        total_pairs: total,
        bad_fraction: share,
        threshold_volts: threshold,
        voltage_window: [low, high],
    };
    issues.push(ValidationIssue::error(IssueCode::VoltageContinuity, payload, message));
    Ok(())
}
