//! Findings of the validator that object to what the instrument stated and was kept.

use crate::issue::{IssueCode, ValidationIssue};
use crate::note::{NoteCode, Notes};

/// Says in each such finding that the instrument's sign or counter was kept, why, and what to do.
pub(crate) fn explain(issues: &mut [ValidationIssue], notes: &Notes) {
    for issue in issues {
        let code = issue.code.as_str();
        let kept = if code.starts_with("current_sign_") && notes.has(NoteCode::SignVote) {
            "the sign is the instrument's and was kept, as the note `sign_vote` says".to_owned()
        } else if let Some(note) = counter_note(issue.code)
            && notes.iter().any(|n| n.code == note && n.message.contains("is kept"))
        {
            format!(
                "the counter is what the cycler measured and was kept, as the note `{}` says; `--capacity integrated` takes \
                 the integral, `--skip capacity_energy_from_current_power` leaves this check out",
                note.as_str()
            )
        } else {
            continue;
        };
        issue.message = format!("{}; {kept}; `--allow {code}` passes the finding", issue.message);
    }
}

/// The note that says why a counter was kept against this finding.
fn counter_note(code: IssueCode) -> Option<NoteCode> {
    match code {
        IssueCode::DischargeCapacityIntegralMismatch | IssueCode::ChargeCapacityIntegralMismatch => {
            Some(NoteCode::ReportedCapacityDisagrees)
        }
        IssueCode::DischargeEnergyIntegralMismatch | IssueCode::ChargeEnergyIntegralMismatch => {
            Some(NoteCode::ReportedEnergyDisagrees)
        }
        _ => None,
    }
}
