//! Pieces of one test: joined they are the test that one file holds, in every dialect; what does not belong together stays apart;
//! a night job joins what it finds and makes nothing twice.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::cell::{Record, test};
use crate::support::pieces::{rows, split};
use crate::support::{fixtures, machine, mpr, nda, ndax};
use cyclerprep::{Measurement, NoteCode, PrepareOptions, prepare, prepare_joined};
use polars::prelude::*;
use serde_json::Value;

/// A folder that goes with the test.
struct Ground(PathBuf);

impl Ground {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("prep-pieces-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).unwrap();
        Self(root)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        let file = fs::File::options().append(true).open(&path).unwrap();
        file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(3600)).unwrap();
        path
    }

    /// Status, exit code and all that is said of a run of `prep` in the folder.
    fn prep(&self, command: &str) -> Told {
        let mut arguments: Vec<&str> = command.split(' ').collect();
        arguments.push("--json-lines");
        let done = Command::new(env!("CARGO_BIN_EXE_prep")).args(&arguments).current_dir(&self.0).output().unwrap();
        machine::hold_to_schemas(&arguments, &done);
        let (out, err) = (String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap());
        let lines = out.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let files: Vec<Value> = lines.filter(|line| line.get("source").is_some()).collect();
        let status = |file: &Value| {
            format!("{} {}", file["source"].as_str().unwrap().replace('\\', "/"), file["status"].as_str().unwrap())
        };
        let statuses = files.iter().map(status).collect();
        Told { exit: done.status.code().unwrap(), statuses, text: out + &err }
    }

    fn bundles(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.0.join("out")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else if entry.file_name() == "time_series.parquet" {
                    found.push(folder.strip_prefix(self.0.join("out")).unwrap().to_string_lossy().replace('\\', "/"));
                }
            }
        }
        found.sort();
        found
    }

    fn report(&self, bundle: &str) -> Value {
        serde_json::from_slice(&fs::read(self.0.join("out").join(bundle).join("report.json")).unwrap()).unwrap()
    }

    /// Rows of the table of all cycles.
    fn cycles(&self) -> usize {
        let file = fs::File::open(self.0.join("out/cycles.parquet")).unwrap();
        ParquetReader::new(file).finish().unwrap().height()
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Told {
    exit: i32,
    statuses: Vec<String>,
    text: String,
}

fn bytes(fixture: &str) -> Vec<u8> {
    fs::read(fixtures().join(fixture)).unwrap()
}

fn joined(paths: &[PathBuf]) -> Measurement {
    prepare_joined(paths, &PrepareOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn seams(measurement: &Measurement) -> Vec<&str> {
    let notes = measurement.report.notes.iter().filter(|note| note.code == NoteCode::PiecesJoined);
    notes.map(|note| note.message.as_str()).collect()
}

/// All tables are the same, column by column; numbers within `off`.
fn assert_same(whole: &Measurement, joined: &Measurement, off: f64, what: &str) {
    let tables = [
        ("time series", &whole.time_series, &joined.time_series),
        ("steps", &whole.steps, &joined.steps),
        ("cycles", &whole.cycles, &joined.cycles),
    ];
    for (table, whole, joined) in tables {
        assert_eq!(whole.get_column_names(), joined.get_column_names(), "{what}: {table}");
        for (a, b) in whole.columns().iter().zip(joined.columns()) {
            let is_close = || {
                let numbers = |column: &Column| column.f64().ok().map(|n| n.iter().collect::<Vec<_>>());
                let close = |(a, b): (Option<f64>, Option<f64>)| match (a, b) {
                    (Some(a), Some(b)) => (a - b).abs() <= off * a.abs().max(1.0),
                    (a, b) => a.is_none() && b.is_none(),
                };
                numbers(a).zip(numbers(b)).is_some_and(|(a, b)| a.len() == b.len() && a.into_iter().zip(b).all(close))
            };
            assert!(a.equals_missing(b) || is_close(), "{what}: {table}: {}\n{a:?}\n{b:?}", a.name());
        }
    }
    assert_eq!(whole.metadata.start_time, joined.metadata.start_time, "{what}");
}

/// A fixture, its lines above the rows, the name of a piece (`*` is its number) and where the pieces begin.
static TEXTS: [(&str, usize, &str, &[usize]); 8] = [
    ("maccor/flat_line.034", 2, "demo_*.034", &[30, 70]),
    ("arbin/mits7.csv", 1, "t_*.csv", &[40]),
    ("arbin/database_CH33.csv", 1, "run_*.csv", &[20, 40, 100]),
    ("biologic/eclab.mpt", 26, "x_01_MB_C01_loop*.mpt", &[28, 56]),
    ("neware/flat.csv", 1, "split_*.csv", &[1, 70]),
    ("neware/dips.csv", 1, "split_*.csv", &[61]),
    ("neware/units.csv", 1, "split_*.csv", &[70]),
    ("neware/chinese_gb18030.csv", 1, "split_*.csv", &[70, 80]),
];

#[test]
fn pieces_of_a_text_are_the_test_that_one_file_holds() {
    for (fixture, above, name, at) in TEXTS {
        let ground = Ground::new(&fixture.replace('/', "-"));
        let text = bytes(fixture);
        let whole = prepare(ground.put(&name.replace('*', "0"), &text), &PrepareOptions::default()).unwrap();
        let pieces = split(&text, above, at);
        let number =
            |k: usize, piece: &Vec<u8>| ground.put(&format!("p/{}", name.replace('*', &(k + 1).to_string())), piece);
        let mut paths: Vec<PathBuf> = pieces.iter().enumerate().map(|(k, piece)| number(k, piece)).collect();
        paths.reverse();
        let got = joined(&paths);
        assert_same(&whole, &got, 0.0, fixture);
        assert_eq!(seams(&got).len(), at.len(), "{fixture}: {:?}", seams(&got));
        assert!(got.report.issues.is_empty(), "{fixture}: {:?}", got.report.issues);
        let sizes: Vec<usize> = got.report.pieces.iter().map(|piece| piece.rows).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 112, "{fixture}");
        // Found without being named, too.
        let told = ground.prep("convert p -o out --join");
        let first = format!("p/{} prepared", name.replace('*', "1"));
        assert!(told.statuses.contains(&first) && told.exit == 0, "{fixture}: {:?} {}", told.statuses, told.text);
        assert_eq!(told.statuses.iter().filter(|status| status.ends_with("side_file")).count(), at.len(), "{fixture}");
    }
}

#[test]
fn pieces_of_a_binary_file_are_the_test_that_one_file_holds() {
    let (records, options) = (test(), PrepareOptions::default());
    let ground = Ground::new("binary");
    type Write = fn(&[Record]) -> Vec<u8>;
    let kinds: [(&str, Write, usize); 1] = [("x_01_GCPL_C01_loop*.mpr", |records| mpr::of(records).encode(), 56)];
    for (name, write, at) in kinds {
        let whole = prepare(ground.put(&name.replace('*', "9"), &write(&records)), &options).unwrap();
        let paths = [("0", &records[..at]), ("1", &records[at..])]
            .map(|(number, some)| ground.put(&format!("p/{}", name.replace('*', number)), &write(some)));
        // Sums that each file stores anew are rounded elsewhere.
        assert_same(&whole, &joined(&paths), 1e-12, name);
    }
    // These number their records from 1 in each file: two files are two tests.
    let other: [(&str, Write); 2] =
        [("a*.nda", |records| nda::bts91(records, 56)), ("a*.ndax", |records| ndax::pack(&ndax::members(14, records)))];
    for (name, write) in other {
        let paths = [("0", &records[..56]), ("1", &records[56..])]
            .map(|(number, some)| ground.put(&name.replace('*', number), &write(some)));
        let error = prepare_joined(&paths, &options).unwrap_err();
        assert!(error.message().contains("record 1,") && error.message().contains("record 56"), "{error}");
    }
}

/// Each step of the test as a technique of its own: sequences and half cycles are counted from 0 in each, time goes on.
fn techniques(ground: &Ground) -> Vec<PathBuf> {
    let records = test();
    let mut paths = Vec::new();
    for run in 1..=records.last().unwrap().run {
        let some: Vec<Record> = records.iter().filter(|record| record.run == run).copied().collect();
        let mut file = mpr::of(&some);
        let (sequence, half) = (file.column(131), file.column(468));
        for row in &mut file.records {
            (row[sequence], row[half]) = (0.0, 0.0);
        }
        paths.push(ground.put(&format!("x_{run:02}_MB_C01.mpr"), &file.encode()));
    }
    paths
}

#[test]
fn techniques_that_count_anew_are_counted_on() {
    let ground = Ground::new("techniques");
    let paths = techniques(&ground);
    let got = joined(&paths);
    let whole = prepare(ground.put("whole.mpr", &mpr::of(&test()).encode()), &PrepareOptions::default()).unwrap();
    for name in
        ["Time [s]", "Current [A]", "Voltage [V]", "Step count", "Charge capacity [A.h]", "Discharge capacity [A.h]"]
    {
        let (a, b) = (whole.time_series.column(name).unwrap(), got.time_series.column(name).unwrap());
        let off = |a: Option<f64>, b: Option<f64>| (a.unwrap() - b.unwrap()).abs();
        let (a, b) = (a.cast(&DataType::Float64).unwrap(), b.cast(&DataType::Float64).unwrap());
        // A counter that is stored anew in each file is rounded elsewhere: floats of eight bytes in mA.h.
        let worst = a.f64().unwrap().iter().zip(b.f64().unwrap().iter()).map(|(a, b)| off(a, b)).fold(0.0, f64::max);
        assert!(worst < 1e-9, "{name} is off by {worst}");
    }
    let steps = got.time_series.column("Step from cycler").unwrap().i64().unwrap().clone();
    assert_eq!((steps.get(0), steps.get(111)), (Some(0), Some(9)), "ten techniques of one sequence each");
    let told = seams(&got);
    assert!(told.len() == 9 && told[0].contains("step numbers begin at 0 again and are counted on from 1"), "{told:?}");
    // One of them is missing: told with the time that passed, here the ten minutes of the constant voltage and two half seconds.
    let fewer: Vec<PathBuf> = paths.iter().enumerate().filter(|(k, _)| *k != 2).map(|(_, path)| path.clone()).collect();
    let got = joined(&fewer);
    let told = seams(&got);
    assert!(told[1].contains("541 s later by the test time") && told[1].contains("number 3 is not among"), "{told:?}");
}

/// The rows of the test as a table with a clock, whose test time begins anew in each file.
fn restarting(records: &[Record], first: usize, zero: f64) -> Vec<u8> {
    let mut out = String::from(
        "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(A),Voltage(V),Chg. Cap.(Ah),DChg. Cap.(Ah),Date\n",
    );
    for (i, r) in records.iter().enumerate() {
        let clock = |s: f64| format!("{:02}:{:02}:{:06.3}", (s / 3600.0) as u32, (s / 60.0) as u32 % 60, s % 60.0);
        let (c, d) = if r.current < 0.0 { (0.0, r.capacity) } else { (r.capacity, 0.0) };
        let mode = match r.current {
            i if i > 0.0 => "CC Chg",
            i if i < 0.0 => "CC DChg",
            _ => "Rest",
        };
        let (number, total, at) = (first + i, clock(r.time - zero), 8.0 * 3600.0 + r.time);
        out += &format!(
            "{number},{},{},{mode},{},{total},{:.6},{:.5},{c:.8},{d:.8},2024-03-01 {}\n",
            r.cycle,
            r.step,
            clock(r.step_time),
            r.current,
            r.voltage,
            clock(at)
        );
    }
    out.into_bytes()
}

#[test]
fn a_test_time_that_begins_anew_goes_on_by_the_clock() {
    let (ground, records) = (Ground::new("clock"), test());
    let whole = prepare(ground.put("whole.csv", &restarting(&records, 1, 0.0)), &PrepareOptions::default()).unwrap();
    let paths = [
        ground.put("a_1.csv", &restarting(&records[..70], 1, 0.0)),
        ground.put("a_2.csv", &restarting(&records[70..], 71, records[70].time)),
    ];
    let got = joined(&paths);
    assert!(seams(&got)[0].contains("120 s later by the clocks; its test time begins anew"), "{:?}", seams(&got));
    assert_same(&whole, &got, 0.0, "the same clock");
}

#[test]
fn what_is_missing_is_told_and_what_is_there_twice_is_left_out() {
    let ground = Ground::new("missing");
    let text = bytes("neware/flat.csv");
    let paths = [
        ground.put("a_1.csv", &rows(&text, 1, 0, 30)),
        ground.put("a_3.csv", &rows(&text, 1, 70, 112)),
        ground.put("copy of a_1.csv", &rows(&text, 1, 0, 30)),
    ];
    let got = joined(&paths);
    let told = seams(&got);
    assert!(told.iter().any(|note| note.contains("records 31 to 70 are in neither file")), "{told:?}");
    assert!(told.iter().any(|note| note.contains("it was left out")), "{told:?}");
    assert_eq!(got.time_series.height(), 72);
    // Time goes on by the test time: 70 rows further.
    let time = got.time_series.column("Time [s]").unwrap().f64().unwrap().clone();
    assert_eq!(time.get(30), Some(test()[70].time));
    // And in a folder, where the test time says that they belong together.
    let told = ground.prep("convert . -o out --join");
    assert!(told.statuses.iter().any(|status| status.ends_with("a_3.csv side_file")), "{:?}", told.statuses);
}

#[test]
fn what_speaks_against_it_is_an_error_with_both_numbers() {
    let ground = Ground::new("against");
    let text = String::from_utf8(bytes("neware/flat.csv")).unwrap();
    let [first, second] = [rows(text.as_bytes(), 1, 0, 70), rows(text.as_bytes(), 1, 70, 112)];
    let second = String::from_utf8(second).unwrap();
    let first = ground.put("a_1.csv", &first);
    let refused = |name: &str, bytes: &[u8]| {
        let paths = [first.clone(), ground.put(name, bytes)];
        prepare_joined(&paths, &PrepareOptions::default()).unwrap_err().message().to_owned()
    };
    let overlap = refused("a_2.csv", &rows(text.as_bytes(), 1, 50, 112));
    assert!(overlap.contains("begins with record 51") && overlap.contains("ends with record 70"), "{overlap}");
    // Two packs of twelve cells do not follow a cell.
    let volts = |line: &str| {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        if let Ok(v) = cells[7].parse::<f64>() {
            cells[7] = format!("{:.5}", v * 12.0);
        }
        cells.join(",")
    };
    let pack: Vec<String> = second.lines().map(volts).collect();
    let told = refused("a_2.csv", (pack.join("\n") + "\n").as_bytes());
    assert!(told.contains("one cell does not show both"), "{told}");
    let other = refused("cell.034", &bytes("maccor/flat_line.034"));
    assert!(other.contains("Neware") && other.contains("Maccor"), "{other}");
    let run = ground.prep("convert a_1.csv cell.034 -o out --join");
    assert_eq!((run.exit, run.statuses.len()), (2, 2), "{}", run.text);
    assert!(ground.bundles().is_empty());
}

#[test]
fn a_night_joins_what_it_finds_and_makes_nothing_twice() {
    let ground = Ground::new("night");
    let text = bytes("neware/flat.csv");
    for (name, from, to) in
        [("in/a_1.csv", 0, 30), ("in/a_2.csv", 30, 70), ("in/b/a_1.csv", 0, 70), ("in/b/a_2.csv", 70, 112)]
    {
        ground.put(name, &rows(&text, 1, from, to));
    }
    ground.put("in/cell.034", &bytes("maccor/flat_line.034"));
    // Nobody asked for it: five measurements.
    let told = ground.prep("convert in -o out");
    assert_eq!((told.exit, ground.bundles().len()), (0, 5), "{}", told.text);
    // Bundles of pieces alone give way; no row is in a table twice.
    let join = "convert in -o out --join";
    let told = ground.prep(join);
    let expected = [
        "in/a_1.csv updated",
        "in/a_2.csv side_file",
        "in/b/a_1.csv updated",
        "in/b/a_2.csv side_file",
        "in/cell.034 skipped",
    ];
    assert_eq!(told.statuses, expected, "{}", told.text);
    assert_eq!(ground.bundles(), ["a_1.csv", "b/a_1.csv", "cell.034"]);
    assert_eq!(ground.cycles(), 6, "two of each");
    let report = ground.report("a_1.csv");
    let pieces = report["pieces"].as_array().unwrap();
    assert_eq!(
        (pieces.len(), pieces[1]["name"].as_str(), pieces[1]["rows"].as_u64()),
        (2, Some("in/a_2.csv"), Some(40))
    );
    assert_eq!(report["options"]["values"]["join"], true);
    // Once more.
    let told = ground.prep(join);
    let expected = [
        "in/a_1.csv skipped",
        "in/a_2.csv side_file",
        "in/b/a_1.csv skipped",
        "in/b/a_2.csv side_file",
        "in/cell.034 skipped",
    ];
    assert_eq!((told.exit, told.statuses), (0, expected.map(str::to_owned).to_vec()));
    // Another piece comes: its test alone is made anew.
    ground.put("in/a_3.csv", &rows(&text, 1, 70, 112));
    let told = ground.prep(join);
    let expected = [
        "in/a_1.csv updated",
        "in/a_2.csv side_file",
        "in/a_3.csv side_file",
        "in/b/a_1.csv skipped",
        "in/b/a_2.csv side_file",
        "in/cell.034 skipped",
    ];
    assert_eq!(told.statuses, expected, "{}", told.text);
    assert_eq!(ground.report("a_1.csv")["rows_kept"], 112);
    // A piece changes.
    ground.put("in/a_3.csv", &rows(&text, 1, 70, 111));
    let told = ground.prep(join);
    assert!(told.statuses.contains(&"in/a_1.csv updated".to_owned()), "{:?}", told.statuses);
    assert_eq!(ground.report("a_1.csv")["rows_kept"], 111);
    // Pieces that went to an archive stay in the measurement, and what is left of the folder is read no more.
    let told_when_gone = |name: &str| {
        fs::rename(ground.0.join("in").join(name), ground.0.join(name)).unwrap();
        let told = ground.prep(join);
        assert_eq!(ground.report("a_1.csv")["rows_kept"], 111, "{}", told.text);
        told.statuses
    };
    let statuses = told_when_gone("a_3.csv");
    assert_eq!(statuses[..2], ["in/a_1.csv skipped".to_owned(), "in/a_2.csv side_file".to_owned()]);
    assert_eq!(told_when_gone("a_2.csv")[0], "in/a_1.csv skipped");
    let told = ground.prep("convert in -o out --join --force");
    assert_eq!(ground.report("a_1.csv")["rows_kept"], 30, "{}", told.text);
    ["a_2.csv", "a_3.csv"]
        .iter()
        .for_each(|name| fs::rename(ground.0.join(name), ground.0.join("in").join(name)).unwrap());
    // Nobody asks any more: each alone again.
    let told = ground.prep("convert in -o out");
    assert_eq!((told.exit, ground.bundles().len()), (0, 6), "{}", told.text);
    assert_eq!(ground.report("a_1.csv")["rows_kept"], 30);
}

#[test]
fn the_order_on_the_command_line_does_not_matter() {
    let ground = Ground::new("order");
    for number in [1, 2] {
        ground.put(&format!("split_{number}.csv"), &bytes(&format!("pieces/split_{number}.csv")));
    }
    let there = ground.prep("convert split_1.csv split_2.csv -o out --join");
    assert_eq!(there.statuses, ["split_1.csv prepared", "split_2.csv side_file"], "{}", there.text);
    let read = |path: &str| fs::read(ground.0.join(path)).unwrap();
    let (rows, report) = (read("out/split_1.csv/time_series.parquet"), read("out/split_1.csv/report.json"));
    let back = ground.prep("convert split_2.csv split_1.csv -o out --join --force");
    assert!(back.statuses.contains(&"split_1.csv updated".to_owned()), "{}", back.text);
    assert_eq!(read("out/split_1.csv/time_series.parquet"), rows);
    assert_eq!(read("out/split_1.csv/report.json"), report);
    let again = ground.prep("convert split_2.csv split_1.csv -o out --join");
    assert!(again.statuses.contains(&"split_1.csv skipped".to_owned()), "{}", again.text);
    let bare = ground.prep("convert split_1.csv -o one.parquet --join");
    assert!(bare.exit == 2 && bare.text.contains("name a folder"), "{}", bare.text);
}

#[test]
fn a_look_at_a_folder_proposes_the_call() {
    let ground = Ground::new("inspect");
    techniques(&ground);
    ground.put("two words_1.csv", &bytes("pieces/split_1.csv"));
    ground.put("two words_2.csv", &bytes("pieces/split_2.csv"));
    let told = ground.prep("inspect .");
    let last: Value = serde_json::from_str(told.text.lines().last().unwrap()).unwrap();
    let commands: Vec<&str> =
        last["series"].as_array().unwrap().iter().map(|s| s["command"].as_str().unwrap()).collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    assert!(
        commands[0].starts_with("prep convert './two words_1.csv' './two words_2.csv' -o OUT --join"),
        "{commands:?}"
    );
    assert!(commands[1].contains("./x_01_MB_C01.mpr ./x_02_MB_C01.mpr"), "{commands:?}");
    assert_eq!(last["series"][0]["why"], "the record numbers go on");
    assert!(Path::new(&ground.0).is_dir());
}
