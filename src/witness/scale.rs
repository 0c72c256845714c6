//! Columns that are beyond what a driven cell shows: a unit may be wrong.

use super::Evidence;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::stats;

/// Volts that a driven cell exceeds at some time, and amperes that drive one.
const LEAST_VOLTAGE: f64 = 0.05;
const DRIVEN: f64 = 1e-5;

/// Amperes that no cycler drives through a cell below so many volts.
const MOST_CURRENT: f64 = 1000.0;
const CELL_VOLTAGE: f64 = 10.0;

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    let (Some(voltage), Some(current)) = (evidence.reals(Column::Voltage)?, evidence.reals(Column::Current)?) else {
        return Ok(());
    };
    // Amplitudes of an impedance are small.
    let frequency = evidence.frequency()?;
    let is_impedance = |row: usize| frequency.as_ref().is_some_and(|f| f[row] > 0.0);
    let largest = |values: &[f64]| match &frequency {
        None => stats::max_abs(values),
        Some(_) => (0..values.len()).filter(|row| !is_impedance(*row)).map(|row| values[row].abs()).fold(0.0, f64::max),
    };
    let (volts, amperes) = (largest(&voltage), largest(&current));
    if amperes > DRIVEN && volts < LEAST_VOLTAGE {
        let message = format!(
            "{:?} never exceeds {volts} V while up to {amperes} A flow: its unit may be wrong. It was kept",
            Column::Voltage.name()
        );
        notes.say(NoteCode::ScaleDoubt, message);
    }
    if amperes > MOST_CURRENT && volts < CELL_VOLTAGE {
        let row = current.iter().position(|i| i.abs() > MOST_CURRENT).unwrap_or_default();
        let message = format!(
            "{:?} reaches {amperes} A at no more than {volts} V: its unit may be wrong. It was kept",
            Column::Current.name()
        );
        notes.push(Note::new(NoteCode::ScaleDoubt, message).at(Place::Row(row as u64)));
    }
    Ok(())
}
