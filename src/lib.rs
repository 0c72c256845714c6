//! Battery cycler files in, validated Ionworks measurements out.
//!
//! The crate reads the files of the cyclers in the table below, puts them into one column schema (positive current
//! discharges, capacities restart at each step), runs the platform's validator and writes Parquet. Whatever it
//! decides, drops, converts or repairs on the way is a [`Note`] in the [`Report`].
//!
//! ```
//! # fn main() -> cyclerprep::Result<()> {
//! use cyclerprep::{PrepareOptions, prepare};
//!
//! let cell = prepare("fixtures/neware/flat.csv", &PrepareOptions::default())?;
//! assert_eq!((cell.time_series.height(), cell.steps.height()), (112, 10));
//! for note in &cell.report.notes {
//!     println!("{}: {}", note.code.as_str(), note.message);
//! }
//! assert!(cell.is_valid());
//! # Ok(())
//! # }
//! ```
//!
//! <!-- generated: formats -->
//! | maker | format | extensions | written by |
//! |---|---|---|---|
//! | Maccor | Maccor text | `.txt`, `.csv`, `.###` | MIMS Server, MIMS Client, MacExport |
//! | Maccor | Maccor workbook | `.xls`, `.xlsx` | MIMS, MacExport |
//! | Maccor | Maccor impedance | `.###`, `.txt` | MIMS with FRA |
//! | BioLogic | BioLogic binary | `.mpr` | EC-Lab, BT-Lab |
//! | BioLogic | BioLogic text | `.mpt`, `.txt`, `.csv` | EC-Lab, BT-Lab |
//! | Arbin | Arbin csv | `.csv` | MITS Pro 7, 8, 10 |
//! | Arbin | Arbin database | `.res` | MITS Pro 4, 7 |
//! | Arbin | Arbin workbook | `.xlsx`, `.xls` | MITS Pro 4, 7, 8, 10 |
//! | Neware | Neware csv | `.csv`, `.txt` | BTSDA 7, 8, 9 |
//! | Neware | Neware layered text | `.csv`, `.txt` | BTSDA 8, BTS 7 |
//! | Neware | Neware workbook | `.xlsx`, `.xls` | BTSDA 8, 9, old BTS |
//! | Neware | Neware nda | `.nda` | BTS 5 to 9.1 |
//! | Neware | Neware ndax | `.ndax`, `.ndc` | BTS 8 |
//! | Novonix | Novonix csv | `.csv` | Novonix HPC and UHPC data files |
//! | BaSyTec | BaSyTec text | `.txt`, `.csv` | BaSyTec battery test software |
//! | BaSyTec | BaSyTec csv | `.csv` | BaSyTec battery test software |
//! | Landt | Landt csv | `.csv`, `.txt` | LANDdt, LANDHE |
//! | Landt | Landt workbook | `.xlsx`, `.xls` | LANDdt, LANDHE |
//! | PEC | PEC csv | `.csv` | PEC LifeTest |
//! | Bitrode | Bitrode csv | `.csv`, `.txt` | VisuaLCN |
//! | Digatron | Digatron csv | `.csv`, `.txt` | BTS-600, Battery Manager |
//! | Repower | Repower csv | `.csv`, `.txt` | Repower battery test software |
//! | Gamry | Gamry data file | `.dta` | Framework |
//! | Scribner | ZPlot data file | `.z`, `.txt` | ZPlot, ZView |
//! | Princeton | VersaStudio data file | `.par` | VersaStudio |
//! | Princeton | PowerSuite impedance | `.txt` | PowerSuite |
//! | CHI | CHI text | `.txt`, `.csv` | CHI workstations |
//! | Autolab | NOVA text | `.txt`, `.csv` | NOVA |
//! | Ivium | Ivium text | `.txt`, `.csv` | IviumSoft |
//! | Voltaiq | Voltaiq data format | `.csv`, `.vdf` | whatever writes VDF 3 |
//! | Battery Data Format | Battery Data Format text | `.bdf`, `.csv` | batterydf, `prep convert --bdf`, others |
//! | Battery Data Format | Battery Data Format Parquet | `.parquet` | batterydf, `prep convert --bdf`, others |
//! | Generic | Table with usual names | `.csv`, `.txt`, `.tsv`, `.dat` | scripts, spreadsheets, data sets |
//! | Generic | Parquet with usual names | `.parquet` | polars, pandas, pyarrow, bundles |
//! <!-- end: formats -->
//!
//! The transforms ([`transform`]), the summaries ([`summary`]) and the validator ([`validate`]) work on any polars frame
//! with the schema's columns, whoever made it.

#![forbid(unsafe_code)]
#![warn(missing_docs, clippy::missing_errors_doc, clippy::print_stdout, clippy::print_stderr)]

// What readers are made of is reachable for tests and fuzz targets and not part of the documented interface.
mod archive;
pub mod batch;
#[cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]
mod binary;
pub mod bundle;
#[cfg(feature = "cli")]
pub mod cli;
mod data_type;
pub mod detect;
pub mod error;
#[cfg(feature = "plot")]
mod findings;
#[cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]
mod formats;
pub mod guard;
mod html;
pub mod inspect;
pub mod issue;
#[cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]
mod jet;
mod join;
mod kept;
pub mod limits;
pub mod load;
#[cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]
mod makers;
#[doc(hidden)]
pub mod map;
pub mod measurement;
mod names;
pub mod note;
mod overview;
#[cfg(feature = "plot")]
pub mod page;
mod parquet;
#[cfg(feature = "platform")]
pub mod platform;
#[cfg(feature = "plot")]
pub mod plot;
pub mod prepare;
#[doc(hidden)]
pub mod probe;
mod reader_id;
pub mod schema;
mod series;
#[cfg(feature = "cli")]
#[cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]
mod serve;
#[cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]
#[doc(hidden)]
pub mod sheet;
mod signal;
pub mod source;
pub mod summary;
#[doc(hidden)]
pub mod table;
#[cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]
#[doc(hidden)]
pub mod text;
pub mod transform;
pub mod validate;
#[doc(hidden)]
pub mod vocab;
mod wall_clock;
mod widest;
pub mod witness;
mod zone;

/// The readers: what they are called, what they read, what a caller can ask of them.
pub mod readers {
    pub use crate::formats::{CycleMode, Format, Format as Reader, Info, Pattern, ReadOptions, SheetChoice};
    pub use crate::makers::{MAKERS, READERS, by_id};
    pub use crate::reader_id::ReaderId;
}

pub use bundle::Report;
pub use error::{Error, ErrorKind, Place, Result};
pub use formats::Maker;
pub use issue::{IssueCode, MeasurementValidationError, Payload, Severity, ValidationIssue};
pub use limits::Limits;
pub use map::MapOptions;
pub use measurement::{BundleOptions, Measurement};
pub use note::{Note, NoteCode, Notes};
pub use prepare::{PrepareOptions, prepare, prepare_all, prepare_joined, prepare_source};
pub use schema::{COLUMNS, Column, MeasurementMetadata, Quantity, Unit};
pub use source::Source;
pub use text::encoding::Encoding;
pub use transform::{
    Pipeline, fix_swapped_charge_discharge_columns, offset_duplicate_times, reset_time, set_capacity, set_cycle_count,
    set_energy, set_positive_current_for_discharge, set_power, set_step_count,
};
pub use validate::{STRICT_CHECK_NAMES, ValidateOptions, ValidationReport, validate_measurement_data};
pub use vocab::Direction;
pub use zone::Zone;

/// The README's example runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
