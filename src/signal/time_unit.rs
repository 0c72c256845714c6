//! In which unit a test time is, when clock, step time and counters agree against its header (docs/decisions.md#time).

use super::stats;

/// Seconds of a unit, and its name.
static UNITS: &[(f64, &str)] =
    &[(86_400.0, "days"), (3600.0, "hours"), (60.0, "minutes"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")];

/// Stretches of a test that are looked at.
const WINDOWS: usize = 64;

/// Rows of one of them, for the step time.
const ROWS: usize = 16;

/// How far a clock or a step time, and how far a counter, may be from a unit.
const NEAR: f64 = 0.05;
const NEAR_BY_CHARGE: f64 = 0.15;

/// What there is beside the test time. NaN where a row has none.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// Clock of a row in s.
    pub clock: Option<&'a dyn Fn(usize) -> f64>,
    /// Step time in s.
    pub step_time: Option<&'a [f64]>,
    /// What [`charges`] finds; asked only when clock or step time speak against the second.
    pub charges: &'a dyn Fn() -> Vec<f64>,
}

/// The unit of a test time that is not s.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeUnit {
    /// Seconds of one unit.
    pub factor: f64,
    /// Its name.
    pub name: &'static str,
    /// Who says so, with the factor that each found.
    pub witnesses: Vec<(&'static str, f64)>,
    /// Whether the step time is in this unit as well.
    pub step_time_too: bool,
}

/// The unit, when at least two witnesses agree on one that is not the second and none but a step time of the same column kind
/// speaks for the second.
pub fn find(time: &[f64], beside: &Beside<'_>) -> Option<TimeUnit> {
    let clock = beside.clock.and_then(|clock| median(windows(time, clock)));
    let step = beside.step_time.and_then(|step| median(short_windows(time, step)));
    let unit_of = |ratio: Option<f64>, near: f64| {
        UNITS.iter().find(|(seconds, _)| ratio.is_some_and(|ratio| (ratio / seconds - 1.0).abs() <= near))
    };
    let (factor, name) = *unit_of(clock, NEAR).or_else(|| unit_of(step, NEAR))?;
    if clock.is_some() && unit_of(clock, NEAR).is_none() {
        return None;
    }
    let by_charge = median((beside.charges)());
    let all = [
        ("the clock of the rows", clock, NEAR),
        ("the step time", step, NEAR),
        ("the counters", by_charge, NEAR_BY_CHARGE),
    ];
    let agrees = |ratio: Option<f64>, near: f64| ratio.filter(|ratio| (ratio / factor - 1.0).abs() <= near);
    let witnesses: Vec<(&str, f64)> =
        all.into_iter().filter_map(|(who, ratio, near)| Some((who, agrees(ratio, near)?))).collect();
    let is_second = |ratio: Option<f64>| ratio.is_some_and(|ratio| (ratio - 1.0).abs() <= NEAR_BY_CHARGE);
    if witnesses.len() < 2 || is_second(by_charge) {
        return None;
    }
    Some(TimeUnit { factor, name, witnesses, step_time_too: is_second(step) })
}

fn median(mut ratios: Vec<f64>) -> Option<f64> {
    (!ratios.is_empty()).then(|| stats::quantile(&mut ratios, 0.5))
}

/// First and last rows of the stretches.
fn ends(rows: usize) -> impl Iterator<Item = (usize, usize)> {
    let windows = WINDOWS.min(rows.saturating_sub(1));
    let at = move |k: usize| k * rows.saturating_sub(1) / windows.max(1);
    (0..windows).map(move |k| (at(k), at(k + 1)))
}

fn positive(ratio: f64) -> Option<f64> {
    (ratio.is_finite() && ratio > 0.0).then_some(ratio)
}

fn windows(time: &[f64], clock: &dyn Fn(usize) -> f64) -> Vec<f64> {
    ends(time.len()).filter_map(|(from, to)| positive((clock(to) - clock(from)) / (time[to] - time[from]))).collect()
}

/// Within a step: a few rows from each stretch, as long as the step time rises.
fn short_windows(time: &[f64], step: &[f64]) -> Vec<f64> {
    let rising = |(from, to): (usize, usize)| {
        let to = to.min(from + ROWS);
        // A missing step time ends the stretch as a fall does.
        let rises = |k: &usize| step[k + 1] > step[*k];
        let end = (from..to).find(|k| !rises(k)).unwrap_or(to);
        (from, end)
    };
    let ratio = |(from, to): (usize, usize)| positive((step[to] - step[from]) / (time[to] - time[from]));
    ends(time.len()).map(rising).filter_map(ratio).collect()
}

/// Seconds that one unit of the time stands for by what counters in A.h gain while a current in A flows.
pub fn charges(time: &[f64], current: &[f64], counters: &[&[f64]]) -> Vec<f64> {
    let of = |(from, to): (usize, usize)| {
        let (mut gained, mut flowed) = (0.0, 0.0);
        for k in from..to {
            let gain: f64 = counters.iter().map(|c| (c[k + 1] - c[k]).max(0.0)).sum();
            let flow = (current[k].abs() + current[k + 1].abs()) / 2.0 * (time[k + 1] - time[k]);
            if gain.is_finite() && flow > 0.0 {
                gained += 3600.0 * gain;
                flowed += flow;
            }
        }
        positive(gained / flowed)
    };
    ends(time.len()).filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 400 rows a minute apart in four steps, 1 A throughout: what the instrument saw.
    struct Test {
        time: Vec<f64>,
        step: Vec<f64>,
        charge: Vec<f64>,
    }

    fn test() -> Test {
        let time: Vec<f64> = (0..400).map(|k| 60.0 * f64::from(k)).collect();
        let step = (0..400).map(|k| 60.0 * f64::from(k % 100)).collect();
        let charge = time.iter().map(|t| t / 3600.0).collect();
        Test { time, step, charge }
    }

    fn in_unit(values: &[f64], seconds: f64) -> Vec<f64> {
        values.iter().map(|v| v / seconds).collect()
    }

    fn found(time: &[f64], clock: &[f64], step_time: Option<&[f64]>, charge: &[f64]) -> Option<TimeUnit> {
        let charges = || charges(time, &[1.0; 400], &[charge]);
        find(time, &Beside { clock: Some(&|row| clock[row]), step_time, charges: &charges })
    }

    #[test]
    fn two_witnesses_find_the_unit() {
        let test = test();
        for (seconds, name) in UNITS {
            let time = in_unit(&test.time, *seconds);
            let all = found(&time, &test.time, Some(&test.step), &test.charge).unwrap();
            assert_eq!((all.factor, all.name, all.witnesses.len(), all.step_time_too), (*seconds, *name, 3, false));
            // The step time in the same wrong unit says nothing against it.
            let too = found(&time, &test.time, Some(&in_unit(&test.step, *seconds)), &test.charge).unwrap();
            assert_eq!((too.witnesses.len(), too.step_time_too), (2, true));
            assert_eq!(found(&time, &test.time, None, &[0.0; 400]), None, "one witness is not enough");
        }
    }

    #[test]
    fn seconds_and_strange_clocks_are_left_alone() {
        let test = test();
        assert_eq!(found(&test.time, &test.time, Some(&test.step), &test.charge), None);
        // A clock that runs 60 times as fast, against step time and counters.
        let fast = in_unit(&test.time, 1.0 / 60.0);
        assert_eq!(found(&test.time, &fast, Some(&test.step), &test.charge), None);
        let nothing = Beside { clock: Some(&|_| 1.0), step_time: None, charges: &Vec::new };
        assert_eq!(find(&[], &nothing), None);
        assert_eq!(find(&[f64::NAN; 3], &nothing), None);
    }
}
