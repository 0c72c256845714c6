//! Cells that are blank among numbers, in columns that steps, cycles and counters are made of.

use super::Evidence;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;

/// A column with a larger share of blank cells is written so.
const SHARE: f64 = 0.05;

/// What is looked at, and what a blank cell of it does.
static LOOKED_AT: &[(Column, &str)] = &[
    (Column::StepFromCycler, "they belong to the step of the row before"),
    (Column::CycleFromCycler, "they belong to the cycle of the row before"),
    (Column::DischargeCapacity, "what passed in them is counted at the next row"),
    (Column::ChargeCapacity, "what passed in them is counted at the next row"),
    (Column::Capacity, "what passed in them is counted at the next row"),
    (Column::DischargeEnergy, "what passed in them is counted at the next row"),
    (Column::ChargeEnergy, "what passed in them is counted at the next row"),
    (Column::Energy, "what passed in them is counted at the next row"),
];

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    let frequency = evidence.frequency()?;
    for (column, what) in LOOKED_AT.iter().filter(|(column, _)| evidence.has_blanks(*column)) {
        let held = evidence.reported(*column)?;
        let Some(values) = held.map_or_else(|| evidence.reals(*column), |held| Ok(Some(held)))? else { continue };
        // Impedance rows have no counters.
        let is_blank = |row: &usize| values[*row].is_nan() && frequency.as_ref().is_none_or(|f| f[*row].is_nan());
        let mut rows = (0..values.len()).filter(is_blank);
        let Some(row) = rows.next() else { continue };
        let count = 1 + rows.count();
        if count as f64 <= (SHARE * values.len() as f64).max(1.0) {
            let message =
                format!("{:?}: {count} cell(s) are blank among numbers, the first in row {row}; {what}", column.name());
            notes.push(Note::new(NoteCode::CellsUnreadable, message).count(count).at(Place::Row(row as u64)));
        }
    }
    Ok(())
}
