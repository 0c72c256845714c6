//! What was done to a file, as `report.json` tells it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::origin::{OptionsFacts, PieceFacts, SourceFacts};
use crate::error::{Error, ErrorKind, Result};
use crate::issue::{Severity, ValidationIssue};
use crate::note::Notes;
use crate::schema::CellFacts;

/// What the file is.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// let detected = &cell.report.detected;
/// assert!(detected.maker == "Neware" && detected.reader == "neware_csv");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Detected {
    /// Maker of the cycler.
    pub maker: Cow<'static, str>,
    /// Id of the reader.
    pub reader: Cow<'static, str>,
    /// Name of the format.
    pub format: Cow<'static, str>,
    /// Which dialect of it.
    pub dialect: Cow<'static, str>,
    /// Why this reader.
    pub why: String,
    /// Its score, 0 to 100; `None` when the caller named the reader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<u8>,
}

/// Seconds of each stage.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut options = cyclerprep::PrepareOptions::default();
/// options.timings = true;
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &options)?;
/// assert!(cell.report.timings.is_some_and(|timings| timings.read_seconds >= 0.0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Timings {
    /// Splitting and parsing.
    pub read_seconds: f64,
    /// Meaning, transforms, steps and cycles.
    pub transform_seconds: f64,
    /// The validator.
    pub validate_seconds: f64,
}

/// What a list of many measurements shows of one.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// assert!(cell.report.overview.duration_seconds > Some(3600.0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Overview {
    /// Name of the measurement.
    pub name: Option<String>,
    /// Maker of the cycler.
    pub maker: Option<Cow<'static, str>>,
    /// Wall clock of the first row, ISO 8601 with offset.
    pub start_time: Option<String>,
    /// Wall clock of the last row, ISO 8601 with offset.
    pub end_time: Option<String>,
    /// From the first to the last row, in s.
    pub duration_seconds: Option<f64>,
    /// Discharge capacity of the first complete cycle, in A.h. A cycle is complete when it charged and discharged, and the
    /// test went on after it or it went as far as the one before.
    pub first_discharge_capacity: Option<f64>,
    /// Of the last complete cycle.
    pub last_discharge_capacity: Option<f64>,
    /// Charge capacity of the first complete cycle, in A.h.
    pub first_charge_capacity: Option<f64>,
    /// Of the last complete cycle.
    pub last_charge_capacity: Option<f64>,
    /// Lowest voltage, in V.
    pub min_voltage: Option<f64>,
    /// Highest voltage, in V.
    pub max_voltage: Option<f64>,
    /// Lowest current, in A: the strongest charge.
    pub min_current: Option<f64>,
    /// Highest current, in A: the strongest discharge.
    pub max_current: Option<f64>,
    /// Name of the test on the cycler.
    pub test_name: Option<String>,
    /// Channel of the cycler.
    pub channel: Option<String>,
    /// Schedule, procedure or settings file.
    pub schedule: Option<String>,
    /// Who ran it.
    pub operator: Option<String>,
    /// Barcode or comment that identifies the cell.
    pub barcode: Option<String>,
    /// Voltage over time for a thumbnail: pairs of digits of base 64 are points, by how many of 100 columns further right and how
    /// high, 0 to 63; `-` goes 63 columns further, `.` ends a line. With feature `plot`.
    pub voltage_outline: Option<String>,
}

/// Everything that was decided, dropped, converted and found.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// assert_eq!(cell.report.rows_kept, cell.time_series.height());
/// for note in &cell.report.notes {
///     println!("{}: {}", note.code.as_str(), note.message);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Report {
    /// Name and version of the report's shape (docs/schemas/report.json).
    pub schema: Cow<'static, str>,
    /// Version of this crate.
    pub library_version: Cow<'static, str>,
    /// The file.
    pub source: SourceFacts,
    /// What it is.
    pub detected: Detected,
    /// Options that shaped the output.
    pub options: OptionsFacts,
    /// Name of the test in a file that holds several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Names of all tests of a file that holds several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// The files that were joined, in the order in which they ran; empty where one file holds the measurement.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<PieceFacts>,
    /// The files that seemed to be one test when these were joined, or kept apart: another one that comes may change that.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proposed: Vec<String>,
    /// What kind of measurement it is, and was validated as: `time_series`, `eis` or `ocp`.
    pub data_type: Cow<'static, str>,
    /// Rows of the file's table.
    pub rows_read: usize,
    /// Rows of the time series.
    pub rows_kept: usize,
    /// Steps found.
    pub steps: usize,
    /// Cycles found.
    pub cycles: usize,
    /// What a list of many measurements shows of this one.
    pub overview: Overview,
    /// Every decision, in order.
    pub notes: Notes,
    /// The validator's findings.
    pub issues: Vec<ValidationIssue>,
    /// Facts about the cell, as written.
    #[serde(skip_serializing_if = "CellFacts::is_empty")]
    pub cell: CellFacts,
    /// The file's header as written.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub header: BTreeMap<String, String>,
    /// How long it took; only when that was asked for, because it is never the same twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timings: Option<Timings>,
}

impl Report {
    /// Reads the report of a bundle.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use cyclerprep::Report;
    ///
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// let bundle = std::env::temp_dir().join("cyclerprep-report-read");
    /// cell.write_bundle(&bundle)?;
    /// assert_eq!(Report::read(&bundle)?, cell.report);
    /// # std::fs::remove_dir_all(bundle)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when there is none, [`ErrorKind::Malformed`] when it is no report of a bundle.
    pub fn read(bundle: impl AsRef<Path>) -> Result<Self> {
        let path = bundle.as_ref().join("report.json");
        let read = || {
            let bytes = std::fs::read(&path).map_err(|e| Error::io("cannot read", e))?;
            serde_json::from_slice(&bytes).map_err(|e| {
                let message = format!("expected the report of a bundle: {e}");
                Error::new(ErrorKind::Malformed, message).because(e)
            })
        };
        read().map_err(|error: Error| error.in_file(path.display().to_string()))
    }

    /// The file's name, with the test's in a file that holds several.
    ///
    /// ```
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// assert_eq!(cell.report.title(), "flat.csv");
    /// # Ok::<(), cyclerprep::Error>(())
    /// ```
    pub fn title(&self) -> String {
        let part = self.part.as_ref().map(|part| format!(" [{part}]")).unwrap_or_default();
        format!("{}{part}", self.source.file_name())
    }

    /// Whether the validator found nothing of severity error.
    ///
    /// ```
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// assert!(cell.report.is_valid());
    /// # Ok::<(), cyclerprep::Error>(())
    /// ```
    pub fn is_valid(&self) -> bool {
        is_valid(&self.issues)
    }
}

/// Whether none of these is an error.
pub(crate) fn is_valid(issues: &[ValidationIssue]) -> bool {
    issues.iter().all(|issue| issue.severity != Severity::Error)
}
