//! One row of the index, from a record or from a bundle's report.

use std::borrow::Cow;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::codes::Codes;
use crate::batch::record::Record;
use crate::batch::status::Status;

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
            reader: record.reader.map(Cow::Borrowed),
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
        let report: Value = serde_json::from_slice(&std::fs::read(folder.join("report.json")).ok()?).ok()?;
        let text = |value: &Value| value.as_str().map(Box::from);
        let number = |value: &Value| value.as_u64().unwrap_or(0);
        let list = |value: &Value| {
            let all = value.as_array().into_iter().flatten().filter_map(|entry| entry["code"].as_str());
            Codes::of(all)
        };
        let overview = &report["overview"];
        let is_error = |issue: &Value| issue["severity"] == "error";
        let invalid = report["issues"].as_array().is_some_and(|issues| issues.iter().any(is_error));
        Some(Self {
            source: text(&report["source"]["name"])?,
            part: text(&report["part"]),
            status: if invalid { Status::Invalid } else { Status::Prepared }.as_str().into(),
            reader: report["detected"]["reader"].as_str().map(|id| Cow::Owned(id.to_owned())),
            rows: number(&report["rows_kept"]),
            steps: number(&report["steps"]),
            cycles: number(&report["cycles"]),
            first_discharge_capacity: overview["first_discharge_capacity"].as_f64(),
            last_discharge_capacity: overview["last_discharge_capacity"].as_f64(),
            duration_seconds: overview["duration_seconds"].as_f64(),
            start_time: text(&overview["start_time"]),
            issues: list(&report["issues"]),
            notes: list(&report["notes"]),
            blake3: text(&report["source"]["blake3"]),
            output: Some(relative(folder, out)),
            error: None,
        })
    }
}

pub(super) fn relative(path: &Path, out: &Path) -> Box<str> {
    path.strip_prefix(out).unwrap_or(path).to_string_lossy().replace('\\', "/").into()
}
