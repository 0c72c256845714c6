//! Time starts at 0 and no two rows share an instant (docs/decisions.md#time).

use polars::prelude::{DataFrame, DataType};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::frame::{need, put, real_series};
use crate::signal::scan::{never_falls, rises};

/// Seconds by which equal times are spread.
const OFFSET: f64 = 1e-6;

/// Spreading moves a row at most this often; a time so large that 1e-6 s is lost in it stays as it is.
const PASSES: usize = 10;

/// What to do with time that runs backwards.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::{Notes, transform::TimeOptions};
///
/// let mut options = TimeOptions::default();
/// options.offset_fix = Some(1.0);
/// let frame = cyclerprep::reset_time(df!("Time [s]" => [0.0, 10.0, 5.0])?, &options, &mut Notes::new())?;
/// assert_eq!(frame.column("Time [s]")?.f64()?.get(2), Some(11.0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct TimeOptions {
    /// Replaces every negative time difference by this many seconds (≥ 0). Default: such time is an error.
    pub offset_fix: Option<f64>,
}

/// Subtracts the first non-null `Time [s]`.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::Notes;
///
/// let frame = df!("Time [s]" => [100.0, 160.0])?;
/// let frame = cyclerprep::reset_time(frame, &Default::default(), &mut Notes::new())?;
/// assert_eq!(frame.column("Time [s]")?.f64()?.get(1), Some(60.0));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Time`] when time runs backwards and no `offset_fix` is given: it names the two rows and values;
/// [`ErrorKind::MissingColumn`] without `Time [s]`.
pub fn reset_time(mut frame: DataFrame, options: &TimeOptions, notes: &mut Notes) -> Result<DataFrame> {
    let before = need(&frame, Column::Time)?;
    if never_falls(&before) && before.first().is_some_and(|first| !first.is_nan()) {
        let first = before[0];
        // Nothing is written where nothing would change.
        if first != 0.0 || frame.column(Column::Time.name()).is_ok_and(|time| *time.dtype() != DataType::Float64) {
            let time = before.iter().map(|t| t - first).collect();
            put(&mut frame, real_series(Column::Time.name(), time))?;
        }
        return Ok(frame);
    }
    let mut time = before.to_vec();
    let mut last: Option<(usize, f64)> = None;
    let mut shift = 0.0;
    let mut repaired = Vec::new();
    let first = time.iter().copied().find(|t| !t.is_nan()).unwrap_or(0.0);
    for (row, t) in time.iter_mut().enumerate().filter(|(_, t)| !t.is_nan()) {
        let raw = *t;
        if let Some((last_row, last_raw)) = last
            && raw < last_raw
        {
            let Some(fix) = options.offset_fix.filter(|fix| *fix >= 0.0) else {
                let help = if a_fix_shifts_the_rest(&before) {
                    "the rows behind carry on elsewhere, so joining them there would move the rest of the test: mend the file at this row"
                } else {
                    "`--time-offset-fix SECONDS` replaces each backward step"
                };
                let message = format!(
                    "expected time that does not run backwards, found {raw} s in row {row} after {last_raw} s in row {last_row}; {help}"
                );
                return Err(Error::new(ErrorKind::Time, message).at(Place::Row(row as u64)));
            };
            shift += last_raw - raw + fix;
            repaired.push(row);
        }
        last = Some((row, raw));
        *t = raw - first + shift;
    }
    if let Some(row) = repaired.first() {
        let fix = options.offset_fix.unwrap_or_default();
        let message = format!("time ran backwards {} time(s); each such difference became {fix} s", repaired.len());
        notes.push(Note::new(NoteCode::TimeRepaired, message).count(repaired.len()).at(Place::Row(*row as u64)));
    }
    put(&mut frame, real_series(Column::Time.name(), time))?;
    Ok(frame)
}

/// Whether the time jumps ahead right after its falls by more than it fell: then a few rows are wrong, not those behind them.
fn a_fix_shifts_the_rest(time: &[f64]) -> bool {
    let known: Vec<f64> = time.iter().copied().filter(|t| !t.is_nan()).collect();
    let (mut falls, mut jumps) = (0.0, 0.0);
    for rows in known.windows(3).filter(|rows| rows[1] < rows[0]) {
        falls += rows[0] - rows[1];
        jumps += (rows[2] - rows[1]).max(0.0);
    }
    jumps > falls
}

/// Adds k·1e-6 s to the k-th row of each run of equal times (k = 0, 1, …), until no two rows are equal. A run that would
/// overtake the next time is spread over the gap instead.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::Notes;
///
/// let frame = df!("Time [s]" => [0.0, 1.0, 1.0, 2.0])?;
/// let frame = cyclerprep::offset_duplicate_times(frame, &mut Notes::new())?;
/// let time: Vec<f64> = frame.column("Time [s]")?.f64()?.iter().flatten().collect();
/// assert!(time.windows(2).all(|pair| pair[0] < pair[1]));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`] without `Time [s]`.
pub fn offset_duplicate_times(mut frame: DataFrame, notes: &mut Notes) -> Result<DataFrame> {
    let time = need(&frame, Column::Time)?;
    if rises(&time) {
        return Ok(frame);
    }
    // NaN is never equal, so untimed rows neither join a run nor break one: they are taken out first.
    let rows: Vec<usize> = (0..time.len()).filter(|i| !time[*i].is_nan()).collect();
    let equal = |time: &[f64]| rows.windows(2).filter(|w| time[w[0]] == time[w[1]]).count();
    let count = equal(&time);
    if count == 0 {
        return Ok(frame);
    }
    let first = rows.windows(2).find(|w| time[w[0]] == time[w[1]]).map_or(0, |w| w[1]);
    let mut time = time.into_owned();
    for _ in 0..PASSES {
        spread(&mut time, &rows);
        if equal(&time) == 0 {
            break;
        }
    }
    let message = format!("{count} row(s) repeat the time of the row before; they were spread by {OFFSET:e} s");
    notes.push(Note::new(NoteCode::TimeRepaired, message).count(count).at(Place::Row(first as u64)));
    put(&mut frame, real_series(Column::Time.name(), time))?;
    Ok(frame)
}

fn spread(time: &mut [f64], rows: &[usize]) {
    let mut i = 0;
    while i < rows.len() {
        let t = time[rows[i]];
        let run = rows[i..].iter().take_while(|row| time[**row] == t).count();
        if run > 1 {
            let gap = rows.get(i + run).map_or(f64::INFINITY, |next| time[*next] - t);
            let fits = (run - 1) as f64 * OFFSET <= gap;
            let step = if fits { OFFSET } else { gap / run as f64 };
            for (k, row) in rows[i..i + run].iter().enumerate() {
                time[*row] = t + k as f64 * step;
            }
        }
        i += run;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::reals;

    fn frame(time: &[f64]) -> DataFrame {
        DataFrame::new_infer_height(vec![real_series("Time [s]", time.to_vec())]).unwrap()
    }

    fn times(frame: &DataFrame) -> Vec<f64> {
        reals(frame, Column::Time).unwrap().unwrap().into_owned()
    }

    #[test]
    fn starts_at_zero_and_names_backward_rows() {
        let notes = &mut Notes::new();
        assert_eq!(times(&reset_time(frame(&[5.0, 6.0]), &TimeOptions::default(), notes).unwrap()), [0.0, 1.0]);
        let error = reset_time(frame(&[0.0, 5.0, 3.0]), &TimeOptions::default(), notes).unwrap_err();
        insta::assert_snapshot!(error, @"expected time that does not run backwards, found 3 s in row 2 after 5 s in row 1; `--time-offset-fix SECONDS` replaces each backward step, at row 2");
        // Two rows were written from the start state: moving the rest by 40 s would be wrong.
        let error = reset_time(frame(&[0.0, 40.0, 0.0, 50.0, 3.0, 70.0]), &TimeOptions::default(), notes).unwrap_err();
        assert!(!error.to_string().contains("--time-offset-fix"), "{error}");
        let fixed = reset_time(frame(&[0.0, 5.0, 3.0, 4.0]), &TimeOptions { offset_fix: Some(1.0) }, notes).unwrap();
        assert_eq!(times(&fixed), [0.0, 5.0, 6.0, 7.0]);
    }

    #[test]
    fn equal_times_are_spread() {
        let notes = &mut Notes::new();
        let got = times(&offset_duplicate_times(frame(&[0.0, 0.0, 0.0, 1.0, 1.0]), notes).unwrap());
        assert_eq!(got, [0.0, 1e-6, 2e-6, 1.0, 1.0 + 1e-6]);
        let got = times(&offset_duplicate_times(frame(&[0.0, 0.0, 1e-6]), notes).unwrap());
        assert_eq!(got, [0.0, 1e-6, 2e-6]);
        let dense = times(&offset_duplicate_times(frame(&[vec![0.0; 2000], vec![1e-3]].concat()), notes).unwrap());
        assert!(dense.is_sorted());
    }

    proptest::proptest! {
        #[test]
        fn both_are_idempotent(steps in proptest::collection::vec(0u8..3, 1..60)) {
            let mut t = 100.0;
            let time: Vec<f64> = steps.iter().map(|s| { t += f64::from(*s) * 0.5; t }).collect();
            let notes = &mut Notes::new();
            let once = reset_time(frame(&time), &TimeOptions::default(), notes).unwrap();
            let once = offset_duplicate_times(once, notes).unwrap();
            let values = times(&once);
            proptest::prop_assert!(values.windows(2).all(|w| w[0] < w[1]) && values[0] == 0.0);
            let twice = reset_time(once.clone(), &TimeOptions::default(), notes).unwrap();
            proptest::prop_assert_eq!(times(&offset_duplicate_times(twice, notes).unwrap()), values);
        }
    }
}
