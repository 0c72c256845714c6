//! The one error type: opaque, one word wide, with the file, the format tried and the place.
//!
//! `Err` means that no table can be made. Everything else that is worth telling is a [`Note`](crate::Note) or a
//! [`ValidationIssue`](crate::ValidationIssue). See docs/schema.md#errors.

mod kind;
mod place;

use std::error::Error as StdError;
use std::fmt;

pub use kind::ErrorKind;
pub use place::Place;

/// What every fallible function of this crate returns.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// fn rows(path: &str) -> cyclerprep::Result<usize> {
///     Ok(cyclerprep::prepare(path, &Default::default())?.report.rows_kept)
/// }
/// assert!(rows("fixtures/neware/flat.csv").is_ok());
/// # Ok(())
/// # }
/// ```
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
    ///
    /// ```
    /// use cyclerprep::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::Malformed, "expected 12 fields, found 7");
    /// assert_eq!(error.to_string(), "expected 12 fields, found 7");
    /// ```
    #[cold]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Inner { kind, message, format: None, place: None, file: None, source: None }))
    }

    /// The kind.
    ///
    /// ```
    /// let error = cyclerprep::prepare("fixtures/bad/unknown_unit.csv", &Default::default()).unwrap_err();
    /// assert_eq!(error.kind(), cyclerprep::ErrorKind::UnknownUnit);
    /// ```
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The place in the file, where there is one.
    ///
    /// ```
    /// let error = cyclerprep::prepare("fixtures/bad/unknown_unit.csv", &Default::default()).unwrap_err();
    /// assert!(matches!(error.place(), Some(cyclerprep::Place::Line { line: 1, .. })));
    /// ```
    pub fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }

    /// The file's name, where there is one.
    ///
    /// ```
    /// let error = cyclerprep::prepare("fixtures/bad/unknown_unit.csv", &Default::default()).unwrap_err();
    /// assert_eq!(error.file(), Some("fixtures/bad/unknown_unit.csv"));
    /// ```
    pub fn file(&self) -> Option<&str> {
        self.0.file.as_deref()
    }

    /// The format as which the file was being read.
    ///
    /// ```
    /// let error = cyclerprep::prepare("fixtures/bad/unknown_unit.csv", &Default::default()).unwrap_err();
    /// assert_eq!(error.format(), Some("Arbin csv"));
    /// ```
    pub fn format(&self) -> Option<&'static str> {
        self.0.format
    }

    /// The text without place, format and file.
    ///
    /// ```
    /// let error = cyclerprep::prepare("fixtures/bad/unknown_unit.csv", &Default::default()).unwrap_err();
    /// assert!(error.message().starts_with("expected a unit"));
    /// ```
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The same error with a place, unless it has one.
    ///
    /// ```
    /// use cyclerprep::{Error, ErrorKind, Place};
    ///
    /// let error = Error::new(ErrorKind::Malformed, "expected a number").at(Place::line(7));
    /// assert_eq!(error.to_string(), "expected a number, at line 7");
    /// ```
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
    ///
    /// ```
    /// use cyclerprep::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::Malformed, "expected a number").in_file("cell.034");
    /// assert_eq!(error.to_string(), "expected a number (cell.034)");
    /// ```
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.0.file.get_or_insert_with(|| file.into());
        self
    }

    /// The same error with the format that was being read, unless it has one.
    ///
    /// ```
    /// use cyclerprep::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::Malformed, "expected a number").read_as("Maccor text");
    /// assert_eq!(error.format(), Some("Maccor text"));
    /// ```
    #[must_use]
    pub fn read_as(mut self, format: &'static str) -> Self {
        self.0.format.get_or_insert(format);
        self
    }

    /// The same error with a lower one as its cause.
    ///
    /// ```
    /// use std::error::Error as _;
    /// use cyclerprep::{Error, ErrorKind};
    ///
    /// let cause = "seven".parse::<f64>().unwrap_err();
    /// assert!(Error::new(ErrorKind::Malformed, "expected a number").because(cause).source().is_some());
    /// ```
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
            .read_as("Demo text")
            .in_file("cell.034");
        check(&error);
        insta::assert_snapshot!(error, @r#"expected a number, found "abc", at line 7, field 3 (read as Demo text: cell.034)"#);
    }
}
