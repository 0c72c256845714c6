//! Columns that are beyond what a driven cell shows: a unit may be wrong.

use super::Evidence;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::stats;

/// Volts that a driven cell exceeds at some time.
const LEAST_VOLTAGE: f64 = 0.05;

/// Amperes that no cycler drives through a cell below so many volts.
const MOST_CURRENT: f64 = 1000.0;
const CELL_VOLTAGE: f64 = 10.0;

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    let (Some(voltage), Some(current)) = (evidence.reals(Column::Voltage)?, evidence.reals(Column::Current)?) else {
        return Ok(());
    };
    if let Some(frequency) = evidence.frequency()?
        && frequency.iter().any(|f| *f > 0.0)
    {
        // Amplitudes of an impedance are small.
        return Ok(());
    }
    let (volts, amperes) = (stats::max_abs(&voltage), stats::max_abs(&current));
    if amperes > 0.0 && volts < LEAST_VOLTAGE {
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
