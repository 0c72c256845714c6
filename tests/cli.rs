//! The command-line contract: outputs, JSON and exit codes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::support::{fixtures, machine};
use serde_json::Value;

/// Runs `prep`. Whatever it wrote for programs is held against its schema.
fn prep(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_prep")).args(arguments).output().unwrap();
    machine::hold_to_schemas(arguments, &output);
    output
}

fn scratch(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("prep-cli-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn text(path: impl AsRef<Path>) -> String {
    path.as_ref().to_string_lossy().into_owned()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// What stands beside the bundles.
const BESIDE: [&str; 5] = ["cycles.parquet", "index.html", "index.json", "index.parquet", "steps.parquet"];

/// The bundles and what stands beside them.
fn with_tables(bundles: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = bundles.iter().chain(&BESIDE).map(|name| (*name).to_owned()).collect();
    names.sort();
    names
}

const BUNDLE: [&str; 5] = ["cycles.parquet", "measurement.json", "report.json", "steps.parquet", "time_series.parquet"];

#[test]
fn convert_writes_a_bundle_skips_it_and_replaces_it_by_force() {
    let out = scratch("convert");
    let file = text(fixtures().join("maccor/flat_line.034"));
    let first = prep(&["convert", &file, "-o", &text(&out), "--strict"]);
    assert_eq!(first.status.code(), Some(0), "{}", String::from_utf8_lossy(&first.stderr));
    let bundle = out.join("flat_line.034");
    assert_eq!(names(&bundle), BUNDLE);
    let report: Value = serde_json::from_slice(&std::fs::read(bundle.join("report.json")).unwrap()).unwrap();
    assert_eq!(report["detected"]["reader"], "maccor_text");
    assert_eq!(report["source"]["blake3"].as_str().unwrap().len(), 64);
    let parquet = std::fs::read(bundle.join("time_series.parquet")).unwrap();

    let again = prep(&["convert", &file, "-o", &text(&out), "--strict", "--json"]);
    let json: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((json["files"][0]["status"].as_str(), json["summary"]["skipped"].as_u64()), (Some("skipped"), Some(1)));
    prep(&["convert", &file, "-o", &text(&out), "--force", "--strict", "-q"]);
    assert!(
        std::fs::read(bundle.join("time_series.parquet")).unwrap() == parquet,
        "the same input gives the same bytes"
    );
    assert_eq!(names(&out), with_tables(&["flat_line.034"]), "nothing partial is left");
}

#[test]
fn folders_keep_their_shape_and_unknown_files_are_only_counted() {
    let (data, out) = (scratch("folder-in"), scratch("folder-out"));
    std::fs::create_dir_all(data.join("a/b")).unwrap();
    std::fs::copy(fixtures().join("neware/flat.csv"), data.join("a/b/one.csv")).unwrap();
    std::fs::copy(fixtures().join("biologic/eclab.mpt"), data.join("two.mpt")).unwrap();
    std::fs::write(data.join("notes.txt"), "hello").unwrap();
    let run = prep(&["convert", &text(&data), "-o", &text(&out), "--json"]);
    assert_eq!(run.status.code(), Some(0));
    let json: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(json["summary"]["prepared"], 2);
    assert_eq!(json["summary"]["unknown"], 1);
    assert_eq!(names(&out.join("a/b/one.csv")), BUNDLE);
    assert_eq!(names(&out), with_tables(&["a", "two.mpt"]));
}

#[test]
fn a_file_that_cannot_be_read_stops_nothing_and_writes_nothing() {
    let out = scratch("bad");
    let bad = text(fixtures().join("bad/unknown_unit.csv"));
    let good = text(fixtures().join("arbin/mits7.csv"));
    let run = prep(&["convert", &bad, &good, "-o", &text(&out), "--json"]);
    assert_eq!(run.status.code(), Some(2));
    let json: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(json["files"][0]["status"], "unreadable");
    assert_eq!(json["files"][0]["error"]["kind"], "unknown_unit");
    assert_eq!(json["files"][0]["error"]["place"]["line"]["field"], 4);
    assert_eq!(json["files"][1]["status"], "prepared");
    assert_eq!(names(&out), with_tables(&["mits7.csv"]));
    let unknown = prep(&["convert", &text(fixtures().join("bad/prose.txt")), "-o", &text(&out)]);
    assert_eq!(unknown.status.code(), Some(2), "an unknown file that was named is an error");
}

#[test]
fn an_invalid_measurement_leaves_its_report_alone() {
    let out = scratch("invalid");
    let file = text(fixtures().join("maccor/key_value_comma.081.txt"));
    let run = prep(&["convert", &file, "-o", &text(&out), "--strict"]);
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(names(&out.join("key_value_comma.081.txt")), ["report.json"]);
    let run = prep(&["convert", &file, "-o", &text(&out), "--strict", "--keep-invalid", "--force"]);
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(names(&out.join("key_value_comma.081.txt")), BUNDLE);
    let run = prep(&["convert", &file, "-o", &text(&out), "--strict", "--skip", "minimum_points_per_step", "--force"]);
    assert_eq!(run.status.code(), Some(0));
}

#[test]
fn validate_takes_parquet_bundles_csv_and_cycler_files() {
    let out = scratch("validate");
    let file = text(fixtures().join("arbin/mits7.csv"));
    let single = text(out.join("one.parquet"));
    assert_eq!(prep(&["convert", &file, "-o", &single]).status.code(), Some(0));
    prep(&["convert", &file, "-o", &text(&out)]);
    for input in [single, text(out.join("mits7.csv")), file] {
        let run = prep(&["validate", &input, "--strict", "--json"]);
        let json: Value = serde_json::from_slice(&run.stdout).unwrap();
        assert_eq!((run.status.code(), json["files"][0]["status"].as_str()), (Some(0), Some("valid")), "{input}");
    }
    let csv = text(out.join("table.csv"));
    std::fs::write(&csv, "Time [s],Step count\n5,0\n6,0\n").unwrap();
    let run = prep(&["validate", &csv, "--json"]);
    let json: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(json["files"][0]["issues"][0]["code"], "time_does_not_start_at_zero");
    assert_eq!(json["files"][0]["issues"][0]["payload"]["observed"], 5.0);
    let run = prep(&["validate", &csv, "--strict", "--skip", "nonsense"]);
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn two_inputs_with_one_output_are_wrong_usage() {
    let (a, b) = (scratch("twice-a"), scratch("twice-b"));
    for folder in [&a, &b] {
        std::fs::copy(fixtures().join("neware/flat.csv"), folder.join("cell.csv")).unwrap();
    }
    let out = scratch("twice-out");
    let run = prep(&["convert", &text(a.join("cell.csv")), &text(b.join("cell.csv")), "-o", &text(&out)]);
    assert_eq!(run.status.code(), Some(2));
    assert!(names(&out).is_empty());
}

#[test]
fn a_folder_of_bundles_is_validated_bundle_by_bundle() {
    let out = scratch("bundles");
    let files: Vec<String> = ["neware/flat.csv", "arbin/mits7.csv"].iter().map(|f| text(fixtures().join(f))).collect();
    prep(&["convert", &files[0], &files[1], "-o", &text(&out)]);
    let run = prep(&["validate", &text(&out), "--strict", "--json"]);
    let json: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!((run.status.code(), json["summary"]["prepared"].as_u64()), (Some(0), Some(2)), "{json:#}");
}

#[test]
fn explain_and_formats_know_everything() {
    let list = String::from_utf8(prep(&["explain"]).stdout).unwrap();
    for code in cyclerprep::IssueCode::ALL {
        assert!(list.contains(code.as_str()));
        let text = String::from_utf8(prep(&["explain", code.as_str()]).stdout).unwrap();
        assert!(text.contains("What to do"), "{code}");
    }
    for note in cyclerprep::NoteCode::ALL {
        assert_eq!(prep(&["explain", note.as_str()]).status.code(), Some(0));
    }
    assert_eq!(prep(&["explain", "nonsense"]).status.code(), Some(2));
    let formats: Value = serde_json::from_slice(&prep(&["formats", "--json"]).stdout).unwrap();
    assert_eq!(formats.as_array().unwrap().len(), cyclerprep::readers::READERS.len());
}

#[test]
fn options_reach_the_reader() {
    let out = scratch("options");
    let file = text(fixtures().join("biologic/eclab.mpt"));
    let run = prep(&[
        "convert",
        &file,
        "-o",
        &text(&out),
        "--timezone",
        "Europe/Berlin",
        "--constant",
        "Chamber=3",
        "--map",
        "control/V/mA=Set value",
    ]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let measurement: Value =
        serde_json::from_slice(&std::fs::read(out.join("eclab.mpt/measurement.json")).unwrap()).unwrap();
    assert_eq!(measurement["start_time"], "2024-03-01T08:02:00.250+01:00");
    let source = cyclerprep::Source::open(out.join("eclab.mpt/time_series.parquet"), &Default::default()).unwrap();
    let frame = cyclerprep::load::load_frame(&source).unwrap().unwrap();
    assert!(frame.column("Chamber").is_ok() && frame.column("Set value").is_ok());
    let run = prep(&["convert", &file, "-o", &text(&out), "--force", "--timezone", "Nowhere/Land"]);
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let run =
        Command::new("sh").arg("-c").arg(format!("{} explain | head -1", env!("CARGO_BIN_EXE_prep"))).output().unwrap();
    assert!(run.status.success() && run.stderr.is_empty());
}

#[test]
fn inspect_says_what_a_file_is_and_reads_the_ends_of_a_long_one() {
    let json = |file: &str| -> Value {
        let out = prep(&["inspect", file, "--json"]);
        assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice(&out.stdout).unwrap()
    };
    let found = json(&text(fixtures().join("maccor/signed_minutes.062")));
    let test = &found["files"][0]["tests"][0];
    assert_eq!((test["rows"].as_u64(), test["rows_are_estimated"].as_bool()), (Some(112), Some(false)));
    let column =
        |header: &str| test["columns"].as_array().unwrap().iter().find(|c| c["header"] == header).unwrap().clone();
    assert_eq!(column("Test (Min)")["target"], "Time [s]");
    assert_eq!(column("Test (Min)")["conversion"], " × 60");
    assert_eq!(column("mAmps")["conversion"], " ÷ 1000");
    // Minutes that no header names are minutes here too.
    let found = json(&text(fixtures().join("maccor/key_value_comma.081.txt")));
    let last = found["files"][0]["tests"][0]["last_time"].as_f64().unwrap();
    assert!((last - 10_204.5).abs() < 1.0, "{last}");
    assert_eq!(
        prep(&["inspect", &text(fixtures().join("neware/flat.csv")), "--reader", "arbin_csv"]).status.code(),
        Some(2)
    );

    // 12 MB: the head and the tail tell the times, the length the number of rows.
    let out = scratch("inspect");
    let mut long = String::from("Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)\n");
    for row in 0..400_000 {
        long.push_str(&format!("{:>10},1,1,1.00000,3.70000\n", row * 10));
    }
    let path = text(out.join("long.csv"));
    std::fs::write(&path, long).unwrap();
    let found = json(&path);
    let test = &found["files"][0]["tests"][0];
    assert_eq!(test["rows_are_estimated"], true);
    assert!((test["rows"].as_f64().unwrap() / 400_000.0 - 1.0).abs() < 0.01, "{}", test["rows"]);
    assert_eq!((test["first_time"].as_f64(), test["last_time"].as_f64()), (Some(0.0), Some(3_999_990.0)));
    assert_eq!(prep(&["inspect", &text(fixtures().join("bad/prose.txt"))]).status.code(), Some(2));
}

#[test]
fn options_come_from_a_file_and_the_command_line_wins() {
    let out = scratch("config");
    let config = out.join("prep.toml");
    std::fs::write(&config, "timezone = \"Europe/Berlin\"\nkeep_invalid = true\nallow = [\"implausible_values\"]\n")
        .unwrap();
    let start = |more: &[&str]| -> String {
        let file = text(fixtures().join("neware/flat.csv"));
        let (target, config) = (text(out.join("out")), text(&config));
        let mut arguments = vec!["convert", &file, "-o", &target, "--force", "--config", &config];
        arguments.extend(more);
        let done = prep(&arguments);
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
        let bytes = std::fs::read(out.join("out/flat.csv/measurement.json")).unwrap();
        let json: Value = serde_json::from_slice(&bytes).unwrap();
        json["start_time"].as_str().unwrap().to_owned()
    };
    assert!(start(&[]).ends_with("+01:00"));
    assert!(start(&["--timezone", "Asia/Tokyo"]).ends_with("+09:00"));
    std::fs::write(&config, "no_such_option = 1\n").unwrap();
    let file = text(fixtures().join("neware/flat.csv"));
    assert_eq!(prep(&["inspect", &file, "--config", &text(&config)]).status.code(), Some(2));
}

#[test]
fn gates_close_until_they_are_passed_by_name() {
    let out = scratch("gates");
    let file = text(fixtures().join("bad/implausible.csv"));
    let target = text(out.join("out"));
    let closed = prep(&["convert", &file, "-o", &target, "--json"]);
    assert_eq!(closed.status.code(), Some(2));
    let json: Value = serde_json::from_slice(&closed.stdout).unwrap();
    assert_eq!(json["files"][0]["error"]["kind"], "implausible");
    assert_eq!(prep(&["convert", &file, "-o", &target, "--allow", "implausible_values"]).status.code(), Some(0));
    assert_eq!(prep(&["convert", &file, "-o", &target, "--allow", "sign_changed"]).status.code(), Some(2));
}

#[test]
fn parts_get_folders_of_their_own_and_sheets_can_be_picked() {
    let out = scratch("parts");
    let file = text(fixtures().join("odd/two_channels.xlsx"));
    let target = text(out.join("out"));
    assert_eq!(prep(&["convert", &file, "-o", &target, "--sheet", "/018$/"]).status.code(), Some(0));
    assert_eq!(names(&out.join("out/two_channels.xlsx")), BUNDLE);
    assert_eq!(prep(&["convert", &file, "-o", &target, "--force"]).status.code(), Some(0));
    assert_eq!(names(&out.join("out/two_channels.xlsx")), ["Channel_1-017", "Channel_1-018"]);
    assert_eq!(prep(&["convert", &file, "-o", &target, "--force", "--sheet", "none"]).status.code(), Some(2));
}

/// The rows of the index.
fn index(out: &Path) -> Value {
    let json: Value = serde_json::from_slice(&std::fs::read(out.join("index.json")).unwrap()).unwrap();
    json["measurements"].clone()
}

#[test]
fn the_index_is_kept_up_to_date_and_made_anew_from_the_bundles() {
    let out = scratch("index");
    let file = |name: &str| text(fixtures().join(name));
    prep(&["convert", &file("arbin/mits7.csv"), &file("bad/unknown_unit.csv"), "-o", &text(&out), "-q"]);
    let first = index(&out);
    let rows = first.as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let row = rows.iter().find(|row| row["status"] == "prepared").unwrap();
    assert_eq!(
        (row["output"].as_str(), row["rows"].as_u64(), row["cycles"].as_u64()),
        (Some("mits7.csv"), Some(112), Some(2))
    );
    assert!((row["first_discharge_capacity"].as_f64().unwrap() - 1.19).abs() < 1e-3);
    assert!((row["duration_seconds"].as_f64().unwrap() - 10204.5).abs() < 0.1);
    let bad = rows.iter().find(|row| row["status"] == "unreadable").unwrap();
    assert!(bad["error"].as_str().unwrap().starts_with("unknown_unit: "));
    // Another run into the same folder adds its rows; skipped bundles keep theirs.
    prep(&["convert", &file("arbin/mits7.csv"), &file("neware/v29.nda"), "-o", &text(&out), "-q"]);
    let second = index(&out);
    assert_eq!(second.as_array().unwrap().len(), 3);
    assert!(second.as_array().unwrap().contains(row));
    // An index that was lost, or never written because the run was killed, comes back from the reports.
    std::fs::remove_file(out.join("index.json")).unwrap();
    prep(&[
        "convert",
        &file("arbin/mits7.csv"),
        &file("neware/v29.nda"),
        &file("bad/unknown_unit.csv"),
        "-o",
        &text(&out),
        "-q",
    ]);
    assert_eq!(index(&out), second);
    let page = std::fs::read_to_string(out.join("index.html")).unwrap();
    assert!(page.contains("mits7.csv") && page.contains("unknown_unit") && !page.contains("://"));
    let table = cyclerprep::load::load_frame_file(out.join("index.parquet"), &Default::default()).unwrap();
    assert_eq!(table.height(), 3);
}

#[test]
fn what_a_killed_run_left_is_removed() {
    let out = scratch("killed");
    // No process has this number.
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host: String = host.trim().chars().filter(|c| c.is_ascii_alphanumeric()).take(32).collect();
    let left = out.join(format!(".mits7.csv.{host}-4294967294-0.partial"));
    std::fs::create_dir(&left).unwrap();
    prep(&["convert", &text(fixtures().join("arbin/mits7.csv")), "-o", &text(&out), "-q"]);
    assert!(!left.exists() || !cfg!(target_os = "linux"));
    assert_eq!(names(&out.join("mits7.csv")), BUNDLE);
}

#[test]
fn patterns_lists_and_json_lines() {
    use std::io::Write;
    let out = scratch("lists");
    let pattern = text(fixtures().join("biologic/cycling*.mpr"));
    let run = prep(&["convert", &pattern, "-o", &text(&out), "--json"]);
    let json: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(json["summary"]["prepared"], 3);
    let none = prep(&["convert", &text(fixtures().join("nothing*.mpr")), "-o", &text(&out)]);
    assert_eq!(none.status.code(), Some(2));
    let mut child = Command::new(env!("CARGO_BIN_EXE_prep"))
        .args(["convert", "-", "-o", &text(&out), "--json-lines"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let list =
        format!("{}\n\n{}\n", text(fixtures().join("arbin/cycling.res")), text(fixtures().join("neware/v8.nda")));
    child.stdin.take().unwrap().write_all(list.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    let lines: Vec<Value> =
        String::from_utf8(done.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!((lines[0]["reader"].as_str(), lines[1]["reader"].as_str()), (Some("arbin_res"), Some("neware_nda")));
    assert_eq!(lines[2]["prepared"], 2);
}

#[test]
fn completions_and_the_manual_know_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let script = String::from_utf8(prep(&["completions", shell]).stdout).unwrap();
        assert!(script.contains("convert") && script.contains("cycle-mode"), "{shell}");
        // Names that an option takes are completed.
        for name in ["biologic_mpr", "minimum_points_per_step", "implausible_values", "Europe/Berlin"] {
            assert!(script.contains(name), "{shell} completes {name}");
        }
        // The generator for fish leaves out what stands without an option.
        assert!(shell == "fish" || script.contains("step_too_few_points"), "{shell} completes codes");
    }
    let page = String::from_utf8(prep(&["man"]).stdout).unwrap();
    assert!(page.contains(".TH") && page.contains("prep convert") && page.contains("keep"));
}

#[test]
fn an_output_that_cannot_be_written_is_a_clear_error() {
    let out = scratch("unwritable");
    let file = out.join("file");
    std::fs::write(&file, b"x").unwrap();
    let run = prep(&["convert", &text(fixtures().join("arbin/mits7.csv")), "-o", &text(file.join("below"))]);
    assert_eq!(run.status.code(), Some(2));
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(said.contains("cannot write to the output folder"), "{said}");
}

#[test]
fn pictures_and_the_battery_data_format_are_added_to_bundles() {
    let out = scratch("extras");
    let file = text(fixtures().join("neware/flat.csv"));
    let got = prep(&["convert", &file, "-o", &text(&out), "--plot=png", "--bdf"]);
    assert_eq!(got.status.code(), Some(0), "{}", String::from_utf8_lossy(&got.stderr));
    let mut wanted = [&BUNDLE[..], &["flat.csv.bdf.parquet", "overview.png"]].concat();
    wanted.sort_unstable();
    assert_eq!(names(&out.join("flat.csv")), wanted);
    let page = std::fs::read_to_string(out.join("index.html")).unwrap();
    assert!(page.contains(r#""output":"flat.csv","picture":"overview.png""#), "the page leads to the picture");

    let alone = prep(&["convert", &file, "-o", &text(out.join("x.parquet")), "--plot"]);
    assert_eq!(alone.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&alone.stderr).contains("name a folder instead"));
}

#[test]
fn plot_draws_cycler_files_bundles_and_tables() {
    let out = scratch("plot");
    let file = text(fixtures().join("neware/flat.csv"));
    prep(&["convert", &file, "-o", &text(&out)]);
    let bundle = out.join("flat.csv");
    for (input, name) in
        [(PathBuf::from(&file), "a.svg"), (bundle.clone(), "b.svg"), (bundle.join("time_series.parquet"), "c.svg")]
    {
        let got = prep(&["plot", &text(input), "-o", &text(out.join(name))]);
        assert_eq!(got.status.code(), Some(0), "{}", String::from_utf8_lossy(&got.stderr));
        let svg = std::fs::read_to_string(out.join(name)).unwrap();
        for word in ["flat.csv", "112 rows, 10 steps, 2 cycles", "Voltage [V]", "Efficiency [%], discharge ÷ charge"] {
            assert!(svg.contains(word), "{name} says {word}");
        }
    }
    let wrong = prep(&["plot", &file, "-o", &text(out.join("a.gif"))]);
    assert_eq!(wrong.status.code(), Some(2));
    let several = text(fixtures().join("odd/two_channels.xlsx"));
    prep(&["plot", &several, "-o", &text(out.join("cell.png"))]);
    assert!(names(&out).iter().filter(|name| name.starts_with("cell-") && name.ends_with(".png")).count() > 1);
}

#[test]
fn pages_are_written_of_files_bundles_and_tables() {
    let out = scratch("view");
    let file = text(fixtures().join("neware/flat.csv"));
    let got = prep(&["convert", &file, "-o", &text(&out), "--pages"]);
    assert_eq!(got.status.code(), Some(0), "{}", String::from_utf8_lossy(&got.stderr));
    let bundle = out.join("flat.csv");
    let mut wanted = [&BUNDLE[..], &["overview.html"]].concat();
    wanted.sort_unstable();
    assert_eq!(names(&bundle), wanted);
    let index = std::fs::read_to_string(out.join("index.html")).unwrap();
    assert!(index.contains(r#""output":"flat.csv","page":"overview.html""#), "a click opens the page");
    for (input, name) in
        [(PathBuf::from(&file), "a.html"), (bundle.clone(), "b.html"), (bundle.join("time_series.parquet"), "c.html")]
    {
        let got = prep(&["view", &text(input), "-o", &text(out.join(name))]);
        assert_eq!(got.status.code(), Some(0), "{}", String::from_utf8_lossy(&got.stderr));
    }
    let read = |path: PathBuf| std::fs::read_to_string(path).unwrap();
    let page = read(out.join("a.html"));
    assert!(page.starts_with("<!doctype html>") && page.contains("\"rows\":112") && page.contains("flat.csv"));
    assert!(
        read(out.join("b.html")) == page && read(bundle.join("overview.html")) == page,
        "one page, however it is asked for"
    );
    let wrong = prep(&["view", &file, "-o", &text(out.join("a.htm"))]);
    assert_eq!(wrong.status.code(), Some(2));
    let several = text(fixtures().join("odd/two_channels.xlsx"));
    prep(&["view", &several, "-o", &text(out.join("cell.html"))]);
    assert!(names(&out).iter().filter(|name| name.starts_with("cell-") && name.ends_with(".html")).count() > 1);
}

#[test]
fn few_files_are_told_in_full_and_many_in_a_line_each() {
    let out = scratch("full");
    let file = text(fixtures().join("bad/unknown_unit.csv"));
    let full = prep(&["convert", &file, "-o", &text(&out)]);
    let told = String::from_utf8_lossy(&full.stderr).replace(&file, "FILE");
    let told: Vec<&str> = told.lines().filter(|line| !line.ends_with(" s")).map(str::trim_end).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    unreadable FILE
    unknown_unit

      × expected a unit of Current in the header "Current(furlong)", found "furlong"; `--unit
      │ 'Current(furlong)=mA'` says that it is in mA, at line 1, field 4
       ╭─[1:37]
     1 │ Test_Time(s),Step_Index,Cycle_Index,Current(furlong),Voltage(V)
       ·                                     ────────────────
     2 │ 0,1,1,1,4.0
       ╰────
      help: Correct the unit in the header, or say it with `--unit 'HEADER=UNIT'`.
    "#);
    let many = prep(&["convert", &text(fixtures().join("bad")), "-o", &text(&out)]);
    let told = String::from_utf8_lossy(&many.stderr);
    assert!(told.contains("\n  unknown_unit: expected a unit of Current") && !told.contains("help:"));
    assert!(prep(&["explain", "unknown_unit"]).status.success());
}

#[test]
fn an_anonymous_report_is_made_of_files_that_fail() {
    let got = prep(&["inspect", "--anonymous", &text(fixtures().join("bad/prose.txt"))]);
    assert_eq!(got.status.code(), Some(0));
    let report: Value = serde_json::from_slice(&got.stdout).unwrap();
    assert_eq!(report[0]["outcome"]["refused"]["kind"], "unknown_format");
    assert_eq!(report[0]["head"][0], "Aaaa aaaaaaaaa,");
}

#[test]
fn folders_may_each_have_a_file_that_nobody_knows() {
    let out = scratch("readmes");
    let folder = |name: &str| {
        let folder = out.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("README.md"), "nothing of a cycler\n").unwrap();
        std::fs::copy(fixtures().join("neware/flat.csv"), folder.join(format!("{name}.csv"))).unwrap();
        text(folder)
    };
    let got = prep(&["convert", &folder("a"), &folder("b"), "-o", &text(out.join("out"))]);
    assert_eq!(got.status.code(), Some(0), "{}", String::from_utf8_lossy(&got.stderr));
    assert_eq!(names(&out.join("out")), with_tables(&["a.csv", "b.csv"]));
}

/// A limit on the size of files stands in for a full disk: the write fails in the middle.
#[cfg(unix)]
#[test]
fn a_write_that_fails_leaves_nothing_half_written() {
    let out = scratch("full-disk");
    let file = text(fixtures().join("neware/flat.csv"));
    let run = |file: &str| {
        let command = "trap '' XFSZ; ulimit -f 8; exec \"$0\" convert \"$1\" -o \"$2\"";
        Command::new("sh").args(["-c", command, env!("CARGO_BIN_EXE_prep"), file, &text(&out)]).output().unwrap()
    };
    let got = run(&file);
    let told = String::from_utf8_lossy(&got.stderr);
    assert_eq!(got.status.code(), Some(2), "{told}");
    assert!(told.contains("flat.csv/time_series.parquet: cannot write"), "{told}");
    assert!(!out.join("flat.csv").exists());
    assert!(names(&out).iter().all(|name| !name.contains("partial")), "{:?}", names(&out));
}

/// Ctrl-C finishes what has begun; the same command then does the rest.
#[cfg(unix)]
#[test]
fn an_interrupted_batch_leaves_whole_bundles_and_goes_on() {
    const FILES: usize = 400;
    let root = scratch("interrupt");
    let (data, out) = (root.join("data"), root.join("out"));
    std::fs::create_dir_all(&data).unwrap();
    for k in 0..FILES {
        std::fs::copy(fixtures().join("neware/flat.csv"), data.join(format!("cell{k}.csv"))).unwrap();
    }
    let arguments = ["convert", &text(&data), "-o", &text(&out), "-q"];
    let child = Command::new(env!("CARGO_BIN_EXE_prep")).args(arguments).stderr(Stdio::piped()).spawn().unwrap();
    while std::fs::read_dir(&out).map_or(0, |entries| entries.count()) < 3 {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let stopped = child.wait_with_output().unwrap();
    let bundles = || names(&out).into_iter().filter(|name| name.starts_with("cell")).collect::<Vec<_>>();
    assert!(bundles().iter().all(|name| names(&out.join(name)) == BUNDLE));
    assert!(names(&out).iter().all(|name| !name.contains("partial")));
    // It is quick; only where it was too quick to be interrupted may all files be there.
    if bundles().len() < FILES {
        assert_eq!(stopped.status.code(), Some(130));
        assert!(String::from_utf8_lossy(&stopped.stderr).contains("the same command goes on from here"));
    }
    assert_eq!(prep(&arguments).status.code(), Some(0));
    assert_eq!((bundles().len(), index(&out).as_array().map(Vec::len)), (FILES, Some(FILES)));
}

/// Ctrl-C twice ends at once, in the middle of a file, and leaves nothing half written.
#[cfg(unix)]
#[test]
fn a_batch_that_is_interrupted_twice_ends_at_once() {
    let root = scratch("interrupt-twice");
    let (file, out) = (root.join("long.csv"), root.join("out"));
    let mut long = String::from("Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)\n");
    for row in 0..600_000 {
        long.push_str(&format!("{},1,1,1.00000,{:.5}\n", row * 10, 3.0 + f64::from(row) * 1e-6));
    }
    std::fs::write(&file, long).unwrap();
    let arguments = ["convert", &text(&file), "-o", &text(&out), "-q"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_prep")).args(arguments).spawn().unwrap();
    // It listens before it makes the output folder.
    while !out.exists() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let interrupt = || Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    interrupt();
    // Two signals that are pending at once count as one.
    std::thread::sleep(std::time::Duration::from_millis(30));
    interrupt();
    let code = child.wait().unwrap().code();
    // It is quick; only where it was too quick to be interrupted twice may the file be done.
    if code == Some(130) {
        // The lists of a run that did nothing may be there already.
        assert!(names(&out).iter().all(|name| BESIDE.contains(&name.as_str())), "{:?}", names(&out));
    } else {
        assert_eq!((code, names(&out.join("long.csv"))), (Some(0), BUNDLE.map(str::to_owned).to_vec()));
    }
}

#[test]
fn a_spectrum_goes_to_the_step_that_measured_it() {
    let out = scratch("spectrum");
    let (main, side) = (fixtures().join("maccor/impedance.041"), fixtures().join("maccor/spectrum.EDA0001.041"));
    let got = prep(&["convert", &text(&main), "--with-fra", &text(&side), "-o", &text(&out), "--json"]);
    let json: Value = serde_json::from_slice(&got.stdout).unwrap();
    // Nine rows of rest, the first row of the sweep, 25 points.
    assert_eq!((json["files"][0]["rows"].as_u64(), json["files"][0]["steps"].as_u64()), (Some(35), Some(4)), "{json}");
    let codes: Vec<&str> =
        json["files"][0]["notes"].as_array().unwrap().iter().filter_map(|note| note["code"].as_str()).collect();
    assert!(codes.contains(&"files_joined") && codes.contains(&"rows_dropped"), "{codes:?}");
    let other = text(fixtures().join("maccor/flat_line.034"));
    let none = prep(&["convert", &other, "--with-fra", &text(&side), "-o", &text(&out)]);
    assert_eq!(none.status.code(), Some(2), "a test without a sweep takes no spectrum");
}
