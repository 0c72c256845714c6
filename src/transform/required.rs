//! The required set (docs/schema.md#required-set).

use polars::prelude::DataFrame;

use crate::error::{Error, Result};
use crate::schema::COLUMNS;

/// Keeps the columns of the schema up to and including `Power [W]`, and `extra`.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Time [s]" => [0.0], "Step from cycler" => [1i64], "Pressure" => [1.0])?;
/// let frame = cyclerprep::transform::keep_required_columns(frame, &["Pressure".to_owned()])?;
/// assert_eq!(frame.get_column_names(), ["Time [s]", "Pressure"]);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// None that a frame with unique names can cause.
pub fn keep_required_columns(frame: DataFrame, extra: &[String]) -> Result<DataFrame> {
    let required = |name: &str| COLUMNS.iter().any(|c| c.required && c.name == name) || extra.iter().any(|e| e == name);
    let names: Vec<String> = frame.get_column_names().iter().filter(|n| required(n)).map(|n| n.to_string()).collect();
    frame.select(names).map_err(Error::polars)
}

/// Puts the schema's columns into export order; others follow in the order they have.
pub(crate) fn in_export_order(frame: DataFrame) -> Result<DataFrame> {
    let rank = |name: &str| COLUMNS.iter().position(|c| c.name == name).unwrap_or(usize::MAX);
    let mut names = frame.get_column_names_owned();
    names.sort_by_key(|name| rank(name));
    frame.select(names).map_err(Error::polars)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::real_series;

    #[test]
    fn order_and_selection() {
        let columns = ["x", "Step from cycler", "Voltage [V]", "Time [s]"].map(|n| real_series(n, vec![0.0])).to_vec();
        let frame = in_export_order(DataFrame::new_infer_height(columns).unwrap()).unwrap();
        assert_eq!(frame.get_column_names(), ["Time [s]", "Voltage [V]", "Step from cycler", "x"]);
        let kept = keep_required_columns(frame, &["x".to_owned()]).unwrap();
        assert_eq!(kept.get_column_names(), ["Time [s]", "Voltage [V]", "x"]);
    }
}
