//! Whether the rows of a file contradict a counter (docs/decisions.md#which-one-is-used).
//!
//! A counter also counts between the records, where the trapezoid only guesses. So the two are compared where the trapezoid is
//! certain (steady intervals), and elsewhere only with what can have flowed.

use super::counter::{Counted, Flow};
use super::stats;

/// Disagreement beyond which a counter is not kept.
const TOLERANCE: f64 = 0.10;

/// A steady interval: the rate changes by no more than this part, over no more than so many median intervals.
const STEADY: f64 = 0.02;
const INTERVALS: f64 = 10.0;

/// Part of the charge that steady intervals hold at least, to be asked.
const ENOUGH: f64 = 0.05;

/// As many intervals may make nearly all of a disagreement without a word against the counter.
const FEW: usize = 3;
const NEARLY: f64 = 0.9;

/// What a counter and the rate say of some intervals.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sums {
    /// By the counter.
    pub counted: f64,
    /// By the trapezoid of the rate.
    pub flowed: f64,
    /// How many intervals.
    pub intervals: usize,
    /// How long they take.
    pub hours: f64,
}

impl Sums {
    fn add(&mut self, counted: f64, flowed: f64, hours: f64) {
        self.hours += hours;
        self.counted += counted;
        self.flowed += flowed;
        self.intervals += 1;
    }

    fn larger(&self) -> f64 {
        self.counted.abs().max(self.flowed)
    }

    /// How far the two are apart, as a part of the larger.
    pub fn apart(&self) -> f64 {
        let larger = self.larger();
        if larger > 0.0 { (self.counted - self.flowed).abs() / larger } else { 0.0 }
    }

    /// Whether a rate that is right within `half` explains what the two are apart, and something was counted at all.
    pub fn within(&self, half: f64) -> Option<Why> {
        let open = half * self.hours;
        let is_explained = self.counted > 0.0 && (self.counted - self.flowed).abs() <= open + TOLERANCE * self.larger();
        is_explained.then_some(Why::Rounded(*self, open))
    }

    fn without(&self, odd: &[Odd]) -> Self {
        let mut rest = *self;
        for one in odd {
            rest.counted -= one.counted;
            rest.flowed -= one.flowed;
            rest.intervals = rest.intervals.saturating_sub(1);
        }
        rest
    }
}

/// An interval whose increment is not the trapezoid.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Odd {
    /// The row at its end.
    pub row: usize,
    /// What the counter gained.
    pub counted: f64,
    /// The trapezoid.
    pub flowed: f64,
    is_steady: bool,
}

impl Odd {
    fn apart(&self) -> f64 {
        (self.counted - self.flowed).abs()
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Nothing contradicts the counter.
    Kept(Why),
    /// Something does.
    Contradicted(Why),
}

/// The evidence.
#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// It falls inside a step: the first such row.
    Falls(usize),
    /// Steady intervals, and the part of the charge that they hold.
    Steady(Sums, f64),
    /// Steady intervals, and as much of the charge as the last printed digit of the rate leaves open.
    Rounded(Sums, f64),
    /// Too little is steady: the part of the charge in intervals that leave the bounds.
    Bounds(f64),
    /// One to three intervals make nearly all of the disagreement.
    FewRows(Vec<Odd>),
    /// The counter gains this much while no current flows throughout.
    Idle(f64),
    /// All that differs is a rest's.
    Rest,
    /// It counts energy by the direction of the current, which is not that of the power below 0 V.
    Direction,
}

/// Tries a counter, given as running values that restart with each step. `rest` is the rate up to which nothing flows.
pub fn judge(counted: &Counted, flow: &Flow<'_>, rest: f64) -> Verdict {
    if let Some(row) = counted.falls.first {
        return Verdict::Contradicted(Why::Falls(row));
    }
    let values = &counted.values;
    let least = digits(values);
    let mut found = Found::default();
    let mut scratch = Vec::new();
    for run in flow.runs.iter() {
        let usual = INTERVALS * median_interval(&flow.time[run.clone()], &mut scratch);
        let mut last: Option<usize> = None;
        for i in run {
            if values[i].is_nan() || flow.time[i].is_nan() || flow.rate[i].is_nan() {
                continue;
            }
            if let Some(before) = last {
                found.see(before, i, values[i] - values[before], flow, rest, least, usual);
            }
            last = Some(i);
        }
    }
    found.judge()
}

/// The smallest gain that the counter shows: about its last digit.
fn digits(values: &[f64]) -> f64 {
    let least = 1e-9 * stats::max_abs(values);
    let gains = values.windows(2).map(|pair| pair[1] - pair[0]).filter(|gain| *gain > least);
    gains.fold(f64::INFINITY, f64::min).min(1e-3 * stats::max_abs(values))
}

fn median_interval(time: &[f64], scratch: &mut Vec<f64>) -> f64 {
    scratch.clear();
    scratch.extend(time.windows(2).map(|pair| pair[1] - pair[0]).filter(|dt| !dt.is_nan()));
    stats::quantile(scratch, 0.5)
}

#[derive(Debug, Default)]
struct Found {
    steady: Sums,
    all: Sums,
    /// Weight of all intervals, and of those outside the bounds.
    weight: f64,
    outside: f64,
    /// How far the increments are from the trapezoid, all in all.
    apart: f64,
    /// The intervals that are furthest from it, furthest first.
    odd: Vec<Odd>,
    /// What the counter gained at rest.
    idle: f64,
}

impl Found {
    #[allow(clippy::too_many_arguments)] // one interval and what is known of its step
    fn see(&mut self, before: usize, row: usize, gain: f64, flow: &Flow<'_>, rest: f64, least: f64, usual: f64) {
        let (r0, r1) = (flow.rate[before], flow.rate[row]);
        if r0.abs() <= rest && r1.abs() <= rest {
            self.idle += gain;
            return;
        }
        let dt = flow.time[row] - flow.time[before];
        let (a, b) = (flow.at(before), flow.at(row));
        let flowed = (a + b) / 2.0 * dt / 3600.0;
        let (low, high) = (a.min(b) * dt / 3600.0, a.max(b) * dt / 3600.0);
        let is_steady = r0 * r1 > 0.0 && (r1 - r0).abs() <= STEADY * r0.abs().max(r1.abs()) && dt > 0.0 && dt <= usual;
        let weight = gain.abs().max(flowed);
        self.all.add(gain, flowed, dt / 3600.0);
        self.weight += weight;
        if is_steady {
            self.steady.add(gain, flowed, dt / 3600.0);
        }
        if gain > (1.0 + TOLERANCE) * high + least || gain < (1.0 - TOLERANCE) * low - least {
            self.outside += weight;
        }
        let odd = Odd { row, counted: gain, flowed, is_steady };
        self.apart += odd.apart();
        if self.odd.len() < FEW || self.odd.last().is_some_and(|last| last.apart() < odd.apart()) {
            let at = self.odd.iter().position(|other| other.apart() < odd.apart()).unwrap_or(self.odd.len());
            self.odd.insert(at, odd);
            self.odd.truncate(FEW);
        }
    }

    fn judge(self) -> Verdict {
        if self.all.intervals == 0 {
            // No current flows throughout, or only in rests.
            return Verdict::Kept(if self.idle > 0.0 { Why::Idle(self.idle) } else { Why::Rest });
        }
        let share = self.steady.larger() / self.all.larger().max(self.weight).max(f64::MIN_POSITIVE);
        let is_steady = share >= ENOUGH && self.steady.flowed > 0.0;
        let why = if is_steady {
            Why::Steady(self.steady, share)
        } else {
            Why::Bounds(if self.weight > 0.0 { self.outside / self.weight } else { 0.0 })
        };
        let holds = match &why {
            Why::Steady(sums, _) => sums.apart() <= TOLERANCE,
            Why::Bounds(outside) => *outside <= 0.5,
            _ => true,
        };
        let of_few: f64 = self.odd.iter().map(Odd::apart).sum();
        let many = self.all.intervals >= 10 * FEW;
        if many && of_few > 0.0 && of_few >= NEARLY * self.apart && self.agrees_without_the_few(is_steady) {
            let mut odd = self.odd;
            odd.retain(|odd| odd.apart() >= 0.01 * of_few);
            odd.sort_by_key(|odd| odd.row);
            return Verdict::Kept(Why::FewRows(odd));
        }
        if self.weight == 0.0 {
            return Verdict::Kept(Why::Rest);
        }
        if holds { Verdict::Kept(why) } else { Verdict::Contradicted(why) }
    }

    fn agrees_without_the_few(&self, by_steady: bool) -> bool {
        let rest = if by_steady {
            let steady: Vec<Odd> = self.odd.iter().copied().filter(|odd| odd.is_steady).collect();
            self.steady.without(&steady)
        } else {
            self.all.without(&self.odd)
        };
        rest.flowed > 0.0 && rest.apart() <= TOLERANCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Runs;

    /// A counter against 100 intervals of 10 s with the rate 3.6, which moves 0.01 an interval, all in one step.
    fn tried(rate: &[f64], counter: impl Fn(usize) -> f64) -> Verdict {
        let rows = rate.len();
        let time: Vec<f64> = (0..rows).map(|k| 10.0 * k as f64).collect();
        let runs = Runs::at([], rows);
        let counted = Counted { values: (0..rows).map(counter).collect(), ..Counted::default() };
        judge(&counted, &Flow { time: &time, rate, runs: &runs, side: 1.0 }, 1e-3)
    }

    #[test]
    fn steady_intervals_decide() {
        let rate = [3.6; 101];
        assert!(matches!(tried(&rate, |k| 0.0101 * k as f64), Verdict::Kept(Why::Steady(..))));
        let Verdict::Contradicted(Why::Steady(sums, share)) = tried(&rate, |k| 0.012 * k as f64) else { panic!() };
        // 0.2 of 1.2 is a sixth.
        assert!((sums.apart() - 1.0 / 6.0).abs() < 1e-9 && sums.intervals == 100 && share == 1.0);
    }

    #[test]
    fn bounds_decide_where_little_is_steady() {
        // The rate jumps between 1 and 3.6 from row to row: between 10/3600 and 0.01 can have flowed in an interval.
        let rate: Vec<f64> = (0..101).map(|k| if k % 2 == 0 { 1.0 } else { 3.6 }).collect();
        for fine in [0.003, 0.0064, 0.0099] {
            assert!(matches!(tried(&rate, |k| fine * k as f64), Verdict::Kept(Why::Bounds(_))), "{fine}");
        }
        for odd in [0.001, 0.02] {
            assert!(matches!(tried(&rate, |k| odd * k as f64), Verdict::Contradicted(Why::Bounds(_))), "{odd}");
        }
    }

    #[test]
    fn a_few_rows_do_not_outweigh_a_counter() {
        let mut rate = [3.6; 101];
        rate[50] = 3600.0;
        let Verdict::Kept(Why::FewRows(odd)) = tried(&rate, |k| 0.01 * k as f64) else { panic!() };
        assert_eq!(odd.iter().map(|odd| odd.row).collect::<Vec<_>>(), [50, 51]);
        // A jump of the counter is seen from the other side.
        let jump = tried(&[3.6; 101], |k| 0.01 * k as f64 + if k > 70 { 5.0 } else { 0.0 });
        let Verdict::Kept(Why::FewRows(odd)) = jump else { panic!() };
        assert_eq!(odd.iter().map(|odd| odd.row).collect::<Vec<_>>(), [71]);
    }

    #[test]
    fn rests_say_nothing() {
        assert_eq!(tried(&[1e-4; 101], |_| 0.0), Verdict::Kept(Why::Rest));
        assert_eq!(tried(&[0.0; 101], |k| k as f64), Verdict::Kept(Why::Idle(100.0)));
        assert!(matches!(tried(&[3.6; 101], |_| 0.0), Verdict::Contradicted(Why::Steady(..))), "it stands");
    }
}
