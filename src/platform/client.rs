//! The platform, as a value that calls go to.

use serde_json::{Value, json};

use super::collection::{Collection, check_id};
use super::encode;
use super::problem::{PlatformError, Result};
use super::settings::Settings;
use super::transport::{Call, Transport};

/// The platform: one pool of connections, blocking calls, usable from several threads.
///
/// ```
/// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
/// use cyclerprep::platform::{Client, Settings, UploadOptions};
/// use serde_json::json;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let server = stand_in::StandIn::start();
/// # let url = server.url.as_str();
/// let client = Client::new(Settings::new(url, "key"))?;
/// let specification = client.specifications().create_or_get(&json!({"name": "NMC", "form_factor": "R2032"}))?;
/// let cell = client.cells(specification.id()).create_or_get(&json!({"name": "cell 7"}))?;
/// let measurement = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// let sent = client.create_measurement(cell.id(), &measurement, &UploadOptions::default())?;
/// assert_eq!(client.time_series(sent.record.id())?.height(), 112);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Client {
    pub(super) transport: Transport,
}

impl Client {
    /// A client; nothing is sent yet.
    ///
    /// ```
    /// use cyclerprep::platform::{Client, Settings};
    ///
    /// let client = Client::new(Settings::new("https://api.example.org", "my-key")).unwrap();
    /// assert!(!format!("{client:?}").contains("my-key"));
    /// ```
    ///
    /// # Errors
    /// [`PlatformError::Local`] without a key, or with an address that is none.
    pub fn new(settings: Settings) -> std::result::Result<Self, PlatformError> {
        Ok(Self { transport: Transport::new(settings)? })
    }

    /// How the platform is reached.
    ///
    /// ```
    /// use cyclerprep::platform::{Client, Settings};
    ///
    /// let client = Client::new(Settings::new("https://api.example.org", "key")).unwrap();
    /// assert_eq!(client.settings().base_url(), "https://api.example.org");
    /// ```
    pub fn settings(&self) -> &Settings {
        self.transport.settings()
    }

    fn collection(&self, path: String, make: String, item: &'static str) -> Collection<'_> {
        let is_scoped = item == "/cell_specifications";
        Collection { transport: &self.transport, path, make, item, is_scoped }
    }

    /// All specifications of cells.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings};
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// assert_eq!(client.specifications().list(&Default::default()).unwrap().total, 0);
    /// ```
    pub fn specifications(&self) -> Collection<'_> {
        let path = "/cell_specifications";
        self.collection(path.to_owned(), path.to_owned(), path)
    }

    /// The lots of a specification.
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
    /// let lot = client.lots(nmc.id()).create(&json!({"name": "lot 1"})).unwrap();
    /// let cell = client.cells(nmc.id()).create(&json!({"name": "cell 1", "batch_id": lot.id()})).unwrap();
    /// assert_eq!(cell.text("batch_id"), Some(lot.id()));
    /// ```
    pub fn lots(&self, specification: &str) -> Collection<'_> {
        let path = format!("/cell_specifications/{}/cell_batches", encode::part(specification));
        self.collection(path.clone(), path, "/cell_batches")
    }

    /// The cells of a specification; one names its lot by `batch_id`.
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
    /// assert_eq!(cell.text("cell_specification_id"), Some(nmc.id()));
    /// ```
    pub fn cells(&self, specification: &str) -> Collection<'_> {
        let path = format!("/cell_specifications/{}/cell_instances", encode::part(specification));
        self.collection(path.clone(), path, "/cell_instances")
    }

    /// The measurements of a cell. What [`Collection::create`] makes here is one of type `properties`; the other types are
    /// uploads.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Filter, Settings};
    /// use serde_json::json;
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// let nmc = client.specifications().create(&json!({"name": "NMC"})).unwrap();
    /// let cell = client.cells(nmc.id()).create(&json!({"name": "cell 1"})).unwrap();
    /// let none = client.measurements(cell.id()).list(&Filter::default().measurement_type("time_series")).unwrap();
    /// assert_eq!(none.total, 0);
    /// ```
    pub fn measurements(&self, cell: &str) -> Collection<'_> {
        let path = format!("/cell_instances/{}/cell_measurements", encode::part(cell));
        self.collection(path.clone(), format!("{path}/create"), "/cell_measurements")
    }

    /// Adds tags to measurements and takes others away; how many changed.
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
    /// let weight = json!({"name": "weight", "properties": {"mass": {"value": 45.3, "unit": "g"}}});
    /// let made = client.create_properties(cell.id(), &weight).unwrap();
    /// assert_eq!(client.tag(&[made.id()], &["baseline"], &[]).unwrap(), 1);
    /// ```
    ///
    /// # Errors
    /// What the platform refuses.
    pub fn tag(&self, measurements: &[&str], add: &[&str], remove: &[&str]) -> Result<u64> {
        measurements.iter().try_for_each(|id| check_id(id).map(|_| ()))?;
        let (path, body) =
            ("/cell_measurements/tags/bulk", json!({"measurement_ids": measurements, "add": add, "remove": remove}));
        // Added twice, a tag is there once.
        let (answer, _) = self.transport.post_again(path, &body);
        let count = answer?.get("updated_count").and_then(Value::as_u64);
        count.ok_or_else(|| PlatformError::unexpected(format!("POST {path}"), "a count"))
    }

    /// A measurement's record, without its tables.
    pub(super) fn record(&self, id: &str) -> Result<super::Record> {
        let path = format!("/cell_measurements/{}", encode::part(check_id(id)?));
        super::collection::record(self.transport.json(Call::get(&path))?)
    }
}
