//! `upload.json` in a bundle: what was sent, where, and how far an upload came.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::bundle::write_json;
use crate::error::Result;

/// Its name.
pub(super) const FILE: &str = "upload.json";

/// How far an upload came.
///
/// ```
/// use cyclerprep::platform::UploadState;
///
/// assert!(UploadState::Begun < UploadState::Done);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UploadState {
    /// The platform was asked for addresses; the files are not all there.
    Begun,
    /// The files are there; the platform has not been told.
    Sent,
    /// The platform knows, and has not said that it has processed them.
    Confirmed,
    /// The measurement is ready.
    Done,
}

/// What was sent of a bundle. It holds neither the key nor an address of a file.
///
/// ```
/// use cyclerprep::platform::Receipt;
///
/// let text = r#"{"schema": "prep-upload/1", "state": "done", "api": "https://api.example.org", "cell_instance_id": "c",
///                "measurement_id": "m", "name": "flat", "time_series_blake3": "00", "rows": 112, "at": "2026-03-15T09:30:00Z"}"#;
/// let receipt: Receipt = serde_json::from_str(text).unwrap();
/// assert_eq!(receipt.measurement_id.as_deref(), Some("m"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Receipt {
    /// Name and version of its shape.
    pub schema: String,
    /// How far it came.
    pub state: UploadState,
    /// The platform's address.
    pub api: String,
    /// The cell.
    pub cell_instance_id: String,
    /// The measurement, as soon as the platform has given it an id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measurement_id: Option<String>,
    /// The measurement's name.
    pub name: String,
    /// BLAKE3 of the time series that was sent.
    pub time_series_blake3: String,
    /// Its rows.
    pub rows: usize,
    /// When this was written, in UTC.
    pub at: String,
}

impl Receipt {
    pub(super) fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(folder.join(FILE)).ok()?).ok()
    }

    /// Puts it into the bundle, with the time.
    pub(super) fn write(&mut self, folder: &Path) -> Result<()> {
        self.at = Timestamp::now().round(jiff::Unit::Second).unwrap_or_default().to_string();
        write_json(folder.join(FILE), self)
    }

    /// The receipt as it was, or none.
    pub(super) fn put_back(before: Option<&Self>, folder: &Path) -> Result<()> {
        match before {
            Some(before) => write_json(folder.join(FILE), before),
            None => {
                let _ = std::fs::remove_file(folder.join(FILE));
                Ok(())
            }
        }
    }

    /// Whether it is about this name, at this cell of this platform.
    pub(super) fn is_of(&self, api: &str, cell: &str, name: &str) -> bool {
        self.api == api && self.cell_instance_id == cell && self.name == name
    }
}
