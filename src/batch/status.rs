//! What became of a file, in a word.

use serde::Serialize;

/// What became of a file.
///
/// ```
/// use cyclerprep::batch::Status;
///
/// assert_eq!(Status::Unreadable.as_str(), "unreadable");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// Its bundle is written.
    Prepared,
    /// The same, and it replaced an older bundle of its own.
    Updated,
    /// It was checked and nothing of severity error was found.
    Valid,
    /// The validator found something of severity error.
    Invalid,
    /// It is a test without rows.
    Empty,
    /// It could not be read, or its output could not be written; or only a cycler gives such a name, and no reader claims it.
    Unreadable,
    /// A fresh bundle was there.
    Skipped,
    /// It is known and no test: statistics, a procedure, a part that is read with another file.
    SideFile,
    /// No reader claims it.
    Unknown,
}

impl Status {
    /// The word in reports.
    ///
    /// ```
    /// assert_eq!(cyclerprep::batch::Status::Prepared.as_str(), "prepared");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Updated => "updated",
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Empty => "empty",
            Self::Unreadable => "unreadable",
            Self::Skipped => "skipped",
            Self::SideFile => "side_file",
            Self::Unknown => "unknown",
        }
    }
}
