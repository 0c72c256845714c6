//! The platform derives steps after an upload: waiting for it.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::client::Client;
use super::collection::record;
use super::encode;
use super::problem::{PlatformError, Result};
use super::record::Record;
use super::transport::Call;

impl Client {
    /// Waits until the platform has processed a measurement, as long as [`Settings::with_processing_time`] allows.
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
    /// assert_eq!(client.wait_for_processing(made.id()).unwrap().name(), "look");
    /// ```
    ///
    /// # Errors
    /// [`PlatformError::Processing`] when it failed or takes longer.
    ///
    /// [`Settings::with_processing_time`]: super::Settings::with_processing_time
    pub fn wait_for_processing(&self, id: &str) -> Result<Record> {
        self.wait(id, true)
    }

    /// Waits; `is_new`: what it says of a failure is about what was just sent.
    pub(super) fn wait(&self, id: &str, is_new: bool) -> Result<Record> {
        let path = format!("/cell_measurements/{}", encode::part(id));
        let query = ["include_steps", "include_time_series"].map(|name| (name.to_owned(), "false".to_owned()));
        let (start, mut pause) = (Instant::now(), Duration::from_millis(250));
        loop {
            let call = Call { method: "GET", path: &path, query: &query, body: None };
            let found = record(self.transport.json(call)?)?;
            if let Some(found) = settled(id, found, is_new)? {
                return Ok(found);
            }
            let longest = self.settings().processing;
            if start.elapsed() + pause > longest {
                let message =
                    format!("it is not done after {} s and may still be; the same command goes on", longest.as_secs());
                return Err(PlatformError::Processing { id: id.to_owned(), message });
            }
            sleep(pause);
            pause = (pause * 2).min(Duration::from_secs(10));
        }
    }
}

/// The record when the platform is done with it; `None` while it is at it.
pub(super) fn settled(id: &str, record: Record, is_new: bool) -> Result<Option<Record>> {
    let failure = record.text("processing_error").map(str::to_owned);
    match (record.text("processing_status"), failure) {
        (Some("failed"), failure) => {
            let failure = failure.unwrap_or_else(|| "it gives no reason".to_owned());
            let message =
                format!("{failure}; `prep platform delete measurement {id} --yes` makes room for another upload");
            Err(PlatformError::Processing { id: id.to_owned(), message })
        }
        // An extension that failed leaves the measurement readable, and an old failure says nothing of what is there.
        (None | Some("ready"), Some(message)) if is_new => {
            Err(PlatformError::Processing { id: id.to_owned(), message })
        }
        (None | Some("ready"), _) => Ok(Some(record)),
        (Some(_), _) => Ok(None),
    }
}
