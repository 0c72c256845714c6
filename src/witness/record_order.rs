//! The cycler's record numbers, which should rise by one.

use super::Evidence;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::frame::integers;
use crate::signal::scan::any_pair;

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    // Whole numbers are looked at as they stand: nearly all files have all records in order.
    if integers(evidence.frame, Column::Record.name())
        .is_some_and(|records| !any_pair(records, |before, at| at.wrapping_sub(before) != 1))
    {
        return Ok(());
    }
    let Some(records) = evidence.reals(Column::Record)? else { return Ok(()) };
    let (mut missing, mut repeated, mut falls, mut first) = (0.0, 0usize, 0usize, None);
    for (i, pair) in records.windows(2).enumerate() {
        let step = pair[1] - pair[0];
        if step == 1.0 || step.is_nan() {
            continue;
        }
        first = first.or(Some((i + 1, pair[0], pair[1])));
        if step > 1.0 {
            missing += step - 1.0;
        } else if step == 0.0 {
            repeated += 1;
        } else {
            falls += 1;
        }
    }
    let Some((row, before, after)) = first else { return Ok(()) };
    let what = [(missing as usize, "missing"), (repeated, "repeated"), (falls, "falling")];
    let said: Vec<String> = what.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let message = format!("record numbers do not rise by one: {}; {after} follows {before} first", said.join(", "));
    let count = what.iter().map(|(n, _)| n).sum();
    notes.push(Note::new(NoteCode::RecordOrder, message).count(count).at(Place::Row(row as u64)));
    Ok(())
}
