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
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Status {
    /// Its bundle is written.
    Prepared,
    /// It was checked and nothing of severity error was found.
    Valid,
    /// The validator found something of severity error.
    Invalid,
    /// It could not be read, or its output could not be written.
    Unreadable,
    /// Its bundle was there already.
    Skipped,
    /// No reader claims it, or it holds something else than a test.
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
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Unreadable => "unreadable",
            Self::Skipped => "skipped",
            Self::Unknown => "unknown",
        }
    }
}
