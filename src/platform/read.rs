//! Reading back: the tables and the files of a measurement.

use std::io::Write;

use polars::prelude::DataFrame;
use serde_json::Value;

use super::client::Client;
use super::collection::check_id;
use super::columns::frame_of;
use super::encode;
use super::problem::{PlatformError, Result};
use super::record::Record;
use super::transport::Call;
use crate::parquet;

/// A measurement with all its tables. Those that it has not, as of type `properties`, are empty.
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
/// let detail = client.detail(sent.record.id()).unwrap();
/// assert_eq!((detail.time_series.height(), detail.steps.height()), (112, 10));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Detail {
    /// What the platform states of it.
    pub record: Record,
    /// Its rows.
    pub time_series: DataFrame,
    /// One row a step.
    pub steps: DataFrame,
    /// One row a cycle.
    pub cycles: DataFrame,
}

impl Client {
    /// The rows of a measurement: from the cache, if it has them.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings};
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// assert_eq!(client.time_series("no such").unwrap_err().api().unwrap().status, 404);
    /// ```
    ///
    /// # Errors
    /// What the platform refuses; [`PlatformError::Local`] when the file is no Parquet.
    pub fn time_series(&self, id: &str) -> Result<DataFrame> {
        self.table(id, "time_series", true)
    }

    /// The steps of a measurement: from the cache, if it has them.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings};
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// assert!(client.steps("no such").is_err());
    /// ```
    ///
    /// # Errors
    /// Those of [`time_series`](Self::time_series).
    pub fn steps(&self, id: &str) -> Result<DataFrame> {
        self.table(id, "steps", true)
    }

    /// The cycles of a measurement: from the cache, if it has them.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings};
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// assert!(client.cycles("no such").is_err());
    /// ```
    ///
    /// # Errors
    /// Those of [`time_series`](Self::time_series).
    pub fn cycles(&self, id: &str) -> Result<DataFrame> {
        self.cached(id, "cycles", true, || {
            let path = self.path(id, "cycles")?;
            let answer = self.transport.json(Call::get(&path))?;
            frame_of(answer.get("cycles").unwrap_or(&answer), &path)
        })
    }

    /// The record of a measurement with all its tables.
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
    /// let made = client.create_properties(cell.id(), &json!({"name": "look", "properties": {"look": "fine"}})).unwrap();
    /// assert_eq!(client.detail(made.id()).unwrap().time_series.height(), 0);
    /// ```
    ///
    /// # Errors
    /// Those of [`time_series`](Self::time_series).
    pub fn detail(&self, id: &str) -> Result<Detail> {
        let record = self.record(id)?;
        if record.text("measurement_type").is_some_and(|kind| kind != "time_series") {
            let none = DataFrame::empty;
            return Ok(Detail { record, time_series: none(), steps: none(), cycles: none() });
        }
        let (steps, cycles) = self.steps_and_cycles(id)?;
        Ok(Detail { record, time_series: self.time_series(id)?, steps, cycles })
    }

    /// The steps and the cycles of a measurement, in one request where the platform answers it.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings};
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// assert!(client.steps_and_cycles("no such").is_err());
    /// ```
    ///
    /// # Errors
    /// Those of [`time_series`](Self::time_series).
    pub fn steps_and_cycles(&self, id: &str) -> Result<(DataFrame, DataFrame)> {
        let path = self.path(id, "steps_and_cycles")?;
        match self.transport.json(Call::get(&path)) {
            Ok(answer) => {
                let table = |name: &str| frame_of(answer.get(name).unwrap_or(&Value::Null), &path);
                Ok((table("steps")?, table("cycles")?))
            }
            Err(error) if error.api().is_some_and(|error| error.status == 404) => {
                Ok((self.steps(id)?, self.cycles(id)?))
            }
            Err(error) => Err(error),
        }
    }

    /// The names of a measurement's files.
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
    /// let made = client.create_files(cell.id(), &json!({"name": "notes"}), &["docs/overview.svg"], false).unwrap();
    /// assert_eq!(client.files(made.id()).unwrap(), ["overview.svg"]);
    /// ```
    ///
    /// # Errors
    /// What the platform refuses.
    pub fn files(&self, id: &str) -> Result<Vec<String>> {
        let path = self.path(id, "files")?;
        let answer = self.transport.json(Call::get(&path))?;
        let names = answer.get("filenames").and_then(|names| serde_json::from_value(names.clone()).ok());
        names.ok_or_else(|| PlatformError::unexpected(format!("GET {path}"), "names of files"))
    }

    /// Copies a file of a measurement into a target; how many bytes.
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
    /// let made = client.create_files(cell.id(), &json!({"name": "notes"}), &["LICENSE"], false).unwrap();
    /// let mut content = Vec::new();
    /// client.copy_file(made.id(), "LICENSE", &mut content).unwrap();
    /// assert_eq!(content, std::fs::read("LICENSE").unwrap());
    /// ```
    ///
    /// # Errors
    /// What the platform refuses; [`PlatformError::Local`] when the target cannot be written.
    pub fn copy_file(&self, id: &str, name: &str, target: &mut dyn Write) -> Result<u64> {
        let path = self.path(id, &format!("files/{}", encode::part(name)))?;
        self.copy(&path, target)
    }

    /// Copies the Parquet file of a measurement's rows into a target; how many bytes.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings};
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// assert!(client.copy_time_series("no such", &mut Vec::new()).is_err());
    /// ```
    ///
    /// # Errors
    /// Those of [`copy_file`](Self::copy_file).
    pub fn copy_time_series(&self, id: &str, target: &mut dyn Write) -> Result<u64> {
        self.copy(&self.path(id, "time_series/download")?, target)
    }

    fn copy(&self, path: &str, target: &mut dyn Write) -> Result<u64> {
        let answer = self.transport.open(path)?;
        match self.transport.location(path, &answer)? {
            Some(url) => Ok(self.transport.copy_signed(&url, None, target)?.total),
            None => self.transport.copy_body(path, answer, target),
        }
    }

    pub(super) fn path(&self, id: &str, what: &str) -> Result<String> {
        Ok(format!("/cell_measurements/{}/{what}", encode::part(check_id(id)?)))
    }

    /// A table that is kept as Parquet; `is_kept`: the cache may give it.
    pub(super) fn table(&self, id: &str, table: &str, is_kept: bool) -> Result<DataFrame> {
        self.cached(id, table, is_kept, || {
            let mut bytes = Vec::new();
            self.copy(&self.path(id, &format!("{table}/download"))?, &mut bytes)?;
            Ok(parquet::rows(bytes.into(), None)?)
        })
    }

    fn cached(
        &self,
        id: &str,
        table: &str,
        is_kept: bool,
        read: impl FnOnce() -> Result<DataFrame>,
    ) -> Result<DataFrame> {
        let (cache, base) = (&self.settings().cache, self.settings().base_url());
        if let Some(frame) = is_kept.then(|| cache.get(base, id, table)).flatten() {
            return Ok(frame);
        }
        let frame = read()?;
        if is_kept {
            cache.put(base, id, table, &frame);
        }
        Ok(frame)
    }
}
