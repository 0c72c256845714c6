//! docs/validator.md#swapped-columns.

use polars::prelude::DataFrame;

use super::{Column, Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Number, Payload};
use crate::signal::frame::reals_by_name;

/// Share of the weight at which the check fires.
const THRESHOLD: f64 = 0.75;

rule! {
    /// **What it finds.** In most steps the charge capacity grows while the current discharges, or the reverse.
    ///
    /// **Why it matters.** The two columns carry each other's name; efficiency and retention are inverted.
    ///
    /// **What to do.** Run `fix_swapped_charge_discharge_columns`.
    CAPACITY = ChargeDischargeCapacityColumnsSwapped, Error, Some("charge_discharge_column_direction"), "swapped-columns";
    /// **What it finds.** In most steps the charge energy grows while the current discharges, or the reverse.
    ///
    /// **Why it matters.** The two columns carry each other's name; efficiency and retention are inverted.
    ///
    /// **What to do.** Run `fix_swapped_charge_discharge_columns`.
    ENERGY = ChargeDischargeEnergyColumnsSwapped, Error, Some("charge_discharge_column_direction"), "swapped-columns";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let Some(steps) = &context.options.steps else { return Ok(()) };
    for (code, discharge, charge) in [
        (IssueCode::ChargeDischargeCapacityColumnsSwapped, Column::DischargeCapacity, Column::ChargeCapacity),
        (IssueCode::ChargeDischargeEnergyColumnsSwapped, Column::DischargeEnergy, Column::ChargeEnergy),
    ] {
        let Some(found) = count(steps, discharge, charge)? else { continue };
        let fraction = found.wrong / found.weight;
        if fraction < THRESHOLD {
            continue;
        }
        let (d, c) = (discharge.name(), charge.name());
        let message = format!(
            "{d:?} and {c:?} look exchanged: {} of {} clear steps count the wrong way; fix_swapped_charge_discharge_columns mends it",
            found.swapped, found.considered
        );
        let payload = Payload::Swapped {
            discharge_column: d.into(),
            charge_column: c.into(),
            swapped_fraction: fraction,
            n_steps_considered: found.considered,
            n_steps_swapped: found.swapped,
            example_steps: found.examples,
            threshold: THRESHOLD,
        };
        issues.push(ValidationIssue::error(code, payload, message));
    }
    Ok(())
}

#[derive(Default)]
struct Count {
    considered: u64,
    swapped: u64,
    weight: f64,
    wrong: f64,
    examples: Vec<Number>,
}

fn count(steps: &DataFrame, discharge: Column, charge: Column) -> Result<Option<Count>> {
    let get = |name: &str| reals_by_name(steps, name);
    let (Some(d), Some(c), Some(mean)) = (get(discharge.name())?, get(charge.name())?, get("Mean current [A]")?) else {
        return Ok(None);
    };
    let (low, high, std) = (get("Min current [A]")?, get("Max current [A]")?, get("Std current [A]")?);
    let (duration, number) = (get("Duration [s]")?, get(Column::StepCount.name())?);
    let mut count = Count::default();
    for k in 0..steps.height() {
        let mean = mean[k];
        let clear = match mean > 0.0 {
            true => low.as_ref().is_some_and(|low| low[k] >= -1e-3),
            false => high.as_ref().is_some_and(|high| high[k] <= 1e-3),
        };
        let steady = std.as_ref().is_some_and(|std| std[k] <= 0.5 * mean.abs());
        let short = duration.as_ref().is_some_and(|t| t[k] < 60.0);
        let (d, c) = (d[k], c[k]);
        let (large, small) = (d.max(c), d.min(c));
        let votes = mean.abs() >= 1e-3 && (clear || steady) && !short && large > 0.0 && large >= 4.0 * small;
        if !votes || d.is_nan() || c.is_nan() {
            continue;
        }
        count.considered += 1;
        count.weight += large;
        if (mean > 0.0) == (c > d) {
            count.swapped += 1;
            count.wrong += large;
            if count.examples.len() < 5 {
                count.examples.push(Number(number.as_ref().map_or(k as f64, |n| n[k])));
            }
        }
    }
    Ok((count.weight > 0.0).then_some(count))
}
