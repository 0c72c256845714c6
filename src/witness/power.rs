//! A reported power against V·I.

use super::Evidence;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::stats;

/// Share of the largest power by which a row may differ, and share of rows that may.
const TOLERANCE: f64 = 0.10;
const ROWS: f64 = 0.01;

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    if !evidence.power_is_reported {
        return Ok(());
    }
    let get = |column| evidence.reals(column);
    let (Some(power), Some(current), Some(voltage)) =
        (get(Column::Power)?, get(Column::Current)?, get(Column::Voltage)?)
    else {
        return Ok(());
    };
    let largest = stats::max_abs(&power);
    // The signs are settled elsewhere; here only the sizes count.
    let product = |i: usize| (current[i] * voltage[i]).abs();
    let differs = |i: &usize| (power[*i].abs() - product(*i)).abs() > TOLERANCE * largest;
    let mut rows = (0..power.len()).filter(differs);
    let Some(first) = rows.next() else { return Ok(()) };
    let count = 1 + rows.count();
    if count as f64 > ROWS * power.len() as f64 {
        let message = format!(
            "the reported power differs from voltage × current in {count} of {} rows: {} W against {} W in the first",
            power.len(),
            power[first].abs(),
            product(first)
        );
        notes.push(Note::new(NoteCode::PowerDisagrees, message).count(count).at(Place::Row(first as u64)));
    }
    Ok(())
}
