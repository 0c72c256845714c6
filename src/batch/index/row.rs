//! One row of the index, from a record or from a bundle's report; and its columns, the one table of them.

use std::borrow::Cow;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::cell::{Cell, IndexKind, Instant, Value};
use super::codes::Codes;
use crate::batch::record::Record;
use crate::batch::status::Status;
use crate::bundle::{Overview, Report};

/// A column of `index.json` and `index.parquet`.
///
/// ```
/// use cyclerprep::batch::INDEX_COLUMNS;
///
/// assert_eq!(INDEX_COLUMNS[0].name, "source");
/// assert!(INDEX_COLUMNS.iter().all(|column| !column.meaning.is_empty()));
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct IndexColumn {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: IndexKind,
    /// What it means.
    pub meaning: &'static str,
    pub(super) of: fn(&Row) -> Value<'_>,
}

macro_rules! columns {
    ($($field:ident: $type:ty, $meaning:literal;)*) => {
        /// One row. There may be ten thousands of them: words that repeat are shared.
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default)]
        pub(super) struct Row {
            $(pub(super) $field: $type,)*
        }

        /// All columns of the index in their order.
        ///
        /// ```
        /// let names: Vec<&str> = cyclerprep::batch::INDEX_COLUMNS.iter().map(|column| column.name).collect();
        /// assert!(names.contains(&"duplicate_of") && names.contains(&"series"));
        /// ```
        pub static INDEX_COLUMNS: &[IndexColumn] = &[$(
            IndexColumn {
                name: stringify!($field),
                kind: <$type as Cell>::KIND,
                meaning: $meaning,
                of: |row| row.$field.value(),
            },
        )*];
    };
}

columns! {
    source: Box<str>, "the file, as it was named";
    part: Option<Box<str>>, "the test, in a file that holds several";
    name: Option<Box<str>>, "name of the measurement";
    status: Cow<'static, str>, "what became of it";
    maker: Option<Cow<'static, str>>, "maker of the cycler";
    reader: Option<Cow<'static, str>>, "id of the reader";
    rows: u64, "rows of the time series";
    steps: u64, "number of steps";
    cycles: u64, "number of cycles";
    first_discharge_capacity: Option<f64>, "of the first complete cycle, in A.h";
    last_discharge_capacity: Option<f64>, "of the last complete cycle, in A.h";
    first_charge_capacity: Option<f64>, "of the first complete cycle, in A.h";
    last_charge_capacity: Option<f64>, "of the last complete cycle, in A.h";
    min_voltage: Option<f64>, "in V";
    max_voltage: Option<f64>, "in V";
    min_current: Option<f64>, "in A; charging is negative";
    max_current: Option<f64>, "in A";
    duration_seconds: Option<f64>, "from the first to the last row, in s";
    start_time: Option<Instant>, "wall clock of the first row";
    end_time: Option<Instant>, "wall clock of the last row";
    test_name: Option<Box<str>>, "name of the test on the cycler";
    channel: Option<Box<str>>, "channel of the cycler";
    schedule: Option<Box<str>>, "schedule, procedure or settings file";
    operator: Option<Box<str>>, "who ran it";
    barcode: Option<Box<str>>, "barcode or comment that identifies the cell";
    voltage_outline: Option<Box<str>>, "voltage over time as a thumbnail shows it, as text";
    issues: Codes, "codes of the validator's findings, each once";
    notes: Codes, "codes of the notes, each once";
    bytes: u64, "size of the file";
    modified: Option<Instant>, "when the file was last changed";
    blake3: Option<Box<str>>, "hash of the file";
    options_fingerprint: Option<Box<str>>, "equal for measurements that were made with the same options";
    duplicate_of: Option<Box<str>>, "source of the first file with the same content";
    series: Option<Box<str>>, "equal for measurements that seem to belong to one test";
    output: Option<Box<str>>, "the bundle, relative to the index";
    error: Option<Box<str>>, "why there is no measurement";
}

impl Row {
    /// The row of a measurement that was worked on; `None` for one that was skipped.
    pub(super) fn of(record: &Record, out: &Path) -> Option<Self> {
        if record.status == Status::Skipped {
            return None;
        }
        let (meta, joined) = (std::fs::metadata(&record.source).ok(), record.joined.as_ref());
        let row = Self {
            source: record.source.display().to_string().into(),
            part: record.part.as_deref().map(Box::from),
            // That it took the place of an older one is of the run, not of the measurement.
            status: if record.status == Status::Updated { Status::Prepared } else { record.status }.as_str().into(),
            reader: record.reader.clone(),
            rows: record.rows as u64,
            steps: record.steps as u64,
            cycles: record.cycles as u64,
            issues: Codes::of(record.issues.iter().map(|issue| issue.code.as_str())),
            notes: Codes::of(record.notes.iter().map(|note| note.code.as_str())),
            bytes: joined.map_or_else(|| meta.as_ref().map_or(0, std::fs::Metadata::len), |(bytes, _)| *bytes),
            modified: match joined {
                Some((_, modified)) => modified.as_deref().and_then(Instant::parse),
                None => meta.and_then(|meta| meta.modified().ok()).and_then(Instant::of),
            },
            blake3: record.blake3.as_deref().map(Box::from),
            options_fingerprint: record.options_fingerprint.as_deref().map(Box::from),
            output: record.output.as_ref().map(|output| relative(output, out)),
            error: record.error.as_ref().map(|error| format!("{}: {}", error.kind.as_str(), error.message).into()),
            ..Self::default()
        };
        Some(row.with_overview(&record.overview))
    }

    /// The row of a bundle that an earlier run made, from its report.
    pub(super) fn of_bundle(folder: &Path, out: &Path) -> Option<Self> {
        let report = Report::read(folder).ok().filter(|report| !report.source.name.is_empty())?;
        let status = if report.is_valid() { Status::Prepared } else { Status::Invalid };
        let row = Self {
            part: report.part.map(Box::from),
            status: status.as_str().into(),
            maker: Some(report.detected.maker),
            reader: Some(report.detected.reader),
            rows: report.rows_kept as u64,
            steps: report.steps as u64,
            cycles: report.cycles as u64,
            issues: Codes::of(report.issues.iter().map(|issue| issue.code.as_str())),
            notes: Codes::of(report.notes.iter().map(|note| note.code.as_str())),
            bytes: report.source.bytes,
            modified: report.source.modified.as_deref().and_then(Instant::parse),
            blake3: Some(report.source.blake3.into()),
            options_fingerprint: Some(report.options.fingerprint.into()),
            output: Some(relative(folder, out)),
            source: report.source.name.into(),
            ..Self::default()
        };
        Some(row.with_overview(&report.overview))
    }

    fn with_overview(self, overview: &Overview) -> Self {
        let text = |text: &Option<String>| text.as_deref().map(Box::from);
        let time = |text: &Option<String>| text.as_deref().and_then(Instant::parse);
        Self {
            name: text(&overview.name),
            maker: overview.maker.clone().or(self.maker),
            first_discharge_capacity: overview.first_discharge_capacity,
            last_discharge_capacity: overview.last_discharge_capacity,
            first_charge_capacity: overview.first_charge_capacity,
            last_charge_capacity: overview.last_charge_capacity,
            min_voltage: overview.min_voltage,
            max_voltage: overview.max_voltage,
            min_current: overview.min_current,
            max_current: overview.max_current,
            duration_seconds: overview.duration_seconds,
            start_time: time(&overview.start_time),
            end_time: time(&overview.end_time),
            test_name: text(&overview.test_name),
            channel: text(&overview.channel),
            schedule: text(&overview.schedule),
            operator: text(&overview.operator),
            barcode: text(&overview.barcode),
            voltage_outline: text(&overview.voltage_outline),
            ..self
        }
    }
}

pub(super) fn relative(path: &Path, out: &Path) -> Box<str> {
    path.strip_prefix(out).unwrap_or(path).to_string_lossy().replace('\\', "/").into()
}
