//! What became of all files of a run, counted.

use serde::Serialize;

use super::record::Record;
use super::status::Status;

/// What became of all files of a run, counted.
///
/// ```
/// use cyclerprep::batch::Summary;
///
/// let summary = Summary::of(&[], 0.5);
/// assert_eq!((summary.prepared, summary.invalid, summary.seconds), (0, 0, 0.5));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// Measurements prepared, or valid where they were only checked.
    pub prepared: usize,
    /// Measurements that replaced older bundles of their own.
    pub updated: usize,
    /// Measurements with a finding of severity error, skipped ones included.
    pub invalid: usize,
    /// Tests without rows.
    pub empty: usize,
    /// Files that could not be read.
    pub unreadable: usize,
    /// Measurements whose bundle was fresh.
    pub skipped: usize,
    /// Files that are known and no tests.
    pub side_file: usize,
    /// Files that no reader claims.
    pub unknown: usize,
    /// Rows of all measurements that were read.
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
    pub(crate) fn add(&mut self, record: &Record) {
        if record.status == Status::Skipped {
            self.invalid += usize::from(record.is_invalid());
        } else {
            self.rows += record.rows;
        }
        *match record.status {
            Status::Prepared | Status::Valid => &mut self.prepared,
            Status::Updated => &mut self.updated,
            Status::Invalid => &mut self.invalid,
            Status::Empty => &mut self.empty,
            Status::SideFile => &mut self.side_file,
            Status::Unreadable => &mut self.unreadable,
            Status::Skipped => &mut self.skipped,
            Status::Unknown => &mut self.unknown,
        } += 1;
    }
}
