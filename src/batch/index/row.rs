//! One row of the index, from a record or from a bundle's report.

use std::borrow::Cow;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::codes::Codes;
use crate::batch::record::Record;
use crate::batch::status::Status;
use crate::bundle::Report;

/// One row. There may be ten thousands of them: words that repeat are shared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Row {
    pub(super) source: Box<str>,
    pub(super) part: Option<Box<str>>,
    pub(super) status: Cow<'static, str>,
    pub(super) reader: Option<Cow<'static, str>>,
    pub(super) rows: u64,
    pub(super) steps: u64,
    pub(super) cycles: u64,
    pub(super) first_discharge_capacity: Option<f64>,
    pub(super) last_discharge_capacity: Option<f64>,
    pub(super) duration_seconds: Option<f64>,
    pub(super) start_time: Option<Box<str>>,
    pub(super) issues: Codes,
    pub(super) notes: Codes,
    pub(super) blake3: Option<Box<str>>,
    /// Relative to the folder of the index.
    pub(super) output: Option<Box<str>>,
    pub(super) error: Option<Box<str>>,
}

impl Row {
    /// The row of a measurement that was worked on; `None` for one that was skipped.
    pub(super) fn of(record: &Record, out: &Path) -> Option<Self> {
        if record.status == Status::Skipped {
            return None;
        }
        let overview = &record.overview;
        Some(Self {
            source: record.source.display().to_string().into(),
            part: record.part.as_deref().map(Box::from),
            status: record.status.as_str().into(),
            reader: record.reader.clone(),
            rows: record.rows as u64,
            steps: record.steps as u64,
            cycles: record.cycles as u64,
            first_discharge_capacity: overview.first_discharge_capacity,
            last_discharge_capacity: overview.last_discharge_capacity,
            duration_seconds: overview.duration_seconds,
            start_time: overview.start_time.as_deref().map(Box::from),
            issues: Codes::of(record.issues.iter().map(|issue| issue.code.as_str())),
            notes: Codes::of(record.notes.iter().map(|note| note.code.as_str())),
            blake3: record.blake3.as_deref().map(Box::from),
            output: record.output.as_ref().map(|output| relative(output, out)),
            error: record.error.as_ref().map(|error| format!("{}: {}", error.kind.as_str(), error.message).into()),
        })
    }

    /// The row of a bundle that an earlier run made, from its report.
    pub(super) fn of_bundle(folder: &Path, out: &Path) -> Option<Self> {
        let report = Report::read(folder).ok().filter(|report| !report.source.name.is_empty())?;
        let status = if report.is_valid() { Status::Prepared } else { Status::Invalid };
        let issues = Codes::of(report.issues.iter().map(|issue| issue.code.as_str()));
        let notes = Codes::of(report.notes.iter().map(|note| note.code.as_str()));
        let overview = report.overview;
        Some(Self {
            source: report.source.name.into(),
            part: report.part.map(Box::from),
            status: status.as_str().into(),
            reader: Some(report.detected.reader),
            rows: report.rows_kept as u64,
            steps: report.steps as u64,
            cycles: report.cycles as u64,
            first_discharge_capacity: overview.first_discharge_capacity,
            last_discharge_capacity: overview.last_discharge_capacity,
            duration_seconds: overview.duration_seconds,
            start_time: overview.start_time.map(Box::from),
            issues,
            notes,
            blake3: Some(report.source.blake3.into()),
            output: Some(relative(folder, out)),
            error: None,
        })
    }
}

pub(super) fn relative(path: &Path, out: &Path) -> Box<str> {
    path.strip_prefix(out).unwrap_or(path).to_string_lossy().replace('\\', "/").into()
}
