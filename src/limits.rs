//! How much a file may cost. On by default; [`Limits::none`] switches them off.

use crate::error::{Error, ErrorKind, Result};

/// Upper bounds that hold while a file is read. A size that a file states is compared with what is left of these (and of
/// the file) before anything is reserved for it.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::{ErrorKind, Limits, Source};
///
/// let mut limits = Limits::default();
/// limits.input_bytes = 100;
/// let error = Source::open("fixtures/neware/flat.csv", &limits).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Limit);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Largest input file in bytes. Default 8 GiB.
    pub input_bytes: u64,
    /// Most rows of one table. Default 500 million.
    pub rows: u64,
    /// Most columns of one table. Default 4096.
    pub columns: u64,
    /// Most bytes that the members of a zip archive (a workbook is one) inflate to. Default 4 GiB.
    pub inflated_bytes: u64,
    /// Most members of a zip archive, and sheets of a workbook. Default 10 000.
    pub members: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { input_bytes: 8 << 30, rows: 500_000_000, columns: 4096, inflated_bytes: 4 << 30, members: 10_000 }
    }
}

impl Limits {
    /// No limits at all, for files that you trust.
    ///
    /// ```
    /// assert!(cyclerprep::Limits::none().rows > cyclerprep::Limits::default().rows);
    /// ```
    pub fn none() -> Self {
        let max = u64::MAX;
        Self { input_bytes: max, rows: max, columns: max, inflated_bytes: max, members: max }
    }

    /// `Err` of kind [`ErrorKind::Limit`] when `found` is more than `allowed`.
    pub(crate) fn check(what: &str, found: u64, allowed: u64) -> Result<()> {
        if found <= allowed {
            return Ok(());
        }
        let message = format!("{what}: found {found}, allowed are {allowed} (raise the limit if you trust the file)");
        Err(Error::new(ErrorKind::Limit, message))
    }
}
