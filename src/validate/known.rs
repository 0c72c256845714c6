//! Options of the validator that no table can satisfy.

use super::checks::timing::instant;
use super::{STRICT_CHECK_NAMES, ValidateOptions};
use crate::error::{Error, ErrorKind, Result};
use crate::names;

impl ValidateOptions {
    /// Whether the options make sense, whatever the table.
    ///
    /// ```
    /// let mut options = cyclerprep::ValidateOptions::default();
    /// assert!(options.check().is_ok());
    /// options.rated_capacity = Some(-2.5);
    /// assert!(options.check().is_err());
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Options`] for a check that there is not, a capacity or a window that is none, or a time that cannot be read.
    pub fn check(&self) -> Result<()> {
        let wrong = |message: String| Err(Error::new(ErrorKind::Options, message));
        if let Some(unknown) = self.skip.iter().find(|name| !STRICT_CHECK_NAMES.contains(&name.as_str())) {
            let all = STRICT_CHECK_NAMES.iter().copied();
            return wrong(names::unknown("the name of a strict check", unknown, all, true));
        }
        if let Some(capacity) = self.rated_capacity.filter(|capacity| !capacity.is_finite() || *capacity <= 0.0) {
            return wrong(format!("expected a rated capacity above 0 A.h, found {capacity}"));
        }
        if let Some((low, high)) = self.voltage_window
            && !(low.is_finite() && high.is_finite() && low < high)
        {
            return wrong(format!(
                "expected a voltage window whose lowest voltage is below the highest, found {low},{high}"
            ));
        }
        instant(self.start_time.as_deref(), "start time")?;
        instant(self.end_time.as_deref(), "end time")?;
        Ok(())
    }
}
