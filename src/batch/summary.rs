//! What became of all files of a run, counted.

use serde::Serialize;

use super::record::Record;
use super::status::Status;

/// What became of all files of a run, counted.
///
/// ```
/// use cyclerprep::batch::Summary;
///
/// assert_eq!(Summary::of(&[], 0.5), Summary { seconds: 0.5, ..Summary::default() });
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Measurements prepared, or valid where they were only checked.
    pub prepared: usize,
    /// Measurements with a finding of severity error.
    pub invalid: usize,
    /// Files that could not be read.
    pub unreadable: usize,
    /// Files whose bundle was there.
    pub skipped: usize,
    /// Files that no reader claims.
    pub unknown: usize,
    /// Rows of all measurements.
    pub rows: usize,
    /// How long it took.
    pub seconds: f64,
    /// Inputs that were not begun, because the run was stopped.
    #[serde(skip)]
    pub left: usize,
}

impl Summary {
    /// Counts records.
    ///
    /// ```
    /// assert_eq!(cyclerprep::batch::Summary::of(&[], 0.0).prepared, 0);
    /// ```
    pub fn of(records: &[Record], seconds: f64) -> Self {
        let mut summary = Self { seconds, ..Self::default() };
        records.iter().for_each(|record| summary.add(record));
        summary
    }

    /// Counts one more.
    pub(super) fn add(&mut self, record: &Record) {
        self.rows += record.rows;
        *match record.status {
            Status::Prepared | Status::Valid => &mut self.prepared,
            Status::Invalid => &mut self.invalid,
            Status::Unreadable => &mut self.unreadable,
            Status::Skipped => &mut self.skipped,
            Status::Unknown => &mut self.unknown,
        } += 1;
    }
}
