//! Running charge and discharge columns that restart at each step: what capacity and energy share
//! (docs/decisions.md#counters-and-integrals).

use polars::prelude::DataFrame;

use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::frame::{missing, need, put, real_series, reals, runs_of};
use crate::signal::integral::{Disagreement, check_reported, per_step};
use crate::signal::{Runs, stats};

/// Relative disagreement beyond which a reported column is not kept.
const TOLERANCE: f64 = 0.10;

/// A running column may fall by this much inside a step.
const FALL: f64 = 1e-6;

/// Where capacities and energies come from.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::PrepareOptions;
/// use cyclerprep::transform::CapacitySource;
///
/// let mut options = PrepareOptions::default();
/// options.capacity = CapacitySource::Integrated;
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &options)?;
/// // 34 minutes of 2.1 A.
/// let discharged = cell.cycles.column("Discharge capacity [A.h]")?.f64()?.get(0).unwrap();
/// assert!((discharged - 2.1 * 34.0 / 60.0).abs() < 1e-6);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CapacitySource {
    /// What the file reports, if it rises within each step and agrees with the integral within 10 %; else the integral.
    #[default]
    Automatic,
    /// What the file reports, whatever the check says.
    Reported,
    /// The integral of current or power.
    Integrated,
}

/// Options of [`set_capacity`](super::set_capacity) and [`set_energy`](super::set_energy).
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::transform::{AccumulateOptions, CapacitySource};
/// use cyclerprep::{Notes, set_capacity};
///
/// // An hour of 2 A, of which the file reports 1.95 A·h.
/// let frame = df!(
///     "Time [s]" => [0.0, 3600.0],
///     "Current [A]" => [2.0, 2.0],
///     "Step count" => [0i64, 0],
///     "Discharge capacity [A.h]" => [0.0, 1.95],
///     "Charge capacity [A.h]" => [0.0, 0.0]
/// )?;
/// let mut options = AccumulateOptions::default();
/// let reported = set_capacity(frame.clone(), &options, &mut Notes::new())?;
/// assert_eq!(reported.column("Discharge capacity [A.h]")?.f64()?.get(1), Some(1.95));
///
/// options.source = CapacitySource::Integrated;
/// let integrated = set_capacity(frame, &options, &mut Notes::new())?;
/// assert_eq!(integrated.column("Discharge capacity [A.h]")?.f64()?.get(1), Some(2.0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct AccumulateOptions {
    /// Where the numbers come from.
    pub source: CapacitySource,
}

/// The columns of one quantity.
pub(super) struct Quantities {
    pub(super) discharge: Column,
    pub(super) charge: Column,
    pub(super) single: Column,
    pub(super) disagrees: NoteCode,
    /// What is integrated, for messages.
    pub(super) rate: &'static str,
}

/// Sets the pair from reported columns or the integral of `rate` (positive = discharge), and drops the single column.
pub(super) fn accumulate(
    mut frame: DataFrame,
    quantities: &Quantities,
    rate: &[f64],
    options: &AccumulateOptions,
    notes: &mut Notes,
) -> Result<DataFrame> {
    let time = need(&frame, Column::Time)?;
    let runs = runs_of(&frame, Column::StepCount)?.ok_or_else(|| missing(&frame, Column::StepCount.name()))?;
    let side = |column: Column, side: f64| -> Result<_> {
        let mut notes = Notes::new();
        let reported = match options.source {
            CapacitySource::Integrated => None,
            _ => reported(&frame, quantities, column, side, rate, &runs)?,
        };
        let values = match (reported, options.source) {
            (Some(values), CapacitySource::Reported) => values,
            // Nothing is reported, or it is not wanted: the integral is the only source.
            (None, _) => per_step(&time, |i| rate[i], &runs, side),
            (Some(reported), _) => {
                let (apart, falls) = check_reported(&time, rate, &runs, side, &reported, FALL);
                if falls.is_none() && apart.is_none_or(|d| d.relative <= TOLERANCE) {
                    reported
                } else {
                    let integrated = per_step(&time, |i| rate[i], &runs, side);
                    tell(&reported, &integrated, apart, falls, column, quantities, &mut notes);
                    integrated
                }
            }
        };
        Ok((real_series(column.name(), values), notes))
    };
    // The sides do not know of each other.
    let (discharge, charge) = rayon::join(|| side(quantities.discharge, 1.0), || side(quantities.charge, -1.0));
    let mut results = Vec::new();
    for (column, told) in [discharge?, charge?] {
        results.push(column);
        told.into_vec().into_iter().for_each(|note| notes.push(note));
    }
    for column in results {
        put(&mut frame, column)?;
    }
    if frame.column(quantities.single.name()).is_ok() {
        frame = frame.drop(quantities.single.name()).map_err(crate::Error::polars)?;
    }
    Ok(frame)
}

/// The reported column of one side, rebased to each step.
fn reported(
    frame: &DataFrame,
    quantities: &Quantities,
    column: Column,
    side: f64,
    rate: &[f64],
    runs: &Runs,
) -> Result<Option<Vec<f64>>> {
    let single = reals(frame, quantities.single)?;
    if let Some(values) = reals(frame, column)? {
        let mut rebased = rebase(&values, runs);
        if let Some(single) = single {
            // A pair that is known on some steps only: the single counter speaks for the others.
            let missing: Vec<_> = runs.iter().filter(|run| values[run.clone()].iter().all(|v| v.is_nan())).collect();
            if !missing.is_empty() {
                let split = split(&single, runs, rate, side);
                missing.into_iter().for_each(|run| rebased[run.clone()].copy_from_slice(&split[run]));
            }
        }
        return Ok(Some(rebased));
    }
    let other = if column == quantities.discharge { quantities.charge } else { quantities.discharge };
    if reals(frame, other)?.is_some() {
        return Ok(None);
    }
    Ok(single.map(|values| split(&values, runs, rate, side)))
}

/// (a): |value − value at the first row of the step|.
fn rebase(values: &[f64], runs: &Runs) -> Vec<f64> {
    let mut out = Vec::new();
    out.reserve_exact(values.len());
    for run in runs.iter() {
        let values = &values[run];
        let first = values.iter().copied().find(|v| !v.is_nan()).unwrap_or(0.0);
        out.extend(values.iter().map(|v| (v - first).abs()));
    }
    out
}

/// (b): the running sum of the row differences on rows of one sign, per step, absolute.
fn split(values: &[f64], runs: &Runs, rate: &[f64], side: f64) -> Vec<f64> {
    let mut out = values.to_vec();
    for run in runs.iter() {
        let mut last = f64::NAN;
        let mut sum = 0.0;
        for i in run {
            let value = values[i];
            if value.is_nan() {
                continue;
            }
            if !last.is_nan() && side * rate[i] > 0.0 {
                sum += value - last;
            }
            last = value;
            out[i] = f64::abs(sum);
        }
    }
    out
}

/// Why the automatic choice goes against the file.
fn tell(
    reported: &[f64],
    integrated: &[f64],
    apart: Option<Disagreement>,
    falls: Option<usize>,
    column: Column,
    quantities: &Quantities,
    notes: &mut Notes,
) {
    let name = column.name();
    if let Some(row) = falls {
        let message =
            format!("{name}: the reported column falls inside a step; the integral of the {} is used", quantities.rate);
        notes.push(Note::new(NoteCode::CapacityIntegrated, message).at(Place::Row(row as u64)));
        return;
    }
    let Some(d) = apart else { return };
    let at = |values: &[f64]| values.get(d.row).copied().unwrap_or(f64::NAN);
    let message = format!(
        "{name}: reported {:.6e}, integral of the {} {:.6e}: {:.1} % apart, so the integral is used",
        at(reported),
        quantities.rate,
        at(integrated),
        100.0 * d.relative
    );
    notes.push(Note::new(quantities.disagrees, message.clone()).at(Place::Row(d.row as u64)));
    notes.push(Note::new(NoteCode::CapacityIntegrated, message).at(Place::Row(d.row as u64)));
}

/// How far the pair is from the integral of `rate`, as it stands and with its labels exchanged; `None` when either column is
/// absent or there is nothing to compare.
pub(super) fn swap_errors(frame: &DataFrame, quantities: &Quantities, rate: &[f64]) -> Result<Option<(f64, f64)>> {
    let (Some(d), Some(c)) = (reals(frame, quantities.discharge)?, reals(frame, quantities.charge)?) else {
        return Ok(None);
    };
    let (Some(time), Some(runs)) = (reals(frame, Column::Time)?, runs_of(frame, Column::StepCount)?) else {
        return Ok(None);
    };
    // A column that falls inside a step still says how far off it is; only the size matters here.
    let error = |side: f64, column: &[f64]| {
        check_reported(&time, rate, &runs, side, column, f64::INFINITY).0.map_or(0.0, |d| d.relative)
    };
    let max = |(a, b): (f64, f64)| f64::max(a, b);
    let as_is = max(rayon::join(|| error(1.0, &d), || error(-1.0, &c)));
    if as_is <= TOLERANCE {
        // Nobody exchanges labels that are right, so how wrong the others would be need not be known.
        return Ok(Some((as_is, f64::INFINITY)));
    }
    if stats::max_abs(&d) == 0.0 && stats::max_abs(&c) == 0.0 {
        return Ok(None);
    }
    let swapped = max(rayon::join(|| error(1.0, &c), || error(-1.0, &d)));
    Ok(Some((as_is, swapped)))
}
