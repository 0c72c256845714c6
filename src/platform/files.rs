//! Measurements that are files: pictures, documents, whatever lies on the disk.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::client::Client;
use super::collection::check_name;
use super::encode;
use super::problem::{PlatformError, Result};
use super::record::Record;
use super::signed::{Outgoing, is_unconfirmed};
use crate::error::Error;

/// A kind of picture: extensions, type, and what a file of it begins with.
type Picture = (&'static [&'static str], &'static str, fn(&[u8]) -> bool);

static PICTURES: [Picture; 6] = [
    (&["png"], "image/png", |head| head.starts_with(b"\x89PNG\r\n\x1a\n")),
    (&["jpg", "jpeg"], "image/jpeg", |head| head.starts_with(b"\xFF\xD8\xFF")),
    (&["tif", "tiff"], "image/tiff", |head| head.starts_with(b"II*\0") || head.starts_with(b"MM\0*")),
    (&["gif"], "image/gif", |head| head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a")),
    (&["bmp"], "image/bmp", |head| head.starts_with(b"BM")),
    (&["webp"], "image/webp", |head| head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP")),
];

fn picture(name: &str) -> Option<&'static Picture> {
    let extension = Path::new(name).extension()?.to_str()?.to_ascii_lowercase();
    PICTURES.iter().find(|(extensions, ..)| extensions.contains(&extension.as_str()))
}

impl Client {
    /// Makes a measurement of files: a JSON object with `name` and, perhaps, `notes`, `protocol`, `test_setup`, `start_time`,
    /// `end_time`, `tags`. With `validate_images` every file has to be the picture that its extension says.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings};
    /// use serde_json::json;
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// let nmc = client.specifications().create(&json!({"name": "NMC"})).unwrap();
    /// let cell = client.cells(nmc.id()).create(&json!({"name": "cell 1"})).unwrap();
    /// let made = client.create_files(cell.id(), &json!({"name": "SEM"}), &["LICENSE"], false).unwrap();
    /// assert_eq!(made.text("measurement_type"), Some("file"));
    /// assert!(client.create_files(cell.id(), &json!({"name": "SEM 2"}), &["LICENSE"], true).is_err());
    /// ```
    ///
    /// # Errors
    /// [`PlatformError::Local`] for a file that cannot be read, two of one name, or a picture that is none; nothing is sent.
    pub fn create_files(
        &self,
        cell: &str,
        fields: &Value,
        files: &[impl AsRef<Path>],
        validate_images: bool,
    ) -> Result<Record> {
        check_name(fields)?;
        let mut all: Vec<(String, Outgoing)> = Vec::new();
        for file in files {
            let (name, content) = opened(file.as_ref(), validate_images)?;
            if all.iter().any(|(other, _)| *other == name) {
                return Err(PlatformError::options(format!("expected files of different names, found {name:?} twice")));
            }
            all.push((name, content));
        }
        if all.is_empty() {
            return Err(PlatformError::options("expected files, found none"));
        }
        let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
        let path = format!("/cell_instances/{}/cell_measurements/initiate-upload", encode::part(cell));
        let mut first = Map::new();
        for name in ["name", "notes"] {
            first.extend(fields.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        let body = json!({"measurement": first, "measurement_type": "file", "filenames": names});
        let begun = match self.begin(&path, &body) {
            // An attempt without an answer began it: its addresses are lost.
            (Err(error), true) => match error.existing_id().map(|id| self.record(id)).transpose()? {
                Some(found) if is_unconfirmed(&found) => {
                    self.measurements(cell).delete(found.id())?;
                    self.begin(&path, &body).0?
                }
                _ => return Err(error),
            },
            (begun, _) => begun?,
        };
        for (name, content) in &all {
            let mime = picture(name).map_or("application/octet-stream", |(_, mime, _)| mime);
            self.put(&begun, name, mime, content, None)?;
        }
        let word =
            json!({"cell_instance_id": cell, "measurement": fields, "measurement_type": "file", "filenames": names});
        self.confirm(&begun.id, &word)
    }
}

fn opened(path: &Path, validate_images: bool) -> Result<(String, Outgoing)> {
    let at = || path.display().to_string();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.ok_or_else(|| PlatformError::options(format!("expected a file, found {:?}", at())))?;
    let content = Outgoing::of_file(path)?;
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(16).read_to_end(&mut head));
    read.map_err(|error| Error::io("cannot read", error).in_file(at()))?;
    if !validate_images {
        return Ok((name, content));
    }
    let known = "bmp, gif, jpeg, jpg, png, tif, tiff, webp";
    match picture(&name) {
        None => Err(PlatformError::options(format!("expected a picture ({known}), found {name:?}"))),
        Some((_, mime, is_one)) if !is_one(&head) => Err(PlatformError::options(format!(
            "expected a picture of type {mime} in {name:?}, found other first bytes"
        ))),
        Some(_) => Ok((name, content)),
    }
}
