//! To people, on stderr: a line a file, and its findings in full or in a line each.

use std::io::Write;
use std::path::Path;

use super::color;
use super::manner::{Detail, Voice};
use super::render;
use crate::batch::{Failure, Record, Status, Summary};
use crate::error::Error;
use crate::issue::Severity;
use crate::names::counted;
use crate::note::NoteCode;

/// Findings of one kind in one file that are shown; the others are counted.
const SHOWN: usize = 3;

/// A line; a closed pipe is no reason to fail.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// `1 step`, `2 steps`.
pub fn count(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
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
    let is_told = match record.status {
        Status::Prepared | Status::Updated | Status::Valid | Status::Empty => voice != Voice::Quiet,
        Status::Invalid | Status::Unreadable => true,
        Status::Skipped => voice != Voice::Quiet || record.is_invalid(),
        // Those that were found in a folder are named at the end.
        Status::Unknown => record.named || voice == Voice::Verbose,
        Status::SideFile => (record.named && voice != Voice::Quiet) || voice == Voice::Verbose,
    };
    if !is_told {
        return;
    }
    say(&line(record, *color::IS_WANTED));
    match detail {
        Detail::Full => in_full(record),
        Detail::Short => in_short(record),
    }
    if voice == Voice::Verbose {
        let code = |index: usize| record.notes[index].code.as_str();
        grouped(record.notes.len(), code, |index| {
            format!("  note {}: {}", code(index), counted(&record.notes[index].message))
        });
    }
}

/// What became of a file, in a line.
fn line(record: &Record, is_colored: bool) -> String {
    let (status, source) = (color::word(record.status, is_colored), record.source.display());
    let part = record.part.as_ref().map(|part| format!(" [{part}]")).unwrap_or_default();
    let mut line = format!("{status} {source}{part}");
    let found = match record.steps {
        // A table is checked without counting them.
        0 => count(record.rows, "row"),
        steps => {
            let (rows, steps, cycles) =
                (count(record.rows, "row"), count(steps, "step"), count(record.cycles, "cycle"));
            format!("{rows}, {steps}, {cycles}")
        }
    };
    let output = record.output.as_ref().map(|output| output.display().to_string());
    match record.status {
        Status::Prepared | Status::Updated | Status::Empty => {
            line += &format!(": {found}");
            line += &output.map(|output| format!(" → {output}")).unwrap_or_default();
        }
        Status::Valid => line += &format!(": {found}"),
        Status::Invalid => {
            line += &format!(": {found}");
            if record.is_beside_tables {
                line += "; the older bundle stays, with this report in it as report.invalid.json (--keep-invalid replaces it)";
            }
        }
        Status::Skipped if record.is_invalid() => {
            line += &format!(": invalid, as when it was made ({found}); --force makes it anew");
        }
        Status::Skipped => line += ": the bundle is there; --force makes it anew",
        Status::Unreadable | Status::Unknown | Status::SideFile => {}
    }
    // What is not whole may grow, and has to be seen.
    if let Some(note) = record.notes.iter().find(|note| note.code == NoteCode::PartialFile) {
        line += &format!("; partial_file: {}", counted(&note.message));
    }
    line
}

/// The first of each kind, and how many more there are.
fn grouped<'r>(all: usize, code: impl Fn(usize) -> &'r str, tell: impl Fn(usize) -> String) {
    for index in 0..all {
        let is_of_kind = |other: &usize| code(*other) == code(index);
        let before = (0..index).filter(is_of_kind).count();
        if before < SHOWN {
            say(&tell(index));
        }
        let more = (index + 1..all).filter(is_of_kind).count();
        if before + 1 == SHOWN && more > 0 {
            say(&format!("    … and {more} more of {}", code(index)));
        }
    }
}

fn in_full(record: &Record) {
    let issue = |index: usize| &record.issues[index];
    grouped(
        record.issues.len(),
        |index| issue(index).code.as_str(),
        |index| {
            // What to do about a code is told once.
            let is_first = record.issues.iter().position(|other| other.code == issue(index).code) == Some(index);
            if is_first { render::issue(issue(index)) } else { format!("  × {}", counted(&issue(index).message)) }
        },
    );
    record.error.iter().for_each(|error| say(&render::failure(error, Some(&record.source))));
}

fn in_short(record: &Record) {
    let issue = |index: usize| &record.issues[index];
    grouped(
        record.issues.len(),
        |index| issue(index).code.as_str(),
        |index| {
            let severity = if issue(index).severity == Severity::Error { "error" } else { "warning" };
            format!("  {severity} {}", counted(&issue(index).to_string()))
        },
    );
    if let Some(error) = &record.error {
        let place = error.place.as_ref().map(|place| format!(", at {place}")).unwrap_or_default();
        say(&format!("  {}: {}{place}", error.kind.as_str(), counted(&error.message)));
    }
}

/// The line of the summary; `good` is what a file without complaint is.
pub fn end(summary: &Summary, good: &str, voice: Voice) {
    let Summary { prepared, updated, invalid, empty, unreadable, skipped, side_file, unknown, rows, seconds, .. } =
        summary;
    if voice != Voice::Quiet || *invalid + *unreadable + *unknown > 0 {
        let (side_files, rows) = (count(*side_file, "side file"), count(*rows, "row"));
        // A check updates nothing.
        let updated = if good == "prepared" { format!(", {updated} updated") } else { String::new() };
        say(&format!(
            "{prepared} {good}{updated}, {invalid} invalid, {empty} empty, {unreadable} unreadable, {skipped} skipped, {side_files}, {unknown} unknown; {rows} in {seconds:.2} s"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one() {
        assert_eq!([0, 1, 2].map(|n| count(n, "step")), ["0 steps", "1 step", "2 steps"]);
    }
}
