//! Outliers within steps (docs/decisions.md#other-transforms).

use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};

use crate::error::{Error, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::frame::{missing, reals_by_name, runs_of};

/// Drops the rows whose value in `column` is three or more population standard deviations from its step's mean.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::Notes;
///
/// let frame = df!("Voltage [V]" => [[3.7; 19].as_slice(), &[9.9]].concat(), "Step count" => [0i64; 20])?;
/// let mut notes = Notes::new();
/// let frame = cyclerprep::transform::remove_outliers(frame, "Voltage [V]", &mut notes)?;
/// assert_eq!(frame.height(), 19);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`](crate::ErrorKind::MissingColumn) without `column` or `Step count`.
pub fn remove_outliers(frame: DataFrame, column: &str, notes: &mut Notes) -> Result<DataFrame> {
    let values = reals_by_name(&frame, column)?.ok_or_else(|| crate::signal::frame::missing(&frame, column))?;
    let runs = runs_of(&frame, Column::StepCount)?.ok_or_else(|| missing(&frame, Column::StepCount.name()))?;
    let mut keep = Vec::new();
    keep.resize(values.len(), true);
    for run in runs.iter() {
        let known: Vec<f64> = values[run.clone()].iter().copied().filter(|v| !v.is_nan()).collect();
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        let deviation = (known.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / known.len() as f64).sqrt();
        for i in run {
            keep[i] = !((values[i] - mean).abs() >= 3.0 * deviation && deviation > 0.0);
        }
    }
    let dropped = keep.iter().filter(|k| !**k).count();
    if dropped == 0 {
        return Ok(frame);
    }
    notes.push(
        Note::new(NoteCode::RowsDropped, format!("{dropped} outlier(s) in {column:?} were dropped")).count(dropped),
    );
    let mask = BooleanChunked::from_slice("keep".into(), &keep);
    frame.filter(&mask).map_err(Error::polars)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::real_series;

    #[test]
    fn a_spike_goes_and_is_counted() {
        let mut v = vec![3.7; 20];
        v[7] = 99.0;
        let columns = vec![real_series("Voltage [V]", v), real_series("Step count", vec![0.0; 20])];
        let mut notes = Notes::new();
        let frame = remove_outliers(DataFrame::new_infer_height(columns).unwrap(), "Voltage [V]", &mut notes).unwrap();
        assert_eq!((frame.height(), notes[0].count), (19, Some(1)));
    }
}
