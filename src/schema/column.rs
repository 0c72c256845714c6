//! Every column of the schema as one row of a table.

use super::unit::Quantity;

/// A column of the schema. The name carries the unit: `Column::Voltage.name() == "Voltage [V]"`.
///
/// ```
/// use cyclerprep::Column;
///
/// assert_eq!(Column::Voltage.name(), "Voltage [V]");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[allow(missing_docs)] // documented by `COLUMNS`, row by row
pub enum Column {
    Time,
    Current,
    CurrentDensity,
    Voltage,
    Temperature,
    Frequency,
    ZRe,
    ZIm,
    ZMod,
    ZPhase,
    DcResistance,
    StepCount,
    CycleCount,
    Frame,
    DischargeCapacity,
    ChargeCapacity,
    DischargeEnergy,
    ChargeEnergy,
    Power,
    StepFromCycler,
    CycleFromCycler,
    Capacity,
    Energy,
    NetCapacity,
    Stoichiometry,
    Soc,
    Mode,
    Status,
    EndStatus,
    ControlMode,
    StepRun,
    StepTime,
    Record,
    WallClock,
    Timestamp,
    AcResistance,
    ChamberTemperature,
    ReferenceVoltage,
}

/// How a column is stored.
///
/// ```
/// use cyclerprep::{Column, schema::Kind};
///
/// assert_eq!(Column::StepCount.spec().kind, Kind::Count);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 64-bit float.
    Real,
    /// 64-bit signed integer.
    Count,
    /// UTF-8 text.
    Text,
    /// Local date and time in milliseconds, without a zone.
    DateTime,
    /// Date and time in UTC, in microseconds; files say so, frames in memory go without the zone.
    Instant,
}

/// One row of [`COLUMNS`].
///
/// ```
/// use cyclerprep::{Column, Quantity};
///
/// let spec = Column::Voltage.spec();
/// assert_eq!((spec.quantity, spec.required), (Some(Quantity::Voltage), true));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ColumnSpec {
    /// Which column.
    pub column: Column,
    /// Its name in frames and files.
    pub name: &'static str,
    /// What it measures; `None` for counts and text.
    pub quantity: Option<Quantity>,
    /// How it is stored.
    pub kind: Kind,
    /// Whether "required columns only" keeps it (docs/schema.md#required-set).
    pub required: bool,
    /// What it means.
    pub doc: &'static str,
}

macro_rules! columns {
    ($($column:ident $name:literal $quantity:expr, $kind:ident, $required:literal, $doc:literal;)*) => {
        /// All columns in export order (docs/schema.md#columns).
        ///
        /// ```
        /// assert_eq!(cyclerprep::COLUMNS[0].name, "Time [s]");
        /// ```
        pub static COLUMNS: &[ColumnSpec] = &[$(
            ColumnSpec { column: Column::$column, name: $name, quantity: $quantity, kind: Kind::$kind, required: $required, doc: $doc },
        )*];
    };
}

const TIME: Option<Quantity> = Some(Quantity::Time);
const OHM: Option<Quantity> = Some(Quantity::Resistance);
const AH: Option<Quantity> = Some(Quantity::Capacity);
const WH: Option<Quantity> = Some(Quantity::Energy);
const DEGC: Option<Quantity> = Some(Quantity::Temperature);

#[rustfmt::skip]
columns! {
    Time               "Time [s]"                          TIME,                      Real,     true,  "cumulative test time, starts at 0, never decreases; null only on impedance rows";
    Current            "Current [A]"                       Some(Quantity::Current),   Real,     true,  "positive = discharge, negative = charge";
    CurrentDensity     "Current [mA.cm-2]"                 None,                      Real,     true,  "areal current, sign as `Current [A]`";
    Voltage            "Voltage [V]"                       Some(Quantity::Voltage),   Real,     true,  "cell terminal voltage";
    Temperature        "Temperature [degC]"                DEGC,                      Real,     true,  "cell (or first auxiliary) temperature";
    Frequency          "Frequency [Hz]"                    Some(Quantity::Frequency), Real,     true,  "only where the file holds impedance rows; null on other rows";
    ZRe                "Z_Re [Ohm]"                        OHM,                       Real,     true,  "real part of the impedance";
    ZIm                "Z_Im [Ohm]"                        OHM,                       Real,     true,  "imaginary part of the impedance, negative on a capacitive arc";
    ZMod               "Z_Mod [Ohm]"                       OHM,                       Real,     true,  "modulus of the impedance";
    ZPhase             "Z_Phase [deg]"                     Some(Quantity::Angle),     Real,     true,  "phase of the impedance";
    DcResistance       "DC resistance [Ohm]"               OHM,                       Real,     true,  "resistance that the cycler measured from a current step";
    StepCount          "Step count"                        None,                      Count,    true,  "from 0, +1 at each new step across the whole test";
    CycleCount         "Cycle count"                       None,                      Count,    true,  "from 0, +1 at each new cycle; 0 throughout where the file knows no cycles";
    Frame              "Frame"                             None,                      Count,    true,  "procedure activation (sub-procedure call) number, where the cycler calls procedures from procedures";
    DischargeCapacity  "Discharge capacity [A.h]"          AH,                        Real,     true,  "running, non-negative, 0 at the first row of each step";
    ChargeCapacity     "Charge capacity [A.h]"             AH,                        Real,     true,  "running, non-negative, 0 at the first row of each step";
    DischargeEnergy    "Discharge energy [W.h]"            WH,                        Real,     true,  "running, non-negative, 0 at the first row of each step";
    ChargeEnergy       "Charge energy [W.h]"               WH,                        Real,     true,  "running, non-negative, 0 at the first row of each step";
    Power              "Power [W]"                         Some(Quantity::Power),     Real,     true,  "sign of the current: positive on discharge";
    StepFromCycler     "Step from cycler"                  None,                      Count,    false, "the cycler's own step number, unchanged";
    CycleFromCycler    "Cycle from cycler"                 None,                      Count,    false, "the cycler's own cycle number; where the first record of a step or loop still has the one before, that of its own, with a note";
    Capacity           "Capacity [A.h]"                    AH,                        Real,     false, "a single counter before it is split, or the net capacity; OCP tables: the x axis";
    Energy             "Energy [W.h]"                      WH,                        Real,     false, "a single energy counter before it is split";
    NetCapacity        "Net capacity [A.h]"                AH,                        Real,     false, "running discharge minus charge over the whole test";
    Stoichiometry      "Stoichiometry"                     None,                      Real,     false, "x axis of an OCP table";
    Soc                "SOC"                               None,                      Real,     false, "state of charge, 1 = full";
    Mode               "Mode from cycler"                  None,                      Text,     false, "the cycler's mode code (charge, discharge, rest …), as written";
    Status             "Status from cycler"                None,                      Text,     false, "the cycler's step type, as written";
    EndStatus          "End status from cycler"            None,                      Count,    false, "why the record was written; 128 and more end a step";
    ControlMode        "Control mode from cycler"          None,                      Count,    false, "1 current, 2 voltage, 3 open circuit";
    StepRun            "Step run from cycler"              None,                      Count,    false, "running number of executed steps";
    StepTime           "Step time from cycler [s]"         TIME,                      Real,     false, "time since the step began, by the cycler";
    Record             "Record from cycler"                None,                      Count,    false, "the cycler's record number";
    WallClock          "Timestamp"                         None,                      Instant,  false, "wall clock of the row in UTC";
    Timestamp          "Timestamp from cycler"             None,                      DateTime, false, "wall clock of the record, local, as written";
    AcResistance       "AC resistance from cycler [Ohm]"   OHM,                       Real,     false, "one-frequency AC resistance, held until the next reading";
    ChamberTemperature "Chamber temperature [degC]"        DEGC,                      Real,     false, "temperature of the chamber around the cell";
    ReferenceVoltage   "Reference voltage [V]"             Some(Quantity::Voltage),   Real,     false, "voltage of an electrode against a reference electrode";
}

impl Column {
    /// Its row of [`COLUMNS`].
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use cyclerprep::Column;
    ///
    /// assert!(Column::Power.spec().required);
    /// # Ok(())
    /// # }
    /// ```
    pub fn spec(self) -> &'static ColumnSpec {
        // The table is in the order of the enum; a test holds it.
        &COLUMNS[self as usize]
    }

    /// Its name in frames and files.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// assert_eq!(cyclerprep::Column::Current.name(), "Current [A]");
    /// # Ok(())
    /// # }
    /// ```
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// The column of that name.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use cyclerprep::Column;
    ///
    /// assert_eq!(Column::from_name("Voltage [V]"), Some(Column::Voltage));
    /// assert_eq!(Column::from_name("voltage"), None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        COLUMNS.iter().find(|spec| spec.name == name).map(|spec| spec.column)
    }

    /// The four running columns in the order of the validator's issues (docs/validator.md#order-and-modes).
    ///
    /// ```
    /// use cyclerprep::Column;
    ///
    /// assert_eq!(Column::CUMULATIVE[0], Column::DischargeCapacity);
    /// ```
    pub const CUMULATIVE: [Self; 4] =
        [Self::DischargeCapacity, Self::ChargeCapacity, Self::DischargeEnergy, Self::ChargeEnergy];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum_and_names_are_unique() {
        let mut names: Vec<_> = COLUMNS.iter().map(|c| c.name).collect();
        for (i, spec) in COLUMNS.iter().enumerate() {
            assert_eq!(spec.column as usize, i, "{}", spec.name);
            assert!(!spec.doc.is_empty() && !spec.doc.ends_with('.'), "{}", spec.name);
            assert_eq!(Column::from_name(spec.name), Some(spec.column));
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COLUMNS.len());
    }

    #[test]
    fn a_unit_in_a_name_is_the_unit_of_its_quantity() {
        for spec in COLUMNS {
            if let Some(quantity) = spec.quantity {
                assert!(spec.name.ends_with(&format!("[{}]", quantity.si())), "{}", spec.name);
            }
        }
    }
}
