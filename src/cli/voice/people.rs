//! To people, on stderr: a line a file, and its findings in full or in a line each.

use std::io::Write;
use std::path::Path;

use super::manner::{Detail, Voice};
use super::render;
use crate::batch::{Failure, Record, Status, Summary};
use crate::error::Error;
use crate::issue::Severity;

/// A line; a closed pipe is no reason to fail.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// An error on its own.
pub fn error_alone(error: &Error) {
    let mut failure = Failure::of(error);
    if let Some(file) = error.file() {
        failure.message = format!("{file}: {}", failure.message);
    }
    say(&render::failure(&failure, error.file().map(Path::new)));
}

/// The lines of one file.
pub fn record(record: &Record, voice: Voice, detail: Detail) {
    let source = record.source.display();
    let part = record.part.as_ref().map(|part| format!(" [{part}]")).unwrap_or_default();
    let found = || match record.steps {
        // A table is checked without counting them.
        0 => format!("{} rows", record.rows),
        steps => format!("{} rows, {steps} steps, {} cycles", record.rows, record.cycles),
    };
    match record.status {
        Status::Prepared if voice != Voice::Quiet => {
            let output = record.output.as_ref().map(|o| format!(" → {}", o.display())).unwrap_or_default();
            say(&format!("prepared   {source}{part}: {}{output}", found()));
        }
        Status::Valid if voice != Voice::Quiet => say(&format!("valid      {source}{part}: {}", found())),
        Status::Invalid => say(&format!("invalid    {source}{part}: {}", found())),
        Status::Skipped if voice != Voice::Quiet => {
            say(&format!("skipped    {source}{part}: the bundle is there; --force replaces it"))
        }
        Status::Unreadable => say(&format!("unreadable {source}")),
        Status::Unknown if record.named || voice == Voice::Verbose => say(&format!("unknown    {source}")),
        _ => return,
    }
    match detail {
        Detail::Full => in_full(record),
        Detail::Short => in_short(record),
    }
    if voice == Voice::Verbose {
        for note in &record.notes {
            say(&format!("  note {}: {}", note.code.as_str(), note.message));
        }
    }
}

fn in_full(record: &Record) {
    for (index, issue) in record.issues.iter().enumerate() {
        // What to do about a code is told once.
        let is_first = record.issues.iter().position(|other| other.code == issue.code) == Some(index);
        say(&if is_first { render::issue(issue) } else { format!("  × {}", issue.message) });
    }
    record.error.iter().for_each(|error| say(&render::failure(error, Some(&record.source))));
}

fn in_short(record: &Record) {
    for issue in &record.issues {
        let severity = if issue.severity == Severity::Error { "error" } else { "warning" };
        say(&format!("  {severity} {issue}"));
    }
    if let Some(error) = &record.error {
        let place = error.place.as_ref().map(|place| format!(", at {place}")).unwrap_or_default();
        say(&format!("  {}: {}{place}", error.kind.as_str(), error.message));
    }
}

/// The line of the summary; `good` is what a file without complaint is.
pub fn end(summary: &Summary, good: &str, voice: Voice) {
    let Summary { prepared, invalid, unreadable, skipped, unknown, rows, seconds, .. } = summary;
    if voice != Voice::Quiet || *invalid + *unreadable + *unknown > 0 {
        say(&format!(
            "{prepared} {good}, {invalid} invalid, {unreadable} unreadable, {skipped} skipped, {unknown} unknown; {rows} rows in {seconds:.2} s"
        ));
    }
}
