//! Tables below each other, by the names of their columns.

use polars::prelude::{Column as PolarsColumn, DataFrame, DataType, IntoColumn, Series};

use crate::error::{Error, Result};

/// All rows, in the order of the tables, and the names of columns that some table does not have: these are null there.
pub(super) fn below_each_other(frames: Vec<DataFrame>) -> Result<(DataFrame, Vec<String>)> {
    let mut names: Vec<String> = Vec::new();
    for frame in &frames {
        for name in frame.get_column_names() {
            if !names.iter().any(|known| known == name.as_str()) {
                names.push(name.to_string());
            }
        }
    }
    let height = frames.iter().map(DataFrame::height).sum();
    let (mut columns, mut lacking): (Vec<PolarsColumn>, Vec<String>) = (Vec::new(), Vec::new());
    for name in names {
        let kind =
            frames.iter().filter_map(|frame| frame.column(&name).ok()).map(|column| column.dtype()).fold(None, common);
        let kind = kind.unwrap_or(DataType::Float64);
        let mut whole = Series::new_empty(name.as_str().into(), &kind);
        let mut is_everywhere = true;
        for frame in &frames {
            let part = match frame.column(&name) {
                Ok(column) => column.as_materialized_series().cast(&kind).map_err(Error::polars)?,
                Err(_) => {
                    is_everywhere = false;
                    Series::full_null(name.as_str().into(), frame.height(), &kind)
                }
            };
            whole.append(&part).map_err(Error::polars)?;
        }
        if !is_everywhere {
            lacking.push(name);
        }
        columns.push(whole.rechunk().into_column());
    }
    Ok((DataFrame::new(height, columns).map_err(Error::polars)?, lacking))
}

/// The type that holds both: numbers with fractions where one has them, texts where one is no number.
fn common(known: Option<DataType>, next: &DataType) -> Option<DataType> {
    let Some(known) = known.filter(|known| *known != DataType::Null) else { return Some(next.clone()) };
    Some(if known == *next || *next == DataType::Null {
        known
    } else if known.is_primitive_numeric() && next.is_primitive_numeric() {
        DataType::Float64
    } else {
        DataType::String
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::df;

    #[test]
    fn columns_are_put_together_by_name() {
        let a = df!("t" => [0.0, 1.0], "n" => [1i64, 2], "only" => [7.0, 8.0]).unwrap();
        let b = df!("n" => [2.5], "t" => [2.0]).unwrap();
        let (frame, lacking) = below_each_other(vec![a, b]).unwrap();
        let expected =
            df!("t" => [0.0, 1.0, 2.0], "n" => [1.0, 2.0, 2.5], "only" => [Some(7.0), Some(8.0), None]).unwrap();
        assert!(frame.equals_missing(&expected), "{frame}");
        assert_eq!(lacking, ["only"]);
    }
}
