//! How a measurement is uploaded.

use serde_json::{Map, Value};

use super::signed::Progress;
use crate::validate::ValidateOptions;

/// How a measurement is uploaded.
///
/// ```
/// let options = cyclerprep::platform::UploadOptions::default();
/// assert!(options.validate.strict && options.with_steps && options.waits && !options.extends);
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct UploadOptions {
    /// The checks before anything is sent. Default: the strict ones too.
    pub validate: ValidateOptions,
    /// Facts that stand before those of the bundle: `name`, `notes`, `protocol`, `test_setup`, `start_time` …
    pub facts: Map<String, Value>,
    /// Whether the steps are sent; without them the platform makes its own. Default: yes.
    pub with_steps: bool,
    /// Whether a measurement of this name that is the beginning of this one gets the rest. Default: no.
    pub extends: bool,
    /// Whether an upload of this name that somebody else began, and did not finish, is replaced at once. Default: no.
    pub takes_over: bool,
    /// Whether to wait until the platform has processed it. Default: yes.
    pub waits: bool,
    /// Told while files are sent.
    pub progress: Option<Progress>,
}

impl Default for UploadOptions {
    fn default() -> Self {
        let validate = ValidateOptions { strict: true, ..ValidateOptions::default() };
        Self {
            validate,
            facts: Map::new(),
            with_steps: true,
            extends: false,
            takes_over: false,
            waits: true,
            progress: None,
        }
    }
}

impl std::fmt::Debug for UploadOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadOptions")
            .field("facts", &self.facts)
            .field("extends", &self.extends)
            .finish_non_exhaustive()
    }
}
