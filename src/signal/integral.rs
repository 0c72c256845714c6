//! Integrals over time that restart at each step (docs/decisions.md#counters-and-integrals c).

use super::Runs;
use super::scan::has_nan;

/// Running trapezoid of `max(side·rate, 0)` in hours, 0 at the first row of each run. Rows without time or rate are stepped
/// over and get NaN. The interval between two runs belongs to neither. With `is_mean` the rate of a row is the mean since the
/// row before, and its interval counts by it alone.
pub fn per_step(time: &[f64], rate: impl Fn(usize) -> f64, runs: &Runs, side: f64, is_mean: bool) -> Vec<f64> {
    let mut out = Vec::new();
    out.resize(time.len(), f64::NAN);
    for run in runs.iter() {
        let mut last: Option<(f64, f64)> = None;
        let mut sum = 0.0;
        for i in run {
            let (t, x) = (time[i], rate(i));
            if t.is_nan() || x.is_nan() {
                continue;
            }
            let x = (side * x).max(0.0);
            if let Some((t0, x0)) = last {
                let x = if is_mean { x } else { (x0 + x) / 2.0 };
                sum += x * (t - t0) / 3600.0;
            }
            last = Some((t, x));
            out[i] = sum;
        }
    }
    out
}

/// The same integral as a difference of one running sum over the whole test, in the platform's order of operations, compared
/// with a reported column as it stands. The last digits differ from [`per_step`]: that matters only where a check names the
/// row of the largest of many equal differences. A missing rate makes all later rows NaN. Also gives the integral at the row.
pub fn disagreement_of_running(
    time: &[f64],
    rate: impl Fn(usize) -> f64,
    runs: &Runs,
    side: f64,
    reported: &[f64],
) -> Option<(Disagreement, f64)> {
    // Without NaN these are single instructions; a rate that is missing stays so.
    let x = |i: usize| {
        let flow = side * rate(i);
        (if flow > 0.0 { flow } else { 0.0 }) + 0.0 * rate(i)
    };
    let mut worst = Worst::default();
    let mut at_worst = f64::NAN;
    let (mut sum, mut last) = (0.0, f64::NAN);
    for run in runs.iter() {
        // Nearly every run has no row that is worse than those before: then it is passed over without a question a row.
        let (sum_before, last_before) = (sum, last);
        let (mut first, mut scale, mut difference) = (0.0, 0.0, 0.0);
        let mut step = |sum: &mut f64, last: &mut f64, i: usize| {
            let now = x(i);
            if i > 0 {
                *sum += (*last + now) / 2.0 * (time[i] - time[i - 1]);
            }
            *last = now;
            let running = *sum / 3600.0;
            if i == run.start {
                first = running;
            }
            running - first
        };
        let max = |a: f64, b: f64| if b > a { b } else { a };
        for i in run.clone() {
            let integral = step(&mut sum, &mut last, i);
            scale = max(max(scale, reported[i].abs()), integral.abs());
            difference = max(difference, (reported[i] - integral).abs());
        }
        if difference <= worst.difference {
            worst.scale = max(worst.scale, scale);
            continue;
        }
        (sum, last) = (sum_before, last_before);
        for i in run.clone() {
            let integral = step(&mut sum, &mut last, i);
            if worst.see(i, reported[i], integral) {
                at_worst = integral;
            }
        }
    }
    worst.finish().map(|d| (d, at_worst))
}

/// A reported column against [`per_step`], both rebased to each run, without making the integral: the disagreement, and the
/// first row at which the reported column falls by more than `fall` inside a run.
pub fn check_reported(
    time: &[f64],
    rate: &[f64],
    runs: &Runs,
    side: f64,
    reported: &[f64],
    fall: f64,
) -> (Option<Disagreement>, Option<usize>) {
    let mut worst = Worst::default();
    let mut fallen = None;
    for run in runs.iter() {
        // Nearly every run is neither the worst so far nor falls: then its rows need no second thought.
        if let Some(seen) = glance(&time[run.clone()], &rate[run.clone()], side, &reported[run.clone()])
            && seen.difference <= worst.difference
            && (fallen.is_some() || seen.fall >= -fall)
        {
            worst.scale = worst.scale.max(seen.scale);
            continue;
        }
        let mut last: Option<(f64, f64)> = None;
        let (mut sum, mut first, mut before) = (0.0, f64::NAN, f64::NAN);
        for i in run {
            let value = reported[i];
            if first.is_nan() {
                first = value;
            }
            let value = (value - first).abs();
            if value - before < -fall && fallen.is_none() {
                fallen = Some(i);
            }
            if !value.is_nan() {
                before = value;
            }
            let (t, x) = (time[i], rate[i]);
            if t.is_nan() || x.is_nan() {
                worst.see(i, value, f64::NAN);
                continue;
            }
            let x = (side * x).max(0.0);
            if let Some((t0, x0)) = last {
                sum += (x0 + x) * (t - t0);
            }
            last = Some((t, x));
            worst.see(i, value, sum * (0.5 / 3600.0));
        }
    }
    (worst.finish(), fallen)
}

/// What [`check_reported`] has to know of a run to pass over it.
struct Glance {
    difference: f64,
    scale: f64,
    /// The lowest change of the reported value from a row to the next.
    fall: f64,
}

/// The loop of [`check_reported`] for a run where no value is missing, without a branch; `None` for the others.
fn glance(time: &[f64], rate: &[f64], side: f64, reported: &[f64]) -> Option<Glance> {
    let first = *reported.first()?;
    if [time, rate, reported].into_iter().any(has_nan) {
        return None;
    }
    // Without NaN these are single instructions, which `f64::max` and `f64::min` are not.
    let max = |a: f64, b: f64| if a > b { a } else { b };
    let min = |a: f64, b: f64| if a < b { a } else { b };
    let mut seen = Glance { difference: 0.0, scale: 0.0, fall: f64::INFINITY };
    let (mut sum, mut t0, mut x0, mut before) = (0.0, *time.first()?, max(side * rate.first()?, 0.0), 0.0);
    for ((t, x), reported) in time.iter().zip(rate).zip(reported) {
        let x = max(side * x, 0.0);
        sum += (x0 + x) * (t - t0);
        (t0, x0) = (*t, x);
        let (value, integral) = ((reported - first).abs(), sum * (0.5 / 3600.0));
        seen.fall = min(seen.fall, value - before);
        before = value;
        seen.scale = max(seen.scale, max(value, integral.abs()));
        seen.difference = max(seen.difference, (value - integral).abs());
    }
    Some(seen)
}

/// The largest difference so far.
struct Worst {
    difference: f64,
    row: usize,
    scale: f64,
}

impl Default for Worst {
    fn default() -> Self {
        Self { difference: -1.0, row: 0, scale: 0.0 }
    }
}

impl Worst {
    /// Looks at one row; says whether it is the worst now. NaN never is.
    #[inline]
    fn see(&mut self, row: usize, a: f64, b: f64) -> bool {
        for v in [a.abs(), b.abs()] {
            if v > self.scale {
                self.scale = v;
            }
        }
        let difference = (a - b).abs();
        let worse = difference > self.difference;
        if worse {
            (self.difference, self.row) = (difference, row);
        }
        worse
    }

    fn finish(self) -> Option<Disagreement> {
        let something = self.scale != 0.0 && self.difference >= 0.0;
        something.then(|| Disagreement { row: self.row, relative: self.difference / self.scale, scale: self.scale })
    }
}

/// How far two running columns are apart: max|a − b| / max(|a|, |b|) over the rows where both have a value (docs/schema.md
/// docs/validator.md#integrals). There is none where there is nothing to compare.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Disagreement {
    /// Where the difference is largest.
    pub row: usize,
    /// The difference there over the scale.
    pub relative: f64,
    /// The largest magnitude of both.
    pub scale: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn restarts_and_leaves_the_gap_between_steps_out() {
        let t = [0.0, 3600.0, 7200.0, 10_800.0];
        let i = [1.0, 1.0, -2.0, -2.0];
        let runs = Runs::of_reals(&[0.0, 0.0, 1.0, 1.0]);
        assert_eq!(per_step(&t, |k| i[k], &runs, 1.0, false), [0.0, 1.0, 0.0, 0.0]);
        assert_eq!(per_step(&t, |k| i[k], &runs, -1.0, false), [0.0, 0.0, 0.0, 2.0]);
        let (d, fall) = check_reported(&t, &i, &runs, 1.0, &[7.0, 9.0, 9.0, 8.0], 1e-6);
        let d = d.unwrap();
        assert_eq!(
            (d.row, d.relative, d.scale, fall),
            (1, 0.5, 2.0, None),
            "rebased: 2 instead of 1; |9 − 8| does not fall"
        );
        assert_eq!(check_reported(&t, &i, &runs, 1.0, &[7.0, 8.0, 9.0, 8.0], 1e-6).0.unwrap().row, 3);
        let (d, at) = disagreement_of_running(&t, |k| i[k], &runs, 1.0, &[0.0, 2.0, 0.0, 0.0]).unwrap();
        assert_eq!((d.row, d.relative, at), (1, 0.5, 1.0));
        assert_eq!(disagreement_of_running(&t, |_| 0.0, &runs, 1.0, &[0.0; 4]), None);
    }

    proptest::proptest! {
        /// Runs that are passed over change nothing: row by row the same row is the worst.
        #[test]
        fn the_worst_row_is_that_of_all_rows(rows in proptest::collection::vec((0u8..4, -3i8..4, -4i8..9), 1..60)) {
            let known = |v: i8, least: i8| if v == least { f64::NAN } else { f64::from(v) };
            let time: Vec<f64> = (0..rows.len()).map(|k| 600.0 * k as f64).collect();
            let rate: Vec<f64> = rows.iter().map(|(new, v, _)| if *new == 3 { 0.0 } else { known(*v, -3) }).collect();
            let reported: Vec<f64> = rows.iter().map(|(.., v)| known(*v, -4)).collect();
            let runs = Runs::at((0..rows.len()).filter(|k| rows[*k].0 == 0), rows.len());
            let (mut worst, mut at, mut first) = (Worst::default(), f64::NAN, 0.0);
            let mut sum = 0.0;
            for k in 0..rows.len() {
                let flow = |k: usize| if rate[k].is_nan() { f64::NAN } else { rate[k].max(0.0) };
                if k > 0 {
                    sum += (flow(k - 1) + flow(k)) / 2.0 * (time[k] - time[k - 1]);
                } else {
                    sum = 0.0;
                }
                if runs.begins_at(k) {
                    first = sum / 3600.0;
                }
                if worst.see(k, reported[k], sum / 3600.0 - first) {
                    at = sum / 3600.0 - first;
                }
            }
            let want = worst.finish().map(|d| (d, at));
            proptest::prop_assert_eq!(disagreement_of_running(&time, |k| rate[k], &runs, 1.0, &reported), want);
        }

        /// A run that is passed over after a glance changes nothing: one run of a whole test finds what its runs find.
        #[test]
        fn a_glance_passes_over_nothing(rows in proptest::collection::vec((0u8..3, -3i8..4, -3i8..9), 1..60)) {
            let time: Vec<f64> = (0..rows.len()).map(|k| 600.0 * k as f64).collect();
            let rate: Vec<f64> = rows.iter().map(|(_, rate, _)| f64::from(*rate)).collect();
            let reported: Vec<f64> = rows.iter().map(|(_, _, c)| f64::from(*c)).collect();
            let mut step = 0.0;
            let steps: Vec<f64> = rows.iter().map(|(new, ..)| { step += f64::from(u8::from(*new == 0)); step }).collect();
            let runs = Runs::of_reals(&steps);
            let (found, fallen) = check_reported(&time, &rate, &runs, 1.0, &reported, 1e-6);
            // Against the plain integral.
            let integral = per_step(&time, |k| rate[k], &runs, 1.0, false);
            let (mut scale, mut largest, mut fall) = (0.0f64, -1.0f64, None);
            for run in runs.iter() {
                for k in run.clone() {
                    let value = (reported[k] - reported[run.start]).abs();
                    scale = scale.max(value).max(integral[k]);
                    largest = largest.max((value - integral[k]).abs());
                    if k > run.start && value < (reported[k - 1] - reported[run.start]).abs() {
                        fall = fall.or(Some(k));
                    }
                }
            }
            proptest::prop_assert_eq!(fallen, fall);
            proptest::prop_assert_eq!(found.is_some(), scale > 0.0);
            if let Some(found) = found {
                proptest::prop_assert!((found.relative - largest / scale).abs() < 1e-12);
                proptest::prop_assert_eq!(found.scale.to_bits(), scale.to_bits());
            }
        }
    }
}
