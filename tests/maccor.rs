//! Maccor's files beyond what every dialect shows: rows between the records, units and dates that only the clock tells.

use crate::support::odd_maccor::{CLOSED, SUSPENDED};
use crate::support::{cell, fixtures};
use cyclerprep::{Measurement, NoteCode, PrepareOptions, prepare};

fn read(name: &str) -> Measurement {
    prepare(fixtures().join(name), &PrepareOptions::default()).unwrap()
}

fn steps(measurement: &Measurement, name: &str) -> Vec<f64> {
    let column = measurement.steps.column(name).unwrap().cast(&polars::prelude::DataType::Float64).unwrap();
    column.f64().unwrap().iter().map(|value| value.unwrap_or(f64::NAN)).collect()
}

#[test]
fn charge_of_a_closing_row_belongs_to_its_step() {
    let got = read("odd/suspended.034");
    let truth = cell::test();
    // Ten runs, and the closing row, which has a step of its own; S and P rows begin none.
    assert_eq!(got.report.steps, 11);
    assert_eq!(got.report.rows_kept, truth.len() + 3);
    let of_run = |run: u32| truth.iter().rfind(|r| r.run == run).unwrap().capacity;
    let (charged, discharged) = (steps(&got, "Charge capacity [A.h]"), steps(&got, "Discharge capacity [A.h]"));
    assert!((discharged[9] - of_run(10) - CLOSED).abs() < 1e-9, "{discharged:?}");
    assert_eq!((charged[10], discharged[10]), (0.0, 0.0));
    assert!(got.report.notes.iter().any(|note| note.code == NoteCode::CounterClosed));
}

#[test]
fn charge_of_suspended_rows_belongs_to_their_step() {
    let got = read("odd/suspended.034");
    let charged = steps(&got, "Charge capacity [A.h]");
    let own = cell::test().iter().rfind(|r| r.run == 2).unwrap().capacity;
    assert!((charged[1] - own - SUSPENDED).abs() < 1e-9, "{charged:?}");
}

#[test]
fn three_ticks_of_the_clock_tell_minutes() {
    let got = read("odd/short_minutes.txt");
    let time = got.time_series.column("Time [s]").unwrap();
    let last = time.f64().unwrap().last().unwrap();
    // Seven records in five seconds.
    assert!((last - 5.0).abs() < 1e-3, "{last}");
    assert!(got.report.notes.iter().any(|note| note.code == NoteCode::TimeRepaired && note.message.contains("× 60")));
}

#[test]
fn the_preamble_tells_day_and_month_apart() {
    let got = read("odd/day_first.034");
    assert_eq!(got.metadata.start_time.as_deref(), Some("2024-04-03T08:00:00+00:00"));
}

#[test]
fn rows_between_measurements_can_be_left_out_and_their_charge_stays() {
    let mut options = PrepareOptions::default();
    options.map.measured_rows_only = true;
    let got = prepare(fixtures().join("odd/suspended.034"), &options).unwrap();
    let truth = cell::test();
    assert_eq!((got.report.rows_kept, got.report.steps), (truth.len(), 10));
    let of_run = |run: u32| truth.iter().rfind(|r| r.run == run).unwrap().capacity;
    let (charged, discharged) = (steps(&got, "Charge capacity [A.h]"), steps(&got, "Discharge capacity [A.h]"));
    assert!((charged[1] - of_run(2) - SUSPENDED).abs() < 1e-9, "{charged:?}");
    assert!((discharged[9] - of_run(10) - CLOSED).abs() < 1e-9, "{discharged:?}");
}
