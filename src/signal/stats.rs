//! Plain statistics that skip NaN.

use rayon::prelude::*;

use super::PART;
use crate::widest::widest;

/// Folds four values side by side: one after the other, each would wait for the one before.
#[inline]
fn fold4(values: &[f64], start: f64, better: impl Fn(f64, f64) -> f64 + Sync) -> f64 {
    let fold = |values: &[f64]| {
        widest(|| {
            let (fours, rest) = values.as_chunks::<4>();
            let mut best = [start; 4];
            for four in fours {
                for (best, v) in best.iter_mut().zip(four) {
                    *best = better(*best, *v);
                }
            }
            best.into_iter().chain(rest.iter().copied()).fold(start, &better)
        })
    };
    if values.len() <= PART {
        return fold(values);
    }
    values.par_chunks(PART).map(fold).reduce(|| start, &better)
}

/// Largest magnitude; 0 without values.
pub fn max_abs(values: &[f64]) -> f64 {
    fold4(values, 0.0, |a, v| if v.abs() > a { v.abs() } else { a })
}

/// The current below which a row rests: `min(1e-3, 0.01·max|I|)`, 1e-3 when all is 0 (docs/decisions.md#current-sign).
pub fn rest_threshold(current: &[f64]) -> f64 {
    rest_of(max_abs(current))
}

/// The same of the largest magnitude.
pub fn rest_of(largest: f64) -> f64 {
    match largest {
        0.0 => 1e-3,
        largest => (0.01 * largest).min(1e-3),
    }
}

/// Sum and number of values.
fn sum(values: &[f64]) -> (f64, usize) {
    // Mostly nothing is missing, and a missing value makes the plain sum so.
    let plain = values.iter().fold(0.0, |sum, v| sum + v);
    if !plain.is_nan() {
        return (plain, values.len());
    }
    values.iter().filter(|v| !v.is_nan()).fold((0.0, 0), |(s, n), v| (s + v, n + 1))
}

/// Mean; NaN without values.
pub fn mean(values: &[f64]) -> f64 {
    let (sum, n) = sum(values);
    sum / n as f64
}

/// Smallest; NaN without values.
pub fn min(values: &[f64]) -> f64 {
    // A comparison with NaN does not hold, so NaN is passed over.
    let low = fold4(values, f64::INFINITY, |a, v| if v < a { v } else { a });
    if low < f64::INFINITY { low } else { values.iter().copied().fold(f64::NAN, f64::min) }
}

/// Largest; NaN without values.
pub fn max(values: &[f64]) -> f64 {
    let high = fold4(values, f64::NEG_INFINITY, |a, v| if v > a { v } else { a });
    if high > f64::NEG_INFINITY { high } else { values.iter().copied().fold(f64::NAN, f64::max) }
}

/// Sample standard deviation (n − 1); NaN with fewer than two values.
pub fn std(values: &[f64]) -> f64 {
    let (total, n) = sum(values);
    if n < 2 {
        return f64::NAN;
    }
    let mean = total / n as f64;
    let square = |v: &f64| (v - mean) * (v - mean);
    let squares: f64 = if n == values.len() {
        values.iter().map(square).sum()
    } else {
        values.iter().filter(|v| !v.is_nan()).map(square).sum()
    };
    (squares / (n - 1) as f64).sqrt()
}

/// Quantile with linear interpolation between order statistics; NaN without values. Reorders its input.
pub fn quantile(values: &mut [f64], q: f64) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let at = q * (values.len() - 1) as f64;
    let low = at.floor() as usize;
    let (_, low_value, above) = values.select_nth_unstable_by(low, f64::total_cmp);
    let low_value = *low_value;
    let high_value = if above.is_empty() { low_value } else { min(above) };
    low_value + (high_value - low_value) * (at - low as f64)
}

/// The smallest and the largest difference between neighbours, as far as they are known and the largest is above 0; infinite
/// and 0 where there is none.
pub fn extreme_differences(values: &[f64]) -> (f64, f64) {
    widest(|| extremes_of_differences(values))
}

#[inline(always)]
fn extremes_of_differences(values: &[f64]) -> (f64, f64) {
    let after = values.get(1..).unwrap_or_default();
    let (mut low, mut high) = ([f64::INFINITY; 4], [0.0; 4]);
    let mut see = |k: usize, difference: f64| {
        low[k] = if difference < low[k] { difference } else { low[k] };
        high[k] = if difference > high[k] { difference } else { high[k] };
    };
    let ((fours, _), (fours_after, rest)) = (values.as_chunks::<4>(), after.as_chunks::<4>());
    for (before, after) in fours.iter().zip(fours_after) {
        after.iter().zip(before).enumerate().for_each(|(k, (after, before))| see(k, after - before));
    }
    let done = after.len() - rest.len();
    rest.iter().zip(&values[done..]).for_each(|(after, before)| see(0, after - before));
    (low.into_iter().fold(f64::INFINITY, f64::min), high.into_iter().fold(0.0, f64::max))
}

/// Median magnitude of the differences between neighbours; NaN without two values.
pub fn median_difference(values: &[f64]) -> f64 {
    let differences = values.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    let mut differences: Vec<f64> = differences.filter(|d| !d.is_nan()).collect();
    quantile(&mut differences, 0.5)
}

/// The last decimal that the values have, as 10⁻ⁿ: what they are rounded to, from 64 of them over the whole column. `share` of
/// these have no more decimals: 1 for all of them.
pub fn resolution(values: &[f64], share: f64) -> f64 {
    let digits = |v: f64| {
        let is_whole = |n: &i32| {
            let scaled = v * 10f64.powi(*n);
            (scaled - scaled.round()).abs() <= 1e-6 + 1e-12 * scaled.abs()
        };
        (0..12).find(is_whole).unwrap_or(12)
    };
    let every = (values.len() / 64).max(1);
    let mut found: Vec<i32> = values.iter().step_by(every).filter(|v| v.is_finite()).map(|v| digits(*v)).collect();
    found.sort_unstable();
    let at = (share * found.len().saturating_sub(1) as f64) as usize;
    10f64.powi(-found.get(at).copied().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_pass_over_what_is_missing() {
        let values = [f64::NAN, 3.0, -5.0, f64::NAN, 4.0, 2.0];
        assert_eq!((min(&values), max(&values), max_abs(&values), mean(&values)), (-5.0, 4.0, 5.0, 1.0));
        assert!(min(&[f64::NAN; 5]).is_nan() && max(&[f64::NAN; 5]).is_nan() && min(&[]).is_nan());
        assert_eq!((min(&[f64::INFINITY; 5]), max(&[f64::NEG_INFINITY])), (f64::INFINITY, f64::NEG_INFINITY));
        assert_eq!((max_abs(&[f64::NAN; 5]), max_abs(&[])), (0.0, 0.0));
    }

    #[test]
    fn small_cases() {
        assert_eq!(std(&[1.0, f64::NAN, 3.0]), 2f64.sqrt());
        assert!(std(&[1.0]).is_nan() && mean(&[]).is_nan());
        assert_eq!(quantile(&mut [4.0, 1.0, 3.0, 2.0], 0.5), 2.5);
        assert_eq!(quantile(&mut [5.0], 0.95), 5.0);
        assert_eq!(rest_threshold(&[0.0, -0.01]), 1e-4);
        assert_eq!(rest_threshold(&[0.0]), 1e-3);
        assert_eq!(median_difference(&[1.0, 1.5, f64::NAN, 2.0, 4.0, 3.0]), 1.0);
        assert!(median_difference(&[1.0]).is_nan());
        assert_eq!(extreme_differences(&[1.0, 3.0, 3.5, f64::NAN, 9.0, 8.0, 8.0, 15.0]), (-1.0, 7.0));
        assert_eq!(extreme_differences(&[0.0, 1.0, 2.0, 3.0, 4.0, 4.5]), (0.5, 1.0));
        assert_eq!(
            (extreme_differences(&[1.0]), extreme_differences(&[])),
            ((f64::INFINITY, 0.0), (f64::INFINITY, 0.0))
        );
        assert_eq!((resolution(&[1.0, 2.25, -3.125], 1.0), resolution(&[1.0, 2.25, -3.125], 0.5)), (1e-3, 1e-2));
        assert_eq!((resolution(&[5.0], 1.0), resolution(&[], 1.0)), (1.0, 1.0));
    }
}
