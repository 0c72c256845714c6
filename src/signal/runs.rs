//! Runs of equal values: the steps of a test.

use std::ops::Range;

/// Consecutive row ranges that together cover all rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runs {
    starts: Vec<usize>,
    rows: usize,
}

impl Runs {
    /// One run for each stretch of equal values.
    pub fn of<T: PartialEq>(values: &[T]) -> Self {
        let first = (!values.is_empty()).then_some(0);
        let changes = values.windows(2).enumerate().filter(|(_, pair)| pair[0] != pair[1]).map(|(i, _)| i + 1);
        Self { starts: first.into_iter().chain(changes).collect(), rows: values.len() }
    }

    /// The same for floats; NaN equals NaN.
    pub fn of_reals(values: &[f64]) -> Self {
        let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
        Self::new(values.len(), |i| match (values.get(i - 1), values.get(i)) {
            (Some(a), Some(b)) => !same(*a, *b),
            _ => false,
        })
    }

    /// A run begins at row 0 and at each later row for which `begins` holds.
    pub fn new(rows: usize, mut begins: impl FnMut(usize) -> bool) -> Self {
        let first = (rows > 0).then_some(0);
        Self { starts: first.into_iter().chain((1..rows).filter(|i| begins(*i))).collect(), rows }
    }

    /// Runs of the sign of `current` beyond 1 % of its largest magnitude (ionworks.md §3.1).
    pub fn of_sign(current: &[f64]) -> Self {
        let sign = signs(current);
        Self::new(current.len(), |i| sign[i] != sign[i - 1])
    }

    /// The row ranges in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Range<usize>> + '_ {
        self.starts.iter().enumerate().map(|(i, start)| *start..self.starts.get(i + 1).copied().unwrap_or(self.rows))
    }
}

/// −1, 0 or 1 for each row: the sign of the current beyond 1 % of its largest magnitude. NaN counts as the row before.
pub fn signs(current: &[f64]) -> Vec<i8> {
    let largest = super::stats::max_abs(current);
    let mut last = 0;
    current
        .iter()
        .map(|i| {
            let x = i / largest;
            if !x.is_nan() {
                last = i8::from(x > 0.01) - i8::from(x < -0.01);
            }
            last
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_cover_all_rows() {
        let runs = Runs::of_reals(&[1.0, 1.0, 2.0, f64::NAN, f64::NAN, 1.0]);
        assert_eq!(runs.iter().collect::<Vec<_>>(), [0..2, 2..3, 3..5, 5..6]);
        assert_eq!(Runs::of_reals(&[]).iter().len(), 0);
        assert_eq!(Runs::of_sign(&[0.0, 1.0, 1.0, 0.005, -1.0]).iter().collect::<Vec<_>>(), [0..1, 1..3, 3..4, 4..5]);
    }
}
