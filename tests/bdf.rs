//! The Battery Data Format: what is written is read again, and whatever its counters count through, the steps are the same.

use crate::support::{CYCLERS, files, fixtures, name};
use cyclerprep::bundle::{bdf_frame, parquet_bytes};
use cyclerprep::{ErrorKind, Measurement, NoteCode, Notes, PrepareOptions, Source, prepare, prepare_source};

fn column(cell: &Measurement, name: &str) -> Option<Vec<f64>> {
    let column = cell.time_series.column(name).ok()?.cast(&polars::prelude::DataType::Float64).unwrap();
    Some(column.f64().unwrap().iter().map(|v| v.unwrap_or(f64::NAN)).collect())
}

/// Columns that the format holds, and how far the way there and back may move a value: counters are summed through the test and
/// taken apart again, which costs a few last digits of their largest sum; the rest is copied.
static HELD: &[(&str, f64)] = &[
    ("Time [s]", 0.0),
    ("Voltage [V]", 0.0),
    ("Current [A]", 0.0),
    ("Step count", 0.0),
    ("Cycle count", 0.0),
    ("Step from cycler", 0.0),
    ("Temperature [degC]", 0.0),
    ("Chamber temperature [degC]", 0.0),
    ("DC resistance [Ohm]", 0.0),
    ("Power [W]", 0.0),
    ("Charge capacity [A.h]", 1e-11),
    ("Discharge capacity [A.h]", 1e-11),
    ("Charge energy [W.h]", 1e-11),
    ("Discharge energy [W.h]", 1e-11),
];

#[test]
fn what_is_written_is_read_again() {
    let (mut seen, mut wrong) = (0, Vec::new());
    for file in CYCLERS.iter().flat_map(|folder| files(folder)) {
        let cell = prepare(&file, &PrepareOptions::default()).unwrap();
        let has_spectra = column(&cell, "Frequency [Hz]").is_some_and(|f| f.iter().any(|f| !f.is_nan()));
        let Some(frame) = cell.bdf(&mut Notes::new()).unwrap().filter(|_| !has_spectra) else { continue };
        let bytes = parquet_bytes(&frame, &Default::default()).unwrap();
        let read = prepare_source(Source::from_bytes("cell.bdf.parquet", bytes), &PrepareOptions::default());
        let again = match read {
            Ok(again) => again,
            Err(_) if cell.time_series.height() == 0 => continue,
            Err(error) => panic!("{}: {error}", name(&file)),
        };
        assert_eq!(again.report.detected.reader, "bdf_parquet");
        seen += 1;
        for (what, tolerance) in HELD {
            let (got, want) = (column(&again, what), column(&cell, what));
            let (Some(got), Some(want)) = (&got, &want) else {
                if got.is_some() != want.is_some() {
                    wrong.push(format!("{}: {what}: {} there, {} before", name(&file), got.is_some(), want.is_some()));
                }
                continue;
            };
            let is_off = |(a, b): (&f64, &f64)| !((a - b).abs() <= *tolerance || a.is_nan() && b.is_nan());
            if got.len() != want.len() {
                wrong.push(format!("{}: {what}: {} rows, {} before", name(&file), got.len(), want.len()));
            } else if let Some(row) = got.iter().zip(want).position(is_off) {
                wrong.push(format!("{}: {what} in row {row}: {} was {}", name(&file), got[row], want[row]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 50, "{seen}");
}

/// The instants of the rows are the same too, where the rows had a clock.
#[test]
fn instants_come_back() {
    let cell = prepare(fixtures().join("neware/flat.csv"), &PrepareOptions::default()).unwrap();
    let start = cell.metadata.start_time.clone().unwrap();
    let frame = cell.bdf(&mut Notes::new()).unwrap().unwrap();
    assert!(frame.column("unix_time_second").is_ok());
    let bytes = parquet_bytes(&frame, &Default::default()).unwrap();
    let again = prepare_source(Source::from_bytes("x.bdf.parquet", bytes), &PrepareOptions::default()).unwrap();
    assert_eq!(again.metadata.start_time, Some(start));
    let instants = |cell: &Measurement| {
        let column = cell.time_series.column("Timestamp").unwrap().cast(&polars::prelude::DataType::Int64).unwrap();
        column.i64().unwrap().iter().collect::<Vec<_>>()
    };
    assert_eq!(instants(&again), instants(&cell));
}

/// Whatever a counter counts through: the test, the cycle, the step, both directions in one, or their difference.
#[test]
fn counters_of_every_scope_are_those_of_the_steps() {
    let read = |file: &str| prepare(fixtures().join("bdf").join(file), &PrepareOptions::default()).unwrap();
    let truth = crate::support::cell::test();
    for file in
        ["labels.bdf.csv", "cycle_scope.bdf.gz", "step_scope.bdf", "net.bdf.csv", "throughput.csv", "../odd/bare.bdf"]
    {
        let cell = read(file);
        assert_eq!(cell.report.detected.maker, "Battery Data Format", "{file}");
        for (name, is_discharge) in [("Charge capacity [A.h]", false), ("Discharge capacity [A.h]", true)] {
            let got = column(&cell, name).unwrap();
            for (row, (got, r)) in got.iter().zip(&truth).enumerate() {
                let own = (r.mode == crate::support::cell::Mode::Discharge) == is_discharge;
                let want = if own { r.capacity } else { 0.0 };
                // Nine digits, summed and taken apart.
                assert!((got - want).abs() < 3e-9, "{file}: {name} in row {row} is {got}, should be {want}");
            }
        }
    }
}

#[test]
fn a_step_index_may_count_rows_and_then_numbers_no_steps() {
    let rows = (0..40)
        .map(|k| format!("{},{},{},{}\n", k * 10, 3.0 + 0.01 * f64::from(k), if k < 20 { 1 } else { -1 }, k % 20 + 1));
    let text = format!("test_time_second,voltage_volt,current_ampere,step_index\n{}", rows.collect::<String>());
    let cell = prepare_source(Source::from_bytes("x.bdf", text.into_bytes()), &PrepareOptions::default()).unwrap();
    assert_eq!(cell.steps.height(), 2, "the runs of one sign");
    assert!(cell.report.notes.iter().any(|note| note.message.contains("counts the rows of each step")));
}

#[test]
fn labels_without_units_need_the_files_name() {
    let bytes = std::fs::read(fixtures().join("odd/bare.bdf")).unwrap();
    let called = |name: &str| {
        let read = prepare_source(Source::from_bytes(name, bytes.clone()), &PrepareOptions::default());
        read.map(|cell| cell.report.detected.reader.to_string()).map_err(|e| e.kind())
    };
    assert_eq!(called("x.bdf"), Ok("bdf_text".to_owned()));
    assert_eq!(called("x.bdf.csv"), Ok("bdf_text".to_owned()));
    // Elsewhere nobody says in which units they are.
    assert_eq!(called("x.csv"), Err(ErrorKind::UnknownUnit));
}

#[test]
fn rows_without_time_are_not_written_and_told() {
    let cell = prepare(fixtures().join("biologic/impedance.mpt"), &PrepareOptions::default()).unwrap();
    let mut notes = Notes::new();
    let _ = cell.bdf(&mut notes).unwrap();
    assert!(notes.has(NoteCode::BdfIncomplete) || bdf_frame(&cell.time_series, None).is_ok());
}
