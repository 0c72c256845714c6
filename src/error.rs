//! The one error type: opaque, one word wide, with the file, the format tried and the place.
//!
//! `Err` means that no table can be made. Everything else that is worth telling is a [`Note`](crate::Note) or a
//! [`ValidationIssue`](crate::ValidationIssue). See ionworks.md §8.

use std::error::Error as StdError;
use std::fmt;

/// What every fallible function of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A file that cannot be read, a frame that cannot be transformed, or options that contradict each other.
///
/// The text says what was expected and what was found, then where; the file's name comes last.
///
/// ```
/// use cyclerprep::{ErrorKind, Limits, Source};
/// let error = cyclerprep::prepare_source(Source::from_bytes("notes.txt", b"hello".to_vec()), &Default::default()).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::UnknownFormat);
/// ```
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<Inner>);

const _: () = assert!(size_of::<Error>() == size_of::<usize>());

#[derive(Debug, thiserror::Error)]
struct Inner {
    kind: ErrorKind,
    message: String,
    format: Option<&'static str>,
    place: Option<Place>,
    file: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What kind of thing went wrong; match on this, not on the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system could not read or write.
    Io,
    /// No reader claims the file.
    UnknownFormat,
    /// The file is what it says but breaks its own format.
    Malformed,
    /// The file is known and is not a cycler time series, or a variant that cannot be read.
    Unsupported,
    /// A size is beyond the [`Limits`](crate::Limits).
    Limit,
    /// A column without which nothing can be computed is absent.
    MissingColumn,
    /// A header's unit is not known; guessing a factor of 1 would give a plausible wrong number.
    UnknownUnit,
    /// Time runs backwards.
    Time,
    /// A frame handed to a transform or the validator does not have the shape it needs.
    Frame,
    /// Values that no cycler measures; a gate that the caller can pass by name.
    Implausible,
    /// Options that contradict each other or name something unknown.
    Options,
    /// The file is known and holds something else than the rows of a test: a statistics table, settings, a side file.
    NotATimeSeries,
}

impl ErrorKind {
    /// The name used in JSON reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Io => "io",
            Self::UnknownFormat => "unknown_format",
            Self::Malformed => "malformed",
            Self::Unsupported => "unsupported",
            Self::Limit => "limit",
            Self::MissingColumn => "missing_column",
            Self::UnknownUnit => "unknown_unit",
            Self::Time => "time",
            Self::Frame => "frame",
            Self::Options => "options",
            Self::Implausible => "implausible",
            Self::NotATimeSeries => "not_a_time_series",
        }
    }
}

/// Where in a file something is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Place {
    /// A line of a text file, and a field in it; both count from 1.
    Line {
        /// Line number, from 1.
        line: u64,
        /// Field number, from 1.
        #[serde(skip_serializing_if = "Option::is_none")]
        field: Option<u32>,
    },
    /// A byte offset from the start of the file.
    Offset(u64),
    /// A record (data row) number, from 1.
    Record(u64),
    /// A row of a frame, from 0.
    Row(u64),
    /// A column by name.
    Column(String),
    /// A cell of a workbook; row and column count from 1.
    Cell {
        /// Name of the sheet.
        sheet: String,
        /// Row, from 1.
        row: u64,
        /// Column, from 1.
        #[serde(skip_serializing_if = "Option::is_none")]
        column: Option<u32>,
    },
    /// A sheet of a workbook.
    Sheet(String),
    /// A member of an archive.
    Member(String),
}

impl Place {
    /// A line without a field.
    pub fn line(line: u64) -> Self {
        Self::Line { line, field: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { line, field: None } => write!(f, "line {line}"),
            Self::Line { line, field: Some(field) } => write!(f, "line {line}, field {field}"),
            Self::Offset(offset) => write!(f, "byte {offset}"),
            Self::Record(record) => write!(f, "record {record}"),
            Self::Row(row) => write!(f, "row {row}"),
            Self::Column(name) => write!(f, "column {name:?}"),
            Self::Cell { sheet, row, column: None } => write!(f, "sheet {sheet:?}, row {row}"),
            Self::Cell { sheet, row, column: Some(column) } => write!(f, "sheet {sheet:?}, row {row}, column {column}"),
            Self::Sheet(name) => write!(f, "sheet {name:?}"),
            Self::Member(name) => write!(f, "member {name:?}"),
        }
    }
}

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(place) = &self.place {
            write!(f, ", at {place}")?;
        }
        match (&self.format, &self.file) {
            (Some(format), Some(file)) => write!(f, " (read as {format}: {file})"),
            (Some(format), None) => write!(f, " (read as {format})"),
            (None, Some(file)) => write!(f, " ({file})"),
            (None, None) => Ok(()),
        }
    }
}

impl Error {
    /// An error of this kind whose text says what was expected and what was found.
    #[cold]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Inner { kind, message, format: None, place: None, file: None, source: None }))
    }

    /// The kind.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The place in the file, where there is one.
    pub fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }

    /// The file's name, where there is one.
    pub fn file(&self) -> Option<&str> {
        self.0.file.as_deref()
    }

    /// The format as which the file was being read.
    pub fn format(&self) -> Option<&'static str> {
        self.0.format
    }

    /// The text without place, format and file.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The same error with a place, unless it has one.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.0.place.get_or_insert(place);
        self
    }

    /// The same error in a sheet of a workbook, unless it has a place.
    #[must_use]
    pub(crate) fn at_sheet(self, name: &str) -> Self {
        self.at(Place::Sheet(name.to_owned()))
    }

    /// The same error with its place seen through a map.
    #[must_use]
    pub(crate) fn map_place(mut self, f: impl FnOnce(Place) -> Place) -> Self {
        self.0.place = self.0.place.take().map(f);
        self
    }

    /// The same error with a file name, unless it has one.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.0.file.get_or_insert_with(|| file.into());
        self
    }

    /// The same error with the format that was being read, unless it has one.
    #[must_use]
    pub fn read_as(mut self, format: &'static str) -> Self {
        self.0.format.get_or_insert(format);
        self
    }

    /// The same error with a lower one as its cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn io(what: &str, error: std::io::Error) -> Self {
        Self::new(ErrorKind::Io, format!("{what}: {error}")).because(error)
    }

    pub(crate) fn polars(error: polars::error::PolarsError) -> Self {
        Self::new(ErrorKind::Frame, error.to_string()).because(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_send_sync_and_says_where_last() {
        fn check<T: Send + Sync + 'static>(_: &T) {}
        let error = Error::new(ErrorKind::Malformed, "expected a number, found \"abc\"")
            .at(Place::Line { line: 7, field: Some(3) })
            .read_as("Maccor text")
            .in_file("cell.034");
        check(&error);
        insta::assert_snapshot!(error, @r#"expected a number, found "abc", at line 7, field 3 (read as Maccor text: cell.034)"#);
    }
}
