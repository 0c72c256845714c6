//! Every fixture is what its generator writes, and reads as its snapshot says.

mod support;

use cyclerprep::{PrepareOptions, Source, prepare, prepare_all};
use support::{dialects, files, fixtures, name, render};

/// `UPDATE_FIXTURES=1 cargo test --test snapshots` writes the files anew.
#[test]
fn fixtures_are_what_their_generators_write() {
    let update = std::env::var_os("UPDATE_FIXTURES").is_some();
    let all = dialects::all();
    for (path, bytes) in &all {
        let path = fixtures().join(path);
        if update {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, bytes).unwrap();
        }
        assert!(std::fs::read(&path).unwrap() == *bytes, "{} differs from its generator", path.display());
    }
    for folder in ["maccor", "biologic", "arbin", "neware", "odd", "bad"] {
        assert!(fixtures().join(folder).join("README.md").exists(), "{folder} says what it shows");
        for file in files(folder) {
            assert!(all.iter().any(|(path, _)| *path == name(&file)), "{} has no generator", name(&file));
        }
    }
}

#[test]
fn every_fixture_reads_as_its_snapshot() {
    let mut options = PrepareOptions::default();
    options.validate.strict = true;
    for folder in ["maccor", "biologic", "arbin", "neware", "odd", "bad"] {
        for file in files(folder) {
            let read = Source::open(&file, options.limits()).and_then(|source| prepare_all(source, &options));
            let shown = match read {
                Ok(all) => all.into_iter().map(|m| render::result(&Ok(m))).collect::<Vec<_>>().join("\n----\n"),
                Err(error) => render::result(&Err(error)),
            };
            let snapshot = name(&file).replace('/', "__");
            insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "snapshots" }, {
                insta::assert_snapshot!(snapshot, shown);
            });
        }
    }
}

#[test]
fn every_bad_fixture_is_an_error_with_a_kind_and_no_measurement() {
    for file in files("bad") {
        assert!(prepare(&file, &PrepareOptions::default()).is_err(), "{}", name(&file));
    }
}

/// The same simulated test stands in every dialect, so every dialect gives the same numbers to the digits that it prints.
#[test]
fn all_dialects_of_the_same_test_agree() {
    let truth = support::cell::test();
    for file in support::GOOD.iter().flat_map(|folder| files(folder)) {
        let file_name = name(&file);
        if ["open_circuit", "no_rows", "impedance", "calls", "spectrum", "waveform", "_Wb_2", "_Wb_3"]
            .iter()
            .any(|other| file_name.contains(other))
        {
            continue;
        }
        let got = prepare(&file, &PrepareOptions::default()).unwrap();
        let column = |name: &str| {
            got.time_series.column(name).unwrap().f64().unwrap().iter().map(Option::unwrap).collect::<Vec<f64>>()
        };
        let close = |got: f64, want: f64, tolerance: f64, what: &str, row: usize| {
            assert!((got - want).abs() <= tolerance, "{file_name}: {what} in row {row} is {got}, should be {want}");
        };
        // `dq` holds the charge since the previous record, so the mean current: not the same at step borders.
        let is_mean = file_name.contains("increments");
        // A binary file has the half cycles beside the increments.
        let has_cycles = !is_mean || file_name.ends_with(".mpr");
        let (time, current, voltage) = (column("Time [s]"), column("Current [A]"), column("Voltage [V]"));
        for (row, want) in truth.iter().enumerate() {
            // Step times alone do not know the half second between two steps.
            let names =
                ["step_time", "detail", "layered_quoted", "/v", "ndc", "lost_dir", "bts90", "counted", "broken"];
            let summed = names.iter().any(|name| file_name.contains(name)) && !file_name.contains("ndc15");
            let gaps = if summed { 0.5 * f64::from(want.run - 1) } else { 0.0 };
            close(time[row], want.time - gaps, 0.006, "time", row);
            // Older files hold tenths of a millivolt.
            let tenths =
                ["/v", "lost_dir", "ndc1.", "ndc2", "ndc4", "ndc5", "ndc7"].iter().any(|name| file_name.contains(name));
            close(voltage[row], want.voltage, if tenths { 5.1e-5 } else { 6e-6 }, "voltage", row);
            // That layout holds whole milliamperes.
            if !is_mean && !file_name.contains("ndc7") {
                close(current[row], -want.current, 6e-6, "current", row);
            }
        }
        let end = |name: &str| got.cycles.column(name).unwrap().f64().unwrap().get(0).unwrap();
        if !is_mean {
            let charged: f64 = truth
                .iter()
                .filter(|r| r.cycle == 1 && (r.step == 2 || r.step == 3))
                .fold((0.0, 0.0), |(sum, last), r| {
                    (sum + if r.capacity > last { r.capacity - last } else { 0.0 }, r.capacity)
                })
                .0;
            close(end("Charge capacity [A.h]"), charged, 2e-4, "charge of cycle 1", 0);
        }
        // That file has no cycle column.
        assert_eq!(got.cycles.height(), if has_cycles { 2 } else { 1 }, "{file_name}");
        assert!(got.report.issues.is_empty(), "{file_name}: {:?}", got.report.issues);
    }
}
