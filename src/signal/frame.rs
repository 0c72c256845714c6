//! Columns as slices and back.

use std::borrow::Cow;

use polars::prelude::*;
use rayon::prelude::*;

use crate::error::{Error, ErrorKind, Result};
use crate::schema;
use crate::signal::scan::{changes, has_nan};
use crate::signal::{PART, Runs};

/// A numeric column as floats, null as NaN; `None` when the frame has no such column. Borrows where it can.
pub fn reals<'f>(frame: &'f DataFrame, column: schema::Column) -> Result<Option<Cow<'f, [f64]>>> {
    reals_by_name(frame, column.name())
}

/// Like [`reals`], by name.
pub fn reals_by_name<'f>(frame: &'f DataFrame, name: &str) -> Result<Option<Cow<'f, [f64]>>> {
    let Ok(column) = frame.column(name) else { return Ok(None) };
    let series = column.as_materialized_series();
    if let Ok(values) = series.f64() {
        if values.null_count() == 0
            && let Ok(slice) = values.cont_slice()
        {
            return Ok(Some(Cow::Borrowed(slice)));
        }
        return Ok(Some(Cow::Owned(values.iter().map(|v| v.unwrap_or(f64::NAN)).collect())));
    }
    if let Ok(values) = series.i64()
        && let Ok(slice) = values.cont_slice()
    {
        return Ok(Some(Cow::Owned(slice.iter().map(|v| *v as f64).collect())));
    }
    if !series.dtype().is_primitive_numeric() && !series.dtype().is_bool() && !series.dtype().is_null() {
        let message = format!("expected numbers in column {name:?}, found {}", series.dtype());
        return Err(Error::new(ErrorKind::Frame, message));
    }
    let cast = series.cast(&DataType::Float64).map_err(Error::polars)?;
    let values = cast.f64().map_err(Error::polars)?;
    Ok(Some(Cow::Owned(values.iter().map(|v| v.unwrap_or(f64::NAN)).collect())))
}

/// A column of integers without nulls, as it stands.
pub fn integers<'f>(frame: &'f DataFrame, name: &str) -> Option<&'f [i64]> {
    frame.column(name).ok()?.as_materialized_series().i64().ok()?.cont_slice().ok()
}

/// Marks the rows whose value differs from the last known one; a null makes no mark. Says whether there was any value.
///
/// # Errors
/// When the column is not numeric.
pub fn mark_changes(frame: &DataFrame, name: &str, begins: &mut [bool]) -> Result<bool> {
    if let Some(values) = integers(frame, name) {
        // Whole numbers without nulls, as steps and cycles mostly are: neighbours are compared as they stand.
        for row in changes(values) {
            begins.get_mut(row).into_iter().for_each(|begin| *begin = true);
        }
        return Ok(!values.is_empty());
    }
    let Some(values) = reals_by_name(frame, name)? else { return Ok(false) };
    let mut last = f64::NAN;
    for (begin, value) in begins.iter_mut().zip(values.iter()).filter(|(_, v)| !v.is_nan()) {
        *begin |= !last.is_nan() && *value != last;
        last = *value;
    }
    Ok(!last.is_nan())
}

/// Like [`reals`], and an error that says what is there when the column is missing.
pub fn need<'f>(frame: &'f DataFrame, column: schema::Column) -> Result<Cow<'f, [f64]>> {
    reals(frame, column)?.ok_or_else(|| missing(frame, column.name()))
}

/// The error for a missing column.
pub fn missing(frame: &DataFrame, name: &str) -> Error {
    let have: Vec<String> = frame.get_column_names().iter().map(|n| format!("{n:?}")).collect();
    Error::new(ErrorKind::MissingColumn, format!("expected a column {name:?}, found {}", have.join(", ")))
}

/// Floats as a column; NaN becomes null.
pub fn real_series(name: &str, values: Vec<f64>) -> Column {
    let validity = has_nan(&values).then(|| values.iter().map(|v| !v.is_nan()).collect());
    Float64Chunked::from_vec_validity(name.into(), values, validity).into_column()
}

/// Floats that are whole numbers as an integer column; NaN becomes null.
pub fn count_series(name: &str, values: &[f64]) -> Column {
    if has_nan(values) {
        let values = values.iter().map(|v| (!v.is_nan()).then_some(*v as i64));
        return Int64Chunked::from_iter_options(name.into(), values).into_column();
    }
    integer_series(name, values.iter().map(|v| *v as i64).collect())
}

/// For each row how many rows up to it are marked, without the first: the number of a step or a cycle.
pub fn count_marks(begins: &[bool]) -> Vec<i64> {
    // What each part begins with; the first row of all begins nothing that is counted.
    let mut before = -begins.first().map_or(0, |first| i64::from(*first));
    let parts = begins.chunks(PART).map(|part| {
        let own = before;
        before += part.iter().map(|begin| i64::from(*begin)).sum::<i64>();
        own
    });
    let parts: Vec<i64> = parts.collect();
    let mut counts = vec![0; begins.len()];
    let filled = counts.par_chunks_mut(PART).zip(begins.par_chunks(PART)).zip(parts);
    filled.for_each(|((counts, begins), before)| count_on(begins, counts, before));
    counts
}

/// The same for a part of the rows, with the number before its first.
fn count_on(begins: &[bool], counts: &mut [i64], mut count: i64) {
    // Most rows begin nothing: many at once get the number of the row before.
    for (begins, counts) in begins.chunks(64).zip(counts.chunks_mut(64)) {
        if begins.iter().fold(false, |any, begin| any | begin) {
            for (begin, place) in begins.iter().zip(counts) {
                count += i64::from(*begin);
                *place = count;
            }
        } else {
            counts.fill(count);
        }
    }
}

/// Integers as a column, without a copy: `Column::new` makes one.
pub fn integer_series(name: &str, values: Vec<i64>) -> Column {
    Int64Chunked::from_vec(name.into(), values).into_column()
}

/// Runs of equal values of a numeric column; `None` when the frame has no such column.
pub fn runs_of(frame: &DataFrame, column: schema::Column) -> Result<Option<Runs>> {
    if let Some(values) = integers(frame, column.name()) {
        return Ok(Some(Runs::of(values)));
    }
    Ok(reals(frame, column)?.map(|values| Runs::of_reals(&values)))
}

/// Whether a float is a whole number that an `i64` holds exactly.
pub fn is_count(value: f64) -> bool {
    (value as i64) as f64 == value && value.abs() <= 9_007_199_254_740_992.0
}

/// Replaces or adds a column.
pub fn put(frame: &mut DataFrame, column: Column) -> Result<()> {
    frame.with_column(column).map(|_| ()).map_err(Error::polars)
}
