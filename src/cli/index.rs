//! `OUT/index.json`, `index.parquet` and `index.html`: one row a measurement, kept up to date by later runs.

use std::borrow::Cow;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cyclerprep::{Error, ErrorKind, Result, bundle};
use polars::prelude::{Column, DataFrame, NamedFrom, ParquetCompression, ParquetWriter, PolarsResult, Series};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::report::{FileReport, Status};

/// Rows of a row group of `index.parquet`: a long index is not held as a frame too.
const ROW_GROUP: usize = 1000;

/// One row. There may be ten thousands of them: words that repeat are shared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    pub source: Box<str>,
    pub part: Option<Box<str>>,
    pub status: Cow<'static, str>,
    pub reader: Option<Cow<'static, str>>,
    pub rows: u64,
    pub steps: u64,
    pub cycles: u64,
    pub first_discharge_capacity: Option<f64>,
    pub last_discharge_capacity: Option<f64>,
    pub duration_seconds: Option<f64>,
    pub start_time: Option<Box<str>>,
    pub issues: Codes,
    pub notes: Codes,
    pub blake3: Option<Box<str>>,
    /// Relative to the folder of the index.
    pub output: Option<Box<str>>,
    pub error: Option<Box<str>>,
}

/// Codes of issues or notes without repeats, in their order; a list in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Codes(Arc<str>);

impl Codes {
    fn of<'a>(all: impl Iterator<Item = &'a str>) -> Self {
        let mut codes: Vec<&str> = Vec::new();
        for code in all {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        Self(codes.join(", ").into())
    }

    /// With a comma and a blank between them.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Codes {
    fn default() -> Self {
        Self("".into())
    }
}

impl Serialize for Codes {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.split(", ").filter(|code| !code.is_empty()))
    }
}

impl<'de> Deserialize<'de> for Codes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let codes = Vec::<String>::deserialize(deserializer)?;
        Ok(Self::of(codes.iter().map(String::as_str)))
    }
}

impl Row {
    /// The row of a file that was worked on; `None` for one that was skipped.
    pub fn of(file: &FileReport, out: &Path) -> Option<Self> {
        if file.status == Status::Skipped {
            return None;
        }
        let overview = &file.overview;
        Some(Self {
            source: file.source.display().to_string().into(),
            part: file.part.as_deref().map(Box::from),
            status: file.status.as_str().into(),
            reader: file.reader.map(Cow::Borrowed),
            rows: file.rows as u64,
            steps: file.steps as u64,
            cycles: file.cycles as u64,
            first_discharge_capacity: overview.first_discharge_capacity,
            last_discharge_capacity: overview.last_discharge_capacity,
            duration_seconds: overview.duration_seconds,
            start_time: overview.start_time.as_deref().map(Box::from),
            issues: Codes::of(file.issues.iter().map(|issue| issue.code.as_str())),
            notes: Codes::of(file.notes.iter().map(|note| note.code.as_str())),
            blake3: file.blake3.as_deref().map(Box::from),
            output: file.output.as_ref().map(|output| relative(output, out)),
            error: file.error.as_ref().map(|error| format!("{}: {}", error.kind.as_str(), error.message).into()),
        })
    }

    /// The row of a bundle that an earlier run made, from its report.
    fn of_bundle(folder: &Path, out: &Path) -> Option<Self> {
        let report: Value = serde_json::from_slice(&std::fs::read(folder.join("report.json")).ok()?).ok()?;
        let text = |value: &Value| value.as_str().map(Box::from);
        let number = |value: &Value| value.as_u64().unwrap_or(0);
        let list = |value: &Value| {
            let all = value.as_array().into_iter().flatten().filter_map(|entry| entry["code"].as_str());
            Codes::of(all)
        };
        let overview = &report["overview"];
        let is_error = |issue: &Value| issue["severity"] == "error";
        let invalid = report["issues"].as_array().is_some_and(|issues| issues.iter().any(is_error));
        Some(Self {
            source: text(&report["source"]["name"])?,
            part: text(&report["part"]),
            status: if invalid { Status::Invalid } else { Status::Prepared }.as_str().into(),
            reader: report["detected"]["reader"].as_str().map(|id| Cow::Owned(id.to_owned())),
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

fn relative(path: &Path, out: &Path) -> Box<str> {
    path.strip_prefix(out).unwrap_or(path).to_string_lossy().replace('\\', "/").into()
}

/// The rows of a run, put together with those of earlier ones.
#[derive(Debug, Default)]
pub struct Index {
    rows: Vec<Row>,
    /// Lists of codes that rows share.
    known: HashSet<Codes>,
    /// Bundles that were there already.
    skipped: Vec<PathBuf>,
}

impl Index {
    /// An index for about so many files.
    pub fn for_files(files: usize) -> Self {
        let mut index = Self::default();
        // Growing step by step would hold the rows twice for a while.
        index.rows.reserve_exact(files);
        index
    }

    pub fn add(&mut self, file: &FileReport, out: &Path) {
        match (Row::of(file, out), &file.output) {
            (Some(row), _) => self.push(row),
            (None, Some(output)) => self.skipped.push(output.clone()),
            (None, None) => {}
        }
    }

    fn push(&mut self, mut row: Row) {
        for codes in [&mut row.issues, &mut row.notes] {
            match self.known.get(codes) {
                Some(known) => *codes = known.clone(),
                None => _ = self.known.insert(codes.clone()),
            }
        }
        self.rows.push(row);
    }

    /// Adds what earlier runs made: their rows, and the bundles of one that did not come to its end.
    fn add_earlier(&mut self, out: &Path) {
        let (before, skipped) = (earlier(out), std::mem::take(&mut self.skipped));
        if before.is_empty() && skipped.is_empty() {
            return;
        }
        let mut outputs: HashSet<Box<str>> = self.rows.iter().filter_map(|row| row.output.clone()).collect();
        let sources: HashSet<Box<str>> = self.rows.iter().map(|row| row.source.clone()).collect();
        for row in before {
            let is_new = row.output.as_ref().is_none_or(|output| !outputs.contains(output));
            // A bundle that somebody removed is no row any more.
            let is_there = row.output.as_ref().is_none_or(|output| out.join(&**output).exists());
            if is_new && is_there && !sources.contains(&row.source) {
                outputs.extend(row.output.clone());
                self.push(row);
            }
        }
        for folder in skipped {
            let parts = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
            for bundle in std::iter::once(folder.clone()).chain(parts.filter(|path| path.is_dir())) {
                if !outputs.contains(&relative(&bundle, out))
                    && let Some(row) = Row::of_bundle(&bundle, out)
                {
                    outputs.extend(row.output.clone());
                    self.push(row);
                }
            }
        }
    }

    /// Writes the three files; each appears whole.
    pub fn write(mut self, out: &Path) -> Result<()> {
        self.add_earlier(out);
        self.rows.sort_by(|a, b| (&a.source, &a.part, &a.output).cmp(&(&b.source, &b.part, &b.output)));
        let rows = self.rows;
        let fail = |e: std::io::Error| Error::new(ErrorKind::Io, format!("cannot write the index: {e}"));
        // Row by row: a long index is not held as text too.
        let json = || {
            bundle::write_file_atomically(&out.join("index.json"), |target| {
                serde_json::to_writer_pretty(target, &rows).map_err(|e| fail(e.into()))
            })
        };
        let html = || {
            bundle::write_file_atomically(&out.join("index.html"), |target| {
                crate::page::write(&rows, out, target).map_err(fail)
            })
        };
        let parquet = || bundle::write_file_atomically(&out.join("index.parquet"), |target| parquet(&rows, target));
        // Side by side, because each waits for the disk.
        let (json, (html, parquet)) = rayon::join(json, || rayon::join(html, parquet));
        json.and(html).and(parquet)
    }
}

/// The rows of the index that is there; one that cannot be read is made anew.
fn earlier(out: &Path) -> Vec<Row> {
    let bytes = std::fs::read(out.join("index.json")).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn parquet(rows: &[Row], target: &mut (dyn std::io::Write + Send)) -> Result<()> {
    let write = || -> PolarsResult<()> {
        let compression = ParquetCompression::Zstd(None);
        let writer = ParquetWriter::new(target).with_compression(compression);
        let mut writer = writer.batched(frame(&[])?.schema())?;
        rows.chunks(ROW_GROUP).try_for_each(|rows| writer.write_batch(&frame(rows)?))?;
        writer.finish().map(|_| ())
    };
    write().map_err(|e| Error::new(ErrorKind::Io, format!("cannot write the index: {e}")))
}

fn frame(rows: &[Row]) -> PolarsResult<DataFrame> {
    let text = |name: &str, f: fn(&Row) -> Option<&str>| {
        Column::from(Series::new(name.into(), rows.iter().map(f).collect::<Vec<_>>()))
    };
    let count = |name: &str, f: fn(&Row) -> u64| {
        Column::from(Series::new(name.into(), rows.iter().map(|row| f(row) as i64).collect::<Vec<_>>()))
    };
    let real = |name: &str, f: fn(&Row) -> Option<f64>| {
        Column::from(Series::new(name.into(), rows.iter().map(f).collect::<Vec<_>>()))
    };
    let columns = vec![
        text("source", |row| Some(&row.source)),
        text("part", |row| row.part.as_deref()),
        text("status", |row| Some(&row.status)),
        text("reader", |row| row.reader.as_deref()),
        count("rows", |row| row.rows),
        count("steps", |row| row.steps),
        count("cycles", |row| row.cycles),
        real("first_discharge_capacity", |row| row.first_discharge_capacity),
        real("last_discharge_capacity", |row| row.last_discharge_capacity),
        real("duration_seconds", |row| row.duration_seconds),
        text("start_time", |row| row.start_time.as_deref()),
        text("issues", |row| Some(row.issues.as_str())),
        text("notes", |row| Some(row.notes.as_str())),
        text("blake3", |row| row.blake3.as_deref()),
        text("output", |row| row.output.as_deref()),
        text("error", |row| row.error.as_deref()),
    ];
    DataFrame::new(rows.len(), columns)
}
