//! Every fixture is what its generator writes, and reads as its snapshot says.

use crate::support::fixture::{self, Bounds, Tells};
use crate::support::{files, fixtures, name, on_disk, render};
use cyclerprep::{PrepareOptions, Source, prepare, prepare_all};

/// `UPDATE_FIXTURES=1 cargo test --test suite snapshots` writes the files anew.
#[test]
fn fixtures_are_what_their_generators_write() {
    let all = fixture::all();
    for fixture::Fixture { path, bytes, .. } in all {
        let path = fixtures().join(path);
        assert!(std::fs::read(&path).unwrap() == *bytes, "{} differs from its generator", path.display());
    }
    for folder in crate::support::good_and(&["resaved", "odd", "bad", "pieces"]) {
        assert!(fixtures().join(folder).join("README.md").exists(), "{folder} says what it shows");
        for file in on_disk(folder) {
            assert!(all.iter().any(|fixture| fixture.path == name(&file)), "{} has no generator", name(&file));
        }
    }
}

#[test]
fn every_fixture_reads_as_its_snapshot() {
    let mut options = PrepareOptions::default();
    options.validate.strict = true;
    for folder in crate::support::good_and(&["resaved", "odd", "bad"]) {
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
    let is_good = |path: &str| {
        crate::support::GOOD
            .iter()
            .chain([&crate::support::RESAVED])
            .any(|folder| std::path::Path::new(path).starts_with(folder))
    };
    let (mut compared, mut wrong) = (0, Vec::new());
    for fixture in fixture::all().iter().filter(|fixture| is_good(fixture.path)) {
        if let Tells::Test(bounds) = fixture.tells {
            compared += 1;
            wrong
                .extend(differences(fixture.path, &bounds).into_iter().map(|what| format!("{}: {what}", fixture.path)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 60, "{compared} fixtures are too few: most tell the test");
}

/// Where a fixture is farther from the simulated test than its own digits allow: the worst row of each column.
fn differences(path: &str, bounds: &Bounds) -> Vec<String> {
    let truth = crate::support::cell::test();
    let got = prepare(fixtures().join(path), &PrepareOptions::default()).unwrap();
    let mut wrong: Vec<String> = got.report.issues.iter().map(ToString::to_string).collect();
    let mut compare = |name: &str, bound: f64, want: &dyn Fn(usize) -> Option<f64>| {
        let got = got.time_series.column(name).unwrap().f64().unwrap();
        if (got.len(), got.null_count()) != (truth.len() + bounds.more, 0) {
            return wrong.push(format!("{name} has {} rows of which {} are null", got.len(), got.null_count()));
        }
        let off = got
            .iter()
            .flatten()
            .take(truth.len())
            .enumerate()
            .filter_map(|(row, got)| want(row).map(|want| (row, got, want)));
        let worst = off.max_by(|a, b| f64::total_cmp(&(a.1 - a.2).abs(), &(b.1 - b.2).abs()));
        let is_off = |(_, got, want): &(usize, f64, f64)| (got - want).abs() > bound || got.is_nan();
        if let Some((row, got, want)) = worst.filter(is_off) {
            wrong.push(format!("{name} in row {row} is {got}, should be {want} within {bound:e}"));
        }
    };
    // Step times alone do not know the half second between two steps.
    let lost = |row: usize| if bounds.has_gaps { 0.0 } else { 0.5 * f64::from(truth[row].run - 1) };
    compare("Time [s]", bounds.time, &|row| Some(truth[row].time - lost(row)));
    compare("Voltage [V]", bounds.voltage, &|row| Some(truth[row].voltage));
    let is_border = |row: usize| row == 0 || truth[row].run != truth[row - 1].run;
    compare("Current [A]", bounds.current, &|row| (!bounds.is_mean || !is_border(row)).then_some(-truth[row].current));
    // Within a step the counter begins at 0 and grows.
    let last = |cycle: u32, step: u32| truth.iter().rfind(|r| (r.cycle, r.step) == (cycle, step)).unwrap().capacity;
    // Where cycles are not told apart, the one is both.
    let told = if bounds.cycles == 1 { 1..=2 } else { 1..=1 };
    let charged: f64 = told.map(|cycle| last(cycle, 2) + last(cycle, 3)).sum();
    let found = got.cycles.column("Charge capacity [A.h]").unwrap().f64().unwrap().get(0).unwrap();
    if !bounds.is_mean && (found - charged).abs() > bounds.charge {
        wrong.push(format!("charge of cycle 1 is {found}, should be {charged} within {:e}", bounds.charge));
    }
    if got.cycles.height() != bounds.cycles {
        wrong.push(format!("{} cycles, should be {}", got.cycles.height(), bounds.cycles));
    }
    wrong
}
