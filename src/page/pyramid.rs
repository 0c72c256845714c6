//! The lowest and the highest value of each so many rows: what is left of a column that is too long, without losing an extreme.

/// The lowest and the highest of each `rows` values; NaN where none is known. The browser makes coarser levels of it in the same
/// way.
pub fn bins(values: &[f64], rows: usize) -> (Vec<f64>, Vec<f64>) {
    let known = |chunk: &[f64]| {
        chunk.iter().filter(|value| value.is_finite()).fold((f64::NAN, f64::NAN), |(low, high), value| {
            // A NaN gives way.
            (value.min(low), value.max(high))
        })
    };
    values.chunks(rows.max(1)).map(known).unzip()
}

/// The first known value of each `rows`: when a bin begins.
pub fn starts(values: &[f64], rows: usize) -> Vec<f64> {
    let first = |chunk: &[f64]| chunk.iter().copied().find(|value| value.is_finite()).unwrap_or(f64::NAN);
    values.chunks(rows.max(1)).map(first).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_have_the_extremes_of_their_rows() {
        let (low, high) = bins(&[3.0, f64::NAN, -1.0, 4.0, f64::NAN, f64::NAN, 7.0], 3);
        assert_eq!((low[0], high[0], low[1], high[1]), (-1.0, 3.0, 4.0, 4.0));
        assert_eq!((low.len(), low[2], high[2]), (3, 7.0, 7.0));
        assert!(bins(&[f64::NAN; 4], 2).0.iter().all(|low| low.is_nan()));
        assert_eq!(bins(&[], 4), (vec![], vec![]));
        assert_eq!(starts(&[f64::NAN, 2.0, 3.0, 5.0, 6.0], 3), [2.0, 5.0]);
    }

    proptest::proptest! {
        #[test]
        fn no_extreme_is_lost(values in proptest::collection::vec(-10.0..10.0f64, 1..300), power in 0..7u32) {
            let rows = 2usize.pow(power);
            let (low, high) = bins(&values, rows);
            proptest::prop_assert_eq!(low.len(), values.len().div_ceil(rows));
            for (row, value) in values.iter().enumerate() {
                proptest::prop_assert!(low[row / rows] <= *value && *value <= high[row / rows]);
            }
            for (bin, (low, high)) in low.iter().zip(&high).enumerate() {
                let rows = &values[bin * rows..values.len().min((bin + 1) * rows)];
                proptest::prop_assert!(rows.contains(low) && rows.contains(high));
            }
        }
    }
}
