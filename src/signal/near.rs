//! A quick look at a running counter beside the integral of its rate: nearly every counter agrees, which few instructions a row
//! can tell. Where they cannot, [`integral`](super::integral) looks at each row.

use super::Runs;
use crate::widest::widest;

/// Rows that are compared at once, by what both have at the ends: neither falls, so between the ends they are no further apart
/// than the lower end of one and the upper end of the other.
const ROWS: usize = 8;

/// Sums of another order differ in their last digits, so nearly as much as is allowed is not sure.
const SURE: f64 = 0.9;

/// Whether a counter has a value in every row, never falls inside a run, and is no further from the integral of
/// `max(side·rate, 0)`, which restarts at each run, than `tolerance` of the largest value of both. The counter counts from its
/// first row of each run if it `is_rebased`, else as it stands. `false` does not say that it does not agree.
pub fn is_surely_near(
    time: &[f64],
    rate: &[f64],
    runs: &Runs,
    side: f64,
    reported: &[f64],
    is_rebased: bool,
    tolerance: f64,
) -> bool {
    widest(|| is_near(time, rate, runs, side, reported, is_rebased, tolerance))
}

#[inline(always)]
fn is_near(
    time: &[f64],
    rate: &[f64],
    runs: &Runs,
    side: f64,
    reported: &[f64],
    is_rebased: bool,
    tolerance: f64,
) -> bool {
    let mut apart = Apart { difference: 0.0, scale: 0.0 };
    let mut sees = |run: std::ops::Range<usize>| {
        let first = reported[run.start];
        let base = if is_rebased { first } else { 0.0 };
        apart.see_run(&time[run.clone()], &rate[run.clone()], side, &reported[run], base)
    };
    let is_known = runs.iter().all(&mut sees);
    is_known && apart.scale.is_finite() && apart.difference <= SURE * tolerance * apart.scale
}

/// The largest difference there can be, and the largest value of both.
struct Apart {
    difference: f64,
    scale: f64,
}

impl Apart {
    /// Looks at one run; `false` where a value is missing or something falls.
    #[inline(always)]
    fn see_run(&mut self, time: &[f64], rate: &[f64], side: f64, reported: &[f64], base: f64) -> bool {
        let Some(first) = reported.first() else { return true };
        let first = first - base;
        let mut both = Both { side, base, counted: first, integral: 0.0, difference: first.abs(), is_known: true };
        for ((t, x), q) in blocks(time).zip(blocks(rate)).zip(blocks(reported)) {
            both.go_on(t, x, q);
        }
        if let (Some(t), Some(x), Some(q)) = (last_block(time), last_block(rate), last_block(reported)) {
            both.go_on((&t.0, &t.1), (&x.0, &x.1), (&q.0, &q.1));
        }
        self.difference = larger(self.difference, both.difference);
        self.scale = larger(self.scale, larger(first.abs(), larger(both.counted.abs(), both.integral)));
        // A rate that is missing makes the integral so.
        both.is_known && !first.is_nan() && both.integral.is_finite()
    }
}

/// What the counter and the integral show up to some row.
struct Both {
    side: f64,
    base: f64,
    counted: f64,
    integral: f64,
    difference: f64,
    is_known: bool,
}

impl Both {
    /// Goes on by a block of rows.
    #[inline(always)]
    fn go_on(&mut self, t: Block<'_>, x: Block<'_>, q: Block<'_>) {
        self.is_known &= rises(t) & rises(q);
        let counted = q.1[ROWS - 1] - self.base;
        let integral = self.integral + area(t, x, self.side) * (0.5 / 3600.0);
        self.difference = larger(self.difference, larger(counted - self.integral, integral - self.counted));
        (self.counted, self.integral) = (counted, integral);
    }
}

/// Some rows: the row before each, and each.
type Block<'a> = (&'a [f64; ROWS], &'a [f64; ROWS]);

/// The rows of a column behind the first, in whole blocks.
fn blocks(values: &[f64]) -> impl Iterator<Item = Block<'_>> {
    let (before, _) = values.as_chunks::<ROWS>();
    let (at, _) = values.get(1..).unwrap_or_default().as_chunks::<ROWS>();
    before.iter().zip(at)
}

/// The rows behind the last whole block, filled with the last row: over it nothing changes.
fn last_block(values: &[f64]) -> Option<([f64; ROWS], [f64; ROWS])> {
    let (_, rest) = values.get(1..)?.as_chunks::<ROWS>();
    let (last, before) = (*rest.last()?, &values[values.len() - rest.len() - 1..]);
    let filled = |rows: &[f64]| {
        let mut block = [last; ROWS];
        block.iter_mut().zip(rows).for_each(|(place, row)| *place = *row);
        block
    };
    Some((filled(&before[..rest.len()]), filled(rest)))
}

/// Without NaN a single instruction, which `f64::max` is not.
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// Whether all are known and none is less than the row before.
#[inline(always)]
fn rises((before, at): Block<'_>) -> bool {
    before.iter().zip(at).map(|(before, at)| u64::from(at >= before)).sum::<u64>() == ROWS as u64
}

/// Twice the trapezoids between rows and the rows before them.
#[inline(always)]
fn area((t0, t): Block<'_>, (x0, x): Block<'_>, side: f64) -> f64 {
    // NaN stays what it is.
    let flow = |x: f64| {
        let x = side * x;
        if x < 0.0 { 0.0 } else { x }
    };
    let mut parts = [0.0; ROWS];
    for ((part, (t0, t)), (x0, x)) in parts.iter_mut().zip(t0.iter().zip(t)).zip(x0.iter().zip(x)) {
        *part = (flow(*x0) + flow(*x)) * (t - t0);
    }
    // Two sums side by side.
    let [a, b, c, d, e, f, g, h] = parts;
    (a + c + e + g) + (b + d + f + h)
}

#[cfg(test)]
mod tests {
    use super::super::integral::{check_reported, disagreement_of_running};
    use super::*;

    /// A step of an hour with 1 A and one row a minute, the counter off by `factor`.
    fn is_near(factor: f64, tolerance: f64) -> bool {
        let time: Vec<f64> = (0..61).map(|k| 60.0 * f64::from(k)).collect();
        let reported: Vec<f64> = time.iter().map(|t| factor * t / 3600.0).collect();
        is_surely_near(&time, &[1.0; 61], &Runs::at([], 61), 1.0, &reported, false, tolerance)
    }

    #[test]
    fn what_agrees_is_near_unless_the_blocks_are_too_coarse() {
        // Eight rows of sixty-one are 13 % of the whole.
        assert!(is_near(1.0, 0.16) && !is_near(1.0, 0.14));
        assert!(!is_near(1.3, 0.16) && !is_near(f64::NAN, 0.5));
    }

    proptest::proptest! {
        /// What is surely near is near by each row, and rises.
        #[test]
        fn nothing_is_near_that_is_not(
            rows in proptest::collection::vec((0u8..30, -1i8..9, 0u16..400), 1..90),
            factor in 0.7f64..1.4,
            tolerance in 0.1f64..0.9,
        ) {
            let time: Vec<f64> = (0..rows.len()).map(|k| 600.0 * k as f64).collect();
            let known = |v: i8| if v < 0 { 0.0 } else { f64::from(v) };
            let rate: Vec<f64> = rows.iter().map(|(_, v, odd)| if *odd == 399 { f64::NAN } else { known(*v) }).collect();
            let runs = Runs::at((0..rows.len()).filter(|k| rows[*k].0 == 0), rows.len());
            let mut reported = super::super::integral::per_step(&time, |k| rate[k], &runs, 1.0, false);
            for (value, (.., odd)) in reported.iter_mut().zip(&rows) {
                *value = if *odd == 398 { f64::NAN } else { *value * factor };
            }
            for is_rebased in [false, true] {
                if is_surely_near(&time, &rate, &runs, 1.0, &reported, is_rebased, tolerance) {
                    let (d, fall) = check_reported(&time, &rate, &runs, 1.0, &reported, 0.0);
                    let running = disagreement_of_running(&time, |k| rate[k], &runs, 1.0, &reported);
                    let d = if is_rebased { d } else { running.map(|(d, _)| d) };
                    proptest::prop_assert!(fall.is_none() && !reported.iter().any(|v| v.is_nan()));
                    proptest::prop_assert!(d.is_none_or(|d| d.relative <= tolerance));
                }
            }
        }
    }
}
