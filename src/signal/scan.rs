//! Looks at a whole column on all threads. Each part is a plain loop: an iterator of rayon's over single values costs more than
//! the look itself.

use std::ops::Range;

use rayon::prelude::*;

use super::PART;
use crate::widest::widest;

/// Rows that are looked at in one go where few rows are odd: a block without one is passed over by a loop without a branch, and
/// one odd row costs a second look at few others.
pub const BLOCK: usize = 128;

/// Whether it holds for any value. Looks at all of them, which is faster than a question at each.
#[inline]
pub fn any(values: &[f64], holds: impl Fn(f64) -> bool) -> bool {
    widest(|| values.iter().map(|v| u64::from(holds(*v))).sum::<u64>() > 0)
}

/// Whether it holds for all values. Looks at all of them.
#[inline]
pub fn all(values: &[f64], holds: impl Fn(f64) -> bool) -> bool {
    !any(values, |v| !holds(v))
}

/// Whether any value stands so to the one before it. Looks at all of them.
#[inline]
pub fn any_pair<T: Copy>(values: &[T], holds: impl Fn(T, T) -> bool) -> bool {
    let after = values.get(1..).unwrap_or_default();
    widest(|| values.iter().zip(after).map(|(before, at)| u64::from(holds(*before, *at))).sum::<u64>() > 0)
}

/// Whether all values stand so to the one before them. Looks at all of them.
#[inline]
pub fn all_pairs<T: Copy>(values: &[T], holds: impl Fn(T, T) -> bool) -> bool {
    !any_pair(values, |before, at| !holds(before, at))
}

/// The rows that stand so to the row before, in order.
#[inline]
pub fn pairs_where<T: Copy + Sync>(values: &[T], holds: impl Fn(T, T) -> bool + Sync) -> Vec<usize> {
    in_blocks(1..values.len().max(1), |block, found| {
        let from = block.start;
        // With the row before the block.
        let block = &values[from - 1..block.end];
        if any_pair(block, &holds) {
            let pairs = block.iter().zip(&block[1..]).zip(from..);
            found.extend(pairs.filter(|((before, at), _)| holds(**before, **at)).map(|(_, row)| row));
        }
    })
}

/// Rows that are found block by block, in order.
fn in_blocks(rows: Range<usize>, find: impl Fn(Range<usize>, &mut Vec<usize>) + Sync) -> Vec<usize> {
    let find_in = |rows: Range<usize>| {
        let mut found = Vec::new();
        for from in rows.clone().step_by(BLOCK) {
            find(from..rows.end.min(from + BLOCK), &mut found);
        }
        found
    };
    if rows.len() <= PART {
        return find_in(rows);
    }
    let (parts, end) = (rows.clone().into_par_iter().step_by(PART), rows.end);
    let found: Vec<Vec<usize>> = parts.map(|from| find_in(from..end.min(from + PART))).collect();
    found.concat()
}

/// The rows that stand so to the rows on both sides, in order.
#[inline]
pub fn threes_where(values: &[f64], holds: impl Fn(f64, f64, f64) -> bool + Sync) -> Vec<usize> {
    in_blocks(1..values.len().saturating_sub(1).max(1), |block, found| {
        let from = block.start;
        // With the rows on both sides of the block.
        let block = &values[from - 1..=block.end];
        let threes = || block.iter().zip(&block[1..]).zip(&block[2..]);
        if widest(|| threes().map(|((a, b), c)| u64::from(holds(*a, *b, *c))).sum::<u64>() > 0) {
            found.extend(threes().zip(from..).filter(|(((a, b), c), _)| holds(**a, **b, **c)).map(|(_, row)| row));
        }
    })
}

/// The rows that differ from the row before, in order. Blocks of whole numbers are compared with themselves, one row later, as the
/// bytes they are: most rows of a column of steps are like the row before.
pub fn changes<T: PartialEq + Sync>(values: &[T]) -> Vec<usize> {
    in_blocks(1..values.len().max(1), |block, found| {
        let (before, at) = (&values[block.start - 1..block.end - 1], &values[block.clone()]);
        if before != at {
            found.extend(before.iter().zip(at).zip(block).filter(|((a, b), _)| a != b).map(|(_, row)| row));
        }
    })
}

/// The first row whose value is meant.
pub fn first_where(values: &[f64], is_meant: impl Fn(f64) -> bool + Sync) -> Option<usize> {
    let parts = values.par_chunks(PART).enumerate();
    parts.find_map_first(|(part, values)| Some(part * PART + values.iter().position(|v| is_meant(*v))?))
}

/// Whether there is a NaN. Looks at all values of a block, which is faster than stopping at the first.
pub fn has_nan(values: &[f64]) -> bool {
    const HALF: usize = AT_ONCE / 2;
    let in_block = |block: &[f64; AT_ONCE]| {
        // Two values that cannot be ordered: one of them is NaN, which one comparison tells of both.
        let (a, b) = block.split_at(HALF);
        a.iter().zip(b).map(|(a, b)| u64::from(a.is_nan() | b.is_nan())).sum::<u64>() > 0
    };
    let is_in = |part: &[f64]| {
        let (blocks, rest) = part.as_chunks::<AT_ONCE>();
        widest(|| blocks.iter().any(in_block) || rest.iter().any(|v| v.is_nan()))
    };
    values.par_chunks(PART).any(is_in)
}

/// How many rows have no value.
pub fn count_nan(values: &[f64]) -> usize {
    values.par_chunks(PART).map(|part| part.iter().filter(|v| v.is_nan()).count()).sum()
}

/// Whether each value is greater than the one before; a column with a NaN does not rise.
pub fn rises(values: &[f64]) -> bool {
    each_pair(values, |a, b| a < b)
}

/// Whether no value is less than the one before; not so in a column with a NaN among several values.
pub fn never_falls(values: &[f64]) -> bool {
    each_pair(values, |a, b| a <= b)
}

/// Rows that are looked at in one go, without a branch between them: so several are compared at a time.
const AT_ONCE: usize = 32;

/// Whether something holds of each value and the next.
fn each_pair(values: &[f64], holds: impl Fn(f64, f64) -> bool + Sync) -> bool {
    let last = values.len().saturating_sub(1);
    // Each part with the first row of the next.
    let parts = (0..last).into_par_iter().step_by(PART);
    parts.all(|from| {
        let (part, after) = (&values[from..last.min(from + PART)], &values[from + 1..=last.min(from + PART)]);
        let ((blocks, rest), (next, next_rest)) = (part.as_chunks::<AT_ONCE>(), after.as_chunks::<AT_ONCE>());
        let in_block =
            |a: &[f64; AT_ONCE], b: &[f64; AT_ONCE]| a.iter().zip(b).fold(true, |all, (a, b)| all & holds(*a, *b));
        widest(|| {
            blocks.iter().zip(next).all(|(a, b)| in_block(a, b))
                && rest.iter().zip(next_rest).all(|(a, b)| holds(*a, *b))
        })
    })
}

/// Whether a value is less than the last known one before it.
pub fn falls(values: &[f64]) -> bool {
    if never_falls(values) {
        return false;
    }
    let mut last = f64::NEG_INFINITY;
    values.iter().filter(|v| !v.is_nan()).any(|v| {
        let falls = *v < last;
        last = *v;
        falls
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_found_within_blocks_and_between_them() {
        let mut values = vec![0i64; 2 * BLOCK + 5];
        assert!(pairs_where(&values, |a, b| a != b).is_empty());
        for row in [0, BLOCK, BLOCK + 1, 2 * BLOCK + 4] {
            values[row] = 1;
        }
        assert_eq!(pairs_where(&values, |a, b| b > a), [BLOCK, 2 * BLOCK + 4]);
        assert_eq!(pairs_where(&values, |a, b| a > b), [1, BLOCK + 2]);
        assert!(pairs_where(&values[..1], |_, _| true).is_empty() && pairs_where::<i64>(&[], |_, _| true).is_empty());
        assert_eq!(changes(&values), pairs_where(&values, |a, b| a != b));
        assert_eq!(changes(&values), [1, BLOCK, BLOCK + 2, 2 * BLOCK + 4]);
        let reals: Vec<f64> = values.iter().map(|v| *v as f64).collect();
        assert_eq!(threes_where(&reals, |a, b, c| b > a && b >= c), [BLOCK]);
        assert_eq!(threes_where(&reals, |a, b, c| b < a || b < c), [1, BLOCK - 1, BLOCK + 2, 2 * BLOCK + 3]);
        assert!(threes_where(&reals[..2], |_, _, _| true).is_empty());
        assert!(any(&[1.0, f64::NAN], f64::is_nan) && !any(&[], f64::is_nan));
    }

    /// A saw and odd rows at the borders of parts.
    #[test]
    fn rows_of_all_parts_are_found() {
        let mut values: Vec<f64> = (0..2 * PART + 77).map(|i| (i % 1000) as f64).collect();
        for row in [1, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 75, 2 * PART + 76] {
            values[row] = -7.5 - row as f64;
        }
        let rows = |is: &dyn Fn(usize) -> bool, end: usize| (1..end).filter(|row| is(*row)).collect::<Vec<_>>();
        let n = values.len();
        assert_eq!(pairs_where(&values, |a, b| b < a), rows(&|row| values[row] < values[row - 1], n));
        assert_eq!(changes(&values), rows(&|row| values[row] != values[row - 1], n));
        let is_low = |a: f64, b: f64, c: f64| b < a && b < c;
        let lows = rows(&|row| is_low(values[row - 1], values[row], values[row + 1]), n - 1);
        assert_eq!(threes_where(&values, is_low), lows);
        let extremes = (super::super::stats::min(&values), super::super::stats::max(&values));
        assert_eq!(extremes, (-7.5 - (2 * PART + 76) as f64, 999.0));
    }

    #[test]
    fn parts_are_joined() {
        let mut values: Vec<f64> = (0..2 * PART + 3).map(|i| i as f64).collect();
        assert!(rises(&values) && rises(&[]) && rises(&[1.0]) && rises(&[1.0, 2.0]));
        assert_eq!(first_where(&values, |v| v >= PART as f64 - 0.5), Some(PART));
        assert_eq!((first_where(&values, |v| v < 0.0), count_nan(&values)), (None, 0));
        values.swap(PART - 1, PART);
        assert!(!rises(&values));
        values.swap(PART - 1, PART);
        values[2 * PART + 2] = f64::NAN;
        assert_eq!((rises(&values), count_nan(&values)), (false, 1));
        assert!(!falls(&[1.0, f64::NAN, 1.0, 2.0]) && falls(&[2.0, f64::NAN, 1.0]) && !falls(&[]));
    }

    #[test]
    fn changes_are_those_of_neighbours() {
        for rows in [0, 1, 2, 31, 32, 33, 64, 65, 200] {
            let values: Vec<i64> = (0..rows).map(|row| row / 40 + i64::from(row == 199)).collect();
            let want: Vec<usize> = (1..values.len()).filter(|row| values[*row] != values[row - 1]).collect();
            assert_eq!(changes(&values), want, "{rows} rows");
        }
        // Zeros differ in their sign alone: no change.
        let zeros = [0.0, -0.0, 1.0];
        assert_eq!(changes(&zeros), [2]);
        assert!(never_falls(&[1.0, 1.0, 2.0]) && !never_falls(&[1.0, f64::NAN]) && !never_falls(&[2.0, 1.0]));
        let mut long: Vec<f64> = (0..100).map(f64::from).collect();
        assert!(rises(&long));
        long[77] = 76.0;
        assert!(never_falls(&long) && !rises(&long));
    }
}
