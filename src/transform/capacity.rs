//! Discharge and charge capacity (docs/decisions.md#counters-and-integrals).

use polars::prelude::DataFrame;

use super::accumulate::{AccumulateOptions, accumulate};
use super::quantities::Quantities;
use crate::error::Result;
use crate::note::{NoteCode, Notes};
use crate::schema::Column;
use crate::signal::frame::need;

pub(super) const CAPACITY: Quantities = Quantities {
    discharge: Column::DischargeCapacity,
    charge: Column::ChargeCapacity,
    single: Column::Capacity,
    disagrees: NoteCode::ReportedCapacityDisagrees,
    rate: "current",
};

/// Sets `Discharge capacity [A.h]` and `Charge capacity [A.h]`: running, non-negative, 0 at the first row of each step. Takes
/// them from the reported pair, else from the single `Capacity [A.h]` (which it drops), else from the current.
///
/// Needs `Time [s]`, `Current [A]` (positive = discharge) and `Step count`.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::Notes;
///
/// let frame = df!("Time [s]" => [0.0, 3600.0], "Current [A]" => [2.0, 2.0], "Step count" => [0i64, 0])?;
/// let frame = cyclerprep::set_capacity(frame, &Default::default(), &mut Notes::new())?;
/// assert_eq!(frame.column("Discharge capacity [A.h]")?.f64()?.get(1), Some(2.0));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`](crate::ErrorKind::MissingColumn) without one of these.
pub fn set_capacity(frame: DataFrame, options: &AccumulateOptions, notes: &mut Notes) -> Result<DataFrame> {
    // Columns are shared, so this is no copy: the current outlives the frame that is changed.
    let held = frame.clone();
    accumulate(frame, &CAPACITY, &need(&held, Column::Current)?, None, options, notes)
}

#[cfg(test)]
mod tests {
    use super::super::CapacitySource;
    use super::*;
    use crate::signal::{real_series, reals};

    /// Two steps: an hour of 1 A discharge, an hour of 2 A charge.
    fn frame(extra: &[(&str, [f64; 4])]) -> DataFrame {
        let base = [
            ("Time [s]", [0.0, 3600.0, 3601.0, 7201.0]),
            ("Current [A]", [1.0, 1.0, -2.0, -2.0]),
            ("Step count", [0.0, 0.0, 1.0, 1.0]),
        ];
        let columns = base.iter().chain(extra).map(|(n, v)| real_series(n, v.to_vec())).collect();
        DataFrame::new_infer_height(columns).unwrap()
    }

    fn run(extra: &[(&str, [f64; 4])], source: CapacitySource) -> (Vec<f64>, Vec<f64>, Notes) {
        let mut notes = Notes::new();
        let got = set_capacity(frame(extra), &AccumulateOptions { source, ..Default::default() }, &mut notes).unwrap();
        assert!(got.column("Capacity [A.h]").is_err());
        let get = |c| reals(&got, c).unwrap().unwrap().into_owned();
        (get(Column::DischargeCapacity), get(Column::ChargeCapacity), notes)
    }

    #[test]
    fn integral_without_reports() {
        let (d, c, notes) = run(&[], CapacitySource::Automatic);
        assert_eq!((d, c), (vec![0.0, 1.0, 0.0, 0.0], vec![0.0, 0.0, 0.0, 2.0]));
        assert!(notes.is_empty());
    }

    #[test]
    fn reported_pair_is_rebased_to_each_step() {
        let pair =
            [("Discharge capacity [A.h]", [5.0, 6.01, 6.01, 6.01]), ("Charge capacity [A.h]", [0.5, 0.5, 0.5, 2.5])];
        let (d, c, notes) = run(&pair, CapacitySource::Automatic);
        assert!((d[1] - 1.01).abs() < 1e-12 && d[2] == 0.0 && c == [0.0, 0.0, 0.0, 2.0]);
        assert!(notes.is_empty());
    }

    #[test]
    fn a_single_counter_is_split_by_sign_even_when_it_counts_down() {
        let (d, c, _) = run(&[("Capacity [A.h]", [0.0, 1.0, 1.0, -1.0])], CapacitySource::Automatic);
        assert_eq!((d, c), (vec![0.0, 1.0, 0.0, 0.0], vec![0.0, 0.0, 0.0, 2.0]));
    }

    #[test]
    fn a_report_that_disagrees_gives_way_and_is_named() {
        let wrong =
            [("Discharge capacity [A.h]", [0.0, 1000.0, 0.0, 0.0]), ("Charge capacity [A.h]", [0.0, 0.0, 0.0, 2.0])];
        let (d, _, notes) = run(&wrong, CapacitySource::Automatic);
        assert_eq!(d[1], 1.0);
        assert!(notes.has(NoteCode::ReportedCapacityDisagrees) && notes.has(NoteCode::CapacityIntegrated));
        assert_eq!(run(&wrong, CapacitySource::Reported).0[1], 1000.0);
        let falls = [("Discharge capacity [A.h]", [0.9, 0.0, 0.0, 0.0])];
        assert_eq!(run(&falls, CapacitySource::Integrated).0[1], 1.0);
    }
}
