//! Tables inside JSON: a list of values a column.

use polars::prelude::{AnyValue, Column, DataFrame, DataType, IntoColumn, NamedFrom, Series};
use serde_json::{Map, Value, json};

use super::problem::{PlatformError, Result};
use crate::issue::IssueCode;
use crate::validate::{ValidateOptions, validate_measurement_data};

/// A table for a place inside a request, such as the configuration of a pipeline: its columns as lists.
///
/// ```
/// use cyclerprep::platform::inline;
/// use polars::df;
///
/// let rows = df!("Time [s]" => [0.0, 1.0], "Step count" => [0i64, 0]).unwrap();
/// assert_eq!(inline(&rows).unwrap(), serde_json::json!({"Time [s]": [0.0, 1.0], "Step count": [0, 0]}));
/// let long = df!("Time [s]" => vec![0.0; 1001]).unwrap();
/// assert!(inline(&long).unwrap_err().to_string().contains("db:"));
/// ```
///
/// # Errors
/// [`PlatformError::Local`] for more than 1,000 rows: upload them, and name the measurement as `db:<id>`.
pub fn inline(rows: &DataFrame) -> Result<Value> {
    let limit = ValidateOptions { inline: true, ..Default::default() };
    let found = validate_measurement_data(rows, &limit)?;
    if let Some(issue) = found.issues.into_iter().find(|issue| issue.code == IssueCode::TimeSeriesRowCountExceeded) {
        let way = "upload them as a measurement and name it as \"db:<id>\"";
        return Err(PlatformError::options(format!("{}: {way}", issue.message)));
    }
    let mut all = Map::new();
    for column in rows.columns() {
        let values: Vec<Value> =
            (0..column.len()).map(|row| column.get(row).map_or(Value::Null, |cell| value(&cell))).collect();
        all.insert(column.name().to_string(), values.into());
    }
    Ok(all.into())
}

fn value(cell: &AnyValue<'_>) -> Value {
    match cell {
        AnyValue::Null => Value::Null,
        AnyValue::Boolean(yes) => json!(yes),
        AnyValue::String(text) => json!(text),
        AnyValue::Float64(number) => json!(number),
        cell => match cell.extract::<i64>() {
            Some(number) => json!(number),
            None => json!(cell.to_string()),
        },
    }
}

/// A table of lists, as the platform sends it. Numbers that are all whole are counts.
pub(super) fn frame_of(columns: &Value, path: &str) -> Result<DataFrame> {
    let wrong = || PlatformError::unexpected(format!("GET {path}"), "a list of values a column");
    let Some(columns) = columns.as_object() else {
        return if columns.is_null() { Ok(DataFrame::empty()) } else { Err(wrong()) };
    };
    let made: Option<Vec<Column>> =
        columns.iter().map(|(name, values)| Some(series(name, values.as_array()?).into_column())).collect();
    let made = made.ok_or_else(wrong)?;
    let height = made.first().map_or(0, Column::len);
    DataFrame::new(height, made).map_err(|_| wrong())
}

fn series(name: &str, values: &[Value]) -> Series {
    let is_each = |is_one: fn(&Value) -> bool| values.iter().all(|value| value.is_null() || is_one(value));
    if values.iter().all(Value::is_null) {
        return Series::full_null(name.into(), values.len(), &DataType::Float64);
    }
    let name = name.into();
    if is_each(Value::is_i64) {
        Series::new(name, values.iter().map(Value::as_i64).collect::<Vec<_>>())
    } else if is_each(Value::is_number) {
        Series::new(name, values.iter().map(Value::as_f64).collect::<Vec<_>>())
    } else if is_each(Value::is_boolean) {
        Series::new(name, values.iter().map(Value::as_bool).collect::<Vec<_>>())
    } else {
        let text = |value: &Value| match value {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        Series::new(name, values.iter().map(text).collect::<Vec<_>>())
    }
}
