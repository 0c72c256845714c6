//! The first record number, or else the first step time: where it is not the first, rows before it are not in the file. A test
//! time says nothing: some testers go on with it in the next file.

use super::Evidence;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::stats;

/// The first row of a step comes no later than so many of its intervals after the step began.
const INTERVALS: f64 = 2.5;

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    if let Some(first) = evidence.first(Column::Record)?.filter(|first| !first.is_nan()) {
        if first > 1.0 {
            let message = format!(
                "the first record has the number {first}: {} record(s) before it are not in the file; times and counters begin with it",
                first - 1.0
            );
            notes.push(Note::new(NoteCode::FirstRecord, message).count(first as usize - 1).at(Place::Row(0)));
        }
        return Ok(());
    }
    let (Some(time), Some(began)) = (evidence.reals(Column::Time)?, evidence.first(Column::StepTime)?) else {
        return Ok(());
    };
    let usual = stats::median_difference(&time[evidence.steps.around(0)]);
    if began > INTERVALS * usual && began > 1.0 {
        let message = format!(
            "the first row has the step time {began} s where a row comes every {usual:.3} s: rows before it are not in the file; times and counters begin with it"
        );
        notes.push(Note::new(NoteCode::FirstRecord, message).at(Place::Row(0)));
    }
    Ok(())
}
