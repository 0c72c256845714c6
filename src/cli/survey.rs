//! Many files looked at: a line each, then what there is of each kind, what belongs together, what is there twice.

use std::collections::BTreeMap;
use std::io::{Result, Write};
use std::path::Path;

use serde::Serialize;

use super::exit::Exit;
use crate::batch::{Failure, Input};
use crate::error::{Error, ErrorKind};
use crate::inspect::{InspectedTest, Inspection, Together, together};
use crate::makers::is_own_name;

/// What became of a look at a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    Readable,
    Empty,
    SideFile,
    Unreadable,
    Unknown,
}

impl Found {
    fn as_str(self) -> &'static str {
        match self {
            Self::Readable => "readable",
            Self::Empty => "empty",
            Self::SideFile => "side_file",
            Self::Unreadable => "unreadable",
            Self::Unknown => "unknown",
        }
    }

    fn of(path: &Path, result: &std::result::Result<Inspection, Error>) -> Self {
        match result {
            Ok(found) if found.tests.iter().all(|test| test.rows == 0) => Self::Empty,
            Ok(_) => Self::Readable,
            Err(error) => match error.kind() {
                ErrorKind::SideFile => Self::SideFile,
                ErrorKind::UnknownFormat | ErrorKind::NotATimeSeries if !is_own_name(path) => Self::Unknown,
                _ => Self::Unreadable,
            },
        }
    }
}

/// One file, looked at.
#[derive(Debug)]
pub struct Look {
    source: String,
    status: Found,
    bytes: u64,
    is_named: bool,
    result: std::result::Result<Inspection, Error>,
}

impl Serialize for Look {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Read<'l> {
            status: Found,
            #[serde(flatten)]
            found: &'l Inspection,
        }
        #[derive(Serialize)]
        struct Refused<'l> {
            source: &'l str,
            status: Found,
            bytes: u64,
            error: Failure,
        }
        let (source, status, bytes) = (self.source.as_str(), self.status, self.bytes);
        match &self.result {
            Ok(found) => Read { status, found }.serialize(serializer),
            Err(error) => Refused { source, status, bytes, error: Failure::of(error) }.serialize(serializer),
        }
    }
}

impl Look {
    pub fn of(input: &Input, result: std::result::Result<Inspection, Error>) -> Self {
        Self {
            source: input.path.display().to_string(),
            status: Found::of(&input.path, &result),
            bytes: std::fs::metadata(&input.path).map_or(0, |meta| meta.len()),
            is_named: input.named,
            result,
        }
    }

    pub fn result(&self) -> std::result::Result<&Inspection, &Error> {
        self.result.as_ref()
    }

    pub fn exit(&self) -> Exit {
        match self.status {
            Found::Readable | Found::Empty => Exit::Good,
            Found::Unreadable => Exit::Failed,
            Found::SideFile | Found::Unknown if self.is_named => Exit::Failed,
            Found::SideFile | Found::Unknown => Exit::Good,
        }
    }

    /// A line for each test; one that says why for a file without any.
    pub fn line(&self, out: &mut impl Write) -> Result<()> {
        match &self.result {
            Ok(found) => found.tests.iter().try_for_each(|test| {
                let about = if test.rows_are_estimated { "≈" } else { "" };
                let setup = &test.metadata.test_setup;
                row(
                    out,
                    [
                        found.format,
                        &format!("{about}{}", test.rows),
                        &start(test),
                        setup.channel_number.as_deref().unwrap_or("-"),
                        setup.test_name.as_deref().unwrap_or("-"),
                        &size(self.bytes),
                        &format!(
                            "{}{}",
                            self.source,
                            test.part.as_ref().map(|p| format!(" [{p}]")).unwrap_or_default()
                        ),
                    ],
                )
            }),
            Err(error) => {
                let why = if self.status == Found::Unknown { String::new() } else { format!(": {}", short(error)) };
                row(
                    out,
                    [self.status.as_str(), "-", "-", "-", "-", &size(self.bytes), &format!("{}{why}", self.source)],
                )
            }
        }
    }
}

/// What went wrong in a line: what was tried stands in the full text.
fn short(error: &Error) -> String {
    let text = error.message().split("; tried").next().unwrap_or_default();
    let text: String = text.chars().take(100).collect();
    text.replace('\n', " ")
}

fn start(test: &InspectedTest) -> String {
    let start: String = test.start_time.as_deref().unwrap_or("-").chars().take(16).collect();
    start.replace('T', " ")
}

/// Widths of all columns but the last.
const WIDTHS: [usize; 6] = [22, 10, 16, 9, 20, 9];

fn row(out: &mut impl Write, cells: [&str; 7]) -> Result<()> {
    let mut line = String::new();
    for (index, cell) in cells.iter().enumerate() {
        let Some(width) = WIDTHS.get(index) else {
            line.push_str(cell);
            break;
        };
        let cell: String = cell.chars().take(*width).collect();
        let is_number = matches!(index, 1 | 5);
        line.push_str(&if is_number { format!("{cell:>width$}  ") } else { format!("{cell:width$}  ") });
    }
    writeln!(out, "{}", line.trim_end())
}

/// A size as people tell it.
fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 1000.0 || unit == "GB" {
            return if unit == "B" { format!("{bytes} B") } else { format!("{value:.1} {unit}") };
        }
        value /= 1000.0;
    }
    String::new()
}

/// Status, maker and format of a file.
type Sort = (Found, Option<&'static str>, Option<&'static str>);

/// All files of a run.
#[derive(Debug, Default)]
pub struct Survey {
    kinds: BTreeMap<Sort, (usize, u64)>,
    found: Vec<Inspection>,
}

/// Files of one kind.
#[derive(Debug, Serialize)]
pub struct Kind {
    status: Found,
    maker: Option<&'static str>,
    format: Option<&'static str>,
    files: usize,
    bytes: u64,
}

/// What there is.
#[derive(Debug, Serialize)]
pub struct Overall {
    kinds: Vec<Kind>,
    #[serde(flatten)]
    together: Together,
}

impl Survey {
    pub fn head(&self, out: &mut impl Write) -> Result<()> {
        row(out, ["format", "rows", "start", "channel", "test", "size", "file"])
    }

    pub fn add(&mut self, look: Look) {
        let kind = look.result().ok().map(|found| (found.maker, found.format));
        let count = self.kinds.entry((look.status, kind.map(|kind| kind.0), kind.map(|kind| kind.1))).or_default();
        *count = (count.0 + 1, count.1 + look.bytes);
        self.found.extend(look.result.ok().map(|found| found.without_columns()));
    }

    pub fn summary(self) -> Overall {
        let kinds = self.kinds.into_iter().map(|((status, maker, format), (files, bytes))| Kind {
            status,
            maker,
            format,
            files,
            bytes,
        });
        Overall { kinds: kinds.collect(), together: together(&self.found) }
    }
}

impl Overall {
    /// For people; the kinds only where files were many.
    pub fn write(&self, out: &mut impl Write, is_many: bool) -> Result<()> {
        for kind in self.kinds.iter().filter(|_| is_many) {
            let files = if kind.files == 1 { "1 file".to_owned() } else { format!("{} files", kind.files) };
            let line = format!(
                "{:10}  {:10}  {:22}  {files:>12}  {:>9}",
                kind.status.as_str(),
                kind.maker.unwrap_or("-"),
                kind.format.unwrap_or("-"),
                size(kind.bytes)
            );
            let gap = if std::ptr::eq(kind, &self.kinds[0]) { "\n" } else { "" };
            writeln!(out, "{gap}{line}")?;
        }
        for series in &self.together.series {
            writeln!(out, "\nseems to be one test, {} ({}):", series.name, series.why)?;
            series.files.iter().try_for_each(|file| writeln!(out, "  {file}"))?;
            writeln!(out, "to join them: {}", series.command)?;
        }
        for apart in &self.together.apart {
            writeln!(out, "\nnot one test: {} and {}: {}", apart.files[0], apart.files[1], apart.why)?;
        }
        for same in &self.together.duplicates {
            writeln!(out, "\nthe same content:")?;
            same.iter().try_for_each(|file| writeln!(out, "  {file}"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_the_unit_that_fits() {
        assert_eq!(
            [0, 999, 1000, 1_234_567, 5_000_000_000_000].map(size),
            ["0 B", "999 B", "1.0 kB", "1.2 MB", "5000.0 GB"]
        );
    }
}
