//! The measurement bundle: a folder that appears whole or not at all (docs/schema.md#bundle).

mod bdf;
mod compress;
mod delta;
mod dictionary;
mod doubles;
mod facts;
mod frame;
mod look;
mod origin;
mod pages;
mod parquet;
mod partial;
mod planes;
mod report;
mod row_groups;
mod runs;
mod write;

pub use crate::source::{Family, SideFacts};
pub(crate) use bdf::bdf_facts;
pub use bdf::bdf_frame;
pub use facts::ParquetFacts;
pub(crate) use facts::{MADE, facts_of_file};
pub use origin::{OptionsFacts, PieceFacts, SourceFacts};
pub use parquet::{parquet_bytes, write_parquet};
pub use partial::{remove_partials, remove_stale};
pub(crate) use report::is_valid;
pub use report::{Detected, Overview, Report, Timings};
pub(crate) use row_groups::{Pages, Press, RowGroups, pages_as_they_are};
pub(crate) use write::write_json;
pub use write::{BundleFile, WriteFile, write_file_atomically, write_folder_atomically};

/// Name and version of the shape of `report.json`.
///
/// ```
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// assert_eq!(cell.report.schema, cyclerprep::bundle::REPORT_SCHEMA);
/// # Ok::<(), cyclerprep::Error>(())
/// ```
pub const REPORT_SCHEMA: &str = "prep-report/1";

/// Version of the column schema that the bundle follows.
///
/// ```
/// assert_eq!(cyclerprep::bundle::SCHEMA_VERSION, "1");
/// ```
pub const SCHEMA_VERSION: &str = "1";
