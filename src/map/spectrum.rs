//! A spectrum from a file of its own goes to the step of its test that measured it.

use polars::prelude::{Column as PolarsColumn, DataFrame, DataType};

use crate::error::{Error, ErrorKind, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::frame::{put, reals};

/// What a point of a spectrum shares with its step; everything else is not known of it.
static SHARED: &[Column] =
    &[Column::StepFromCycler, Column::CycleFromCycler, Column::Frame, Column::StepRun, Column::Mode];

/// What the side file holds of a point.
static POINT: &[Column] = &[Column::Frequency, Column::ZRe, Column::ZIm, Column::ZMod, Column::ZPhase];

/// Puts the points of `spectrum` behind the row of the `sweep`-th impedance step, counted from 1, with a null time.
///
/// `mode` is the label of the rows that stand for a sweep.
pub(crate) fn join(
    frame: DataFrame,
    spectrum: &DataFrame,
    mode: &str,
    sweep: usize,
    notes: &mut Notes,
) -> Result<DataFrame> {
    let modes = frame.column(Column::Mode.name()).ok().and_then(|c| c.str().ok().cloned());
    // Points that were joined before carry the sweep's mode too.
    let frequency = reals(&frame, Column::Frequency)?.map(|f| f.into_owned());
    let is_point = |row: usize| frequency.as_ref().is_some_and(|f| !f[row].is_nan());
    let is_sweep = |row: &usize| {
        let own = modes.as_ref().and_then(|modes| modes.get(*row));
        own.is_some_and(|own| own.eq_ignore_ascii_case(mode)) && !is_point(*row)
    };
    let rows: Vec<usize> = (0..frame.height()).filter(is_sweep).collect();
    let Some(row) = sweep.checked_sub(1).and_then(|k| rows.get(k)).copied() else {
        let message =
            format!("expected an impedance step number {sweep} for the spectrum, found {} in the test", rows.len());
        return Err(Error::new(ErrorKind::Options, message));
    };
    let points = spectrum.height();
    let mut frame = frame;
    for column in POINT {
        if reals(&frame, *column)?.is_none() {
            let empty = PolarsColumn::full_null(column.name().into(), frame.height(), &DataType::Float64);
            put(&mut frame, empty)?;
        }
    }
    let of_step = |column: &PolarsColumn| {
        let name = column.name().as_str();
        if SHARED.iter().any(|shared| shared.name() == name) {
            return column.new_from_index(row, points);
        }
        match POINT.iter().find(|point| point.name() == name).and_then(|point| spectrum.column(point.name()).ok()) {
            Some(values) => values.clone(),
            None => PolarsColumn::full_null(name.into(), points, column.dtype()),
        }
    };
    let points_frame = DataFrame::new(points, frame.columns().iter().map(of_step).collect()).map_err(Error::polars)?;
    let behind = frame.slice(row as i64 + 1, frame.height());
    let joined =
        frame.slice(0, row + 1).vstack(&points_frame).and_then(|f| f.vstack(&behind)).map_err(Error::polars)?;
    let message = format!("{points} points of a spectrum were put behind row {} of the test", row + 1);
    notes.push(Note::new(NoteCode::FilesJoined, message).count(points));
    Ok(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::real_series;

    #[test]
    fn a_second_spectrum_goes_to_the_second_sweep() {
        let column = |column: Column, values: &[f64]| real_series(column.name(), values.to_vec());
        let modes = PolarsColumn::new(Column::Mode.name().into(), ["R", "FRA", "R", "FRA", "R"]);
        let frame = DataFrame::new_infer_height(vec![column(Column::Time, &[0.0, 1.0, 2.0, 3.0, 4.0]), modes]).unwrap();
        let spectrum = |f: f64| {
            let points = vec![column(Column::Frequency, &[f, f / 10.0]), column(Column::ZRe, &[1.0, 2.0])];
            DataFrame::new_infer_height(points).unwrap()
        };
        let mut notes = Notes::new();
        let frame = join(frame, &spectrum(100.0), "FRA", 1, &mut notes).unwrap();
        let frame = join(frame, &spectrum(700.0), "FRA", 2, &mut notes).unwrap();
        let frequency = reals(&frame, Column::Frequency).unwrap().unwrap().into_owned();
        let points: Vec<(usize, f64)> = frequency.into_iter().enumerate().filter(|(_, f)| !f.is_nan()).collect();
        assert_eq!(points, [(2, 100.0), (3, 10.0), (6, 700.0), (7, 70.0)]);
        assert_eq!(join(frame, &spectrum(1.0), "FRA", 3, &mut notes).unwrap_err().kind(), ErrorKind::Options);
    }
}
