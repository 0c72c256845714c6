//! A small checker of JSON Schema, for the documents of `docs/schemas`.
//!
//! It knows the words that these use and panics at others, so that nothing is silently left unchecked. It is stricter than the
//! standard in one way: a field that its schema does not describe is a fault, because whoever reads the schema would not know
//! of it. Readers of the documents may not be that strict: fields may be added.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Map, Value};

/// All schemas, by file name.
static SCHEMAS: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap())
        })
        .collect()
});

/// Names of all schemas.
pub fn names() -> Vec<&'static str> {
    SCHEMAS.keys().map(String::as_str).collect()
}

/// What is wrong with a document, in the words of the schema of that file; empty when nothing is.
pub fn faults(document: &Value, file: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let schema = SCHEMAS.get(file).unwrap_or_else(|| panic!("no schema {file}"));
    check(document, schema, file, "$", &mut faults);
    faults
}

/// Panics unless the document is what the schema says.
pub fn assert_valid(document: &Value, file: &str) {
    let faults = faults(document, file);
    assert!(faults.is_empty(), "{file}:\n{}\n{document:#}", faults.join("\n"));
}

fn check(value: &Value, schema: &Value, file: &str, at: &str, faults: &mut Vec<String>) {
    let schema = schema.as_object().unwrap_or_else(|| panic!("{file}: no schema at {at}"));
    let mut fault = |what: String| faults.push(format!("{at}: {what}"));
    for (word, rule) in schema {
        match word.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" | "properties" | "items" | "additionalProperties" => {
            }
            "type" => {
                let names = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                if !names.iter().any(|name| is_a(value, name.as_str().unwrap())) {
                    fault(format!("expected {rule}, found {value}"));
                }
            }
            "const" if value != rule => fault(format!("expected {rule}, found {value}")),
            "enum" if !rule.as_array().unwrap().contains(value) => {
                fault(format!("expected one of {rule}, found {value}"))
            }
            "const" | "enum" => {}
            "minimum" => {
                if value.as_f64().is_some_and(|number| number < rule.as_f64().unwrap()) {
                    fault(format!("{value} is below {rule}"));
                }
            }
            "format" => {
                assert_eq!(rule, "date-time");
                if value.as_str().is_some_and(|text| !text.ends_with('Z') || text.len() < 20) {
                    fault(format!("{value} is no instant in UTC"));
                }
            }
            "required" => {
                let names = rule.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                names
                    .filter(|name| value.is_object() && value.get(name).is_none())
                    .for_each(|name| fault(format!("no {name:?}")));
            }
            "$ref" | "anyOf" => {}
            other => panic!("{file}: the checker does not know {other:?}"),
        }
    }
    if let Some(target) = schema.get("$ref") {
        let (name, pointer) = target.as_str().unwrap().split_once('#').unwrap_or((target.as_str().unwrap(), ""));
        let name = if name.is_empty() { file } else { name };
        let target = SCHEMAS.get(name).and_then(|schema| schema.pointer(pointer));
        check(value, target.unwrap_or_else(|| panic!("{file}: no {name}#{pointer}")), name, at, faults);
    }
    if let Some(choices) = schema.get("anyOf") {
        let fits = |choice: &Value| {
            let mut faults = Vec::new();
            check(value, choice, file, at, &mut faults);
            faults.is_empty()
        };
        if !choices.as_array().unwrap().iter().any(fits) {
            faults.push(format!("{at}: {value} is none of the choices"));
        }
    }
    match value {
        Value::Object(fields) => object(fields, schema, file, at, faults),
        Value::Array(items) => {
            if let Some(rule) = schema.get("items") {
                for (index, item) in items.iter().enumerate() {
                    check(item, rule, file, &format!("{at}[{index}]"), faults);
                }
            }
        }
        _ => {}
    }
}

fn object(fields: &Map<String, Value>, schema: &Map<String, Value>, file: &str, at: &str, faults: &mut Vec<String>) {
    let known = schema.get("properties").and_then(Value::as_object);
    for (name, field) in fields {
        let at = format!("{at}.{name}");
        match (known.and_then(|known| known.get(name)), schema.get("additionalProperties")) {
            (Some(rule), _) => check(field, rule, file, &at, faults),
            (None, Some(Value::Bool(true))) => {}
            (None, Some(rule)) => check(field, rule, file, &at, faults),
            (None, None) if known.is_some() => faults.push(format!("{at}: the schema does not tell of it")),
            (None, None) => {}
        }
    }
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type {other:?}"),
    }
}
