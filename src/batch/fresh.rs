//! Whether an output that is there stays.

use std::path::Path;

use super::options::BatchOptions;

/// What happens to the output of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays as it is.
    Kept,
    /// It is made, or made anew.
    Made,
}

pub(super) fn fate(output: &Path, options: &BatchOptions) -> Fate {
    if output.exists() && !options.force { Fate::Kept } else { Fate::Made }
}
