//! `Timestamp`: the instant of each row, against the test time that the file tells beside it.

use cyclerprep::{Measurement, PrepareOptions, Source, prepare_all};

use crate::support::{files, fixtures};

/// µs since 1970 of each row; `None` without the column.
fn instants(cell: &Measurement) -> Option<Vec<Option<i64>>> {
    let column = cell.time_series.column("Timestamp").ok()?;
    assert_eq!(column.dtype().to_string(), "datetime[μs]", "without a zone in memory");
    let numbers = column.cast(&polars::prelude::DataType::Int64).unwrap();
    Some(numbers.i64().unwrap().iter().collect())
}

fn start(cell: &Measurement) -> i64 {
    let start = cell.metadata.start_time.as_deref().unwrap();
    start.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

#[test]
fn the_clock_of_every_undamaged_fixture_runs_with_its_test_time() {
    let mut seen = 0;
    // While a sweep is measured the test time stands and the clock runs on.
    let sweeps = |path: &std::path::PathBuf| !path.ends_with("impedance.041");
    for path in ["maccor", "biologic", "arbin", "neware"].iter().flat_map(|folder| files(folder)).filter(sweeps) {
        let source = Source::open(&path, &Default::default()).unwrap();
        for cell in prepare_all(source, &PrepareOptions::default()).unwrap_or_default() {
            let Some(instants) = instants(&cell) else { continue };
            let time = cell.time_series.column("Time [s]").unwrap().f64().unwrap();
            let mut rows = instants.iter().zip(time.iter()).filter_map(|(at, t)| Some(((*at)?, t?)));
            let (first, zero) = rows.next().unwrap();
            seen += 1;
            for (at, t) in rows {
                // Clocks are printed in whole seconds at the coarsest, and the simulated cell pauses for half a second before each
                // of its ten steps, which a sum of step times does not have.
                let off = (at - first) as f64 / 1e6 - (t - zero);
                assert!(off.abs() <= 1.001 + 10.0 * 0.5, "{}: {off} s at {t} s", path.display());
            }
            if cell.metadata.start_time.is_some() {
                // A test begins with its first record, or up to one interval of the simulated rest (60 s) before it.
                let before = (first - start(&cell)) as f64 / 1e6;
                // A later part of a test has the start of the whole.
                let is_later = ["_Wb_2", "_Wb_3"].iter().any(|part| path.to_string_lossy().contains(part));
                let most = if is_later { f64::INFINITY } else { 60.0 };
                assert!((-2.0..=most).contains(&before), "{}: {before} s", path.display());
            }
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn a_local_clock_is_read_in_the_callers_zone() {
    let mut options = PrepareOptions::default();
    let path = fixtures().join("neware/flat.csv");
    let utc = instants(&cyclerprep::prepare(&path, &options).unwrap()).unwrap();
    options.map.timezone = Some("Europe/Berlin".parse().unwrap());
    let cell = cyclerprep::prepare(&path, &options).unwrap();
    let berlin = instants(&cell).unwrap();
    // March: one hour east of UTC.
    assert!(utc.iter().zip(&berlin).all(|(utc, berlin)| utc.unwrap() - berlin.unwrap() == 3_600_000_000));
    assert_eq!(berlin[0], Some(start(&cell)));
}

/// In memory the column goes without a zone, in a file it says that it is UTC; and a frame that is read can be printed.
#[test]
fn files_say_that_it_is_utc() {
    use polars_parquet::read::{infer_schema, read_metadata};

    let cell = cyclerprep::prepare(fixtures().join("neware/flat.csv"), &Default::default()).unwrap();
    let path = std::env::temp_dir().join(format!("prep-wall-clock-{}.parquet", std::process::id()));
    cell.write_time_series(&path).unwrap();
    let metadata = read_metadata(&mut std::fs::File::open(&path).unwrap()).unwrap();
    let schema = infer_schema(&metadata).unwrap();
    assert!(format!("{:?}", schema.get("Timestamp").unwrap().dtype).contains("UTC"));
    assert!(!format!("{:?}", schema.get("Timestamp from cycler").unwrap().dtype).contains("UTC"));
    let read = cyclerprep::load::load_frame_file(&path, &Default::default()).unwrap();
    assert!(read.equals_missing(&cell.time_series));
    let printed = read.column("Timestamp").unwrap().as_materialized_series().to_string();
    assert!(printed.contains("2024-03-01 08:00:00"), "{printed}");
    std::fs::remove_file(path).unwrap();
}

#[test]
fn without_a_clock_it_is_there_when_it_is_asked_for() {
    // A file whose header tells when it began and whose rows have no clock.
    let path = fixtures().join("biologic/cycling.mpr");
    let mut options = PrepareOptions::default();
    assert!(instants(&cyclerprep::prepare(&path, &options).unwrap()).is_none());
    options.wall_clock = true;
    options.required_columns_only = true;
    let cell = cyclerprep::prepare(&path, &options).unwrap();
    let time = cell.time_series.column("Time [s]").unwrap().f64().unwrap();
    let (instants, start) = (instants(&cell).unwrap(), start(&cell));
    for (at, t) in instants.iter().zip(time.iter()) {
        let want = start + (t.unwrap() * 1e6).round() as i64;
        assert!((at.unwrap() - want).abs() <= 1, "{t:?}");
    }
    // Nothing is known of when this began.
    let bytes = b"Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)\n0,1,1,1,4.0\n1,1,1,1,3.9\n2,1,1,1,3.8\n";
    let cell = cyclerprep::prepare_source(Source::from_bytes("x.csv", bytes.to_vec()), &options).unwrap();
    assert!(cell.time_series.column("Timestamp").is_err());
    assert!(cell.report.notes.iter().any(|note| note.message.contains("no `Timestamp`")));
}

#[test]
fn a_column_of_that_name_that_the_caller_made_stays() {
    let mut options = PrepareOptions::default();
    options.map.constants.push(("Timestamp".to_owned(), "mine".to_owned()));
    let cell = cyclerprep::prepare(fixtures().join("neware/flat.csv"), &options).unwrap();
    assert_eq!(cell.time_series.column("Timestamp").unwrap().str().unwrap().get(0), Some("mine"));
}
