//! Steps of one row (docs/decisions.md#short-steps).

use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};

use crate::error::{Error, Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::frame::{count_series, need, put, reals, runs_of};

/// Seconds within which a row has the time of the row before: equal times have been spread by less.
const SAME: f64 = 1e-5;

/// What becomes of steps of one row.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::{PrepareOptions, prepare, transform::ShortSteps};
///
/// let mut options = PrepareOptions::default();
/// assert_eq!(options.short_steps, ShortSteps::Keep);
/// options.short_steps = ShortSteps::Join;
/// let cell = prepare("fixtures/neware/flat.csv", &options)?;
/// assert_eq!(cell.time_series.height(), 112, "no row is lost");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShortSteps {
    /// They stay as the cycler wrote them.
    #[default]
    Keep,
    /// They join the step before them.
    Join,
}

/// Joins each step of one timed row to the step before it, the first to the step behind it. The row takes that step's `Step
/// count` and `Cycle count` and keeps its values; a row that repeats time and values of the row before is dropped instead.
/// Impedance rows never join. Capacities and energies are set after this, so that they run on through the row.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::Notes;
///
/// let frame = df!("Time [s]" => [0.0, 1.0, 2.0, 3.0, 4.0], "Step count" => [0i64, 0, 1, 2, 2])?;
/// let mut notes = Notes::new();
/// let frame = cyclerprep::transform::join_short_steps(frame, &mut notes)?;
/// let steps: Vec<i64> = frame.column("Step count")?.i64()?.iter().flatten().collect();
/// assert_eq!(steps, [0, 0, 0, 1, 1]);
/// assert_eq!(notes[0].code.as_str(), "short_steps_joined");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`](crate::ErrorKind::MissingColumn) without `Time [s]` or `Step count`.
pub fn join_short_steps(mut frame: DataFrame, notes: &mut Notes) -> Result<DataFrame> {
    let time = need(&frame, Column::Time)?;
    need(&frame, Column::StepCount)?;
    let Some(runs) = runs_of(&frame, Column::StepCount)? else { return Ok(frame) };
    let frequency = reals(&frame, Column::Frequency)?;
    let is_eis = |row: usize| frequency.as_ref().is_some_and(|f| f[row] > 1e-8);
    let values: Vec<_> = [Column::Voltage, Column::Current].iter().map(|c| reals(&frame, *c)).collect::<Result<_>>()?;
    let repeats = |row: usize| {
        row > 0
            && (time[row] - time[row - 1]).abs() <= SAME
            && values.iter().any(Option::is_some)
            && values.iter().flatten().all(|values| values[row] == values[row - 1])
    };
    let is_short = |run: &std::ops::Range<usize>| {
        !is_eis(run.start) && run.clone().filter(|row| !time[*row].is_nan()).count() == 1
    };

    let runs: Vec<_> = runs.iter().collect();
    let cycles = reals(&frame, Column::CycleCount)?;
    let (mut steps, mut joined_cycles) = (Vec::new(), Vec::new());
    let mut dropped = Vec::new();
    let (mut joined, mut first) = (0usize, None);
    let mut step = -1i64;
    // The cycle of the step that is being made, and whether the next run joins it whatever it is.
    let (mut cycle, mut takes_next, mut may_take) = (0.0, false, false);
    for (k, run) in runs.iter().enumerate() {
        let own = cycles.as_ref().map_or(0.0, |cycles| cycles[run.start]);
        let short = is_short(run);
        let behind_is_free = runs.get(k + 1).is_some_and(|next| !is_eis(next.start));
        let is_joined = if takes_next {
            // A first step of one row waits for this one, which gives the cycle.
            if !is_eis(run.start) {
                let from = joined_cycles.len() - runs[k - 1].len();
                joined_cycles[from..].iter_mut().for_each(|c: &mut f64| *c = own);
                cycle = own;
            }
            !is_eis(run.start)
        } else {
            short && may_take
        };
        let waits = short && !is_joined && behind_is_free;
        if (is_joined && short && !takes_next) || waits {
            joined += 1;
            first = first.or(Some(run.start));
            let row = run.clone().find(|row| !time[*row].is_nan()).unwrap_or(run.start);
            if is_joined && repeats(row) {
                dropped.push(row);
            }
        }
        if !is_joined {
            step += 1;
            cycle = own;
        }
        takes_next = waits;
        may_take = !is_eis(run.start);
        steps.extend(run.clone().map(|_| step as f64));
        joined_cycles.extend(run.clone().map(|_| cycle));
    }
    let Some(row) = first else { return Ok(frame) };
    let mut columns = vec![count_series(Column::StepCount.name(), &steps)];
    if cycles.is_some() {
        columns.push(count_series(Column::CycleCount.name(), &joined_cycles));
    }
    let also = if dropped.is_empty() {
        String::new()
    } else {
        format!("; {} of them repeat time and values of the row before and were dropped", dropped.len())
    };
    let message = match joined {
        1 => format!("1 step of one row joined the step beside it: row {row}{also}"),
        _ => format!("{joined} steps of one row joined the steps beside them, the first is row {row}{also}"),
    };
    notes.push(Note::new(NoteCode::ShortStepsJoined, message).count(joined).at(Place::Row(row as u64)));
    for column in columns {
        put(&mut frame, column)?;
    }
    if dropped.is_empty() {
        return Ok(frame);
    }
    let keep = (0..frame.height()).map(|row| dropped.binary_search(&row).is_err());
    let mask = BooleanChunked::from_iter_values("keep".into(), keep);
    frame.filter(&mask).map_err(Error::polars)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::real_series;

    fn joined(columns: &[(&str, &[f64])]) -> (Vec<f64>, Vec<f64>, usize) {
        let columns = columns.iter().map(|(name, values)| real_series(name, values.to_vec())).collect();
        let mut notes = Notes::new();
        let frame = join_short_steps(DataFrame::new_infer_height(columns).unwrap(), &mut notes).unwrap();
        let get = |column| reals(&frame, column).unwrap().map(|v| v.into_owned()).unwrap_or_default();
        let count = notes.first().and_then(|note| note.count).unwrap_or_default();
        (get(Column::StepCount), get(Column::CycleCount), count as usize)
    }

    #[test]
    fn a_row_joins_the_step_before_it_and_takes_its_cycle() {
        let time: (&str, &[f64]) = ("Time [s]", &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        let cycle: (&str, &[f64]) = ("Cycle count", &[0.0, 0.0, 1.0, 1.0, 1.0, 2.0]);
        let got = joined(&[time, ("Step count", &[0.0, 0.0, 1.0, 2.0, 2.0, 3.0]), cycle]);
        assert_eq!(got, (vec![0.0, 0.0, 0.0, 1.0, 1.0, 1.0], vec![0.0, 0.0, 0.0, 1.0, 1.0, 1.0], 2));
        // The first has none before it.
        let got = joined(&[
            time,
            ("Step count", &[0.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
            ("Cycle count", &[0.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
        ]);
        assert_eq!(got, (vec![0.0; 6], vec![1.0; 6], 1));
        // Nothing is short.
        let got = joined(&[time, ("Step count", &[0.0, 0.0, 0.0, 1.0, 1.0, 1.0])]);
        assert_eq!((got.0, got.2), (vec![0.0, 0.0, 0.0, 1.0, 1.0, 1.0], 0));
        // All are.
        let got = joined(&[time, ("Step count", &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0])]);
        assert_eq!((got.0, got.2), (vec![0.0; 6], 5));
    }

    #[test]
    fn a_repeated_row_is_dropped_and_impedance_stays() {
        let time: (&str, &[f64]) = ("Time [s]", &[0.0, 1.0, 1.000_001, 2.0, 3.0]);
        let volts: (&str, &[f64]) = ("Voltage [V]", &[3.7, 3.8, 3.8, 3.9, 4.0]);
        let steps: (&str, &[f64]) = ("Step count", &[0.0, 0.0, 1.0, 2.0, 2.0]);
        assert_eq!(joined(&[time, volts, steps]).0, [0.0, 0.0, 1.0, 1.0]);
        let null = f64::NAN;
        let eis: (&str, &[f64]) = ("Frequency [Hz]", &[null, null, 1e3, null, null]);
        let got = joined(&[time, ("Voltage [V]", &[3.7, 3.8, 3.85, 3.9, 4.0]), steps, eis]);
        assert_eq!((got.0, got.2), (vec![0.0, 0.0, 1.0, 2.0, 2.0], 0));
    }
}
