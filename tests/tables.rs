//! The tables of steps and cycles: the same columns whatever the file, and the rows of all measurements in one table each.

use std::path::{Path, PathBuf};
use std::process::Command;

use cyclerprep::load::load_frame_file;
use cyclerprep::{PrepareOptions, Source, prepare_all};
use polars::prelude::{DataFrame, DataType};

use crate::support::{files, fixtures, machine};

fn convert(inputs: &[&str], out: &Path, more: &[&str]) {
    let inputs: Vec<String> = inputs.iter().map(|name| fixtures().join(name).to_str().unwrap().to_owned()).collect();
    let mut arguments = vec!["convert", "-q", "-o", out.to_str().unwrap()];
    arguments.extend(inputs.iter().map(String::as_str).chain(more.iter().copied()));
    let output = Command::new(env!("CARGO_BIN_EXE_prep")).args(&arguments).output().unwrap();
    machine::hold_to_schemas(&arguments, &output);
}

fn scratch(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("prep-tables-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    path
}

fn table(path: impl AsRef<Path>) -> DataFrame {
    load_frame_file(path, &Default::default()).unwrap()
}

fn layout(table: &DataFrame) -> Vec<(String, DataType)> {
    table.columns().iter().map(|column| (column.name().to_string(), column.dtype().clone())).collect()
}

/// The bundles' own tables in the order of their sources, one below the other.
fn of_bundles(out: &Path, bundles: &[&str], name: &str) -> DataFrame {
    let mut tables = bundles.iter().map(|bundle| table(out.join(bundle).join(name)));
    let mut all = tables.next().unwrap();
    tables.for_each(|next| _ = all.vstack_mut(&next).unwrap());
    all
}

#[test]
fn steps_and_cycles_of_every_fixture_have_the_same_columns() {
    let flat = cyclerprep::prepare(fixtures().join("neware/flat.csv"), &Default::default()).unwrap();
    let want = (layout(&flat.steps), layout(&flat.cycles));
    let mut seen = 0;
    for path in files("") {
        let source = Source::open(&path, &Default::default());
        for cell in source.and_then(|source| prepare_all(source, &PrepareOptions::default())).unwrap_or_default() {
            assert_eq!((layout(&cell.steps), layout(&cell.cycles)), want, "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn the_tables_of_all_follow_the_bundles() {
    let out = scratch("follow");
    let same = |bundles: &[&str]| {
        for name in ["cycles.parquet", "steps.parquet"] {
            let (all, bundles) = (table(out.join(name)), of_bundles(&out, bundles, name));
            assert!(all.equals_missing(&bundles), "{name}: {all} {bundles}");
        }
    };
    convert(&["neware/flat.csv", "arbin/mits7.csv"], &out, &[]);
    same(&["mits7.csv", "flat.csv"]);
    let owners = table(out.join("cycles.parquet"));
    let source = owners.column("source").unwrap().str().unwrap().get(0).unwrap().to_owned();
    assert!(source.ends_with("arbin/mits7.csv"));
    assert_eq!(owners.column("name").unwrap().str().unwrap().get(0), Some("mits7"));
    assert_eq!(owners.column("part").unwrap().null_count(), owners.height());

    // A run that touches others adds them; parts are told apart.
    convert(&["odd/two_channels.xlsx", "biologic/cycling.mpr"], &out, &[]);
    let all =
        ["mits7.csv", "cycling.mpr", "flat.csv", "two_channels.xlsx/Channel_1-017", "two_channels.xlsx/Channel_1-018"];
    same(&all);
    // Nothing new: the table is not even written again.
    let written = || std::fs::metadata(out.join("steps.parquet")).unwrap().modified().unwrap();
    let before = (written(), std::fs::read(out.join("steps.parquet")).unwrap());
    convert(&["neware/flat.csv"], &out, &[]);
    assert_eq!((written(), std::fs::read(out.join("steps.parquet")).unwrap()), before);

    // Made anew with another option: its rows change, the others stay.
    convert(&["neware/flat.csv"], &out, &["--force", "--step-identity", "step-column"]);
    same(&all);
    // A bundle that somebody removed has no rows any more.
    std::fs::remove_dir_all(out.join("cycling.mpr")).unwrap();
    convert(&["neware/flat.csv"], &out, &[]);
    same(&["mits7.csv", "flat.csv", "two_channels.xlsx/Channel_1-017", "two_channels.xlsx/Channel_1-018"]);
    // A table that is lost or damaged comes back.
    let good = std::fs::read(out.join("cycles.parquet")).unwrap();
    std::fs::remove_file(out.join("steps.parquet")).unwrap();
    std::fs::write(out.join("cycles.parquet"), &good[..good.len() / 2]).unwrap();
    convert(&["neware/flat.csv"], &out, &[]);
    assert_eq!(std::fs::read(out.join("cycles.parquet")).unwrap(), good, "the history does not show");
    same(&["mits7.csv", "flat.csv", "two_channels.xlsx/Channel_1-017", "two_channels.xlsx/Channel_1-018"]);
    std::fs::remove_dir_all(out).unwrap();
}

/// What a run that was killed before its end had made is in the tables after the next, whatever that touches.
#[test]
fn bundles_of_a_run_that_was_killed_are_not_forgotten() {
    let (out, beside) = (scratch("killed"), scratch("killed-beside"));
    convert(&["neware/flat.csv", "arbin/mits7.csv"], &out, &[]);
    // The killed run made this bundle anew and wrote no table.
    convert(&["neware/flat.csv"], &beside, &["--short-steps", "join", "--constant", "Chamber=3"]);
    std::fs::remove_dir_all(out.join("flat.csv")).unwrap();
    std::fs::rename(beside.join("flat.csv"), out.join("flat.csv")).unwrap();
    convert(&["arbin/mits7.csv"], &out, &[]);
    for name in ["cycles.parquet", "steps.parquet"] {
        assert!(table(out.join(name)).equals_missing(&of_bundles(&out, &["mits7.csv", "flat.csv"], name)));
    }
    std::fs::remove_dir_all(out).unwrap();
    std::fs::remove_dir_all(beside).unwrap();
}

/// A Python with polars, where there is one.
fn python() -> Option<String> {
    let named = std::env::var("CYCLERPREP_PYTHON").ok();
    named.into_iter().chain(["python3".to_owned()]).find(|python| {
        let run = Command::new(python).args(["-c", "import polars"]).output();
        run.is_ok_and(|run| run.status.success())
    })
}

/// pandas takes texts and lists of texts where the file says that they are plain ones, whatever polars has in memory.
#[test]
fn pandas_reads_every_table() {
    let out = scratch("pandas");
    convert(&["neware/flat.csv", "arbin/mits7.csv"], &out, &[]);
    let code = "import sys, pandas as pd, pyarrow.parquet as pq\n\
                for f in sys.argv[1:]: print(len(pd.read_parquet(f)), 'view' in str(pq.read_schema(f)))";
    let names = ["index.parquet", "cycles.parquet", "flat.csv/steps.parquet", "flat.csv/time_series.parquet"];
    let has_pandas = |python: &String| {
        Command::new(python).args(["-c", "import pandas, pyarrow"]).output().is_ok_and(|run| run.status.success())
    };
    if let Some(python) = python().filter(has_pandas) {
        let run = Command::new(python).args(["-c", code]).args(names.map(|name| out.join(name))).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let rows = names.map(|name| format!("{} False\n", table(out.join(name)).height()));
        assert_eq!(String::from_utf8_lossy(&run.stdout), rows.concat());
    } else {
        eprintln!("skipped: no Python with polars, pandas and pyarrow");
    }
    std::fs::remove_dir_all(out).unwrap();
}

/// `scan_parquet("OUT/**/cycles.parquet")`: every file that the pattern finds has the same columns, in the same order and of
/// the same types. polars of Python does it where it is installed; `CYCLERPREP_PYTHON` names another interpreter.
#[test]
fn a_pattern_over_all_tables_is_read_as_one() {
    let out = scratch("pattern");
    convert(&["neware/flat.csv", "arbin/mits7.csv", "odd/two_channels.xlsx", "biologic/open_circuit.mpt"], &out, &[]);
    for name in ["cycles.parquet", "steps.parquet"] {
        let pattern = format!("{}/**/{name}", out.display());
        let tables: Vec<DataFrame> = glob::glob(&pattern).unwrap().map(|path| table(path.unwrap())).collect();
        assert_eq!(tables.len(), 6, "five bundles and the table of all");
        assert!(tables.iter().all(|one| layout(one) == layout(&tables[0])));
        let below: usize = glob::glob(&format!("{}/*/**/{name}", out.display()))
            .unwrap()
            .map(|path| table(path.unwrap()).height())
            .sum();
        assert_eq!(below, table(out.join(name)).height(), "the bundles alone, without the table of all");
        let Some(python) = python() else {
            eprintln!("skipped: no Python with polars");
            continue;
        };
        let code = "import sys, polars as pl; d = pl.scan_parquet(sys.argv[1]).collect(); \
                    print(d.height, d.unique().height, d['source'].n_unique())";
        let told = |pattern: &str| {
            let run = Command::new(&python).args(["-c", code, pattern]).output().unwrap();
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
            String::from_utf8_lossy(&run.stdout).trim().to_owned()
        };
        // As docs/cli.md says: the table of all is one of the files that the last pattern finds, so each row is there twice.
        assert_eq!(told(&out.join(name).display().to_string()), format!("{below} {below} 4"));
        assert_eq!(told(&format!("{}/*/**/{name}", out.display())), format!("{below} {below} 4"));
        assert_eq!(told(&pattern), format!("{} {below} 4", 2 * below));
    }
    std::fs::remove_dir_all(out).unwrap();
}
