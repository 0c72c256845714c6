//! A reader by its id, looked up once, before any file is opened.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};
use crate::formats::Format;
use crate::makers::{self, READERS};
use crate::names;

/// The id of a reader that there is.
///
/// ```
/// use cyclerprep::PrepareOptions;
/// use cyclerprep::readers::ReaderId;
///
/// let mut options = PrepareOptions::default();
/// options.reader = Some("neware_csv".parse()?);
/// assert!(cyclerprep::prepare("fixtures/neware/flat.csv", &options)?.is_valid());
/// let error = "spreadsheet".parse::<ReaderId>().unwrap_err();
/// assert!(error.message().starts_with("expected a reader's id, found \"spreadsheet\"; there are "));
/// # Ok::<(), cyclerprep::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct ReaderId(&'static dyn Format);

impl ReaderId {
    /// The id as a text.
    ///
    /// ```
    /// assert_eq!("arbin_res".parse::<cyclerprep::readers::ReaderId>()?.as_str(), "arbin_res");
    /// # Ok::<(), cyclerprep::Error>(())
    /// ```
    pub fn as_str(self) -> &'static str {
        self.0.info().id
    }

    /// The reader.
    ///
    /// ```
    /// let id: cyclerprep::readers::ReaderId = "arbin_res".parse()?;
    /// assert_eq!(id.reader().info().name, "Arbin database");
    /// # Ok::<(), cyclerprep::Error>(())
    /// ```
    pub fn reader(self) -> &'static dyn Format {
        self.0
    }
}

impl From<&'static dyn Format> for ReaderId {
    fn from(reader: &'static dyn Format) -> Self {
        Self(reader)
    }
}

impl FromStr for ReaderId {
    type Err = Error;

    fn from_str(id: &str) -> Result<Self> {
        makers::by_id(id).map(Self).ok_or_else(|| {
            let ids = READERS.iter().map(|reader| reader.info().id);
            Error::new(ErrorKind::Options, names::unknown("a reader's id", id, ids, true))
        })
    }
}

impl PartialEq for ReaderId {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for ReaderId {}

impl fmt::Display for ReaderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ReaderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReaderId({})", self.as_str())
    }
}
