//! What a run is asked for.

use crate::error::{Error, ErrorKind, Result};
use crate::measurement::BundleOptions;
use crate::prepare::PrepareOptions;

/// Options of [`convert_all`](super::convert_all).
///
/// ```
/// use cyclerprep::batch::BatchOptions;
///
/// let mut options = BatchOptions::default();
/// options.prepare.validate.strict = true;
/// options.bundle.bdf = true;
/// options.jobs = Some(2);
/// assert!(!options.force && !options.keep && !options.keep_invalid);
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct BatchOptions {
    /// How each file is prepared.
    pub prepare: PrepareOptions,
    /// What each bundle holds beyond its tables and its report.
    pub bundle: BundleOptions,
    /// Replace bundles that are there, fresh ones too.
    pub force: bool,
    /// Replace no bundle that is there, however old.
    pub keep: bool,
    /// Write the whole bundle of a measurement that is not valid, not only its report.
    pub keep_invalid: bool,
    /// Make one measurement of files that are pieces of one test (docs/decisions.md#pieces-of-one-test). The files that the
    /// caller names must all be pieces of one; in folders what belongs together is found, and the rest stays alone.
    pub join: bool,
    /// Files that are worked on at the same time. Default: the number of cores.
    pub jobs: Option<usize>,
}

impl BatchOptions {
    /// Whether some file can satisfy the options.
    ///
    /// ```
    /// let mut options = cyclerprep::batch::BatchOptions::default();
    /// assert!(options.check().is_ok());
    /// (options.force, options.keep) = (true, true);
    /// assert!(options.check().is_err());
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Options`] says which cannot be.
    pub fn check(&self) -> Result<()> {
        if self.force && self.keep {
            let message =
                "expected one of --force, which makes every bundle anew, and --keep, which makes none; found both";
            return Err(Error::new(ErrorKind::Options, message));
        }
        self.prepare.check()
    }
}
