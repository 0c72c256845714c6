//! What a run is asked for.

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
/// assert!(!options.force && !options.keep_invalid);
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct BatchOptions {
    /// How each file is prepared.
    pub prepare: PrepareOptions,
    /// What each bundle holds beyond its tables and its report.
    pub bundle: BundleOptions,
    /// Replace bundles that are there.
    pub force: bool,
    /// Write the whole bundle of a measurement that is not valid, not only its report.
    pub keep_invalid: bool,
    /// Files that are worked on at the same time. Default: the number of cores.
    pub jobs: Option<usize>,
}
