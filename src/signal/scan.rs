//! Looks at a whole column on all threads. Each part is a plain loop: an iterator of rayon's over single values costs more than
//! the look itself.

use rayon::prelude::*;

use super::PART;

/// The first row whose value is meant.
pub fn first_where(values: &[f64], is_meant: impl Fn(f64) -> bool + Sync) -> Option<usize> {
    let parts = values.par_chunks(PART).enumerate();
    parts.find_map_first(|(part, values)| Some(part * PART + values.iter().position(|v| is_meant(*v))?))
}

/// Whether there is a NaN. Looks at all values of a part, which is faster than stopping at the first.
pub fn has_nan(values: &[f64]) -> bool {
    let is_in = |part: &[f64]| part.iter().map(|v| u64::from(v.is_nan())).sum::<u64>() > 0;
    values.par_chunks(PART).any(is_in)
}

/// How many rows have no value.
pub fn count_nan(values: &[f64]) -> usize {
    values.par_chunks(PART).map(|part| part.iter().filter(|v| v.is_nan()).count()).sum()
}

/// Whether each value is greater than the one before; a column with a NaN does not rise.
pub fn rises(values: &[f64]) -> bool {
    let last = values.len().saturating_sub(1);
    // Each part with the first row of the next.
    let parts = (0..last).into_par_iter().step_by(PART);
    parts.all(|from| values[from..=last.min(from + PART)].windows(2).all(|pair| pair[0] < pair[1]))
}

/// Whether a value is less than the last known one before it.
pub fn falls(values: &[f64]) -> bool {
    if rises(values) {
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
}
