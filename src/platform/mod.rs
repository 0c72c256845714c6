//! The platform: specifications, lots, cells and measurements, sent and read back (docs/platform.md).
//!
//! ```
//! # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
//! use cyclerprep::platform::{Client, Settings, UploadOptions};
//! use serde_json::json;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let server = stand_in::StandIn::start();
//! # let url = server.url.as_str();
//! let client = Client::new(Settings::from_environment(Some(url), Some("key"))?)?;
//! let ratings = json!({"capacity": {"value": 0.005, "unit": "A*h"}});
//! let nmc = client.specifications().create_or_get(&json!({"name": "NMC", "form_factor": "R2032", "ratings": ratings}))?;
//! let cell = client.cells(nmc.id()).create_or_get(&json!({"name": "cell 7"}))?;
//! let measurement = cyclerprep::prepare("fixtures/maccor/flat_line.034", &Default::default())?;
//! let sent = client.create_measurement(cell.id(), &measurement, &UploadOptions::default())?;
//! let back = client.detail(sent.record.id())?;
//! assert!(back.time_series.equals_missing(&measurement.time_series));
//! # Ok(())
//! # }
//! ```

mod cache;
mod client;
mod collection;
mod columns;
mod content;
mod dotenv;
mod encode;
mod extend;
mod files;
mod filter;
mod grown;
mod key;
mod problem;
mod processing;
mod quantity;
mod read;
mod receipt;
mod record;
mod retry;
mod roots;
mod rows;
mod settings;
mod signed;
#[cfg(test)]
mod streaming;
mod transport;
mod upload;
mod upload_options;

pub use cache::Cache;
pub use client::Client;
pub use collection::{All, Collection};
pub use columns::inline;
pub use content::Content;
pub use filter::Filter;
pub use problem::{ApiCode, ApiError, PlatformError};
pub use read::Detail;
pub use receipt::{Receipt, UploadState};
pub use record::{Page, Record};
pub use settings::Settings;
pub use signed::Progress;
pub use upload::{UploadStatus, Uploaded};
pub use upload_options::UploadOptions;
