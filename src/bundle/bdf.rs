//! The time series in the Battery Data Format of the Battery Data Alliance: machine-readable names, positive current
//! charges, counters that run through the whole test.

use polars::prelude::{Column as PolarsColumn, DataFrame, IntoColumn, NamedFrom, Series};

use super::ParquetFacts;
use crate::error::{Error, Result};
use crate::schema::Column;
use crate::signal::Runs;
use crate::signal::frame::{count_series, need, real_series, reals};

/// What becomes of a column's values.
#[derive(Clone, Copy, PartialEq)]
enum Turn {
    /// They stay.
    Same,
    /// Their sign turns: the schema's discharge is positive, the format's charge is.
    Negative,
    /// They restart at each step and run through the test afterwards.
    Total,
    /// Whole numbers stay whole.
    Count,
}

/// The format's name, the schema's column, what becomes of its values. The order is that of the file.
#[rustfmt::skip]
static NAMES: &[(&str, Column, Turn)] = &[
    ("test_time_second",            Column::Time,               Turn::Same),
    ("voltage_volt",                Column::Voltage,            Turn::Same),
    ("current_ampere",              Column::Current,            Turn::Negative),
    ("cycle_count",                 Column::CycleCount,         Turn::Count),
    ("step_count",                  Column::StepCount,          Turn::Count),
    ("step_index",                  Column::StepFromCycler,     Turn::Count),
    ("ambient_temperature_celsius", Column::ChamberTemperature, Turn::Same),
    ("temperature_t1_celsius",      Column::Temperature,        Turn::Same),
    ("charging_capacity_ah",        Column::ChargeCapacity,     Turn::Total),
    ("discharging_capacity_ah",     Column::DischargeCapacity,  Turn::Total),
    ("charging_energy_wh",          Column::ChargeEnergy,       Turn::Total),
    ("discharging_energy_wh",       Column::DischargeEnergy,    Turn::Total),
    ("power_watt",                  Column::Power,              Turn::Negative),
    ("internal_resistance_ohm",     Column::DcResistance,       Turn::Same),
];

/// The net of two columns that are there: charged minus discharged.
static NETS: &[(&str, &str, &str)] = &[
    ("net_capacity_ah", "charging_capacity_ah", "discharging_capacity_ah"),
    ("net_energy_wh", "charging_energy_wh", "discharging_energy_wh"),
];

/// The time series in the Battery Data Format. `start` is the wall clock of time 0 in seconds since 1970 UTC, for
/// `unix_time_second`.
///
/// - Current and power turn their sign: positive charges.
/// - Capacities and energies do not restart: each counts from the beginning of the test.
/// - Rows without a time (impedance) are left out: the format has no columns for them.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Time [s]" => [0.0, 1.0], "Voltage [V]" => [3.7, 3.6], "Current [A]" => [2.0, 2.0])?;
/// let bdf = cyclerprep::bundle::bdf_frame(&frame, None)?;
/// assert_eq!(bdf.column("current_ampere")?.f64()?.get(0), Some(-2.0));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`](crate::ErrorKind::MissingColumn) without time, voltage or current in A: the format requires
/// them.
pub fn bdf_frame(frame: &DataFrame, start: Option<f64>) -> Result<DataFrame> {
    let time = need(frame, Column::Time)?;
    need(frame, Column::Voltage)?;
    need(frame, Column::Current)?;
    let keep: Vec<usize> = (0..time.len()).filter(|row| !time[*row].is_nan()).collect();
    let kept = |values: &[f64]| keep.iter().map(|row| values[*row]).collect::<Vec<f64>>();
    let runs = match reals(frame, Column::StepCount)? {
        Some(step) => Runs::of_reals(&step),
        None => Runs::new(time.len(), |_| false),
    };
    let mut columns: Vec<PolarsColumn> = Vec::new();
    for (name, column, turn) in NAMES {
        let Some(values) = reals(frame, *column)? else { continue };
        columns.push(match turn {
            Turn::Same => real_series(name, kept(&values)),
            // 0 − x, not −x: a rest is 0, not −0.
            Turn::Negative => real_series(name, kept(&values).into_iter().map(|v| 0.0 - v).collect()),
            Turn::Total => real_series(name, kept(&total(&values, &runs))),
            Turn::Count => count_series(name, &kept(&values)),
        });
        if *column == Column::Current
            && let Some(start) = start
        {
            columns.push(real_series("unix_time_second", kept(&time).into_iter().map(|t| start + t).collect()));
        }
    }
    let frame = DataFrame::new(keep.len(), columns).map_err(Error::polars)?;
    with_nets(frame)
}

/// Counters that go on where a step restarts them. A missing value stays missing and adds nothing.
fn total(values: &[f64], runs: &Runs) -> Vec<f64> {
    let mut before = 0.0;
    let mut out = Vec::new();
    for run in runs.iter() {
        let step = &values[run];
        out.extend(step.iter().map(|v| before + v));
        before += step.iter().rev().find(|v| !v.is_nan()).copied().unwrap_or(0.0);
    }
    out
}

fn with_nets(mut frame: DataFrame) -> Result<DataFrame> {
    for (name, plus, minus) in NETS {
        let (Ok(plus), Ok(minus)) = (frame.column(plus), frame.column(minus)) else { continue };
        let (plus, minus) = (plus.f64().map_err(Error::polars)?, minus.f64().map_err(Error::polars)?);
        let net: Vec<Option<f64>> = plus.iter().zip(minus.iter()).map(|(a, b)| Some(a? - b?)).collect();
        let net = Series::new((*name).into(), net).into_column();
        crate::signal::frame::put(&mut frame, net)?;
    }
    Ok(frame)
}

/// Facts of such a file: those of the measurement, with the conventions of this format.
pub(crate) fn bdf_facts(facts: &ParquetFacts) -> ParquetFacts {
    let own = |key: &str| ["cyclerprep.sign_convention", "cyclerprep.reset_scope"].contains(&key);
    let mut all: Vec<(String, String)> = facts.0.iter().filter(|(key, _)| !own(key)).cloned().collect();
    let stated = [
        ("bdf.sign_convention", "positive current and power charge"),
        ("bdf.counter_scope", "capacity and energy count from the beginning of the test"),
        ("bdf.counts_from", "cycle_count and step_count from 0; step_index is the cycler's own step number"),
    ];
    all.extend(stated.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
    ParquetFacts(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn frame(columns: &[(Column, &[f64])]) -> DataFrame {
        let columns = columns.iter().map(|(column, values)| real_series(column.name(), values.to_vec())).collect();
        DataFrame::new_infer_height(columns).unwrap()
    }

    fn values(frame: &DataFrame, name: &str) -> Vec<Option<f64>> {
        frame.column(name).unwrap().f64().unwrap().iter().collect()
    }

    #[test]
    fn signs_turn_counters_run_on_and_rows_without_time_go() {
        let nan = f64::NAN;
        let frame = frame(&[
            (Column::Time, &[0.0, 1.0, nan, 2.0, 3.0]),
            (Column::Voltage, &[3.0; 5]),
            (Column::Current, &[-2.0, -2.0, 0.0, 1.0, 0.0]),
            (Column::StepCount, &[0.0, 0.0, 1.0, 2.0, 2.0]),
            (Column::ChargeCapacity, &[0.0, 0.5, nan, 0.0, 0.0]),
            (Column::DischargeCapacity, &[0.0, 0.0, nan, 0.0, 0.25]),
        ]);
        let bdf = bdf_frame(&frame, Some(1e9)).unwrap();
        let some = |values: &[f64]| values.iter().map(|v| Some(*v)).collect::<Vec<_>>();
        assert_eq!(values(&bdf, "current_ampere"), some(&[2.0, 2.0, -1.0, 0.0]));
        assert_eq!(values(&bdf, "charging_capacity_ah"), some(&[0.0, 0.5, 0.5, 0.5]));
        assert_eq!(values(&bdf, "net_capacity_ah"), some(&[0.0, 0.5, 0.5, 0.25]));
        assert_eq!(values(&bdf, "unix_time_second"), some(&[1e9, 1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0]));
        assert!(values(&bdf, "current_ampere")[3].unwrap().is_sign_positive(), "a rest is 0, not −0");
    }

    #[test]
    fn what_the_format_requires_must_be_there() {
        let frame = frame(&[(Column::Time, &[0.0]), (Column::Voltage, &[3.0])]);
        assert_eq!(bdf_frame(&frame, None).unwrap_err().kind(), ErrorKind::MissingColumn);
    }

    #[test]
    fn the_facts_state_this_formats_conventions() {
        let facts = bdf_facts(&ParquetFacts::of(&super::super::Report::default()));
        assert!(facts.0.iter().any(|(k, v)| k == "bdf.sign_convention" && v.contains("charge")));
        assert!(!facts.0.iter().any(|(k, _)| k == "cyclerprep.sign_convention"));
    }
}
