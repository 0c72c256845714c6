//! docs/validator.md#impedance-tables.

use super::eis_sign::{intercept, spectrum};
use super::{Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Payload};

/// Ohmic resistance times capacity of a usual cell, in Ohm·A.h.
const R_TIMES_Q: f64 = 0.05;

/// How far from it a cell may be.
const FACTOR: f64 = 100.0;

rule! {
    /// **What it finds.** The smallest real part is more than a factor of 100 away from what the rated capacity suggests.
    ///
    /// **Why it matters.** A unit (mOhm for Ohm, or an areal impedance) is likely wrong.
    ///
    /// **What to do.** Check the impedance's unit and the rated capacity.
    RULE = EisImpedanceMagnitudeImplausible, Error, Some("eis_impedance_magnitude"), "impedance-tables";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let (Some(rated), Some(points)) = (context.options.rated_capacity, spectrum(context)?) else { return Ok(()) };
    let Some((_, r0, _)) = points.get(intercept(&points)).copied() else { return Ok(()) };
    let expected = R_TIMES_Q / rated;
    let (low, high) = (expected / FACTOR, expected * FACTOR);
    if r0 <= 0.0 || (low..=high).contains(&r0) {
        return Ok(());
    }
    let message =
        format!("the smallest Z_Re is {r0} Ohm; a cell of {rated} A.h has {low} to {high} Ohm; is a unit wrong?");
    let payload = Payload::EisMagnitude {
        r0,
        r_expected: expected,
        band_low: low,
        band_high: high,
        factor: FACTOR,
        r_times_q: R_TIMES_Q,
        rated_capacity: rated,
    };
    issues.push(ValidationIssue::error(IssueCode::EisImpedanceMagnitudeImplausible, payload, message));
    Ok(())
}
