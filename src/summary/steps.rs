//! One row for each run of `Step count` (docs/schema.md#steps-table).

use std::ops::Range;

use polars::prelude::{Column as PolarsColumn, DataFrame, IdxSize};
use rayon::prelude::*;

use super::layout;
use crate::error::{Error, Result};
use crate::schema::Column;
use crate::signal::frame::{count_series, missing, need, real_series, reals, runs_of};
use crate::signal::{Runs, stats};

/// Options of [`summarize_steps`].
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::summary::{StepOptions, summarize_steps};
///
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// let mut options = StepOptions::default();
/// options.rated_capacity = Some(2.5);
/// let steps = summarize_steps(&cell.time_series, &options)?;
/// assert_eq!(steps.height(), cell.steps.height());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct StepOptions {
    /// Rated capacity in A.h, which scales what counts as rest and as constant current.
    pub rated_capacity: Option<f64>,
}

/// Sums of a cycle, repeated on each of its steps: the column, and its name in the steps table.
pub(super) static CYCLE_SUMS: &[(Column, &str)] = &[
    (Column::ChargeCapacity, "Cycle charge capacity [A.h]"),
    (Column::DischargeCapacity, "Cycle discharge capacity [A.h]"),
    (Column::ChargeEnergy, "Cycle charge energy [W.h]"),
    (Column::DischargeEnergy, "Cycle discharge energy [W.h]"),
];

/// A statistic over the rows of one step.
type Statistic = fn(&[f64]) -> f64;

/// The steps table. Needs `Time [s]`, `Current [A]`, `Voltage [V]` and `Step count`; uses the others where they are. It always
/// has the same columns: what the frame does not tell is null.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!(
///     "Time [s]" => [0.0, 60.0, 61.0, 121.0], "Current [A]" => [0.0, 0.0, 2.0, 2.0],
///     "Voltage [V]" => [3.7, 3.7, 3.6, 3.5], "Step count" => [0i64, 0, 1, 1]
/// )?;
/// let steps = cyclerprep::summary::summarize_steps(&frame, &Default::default())?;
/// assert_eq!(steps.column("Step type")?.str()?.get(1), Some("Constant current discharge"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`](crate::ErrorKind::MissingColumn) without one of these.
pub fn summarize_steps(frame: &DataFrame, options: &StepOptions) -> Result<DataFrame> {
    let (time, current, voltage) =
        (need(frame, Column::Time)?, need(frame, Column::Current)?, need(frame, Column::Voltage)?);
    let runs = runs_of(frame, Column::StepCount)?.ok_or_else(|| missing(frame, Column::StepCount.name()))?;
    let runs: Vec<Range<usize>> = runs.iter().collect();
    let frequency = reals(frame, Column::Frequency)?;

    let mut columns: Vec<PolarsColumn> = Vec::new();
    let index = |name: &str, f: fn(&Range<usize>) -> usize| {
        PolarsColumn::new(name.into(), runs.iter().map(|r| f(r) as u32).collect::<Vec<_>>())
    };
    columns.push(index("Start index", |r| r.start));
    columns.push(index("End index", |r| r.end - 1));
    let each = |name: &str, values: &[f64], f: Statistic| {
        real_series(name, runs.iter().map(|r| f(&values[r.clone()])).collect())
    };
    columns.push(each("Start time [s]", &time, first));
    columns.push(each("End time [s]", &time, last));
    columns.push(each("Duration [s]", &time, |t| last(t) - first(t)));
    columns.push(each("Start voltage [V]", &voltage, first));
    columns.push(each("End voltage [V]", &voltage, last));
    for column in Column::CUMULATIVE {
        if let Some(values) = reals(frame, column)? {
            columns.push(each(column.name(), &values, |v| last(v) - first(v)));
        }
    }
    let statistics: [(&str, Statistic); 4] =
        [("Min", stats::min), ("Max", stats::max), ("Mean", stats::mean), ("Std", trimmed_std)];
    // Step by step, so that each step's rows are in the cache for all statistics, and its power needs no column.
    let of_step = |power: &mut Vec<f64>, run: &Range<usize>| {
        let (voltage, current) = (&voltage[run.clone()], &current[run.clone()]);
        power.clear();
        power.extend(current.iter().zip(voltage).map(|(i, v)| i * v));
        [voltage, current, power].map(|values| statistics.map(|(_, statistic)| statistic(values)))
    };
    let of_steps: Vec<[[f64; 4]; 3]> = runs.par_iter().with_min_len(64).map_init(Vec::new, of_step).collect();
    for (k, what) in ["voltage [V]", "current [A]", "power [W]"].into_iter().enumerate() {
        for (j, (kind, _)) in statistics.into_iter().enumerate() {
            columns.push(real_series(&format!("{kind} {what}"), of_steps.iter().map(|step| step[k][j]).collect()));
        }
    }
    let of_frequency = |name: &str, f: Statistic| {
        let known = |value: f64| if value.is_nan() { 0.0 } else { value };
        let values = runs.iter().map(|r| frequency.as_ref().map_or(0.0, |all| known(f(&all[r.clone()]))));
        real_series(name, values.collect())
    };
    let frequencies: [(&str, Statistic); 4] = [
        ("Min frequency [Hz]", stats::min),
        ("Max frequency [Hz]", stats::max),
        ("Mean frequency [Hz]", stats::mean),
        ("Std frequency [Hz]", stats::std),
    ];
    for (name, statistic) in frequencies {
        columns.push(of_frequency(name, statistic));
    }
    if let Some(temperature) = reals(frame, Column::Temperature)? {
        columns.push(each("Mean temperature [degC]", &temperature, stats::mean));
    }
    let starts: Vec<IdxSize> = runs.iter().map(|r| r.start as IdxSize).collect();
    for column in
        [Column::StepCount, Column::StepFromCycler, Column::CycleCount, Column::CycleFromCycler, Column::Frame]
    {
        if let Ok(all) = frame.column(column.name()).and_then(|all| all.take_slice(&starts)) {
            let firsts = DataFrame::new(runs.len(), vec![all]).map_err(Error::polars)?;
            columns.extend(reals(&firsts, column)?.map(|values| count_series(column.name(), &values)));
        }
    }
    let table = DataFrame::new(runs.len(), columns).map_err(Error::polars)?;
    let types = step_types(&table, stats::max_abs(&current), options)?;
    layout::complete(&with_cycle_sums(table, types)?, layout::STEPS)
}

fn first(values: &[f64]) -> f64 {
    values.first().copied().unwrap_or(f64::NAN)
}

fn last(values: &[f64]) -> f64 {
    values.last().copied().unwrap_or(f64::NAN)
}

/// Sample standard deviation without the first row (n > 2) and without the last (n > 3): the edges of a step belong to the
/// transition. 0 where there is none.
fn trimmed_std(values: &[f64]) -> f64 {
    let n = values.len();
    let from = usize::from(n > 2);
    let to = n - usize::from(n > 3);
    let std = stats::std(&values[from..to]);
    if std.is_nan() { 0.0 } else { std }
}

/// `Step type`: the first rule that holds.
fn step_types(table: &DataFrame, largest: f64, options: &StepOptions) -> Result<Vec<&'static str>> {
    let get = |name: &str| {
        crate::signal::frame::reals_by_name(table, name).map(|v| v.map(|v| v.into_owned()).unwrap_or_default())
    };
    let (frequency, mean) = (get("Mean frequency [Hz]")?, get("Mean current [A]")?);
    let (std_i, std_v, std_p) = (get("Std current [A]")?, get("Std voltage [V]")?, get("Std power [W]")?);
    let (rest, constant) = match options.rated_capacity {
        Some(q) => (1e-3f64.min(q / 1000.0), 0.01f64.min(q / 200.0)),
        None => (1e-3f64.min(largest / 100.0), 0.01f64.min(largest / 100.0)),
    };
    let kind = |k: usize| {
        let discharge = mean[k] > 0.0;
        let pick = |d: &'static str, c: &'static str| if discharge { d } else { c };
        if frequency[k] > 1e-8 {
            "EIS"
        } else if mean[k].is_nan() {
            // Nothing is known of the current.
            "Unknown step type"
        } else if mean[k].abs() < rest || mean[k] == 0.0 {
            "Rest"
        } else if std_i[k] < constant {
            pick("Constant current discharge", "Constant current charge")
        } else if std_v[k] < 0.01 {
            pick("Constant voltage discharge", "Constant voltage charge")
        } else if std_p[k] < 0.01 {
            pick("Constant power discharge", "Constant power charge")
        } else {
            "Unknown step type"
        }
    };
    Ok((0..table.height()).map(kind).collect())
}

fn with_cycle_sums(mut table: DataFrame, types: Vec<&'static str>) -> Result<DataFrame> {
    let put = |table: &mut DataFrame, column| crate::signal::frame::put(table, column);
    put(&mut table, PolarsColumn::new("Step type".into(), types))?;
    let cycle = reals(&table, Column::CycleCount)?.map(|c| c.into_owned());
    for (column, name) in CYCLE_SUMS {
        let Some(values) = reals(&table, *column)?.map(|c| c.into_owned()) else { continue };
        let runs = cycle.as_ref().map_or_else(|| Runs::new(values.len(), |_| false), |c| Runs::of_reals(c));
        let mut sums = Vec::new();
        for run in runs.iter() {
            let sum: f64 = values[run.clone()].iter().filter(|v| !v.is_nan()).sum();
            sums.extend(run.map(|_| sum));
        }
        put(&mut table, real_series(name, sums))?;
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(f64, f64, f64, f64)]) -> DataFrame {
        let column = |name: &str, f: fn(&(f64, f64, f64, f64)) -> f64| real_series(name, rows.iter().map(f).collect());
        let columns = vec![
            column("Time [s]", |r| r.0),
            column("Current [A]", |r| r.1),
            column("Voltage [V]", |r| r.2),
            column("Step count", |r| r.3),
        ];
        summarize_steps(&DataFrame::new_infer_height(columns).unwrap(), &StepOptions::default()).unwrap()
    }

    #[test]
    fn types_follow_the_rules_in_order() {
        let mut rows = Vec::new();
        for (step, current, voltage) in [
            (0.0, (|_| 0.0) as fn(f64) -> f64, (|_| 3.7) as fn(f64) -> f64),
            (1.0, |_| 2.0, |k| 4.0 - 0.1 * k),
            (2.0, |k| -2.0 / (1.0 + k), |_| 4.2),
            (3.0, |k| -1.0 - 0.1 * k, |k| 3.0 / (1.0 + 0.1 * k)),
            (4.0, |k| 1.0 + k, |k| 3.0 + k),
        ] {
            rows.extend(
                (0..6).map(|k| (step * 10.0 + f64::from(k), current(f64::from(k)), voltage(f64::from(k)), step)),
            );
        }
        let got = table(&rows);
        let types: Vec<_> =
            got.column("Step type").unwrap().str().unwrap().iter().map(|t| t.unwrap().to_owned()).collect();
        let want = [
            "Rest",
            "Constant current discharge",
            "Constant voltage charge",
            "Constant power charge",
            "Unknown step type",
        ];
        assert_eq!(types, want);
        assert_eq!(got.column("End index").unwrap().u32().unwrap().get(1), Some(11));
    }

    #[test]
    fn the_edges_of_a_step_do_not_count_for_its_spread() {
        assert_eq!(trimmed_std(&[9.0, 1.0, 3.0, 9.0]), 2f64.sqrt());
        assert_eq!(trimmed_std(&[9.0, 1.0, 3.0]), 2f64.sqrt());
        assert_eq!(trimmed_std(&[1.0]), 0.0);
    }
}
