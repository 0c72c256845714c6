//! What a file itself explains of its time is set right before anything is computed (docs/decisions.md#time).

use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};

use super::StepCountOptions;
use super::step_count::boundaries;
use crate::error::{Error, Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::dips::{self, Dip, Mend};
use crate::signal::frame::{need, put, real_series, reals};
use crate::signal::scan::falls;
use crate::signal::time_unit;

/// Sets `Time [s]` right where clock, step time or neighbours say how: a test time in another unit than its header's, single
/// rows whose time falls below the row before and that the next row does not follow, and a step time under the name of the test
/// time. Looks at `Step time from cycler [s]`, `Timestamp from cycler`, the current and the counters where they are there.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::Notes;
///
/// // The third row was written from the start state.
/// let frame = df!("Time [s]" => [0.0, 10.0, 0.0, 30.0], "Voltage [V]" => [3.70, 3.71, 3.72, 3.73])?;
/// let mut notes = Notes::new();
/// let frame = cyclerprep::transform::repair_time(frame, &Default::default(), &mut notes)?;
/// assert_eq!(frame.column("Time [s]")?.f64()?.get(2), Some(20.0));
/// assert_eq!(notes[0].code.as_str(), "time_repaired");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`](crate::ErrorKind::MissingColumn) without `Time [s]`.
pub fn repair_time(mut frame: DataFrame, steps: &StepCountOptions, notes: &mut Notes) -> Result<DataFrame> {
    unit(&mut frame, notes)?;
    if !falls(&need(&frame, Column::Time)?) {
        return Ok(frame);
    }
    restarts(&mut frame, steps, notes)?;
    dips(frame, notes)
}

/// The rows' clock in s; NaN where a row has none.
fn clock(frame: &DataFrame) -> Option<impl Fn(usize) -> f64 + use<>> {
    let column = frame.column(Column::Timestamp.name()).ok()?;
    let stamps = column.as_materialized_series().to_physical_repr().i64().ok()?.clone();
    Some(move |row: usize| stamps.get(row).map_or(f64::NAN, |stamp| stamp as f64 / 1000.0))
}

fn unit(frame: &mut DataFrame, notes: &mut Notes) -> Result<()> {
    let (time, step_time) = (need(frame, Column::Time)?, reals(frame, Column::StepTime)?);
    let clock = clock(frame);
    let charges = || {
        let get = |column| reals(frame, column).ok().flatten();
        let Some(current) = get(Column::Current) else { return Vec::new() };
        let pair = [Column::DischargeCapacity, Column::ChargeCapacity].map(get);
        let single = if pair.iter().all(Option::is_none) { get(Column::Capacity) } else { None };
        let counters: Vec<&[f64]> = pair.iter().chain([&single]).flatten().map(|c| c.as_ref()).collect();
        time_unit::charges(&time, &current, &counters)
    };
    let beside = time_unit::Beside {
        clock: clock.as_ref().map(|clock| clock as &dyn Fn(usize) -> f64),
        step_time: step_time.as_deref(),
        charges: &charges,
    };
    let Some(found) = time_unit::find(&time, &beside) else { return Ok(()) };
    let said: Vec<String> = found.witnesses.iter().map(|(who, factor)| format!("{who} (× {factor:.6})")).collect();
    let too = if found.step_time_too { "; the step time is in the same unit" } else { "" };
    let message =
        format!("the test time is in {}, not in s: × {}, as {} say{too}", found.name, found.factor, said.join(" and "));
    let scaled =
        |column: Column, values: &[f64]| real_series(column.name(), values.iter().map(|v| v * found.factor).collect());
    let mut columns = vec![scaled(Column::Time, &time)];
    if let Some(step_time) = step_time.as_deref().filter(|_| found.step_time_too) {
        columns.push(scaled(Column::StepTime, step_time));
    }
    notes.push(Note::new(NoteCode::TimeRepaired, message).count(time.len()));
    columns.into_iter().try_for_each(|column| put(frame, column))
}

/// A time that falls where a step begins, and at nearly every step, is a step time: the steps are put behind each other.
fn restarts(frame: &mut DataFrame, options: &StepCountOptions, notes: &mut Notes) -> Result<()> {
    let time = need(frame, Column::Time)?;
    let Some(begins) = boundaries(frame, options)? else { return Ok(()) };
    let (mut last, mut count, mut fallen, mut small) = (None::<usize>, 0usize, 0usize, true);
    // Rows behind a fall that stay behind the row before it: without them the falls are single rows.
    let (mut stays, mut before_fall) = (0usize, None::<f64>);
    let mut pending = false;
    for (row, t) in time.iter().enumerate() {
        pending |= begins[row] && row > 0;
        if t.is_nan() {
            continue;
        }
        if let Some(before) = last {
            let falls = *t < time[before];
            stays += usize::from(before_fall.take().is_some_and(|end| *t < end));
            if falls {
                before_fall = Some(time[before]);
            }
            if falls && !pending {
                return Ok(());
            }
            count += usize::from(pending);
            fallen += usize::from(falls);
            // A step time begins near 0; a second test or a part of one need not.
            small &= !falls || *t <= 0.1 * time[before];
        }
        (last, pending) = (Some(row), false);
    }
    // Steps of a single row at 0 do not fall to 0.
    if fallen < 2 || !small || 10 * fallen < 9 * count || 3 * stays < fallen {
        return Ok(());
    }
    let clock = clock(frame);
    let mut out = time.to_vec();
    let (mut shift, mut by_clock, mut first) = (0.0, 0usize, None);
    let mut last: Option<usize> = None;
    let mut pending = false;
    for row in 0..out.len() {
        pending |= begins[row] && row > 0;
        if time[row].is_nan() {
            continue;
        }
        if let (Some(before), true) = (last, pending) {
            first = first.or(Some(row));
            let passed = clock.as_ref().map(|clock| clock(row) - clock(before)).filter(|passed| *passed >= 0.0);
            // Without a clock the step time itself says how long after the step's beginning the row is.
            by_clock += usize::from(passed.is_some());
            shift = out[before] + passed.unwrap_or(time[row].max(0.0)) - time[row];
        }
        (last, pending) = (Some(row), false);
        out[row] = time[row] + shift;
    }
    let whose = if by_clock > 0 {
        format!("; the clock of the rows says where {by_clock} of them begin")
    } else {
        String::new()
    };
    let message = format!(
        "the test time begins anew with {fallen} of {count} later steps, so it is a step time: the steps were put behind each other{whose}"
    );
    let place = Place::Row(first.unwrap_or_default() as u64);
    notes.push(Note::new(NoteCode::TimeRepaired, message).count(count).at(place));
    put(frame, real_series(Column::Time.name(), out))
}

/// Single rows whose time falls and that the next row does not follow.
fn dips(mut frame: DataFrame, notes: &mut Notes) -> Result<DataFrame> {
    let time = need(&frame, Column::Time)?;
    let step_time = reals(&frame, Column::StepTime)?;
    let values: Vec<_> =
        [Column::Voltage, Column::Current].into_iter().map(|c| reals(&frame, c)).collect::<Result<_>>()?;
    let is_repeat = |a: usize, b: usize| {
        values.iter().any(Option::is_some) && values.iter().flatten().all(|values| values[a] == values[b])
    };
    let clock = clock(&frame);
    let beside = dips::Beside {
        clock: clock.as_ref().map(|clock| clock as &dyn Fn(usize) -> f64),
        step_time: step_time.as_deref(),
        is_repeat: &is_repeat,
    };
    let found = dips::find(&time, &beside);
    let Some(Dip { row, .. }) = found.first().copied() else { return Ok(frame) };
    let mut kinds = [
        (0usize, "from the clock of the rows"),
        (0, "from the step time"),
        (0, "dropped, a neighbour has the same values"),
        (0, "set between its neighbours"),
    ];
    let mut out = time.to_vec();
    for dip in &found {
        let (kind, t) = match dip.mend {
            Mend::Clock(t) => (0, t),
            Mend::StepTime(t) => (1, t),
            Mend::Drop => (2, f64::NAN),
            Mend::Between(t) => (3, t),
        };
        kinds[kind].0 += 1;
        out[dip.row] = t;
    }
    let said: Vec<String> = kinds.iter().filter(|(n, _)| *n > 0).map(|(n, how)| format!("{n} {how}")).collect();
    let message = format!(
        "the time of {} single row(s) falls below the row before, and the next row carries on: {}; the first is {} s after {} s",
        found.len(),
        said.join(", "),
        time[row],
        time[..row].iter().rev().find(|t| !t.is_nan()).copied().unwrap_or_default()
    );
    notes.push(Note::new(NoteCode::TimeRepaired, message).count(found.len()).at(Place::Row(row as u64)));
    put(&mut frame, real_series(Column::Time.name(), out))?;
    let dropped: Vec<usize> = found.iter().filter(|dip| dip.mend == Mend::Drop).map(|dip| dip.row).collect();
    if dropped.is_empty() {
        return Ok(frame);
    }
    let keep = (0..frame.height()).map(|row| dropped.binary_search(&row).is_err());
    let mask: BooleanChunked = BooleanChunked::from_iter_values("keep".into(), keep);
    frame.filter(&mask).map_err(Error::polars)
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::Column as PolarsColumn;

    fn frame(columns: &[(&str, Vec<f64>)]) -> DataFrame {
        let columns: Vec<PolarsColumn> =
            columns.iter().map(|(name, values)| real_series(name, values.clone())).collect();
        DataFrame::new_infer_height(columns).unwrap()
    }

    fn repaired(frame: DataFrame) -> (Vec<f64>, Notes) {
        let mut notes = Notes::new();
        let frame = repair_time(frame, &StepCountOptions::default(), &mut notes).unwrap();
        (need(&frame, Column::Time).unwrap().into_owned(), notes)
    }

    #[test]
    fn a_step_time_under_the_wrong_name_is_put_together() {
        let step = ("Step from cycler", vec![1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0]);
        let time = ("Time [s]", vec![0.0, 10.0, 20.0, 1.0, 11.0, 0.0, 10.0]);
        let (got, notes) = repaired(frame(&[time.clone(), step]));
        assert_eq!(got, [0.0, 10.0, 20.0, 21.0, 31.0, 31.0, 41.0]);
        assert!(notes[0].message.contains("2 of 2 later steps"), "{notes:?}");
        // A total time that prints 0 in the first row of each step is none: the next row carries on.
        let step = ("Step from cycler", vec![1.0, 1.0, 2.0, 2.0, 3.0, 3.0]);
        let (got, _) = repaired(frame(&[("Time [s]", vec![0.0, 10.0, 0.0, 30.0, 0.0, 50.0]), step]));
        assert_eq!(got, [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]);
        // Falls inside a step are no restarts of steps.
        let (got, notes) = repaired(frame(&[time, ("Step from cycler", vec![1.0; 7])]));
        assert_eq!(got[3], 1.0);
        assert!(notes.is_empty());
    }

    #[test]
    fn a_repeated_row_that_falls_is_dropped() {
        let voltage = ("Voltage [V]", vec![3.7, 3.8, 3.8, 3.9]);
        let (got, notes) = repaired(frame(&[("Time [s]", vec![0.0, 10.0, 0.0, 30.0]), voltage]));
        assert_eq!(got, [0.0, 10.0, 30.0]);
        assert!(notes[0].message.contains("1 dropped"), "{notes:?}");
        assert_eq!(notes[0].place, Some(Place::Row(2)));
    }

    #[test]
    fn hours_are_found_by_step_time_and_counter() {
        let seconds: Vec<f64> = (0..200).map(|k| 30.0 * f64::from(k)).collect();
        let columns = [
            ("Time [s]", seconds.iter().map(|t| t / 3600.0).collect()),
            ("Step time from cycler [s]", seconds.iter().map(|t| t % 3000.0).collect()),
            ("Current [A]", vec![-2.0; 200]),
            ("Charge capacity [A.h]", seconds.iter().map(|t| 2.0 * t / 3600.0).collect()),
        ];
        let (got, notes) = repaired(frame(&columns));
        assert!(got.iter().zip(&seconds).all(|(a, b)| (a - b).abs() < 1e-9));
        let message = &notes[0].message;
        assert!(message.contains("in hours") && message.contains("the counters (× 3600.0"), "{message}");
    }

    proptest::proptest! {
        /// A time that rises is never touched.
        #[test]
        fn what_rises_stays(gaps in proptest::collection::vec(0.0f64..100.0, 1..60)) {
            let mut t = 5.0;
            let time: Vec<f64> = gaps.iter().map(|gap| { t += gap; t }).collect();
            let (got, notes) = repaired(frame(&[("Time [s]", time.clone())]));
            proptest::prop_assert_eq!(got, time);
            proptest::prop_assert!(notes.is_empty());
        }
    }
}
