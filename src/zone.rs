//! A time zone by its name, looked up once, before any file is opened.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;

use crate::error::{Error, ErrorKind, Result};

/// A time zone of the IANA database.
///
/// ```
/// use cyclerprep::{ErrorKind, Zone};
///
/// let zone: Zone = "Europe/Berlin".parse()?;
/// assert_eq!(zone.name(), "Europe/Berlin");
/// assert_eq!("Nowhere/Land".parse::<Zone>().unwrap_err().kind(), ErrorKind::Options);
/// # Ok::<(), cyclerprep::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    /// Its name, as it was given.
    ///
    /// ```
    /// assert_eq!("UTC".parse::<cyclerprep::Zone>()?.name(), "UTC");
    /// # Ok::<(), cyclerprep::Error>(())
    /// ```
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn time_zone(&self) -> TimeZone {
        self.zone.clone()
    }
}

impl FromStr for Zone {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let zone = TimeZone::get(name).map_err(|error| {
            let message = format!("expected the name of a time zone such as Europe/Berlin, found {name:?}");
            Error::new(ErrorKind::Options, message).because(error)
        });
        zone.map(|zone| Self { name: name.to_owned(), zone })
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
