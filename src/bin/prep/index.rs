//! `OUT/index.json`, `index.parquet` and `index.html`: one row a measurement, kept up to date by later runs.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use cyclerprep::{Error, ErrorKind, Result, bundle};
use polars::prelude::{Column, DataFrame, NamedFrom, Series};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::report::{FileReport, Status};

/// One row.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    pub source: String,
    pub part: Option<String>,
    pub status: String,
    pub reader: Option<String>,
    pub rows: u64,
    pub steps: u64,
    pub cycles: u64,
    pub first_discharge_capacity: Option<f64>,
    pub last_discharge_capacity: Option<f64>,
    pub duration_seconds: Option<f64>,
    pub start_time: Option<String>,
    pub issues: Vec<String>,
    pub notes: Vec<String>,
    pub blake3: Option<String>,
    /// Relative to the folder of the index.
    pub output: Option<String>,
    pub error: Option<String>,
}

/// Codes without repeats, in their order.
fn codes<'a>(all: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for code in all {
        if !codes.iter().any(|known| known == code) {
            codes.push(code.to_owned());
        }
    }
    codes
}

impl Row {
    /// The row of a file that was worked on; `None` for one that was skipped.
    pub fn of(file: &FileReport, out: &Path) -> Option<Self> {
        if file.status == Status::Skipped {
            return None;
        }
        let overview = &file.overview;
        Some(Self {
            source: file.source.display().to_string(),
            part: file.part.clone(),
            status: file.status.as_str().to_owned(),
            reader: file.reader.map(str::to_owned),
            rows: file.rows as u64,
            steps: file.steps as u64,
            cycles: file.cycles as u64,
            first_discharge_capacity: overview.first_discharge_capacity,
            last_discharge_capacity: overview.last_discharge_capacity,
            duration_seconds: overview.duration_seconds,
            start_time: overview.start_time.clone(),
            issues: codes(file.issues.iter().map(|issue| issue.code.as_str())),
            notes: codes(file.notes.iter().map(|note| note.code.as_str())),
            blake3: file.blake3.clone(),
            output: file.output.as_ref().map(|output| relative(output, out)),
            error: file.error.as_ref().map(|error| format!("{}: {}", error.kind, error.message)),
        })
    }

    /// The row of a bundle that an earlier run made, from its report.
    fn of_bundle(folder: &Path, out: &Path) -> Option<Self> {
        let report: Value = serde_json::from_slice(&std::fs::read(folder.join("report.json")).ok()?).ok()?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let number = |value: &Value| value.as_u64().unwrap_or(0);
        let list = |value: &Value| {
            let all = value.as_array().into_iter().flatten().filter_map(|entry| entry["code"].as_str());
            codes(all)
        };
        let overview = &report["overview"];
        let is_error = |issue: &Value| issue["severity"] == "error";
        let invalid = report["issues"].as_array().is_some_and(|issues| issues.iter().any(is_error));
        Some(Self {
            source: text(&report["source"]["name"])?,
            part: text(&report["part"]),
            status: if invalid { Status::Invalid } else { Status::Prepared }.as_str().to_owned(),
            reader: text(&report["detected"]["reader"]),
            rows: number(&report["rows_kept"]),
            steps: number(&report["steps"]),
            cycles: number(&report["cycles"]),
            first_discharge_capacity: overview["first_discharge_capacity"].as_f64(),
            last_discharge_capacity: overview["last_discharge_capacity"].as_f64(),
            duration_seconds: overview["duration_seconds"].as_f64(),
            start_time: text(&overview["start_time"]),
            issues: list(&report["issues"]),
            notes: list(&report["notes"]),
            blake3: text(&report["source"]["blake3"]),
            output: Some(relative(folder, out)),
            error: None,
        })
    }
}

fn relative(path: &Path, out: &Path) -> String {
    path.strip_prefix(out).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// The rows of a run, put together with those of earlier ones.
#[derive(Debug, Default)]
pub struct Index {
    rows: Vec<Row>,
    /// Bundles that were there already.
    skipped: Vec<std::path::PathBuf>,
}

impl Index {
    pub fn add(&mut self, file: &FileReport, out: &Path) {
        match (Row::of(file, out), &file.output) {
            (Some(row), _) => self.rows.push(row),
            (None, Some(output)) => self.skipped.push(output.clone()),
            (None, None) => {}
        }
    }

    /// Writes the three files; each appears whole.
    pub fn write(mut self, out: &Path) -> Result<()> {
        let before = earlier(out);
        let mut outputs: BTreeSet<String> = self.rows.iter().filter_map(|row| row.output.clone()).collect();
        let sources: BTreeSet<String> = self.rows.iter().map(|row| row.source.clone()).collect();
        for row in before {
            let is_new = row.output.as_ref().is_none_or(|output| !outputs.contains(output));
            // A bundle that somebody removed is no row any more.
            let is_there = row.output.as_ref().is_none_or(|output| out.join(output).exists());
            if is_new && is_there && !sources.contains(&row.source) {
                outputs.extend(row.output.clone());
                self.rows.push(row);
            }
        }
        // Bundles of a run that did not come to its end are not in its index.
        for folder in std::mem::take(&mut self.skipped) {
            let parts = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
            for bundle in std::iter::once(folder.clone()).chain(parts.filter(|path| path.is_dir())) {
                if !outputs.contains(&relative(&bundle, out))
                    && let Some(row) = Row::of_bundle(&bundle, out)
                {
                    outputs.extend(row.output.clone());
                    self.rows.push(row);
                }
            }
        }
        self.rows.sort_by(|a, b| (&a.source, &a.part, &a.output).cmp(&(&b.source, &b.part, &b.output)));
        drop(outputs);
        let rows = &self.rows;
        let fail = |e: std::io::Error| Error::new(ErrorKind::Io, format!("cannot write the index: {e}"));
        // Row by row: a long index is not held as text too. Side by side, because each waits for the disk.
        let json = || {
            bundle::write_file_atomically(&out.join("index.json"), |target| {
                serde_json::to_writer_pretty(target, rows).map_err(|e| fail(e.into()))
            })
        };
        let html = || {
            bundle::write_file_atomically(&out.join("index.html"), |target| {
                crate::page::write(rows, target).map_err(fail)
            })
        };
        let parquet = || {
            bundle::write_file_atomically(&out.join("index.parquet"), |target| {
                bundle::write_parquet(frame(rows)?, &Default::default(), target)
            })
        };
        let (json, (html, parquet)) = rayon::join(json, || rayon::join(html, parquet));
        json.and(html).and(parquet)
    }
}

/// The rows of the index that is there; one that cannot be read is made anew.
fn earlier(out: &Path) -> Vec<Row> {
    let bytes = std::fs::read(out.join("index.json")).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn frame(rows: &[Row]) -> Result<DataFrame> {
    let text = |name: &str, f: fn(&Row) -> Option<Cow<'_, str>>| {
        Column::from(Series::new(name.into(), rows.iter().map(f).collect::<Vec<_>>()))
    };
    let count = |name: &str, f: fn(&Row) -> u64| {
        Column::from(Series::new(name.into(), rows.iter().map(|row| f(row) as i64).collect::<Vec<_>>()))
    };
    let real = |name: &str, f: fn(&Row) -> Option<f64>| {
        Column::from(Series::new(name.into(), rows.iter().map(f).collect::<Vec<_>>()))
    };
    let columns = vec![
        text("source", |row| Some(Cow::Borrowed(&row.source))),
        text("part", |row| row.part.as_deref().map(Cow::Borrowed)),
        text("status", |row| Some(Cow::Borrowed(&row.status))),
        text("reader", |row| row.reader.as_deref().map(Cow::Borrowed)),
        count("rows", |row| row.rows),
        count("steps", |row| row.steps),
        count("cycles", |row| row.cycles),
        real("first_discharge_capacity", |row| row.first_discharge_capacity),
        real("last_discharge_capacity", |row| row.last_discharge_capacity),
        real("duration_seconds", |row| row.duration_seconds),
        text("start_time", |row| row.start_time.as_deref().map(Cow::Borrowed)),
        text("issues", |row| Some(Cow::Owned(row.issues.join(", ")))),
        text("notes", |row| Some(Cow::Owned(row.notes.join(", ")))),
        text("blake3", |row| row.blake3.as_deref().map(Cow::Borrowed)),
        text("output", |row| row.output.as_deref().map(Cow::Borrowed)),
        text("error", |row| row.error.as_deref().map(Cow::Borrowed)),
    ];
    let fail = |e| Error::new(ErrorKind::Io, format!("cannot write the index: {e}"));
    DataFrame::new(rows.len(), columns).map_err(fail)
}
