//! Whether two tables hold the same rows, or one the beginning of the other.

use polars::prelude::{Column, DataFrame, DataType};

/// How the rows here stand to those in the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rows {
    Equal,
    /// The platform has the first of them.
    Grown,
    /// They differ, in this.
    Other(String),
}

/// Compares every column that is here; what the platform has beside them is its own.
pub(super) fn compare(here: &DataFrame, there: &DataFrame) -> Rows {
    let (ours, theirs) = (here.height(), there.height());
    if theirs > ours {
        return Rows::Other(format!("it has {ours} rows, the platform {theirs}"));
    }
    for column in here.columns() {
        let Ok(other) = there.column(column.name()) else {
            return Rows::Other(format!("the platform has no column {:?}", column.name()));
        };
        if !is_equal(&column.slice(0, theirs), other) {
            return Rows::Other(format!("{:?} has other values", column.name()));
        }
    }
    if theirs == ours { Rows::Equal } else { Rows::Grown }
}

/// Numbers are numbers, in whatever type they are kept.
fn is_equal(a: &Column, b: &Column) -> bool {
    if a.dtype() != b.dtype() && a.dtype().is_primitive_numeric() && b.dtype().is_primitive_numeric() {
        let real = |column: &Column| column.cast(&DataType::Float64);
        return matches!((real(a), real(b)), (Ok(a), Ok(b)) if a.equals_missing(&b));
    }
    a.dtype() == b.dtype() && a.equals_missing(b)
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;

    use super::*;

    #[test]
    fn a_beginning_is_told_from_other_rows() {
        let rows = |n: i64| {
            df!("Time [s]" => (0..n).map(|i| i as f64).collect::<Vec<_>>(), "Step count" => (0..n).collect::<Vec<_>>())
                .unwrap()
        };
        assert_eq!(compare(&rows(5), &rows(5)), Rows::Equal);
        assert_eq!(compare(&rows(5), &rows(3)), Rows::Grown);
        assert!(matches!(compare(&rows(3), &rows(5)), Rows::Other(_)));
        let other = df!("Time [s]" => [0i32, 1], "Step count" => [0i32, 7], "More" => ["", ""]).unwrap();
        assert_eq!(compare(&rows(2), &other), Rows::Other("\"Step count\" has other values".to_owned()));
        assert_eq!(compare(&rows(1), &other.head(Some(1))), Rows::Equal);
    }
}
