//! Exchanged charge and discharge labels (docs/decisions.md#swapped-labels).

use polars::prelude::DataFrame;

use super::accumulate::swap_errors;
use super::capacity::CAPACITY;
use super::energy::{ENERGY, power_of};
use super::quantities::Quantities;
use crate::error::Result;
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::frame::{need, put, real_series, runs_of};
use crate::signal::vote;

/// Relative error that separates right from wrong labels.
const TOLERANCE: f64 = 0.10;

/// Exchanges the labels of the capacity pair, and of the energy pair, when the columns agree with the current only that way.
/// Does nothing when the current's own sign is in doubt.
///
/// Needs `Time [s]`, `Current [A]`, `Voltage [V]` and `Step count`.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::Notes;
///
/// // One hour of discharge, counted under "Charge".
/// let frame = df!(
///     "Time [s]" => [0.0, 3600.0], "Current [A]" => [1.0, 1.0], "Voltage [V]" => [4.0, 3.0], "Step count" => [0i64, 0],
///     "Discharge capacity [A.h]" => [0.0, 0.0], "Charge capacity [A.h]" => [0.0, 1.0]
/// )?;
/// let mut notes = Notes::new();
/// let frame = cyclerprep::fix_swapped_charge_discharge_columns(frame, &mut notes)?;
/// assert_eq!(frame.column("Discharge capacity [A.h]")?.f64()?.get(1), Some(1.0));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`](crate::ErrorKind::MissingColumn) without one of these.
pub fn fix_swapped_charge_discharge_columns(mut frame: DataFrame, notes: &mut Notes) -> Result<DataFrame> {
    let has = |q: &Quantities| frame.column(q.discharge.name()).is_ok() && frame.column(q.charge.name()).is_ok();
    if !has(&CAPACITY) && !has(&ENERGY) {
        return Ok(frame);
    }
    let held = frame.clone();
    let current = need(&held, Column::Current)?;
    let power = power_of(&held)?;
    for (quantities, rate) in [(&CAPACITY, &current), (&ENERGY, &power)] {
        let Some((as_is, swapped)) = swap_errors(&frame, quantities, rate, &current)? else { continue };
        // The vote is taken only where there is something to exchange.
        if swapped > TOLERANCE || as_is <= TOLERANCE || sign_in_doubt(&frame, &current)? {
            continue;
        }
        let discharge = need(&frame, quantities.discharge)?.into_owned();
        let charge = need(&frame, quantities.charge)?.into_owned();
        put(&mut frame, real_series(quantities.discharge.name(), charge))?;
        put(&mut frame, real_series(quantities.charge.name(), discharge))?;
        let message = format!(
            "{:?} and {:?} were exchanged: against the integral of the {} they are {:.1} % off as labelled, {:.1} % exchanged",
            quantities.discharge.name(),
            quantities.charge.name(),
            quantities.rate,
            100.0 * as_is,
            100.0 * swapped
        );
        notes.push(Note::new(NoteCode::LabelsSwapped, message));
    }
    Ok(frame)
}

/// Whether check docs/validator.md#current-sign would speak.
fn sign_in_doubt(frame: &DataFrame, current: &[f64]) -> Result<bool> {
    let (time, voltage) = (need(frame, Column::Time)?, need(frame, Column::Voltage)?);
    let Some(runs) = runs_of(frame, Column::StepCount)? else { return Ok(false) };
    let tally = vote::tally(&time, current, &voltage, &runs, vote::threshold(current));
    Ok(tally.charge_share().is_some_and(|share| share >= 0.25))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transform::pipeline::testing::cell_test;
    use crate::transform::{AccumulateOptions, set_capacity, set_step_count};

    #[test]
    fn labels_follow_the_current_and_a_second_run_changes_nothing() {
        let mut notes = Notes::new();
        let frame = set_step_count(cell_test(|i| i), &Default::default()).unwrap();
        let right = set_capacity(frame, &AccumulateOptions::default(), &mut notes).unwrap();
        let mut wrong = right.clone();
        let get = |c| need(&right, c).unwrap().into_owned();
        put(&mut wrong, real_series(Column::ChargeCapacity.name(), get(Column::DischargeCapacity))).unwrap();
        put(&mut wrong, real_series(Column::DischargeCapacity.name(), get(Column::ChargeCapacity))).unwrap();
        let fixed = fix_swapped_charge_discharge_columns(wrong, &mut notes).unwrap();
        assert!(fixed.equals(&right));
        assert_eq!(notes.len(), 1);
        assert!(fix_swapped_charge_discharge_columns(fixed, &mut notes).unwrap().equals(&right));
        assert_eq!(notes.len(), 1);
    }
}
