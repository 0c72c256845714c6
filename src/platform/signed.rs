//! An upload's way: addresses from the platform, files to them, and the word that all are there.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::client::Client;
use super::collection::record;
use super::encode;
use super::problem::{ApiCode, PlatformError, Result};
use super::record::Record;
use super::transport::Sendable;
use crate::error::Error;

/// Told while files are sent: name, bytes sent, bytes in all.
///
/// ```
/// use std::sync::Arc;
/// use cyclerprep::platform::Progress;
///
/// let watch: Progress = Arc::new(|name, sent, all| eprintln!("{name}: {sent} of {all}"));
/// watch("time_series.parquet", 1, 2);
/// assert_eq!(Arc::strong_count(&watch), 1);
/// ```
pub type Progress = Arc<dyn Fn(&str, u64, u64) + Send + Sync>;

/// A file to send: from the disk, or from memory when it is small.
pub(super) enum Outgoing {
    Disk { path: PathBuf, bytes: u64 },
    Memory(Vec<u8>),
}

impl Outgoing {
    pub(super) fn of_file(path: &Path) -> Result<Self> {
        let meta = std::fs::metadata(path)
            .map_err(|error| Error::io("cannot read", error).in_file(path.display().to_string()))?;
        Ok(Self::Disk { path: path.to_path_buf(), bytes: meta.len() })
    }
}

/// A file on its way, watched.
pub(super) struct Watched<'a> {
    pub name: &'a str,
    pub content: &'a Outgoing,
    pub progress: Option<&'a Progress>,
}

impl Sendable for Watched<'_> {
    fn bytes(&self) -> u64 {
        match self.content {
            Outgoing::Disk { bytes, .. } => *bytes,
            Outgoing::Memory(content) => content.len() as u64,
        }
    }

    fn open(&self) -> Result<Box<dyn Read + '_>> {
        let inner: Box<dyn Read + '_> = match self.content {
            Outgoing::Memory(content) => Box::new(content.as_slice()),
            Outgoing::Disk { path, bytes } => {
                let file = File::open(path)
                    .map_err(|error| Error::io("cannot read", error).in_file(path.display().to_string()))?;
                // A file that grows meanwhile is sent as long as it was announced.
                Box::new(file.take(*bytes))
            }
        };
        Ok(match self.progress {
            Some(progress) => Box::new(Counted { inner, sent: 0, all: self.bytes(), name: self.name, progress }),
            None => inner,
        })
    }
}

struct Counted<'a> {
    inner: Box<dyn Read + 'a>,
    sent: u64,
    all: u64,
    name: &'a str,
    progress: &'a Progress,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.sent += read as u64;
        (self.progress)(self.name, self.sent, self.all);
        Ok(read)
    }
}

/// An upload that has begun: the measurement, and an address for each file.
#[derive(Debug)]
pub(super) struct Begun {
    pub id: String,
    places: Vec<(String, String)>,
}

impl Client {
    /// Asks for addresses. A name that is taken is a conflict. With it, whether an attempt before may have taken effect.
    pub(super) fn begin(&self, path: &str, body: &Value) -> (Result<Begun>, bool) {
        let (answer, is_unsure) = self.transport.post_again(path, body);
        let begun = answer.and_then(|answer| {
            let text = |value: &Value, field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
            let uploads = answer.get("uploads").and_then(Value::as_array);
            let place = |upload: &Value| Some((text(upload, "filename")?, text(upload, "signed_url")?));
            let places: Option<Vec<_>> = uploads.map(|all| all.iter().filter_map(place).collect());
            match (text(&answer, "measurement_id"), places) {
                (Some(id), Some(places)) => Ok(Begun { id, places }),
                _ => Err(PlatformError::unexpected(format!("POST {path}"), "addresses to send files to")),
            }
        });
        (begun, is_unsure)
    }

    /// Sends one file to its address.
    pub(super) fn put(
        &self,
        begun: &Begun,
        name: &str,
        mime: &str,
        content: &Outgoing,
        progress: Option<&Progress>,
    ) -> Result<()> {
        let place = begun.places.iter().find(|(file, _)| file == name);
        let (_, url) =
            place.ok_or_else(|| PlatformError::unexpected("the upload", &format!("an address for {name}")))?;
        self.transport.put_signed(url, mime, &Watched { name, content, progress })
    }

    /// Says that all files are there. When no answer comes it is asked whether the word arrived.
    pub(super) fn confirm(&self, id: &str, body: &Value) -> Result<Record> {
        let path = format!("/cell_measurements/{}/confirm-upload", encode::part(id));
        match self.transport.post_again(&path, body) {
            (Err(error), true) => match self.record(id) {
                Ok(found) if !is_unconfirmed(&found) => Ok(found),
                _ => Err(error),
            },
            (answer, _) => record(answer?),
        }
    }
}

/// Whether an upload of it began and was never confirmed.
pub(super) fn is_unconfirmed(record: &Record) -> bool {
    record.text("processing_status") == Some("pending")
}

/// Whether a file's address does not take it any more: it has expired.
pub(super) fn is_expired(error: &PlatformError) -> bool {
    error.api().is_some_and(|error| {
        let is_refused = matches!(error.code, ApiCode::BadRequest | ApiCode::Forbidden | ApiCode::NotFound);
        is_refused && error.request.starts_with("PUT ")
    })
}
