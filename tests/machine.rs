//! What programs rely on: documents as their schemas say, reports that are the same from run to run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::support::json_schema::{assert_valid, faults, names};
use crate::support::{fixtures, machine};

fn prep(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_prep")).args(arguments).output().unwrap();
    machine::hold_to_schemas(arguments, &output);
    output
}

fn scratch(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("prep-machine-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    path
}

/// All files below a folder with their bytes.
fn bytes(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

#[test]
fn all_that_is_written_is_the_same_from_run_to_run() {
    let (one, two) = (scratch("one"), scratch("two"));
    let input = fixtures().join("odd");
    for out in [&one, &two] {
        prep(&["convert", input.to_str().unwrap(), "-o", out.to_str().unwrap(), "-q", "--strict", "--keep-invalid"]);
    }
    let (first, second) = (bytes(&one), bytes(&two));
    assert!(first.len() > 50, "{}", first.len());
    assert!(first.keys().eq(second.keys()));
    let differ: Vec<_> = first.iter().filter(|(name, bytes)| second[*name] != **bytes).map(|(name, _)| name).collect();
    assert!(differ.is_empty(), "{differ:?}");
    let report = &first.iter().find(|(name, _)| name.ends_with("report.json")).unwrap().1[..];
    assert!(serde_json::from_slice::<Value>(report).unwrap().get("timings").is_none());

    let file = fixtures().join("neware/flat.csv");
    prep(&["convert", file.to_str().unwrap(), "-o", two.to_str().unwrap(), "--timings", "-q"]);
    let report: Value = serde_json::from_slice(&std::fs::read(two.join("flat.csv/report.json")).unwrap()).unwrap();
    assert!(report["timings"]["read_seconds"].as_f64().unwrap() >= 0.0);
    std::fs::remove_dir_all(one).unwrap();
    std::fs::remove_dir_all(two).unwrap();
}

#[test]
fn every_fixture_has_a_report_and_lines_as_the_schemas_say() {
    let out = scratch("fixtures");
    let all = prep(&[
        "convert",
        fixtures().to_str().unwrap(),
        "-o",
        out.to_str().unwrap(),
        "--json-lines",
        "--strict",
        "--rated-capacity",
        "0.1",
        "--voltage-window",
        "2.5,4.2",
    ]);
    assert!(String::from_utf8(all.stdout).unwrap().lines().count() > 100);
    let looked = prep(&["inspect", fixtures().to_str().unwrap(), "--json-lines"]);
    let lines = String::from_utf8(looked.stdout).unwrap();
    assert!(lines.lines().count() > 100);
    let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!(last["schema"], "prep-inspect-summary/1");
    prep(&["inspect", fixtures().join("bad").to_str().unwrap(), "--json"]);
    prep(&["validate", out.to_str().unwrap(), "--json-lines"]);
    prep(&["formats", "--json"]);
    std::fs::remove_dir_all(out).unwrap();
}

#[test]
fn the_index_has_the_columns_that_its_schema_names() {
    let schema: Value = serde_json::from_slice(&std::fs::read(schema("index.json")).unwrap()).unwrap();
    let row = &schema["properties"]["measurements"]["items"];
    let columns = cyclerprep::batch::INDEX_COLUMNS;
    let named: Vec<&str> = row["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(named, columns.iter().map(|column| column.name).collect::<Vec<_>>());
    for column in columns {
        assert_eq!(row["properties"][column.name]["description"], column.meaning, "{}", column.name);
    }
}

fn schema(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas").join(name)
}

#[test]
fn the_page_of_the_command_line_names_every_schema() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md")).unwrap();
    for name in names() {
        assert!(page.contains(&format!("schemas/{name}")), "docs/cli.md: no {name}");
    }
}

/// The checker finds what it is there to find.
#[test]
fn documents_that_are_wrong_are_told() {
    let good = json!({
        "source": "a", "status": "prepared", "reader": null, "rows": 1, "steps": 1, "cycles": 1, "output": "b",
        "issues": [], "notes": [{"code": "x", "message": "y", "place": {"line": {"line": 3}}}], "error": null
    });
    assert_valid(&good, "file.json");
    let told = |change: &dyn Fn(&mut Value)| {
        let mut wrong = good.clone();
        change(&mut wrong);
        faults(&wrong, "file.json").join("; ")
    };
    assert!(told(&|v| v["rows"] = json!(-1)).contains("below 0"));
    assert!(told(&|v| v["rows"] = json!("1")).contains("expected \"integer\""));
    assert!(told(&|v| v["status"] = json!("done")).contains("expected one of"));
    assert!(told(&|v| v["more"] = json!(1)).contains("$.more: the schema does not tell of it"));
    assert!(told(&|v| _ = v.as_object_mut().unwrap().remove("reader")).contains("no \"reader\""));
    assert!(told(&|v| v["notes"][0]["place"] = json!({"page": 1})).contains("none of the choices"));
    assert!(told(&|v| v["notes"][0]["code"] = json!(1)).contains("$.notes[0].code"));
}
