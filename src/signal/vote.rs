//! Which way does positive current point? One vote for the transform and the validator (docs/decisions.md#the-vote).
//!
//! Within a step the voltage is fitted as `V = v₀ + δ·soc − x·R` with `soc` the running charge scaled to [0, 1], once for
//! x = +I (positive is discharge) and once for x = −I (positive is charge). The hypothesis under which charging raises the
//! voltage more wins. The second soc is one minus the first, so both fits share the sums of one pass.

use rayon::prelude::*;

use super::scan::{self, has_nan};
use super::{Runs, stats};
use crate::widest::widest;

/// The opinion of one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Opinion {
    /// Whether positive current charges.
    pub is_charge: bool,
    /// 0 = sure, 1 = no idea.
    pub p: f64,
    /// Volts by which the voltage follows the charge that moves; 0 where nothing was fitted.
    pub swing: f64,
}

impl Opinion {
    /// No opinion.
    const NONE: Self = Self { is_charge: false, p: 1.0, swing: 0.0 };
}

/// Votes of all steps, weighted by charge moved and certainty.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    /// Weight of the steps that say positive = charge.
    pub charge: f64,
    /// Weight of the others.
    pub discharge: f64,
}

impl Tally {
    /// Share of the charge side; `None` without any weight.
    pub fn charge_share(self) -> Option<f64> {
        let total = self.charge + self.discharge;
        (total > 0.0).then(|| self.charge / total)
    }

    /// Adds a step's opinion with `∫|I|dt` as its weight.
    pub fn add(&mut self, opinion: Opinion, charge: f64) {
        let weight = (1.0 - opinion.p) * charge;
        if opinion.is_charge { self.charge += weight } else { self.discharge += weight }
    }
}

/// The mean current beyond which a step votes (docs/validator.md#current-sign): 2 % of the 95th percentile of |I|, at most
/// 1 mA.
pub fn threshold(current: &[f64]) -> f64 {
    // With the 95th percentile at 50 mA or more the result is 1 mA: counting is enough, nothing has to be ordered.
    let (known, small) = current.iter().fold((0usize, 0usize), |(known, small), i| {
        (known + usize::from(!i.is_nan()), small + usize::from(i.abs() < 0.05))
    });
    if known > 0 && small <= (0.95 * (known - 1) as f64).floor() as usize {
        return 1e-3;
    }
    let mut magnitudes: Vec<f64> = current.iter().map(|i| i.abs()).filter(|i| !i.is_nan()).collect();
    (0.02 * stats::quantile(&mut magnitudes, 0.95)).clamp(1e-12, 1e-3)
}

/// Votes over all runs whose mean current is beyond `threshold`.
pub fn tally(time: &[f64], current: &[f64], voltage: &[f64], runs: &Runs, threshold: f64) -> Tally {
    ballot(time, current, voltage, runs, threshold).tally
}

/// [`tally`] with what tells a strong vote from a weak one (docs/decisions.md#current-sign).
pub fn ballot(time: &[f64], current: &[f64], voltage: &[f64], runs: &Runs, threshold: f64) -> Ballot {
    let runs: Vec<_> = runs.iter().collect();
    let opinion_of = |run: &std::ops::Range<usize>| {
        let (t, i, v) = (&time[run.clone()], &current[run.clone()], &voltage[run.clone()]);
        if i.len() < 2 || stats::mean(i).abs() < threshold {
            return None;
        }
        let charge = absolute_charge(t, i);
        (charge > 0.0).then(|| (opinion(t, i, v), charge))
    };
    // Steps are judged side by side and counted in order, so that the sum does not depend on the number of threads.
    let mut ballot = Ballot::default();
    for (opinion, charge) in runs.par_iter().with_min_len(16).map(opinion_of).collect::<Vec<_>>().into_iter().flatten()
    {
        let before = ballot.tally;
        ballot.tally.add(opinion, charge);
        ballot.steps += usize::from(opinion.p < 1.0);
        if opinion.swing >= SWING {
            ballot.swinging += 1;
            ballot.swinging_charge += ballot.tally.charge - before.charge;
        }
    }
    ballot
}

/// Volts by which a cell's voltage follows its charge, at least; less is noise, a short or a dummy cell.
const SWING: f64 = 0.05;

/// Steps that an instrument's sign needs against it, at least, and their share of the weight.
const STEPS: usize = 3;
const SHARE: f64 = 0.9;

/// A vote over a series, and how much stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Ballot {
    /// The weights.
    pub tally: Tally,
    /// Steps that took part: those with any certainty.
    pub steps: usize,
    /// Those of them whose voltage swings with the charge.
    pub swinging: usize,
    /// Weight of these steps on the charge side.
    swinging_charge: f64,
}

impl Ballot {
    /// Whether the vote for "positive charges" outweighs an instrument that says otherwise.
    pub fn is_strong(&self) -> bool {
        self.swinging >= STEPS
            && self.tally.charge_share().is_some_and(|share| share >= SHARE)
            && self.swinging_charge >= self.tally.charge / 2.0
    }
}

/// Whether the voltage's answer at once, where the current jumps from one run to the next, says that positive discharges: most
/// of the volts go against the current. Lithium that is plated or a symmetric cell shows it while its voltage relaxes the
/// other way within each step.
pub fn jumps_discharge(current: &[f64], voltage: &[f64], runs: &Runs) -> bool {
    let (mut with, mut against) = (0.0, 0.0);
    for run in runs.iter().skip(1) {
        let (before, row) = (run.start - 1, run.start);
        let volts = (voltage[row] - voltage[before]) * (current[row] - current[before]).signum();
        if current[row] != current[before] && volts.is_finite() {
            if volts > 0.0 { with += volts } else { against -= volts }
        }
    }
    against > 3.0 * with && against > 0.0
}

/// ∫|I|dt by the trapezoid rule, over rows that have both.
pub fn absolute_charge(time: &[f64], current: &[f64]) -> f64 {
    let sum = total(&trapezoids(time, current, f64::abs));
    if !sum.is_nan() {
        return sum;
    }
    // Something is missing.
    let (time, current) = known(time, current, |t, i| !t.is_nan() && !i.is_nan());
    total(&trapezoids(&time, &current, f64::abs))
}

/// What flows between each row and the one before it; 0 at the first.
fn trapezoids(time: &[f64], rate: &[f64], size: impl Fn(f64) -> f64) -> Vec<f64> {
    let (times, rates) = (time.get(1..).unwrap_or_default(), rate.get(1..).unwrap_or_default());
    let (times, rates) = (time.iter().zip(times), rate.iter().zip(rates));
    let mut flows = vec![0.0];
    flows.extend(times.zip(rates).map(|((t0, t), (x0, x))| (size(*x0) + size(*x)) / 2.0 * (t - t0)));
    flows
}

/// The sum, in order.
fn total(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |sum, v| sum + v)
}

/// The rows of two columns that are meant.
fn known(a: &[f64], b: &[f64], is_meant: impl Fn(f64, f64) -> bool) -> (Vec<f64>, Vec<f64>) {
    a.iter().zip(b).filter(|(a, b)| is_meant(**a, **b)).unzip()
}

/// The opinion of one step's rows. Rows without a time or a voltage take no part; a step that lacks a current has no opinion, as
/// with the platform.
pub fn opinion(time: &[f64], current: &[f64], voltage: &[f64]) -> Opinion {
    if has_nan(current) {
        return Opinion::NONE;
    }
    if ![time, voltage].into_iter().any(has_nan) {
        return judge(time, current, voltage);
    }
    let rows: Vec<usize> = (0..time.len()).filter(|row| !time[*row].is_nan() && !voltage[*row].is_nan()).collect();
    let pick = |values: &[f64]| rows.iter().map(|row| values[*row]).collect::<Vec<f64>>();
    judge(&pick(time), &pick(current), &pick(voltage))
}

/// The opinion of rows that have all three. Each look at a column is a loop of its own: several of them together are slower, as
/// what has to be done in order keeps the rest from being done side by side.
fn judge(time: &[f64], current: &[f64], voltage: &[f64]) -> Opinion {
    widest(|| judge_rows(time, current, voltage))
}

#[inline(always)]
fn judge_rows(time: &[f64], current: &[f64], voltage: &[f64]) -> Opinion {
    let none = Opinion::NONE;
    let (n, Some(t0)) = (time.len(), time.first().copied()) else { return none };
    if n < 2 || !scan::any(time, |t| t != t0) || stats::max_abs(current) < 1e-12 {
        return none;
    }
    if n < 4 {
        let dq = (current[0] + current[1]) / 2.0 * (time[1] - time[0]);
        return if dq == 0.0 { none } else { Opinion { is_charge: (voltage[1] - voltage[0]) / dq >= 0.0, ..none } };
    }
    let (v_min, v_max) = (stats::min(voltage), stats::max(voltage));
    if v_max - v_min <= 1e-9f64.max(1e-6 * v_min.abs().max(v_max.abs()).max(1.0)) {
        return Opinion { is_charge: true, ..none };
    }

    // q = running trapezoid of −I; its span scales soc.
    let mut charges = trapezoids(time, current, |i| i);
    let mut q = 0.0;
    for charge in &mut charges {
        q -= *charge;
        *charge = q;
    }
    let (q_min, q_max) = (stats::min(&charges), stats::max(&charges));
    let span = q_max - q_min;
    if span < 1e-12 {
        return none;
    }
    let count = n as f64;
    let (v_mean, q_mean, i_mean) = (total(voltage) / count, total(&charges) / count, total(current) / count);
    let mut sums = Sums::default();
    for ((v, q), i) in voltage.iter().zip(&charges).zip(current) {
        sums.add(v - v_mean, (q - q_mean) / span, i - i_mean);
    }
    let soc_mean = (q_mean - q_min) / span;
    let bounds = Bounds::new(v_min, v_max);
    let discharge = Fit { n: count, v: v_mean, s: soc_mean, x: i_mean, sums }.solve(bounds);
    // soc ↦ 1 − soc and x ↦ −x: every centred sum with exactly one of them changes its sign.
    let sums = Sums { vs: -sums.vs, vx: -sums.vx, ..sums };
    let charge = Fit { n: count, v: v_mean, s: 1.0 - soc_mean, x: -i_mean, sums }.solve(bounds);
    if discharge.delta < 1e-10 && charge.delta < 1e-10 {
        return Opinion { is_charge: true, ..none };
    }
    let is_charge = charge.delta > discharge.delta;
    let (winner, loser) = if is_charge { (charge, discharge) } else { (discharge, charge) };
    let residuals = if loser.sse / 2.0 <= 1e-10 { 0.0 } else { winner.sse / loser.sse };
    Opinion { is_charge, p: (loser.delta / winner.delta + residuals).clamp(0.0, 1.0), swing: winner.delta }
}

/// Centred second moments of voltage, soc and x.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    vv: f64,
    ss: f64,
    xx: f64,
    vs: f64,
    vx: f64,
    sx: f64,
}

impl Sums {
    fn add(&mut self, v: f64, s: f64, x: f64) {
        self.vv += v * v;
        self.ss += s * s;
        self.xx += x * x;
        self.vs += v * s;
        self.vx += v * x;
        self.sx += s * x;
    }
}

/// Bounds of v₀ and δ; R is only bounded below by 0.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    v_low: f64,
    v_high: f64,
    delta_high: f64,
}

impl Bounds {
    fn new(v_min: f64, v_max: f64) -> Self {
        let r = (v_max - v_min).max(0.01);
        Self { v_low: v_min - r, v_high: v_max + r, delta_high: 2.0 * r }
    }
}

#[derive(Debug, Clone, Copy)]
struct Solution {
    delta: f64,
    sse: f64,
}

/// Least squares of `V = v₀ + δ·s − R·x` under bounds: a convex quadratic in three variables, so the best of the feasible
/// minima over all sets of active bounds is the minimum.
#[derive(Debug, Clone, Copy)]
struct Fit {
    n: f64,
    v: f64,
    s: f64,
    x: f64,
    sums: Sums,
}

impl Fit {
    fn solve(&self, bounds: Bounds) -> Solution {
        let mut best = Solution { delta: 0.0, sse: f64::INFINITY };
        for v0 in [None, Some(bounds.v_low), Some(bounds.v_high)] {
            for delta in [None, Some(0.0), Some(bounds.delta_high)] {
                for r in [None, Some(0.0)] {
                    let Some((v0, delta, r)) = self.minimum(v0, delta, r) else { continue };
                    let slack = 1e-12 * (1.0 + bounds.v_high.abs());
                    let feasible = v0 >= bounds.v_low - slack
                        && v0 <= bounds.v_high + slack
                        && delta >= -slack
                        && delta <= bounds.delta_high + slack
                        && r >= -slack;
                    let sse = self.sse(v0, delta, r);
                    if feasible && sse < best.sse {
                        best = Solution { delta: delta.max(0.0), sse };
                    }
                }
            }
        }
        best
    }

    /// The minimum with some variables held; `None` when it is not unique.
    fn minimum(&self, v0: Option<f64>, delta: Option<f64>, r: Option<f64>) -> Option<(f64, f64, f64)> {
        // With v₀ free it is V̄ − δ·s̄ + R·x̄ and the centred moments remain; held, the moments are taken about it.
        let m = match v0 {
            None => self.sums,
            Some(v0) => {
                let (n, v, s, x) = (self.n, self.v - v0, self.s, self.x);
                Sums {
                    vv: self.sums.vv + n * v * v,
                    ss: self.sums.ss + n * s * s,
                    xx: self.sums.xx + n * x * x,
                    vs: self.sums.vs + n * v * s,
                    vx: self.sums.vx + n * v * x,
                    sx: self.sums.sx + n * s * x,
                }
            }
        };
        let (delta, r) = match (delta, r) {
            (Some(d), Some(r)) => (d, r),
            (Some(d), None) => (d, divide(d * m.sx - m.vx, m.xx)?),
            (None, Some(r)) => (divide(m.vs + r * m.sx, m.ss)?, r),
            (None, None) => {
                let determinant = m.ss * m.xx - m.sx * m.sx;
                if determinant <= 1e-14 * m.ss * m.xx {
                    return None;
                }
                ((m.vs * m.xx - m.sx * m.vx) / determinant, (m.sx * m.vs - m.ss * m.vx) / determinant)
            }
        };
        Some((v0.unwrap_or(self.v - delta * self.s + r * self.x), delta, r))
    }

    fn sse(&self, v0: f64, delta: f64, r: f64) -> f64 {
        let m = &self.sums;
        let offset = self.v - v0 - delta * self.s + r * self.x;
        let centred =
            m.vv + delta * delta * m.ss + r * r * m.xx - 2.0 * delta * m.vs + 2.0 * r * m.vx - 2.0 * delta * r * m.sx;
        centred.max(0.0) + self.n * offset * offset
    }
}

fn divide(a: f64, b: f64) -> Option<f64> {
    (b > 0.0).then(|| a / b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A CC step of a cell whose voltage follows its charge; `positive_charges` is what the vote has to find.
    fn step(positive_charges: bool, current: f64) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let t: Vec<f64> = (0..50).map(|k| k as f64 * 60.0).collect();
        let side = if positive_charges { 1.0 } else { -1.0 };
        let v = t
            .iter()
            .map(|t| 3.7 + side * current.signum() * (t / 3600.0 * 0.4 + 0.02) + 1e-4 * (t * 0.01).sin())
            .collect();
        (t, vec![current; 50], v)
    }

    #[test]
    fn finds_the_convention_whatever_the_direction() {
        for positive_charges in [true, false] {
            for current in [1.0, -1.0, 1e-4] {
                let (t, i, v) = step(positive_charges, current);
                let got = opinion(&t, &i, &v);
                assert_eq!(got.is_charge, positive_charges, "{current}");
                assert!(got.p < 0.2, "{got:?}");
            }
        }
    }

    #[test]
    fn a_step_that_lacks_a_current_has_no_opinion_and_one_that_lacks_a_voltage_has() {
        let (t, mut i, mut v) = step(true, 1.0);
        v[20] = f64::NAN;
        assert!(opinion(&t, &i, &v).p < 0.2);
        i[20] = f64::NAN;
        assert_eq!(opinion(&t, &i, &v), Opinion::NONE);
    }

    #[test]
    fn degenerate_steps_have_no_opinion() {
        let t = [0.0, 1.0, 2.0, 3.0, 4.0];
        let flat = Opinion { is_charge: true, p: 1.0, swing: 0.0 };
        assert_eq!(opinion(&t, &[1.0; 5], &[3.7; 5]), flat);
        assert_eq!(opinion(&t, &[0.0; 5], &[3.7, 3.8, 3.9, 3.7, 3.6]).p, 1.0);
        assert_eq!(opinion(&t[..1], &[1.0], &[3.7]).p, 1.0);
        assert_eq!(opinion(&t[..2], &[1.0; 2], &[3.7, 3.8]), flat);
        assert_eq!(opinion(&[f64::NAN; 5], &[1.0; 5], &[3.0; 5]).p, 1.0);
    }

    #[test]
    fn a_vote_is_strong_when_three_steps_swing() {
        // Steps of 50 rows whose voltage rises by `swing` while a positive current flows.
        let ballot = |steps: usize, swing: f64| {
            let rows = 50 * steps;
            let time: Vec<f64> = (0..rows).map(|k| 60.0 * k as f64).collect();
            let voltage: Vec<f64> = (0..rows).map(|k| 3.5 + swing * (k % 50) as f64 / 49.0).collect();
            let runs = Runs::at((0..rows).step_by(50), rows);
            super::ballot(&time, &vec![1.0; rows], &voltage, &runs, 1e-3)
        };
        assert!(ballot(3, 0.2).is_strong());
        assert!(!ballot(2, 0.2).is_strong(), "two steps");
        assert!(!ballot(9, 0.04).is_strong(), "40 mV");
        assert_eq!((ballot(9, 0.04).steps, ballot(9, 0.04).swinging), (9, 0));
        let mut divided = ballot(3, 0.2);
        divided.tally.discharge = divided.tally.charge / 8.0;
        assert!(!divided.is_strong(), "8 of 9 parts are less than 90 %");
    }

    #[test]
    fn jumps_say_which_way_resistance_points() {
        let runs = Runs::at([2, 4], 6);
        let current = [0.0, 0.0, 1.0, 1.0, -1.0, -1.0];
        // 20 mV of resistance: a positive current that discharges lowers the voltage.
        assert!(jumps_discharge(&current, &[3.7, 3.7, 3.68, 3.68, 3.72, 3.72], &runs));
        assert!(!jumps_discharge(&current, &[3.7, 3.7, 3.72, 3.72, 3.68, 3.68], &runs));
        assert!(!jumps_discharge(&current, &[3.7; 6], &runs));
    }

    proptest::proptest! {
        /// Negating the current negates the answer and keeps its certainty.
        #[test]
        fn is_antisymmetric(v in proptest::collection::vec(2.5f64..4.5, 6..40), i in -5.0f64..5.0) {
            proptest::prop_assume!(i.abs() > 1e-3);
            let t: Vec<f64> = (0..v.len()).map(|k| k as f64).collect();
            let current: Vec<f64> = (0..v.len()).map(|k| i * (1.0 + 0.1 * (k as f64).sin())).collect();
            let negated: Vec<f64> = current.iter().map(|i| -i).collect();
            let (a, b) = (opinion(&t, &current, &v), opinion(&t, &negated, &v));
            proptest::prop_assert!((a.p - b.p).abs() < 1e-9);
            proptest::prop_assert!(a.p == 1.0 || a.is_charge != b.is_charge);
        }
    }
}
