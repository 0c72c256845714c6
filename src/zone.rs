//! A time zone by its name, looked up once, before any file is opened.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;

use crate::error::{Error, ErrorKind, Result};
use crate::names;

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

    /// All that there are.
    pub(crate) fn names() -> impl Iterator<Item = String> {
        jiff::tz::db().available().map(|name| name.to_string())
    }

    pub(crate) fn time_zone(&self) -> TimeZone {
        self.zone.clone()
    }
}

impl FromStr for Zone {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let zone = TimeZone::get(name).map_err(|error| {
            let zones: Vec<String> = Self::names().collect();
            let what = "the name of a time zone such as Europe/Berlin";
            let message = names::unknown(what, name, zones.iter().map(String::as_str), false);
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
