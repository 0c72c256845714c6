//! What was not read, at the end of a run over many files: by name up to ten, by kind beyond.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::people::{count, say};
use crate::batch::{Record, Status};

/// Files of a status that are named.
const NAMED: usize = 10;

/// What was not read, as far as it is needed to say so.
#[derive(Debug, Default)]
pub struct Unread {
    all: BTreeMap<u8, Files>,
}

#[derive(Debug, Default)]
struct Files {
    named: Vec<(PathBuf, String)>,
    kinds: BTreeMap<String, usize>,
    number: usize,
}

impl Unread {
    pub fn add(&mut self, record: &Record) {
        let kind = match (record.status, &record.error) {
            (Status::Unreadable, Some(error)) => (0, error.kind.as_str().to_owned()),
            // What it is, without what to do.
            (Status::SideFile, Some(error)) => (1, says(&error.message).to_owned()),
            (Status::Unknown, _) => (2, extension(&record.source)),
            _ => return,
        };
        let files = self.all.entry(kind.0).or_default();
        files.number += 1;
        *files.kinds.entry(kind.1.clone()).or_default() += 1;
        if files.named.len() <= NAMED {
            files.named.push((record.source.clone(), kind.1));
        }
    }

    pub fn tell(&self) {
        for (status, files) in &self.all {
            say(&lines(*status, files));
        }
    }
}

fn lines(status: u8, files: &Files) -> String {
    let head = match status {
        0 => format!("{} could not be read:", count(files.number, "file")),
        1 => format!("{} without rows of a test:", count(files.number, "side file")),
        _ => format!("{} that no reader knows:", count(files.number, "file")),
    };
    let mut lines = vec![head];
    if files.number <= NAMED {
        let why = |kind: &str| if status == 2 { String::new() } else { format!(" ({kind})") };
        lines.extend(files.named.iter().map(|(path, kind)| format!("  {}{}", path.display(), why(kind))));
    } else {
        let mut kinds: Vec<_> = files.kinds.iter().collect();
        kinds.sort_by_key(|(kind, number)| (std::cmp::Reverse(**number), *kind));
        lines.extend(kinds.iter().map(|(kind, number)| format!("  {number} {kind}")));
    }
    lines.join("\n")
}

/// `expected …, found X: do this` is X.
fn says(message: &str) -> &str {
    let found = message.split_once(", found ").map_or(message, |(_, found)| found);
    found.split_once(": ").map_or(found, |(what, _)| what)
}

fn extension(path: &Path) -> String {
    path.extension()
        .map_or("without an extension".to_owned(), |end| format!(".{}", end.to_string_lossy().to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(number: usize) -> Files {
        let mut files = Files { number, ..Files::default() };
        for k in 0..number {
            let kind = if k % 3 == 0 { ".pdf" } else { ".txt" };
            files.named.push((PathBuf::from(format!("{k}{kind}")), kind.to_owned()));
            *files.kinds.entry(kind.to_owned()).or_default() += 1;
        }
        files
    }

    #[test]
    fn ten_are_named_and_more_are_counted() {
        assert_eq!(lines(2, &files(2)), "2 files that no reader knows:\n  0.pdf\n  1.txt");
        assert_eq!(lines(0, &files(1)), "1 file could not be read:\n  0.pdf (.pdf)");
        // Every third of eleven: 0, 3, 6 and 9.
        assert_eq!(lines(2, &files(11)), "11 files that no reader knows:\n  7 .txt\n  4 .pdf");
        assert_eq!(
            says("expected the rows of a test, found settings of a sweep: convert the other"),
            "settings of a sweep"
        );
    }
}
