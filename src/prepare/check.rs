//! Options that no file can satisfy.

use super::PrepareOptions;
use crate::error::{Error, ErrorKind, Result};

impl PrepareOptions {
    /// Whether the options make sense, whatever the file: asked before the first one is opened.
    ///
    /// ```
    /// let mut options = cyclerprep::PrepareOptions::default();
    /// assert!(options.check().is_ok());
    /// options.time_offset_fix = Some(-1.0);
    /// assert!(options.check().is_err());
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Options`] for numbers and names that cannot be meant, [`ErrorKind::Io`] for a spectrum that is not there.
    pub fn check(&self) -> Result<()> {
        if let Some(fix) = self.time_offset_fix.filter(|fix| !fix.is_finite() || *fix < 0.0) {
            let message = format!("expected seconds of 0 or more in place of backward time steps, found {fix}");
            return Err(Error::new(ErrorKind::Options, message));
        }
        for path in &self.with_fra {
            let meta = std::fs::metadata(path);
            meta.map_err(|e| Error::io("cannot read the spectrum", e).in_file(path.display().to_string()))?;
        }
        self.validate.check()
    }
}
