//! A reported counter as a column that restarts at each step (docs/decisions.md#reported-pair, docs/decisions.md#single-counter).

use super::scan::{all, any};
use super::{Runs, stats};

/// A counter may fall by this part of its largest value without falling: its digits end there.
const DIGITS: f64 = 1e-6;

/// As many cells may leave a counter, or one in a thousand.
const FEW_CELLS: usize = 3;

/// Rows of one side of a test: what flows into `side`, and when.
#[derive(Debug, Clone, Copy)]
pub struct Flow<'a> {
    /// Seconds.
    pub time: &'a [f64],
    /// Current or power, positive = discharge.
    pub rate: &'a [f64],
    /// The steps.
    pub runs: &'a Runs,
    /// 1 for discharge, −1 for charge.
    pub side: f64,
}

impl Flow<'_> {
    /// What flows at a row in this direction; NaN where it is not known.
    pub fn at(&self, row: usize) -> f64 {
        let x = self.side * self.rate[row];
        if x < 0.0 { 0.0 } else { x }
    }

    /// The trapezoid between two rows, in hours; 0 where it is not known.
    pub fn trapezoid(&self, before: usize, row: usize) -> f64 {
        let q = (self.at(before) + self.at(row)) / 2.0 * (self.time[row] - self.time[before]) / 3600.0;
        if q.is_nan() { 0.0 } else { q }
    }

    /// What can flow between two rows in either direction at most, going from row to row; infinite where it is not known.
    fn at_most(&self, before: usize, row: usize) -> f64 {
        let between = (before..row).map(|k| {
            let largest = self.rate[k].abs().max(self.rate[k + 1].abs());
            largest * (self.time[k + 1] - self.time[k]) / 3600.0
        });
        let sum: f64 = between.sum();
        if sum.is_nan() { f64::INFINITY } else { sum }
    }
}

/// Rows of one kind: how many, and the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    /// How many.
    pub count: usize,
    /// The first, where there is one.
    pub first: Option<usize>,
}

impl Rows {
    /// One more.
    pub fn see(&mut self, row: usize) {
        self.count += 1;
        self.first = self.first.or(Some(row));
    }
}

/// A counter that restarts at each step, and what was met on the way.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counted {
    /// The running values, NaN where the counter has none.
    pub values: Vec<f64>,
    /// Where it was set back inside a step.
    pub resets: Rows,
    /// Where it counts down what flows the other way, which is the other side's.
    pub down: Rows,
    /// Where it falls inside a step and no reset explains it.
    pub falls: Rows,
    /// Single cells that leave the counter and return, where they are few.
    pub cells: Rows,
    /// All cells that were set between their neighbours, few or many.
    pub set: Rows,
    /// Rows at the beginning of a step that have no value: what flowed there is the integral.
    pub blanks: Rows,
    /// Rows up to which a single counter gained something in no direction.
    pub astray: Rows,
}

/// |value − value at the first row of the step|: the sum of increments of a counter that never falls inside a step.
pub fn rebase(values: &[f64], runs: &Runs) -> Vec<f64> {
    let mut out = Vec::new();
    out.reserve_exact(values.len());
    for run in runs.iter() {
        let values = &values[run];
        let first = values.iter().copied().find(|v| !v.is_nan()).unwrap_or(0.0);
        out.extend(values.iter().map(|v| (v - first).abs()));
    }
    out
}

/// What a counter's digits hide: it may fall by that inside a step.
pub fn digits(values: &[f64]) -> f64 {
    DIGITS * stats::max_abs(values)
}

/// −1 for a counter that is stored negative throughout, and what its digits hide.
fn sign_and_digits(values: &[f64]) -> (f64, f64) {
    let rises = values.iter().any(|v| *v > 0.0);
    (if rises { 1.0 } else { -1.0 }, digits(values))
}

/// The sum of the increments since the first row of each step. A fall to what can have flowed since the row before is a reset:
/// the increment is then the new value. A fall by what has flowed the other way belongs to the other side, whose counter may do
/// the same.
pub fn count(reported: &[f64], other: Option<&[f64]>, flow: &Flow<'_>) -> Counted {
    let mut out = Counted::default();
    out.values.resize(reported.len(), f64::NAN);
    let (sign, least) = sign_and_digits(reported);
    let other = other.map(|other| (other, sign_and_digits(other)));
    // What the other side's counter lost to this side.
    let given = |before: usize, row: usize| {
        let (values, (sign, least)) = other?;
        let lost = sign * (values[before] - values[row]);
        let flows = flow.at(before) > 0.0 || flow.at(row) > 0.0;
        (flows && lost > least && lost <= 2.0 * flow.at_most(before, row) + least).then_some(lost)
    };
    for run in flow.runs.iter() {
        let (start, end) = (run.start, run.end);
        let mut last: Option<(usize, f64)> = None;
        let mut sum = 0.0;
        for i in run {
            let value = sign * reported[i];
            if value.is_nan() {
                // Where nothing is known to flow, as on impedance rows, nothing is missed.
                let flows = !flow.rate[i].is_nan() && !flow.time[i].is_nan();
                if last.is_none() && flows {
                    sum += if i > start { flow.trapezoid(i - 1, i) } else { 0.0 };
                    out.values[i] = sum;
                    out.blanks.see(i);
                }
                continue;
            }
            let Some((before, known)) = last else {
                sum += if i > start { flow.trapezoid(i - 1, i) } else { 0.0 };
                (last, out.values[i]) = (Some((i, value)), sum);
                continue;
            };
            sum += given(before, i).unwrap_or(0.0);
            let gain = value - known;
            let odd = gain < -least || gain > 2.0 * flow.at_most(before, i) + least;
            if odd && let Some(after) = returns(reported, sign, flow, (before, known), i, end, least) {
                // The cell alone is wrong: the counter carries on behind it.
                out.values[i] = sum + flow.trapezoid(before, i).min(after - known);
                out.cells.see(i);
                continue;
            }
            let flows_back = flow.side * flow.rate[before] < 0.0 || flow.side * flow.rate[i] < 0.0;
            if gain >= -least {
                sum += gain;
            } else if flows_back && -gain <= 2.0 * flow.at_most(before, i) + least {
                out.down.see(i);
            } else if value <= 2.0 * flow.at_most(before, i) + least {
                sum += value.max(0.0);
                out.resets.see(i);
            } else {
                sum += gain;
                out.falls.see(i);
            }
            (last, out.values[i]) = (Some((i, value)), sum);
        }
    }
    out.set = out.cells;
    if out.cells.count > FEW_CELLS.max(reported.len() / 1000) {
        // So many are no single cells: it falls.
        let first = out.falls.first.into_iter().chain(out.cells.first).min();
        out.falls = Rows { count: out.falls.count + out.cells.count, first };
        out.cells = Rows::default();
    }
    out
}

/// The counter's next value behind a cell, when it carries on from before that cell as if the cell were not there.
fn returns(
    reported: &[f64],
    sign: f64,
    flow: &Flow<'_>,
    (before, known): (usize, f64),
    row: usize,
    end: usize,
    least: f64,
) -> Option<f64> {
    let next = (row + 1..end).find(|k| !reported[*k].is_nan())?;
    let (value, after) = (sign * reported[row], sign * reported[next]);
    let carries_on = after >= known - least && after - known <= 2.0 * flow.at_most(before, next) + least;
    let leaves = value < known - least || value > after + least;
    (carries_on && leaves).then_some(after.max(known))
}

/// A single counter: its row differences, each on the side of the rate in its interval (the row's own, else that of the row
/// before, else `label` of the row, else the step's), summed for one side since the first row of the step, absolute.
pub fn split(values: &[f64], flow: &Flow<'_>, label: impl Fn(usize) -> f64) -> Counted {
    let mut out = Counted::default();
    out.values.reserve_exact(values.len());
    let is_one = |side: &f64| *side != 0.0 && !side.is_nan();
    for run in flow.runs.iter() {
        if split_plain(&values[run.clone()], &flow.rate[run.clone()], flow.side, &mut out.values) {
            continue;
        }
        let (mut last, mut sum, mut of_step) = (f64::NAN, 0.0, None);
        let mut otherwise = |i: usize| {
            let before = i.checked_sub(1).map(|before| flow.rate[before]).filter(is_one);
            let side = before.unwrap_or_else(|| label(i));
            if is_one(&side) { side } else { *of_step.get_or_insert_with(|| step_sum(&flow.rate[run.clone()])) }
        };
        for (i, (&value, &rate)) in run.clone().zip(values[run.clone()].iter().zip(&flow.rate[run.clone()])) {
            if value.is_nan() {
                out.values.push(value);
                continue;
            }
            if value != last && !last.is_nan() {
                let side = if rate.abs() > 0.0 { rate } else { otherwise(i) };
                if flow.side * side > 0.0 {
                    sum += value - last;
                } else if side == 0.0 {
                    out.astray.see(i);
                }
            }
            last = value;
            out.values.push(f64::abs(sum));
        }
    }
    out
}

/// [`split`] of a step that has all values and one side throughout, as nearly all steps do; `false` for the others, which add
/// nothing to `out`.
fn split_plain(values: &[f64], rate: &[f64], side: f64, out: &mut Vec<f64>) -> bool {
    let (Some(first), Some(rate)) = (values.first().copied(), rate.get(1..)) else { return true };
    let done = out.len();
    if all(rate, |rate| side * rate > 0.0) {
        let (mut sum, mut last) = (0.0, first);
        out.extend(values.iter().map(|value| {
            sum += value - last;
            last = *value;
            f64::abs(sum)
        }));
        if sum.is_nan() {
            out.truncate(done);
        }
        return !sum.is_nan();
    }
    // What flows the other way, or does not move, counts nothing.
    let is_idle = all(values, |value| value == first);
    if is_idle || (all(rate, |rate| side * rate < 0.0) && !any(values, f64::is_nan)) {
        out.resize(done + values.len(), 0.0);
        return true;
    }
    false
}

fn step_sum(rate: &[f64]) -> f64 {
    rate.iter().filter(|rate| !rate.is_nan()).sum()
}

/// [`split`] of a counter that is set back inside a step: where it falls to what can have flowed since the row before, the
/// difference is the new value.
pub fn without_resets(values: &[f64], flow: &Flow<'_>) -> Option<(Vec<f64>, Rows)> {
    let least = DIGITS * stats::max_abs(values);
    let mut resets = Rows::default();
    let mut out = values.to_vec();
    for run in flow.runs.iter() {
        let (mut shift, mut last): (f64, Option<(usize, f64)>) = (0.0, None);
        for i in run {
            let value = values[i];
            if value.is_nan() {
                continue;
            }
            if let Some((before, known)) = last {
                let most = 2.0 * flow.at_most(before, i) + least;
                if (value - known).abs() > most && value.abs() <= most && known.abs() > value.abs() {
                    shift += known;
                    resets.see(i);
                }
            }
            last = Some((i, value));
            out[i] = value + shift;
        }
    }
    (resets.count > 0).then_some((out, resets))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One step of rows ten minutes apart with 1.2 A (0.2 A.h an interval) of discharge.
    fn counted(values: &[f64]) -> Counted {
        let time: Vec<f64> = (0..values.len()).map(|k| 600.0 * k as f64).collect();
        let (rate, runs) = (vec![1.2; values.len()], Runs::at([], values.len()));
        count(values, None, &Flow { time: &time, rate: &rate, runs: &runs, side: 1.0 })
    }

    fn close(got: &[f64], want: &[f64]) {
        assert_eq!(got.len(), want.len());
        assert!(got.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-12), "{got:?}, should be {want:?}");
    }

    #[test]
    fn a_fall_to_what_has_flowed_is_a_reset() {
        // Half an interval after the reset the counter shows 0.1; the 0.1 before it were never printed.
        let got = counted(&[5.0, 5.2, 5.4, 0.1, 0.3]);
        close(&got.values, &[0.0, 0.2, 0.4, 0.5, 0.7]);
        assert_eq!((got.resets, got.falls.count), (Rows { count: 1, first: Some(3) }, 0));
        // A fall to a value that nothing explains is a fall.
        let got = counted(&[5.0, 5.2, 3.0, 3.2]);
        assert_eq!((got.resets.count, got.falls), (0, Rows { count: 1, first: Some(2) }));
        // A counter that is stored negative counts as well; noise in the last digit is no fall.
        close(&counted(&[-5.0, -5.2, -5.4]).values, &[0.0, 0.2, 0.4]);
        assert_eq!(counted(&[5.0, 5.000_004, 5.000_003]).falls.count, 0);
    }

    #[test]
    fn a_single_wrong_cell_is_set_between_its_neighbours() {
        for wrong in [9.9, 1.0, 0.0] {
            let got = counted(&[5.0, 5.2, wrong, 5.6, 5.8]);
            close(&got.values, &[0.0, 0.2, 0.4, 0.6, 0.8]);
            assert_eq!((got.cells, got.falls.count), (Rows { count: 1, first: Some(2) }, 0), "{wrong}");
        }
    }

    #[test]
    fn many_wrong_cells_are_falls() {
        let values: Vec<f64> = (0..40).map(|k| if k % 5 == 4 { 0.0 } else { 5.0 + 0.2 * f64::from(k) }).collect();
        let got = counted(&values);
        assert_eq!((got.cells.count, got.falls), (0, Rows { count: 7, first: Some(4) }));
        assert_eq!(got.set, got.falls, "they are told where the counter is used all the same");
    }

    #[test]
    fn what_flowed_before_the_first_value_is_the_integral() {
        let null = f64::NAN;
        let got = counted(&[null, null, 5.4, null, 5.8]);
        close(&got.values[..3], &[0.0, 0.2, 0.4]);
        assert!(got.values[3].is_nan());
        close(&got.values[4..], &[0.8]);
        assert_eq!(got.blanks, Rows { count: 2, first: Some(0) });
    }

    #[test]
    fn a_pair_that_counts_down_gives_to_the_other_side() {
        // A hold whose current turns: the charge counter counts down what is discharged.
        let time: Vec<f64> = (0..5).map(|k| 600.0 * f64::from(k)).collect();
        let (rate, runs) = ([-1.2, -1.2, -1.2, 1.2, 1.2], Runs::at([], 5));
        let (charge, discharge) = ([5.0, 5.2, 5.4, 5.4, 5.2], [1.0; 5]);
        let flow = |side: f64| Flow { time: &time, rate: &rate, runs: &runs, side };
        let charged = count(&charge, Some(&discharge), &flow(-1.0));
        close(&charged.values, &[0.0, 0.2, 0.4, 0.4, 0.4]);
        assert_eq!((charged.down, charged.falls.count), (Rows { count: 1, first: Some(4) }, 0));
        close(&count(&discharge, Some(&charge), &flow(1.0)).values, &[0.0, 0.0, 0.0, 0.0, 0.2]);
    }

    #[test]
    fn a_single_counter_goes_to_the_side_of_its_interval() {
        let time: Vec<f64> = (0..6).map(|k| 600.0 * f64::from(k)).collect();
        // Discharge, a row that prints 0 behind it, charge (the counter counts down), and growth that nothing explains.
        let rate = [1.2, 1.2, 0.0, -1.2, -1.2, 0.0];
        let values = [0.0, 0.2, 0.3, 0.2, 0.0, 0.0];
        let runs = Runs::at([], 6);
        let of = |side: f64| split(&values, &Flow { time: &time, rate: &rate, runs: &runs, side }, |_| 0.0);
        close(&of(1.0).values, &[0.0, 0.2, 0.3, 0.3, 0.3, 0.3]);
        close(&of(-1.0).values, &[0.0, 0.0, 0.0, 0.1, 0.3, 0.3]);
        let rest = |label: f64| {
            let flow = Flow { time: &time, rate: &[0.0; 6], runs: &runs, side: 1.0 };
            split(&[0.0, 0.1, 0.1, 0.1, 0.1, 0.1], &flow, |_| label)
        };
        close(&rest(1.0).values, &[0.0, 0.1, 0.1, 0.1, 0.1, 0.1]);
        assert_eq!((rest(1.0).astray.count, rest(0.0).astray), (0, Rows { count: 1, first: Some(1) }));
    }

    proptest::proptest! {
        /// Steps of one side are counted as row by row.
        #[test]
        fn a_step_of_one_side_is_counted_like_any_other(
            rows in proptest::collection::vec((0u8..4, -2i8..3, -1i8..4), 1..60),
            side in proptest::sample::select(vec![1.0, -1.0]),
        ) {
            let known = |v: i8, least: i8| if v == least { f64::NAN } else { f64::from(v) };
            let rate: Vec<f64> = rows.iter().map(|(_, rate, _)| known(*rate, -2)).collect();
            let values: Vec<f64> = rows.iter().map(|(.., v)| known(*v, -1)).collect();
            let time: Vec<f64> = (0..rows.len()).map(|k| k as f64).collect();
            let runs = Runs::at((0..rows.len()).filter(|k| rows[*k].0 == 0), rows.len());
            let flow = Flow { time: &time, rate: &rate, runs: &runs, side };
            let got = split(&values, &flow, |row| f64::from(row as u8 % 3) - 1.0);
            for run in runs.iter() {
                let (mut last, mut sum) = (f64::NAN, 0.0);
                for row in run.clone() {
                    if values[row].is_nan() {
                        proptest::prop_assert!(got.values[row].is_nan());
                        continue;
                    }
                    let is_one = |side: &f64| *side != 0.0 && !side.is_nan();
                    let before = if row > 0 { rate[row - 1] } else { 0.0 };
                    let sides = [rate[row], before, f64::from(row as u8 % 3) - 1.0];
                    let of_step = step_sum(&rate[run.clone()]);
                    let of_row = sides.into_iter().find(is_one).unwrap_or(of_step);
                    if !last.is_nan() && side * of_row > 0.0 {
                        sum += values[row] - last;
                    }
                    last = values[row];
                    proptest::prop_assert_eq!(got.values[row], sum.abs());
                }
            }
        }
    }

    #[test]
    fn a_single_counter_is_set_back_without_a_loss() {
        let time: Vec<f64> = (0..5).map(|k| 600.0 * f64::from(k)).collect();
        let (rate, runs) = ([1.2; 5], Runs::at([], 5));
        let flow = Flow { time: &time, rate: &rate, runs: &runs, side: 1.0 };
        let (values, resets) = without_resets(&[5.0, 5.2, 0.1, 0.3, 0.5], &flow).unwrap();
        close(&values, &[5.0, 5.2, 5.3, 5.5, 5.7]);
        assert_eq!(resets, Rows { count: 1, first: Some(2) });
        assert_eq!(without_resets(&[5.0, 5.2, 5.4, 5.6, 5.8], &flow), None);
    }

    proptest::proptest! {
        /// Wherever a counter is set back, what it counts between two rows is never lost when the reset falls on a row.
        #[test]
        fn resets_do_not_matter(gains in proptest::collection::vec(0.05f64..0.2, 3..40), reset in 1usize..38) {
            proptest::prop_assume!(reset < gains.len());
            let (mut running, mut counter) = (vec![0.0], vec![7.0]);
            for (k, gain) in gains.iter().enumerate() {
                running.push(running[k] + gain);
                counter.push(if k == reset { *gain } else { counter[k] + gain });
            }
            let got = counted(&counter);
            proptest::prop_assert!(got.values.iter().zip(&running).all(|(a, b)| (a - b).abs() < 1e-9));
            proptest::prop_assert_eq!(got.resets, Rows { count: 1, first: Some(reset + 1) });
        }
    }
}
