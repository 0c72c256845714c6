//! One row for each cycle, from the steps table (docs/schema.md#cycles-table).

use polars::prelude::DataFrame;

use super::layout;
use super::steps::CYCLE_SUMS;
use crate::error::{Error, Result};
use crate::schema::Column;
use crate::signal::frame::{count_series, need, real_series, reals_by_name};
use crate::signal::{Runs, stats};

/// A statistic over the steps of one cycle.
type Statistic = fn(&[f64]) -> f64;

/// The cycles table of a steps table that has `Cycle count`. It always has the same columns: what the steps do not tell is null.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// let cycles = cyclerprep::summary::summarize_cycles(&cell.steps)?;
/// assert_eq!(cycles.column("Cycle count")?.i64()?.len(), 2);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`](crate::ErrorKind::MissingColumn) without `Cycle count`.
pub fn summarize_cycles(steps: &DataFrame) -> Result<DataFrame> {
    let cycle = need(steps, Column::CycleCount)?;
    let runs = Runs::of_reals(&cycle);
    // A column without any value is one that the steps do not have.
    let get = |name: &str| -> Result<Option<Vec<f64>>> {
        let values = reals_by_name(steps, name)?.filter(|values| values.iter().any(|v| !v.is_nan()));
        Ok(values.map(|v| v.into_owned()))
    };
    let each = |values: &[f64], f: fn(&[f64]) -> f64| runs.iter().map(|r| f(&values[r])).collect::<Vec<f64>>();
    let mut columns = vec![count_series(Column::CycleCount.name(), &each(&cycle, |v| v[0]))];
    if let Some(values) = get(Column::CycleFromCycler.name())? {
        columns.push(count_series(Column::CycleFromCycler.name(), &each(&values, |v| v[0])));
    }
    let mut sums: Vec<Option<Vec<f64>>> = Vec::new();
    for column in Column::CUMULATIVE {
        // Steps without a charge of their own, such as sweeps, sum to 0; where nothing was counted there is no sum.
        let of_cycle = CYCLE_SUMS.iter().find(|(of, _)| *of == column).map_or("", |(_, name)| name);
        let values = match get(column.name())? {
            None if get(of_cycle)?.is_some() => Some(vec![f64::NAN; steps.height()]),
            values => values,
        };
        let total = values.map(|values| each(&values, |v| v.iter().filter(|v| !v.is_nan()).sum::<f64>() + 0.0));
        columns.extend(total.as_ref().map(|total| real_series(column.name(), total.clone())));
        sums.push(total);
    }
    let extremes: [(&str, Statistic); 3] =
        [("Min voltage [V]", stats::min), ("Max voltage [V]", stats::max), ("Start time [s]", stats::min)];
    for (name, statistic) in extremes {
        columns.extend(get(name)?.map(|values| real_series(name, each(&values, statistic))));
    }
    let (start, end) = (get("Start time [s]")?, get("End time [s]")?);
    if let (Some(start), Some(end)) = (&start, &end) {
        let duration = runs.iter().map(|r| stats::max(&end[r.clone()]) - stats::min(&start[r])).collect();
        columns.push(real_series("Cycle duration [s]", duration));
    }
    let ratio = |a: &[f64], b: &dyn Fn(usize) -> f64| {
        let divide = |(k, a): (usize, &f64)| if b(k) == 0.0 { f64::NAN } else { a / b(k) };
        a.iter().enumerate().map(divide).collect::<Vec<f64>>()
    };
    let names = [
        ("Coulombic efficiency", "Capacity retention", "Capacity fade", "Capacity throughput [A.h]"),
        ("Energy efficiency", "Energy retention", "Energy fade", "Energy throughput [W.h]"),
    ];
    let mut late = Vec::new();
    for (pair, (efficiency, retention, fade, throughput)) in sums.chunks(2).zip(names) {
        let [Some(discharge), Some(charge)] = pair else { continue };
        columns.push(real_series(efficiency, ratio(discharge, &|k| charge[k])));
        let first = discharge.first().copied().unwrap_or(f64::NAN);
        let kept = ratio(discharge, &|_| first);
        late.push(real_series(retention, kept.clone()));
        late.push(real_series(fade, kept.iter().map(|r| 1.0 - r).collect()));
        let mut running = 0.0;
        let add = |(d, c): (&f64, &f64)| {
            running += d + c;
            running
        };
        late.push(real_series(throughput, discharge.iter().zip(charge).map(add).collect()));
    }
    columns.append(&mut late);
    if let (Some(duration), Some(current)) = (get("Duration [s]")?, get("Mean current [A]")?) {
        let of_sign = |side: f64| {
            let pick = move |k: &usize, current: &[f64]| side * current[*k] > 0.0;
            let seconds =
                runs.iter().map(|r| r.filter(|k| pick(k, &current)).map(|k| duration[k]).sum()).collect::<Vec<f64>>();
            let charge = runs.iter().map(|r| r.filter(|k| pick(k, &current)).map(|k| duration[k] * current[k]).sum());
            let means = charge.zip(&seconds).map(|(q, t): (f64, &f64)| if *t > 0.0 { q / t } else { f64::NAN });
            (means.collect::<Vec<f64>>(), seconds)
        };
        for (side, mean, total) in [
            (1.0, "Mean discharge current [A]", "Discharge duration [s]"),
            (-1.0, "Mean charge current [A]", "Charge duration [s]"),
        ] {
            let (means, seconds) = of_sign(side);
            columns.push(real_series(mean, means));
            columns.push(real_series(total, seconds));
        }
        if let Some(temperature) = get("Mean temperature [degC]")? {
            let weighted = runs.iter().map(|r| {
                let known = r.filter(|k| !temperature[*k].is_nan() && !duration[*k].is_nan());
                let (q, t) = known.fold((0.0, 0.0), |(q, t), k| (q + temperature[k] * duration[k], t + duration[k]));
                q / t
            });
            columns.push(real_series("Mean temperature [degC]", weighted.collect()));
        }
    }
    let table = DataFrame::new(runs.iter().len(), columns).map_err(Error::polars)?;
    layout::complete(&table, layout::CYCLES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_efficiency_and_retention() {
        let column = |name: &str, v: [f64; 4]| real_series(name, v.to_vec());
        let steps = DataFrame::new_infer_height(vec![
            column("Cycle count", [0.0, 0.0, 1.0, 1.0]),
            column("Discharge capacity [A.h]", [0.0, 1.9, 0.0, 1.8]),
            column("Charge capacity [A.h]", [2.0, 0.0, 0.0, 0.0]),
            column("Start time [s]", [0.0, 10.0, 20.0, 30.0]),
            column("End time [s]", [9.0, 19.0, 29.0, 39.0]),
            column("Duration [s]", [9.0, 9.0, 9.0, 9.0]),
            column("Mean current [A]", [-1.0, 2.0, 0.0, 3.0]),
        ])
        .unwrap();
        let cycles = summarize_cycles(&steps).unwrap();
        let get = |name: &str| reals_by_name(&cycles, name).unwrap().unwrap().to_vec();
        assert_eq!(get("Coulombic efficiency")[0], 0.95);
        assert!(get("Coulombic efficiency")[1].is_nan(), "nothing was charged");
        assert_eq!(get("Capacity retention"), [1.0, 1.8 / 1.9]);
        assert_eq!(get("Capacity throughput [A.h]"), [3.9, 5.7]);
        assert_eq!(get("Cycle duration [s]"), [19.0, 19.0]);
        assert_eq!((get("Mean discharge current [A]")[1], get("Charge duration [s]")[0]), (3.0, 9.0));
    }
}
