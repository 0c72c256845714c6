//! Laws of the whole way from a file to a measurement, on tests that nobody wrote down.

use cyclerprep::{Measurement, PrepareOptions, Source, prepare_source};
use proptest::prelude::*;

/// Steps of a test: (current in A, rows, seconds between rows).
fn steps() -> impl Strategy<Value = Vec<(f64, usize, f64)>> {
    let current = prop_oneof![Just(0.0), 0.2f64..3.0, -3.0f64..-0.2];
    proptest::collection::vec((current, 6usize..20, 5.0f64..60.0), 2..8)
}

/// The steps as an Arbin csv, with the current times `sign`.
fn csv(steps: &[(f64, usize, f64)], sign: f64) -> Vec<u8> {
    let mut out = String::from("Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)\n");
    let (mut t, mut soc) = (0.0, 0.5);
    for (number, (current, rows, dt)) in steps.iter().enumerate() {
        for k in 0..*rows {
            if k > 0 {
                t += dt;
                soc += current * dt / 3600.0 / 3.0;
            }
            let voltage = 3.2 + soc + 0.03 * current;
            out.push_str(&format!("{t:.4},{},{},{:.6},{voltage:.9}\n", number + 1, number / 3 + 1, sign * current));
        }
        t += 0.5;
    }
    out.into_bytes()
}

fn read(bytes: Vec<u8>) -> Measurement {
    prepare_source(Source::from_bytes("x.csv", bytes), &PrepareOptions::default()).unwrap()
}

fn column(m: &Measurement, name: &str) -> Vec<f64> {
    m.time_series
        .column(name)
        .unwrap()
        .cast(&polars::prelude::DataType::Float64)
        .unwrap()
        .f64()
        .unwrap()
        .iter()
        .map(Option::unwrap)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn rows_are_kept_and_counts_rise_by_one(steps in steps()) {
        let m = read(csv(&steps, 1.0));
        prop_assert_eq!(m.time_series.height(), steps.iter().map(|s| s.1).sum::<usize>());
        prop_assert_eq!(m.steps.height(), steps.len());
        let count = column(&m, "Step count");
        prop_assert!(count[0] == 0.0 && count.windows(2).all(|w| w[1] - w[0] == 0.0 || w[1] - w[0] == 1.0));
        let time = column(&m, "Time [s]");
        prop_assert!(time[0] == 0.0 && time.windows(2).all(|w| w[0] < w[1]));
    }

    #[test]
    fn capacities_restart_with_each_step_and_never_fall_in_it(steps in steps()) {
        let m = read(csv(&steps, 1.0));
        let count = column(&m, "Step count");
        for name in ["Discharge capacity [A.h]", "Charge capacity [A.h]", "Discharge energy [W.h]", "Charge energy [W.h]"] {
            let q = column(&m, name);
            prop_assert_eq!(q[0], 0.0);
            for i in 1..q.len() {
                prop_assert!(if count[i] == count[i - 1] { q[i] >= q[i - 1] } else { q[i] == 0.0 }, "{} row {}", name, i);
            }
        }
    }

    /// Whatever sign the file uses, the voltage settles it where at least three steps move it by more than 50 mV; where they
    /// move it by less, the instrument's sign stays.
    #[test]
    fn the_sign_of_the_file_does_not_matter_where_the_cell_answers(steps in steps(), swings in proptest::bool::ANY) {
        // Seconds between rows in which 0.1 or 0.01 V of charge moves: soc changes by I·t / 3600 / 3.
        let swing = if swings { 0.1 } else { 0.01 };
        let seconds = |current: f64, rows: usize| swing * 3.0 * 3600.0 / (current.abs().max(0.2) * (rows - 1) as f64);
        let steps: Vec<_> = steps.iter().map(|(i, rows, _)| (*i, *rows, seconds(*i, *rows))).collect();
        prop_assume!(steps.iter().filter(|s| s.0 != 0.0).count() >= 3);
        let (a, b) = (read(csv(&steps, 1.0)), read(csv(&steps, -1.0)));
        let truth: Vec<f64> = steps.iter().flat_map(|(i, rows, _)| vec![-(i * 1e6).round() / 1e6; *rows]).collect();
        for ((a, b), want) in column(&a, "Current [A]").iter().zip(column(&b, "Current [A]")).zip(&truth) {
            prop_assert!((a - want).abs() < 1e-12);
            let other = if swings { *want } else { -want };
            prop_assert!((b - other).abs() < 1e-12);
        }
    }

    /// What is written as Parquet comes back as it was.
    #[test]
    fn parquet_round_trip(steps in steps()) {
        let m = read(csv(&steps, 1.0));
        let bytes = cyclerprep::bundle::parquet_bytes(&m.time_series, &Default::default()).unwrap();
        let back = cyclerprep::load::load_frame(&Source::from_bytes("x.parquet", bytes)).unwrap().unwrap();
        prop_assert!(back.equals_missing(&m.time_series));
    }
}

/// docs/formats/neware.md#order-of-records: records have numbers, so the order of their lines says nothing, not even of the
/// start.
#[test]
fn the_order_of_numbered_lines_changes_nothing() {
    let bytes = std::fs::read(crate::support::fixtures().join("neware/flat.csv")).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let read = |lines: &[&str]| {
        let source = cyclerprep::Source::from_bytes("flat.csv", lines.join("\n").into_bytes());
        cyclerprep::prepare_source(source, &cyclerprep::PrepareOptions::default()).unwrap()
    };
    let straight = read(&lines);
    lines[1..].reverse();
    let reversed = read(&lines);
    assert!(straight.time_series.equals_missing(&reversed.time_series));
    assert_eq!(straight.metadata.start_time, reversed.metadata.start_time);
}
