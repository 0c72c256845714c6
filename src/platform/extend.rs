//! A test that grew: its new rows go behind those that are in the platform.

use polars::prelude::DataFrame;
use serde_json::json;

use super::client::Client;
use super::collection::{check_id, record};
use super::encode;
use super::problem::{ApiCode, PlatformError, Result};
use super::record::Record;
use super::signed::{Outgoing, Progress, is_expired};
use super::transport::Call;
use crate::bundle::parquet_bytes;
use crate::error::{Error, ErrorKind};
use crate::signal::frame::reals_by_name;

const FILE: &str = "time_series_extend.parquet";

impl Client {
    /// Adds rows to a measurement of type `time_series`: those behind its last one, with its columns. Time goes on where it
    /// stopped.
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
    /// let mut measurement = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default()).unwrap();
    /// let rest = measurement.time_series.slice(100, 12);
    /// measurement.time_series = measurement.time_series.head(Some(100));
    /// let id = client.create_measurement(cell.id(), &measurement, &UploadOptions::default()).unwrap().record.id().to_owned();
    /// client.extend(&id, &rest).unwrap();
    /// assert_eq!(client.time_series(&id).unwrap().height(), 112);
    /// ```
    ///
    /// # Errors
    /// [`PlatformError::Local`] without rows, without `Time [s]` and `Step count`, or when time runs backwards.
    pub fn extend(&self, id: &str, rows: &DataFrame) -> Result<Record> {
        self.append(check_id(id)?, rows, None, None)
    }

    /// Sends the rows. `before`: how many rows the platform has, where that is known.
    pub(super) fn append(
        &self,
        id: &str,
        rows: &DataFrame,
        before: Option<usize>,
        progress: Option<&Progress>,
    ) -> Result<Record> {
        let time = check(rows)?;
        let before = match before {
            // Rows of one time could not be told from those that are there: they are counted.
            None if time.first() == time.last() => Some(self.rows_of(id)?),
            before => before,
        };
        let content = Outgoing::Memory(parquet_bytes(rows, &Default::default())?);
        let path = |word: &str| format!("/cell_measurements/{}/{word}-extend", encode::part(id));
        // Addresses may expire while the file is on its way.
        let mut rounds = 0;
        loop {
            let begun = match self.begin(&path("initiate"), &json!({})).0 {
                // It is busy with what came before.
                Err(error) if error.api().is_some_and(|error| error.code == ApiCode::Conflict) => {
                    self.wait(id, false)?;
                    self.begin(&path("initiate"), &json!({})).0?
                }
                begun => begun?,
            };
            match self.put(&begun, FILE, "application/octet-stream", &content, progress) {
                Err(error) if is_expired(&error) && rounds < 2 => rounds += 1,
                sent => break sent?,
            }
        }
        let confirm = path("confirm");
        let answer = self.transport.json(Call::with_body("POST", &confirm, &json!({})));
        self.settings().cache.forget(self.settings().base_url(), id);
        match answer {
            Ok(answer) => record(answer).map(|_| ())?,
            // It is not said twice blindly: the rows would be there twice.
            Err(error) if is_unknown(&error) => {
                self.wait(id, true)?;
                if !self.has_rows(id, before, &time)? {
                    self.transport.json(Call::with_body("POST", &confirm, &json!({})))?;
                }
            }
            Err(error) => return Err(error),
        }
        self.wait_for_processing(id)
    }

    /// Whether the platform has the rows that were added: by their number, else by their times at its end.
    fn has_rows(&self, id: &str, before: Option<usize>, time: &[f64]) -> Result<bool> {
        let (there, added) = (self.rows_of(id)?, time.len());
        match before {
            Some(before) if there == before => Ok(false),
            Some(before) if there == before + added => Ok(true),
            Some(before) => {
                let message = format!(
                    "expected {before} rows of measurement {id}, or {} with those that were added, found {there}: somebody else \
                     changes it; look at it before these rows are added again",
                    before + added
                );
                Err(Error::new(ErrorKind::Platform, message).into())
            }
            None => {
                let last = self.time_series_rows(id, there.saturating_sub(added)..there)?;
                Ok(reals_by_name(&last, "Time [s]")?.is_some_and(|last| *last == *time))
            }
        }
    }
}

/// Whether a request may have taken effect although it failed.
fn is_unknown(error: &PlatformError) -> bool {
    match error {
        PlatformError::NoAnswer { .. } => true,
        error => error.api().is_some_and(|error| (500..=599).contains(&error.status)),
    }
}

/// The times of rows that can be added.
fn check(rows: &DataFrame) -> Result<Vec<f64>> {
    let wrong = |message: &str| Err(PlatformError::options(message));
    if rows.height() == 0 {
        return wrong("expected rows to add, found none");
    }
    if rows.column("Step count").is_err() {
        return wrong("expected the column \"Step count\" in the rows to add");
    }
    let Some(time) = reals_by_name(rows, "Time [s]")? else {
        return wrong("expected the column \"Time [s]\" in the rows to add");
    };
    if !time.iter().all(|time| time.is_finite()) {
        return wrong("expected a time in each of the rows to add");
    }
    if time.windows(2).any(|pair| matches!(pair, [a, b] if b < a)) {
        return wrong("expected times that do not run backwards in the rows to add");
    }
    Ok(time.to_vec())
}
