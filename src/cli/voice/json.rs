//! To programs, on stdout.

use std::io::Write;

use serde::Serialize;

use crate::batch::{Record, Summary};

/// One object on a line; a closed pipe is no reason to fail.
pub fn line(value: &impl Serialize) {
    let _ = writeln!(std::io::stdout().lock(), "{}", serde_json::to_string(value).unwrap_or_default());
}

/// The document of a run, piece by piece, so that nothing has to be kept: begin, files, end.
#[derive(Debug, Default)]
pub struct Document {
    has_files: bool,
}

impl Document {
    pub fn record(&mut self, record: &Record) {
        let text = serde_json::to_string_pretty(record).unwrap_or_default();
        let text = text.replace('\n', "\n    ");
        let before = if self.has_files { ",\n    " } else { "{\n  \"files\": [\n    " };
        let _ = write!(std::io::stdout().lock(), "{before}{text}");
        self.has_files = true;
    }

    pub fn end(self, summary: &Summary) {
        let text = serde_json::to_string_pretty(summary).unwrap_or_default().replace('\n', "\n  ");
        let before = if self.has_files { "\n  ],\n" } else { "{\n  \"files\": [],\n" };
        let _ = writeln!(std::io::stdout().lock(), "{before}  \"summary\": {text}\n}}");
    }
}
