//! Findings of the validator that object to what the instrument stated and was kept, told with what to do for this file.

use polars::prelude::DataFrame;

use crate::error::Result;
use crate::issue::{IssueCode, ValidationIssue};
use crate::note::{NoteCode, Notes};
use crate::schema::Column;
use crate::signal::frame::{reals, runs_of};

/// Says in the first finding of steps of one row how many there are in the file and the ways out for it.
pub(crate) fn explain_short_steps(issues: &mut [ValidationIssue], frame: &DataFrame) -> Result<()> {
    let Some(issue) = issues.iter_mut().find(|issue| issue.code == IssueCode::StepTooFewPoints) else { return Ok(()) };
    let Some(runs) = runs_of(frame, Column::StepCount)? else { return Ok(()) };
    let frequency = reals(frame, Column::Frequency)?;
    let is_impedance = |row: usize| frequency.as_ref().is_some_and(|f| f.get(row).is_some_and(|f| *f > 1e-8));
    let (mut count, mut joinable) = (0, 0);
    for run in runs.iter().filter(|run| run.len() == 1) {
        count += 1;
        joinable += usize::from(!is_impedance(run.start));
    }
    let (what, they) = match count {
        1 => ("1 is a step of its own".to_owned(), "it"),
        _ => (format!("{count} are steps of their own"), "them"),
    };
    // Rows of a spectrum are points of it and never join.
    let (spectra, number, join) = match (joinable, count - joinable) {
        (_, 0) => (String::new(), "Three", format!("`--short-steps join` puts {they} to the step before, ")),
        (0, _) => (", of impedance".to_owned(), "Two", String::new()),
        (_, others) => {
            let join = "`--short-steps join` puts the others to the step before, ";
            (format!(", {others} of them of impedance"), "Three", join.to_owned())
        }
    };
    issue.message = format!(
        "{}; of the file's {} rows {what}{spectra}. {number} ways out: {join}`--skip minimum_points_per_step` leaves the \
         check out, or look at {they} and record such steps more densely",
        issue.message,
        frame.height()
    );
    Ok(())
}

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
