//! To programs, on stdout. The shapes stand in `docs/schemas`.

use std::io::Write;

use serde::Serialize;

/// One object on a line, with the name of its shape; a closed pipe is no reason to fail.
pub fn line(schema: &'static str, value: &impl Serialize) {
    #[derive(Serialize)]
    struct Line<'v, V> {
        schema: &'static str,
        #[serde(flatten)]
        value: &'v V,
    }
    let text = serde_json::to_string(&Line { schema, value }).unwrap_or_default();
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// The document of a run, piece by piece, so that nothing has to be kept: begin, files, end.
#[derive(Debug)]
pub struct Document {
    schema: &'static str,
    has_files: bool,
}

impl Document {
    pub fn new(schema: &'static str) -> Self {
        Self { schema, has_files: false }
    }

    pub fn file(&mut self, file: &impl Serialize) {
        let text = serde_json::to_string_pretty(file).unwrap_or_default().replace('\n', "\n    ");
        let before = if self.has_files { ",\n    ".to_owned() } else { format!("{}[\n    ", self.begin()) };
        let _ = write!(std::io::stdout().lock(), "{before}{text}");
        self.has_files = true;
    }

    pub fn end(self, summary: &impl Serialize) {
        let text = serde_json::to_string_pretty(summary).unwrap_or_default().replace('\n', "\n  ");
        let before = if self.has_files { "\n  ],\n".to_owned() } else { format!("{}[],\n", self.begin()) };
        let _ = writeln!(std::io::stdout().lock(), "{before}  \"summary\": {text}\n}}");
    }

    fn begin(&self) -> String {
        format!("{{\n  \"schema\": \"{}\",\n  \"files\": ", self.schema)
    }
}
