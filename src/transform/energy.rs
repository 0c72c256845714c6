//! Discharge and charge energy (docs/decisions.md#counters-and-integrals).

use std::borrow::Cow;

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::accumulate::{AccumulateOptions, accumulate};
use super::quantities::Quantities;
use crate::error::Result;
use crate::note::{NoteCode, Notes};
use crate::schema::Column;
use crate::signal::PART;
use crate::signal::frame::{need, reals};

pub(super) const ENERGY: Quantities = Quantities {
    discharge: Column::DischargeEnergy,
    charge: Column::ChargeEnergy,
    single: Column::Energy,
    disagrees: NoteCode::ReportedEnergyDisagrees,
    rate: "power",
};

/// Sets `Discharge energy [W.h]` and `Charge energy [W.h]` like [`set_capacity`](super::set_capacity), with `Power [W]` where
/// there is one, else V·I.
///
/// Needs `Time [s]`, `Current [A]`, `Voltage [V]` and `Step count`.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::Notes;
///
/// let frame = df!(
///     "Time [s]" => [0.0, 3600.0], "Current [A]" => [-2.0, -2.0], "Voltage [V]" => [3.5, 3.5], "Step count" => [0i64, 0]
/// )?;
/// let frame = cyclerprep::set_energy(frame, &Default::default(), &mut Notes::new())?;
/// assert_eq!(frame.column("Charge energy [W.h]")?.f64()?.get(1), Some(7.0));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`](crate::ErrorKind::MissingColumn) without one of these.
pub fn set_energy(frame: DataFrame, options: &AccumulateOptions, notes: &mut Notes) -> Result<DataFrame> {
    let held = frame.clone();
    let current = need(&held, Column::Current)?;
    accumulate(frame, &ENERGY, &power_of(&held)?, Some(&current), options, notes)
}

/// `Power [W]`, else V·I.
pub(super) fn power_of(frame: &DataFrame) -> Result<Cow<'_, [f64]>> {
    if let Some(power) = reals(frame, Column::Power)? {
        return Ok(power);
    }
    let (current, voltage) = (need(frame, Column::Current)?, need(frame, Column::Voltage)?);
    let both = current.par_iter().zip(voltage.par_iter());
    Ok(Cow::Owned(both.with_min_len(PART).map(|(i, v)| i * v).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::real_series;

    #[test]
    fn integrates_voltage_times_current() {
        let columns = vec![
            real_series("Time [s]", vec![0.0, 3600.0]),
            real_series("Current [A]", vec![-1.0, -1.0]),
            real_series("Voltage [V]", vec![3.0, 4.0]),
            real_series("Step count", vec![0.0, 0.0]),
        ];
        let frame = DataFrame::new_infer_height(columns).unwrap();
        let frame = set_energy(frame, &AccumulateOptions::default(), &mut Notes::new()).unwrap();
        assert_eq!(reals(&frame, Column::ChargeEnergy).unwrap().unwrap().to_vec(), [0.0, 3.5]);
        assert_eq!(reals(&frame, Column::DischargeEnergy).unwrap().unwrap().to_vec(), [0.0, 0.0]);
    }
}
