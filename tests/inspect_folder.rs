//! `prep inspect FOLDER`: a line a file, what there is of each kind, what belongs together, what is there twice.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{fixtures, machine};

fn inspect(arguments: &[&str]) -> Output {
    let arguments = [&["inspect"], arguments].concat();
    let output = Command::new(env!("CARGO_BIN_EXE_prep")).args(&arguments).output().unwrap();
    machine::hold_to_schemas(&arguments, &output);
    output
}

/// Two pieces of one test, two techniques that overlap, a copy of a file, parts of a test, and what is none.
fn folder(name: &str) -> PathBuf {
    let data = std::env::temp_dir().join(format!("prep-inspect-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&data);
    std::fs::create_dir_all(data.join("below")).unwrap();
    for (from, to) in [
        ("biologic/open_circuit.mpr", "x_01_OCV_C01.mpr"),
        ("biologic/cycling.mpr", "x_02_CP_C01.mpr"),
        ("pieces/split_1.csv", "split_1.csv"),
        ("pieces/split_2.csv", "split_2.csv"),
        ("neware/flat.csv", "cell.csv"),
        ("neware/flat.csv", "below/copy of cell.csv"),
        ("maccor/flat_line.034", "cell.034"),
        ("odd/two_channels.xlsx", "book.xlsx"),
        ("bad/unknown_unit.csv", "broken.csv"),
        ("bad/prose.txt", "notes.txt"),
    ] {
        std::fs::copy(fixtures().join(from), data.join(to)).unwrap();
    }
    data
}

#[test]
fn a_folder_is_told_in_a_line_a_test() {
    let data = folder("lines");
    let run = inspect(&[data.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(2), "one cannot be read");
    let text = String::from_utf8(run.stdout).unwrap().replace(&format!("{}/", data.display()), "");
    insta::assert_snapshot!(text);
    let full = inspect(&[data.to_str().unwrap(), "-v"]);
    let full = String::from_utf8(full.stdout).unwrap();
    assert!(full.contains("  dialect: ") && full.contains("seems to be one test"), "{full}");
    std::fs::remove_dir_all(data).unwrap();
}

#[test]
fn programs_get_the_same_as_a_document_and_line_by_line() {
    let data = folder("json");
    let run = inspect(&[data.to_str().unwrap(), "--json", "--jobs", "1"]);
    let json: Value = serde_json::from_slice(&run.stdout).unwrap();
    let files = json["files"].as_array().unwrap();
    let status = |name: &str| {
        files.iter().find(|file| file["source"].as_str().unwrap().ends_with(name)).unwrap()["status"].clone()
    };
    assert_eq!((files.len(), status("cell.034"), status("broken.csv")), (10, "readable".into(), "unreadable".into()));
    assert_eq!(status("notes.txt"), "unknown");
    let lines = inspect(&[data.to_str().unwrap(), "--json-lines"]);
    let lines: Vec<Value> =
        String::from_utf8(lines.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 11);
    for (line, file) in lines.iter().zip(files.iter().chain([&json["summary"]])) {
        let mut line = line.clone();
        line.as_object_mut().unwrap().remove("schema");
        assert_eq!(&line, file);
    }
    std::fs::remove_dir_all(data).unwrap();
}

#[test]
fn few_files_are_told_in_full() {
    let file = fixtures().join("neware/flat.csv");
    let run = inspect(&[file.to_str().unwrap()]);
    let text = String::from_utf8(run.stdout).unwrap();
    assert!(text.contains("  dialect: ") && !text.contains("readable"), "{text}");
}
