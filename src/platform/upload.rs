//! A bundle becomes a measurement: nothing is sent twice, and what was interrupted is finished.

use std::path::Path;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::client::Client;
use super::collection::check_id;
use super::content::Content;
use super::encode;
use super::grown::{Rows, compare};
use super::problem::{PlatformError, Result};
use super::processing::settled;
use super::receipt::{Receipt, UploadState};
use super::record::Record;
use super::signed::{Begun, Outgoing, is_expired, is_unconfirmed};
use super::upload_options::UploadOptions;
use crate::measurement::Measurement;

/// The type of the files that tables are.
const PARQUET: &str = "application/octet-stream";

/// An upload of somebody else that was begun so many seconds ago is not taken for one that was given up.
const GIVEN_UP: i64 = 3600;

/// How often an upload is begun again because addresses expired.
const ROUNDS: usize = 3;

/// What became of an upload.
///
/// ```
/// use cyclerprep::platform::UploadStatus;
///
/// assert_eq!(UploadStatus::Skipped.as_str(), "skipped");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UploadStatus {
    /// The measurement is new.
    Created,
    /// An upload that had been interrupted is finished.
    Completed,
    /// The measurement was there, with fewer rows, and has the others now.
    Extended,
    /// The measurement was there, as it is here.
    Skipped,
}

impl UploadStatus {
    /// The word for programs.
    ///
    /// ```
    /// assert_eq!(cyclerprep::platform::UploadStatus::Extended.as_str(), "extended");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Completed => "completed",
            Self::Extended => "extended",
            Self::Skipped => "skipped",
        }
    }
}

/// A measurement that is in the platform now.
///
/// ```
/// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
/// # let server = stand_in::StandIn::start();
/// # let url = server.url.as_str();
/// use cyclerprep::platform::{Client, Settings, UploadOptions, UploadStatus};
/// use serde_json::json;
///
/// let client = Client::new(Settings::new(url, "key")).unwrap();
/// let nmc = client.specifications().create(&json!({"name": "NMC"})).unwrap();
/// let cell = client.cells(nmc.id()).create(&json!({"name": "cell 1"})).unwrap();
/// let measurement = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default()).unwrap();
/// let sent = client.create_measurement(cell.id(), &measurement, &UploadOptions::default()).unwrap();
/// assert_eq!((sent.status, sent.receipt.rows), (UploadStatus::Created, 112));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Uploaded {
    /// What was done.
    pub status: UploadStatus,
    /// The measurement.
    pub record: Record,
    /// What the bundle keeps of it.
    pub receipt: Receipt,
}

/// What is known of the upload while it goes on.
struct Upload<'a> {
    client: &'a Client,
    content: &'a Content,
    options: &'a UploadOptions,
    cell: &'a str,
    receipt: Receipt,
    status: UploadStatus,
    /// Whether a request may have begun it without an answer.
    is_unsure: bool,
    /// Whether the name was taken before this run began anything.
    is_taken: bool,
}

impl Client {
    /// Uploads a bundle as a measurement of a cell. It is checked first, and an invalid one sends nothing. A receipt in the
    /// bundle, `upload.json`, says how far it came: the same call again skips what is there and finishes what was interrupted.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings, UploadOptions, UploadStatus};
    /// use serde_json::json;
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// let nmc = client.specifications().create(&json!({"name": "NMC"})).unwrap();
    /// let cell = client.cells(nmc.id()).create(&json!({"name": "cell 1"})).unwrap();
    /// let folder = std::env::temp_dir().join("cyclerprep-upload-example");
    /// cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default()).unwrap().write_bundle(&folder).unwrap();
    /// let status = || client.upload_bundle(cell.id(), &folder, &UploadOptions::default()).unwrap().status;
    /// assert_eq!([status(), status()], [UploadStatus::Created, UploadStatus::Skipped]);
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// ```
    ///
    /// # Errors
    /// [`PlatformError::Invalid`] when a check fails, [`PlatformError::Differs`] when the name is taken by other content.
    pub fn upload_bundle(&self, cell: &str, folder: impl AsRef<Path>, options: &UploadOptions) -> Result<Uploaded> {
        self.upload(cell, &Content::checked(folder, options)?, options)
    }

    /// Uploads a bundle that was checked before.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Content, Settings, UploadOptions};
    /// use serde_json::json;
    ///
    /// let folder = std::env::temp_dir().join("cyclerprep-upload-checked");
    /// cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default()).unwrap().write_bundle(&folder).unwrap();
    /// let options = UploadOptions::default();
    /// let content = Content::checked(&folder, &options).unwrap();
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// let nmc = client.specifications().create(&json!({"name": "NMC"})).unwrap();
    /// let cell = client.cells(nmc.id()).create(&json!({"name": "cell 1"})).unwrap();
    /// assert_eq!(client.upload(cell.id(), &content, &options).unwrap().receipt.name, "flat");
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// ```
    ///
    /// # Errors
    /// Those of [`upload_bundle`](Self::upload_bundle), but for the checks.
    pub fn upload(&self, cell: &str, content: &Content, options: &UploadOptions) -> Result<Uploaded> {
        Upload::new(self, content, options, check_id(cell)?).run()
    }

    /// Uploads a measurement that stands in memory; what [`upload_bundle`](Self::upload_bundle) does with its bundle.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings, UploadOptions};
    /// use serde_json::json;
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// let nmc = client.specifications().create(&json!({"name": "NMC"})).unwrap();
    /// let cell = client.cells(nmc.id()).create(&json!({"name": "cell 1"})).unwrap();
    /// let measurement = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default()).unwrap();
    /// let sent = client.create_measurement(cell.id(), &measurement, &UploadOptions::default()).unwrap();
    /// assert_eq!(sent.record.name(), "flat");
    /// ```
    ///
    /// # Errors
    /// Those of [`upload_bundle`](Self::upload_bundle).
    pub fn create_measurement(
        &self,
        cell: &str,
        measurement: &Measurement,
        options: &UploadOptions,
    ) -> Result<Uploaded> {
        let folder = Scratch::new();
        measurement.write_bundle(&folder.0)?;
        self.upload_bundle(cell, &folder.0, options)
    }
}

/// Whether an error says that nothing began.
fn is_refused(error: &PlatformError) -> bool {
    match error {
        PlatformError::Api(error) => (400..=499).contains(&error.status),
        PlatformError::Differs { .. } | PlatformError::Local(_) => true,
        _ => false,
    }
}

/// A folder that is removed in the end.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new() -> Self {
        static NUMBER: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("cyclerprep-upload-{}-{number}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl<'a> Upload<'a> {
    fn new(client: &'a Client, content: &'a Content, options: &'a UploadOptions, cell: &'a str) -> Self {
        let receipt = Receipt {
            schema: "prep-upload/1".to_owned(),
            state: UploadState::Begun,
            api: client.settings().base_url().to_owned(),
            cell_instance_id: cell.to_owned(),
            measurement_id: None,
            name: content.name().to_owned(),
            time_series_blake3: content.blake3.clone(),
            rows: content.rows(),
            at: String::new(),
        };
        Self {
            client,
            content,
            options,
            cell,
            receipt,
            status: UploadStatus::Created,
            is_unsure: false,
            is_taken: false,
        }
    }

    fn run(mut self) -> Result<Uploaded> {
        let stored = Receipt::read(&self.content.folder);
        let before = stored.as_ref().filter(|old| old.is_of(&self.receipt.api, self.cell, &self.receipt.name));
        if let Some(done) = before.map(|old| self.resume(old)).transpose()?.flatten() {
            return Ok(done);
        }
        let mut ours = before.map(|old| old.measurement_id.clone());
        let mut rounds = 1;
        loop {
            match self.send(&ours) {
                Err(error) if is_expired(&error) && rounds < ROUNDS => rounds += 1,
                // What the platform refused did not begin: the bundle keeps the receipt that it had.
                Err(error)
                    if self.receipt.measurement_id.is_none()
                        && !self.is_unsure
                        && (self.is_taken || is_refused(&error)) =>
                {
                    Receipt::put_back(stored.as_ref(), &self.content.folder)?;
                    return Err(error);
                }
                done => return done,
            }
            ours = Some(self.receipt.measurement_id.clone());
        }
    }

    /// Goes on where a receipt says that it stopped; `None` when the upload has to begin anew.
    fn resume(&mut self, old: &Receipt) -> Result<Option<Uploaded>> {
        let Some(id) = &old.measurement_id else { return Ok(None) };
        let found = match self.client.record(id) {
            Ok(found) => found,
            // It was deleted there, or is made only when it is confirmed.
            Err(error) if error.api().is_some_and(|error| error.status == 404) => return Ok(None),
            Err(error) => return Err(error),
        };
        let is_sent = old.time_series_blake3 == self.content.blake3 && old.state >= UploadState::Sent;
        if !is_unconfirmed(&found) {
            let status = if old.state == UploadState::Done { UploadStatus::Skipped } else { UploadStatus::Completed };
            return if is_sent { self.settle(found, status) } else { self.compared(found) }.map(Some);
        }
        if !is_sent {
            return Ok(None);
        }
        match self.client.confirm(id, &self.confirmation()) {
            Ok(record) => self.settle(record, UploadStatus::Completed).map(Some),
            // The files are not there after all.
            Err(error) if error.api().is_some_and(|error| error.status == 400) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Begins, sends, confirms. `ours`: an upload of this bundle was begun before, under this id where the platform told one.
    fn send(&mut self, ours: &Option<Option<String>>) -> Result<Uploaded> {
        let path = format!("/cell_instances/{}/cell_measurements/initiate-upload", encode::part(self.cell));
        let mut measurement = Map::new();
        for name in ["name", "notes"] {
            measurement.extend(self.content.facts.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        let body = json!({ "measurement": measurement });
        // Before the request: without an answer, the next run knows that what it finds may be of this one.
        self.write(UploadState::Begun, None)?;
        let begun = match self.client.begin(&path, &body) {
            (Ok(begun), _) => begun,
            (Err(error), is_unsure) => {
                self.is_unsure |= is_unsure;
                let Some(id) = error.existing_id() else { return Err(error) };
                // Whatever is there was there before: nothing of this bundle began.
                self.is_taken = !self.is_unsure;
                let found = self.client.record(id)?;
                if !is_unconfirmed(&found) {
                    return self.compared(found);
                }
                let is_ours = ours.as_ref().is_some_and(|id| id.as_deref().is_none_or(|id| id == found.id()));
                self.replace(&found, is_ours || is_unsure)?;
                self.is_taken = false;
                if is_ours {
                    self.status = UploadStatus::Completed;
                }
                let (begun, is_unsure) = self.client.begin(&path, &body);
                self.is_unsure |= is_unsure;
                begun?
            }
        };
        self.files(&begun)?;
        let record = self.client.confirm(&begun.id, &self.confirmation())?;
        let status = self.status;
        self.settle(record, status)
    }

    /// Removes an upload that was never confirmed, so that it can begin anew: its addresses are lost.
    fn replace(&self, found: &Record, is_ours: bool) -> Result<()> {
        let begun = found.text("created_at").and_then(|text| text.parse::<Timestamp>().ok());
        let age = begun.map_or(i64::MAX, |begun| Timestamp::now().as_second() - begun.as_second());
        if !(is_ours || self.options.takes_over || age > GIVEN_UP) {
            let (name, id) = (found.name().to_owned(), found.id().to_owned());
            let message = format!(
                "somebody began to upload it {} min ago and has not finished; if nobody is at it, --take-over replaces it",
                age / 60
            );
            return Err(PlatformError::Differs { name, id, message });
        }
        self.client.measurements(self.cell).delete(found.id())
    }

    fn files(&mut self, begun: &Begun) -> Result<()> {
        self.write(UploadState::Begun, Some(&begun.id))?;
        let progress = self.options.progress.as_ref();
        let rows = Outgoing::of_file(&self.content.time_series())?;
        self.client.put(begun, "time_series.parquet", PARQUET, &rows, progress)?;
        if let Some(steps) = self.options.with_steps.then(|| self.content.steps_file()).transpose()?.flatten() {
            self.client.put(begun, "steps.parquet", PARQUET, &steps, progress)?;
        }
        self.write(UploadState::Sent, Some(&begun.id))
    }

    fn confirmation(&self) -> Value {
        json!({"cell_instance_id": self.cell, "measurement": self.content.facts, "measurement_type": "time_series"})
    }

    /// A measurement of this name is there: is it this one?
    fn compared(&mut self, found: Record) -> Result<Uploaded> {
        let (name, id) = (found.name().to_owned(), found.id().to_owned());
        let here = self.content.folder.display();
        let differs = |message: String| Err(PlatformError::Differs { name, id: id.clone(), message });
        if found.text("measurement_type").is_some_and(|kind| kind != "time_series") {
            return differs(format!("it is no time series, {here} is; --name gives this one another name"));
        }
        let found = self.client.wait(&id, false)?;
        self.client.settings().cache.forget(self.client.settings().base_url(), &id);
        let (ours, theirs) = (self.content.frame()?, self.client.table(&id, "time_series", false)?);
        match compare(&ours, &theirs) {
            Rows::Equal => self.settle(found, UploadStatus::Skipped),
            Rows::Grown if self.options.extends => {
                let before = theirs.height();
                let rest = ours.slice(before as i64, usize::MAX);
                drop(theirs);
                // Until that is done the receipt stays as it is: the next run compares again.
                let record = self.client.append(&id, &rest, Some(before), self.options.progress.as_ref())?;
                self.settle(record, UploadStatus::Extended)
            }
            Rows::Grown => differs(format!(
                "it has the first {} of the {} rows of {here}; --extend adds the others",
                theirs.height(),
                ours.height()
            )),
            Rows::Other(what) => differs(format!("{here} has other content: {what}; --name gives it another name")),
        }
    }

    /// The measurement is there: waits for it and writes the receipt.
    fn settle(&mut self, record: Record, status: UploadStatus) -> Result<Uploaded> {
        let id = record.id().to_owned();
        let is_new = status != UploadStatus::Skipped;
        let ready = match settled(&id, record.clone(), is_new)? {
            Some(ready) => ready,
            None => {
                self.write(UploadState::Confirmed, Some(&id))?;
                if !self.options.waits {
                    return Ok(Uploaded { status, record, receipt: self.receipt.clone() });
                }
                self.client.wait(&id, is_new)?
            }
        };
        self.write(UploadState::Done, Some(&id))?;
        Ok(Uploaded { status, record: ready, receipt: self.receipt.clone() })
    }

    fn write(&mut self, state: UploadState, id: Option<&str>) -> Result<()> {
        (self.receipt.state, self.receipt.measurement_id) = (state, id.map(str::to_owned));
        Ok(self.receipt.write(&self.content.folder)?)
    }
}
