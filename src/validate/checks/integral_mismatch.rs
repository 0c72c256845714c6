//! docs/validator.md#integrals.

use std::borrow::Cow;

use rayon::prelude::*;

use super::{Column, Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Payload};
use crate::signal::integral::disagreement_of_running;
use crate::signal::near::is_surely_near;
use crate::signal::{Runs, reals};

const TOLERANCE: f64 = 0.10;

rule! {
    /// **What it finds.** The discharge capacity is more than 10 % off the integral of the current.
    ///
    /// **Why it matters.** One of the two has a wrong unit, sign, reset or label.
    ///
    /// **What to do.** Run `set_capacity`; its note says which column was off and by how much.
    DISCHARGE_CAPACITY = DischargeCapacityIntegralMismatch, Error, Some("capacity_energy_from_current_power"), "integrals";
    /// **What it finds.** The charge capacity is more than 10 % off the integral of the current.
    ///
    /// **Why it matters.** One of the two has a wrong unit, sign, reset or label.
    ///
    /// **What to do.** Run `set_capacity`; its note says which column was off and by how much.
    CHARGE_CAPACITY = ChargeCapacityIntegralMismatch, Error, Some("capacity_energy_from_current_power"), "integrals";
    /// **What it finds.** The discharge energy is more than 10 % off the integral of the power.
    ///
    /// **Why it matters.** One of the two has a wrong unit, sign, reset or label.
    ///
    /// **What to do.** Run `set_energy`; its note says which column was off and by how much.
    DISCHARGE_ENERGY = DischargeEnergyIntegralMismatch, Error, Some("capacity_energy_from_current_power"), "integrals";
    /// **What it finds.** The charge energy is more than 10 % off the integral of the power.
    ///
    /// **Why it matters.** One of the two has a wrong unit, sign, reset or label.
    ///
    /// **What to do.** Run `set_energy`; its note says which column was off and by how much.
    CHARGE_ENERGY = ChargeEnergyIntegralMismatch, Error, Some("capacity_energy_from_current_power"), "integrals";
}

type Case = (IssueCode, Column, f64, bool, &'static str);

/// The code, the column, its side of the current, whether it is an energy, and its unit.
#[rustfmt::skip]
static CASES: &[Case] = &[
    (IssueCode::DischargeCapacityIntegralMismatch, Column::DischargeCapacity,  1.0, false, "A.h"),
    (IssueCode::ChargeCapacityIntegralMismatch,    Column::ChargeCapacity,    -1.0, false, "A.h"),
    (IssueCode::DischargeEnergyIntegralMismatch,   Column::DischargeEnergy,    1.0, true,  "W.h"),
    (IssueCode::ChargeEnergyIntegralMismatch,      Column::ChargeEnergy,      -1.0, true,  "W.h"),
];

/// The timed rows of a column; all of it, without a copy, when every row has a time.
fn pick<'v>(rows: &Option<Vec<usize>>, values: &'v [f64]) -> Cow<'v, [f64]> {
    match rows {
        Some(rows) => Cow::Owned(rows.iter().map(|row| values[*row]).collect()),
        None => Cow::Borrowed(values),
    }
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let (Some(time), Some(current), true) = (&context.time, &context.current, context.has_step) else {
        return Ok(());
    };
    let power = reals(context.frame, Column::Power)?;
    let (power, power_source) = match (&power, &context.voltage) {
        (Some(power), _) => (Some(Cow::Borrowed(&power[..])), "Power [W]"),
        (None, Some(voltage)) => {
            let product = current.iter().zip(voltage.iter()).map(|(i, v)| i * v).collect();
            (Some(Cow::Owned(product)), "Voltage [V] * Current [A]")
        }
        (None, None) => (None, ""),
    };
    // Row indices of the payload count timed rows.
    let rows: Option<Vec<usize>> = (!context.all_timed()).then(|| context.timed_rows().map(|(row, _)| row).collect());
    let (time, current) = (pick(&rows, time), pick(&rows, current));
    let power = power.as_deref().map(|power| pick(&rows, power));
    let picked = if rows.is_some() { context.step()?.map(|step| Runs::of_reals(&pick(&rows, &step))) } else { None };
    let groups = picked.as_ref().unwrap_or(&context.groups);
    let one = |&(code, column, side, is_energy, unit): &Case| -> Result<Option<ValidationIssue>> {
        let Some(reported) = reals(context.frame, column)? else { return Ok(None) };
        let (rate, source) = match (is_energy, &power) {
            (false, _) => (&current, "Current [A]"),
            (true, Some(power)) => (power, power_source),
            (true, None) => return Ok(None),
        };
        let reported = pick(&rows, &reported);
        if is_surely_near(&time, rate, groups, side, &reported, false, TOLERANCE) {
            return Ok(None);
        }
        let found = disagreement_of_running(&time, |i| rate[i], groups, side, &reported);
        let Some((d, integrated)) = found.filter(|(d, _)| d.relative > TOLERANCE) else { return Ok(None) };
        let name = column.name();
        let message = format!(
            "{name:?} is {:.1} % off the integral of {source}: {} against {integrated} {unit} at timed row {}",
            100.0 * d.relative,
            reported[d.row],
            d.row
        );
        let payload = Payload::Integral {
            column: name.into(),
            source_column: source.into(),
            unit: unit.into(),
            worst_row_index: d.row as u64,
            reported_at_worst: reported[d.row],
            integrated_at_worst: integrated,
            max_scale: d.scale,
            relative_error: d.relative,
            tolerance: TOLERANCE,
        };
        Ok(Some(ValidationIssue::error(code, payload, message)))
    };
    // The columns do not know of each other; their findings keep the table's order.
    for found in CASES.par_iter().map(one).collect::<Vec<_>>() {
        issues.extend(found?);
    }
    Ok(())
}
