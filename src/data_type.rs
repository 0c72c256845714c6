//! What kind of measurement a table is (docs/decisions.md#data-types).

use polars::prelude::DataFrame;

use crate::error::Result;
use crate::schema::Column;
use crate::signal::frame::{count_series, put, reals};
use crate::validate::DataType;

/// A table whose every row is an impedance row is one of spectra, unless the caller says otherwise.
pub(crate) fn of(frame: &DataFrame, asked: DataType) -> Result<DataType> {
    let Some(frequency) = reals(frame, Column::Frequency)? else { return Ok(asked) };
    let is_spectrum = !frequency.is_empty() && frequency.iter().all(|f| *f > 1e-8);
    Ok(if asked == DataType::TimeSeries && is_spectrum { DataType::Eis } else { asked })
}

/// An open-circuit curve is one step of one cycle.
pub(crate) fn as_one_step(mut frame: DataFrame) -> Result<DataFrame> {
    for column in [Column::StepCount, Column::CycleCount] {
        let zeros = [0.0].repeat(frame.height());
        put(&mut frame, count_series(column.name(), &zeros))?;
    }
    Ok(frame)
}

/// Without the time and the current that a curve has only for its steps table.
pub(crate) fn without_empty(frame: DataFrame) -> DataFrame {
    let is_timed = frame.column(Column::Time.name()).is_ok_and(|column| column.null_count() < column.len());
    if is_timed { frame } else { frame.drop_many([Column::Time.name(), Column::Current.name()]) }
}
