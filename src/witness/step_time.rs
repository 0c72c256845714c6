//! The file's step time against the time since our step began.

use super::Evidence;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;

/// Seconds by which a step may differ, and share of steps that may.
const TOLERANCE: f64 = 1.0;
const STEPS: f64 = 0.01;

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    let (Some(step_time), Some(time)) = (evidence.reals(Column::StepTime)?, evidence.reals(Column::Time)?) else {
        return Ok(());
    };
    let (mut count, mut first) = (0usize, None);
    for run in evidence.steps.iter() {
        let (Some(start), Some(end)) = (run.clone().next(), run.last()) else { continue };
        // The first record of a step may be late, so only what passes after it is compared.
        let (file, ours) = (step_time[end] - step_time[start], time[end] - time[start]);
        if (file - ours).abs() > TOLERANCE {
            count += 1;
            first = first.or(Some((end, file, ours)));
        }
    }
    let Some((row, file, ours)) = first else { return Ok(()) };
    let steps = evidence.steps.iter().len();
    if count as f64 > STEPS * steps as f64 {
        let message = format!(
            "in {count} of {steps} steps the file's step time differs from the time since the step began: {file} s against {ours} s in the first"
        );
        notes.push(Note::new(NoteCode::StepTimeDisagrees, message).count(count).at(Place::Row(row as u64)));
    }
    Ok(())
}
