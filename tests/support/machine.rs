//! What `prep` writes for programs, held against the schemas that programs rely on.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use super::json_schema::assert_valid;

/// Panics when a document of this call is not what its schema says: what it printed, and the reports and the index that it left.
pub fn hold_to_schemas(arguments: &[&str], output: &Output) {
    let has = |name: &str| arguments.contains(&name);
    let text = String::from_utf8_lossy(&output.stdout);
    let command = arguments.first().copied().unwrap_or_default();
    if has("--json") && !text.is_empty() {
        let json: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        match command {
            "inspect" => assert_valid(&json, "inspect.json"),
            "formats" => assert_valid(&json, "formats.json"),
            _ => assert_valid(&json, "run.json"),
        }
    }
    if has("--json-lines") {
        text.lines().for_each(line);
    }
    let out = arguments.windows(2).find(|pair| pair[0] == "-o").map(|pair| Path::new(pair[1]));
    if let (Some(out), "convert") = (out, command) {
        folder(out);
    }
}

/// A line under `--json-lines`: it names its schema.
pub fn line(text: &str) {
    let json: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let name = json["schema"].as_str().unwrap_or_else(|| panic!("no schema in {text}"));
    let name = name.strip_prefix("prep-").and_then(|name| name.strip_suffix("/1")).unwrap();
    assert_valid(&json, &format!("{name}.json"));
}

/// All reports and indexes below a folder.
pub fn folder(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let schema = match name.as_str() {
            "report.json" | "report.invalid.json" => "report.json",
            "index.json" => "index.json",
            _ if path.is_dir() => {
                self::folder(&path);
                continue;
            }
            _ => continue,
        };
        let json: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        // Someone else's file may have this name; one of ours names its schema.
        if json.get("schema").is_some() {
            assert_valid(&json, schema);
        }
    }
}
