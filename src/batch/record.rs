//! What became of one measurement.

use std::borrow::Cow;
use std::path::PathBuf;

use serde::Serialize;

use super::status::Status;
use super::walk::Input;
use crate::bundle::{self, Overview};
use crate::error::{Error, ErrorKind, Place};
use crate::issue::ValidationIssue;
use crate::measurement::Measurement;
use crate::note::Notes;

/// Why there is no measurement.
///
/// ```
/// use cyclerprep::ErrorKind;
/// use cyclerprep::batch::Failure;
///
/// let error = cyclerprep::prepare("fixtures/bad/unknown_unit.csv", &Default::default()).unwrap_err();
/// let failure = Failure::of(&error);
/// assert_eq!((failure.kind, failure.message), (ErrorKind::UnknownUnit, error.message().to_owned()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Failure {
    /// What kind of thing went wrong.
    pub kind: ErrorKind,
    /// What was expected and what was found.
    pub message: String,
    /// Where in the file.
    pub place: Option<Place>,
}

impl Failure {
    /// What an error says.
    ///
    /// ```
    /// use cyclerprep::{Error, ErrorKind, Place, batch::Failure};
    ///
    /// let error = Error::new(ErrorKind::Malformed, "expected a number").at(Place::line(7));
    /// assert_eq!(Failure::of(&error).place, Some(Place::line(7)));
    /// ```
    pub fn of(error: &Error) -> Self {
        Self { kind: error.kind(), message: error.message().to_owned(), place: error.place().cloned() }
    }
}

/// What became of one measurement: a file, or one of the tests that it holds.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// use std::ops::ControlFlow;
/// use cyclerprep::batch::{BatchOptions, Event, Record, Status, convert_all};
///
/// let out = std::env::temp_dir().join("cyclerprep-record");
/// let mut all: Vec<Record> = Vec::new();
/// convert_all(&["fixtures/odd/two_channels.xlsx"], &out, &BatchOptions::default(), |event| {
///     if let Event::Done { records, .. } = event {
///         all.extend_from_slice(records);
///     }
///     ControlFlow::Continue(())
/// })?;
/// assert!(all.iter().all(|record| record.status == Status::Prepared));
/// assert_eq!(all[1].output, Some(out.join("two_channels.xlsx/Channel_1-018")));
/// # std::fs::remove_dir_all(out).unwrap();
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Record {
    /// The file.
    pub source: PathBuf,
    /// Name of the test in a file that holds several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// What became of it.
    pub status: Status,
    /// Id of the reader.
    pub reader: Option<Cow<'static, str>>,
    /// Rows of the time series.
    pub rows: usize,
    /// Steps found.
    pub steps: usize,
    /// Cycles found.
    pub cycles: usize,
    /// The bundle.
    pub output: Option<PathBuf>,
    /// The validator's findings.
    pub issues: Vec<ValidationIssue>,
    /// Every decision.
    pub notes: Notes,
    /// Why there is no measurement.
    pub error: Option<Failure>,
    /// Whether the user named the file: only then it is an error that no reader knows it.
    #[serde(skip)]
    pub named: bool,
    /// Whether its report lies beside tables of an earlier run, which were to stay.
    #[serde(skip)]
    pub is_beside_tables: bool,
    /// What a list of many measurements shows.
    #[serde(skip)]
    pub overview: Overview,
    /// BLAKE3 of the file, in hexadecimal.
    #[serde(skip)]
    pub blake3: Option<String>,
    /// Fingerprint of the options that shaped its output.
    #[serde(skip)]
    pub options_fingerprint: Option<String>,
    /// Size and time of modification of what was joined, where it is more than the file.
    #[serde(skip)]
    pub(crate) joined: Option<(u64, Option<String>)>,
}

impl Record {
    /// Whether the validator found something of severity error, now or when the bundle was made.
    ///
    /// ```
    /// # use std::ops::ControlFlow;
    /// use cyclerprep::batch::{BatchOptions, Event, Status, convert_all};
    ///
    /// let out = std::env::temp_dir().join("cyclerprep-record-invalid");
    /// let mut options = BatchOptions::default();
    /// options.prepare.validate.strict = true;
    /// for status in [Status::Invalid, Status::Skipped] {
    ///     convert_all(&["fixtures/maccor/key_value_comma.081.txt"], &out, &options, |event| {
    ///         if let Event::Done { records, .. } = event {
    ///             assert!(records[0].is_invalid() && records[0].status == status);
    ///         }
    ///         ControlFlow::Continue(())
    ///     })?;
    /// }
    /// # std::fs::remove_dir_all(out).unwrap();
    /// # Ok::<(), cyclerprep::Error>(())
    /// ```
    pub fn is_invalid(&self) -> bool {
        !bundle::is_valid(&self.issues)
    }

    pub(crate) fn new(input: &Input, status: Status) -> Self {
        Self {
            source: input.path.clone(),
            part: None,
            status,
            reader: None,
            rows: 0,
            steps: 0,
            cycles: 0,
            output: None,
            issues: Vec::new(),
            notes: Notes::new(),
            error: None,
            named: input.named,
            is_beside_tables: false,
            overview: Overview::default(),
            blake3: None,
            options_fingerprint: None,
            joined: None,
        }
    }

    pub(crate) fn failed(input: &Input, status: Status, error: &Error) -> Self {
        let mut failure = Failure::of(error);
        // What went wrong with another file than the input, mostly the output, names it.
        if let Some(file) = error.file().filter(|file| *file != input.path.display().to_string()) {
            failure.message = format!("{file}: {}", failure.message);
        }
        Self { error: Some(failure), ..Self::new(input, status) }
    }

    pub(crate) fn with_measurement(mut self, measurement: &Measurement) -> Self {
        let report = &measurement.report;
        self.part.clone_from(&report.part);
        self.reader = Some(report.detected.reader.clone());
        (self.rows, self.steps, self.cycles) = (report.rows_kept, report.steps, report.cycles);
        self.issues.clone_from(&report.issues);
        self.notes.clone_from(&report.notes);
        self.overview.clone_from(&report.overview);
        self.blake3 = Some(report.source.blake3.clone());
        self.options_fingerprint = Some(report.options.fingerprint.clone());
        self.joined = (!report.pieces.is_empty()).then(|| (report.source.bytes, report.source.modified.clone()));
        self
    }
}
