//! The intervals between rows: the current that a counter of charge shows for each, against the currents at both ends.

use std::ops::Range;

use super::counters::Counters;
use crate::signal::scan::BLOCK;
use crate::widest::widest;

/// A counter moves by no more than so many times what the larger current of an interval gives, and no less than the smaller one
/// gives divided by it.
const FACTOR: f64 = 2.0;

/// How the flow by the counter fits the currents at both ends of its interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    Good,
    /// As much, the other way.
    Turned,
    Off,
}

/// `None` where nothing flows.
fn fit(a: f64, b: f64, flow: f64, slack: f64, is_signed: bool) -> Option<Fit> {
    let (least, most) = (a.abs().min(b.abs()), a.abs().max(b.abs()));
    if most.is_nan() || (most <= slack && flow.abs() <= slack) {
        return None;
    }
    let least = if a * b < 0.0 { 0.0 } else { least };
    if flow.abs() > FACTOR * most + slack || flow.abs() < least / FACTOR - slack {
        return Some(Fit::Off);
    }
    let is_turned = is_signed && least > slack && flow.abs() > slack && flow * (a + b) < 0.0;
    Some(if is_turned { Fit::Turned } else { Fit::Good })
}

/// Whether a row's current leaves its neighbours, which agree, while the counter shows their current on both sides of it.
pub(super) fn leaves_alone(
    current: &[f64],
    row: usize,
    before: (f64, f64),
    after: (f64, f64),
    is_signed: bool,
) -> bool {
    let size = |v: f64| if is_signed { v } else { v.abs() };
    let (a, at, b) = (size(current[row - 1]), size(current[row]), size(current[row + 1]));
    let usual = (a + b) / 2.0;
    let leap = (at - usual).abs();
    // An interval with the row's current at one end carries half of the leap if the current changes evenly.
    let apart = (before.0 - usual).abs() + (after.0 - usual).abs();
    leap > 0.1 * usual.abs() && (a - b).abs() <= 0.1 * leap && apart < 0.25 * leap && before.1.max(after.1) < 0.1 * leap
}

/// The columns that say what passes in an interval, and how much of it may be rounding.
pub(super) struct Intervals<'a> {
    pub(super) time: &'a [f64],
    pub(super) current: &'a [f64],
    pub(super) counters: &'a Counters<'a>,
    pub(super) frequency: Option<&'a [f64]>,
    /// Shorter intervals are not judged.
    pub(super) shortest: f64,
    /// The last digit of the counters.
    pub(super) resolution: f64,
    /// The current below which a row rests.
    pub(super) rest: f64,
}

impl Intervals<'_> {
    /// The current that the counter shows for the interval that ends with a row, and how much of it may be rounding; NaN where it
    /// says nothing.
    pub(super) fn flow(&self, row: usize) -> (f64, f64) {
        let seconds = self.time[row] - self.time[row - 1];
        if seconds >= self.shortest && self.frequency.is_none_or(|f| f[row].is_nan()) {
            let per_hour = 3600.0 / seconds;
            (self.counters.moved(row) * per_hour, 2.0 * self.resolution * per_hour)
        } else {
            (f64::NAN, f64::NAN)
        }
    }

    /// How the interval that ends with a row fits the currents at its ends; `None` where nothing is known or flows.
    pub(super) fn fit(&self, row: usize) -> Option<Fit> {
        let (flow, slack) = self.flow(row);
        let (a, b) = (self.current[row - 1], self.current[row]);
        if flow.is_nan() { None } else { fit(a, b, flow, slack + self.rest, self.counters.is_signed()) }
    }

    /// Those of at most a block of rows whose interval may not fit, or which follow a row whose current may stand alone: mostly
    /// none. All rows are asked the same, without a branch; those that are found have to be asked properly.
    pub(super) fn odd(&self, rows: Range<usize>) -> Vec<usize> {
        widest(|| self.odd_of(rows))
    }

    #[inline(always)]
    fn odd_of(&self, rows: Range<usize>) -> Vec<usize> {
        let rows = rows.start.max(1)..rows.end.min(rows.start + BLOCK);
        let (before, last) = (rows.start - 1..rows.end - 1, rows.start.saturating_sub(2)..rows.end.saturating_sub(2));
        let mut moved = [0.0; BLOCK];
        self.counters.moved_in(rows.clone(), &mut moved);
        let times = self.time[before.clone()].iter().zip(&self.time[rows.clone()]);
        let currents = self.current[before].iter().zip(&self.current[rows.clone()]);
        let mut odd = [0u64; BLOCK];
        let is_signed = self.counters.is_signed();
        for (((odd, moved), (t0, t)), (a, b)) in odd.iter_mut().zip(&moved).zip(times.clone()).zip(currents.clone()) {
            *odd = u64::from(self.may_not_fit(*moved, t - t0, (*a, *b), is_signed));
        }
        // The first row of all has two rows before it with the next.
        let skipped = rows.len() - last.len();
        let threes = self.current[last].iter().zip(currents.skip(skipped));
        for ((odd, (t0, t)), (a, (at, b))) in odd.iter_mut().zip(times).skip(skipped).zip(threes) {
            *odd |= u64::from(self.may_stand_alone(t - t0, (*a, *at, *b), is_signed));
        }
        if odd.iter().sum::<u64>() == 0 {
            return Vec::new();
        }
        rows.zip(odd).filter(|(_, odd)| *odd > 0).map(|(row, _)| row).collect()
    }

    /// Whether [`Self::fit`] may be other than good or nothing.
    #[inline(always)]
    fn may_not_fit(&self, moved: f64, seconds: f64, (a, b): (f64, f64), is_signed: bool) -> bool {
        let per_hour = 3600.0 / seconds;
        let (flow, slack) = (moved * per_hour, 2.0 * self.resolution * per_hour + self.rest);
        // Without NaN these are single instructions.
        let (least, most) = if a.abs() < b.abs() { (a.abs(), b.abs()) } else { (b.abs(), a.abs()) };
        let least = if a * b < 0.0 { 0.0 } else { least };
        let is_turned = is_signed & (flow * (a + b) < 0.0) & (flow.abs() > slack) & (least > slack);
        let fits = (flow.abs() <= FACTOR * most + slack) & (flow.abs() >= least / FACTOR - slack) & !is_turned;
        (seconds >= self.shortest) & !fits
    }

    /// Whether the middle one of three currents may leave the others, which agree, as far as the interval up to the last can
    /// tell.
    #[inline(always)]
    fn may_stand_alone(&self, seconds: f64, (a, at, b): (f64, f64, f64), is_signed: bool) -> bool {
        let (a, at, b) = if is_signed { (a, at, b) } else { (a.abs(), at.abs(), b.abs()) };
        let usual = (a + b) / 2.0;
        let leap = (at - usual).abs();
        let slack = 2.0 * self.resolution * (3600.0 / seconds);
        (leap > 0.1 * usual.abs()) & ((a - b).abs() <= 0.1 * leap) & (slack < 0.1 * leap) & (seconds >= self.shortest)
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    proptest::proptest! {
        /// A row that is passed over fits, or nothing is known of it.
        #[test]
        fn what_does_not_fit_is_odd(
            rows in proptest::collection::vec((-4i8..5, -1i8..9, 0u8..4), 2..300),
            is_pair: bool,
            resolution in 0.0f64..0.02,
        ) {
            let known = |v: i8, least: i8| if v == least { f64::NAN } else { f64::from(v) };
            let current: Vec<f64> = rows.iter().map(|(i, ..)| 0.1 * known(*i, -4)).collect();
            let counter: Vec<f64> = rows.iter().map(|(_, q, _)| 0.1 * known(*q, -1)).collect();
            let time: Vec<f64> = rows.iter().scan(0.0, |t, (.., wait)| { *t += 600.0 * f64::from(*wait); Some(*t) }).collect();
            let counters = if is_pair {
                Counters::Pair(Cow::Borrowed(&counter[..]), Cow::Owned(counter.iter().rev().copied().collect()))
            } else {
                Counters::Single(Cow::Borrowed(&counter[..]))
            };
            let (time, current, counters) = (&time[..], &current[..], &counters);
            let intervals =
                Intervals { time, current, counters, frequency: None, shortest: 1.0, resolution, rest: 1e-3 };
            for from in (1..rows.len()).step_by(BLOCK) {
                let block = from..rows.len().min(from + BLOCK);
                let odd = intervals.odd(block.clone());
                for row in block.filter(|row| !odd.contains(row)) {
                    proptest::prop_assert!(matches!(intervals.fit(row), None | Some(Fit::Good)), "{}", row);
                    if row > 1 {
                        let (before, after) = (intervals.flow(row - 1), intervals.flow(row));
                        proptest::prop_assert!(!leaves_alone(current, row - 1, before, after, is_pair), "{}", row);
                    }
                }
            }
        }
    }
}
