//! The makers' words as data: header names, units that may be missing, mode labels, the sign of the current.
//!
//! One [`Vocabulary`] a maker, whatever the container: text, workbook and binary readers of a maker all hand over headers
//! as the maker's own export writes them, and this is where they get their meaning.

pub mod fold;

use crate::schema::{Column, Quantity};
pub use fold::{Folded, Prefix};

/// What a column of a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// A column of the schema, or the source of one.
    Column(Column),
    /// Step time or total time: which of the two shows in the values.
    BareTime,
    /// Charge of the running half cycle, positive = charge (`Q charge/discharge`).
    SignedCapacity,
    /// Charge since the previous record (`dq`).
    ChargeIncrement,
    /// Charge since the test began, positive = charge (`(Q-Qo)`); asked for where there is no current.
    RunningCharge,
    /// Charge since the sequence began, positive = charge (`dQ`).
    SequenceCharge,
    /// Counts charge and discharge halves; two make a cycle.
    HalfCycle,
    /// 1 on the first record of a sequence (`Ns changes`).
    SequenceStart,
    /// 0 on the first record of a step, 1 on its last.
    StepMark,
    /// Counter electrode against reference: tells that the working electrode is not the terminal voltage.
    CounterVoltage,
    /// Working electrode against counter electrode: the terminal voltage of a cell with a reference electrode.
    ElectrodeDifference,
    /// `Loop N from cycler`.
    Loop,
    /// `VARn from cycler`.
    Variable,
    /// `FLAGn from cycler`.
    Flag,
    /// A numbered temperature; the lowest becomes `Temperature [degC]` where there is no other.
    Temperature,
    /// A numbered auxiliary voltage.
    AuxVoltage,
    /// A numbered set temperature (`t1`).
    SetTemperature,
    /// A numbered humidity in % (`H1`).
    Humidity,
    /// Temperature of the cycler's controller (`CPU`).
    ControllerTemperature,
    /// Kept in the output under its own name.
    Kept,
    /// A numbered auxiliary channel whose unit stands in the cells of the next column.
    Auxiliary,
    /// Known, and by the maker's spec not part of the output.
    Ignored,
}

impl Role {
    /// In words, for people; a column of the schema has its own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Column(column) => column.name(),
            Self::BareTime => "step time or total time, as its values tell",
            Self::SignedCapacity => "charge of the half cycle, split into charge and discharge",
            Self::ChargeIncrement => "charge of the record, for the current",
            Self::RunningCharge => "running charge, for the current",
            Self::SequenceCharge => "charge of the sequence",
            Self::HalfCycle => "half cycles, for the cycle",
            Self::SequenceStart => "beginnings of sequences, for the steps",
            Self::StepMark => "beginnings and ends of steps",
            Self::CounterVoltage => "counter electrode, not the cell",
            Self::ElectrodeDifference => "the cell, where the test controls it",
            Self::Loop => "loop",
            Self::Variable => "variable",
            Self::Flag => "flag",
            Self::Temperature => "temperature",
            Self::AuxVoltage => "auxiliary voltage",
            Self::SetTemperature => "set temperature",
            Self::Humidity => "humidity",
            Self::ControllerTemperature => "temperature of the controller",
            Self::Kept => "kept under its own name",
            Self::Auxiliary => "auxiliary channel",
            Self::Ignored => "not mapped",
        }
    }
}

/// How the cells of a column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// A number in the header's unit.
    Number(Quantity),
    /// The same, times −1.
    Negated(Quantity),
    /// A clock, or a number in the header's unit.
    Duration,
    /// Date and time.
    Timestamp,
    /// Text with few distinct values.
    Label,
    /// A whole number without a unit.
    Count,
    /// A plain number without a unit.
    Plain,
}

/// One row of a vocabulary: a folded name and what it means. Earlier rows outrank later ones for the same role.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    /// The folded name; a `#` at the end stands for a number.
    pub key: &'static str,
    /// What it is for.
    pub role: Role,
    /// How its cells are read.
    pub read: Read,
}

/// A number with a unit, for a column of the schema.
pub(crate) const fn number(key: &'static str, column: Column, quantity: Quantity) -> Term {
    Term { key, role: Role::Column(column), read: Read::Number(quantity) }
}

/// A whole number, for a column of the schema.
pub(crate) const fn count(key: &'static str, column: Column) -> Term {
    Term { key, role: Role::Column(column), read: Read::Count }
}

/// A time that passed, for a column of the schema.
pub(crate) const fn duration(key: &'static str, column: Column) -> Term {
    Term { key, role: Role::Column(column), read: Read::Duration }
}

/// A clock reading of the row.
pub(crate) const fn stamp(key: &'static str) -> Term {
    Term { key, role: Role::Column(Column::Timestamp), read: Read::Timestamp }
}

/// A name that is kept in the output as it is.
pub(crate) const fn kept(key: &'static str) -> Term {
    Term { key, role: Role::Kept, read: Read::Plain }
}

/// A name that is known and by the maker's spec not part of the output.
pub(crate) const fn ignored(key: &'static str) -> Term {
    Term { key, role: Role::Ignored, read: Read::Label }
}

/// Which way a mode or status label points.
///
/// ```
/// use cyclerprep::{Direction, transform::default_direction};
///
/// assert_eq!(default_direction("Charge"), Direction::Charge);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The cell is charged.
    Charge,
    /// The cell is discharged.
    Discharge,
    /// A known label without direction (rest, pause, end …).
    Neither,
    /// Not a label of this maker.
    Unknown,
}

/// What a positive current means in a maker's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CurrentSign {
    /// Charge, always.
    PositiveIsCharge,
    /// The export's template decides: the rows labelled discharge show it.
    ByMode,
    /// Nobody defines it: labels of the direction show it, or else the voltage.
    Undefined,
    /// Discharge, as in the schema: nothing is to be settled.
    PositiveIsDischarge,
}

/// All that is known of a maker's words.
#[derive(Debug)]
pub struct Vocabulary {
    /// The maker whose words they are.
    pub maker: &'static str,
    /// Header names in order of preference.
    pub terms: &'static [Term],
    /// Folds a header cell as this maker's spec says.
    pub fold: fn(&str) -> Folded,
    /// Reads a mode or status label.
    pub direction: fn(&str) -> Direction,
    /// The sign of the current.
    pub current: CurrentSign,
    /// Whether some of the maker's exports hold the current's magnitude alone.
    pub may_log_magnitudes: bool,
    /// Whether a physical column without a unit is in the schema's unit (`true`) or an error (`false`).
    pub unit_may_be_missing: bool,
    /// Whether it is told that a column without a unit was taken in the schema's, because no document of the maker says so.
    pub tells_missing_units: bool,
    /// Auxiliary columns that are part of the output beside the required set.
    pub emitted: &'static [Column],
    /// Single counters that are not read beside a charge and discharge pair.
    pub pair_outranks_single: bool,
    /// Whether a column that the vocabulary does not know is kept under its own name.
    pub keeps_unknown: bool,
    /// Whether a row that repeats the one before byte by byte is dropped.
    pub drop_repeats: bool,
    /// Whether a header may say a name twice without a word about it.
    pub names_may_repeat: bool,
    /// Whether a comma between fields may also be a thousands separator inside one.
    pub commas_may_be_thousands: bool,
    /// Whether a column without a unit has it in the cells of the next column, which is called `Units`.
    pub unit_in_next_column: bool,
}

impl Vocabulary {
    /// Names with units in brackets whose spelling does not count, and nothing that only some makers' files need: a maker states
    /// its name, its terms and what is not so.
    pub(crate) const PLAIN: Self = Self {
        maker: "",
        terms: &[],
        fold: fold::plain,
        direction: |_| Direction::Unknown,
        current: CurrentSign::PositiveIsCharge,
        may_log_magnitudes: false,
        unit_may_be_missing: false,
        tells_missing_units: false,
        emitted: &[],
        pair_outranks_single: false,
        keeps_unknown: false,
        drop_repeats: false,
        names_may_repeat: false,
        commas_may_be_thousands: false,
        unit_in_next_column: false,
    };

    /// The term of a folded header, its rank (0 = most preferred) and the number in its name.
    pub fn find(&self, folded: &Folded) -> Option<(usize, &'static Term, Option<u32>)> {
        let exact = |key: &str| self.terms.iter().position(|term| term.key == key);
        if let Some(rank) = exact(&folded.key) {
            return Some((rank, &self.terms[rank], folded.number));
        }
        let base = folded.key.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &folded.key[base.len()..];
        let number = if digits.is_empty() { folded.number? } else { digits.parse().ok()? };
        let rank = exact(&format!("{base}#"))?;
        Some((rank, &self.terms[rank], Some(number)))
    }
}

/// Words that names of columns in Chinese exports are made of: voltage, current, capacity, energy, power, time, cycle, step,
/// number, state, charge, discharge, rest.
static CHINESE: &[&str] = &[
    "电压", "电流", "容量", "能量", "功率", "时间", "循环", "工步", "步次", "序号", "状态", "充电", "放电", "搁置",
    "静置", "暂停", "结束", "脉冲", "跳转", "模块",
];

/// Whether a text holds a word or sign that only a Chinese export has; then it was decoded rightly.
pub fn reads_as_chinese(text: &str) -> bool {
    text.contains(['℃', '（']) || CHINESE.iter().any(|word| text.contains(word))
}

/// Compares a whole trimmed label, upper-cased, with a table.
pub(crate) fn label(table: &[(&str, Direction)], text: &str) -> Direction {
    let upper = text.trim().to_uppercase();
    table.iter().find(|(name, _)| *name == upper).map_or(Direction::Unknown, |(_, direction)| *direction)
}
