//! docs/validator.md#impedance-tables.

use super::{Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Payload};

pub(super) static REQUIRED: &[&str] = &["Frequency [Hz]", "Z_Re [Ohm]", "Z_Im [Ohm]"];

rule! {
    /// **What it finds.** An impedance table without frequency, real or imaginary part.
    ///
    /// **Why it matters.** A spectrum needs all three.
    ///
    /// **What to do.** Run `derive_impedance_components` when modulus and phase are there; else map the columns.
    RULE = EisColumnsMissing, Error, None, "impedance-tables";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let columns = context.columns();
    let missing: Vec<&str> = REQUIRED.iter().copied().filter(|name| !columns.iter().any(|c| c == name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("the impedance table has no {}", missing.join(", "));
    let names = |names: &[&'static str]| names.iter().map(|name| (*name).into()).collect();
    let payload =
        Payload::EisColumns { required: names(REQUIRED), missing: names(&missing), available_columns: columns };
    issues.push(ValidationIssue::error(IssueCode::EisColumnsMissing, payload, message));
    Ok(())
}
