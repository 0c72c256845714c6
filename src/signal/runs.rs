//! Runs of equal values: the steps of a test.

use std::ops::Range;

use rayon::prelude::*;

use super::PART;
use super::scan::{changes, has_nan, pairs_where};

/// Where a column begins a run. A row without a value begins none, and the next one is compared with the last that had one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// Where it differs from the row before.
    Change,
    /// Where it is less than on the row before.
    Fall,
    /// Where it is 0.
    Zero,
    /// Where it is 1.
    One,
}

/// Consecutive row ranges that together cover all rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runs {
    starts: Vec<usize>,
    rows: usize,
}

impl Runs {
    /// One run for each stretch of equal values.
    pub fn of<T: PartialEq + Sync>(values: &[T]) -> Self {
        Self::at(changes(values), values.len())
    }

    /// The same for floats; NaN equals NaN.
    pub fn of_reals(values: &[f64]) -> Self {
        let same = |a: f64, b: f64| (a == b) | (a.is_nan() & b.is_nan());
        Self::at(pairs_where(values, |a, b| !same(a, b)), values.len())
    }

    /// A run begins at row 0 and at each later row for which `begins` holds.
    pub fn new(rows: usize, mut begins: impl FnMut(usize) -> bool) -> Self {
        let first = (rows > 0).then_some(0);
        Self { starts: first.into_iter().chain((1..rows).filter(|i| begins(*i))).collect(), rows }
    }

    /// A run begins at row 0 and at each of these rows, which rise.
    pub fn at(starts: impl IntoIterator<Item = usize>, rows: usize) -> Self {
        let first = (rows > 0).then_some(0);
        Self {
            starts: first.into_iter().chain(starts.into_iter().filter(|row| (1..rows).contains(row))).collect(),
            rows,
        }
    }

    /// A run begins at row 0 and where any of these columns begins one. On all threads.
    pub fn of_columns(rows: usize, columns: &[(&[f64], Begin)]) -> Self {
        let whole = |(column, begin): &(&[f64], Begin)| {
            let compares = matches!(begin, Begin::Change | Begin::Fall);
            (compares && has_nan(column)).then(|| last_known(column))
        };
        let filled: Vec<Option<Vec<f64>>> = columns.iter().map(whole).collect();
        let columns =
            columns.iter().zip(&filled).map(|((column, begin), filled)| (filled.as_deref().unwrap_or(column), begin));
        let columns: Vec<(&[f64], &Begin)> = columns.collect();
        // Part by part, column by column, pair by pair: such loops run at the speed of memory.
        let begins = |from: usize| {
            let (first, end) = (from.max(1), rows.min(from + PART));
            let mut begins: Vec<usize> = Vec::new();
            for (column, begin) in &columns {
                let column = column.get(first - 1..end.min(column.len())).unwrap_or_default();
                let found = match begin {
                    Begin::Change => pairs_where(column, |before, at| (before < at) | (before > at)),
                    Begin::Fall => pairs_where(column, |before, at| at < before),
                    Begin::Zero => pairs_where(column, |_, at| at == 0.0),
                    Begin::One => pairs_where(column, |_, at| at == 1.0),
                };
                begins.extend(found.into_iter().map(|k| first - 1 + k));
            }
            begins.sort_unstable();
            begins.dedup();
            begins
        };
        let parts: Vec<Vec<usize>> = (0..rows).into_par_iter().step_by(PART).map(begins).collect();
        Self::at(parts.into_iter().flatten(), rows)
    }

    /// Number of runs.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Makes a column piece by piece, on all threads. `fill` gets a run's number from 0 and its first row, some of its rows,
    /// and their place in the column.
    pub fn fill(&self, column: &mut [f64], fill: impl Fn(usize, usize, Range<usize>, &mut [f64]) + Sync) {
        column.par_chunks_mut(PART).enumerate().for_each(|(part, mut rest)| {
            let mut row = part * PART;
            // The last run that begins at or before the part's first row.
            let first = self.starts.partition_point(|start| *start <= row).saturating_sub(1);
            for (run, start) in self.starts.iter().enumerate().skip(first) {
                let end = self.starts.get(run + 1).copied().unwrap_or(self.rows);
                let (piece, left) = rest.split_at_mut(end.saturating_sub(row).min(rest.len()));
                fill(run, *start, row..row + piece.len(), piece);
                row += piece.len();
                rest = left;
                if rest.is_empty() {
                    break;
                }
            }
        });
    }

    /// The number of each row's run, from 1.
    pub fn numbers(&self) -> Vec<f64> {
        let mut numbers = Vec::new();
        numbers.reserve_exact(self.rows);
        self.iter().zip(1u32..).for_each(|(run, number)| numbers.resize(run.end, f64::from(number)));
        numbers
    }

    /// Runs of the sign of `current` beyond 1 % of its largest magnitude (docs/decisions.md#current-sign).
    pub fn of_sign(current: &[f64]) -> Self {
        let sign = signs(current);
        Self::new(current.len(), |i| sign[i] != sign[i - 1])
    }

    /// The run that a row belongs to.
    pub fn around(&self, row: usize) -> Range<usize> {
        let after = self.starts.partition_point(|start| *start <= row);
        let start = after.checked_sub(1).and_then(|i| self.starts.get(i)).copied().unwrap_or(0);
        start..self.starts.get(after).copied().unwrap_or(self.rows)
    }

    /// Whether a run begins at a row.
    pub fn begins_at(&self, row: usize) -> bool {
        self.starts.binary_search(&row).is_ok()
    }

    /// The row ranges in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Range<usize>> + '_ {
        self.starts.iter().enumerate().map(|(i, start)| *start..self.starts.get(i + 1).copied().unwrap_or(self.rows))
    }
}

/// The last known value of each row; NaN before the first.
fn last_known(values: &[f64]) -> Vec<f64> {
    let mut last = f64::NAN;
    let known = |v: &f64| {
        if !v.is_nan() {
            last = *v;
        }
        last
    };
    values.iter().map(known).collect()
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
        assert_eq!((0..6).map(|row| runs.around(row)).collect::<Vec<_>>(), [0..2, 0..2, 2..3, 3..5, 3..5, 5..6]);
        assert!(runs.begins_at(3) && !runs.begins_at(4));
        assert_eq!(Runs::of_reals(&[]).iter().len(), 0);
        assert_eq!(Runs::of_sign(&[0.0, 1.0, 1.0, 0.005, -1.0]).iter().collect::<Vec<_>>(), [0..1, 1..3, 3..4, 4..5]);
    }

    #[test]
    fn runs_of_columns_on_all_threads_are_those_of_one_loop() {
        let rows = 2 * PART + 7;
        let steps: Vec<f64> = (0..rows).map(|i| (i / 1000) as f64).collect();
        let mut time: Vec<f64> = (0..rows).map(|i| (i % 777) as f64).collect();
        // Where a part ends, a run may begin.
        time[PART] = -1.0;
        let marks: Vec<f64> = (0..rows).map(|i| if i == PART - 1 || i == rows - 1 { 0.0 } else { 1.0 }).collect();
        let columns = [(&steps[..], Begin::Change), (&time[..], Begin::Fall), (&marks[..], Begin::Zero)];
        let runs = Runs::of_columns(rows, &columns);
        let begins = |i: usize| steps[i] != steps[i - 1] || time[i] < time[i - 1] || marks[i] == 0.0;
        assert_eq!(runs, Runs::new(rows, begins));
        let mut run = 1.0;
        let numbers = runs.numbers();
        for (i, number) in numbers.iter().enumerate().skip(1) {
            run += f64::from(u8::from(begins(i)));
            assert_eq!(*number, run, "row {i}");
        }
        let mut firsts = vec![0.0; rows];
        runs.fill(&mut firsts, |_, first, _, piece| piece.fill(first as f64));
        assert!(runs.iter().all(|rows| firsts[rows.clone()].iter().all(|first| *first == rows.start as f64)));
        let mut places = vec![0.0; rows];
        runs.fill(&mut places, |_, _, rows, piece| piece.iter_mut().zip(rows).for_each(|(p, row)| *p = row as f64));
        assert!(places.iter().enumerate().all(|(row, place)| *place == row as f64));
        let gaps = [f64::NAN, 1.0, f64::NAN, 1.0, f64::NAN, 2.0, 1.0];
        assert_eq!(Runs::of_columns(7, &[(&gaps, Begin::Change)]), Runs::at([5, 6], 7));
        assert_eq!(Runs::of_columns(7, &[(&gaps, Begin::Fall)]), Runs::at([6], 7));
        assert_eq!(Runs::of_columns(7, &[(&gaps, Begin::One)]), Runs::at([1, 3, 6], 7));
        assert!(Runs::of_columns(0, &columns).numbers().is_empty());
        assert_eq!(Runs::at([0, 2, 9], 4).numbers(), [1.0, 1.0, 2.0, 2.0]);
    }
}
