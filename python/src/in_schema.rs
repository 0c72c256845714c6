//! Columns of others in the schema's types. Nothing is changed on the way but its form: what has no such form is an error.

use cyclerprep::schema::{ColumnSpec, Kind};
use cyclerprep::{Error, ErrorKind, Place, Result};
use polars::prelude::{Column, DataType, Int64Chunked, IntoColumn, IntoSeries, PolarsError, PolarsResult, TimeUnit};
use polars_arrow::datatypes::{ArrowDataType, TimeUnit as ArrowUnit};

fn stored(kind: Kind) -> DataType {
    match kind {
        Kind::Real => DataType::Float64,
        Kind::Count => DataType::Int64,
        Kind::Text => DataType::String,
        Kind::DateTime => DataType::Datetime(TimeUnit::Milliseconds, None),
        Kind::Instant => DataType::Datetime(TimeUnit::Microseconds, None),
    }
}

fn wrong(name: &str, expected: &str, found: &str, advice: &str) -> Error {
    let message = format!("expected {expected} in {name:?}, found {found}; {advice}");
    Error::new(ErrorKind::Frame, message).at(Place::Column(name.to_owned()))
}

fn failed(error: &PolarsError) -> Error {
    Error::new(ErrorKind::Frame, error.to_string())
}

/// A column that is not there.
pub fn absent(spec: &ColumnSpec, rows: usize) -> Column {
    Column::full_null(spec.name.into(), rows, &stored(spec.kind))
}

/// A column in the schema's type; `kept` is what it is outside where that is another type than inside.
pub fn column(spec: &ColumnSpec, column: &Column, kept: Option<&ArrowDataType>) -> Result<Column> {
    if column.null_count() == column.len() {
        return Ok(absent(spec, column.len()));
    }
    let is_time = matches!(spec.kind, Kind::DateTime | Kind::Instant);
    match (kept, column.dtype()) {
        (Some(ArrowDataType::Timestamp(unit, zone)), _) if is_time => time(spec, column, *unit, zone.is_some()),
        (None, DataType::Datetime(TimeUnit::Milliseconds, None)) if is_time => {
            time(spec, column, ArrowUnit::Millisecond, false)
        }
        (Some(found), _) => Err(wrong(spec.name, expected(spec.kind), &format!("{found:?}"), "cast the column")),
        (None, found) if is_time || matches!(found, DataType::Binary | DataType::Datetime(..)) => {
            Err(wrong(spec.name, expected(spec.kind), &found.to_string(), "cast the column"))
        }
        _ => number_or_text(spec, column),
    }
}

fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Real => "numbers",
        Kind::Count => "whole numbers",
        Kind::Text => "text",
        Kind::DateTime => "times without a zone",
        Kind::Instant => "times with a zone",
    }
}

fn number_or_text(spec: &ColumnSpec, column: &Column) -> Result<Column> {
    let stored = stored(spec.kind);
    if *column.dtype() == stored {
        return Ok(column.clone());
    }
    let made = column.cast(&stored).map_err(|e| failed(&e))?;
    let Some(row) = first_lost(spec, column, &made).map_err(|e| failed(&e))? else { return Ok(made) };
    let found = column.get(row).map(|value| value.to_string()).map_err(|e| failed(&e))?;
    Err(wrong(spec.name, expected(spec.kind), &format!("{found} in row {row}"), "set the column right or drop it"))
}

/// The first row whose value did not come through.
fn first_lost(spec: &ColumnSpec, before: &Column, after: &Column) -> PolarsResult<Option<usize>> {
    if spec.kind == Kind::Count && before.dtype().is_float() {
        let reals = before.cast(&DataType::Float64)?;
        let mut pairs = reals.f64()?.iter().zip(after.i64()?.iter());
        // What is not a number is what others write where there is none.
        return Ok(pairs.position(|pair| match pair {
            (Some(real), Some(whole)) => whole as f64 != real,
            (Some(real), None) => !real.is_nan(),
            (None, _) => false,
        }));
    }
    if before.null_count() == after.null_count() {
        return Ok(None);
    }
    Ok(before.is_not_null().iter().zip(after.is_null().iter()).position(|pair| pair == (Some(true), Some(true))))
}

/// Ticks of a unit in a second.
fn ticks(unit: ArrowUnit) -> i64 {
    match unit {
        ArrowUnit::Second => 1,
        ArrowUnit::Millisecond => 1_000,
        ArrowUnit::Microsecond => 1_000_000,
        ArrowUnit::Nanosecond => 1_000_000_000,
    }
}

fn time(spec: &ColumnSpec, column: &Column, unit: ArrowUnit, has_zone: bool) -> Result<Column> {
    let (target, wants_zone) = match spec.kind {
        Kind::Instant => (ArrowUnit::Microsecond, true),
        _ => (ArrowUnit::Millisecond, false),
    };
    if has_zone != wants_zone {
        let (found, advice) = match has_zone {
            true => ("times with a zone", "take the zone away where the clock stood in it"),
            false => ("times without a zone", "say in which zone the clock stood"),
        };
        return Err(wrong(spec.name, expected(spec.kind), found, advice));
    }
    let (from, to) = (ticks(unit), ticks(target));
    let physical = column.to_physical_repr();
    if from == to {
        return physical.cast(&stored(spec.kind)).map_err(|e| failed(&e));
    }
    let values = physical.as_materialized_series().i64().map_err(|e| failed(&e))?;
    let scaled = |value: i64| {
        if from > to { (value % (from / to) == 0).then(|| value / (from / to)) } else { value.checked_mul(to / from) }
    };
    let scale = |(row, value): (usize, Option<i64>)| -> Result<Option<i64>> {
        let Some(value) = value else { return Ok(None) };
        scaled(value).map(Some).ok_or_else(|| {
            let found = format!("{value} ({}) in row {row}", crate::dtype::unit_name(unit));
            let expected = format!("times of whole {}", crate::dtype::unit_name(target));
            wrong(spec.name, &expected, &found, "round the column")
        })
    };
    let made = values.iter().enumerate().map(scale).collect::<Result<Int64Chunked>>()?.with_name(spec.name.into());
    made.into_series().into_column().cast(&stored(spec.kind)).map_err(|e| failed(&e))
}
