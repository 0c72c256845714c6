//! A plan: which bundle goes to which cell, a csv line each.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::target::Target;
use crate::error::{Error, ErrorKind, Result};
use crate::names;

/// The columns of a plan in the order of a template.
const COLUMNS: [&str; 8] =
    ["bundle", "specification", "lot", "cell", "name", "notes", "protocol", "ambient temperature"];

/// A bundle, where it goes, and the facts that stand before its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub bundle: PathBuf,
    pub target: Target,
    pub facts: Map<String, Value>,
}

/// Reads a plan. Whatever is wrong with it is told before anything is sent.
pub fn read(path: &Path) -> Result<Vec<Entry>> {
    let named = |error: Error| error.in_file(path.display().to_string());
    let text = std::fs::read_to_string(path).map_err(|error| named(Error::io("cannot read", error)))?;
    parse(&text).map_err(named)
}

fn parse(text: &str) -> Result<Vec<Entry>> {
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or_default();
    // Spreadsheets of some countries separate by semicolons.
    let separator = if head.contains(';') && !head.contains(',') { ';' } else { ',' };
    let mut rows = rows(text, separator).into_iter();
    let wrong = |line: usize, message: String| Error::new(ErrorKind::Options, format!("line {line}: {message}"));
    let (_, head) = rows.next().ok_or_else(|| wrong(1, "expected the names of columns".to_owned()))?;
    let plain = |name: &str| name.trim().to_lowercase().replace('_', " ");
    let mut columns = Vec::new();
    for name in &head {
        let column = COLUMNS.into_iter().find(|column| *column == plain(name));
        let column = column.ok_or_else(|| wrong(1, names::unknown("a column of a plan", name, COLUMNS, true)))?;
        if columns.contains(&column) {
            return Err(wrong(1, format!("expected each column once, found {column:?} twice")));
        }
        columns.push(column);
    }
    for column in ["bundle", "cell"] {
        if !columns.contains(&column) {
            return Err(wrong(1, format!("expected a column {column:?}")));
        }
    }
    let mut entries = Vec::new();
    for (line, cells) in rows {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if cells.len() > columns.len() {
            return Err(wrong(line, format!("expected {} cells, found {}", columns.len(), cells.len())));
        }
        let cell = |column: &str| {
            let at = columns.iter().position(|name| *name == column)?;
            cells.get(at).map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty())
        };
        let need = |column: &str| cell(column).ok_or_else(|| wrong(line, format!("expected a {column}, found none")));
        let bundle = PathBuf::from(need("bundle")?);
        if !bundle.join("time_series.parquet").is_file() {
            return Err(wrong(line, format!("expected a bundle, found none at {:?}", bundle.display().to_string())));
        }
        let mut facts = Map::new();
        for name in ["name", "notes"] {
            facts.extend(cell(name).map(|text| (name.to_owned(), text.into())));
        }
        let mut protocol = Map::new();
        protocol.extend(cell("protocol").map(|text| ("name".to_owned(), text.into())));
        if let Some(text) = cell("ambient temperature") {
            let degrees = text.replace(',', ".").parse::<f64>().ok().filter(|degrees| degrees.is_finite());
            let degrees =
                degrees.ok_or_else(|| wrong(line, format!("expected a temperature in °C, found {text:?}")))?;
            protocol.insert("ambient_temperature_degc".to_owned(), json!(degrees));
        }
        if !protocol.is_empty() {
            facts.insert("protocol".to_owned(), protocol.into());
        }
        let target = Target::named(Some(need("specification")?), Some(need("cell")?), cell("lot"));
        entries.push(Entry { bundle, target, facts });
    }
    if entries.is_empty() {
        return Err(wrong(2, "expected a line for each bundle, found none".to_owned()));
    }
    Ok(entries)
}

/// Lines of cells, each with its number; a cell in quotes may hold separators, quotes twice, and line ends.
fn rows(text: &str, separator: char) -> Vec<(usize, Vec<String>)> {
    let (mut rows, mut cells, mut cell, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let (mut line, mut start) = (1, 1);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        line += usize::from(c == '\n');
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' if is_quoted || cell.trim().is_empty() => {
                is_quoted = !is_quoted;
                if is_quoted {
                    cell.clear();
                }
            }
            c if c == separator && !is_quoted => cells.push(std::mem::take(&mut cell)),
            '\n' if !is_quoted => {
                cells.push(std::mem::take(&mut cell));
                rows.push((start, std::mem::take(&mut cells)));
                start = line;
            }
            '\r' if !is_quoted => {}
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        rows.push((start, cells));
    }
    rows
}

/// A plan for the bundles that the index of a folder names, without specifications and cells.
pub fn template(folder: &Path) -> Result<String> {
    let path = folder.join("index.json");
    let named = |error: Error| error.in_file(path.display().to_string());
    let text = std::fs::read(&path).map_err(|error| named(Error::io("cannot read", error)))?;
    let index: Value = serde_json::from_slice(&text)
        .map_err(|error| named(Error::new(ErrorKind::Malformed, format!("expected the index of a run: {error}"))))?;
    let mut out = COLUMNS.join(",") + "\n";
    for row in index.get("measurements").and_then(Value::as_array).into_iter().flatten() {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        let bundle = folder.join(text("output"));
        if text("output").is_empty() || !bundle.join("time_series.parquet").is_file() {
            continue;
        }
        // The barcode is the cell's, where the cycler knows it.
        let cells = [&bundle.display().to_string(), "", "", text("barcode"), text("name"), "", text("schedule"), ""];
        out += &(cells.map(quoted).join(",") + "\n");
    }
    Ok(out)
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r', ';']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_may_be_quoted() {
        let found = rows("a,b\r\n\"x, \"\"y\"\"\n z\",2\nlast", ',');
        let cells = |row: &[&str]| row.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        assert_eq!(found, [(1, cells(&["a", "b"])), (2, cells(&["x, \"y\"\n z", "2"])), (4, cells(&["last"]))]);
        assert_eq!(quoted("a \"b\""), "\"a \"\"b\"\"\"");
    }

    #[test]
    fn what_is_wrong_with_a_plan_is_told_with_its_line() {
        let told = |text: &str| parse(text).unwrap_err().to_string();
        assert!(
            told("bundle,cel\n")
                .starts_with("line 1: expected a column of a plan, found \"cel\" (did you mean \"cell\"?)")
        );
        assert_eq!(told("bundle,lot\n"), "line 1: expected a column \"cell\"");
        assert_eq!(
            told("bundle;specification;cell\nno/such;s;c\n"),
            "line 2: expected a bundle, found none at \"no/such\""
        );
        assert_eq!(told("bundle,specification,cell\n\n,s,c\n"), "line 3: expected a bundle, found none");
        assert_eq!(told("bundle,cell\n"), "line 2: expected a line for each bundle, found none");
    }
}
