//! docs/validator.md#ocp-tables.

use super::{Context, Issues, Result, ValidationIssue, rule};
use crate::issue::{IssueCode, Payload};

static AXES: &[&str] = &["Capacity [A.h]", "Stoichiometry", "SOC"];

rule! {
    /// **What it finds.** An open-circuit table without `Voltage [V]`.
    ///
    /// **Why it matters.** There is nothing to fit.
    ///
    /// **What to do.** Map the voltage column to `Voltage [V]`.
    VOLTAGE = OcpVoltageColumnMissing, Error, None, "ocp-tables";
    /// **What it finds.** An open-circuit table without capacity, stoichiometry or SOC.
    ///
    /// **Why it matters.** A voltage alone is no curve.
    ///
    /// **What to do.** Map the x axis to `Capacity [A.h]`, `Stoichiometry` or `SOC`.
    AXIS = OcpXAxisColumnMissing, Error, None, "ocp-tables";
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let columns = context.columns();
    if context.voltage.is_none() {
        let message = "there is no column \"Voltage [V]\" in the open-circuit table".to_owned();
        let payload = Payload::OcpVoltage { available_columns: columns.clone() };
        issues.push(ValidationIssue::error(IssueCode::OcpVoltageColumnMissing, payload, message));
    }
    if !columns.iter().any(|name| AXES.contains(&name.as_str())) {
        let message = format!("the open-circuit table needs one of {}", AXES.join(", "));
        let candidates = AXES.iter().map(|name| (*name).into()).collect();
        let payload = Payload::OcpAxis { candidates, available_columns: columns };
        issues.push(ValidationIssue::error(IssueCode::OcpXAxisColumnMissing, payload, message));
    }
    Ok(())
}
