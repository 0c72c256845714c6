//! What is said about each file, to people and to programs.

use std::io::Write;
use std::path::{Path, PathBuf};

use cyclerprep::bundle::Overview;
use cyclerprep::{Error, ErrorKind, Measurement, Note, Place, Severity, ValidationIssue};
use serde::Serialize;

use crate::exit::Exit;
use crate::render;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Prepared,
    Valid,
    Invalid,
    Unreadable,
    Skipped,
    Unknown,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Unreadable => "unreadable",
            Self::Skipped => "skipped",
            Self::Unknown => "unknown",
        }
    }
}

#[derive(Debug, Serialize)]
pub struct ErrorReport {
    pub kind: ErrorKind,
    pub message: String,
    pub place: Option<Place>,
}

impl ErrorReport {
    pub fn of(error: &Error) -> Self {
        Self { kind: error.kind(), message: error.message().to_owned(), place: error.place().cloned() }
    }
}

/// One entry of `files`.
#[derive(Debug, Serialize)]
pub struct FileReport {
    pub source: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    pub status: Status,
    pub reader: Option<&'static str>,
    pub rows: usize,
    pub steps: usize,
    pub cycles: usize,
    pub output: Option<PathBuf>,
    pub issues: Vec<ValidationIssue>,
    pub notes: Vec<Note>,
    pub error: Option<ErrorReport>,
    /// Whether the user named the file: only then it is an error that no reader knows it.
    #[serde(skip)]
    pub named: bool,
    /// For the index.
    #[serde(skip)]
    pub overview: Overview,
    #[serde(skip)]
    pub blake3: Option<String>,
}

impl FileReport {
    pub fn new(source: PathBuf, status: Status, named: bool) -> Self {
        Self {
            source,
            part: None,
            status,
            reader: None,
            rows: 0,
            steps: 0,
            cycles: 0,
            output: None,
            issues: Vec::new(),
            notes: Vec::new(),
            error: None,
            named,
            overview: Overview::default(),
            blake3: None,
        }
    }

    pub fn failed(source: PathBuf, status: Status, named: bool, error: &Error) -> Self {
        let mut report = ErrorReport::of(error);
        // What went wrong with another file than the input, mostly the output, names it.
        if let Some(file) = error.file().filter(|file| *file != source.display().to_string()) {
            report.message = format!("{file}: {}", report.message);
        }
        Self { error: Some(report), ..Self::new(source, status, named) }
    }

    pub fn with_measurement(mut self, measurement: &Measurement) -> Self {
        let report = &measurement.report;
        self.part.clone_from(&report.part);
        self.reader = Some(report.detected.reader);
        (self.rows, self.steps, self.cycles) = (report.rows_kept, report.steps, report.cycles);
        self.issues.clone_from(&report.issues);
        self.notes.clone_from(&report.notes);
        self.overview.clone_from(&report.overview);
        self.blake3 = Some(report.source.blake3.clone());
        self
    }

    pub fn exit(&self) -> Exit {
        match self.status {
            Status::Prepared | Status::Valid | Status::Skipped => Exit::Good,
            Status::Invalid => Exit::Invalid,
            Status::Unreadable => Exit::Failed,
            Status::Unknown if self.named => Exit::Failed,
            Status::Unknown => Exit::Good,
        }
    }
}

#[derive(Debug, Default, Serialize)]
pub struct Summary {
    pub prepared: usize,
    pub invalid: usize,
    pub unreadable: usize,
    pub skipped: usize,
    pub unknown: usize,
    pub rows: usize,
    pub seconds: f64,
}

impl Summary {
    pub fn of(files: &[FileReport], seconds: f64) -> Self {
        let mut summary = Self { seconds, ..Self::default() };
        files.iter().for_each(|file| summary.add(file));
        summary
    }

    pub fn add(&mut self, file: &FileReport) {
        self.rows += file.rows;
        *match file.status {
            Status::Prepared | Status::Valid => &mut self.prepared,
            Status::Invalid => &mut self.invalid,
            Status::Unreadable => &mut self.unreadable,
            Status::Skipped => &mut self.skipped,
            Status::Unknown => &mut self.unknown,
        } += 1;
    }
}

/// How a finding is told: in full, or in a line each when there are many files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    Full,
    Short,
}

impl Detail {
    /// Files up to which findings are told in full.
    const FEW: usize = 3;

    pub fn for_files(files: usize) -> Self {
        if files <= Self::FEW { Self::Full } else { Self::Short }
    }
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    Quiet,
    Normal,
    Verbose,
    Json,
}

/// Writes to stdout; a closed pipe is no reason to fail.
fn out(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

fn err(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// A line for people.
pub fn say(text: &str) {
    err(text);
}

/// An error on its own.
pub fn error_alone(error: &Error) {
    let mut report = ErrorReport::of(error);
    if let Some(file) = error.file() {
        report.message = format!("{file}: {}", report.message);
    }
    err(&render::error(&report, error.file().map(Path::new)));
}

/// One JSON object on a line.
pub fn json_line(value: &impl Serialize) {
    out(&serde_json::to_string(value).unwrap_or_default());
}

/// The document or the lines at the end, and the exit code.
pub fn finish(files: &[FileReport], summary: &Summary, voice: Voice) -> Exit {
    if voice == Voice::Json {
        let mut document = JsonDocument::default();
        files.iter().for_each(|file| document.file(file));
        document.end(summary);
    } else {
        let detail = Detail::for_files(files.len());
        files.iter().for_each(|file| for_people(file, voice, detail));
        for_people_at_the_end(summary, "valid", voice);
    }
    files.iter().map(FileReport::exit).max().unwrap_or(Exit::Good)
}

/// The line of the summary; `good` is what a file without complaint is.
pub fn for_people_at_the_end(summary: &Summary, good: &str, voice: Voice) {
    let Summary { prepared, invalid, unreadable, skipped, unknown, rows, seconds } = summary;
    if voice != Voice::Quiet || *invalid + *unreadable + *unknown > 0 {
        err(&format!(
            "{prepared} {good}, {invalid} invalid, {unreadable} unreadable, {skipped} skipped, {unknown} unknown; {rows} rows in {seconds:.2} s"
        ));
    }
}

/// The document of a run, piece by piece, so that nothing has to be kept: begin, files, end.
#[derive(Debug, Default)]
pub struct JsonDocument {
    has_files: bool,
}

impl JsonDocument {
    pub fn file(&mut self, file: &FileReport) {
        let text = serde_json::to_string_pretty(file).unwrap_or_default();
        let text = text.replace('\n', "\n    ");
        let before = if self.has_files { ",\n    " } else { "{\n  \"files\": [\n    " };
        let _ = write!(std::io::stdout().lock(), "{before}{text}");
        self.has_files = true;
    }

    pub fn end(self, summary: &Summary) {
        let text = serde_json::to_string_pretty(summary).unwrap_or_default().replace('\n', "\n  ");
        let before = if self.has_files { "\n  ],\n" } else { "{\n  \"files\": [],\n" };
        out(&format!("{before}  \"summary\": {text}\n}}"));
    }
}

/// The lines of one file.
pub fn for_people(file: &FileReport, voice: Voice, detail: Detail) {
    let source = file.source.display();
    let part = file.part.as_ref().map(|part| format!(" [{part}]")).unwrap_or_default();
    let found = || match file.steps {
        // A table is checked without counting them.
        0 => format!("{} rows", file.rows),
        steps => format!("{} rows, {steps} steps, {} cycles", file.rows, file.cycles),
    };
    match file.status {
        Status::Prepared if voice != Voice::Quiet => {
            let output = file.output.as_ref().map(|o| format!(" → {}", o.display())).unwrap_or_default();
            err(&format!("prepared   {source}{part}: {}{output}", found()));
        }
        Status::Valid if voice != Voice::Quiet => err(&format!("valid      {source}{part}: {}", found())),
        Status::Invalid => err(&format!("invalid    {source}{part}: {}", found())),
        Status::Skipped if voice != Voice::Quiet => {
            err(&format!("skipped    {source}{part}: the bundle is there; --force replaces it"))
        }
        Status::Unreadable => err(&format!("unreadable {source}")),
        Status::Unknown if file.named || voice == Voice::Verbose => err(&format!("unknown    {source}")),
        _ => return,
    }
    match detail {
        Detail::Full => in_full(file),
        Detail::Short => in_short(file),
    }
    if voice == Voice::Verbose {
        for note in &file.notes {
            err(&format!("  note {}: {}", note.code.as_str(), note.message));
        }
    }
}

fn in_full(file: &FileReport) {
    for (index, issue) in file.issues.iter().enumerate() {
        // What to do about a code is told once.
        let is_first = file.issues.iter().position(|other| other.code == issue.code) == Some(index);
        err(&if is_first { render::issue(issue) } else { format!("  × {}", issue.message) });
    }
    file.error.iter().for_each(|error| err(&render::error(error, Some(&file.source))));
}

fn in_short(file: &FileReport) {
    for issue in &file.issues {
        let severity = if issue.severity == Severity::Error { "error" } else { "warning" };
        err(&format!("  {severity} {issue}"));
    }
    if let Some(error) = &file.error {
        let place = error.place.as_ref().map(|place| format!(", at {place}")).unwrap_or_default();
        err(&format!("  {}: {}{place}", error.kind.as_str(), error.message));
    }
}
