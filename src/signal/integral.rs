//! Integrals over time that restart at each step (ionworks.md §3.4 c).

use super::Runs;

/// Running trapezoid of `max(side·rate, 0)` in hours, 0 at the first row of each run. Rows without time or rate are stepped
/// over and get NaN. The interval between two runs belongs to neither.
pub fn per_step(time: &[f64], rate: impl Fn(usize) -> f64, runs: &Runs, side: f64) -> Vec<f64> {
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
                sum += (x0 + x) / 2.0 * (t - t0) / 3600.0;
            }
            last = Some((t, x));
            out[i] = sum;
        }
    }
    out
}

/// The same integral as a difference of one running sum over the whole test, in the platform's order of operations. The last
/// digits differ from [`per_step`]: that matters only where a check names the row of the largest of many equal differences.
/// A missing rate makes all later rows NaN.
pub fn per_step_of_running(time: &[f64], rate: impl Fn(usize) -> f64, runs: &Runs, side: f64) -> Vec<f64> {
    let mut sum = 0.0;
    let x = |i: usize| (side * rate(i)).max(0.0) + 0.0 * rate(i);
    let mut out: Vec<f64> = (0..time.len())
        .map(|i| {
            if i > 0 {
                sum += (x(i - 1) + x(i)) / 2.0 * (time[i] - time[i - 1]);
            }
            sum / 3600.0
        })
        .collect();
    for run in runs.iter() {
        let first = out[run.start];
        out[run].iter_mut().for_each(|q| *q -= first);
    }
    out
}

/// How far two running columns are apart: max|a − b| / max(|a|, |b|) over the rows where both have a value, with the row
/// and the scale (ionworks.md §6.12). `None` when there is nothing to compare.
pub fn disagreement(reported: &[f64], integrated: &[f64]) -> Option<Disagreement> {
    let mut worst = Disagreement { row: 0, relative: 0.0, scale: 0.0 };
    let mut difference = -1.0;
    for (i, (a, b)) in reported.iter().zip(integrated).enumerate() {
        for v in [a.abs(), b.abs()] {
            if v > worst.scale {
                worst.scale = v;
            }
        }
        let d = (a - b).abs();
        if d > difference {
            (difference, worst.row) = (d, i);
        }
    }
    if worst.scale == 0.0 || difference < 0.0 {
        return None;
    }
    worst.relative = difference / worst.scale;
    Some(worst)
}

/// The result of [`disagreement`].
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
        let runs = Runs::of(&[0.0, 0.0, 1.0, 1.0]);
        assert_eq!(per_step(&t, |k| i[k], &runs, 1.0), [0.0, 1.0, 0.0, 0.0]);
        assert_eq!(per_step(&t, |k| i[k], &runs, -1.0), [0.0, 0.0, 0.0, 2.0]);
        let d = disagreement(&[0.0, 2.0], &[0.0, 1.0]).unwrap();
        assert_eq!((d.row, d.relative, d.scale), (1, 0.5, 2.0));
        assert_eq!(disagreement(&[0.0], &[0.0]), None);
    }
}
