//! What is known of a measurement beside its rows (docs/schema.md#bundle). A fact that maps to none of these is not invented.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// The shape that the platform's measurement API takes.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// assert_eq!(cell.metadata.name, "flat");
/// assert!(cell.metadata.start_time.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct MeasurementMetadata {
    /// Name of the measurement: the file's name without extension.
    pub name: String,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Wall clock of the first row, ISO 8601 with offset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<String>,
    /// Wall clock of the end, ISO 8601 with offset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<String>,
    /// `time_series`.
    pub measurement_type: Cow<'static, str>,
    /// What was run.
    pub protocol: Protocol,
    /// On what it was run.
    pub test_setup: TestSetup,
}

/// What was run.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cell = cyclerprep::prepare("fixtures/maccor/flat_line.034", &Default::default())?;
/// assert_eq!(cell.metadata.protocol.name.as_deref(), Some("demo_000229"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Protocol {
    /// Schedule, procedure or settings file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

macro_rules! facts {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident,)* }) => {
        $(#[$doc])*
        ///
        /// ```
        /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// let cell = cyclerprep::prepare("fixtures/maccor/flat_line.034", &Default::default())?;
        /// assert_eq!(cell.metadata.test_setup.cycler.as_deref(), Some("Maccor"));
        /// println!("{}", cell.report.cell.mass.as_deref().unwrap_or("not stated"));
        /// # Ok(())
        /// # }
        /// ```
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<String>,)*
        }

        impl $name {
            /// Whether nothing is known.
            ///
            /// ```
            /// assert!(cyclerprep::schema::CellFacts::default().is_empty());
            /// ```
            pub fn is_empty(&self) -> bool {
                *self == Self::default()
            }
        }
    };
}

facts! {
    /// On what it was run.
    TestSetup {
        /// Channel of the cycler.
        channel_number,
        /// When the file was exported.
        export_date,
        /// Path of the test on the cycler's computer.
        source_file_path,
        /// The maker's identifier of the test.
        source_file_id,
        /// Barcode or comment that identifies the cell.
        barcode_comment,
        /// Maker of the cycler.
        cycler,
        /// Its serial number.
        cycler_serial_number,
        /// Version of its software.
        software_version,
        /// Who ran it.
        operator,
        /// Name of the test.
        test_name,
        /// Label of the cell.
        cell_label,
        /// Temperature set point in °C.
        temperature_setpoint_degc,
        /// Model or name of the instrument.
        instrument,
        /// End of the test as the header says it.
        end_time,
        /// Free text.
        notes,
    }
}

facts! {
    /// Numbers that describe the cell, as written with their unit. They go to the report, not to the test setup.
    CellFacts {
        /// Active mass.
        mass,
        /// Electrode area.
        area,
        /// Rated capacity.
        capacity,
        /// Electrode material.
        electrode_material,
        /// Electrolyte.
        electrolyte,
        /// Upper and lower limits as the header gives them.
        limits,
    }
}
