//! The makers' words as data: header names, units that may be missing, mode labels, the sign of the current.
//!
//! One [`Vocabulary`] a maker, whatever the container: text, workbook and binary readers of a maker all hand over headers
//! as the maker's own export writes them, and this is where they get their meaning.

pub mod fold;

use crate::schema::{Column, Quantity};
pub use fold::{Folded, Prefix};

/// Who made the cycler.
///
/// ```
/// let reader = cyclerprep::readers::by_id("maccor_text").expect("it is listed");
/// assert_eq!(reader.info().maker, cyclerprep::Maker::Maccor);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Maker {
    /// Maccor.
    Maccor,
    /// BioLogic.
    BioLogic,
    /// Arbin.
    Arbin,
    /// Neware.
    Neware,
}

impl Maker {
    /// The maker's name, as `test_setup.cycler` has it.
    ///
    /// ```
    /// assert_eq!(cyclerprep::Maker::BioLogic.name(), "BioLogic");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::Maccor => "Maccor",
            Self::BioLogic => "BioLogic",
            Self::Arbin => "Arbin",
            Self::Neware => "Neware",
        }
    }
}

/// What a column of a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// A column of the schema, or the source of one.
    Column(Column),
    /// Step time or total time: which of the two shows in the values (neware.md §8.3).
    BareTime,
    /// Charge of the running half cycle, positive = charge (BioLogic `Q charge/discharge`).
    SignedCapacity,
    /// Charge since the previous record (BioLogic `dq`).
    ChargeIncrement,
    /// Charge since the test began, positive = charge (BioLogic `(Q-Qo)`); asked for where there is no current.
    RunningCharge,
    /// Counts charge and discharge halves; two make a cycle (BioLogic).
    HalfCycle,
    /// 1 on the first record of a sequence (BioLogic `Ns changes`).
    SequenceStart,
    /// 0 on the first record of a step, 1 on its last (Neware).
    StepMark,
    /// Counter electrode against reference: tells that the working electrode is not the terminal voltage (BioLogic).
    CounterVoltage,
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
    /// A numbered set temperature (Neware `t1`).
    SetTemperature,
    /// A numbered humidity in % (Neware `H1`).
    Humidity,
    /// Temperature of the cycler's controller (Neware `CPU`).
    ControllerTemperature,
    /// Kept in the output under its own name.
    Kept,
    /// A numbered auxiliary channel whose unit stands in the cells of the next column (Maccor).
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
            Self::HalfCycle => "half cycles, for the cycle",
            Self::SequenceStart => "beginnings of sequences, for the steps",
            Self::StepMark => "beginnings and ends of steps",
            Self::CounterVoltage => "counter electrode, not the cell",
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
    /// The export's template decides: the rows labelled discharge show it (maccor.md §5.5).
    ByMode,
}

/// All that is known of a maker's words.
#[derive(Debug)]
pub struct Vocabulary {
    /// Whose words.
    pub maker: Maker,
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
    /// Auxiliary columns that are part of the output beside the required set.
    pub emitted: &'static [Column],
    /// Single counters that are not read beside a charge and discharge pair.
    pub pair_outranks_single: bool,
    /// Whether a column that the vocabulary does not know is kept under its own name.
    pub keeps_unknown: bool,
    /// Whether a row that repeats the one before byte by byte is dropped.
    pub drop_repeats: bool,
}

impl Vocabulary {
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

/// Whether a text holds a word or sign that only a Chinese export has; then it was decoded rightly.
pub fn reads_as_chinese(text: &str) -> bool {
    let word = |term: &Term| !term.key.is_ascii() && text.contains(term.key);
    text.contains(['℃', '（']) || crate::makers::NEWARE.terms.iter().any(word)
}

/// Compares a whole trimmed label, upper-cased, with a table.
pub(crate) fn label(table: &[(&str, Direction)], text: &str) -> Direction {
    let upper = text.trim().to_uppercase();
    table.iter().find(|(name, _)| *name == upper).map_or(Direction::Unknown, |(_, direction)| *direction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_and_already_folded() {
        for vocabulary in
            [&crate::makers::MACCOR, &crate::makers::BIOLOGIC, &crate::makers::ARBIN, &crate::makers::NEWARE]
        {
            for (i, term) in vocabulary.terms.iter().enumerate() {
                assert!(
                    vocabulary.terms[i + 1..].iter().all(|t| t.key != term.key),
                    "{:?} {}",
                    vocabulary.maker,
                    term.key
                );
                let sample = term.key.replace('#', "1");
                let folded = (vocabulary.fold)(&sample);
                let found = vocabulary.find(&folded).map(|(_, t, _)| t.key);
                assert_eq!(found, Some(term.key), "{:?} {sample} {folded:?}", vocabulary.maker);
            }
        }
    }

    #[test]
    fn a_quantity_fits_its_column() {
        for vocabulary in
            [&crate::makers::MACCOR, &crate::makers::BIOLOGIC, &crate::makers::ARBIN, &crate::makers::NEWARE]
        {
            for term in vocabulary.terms {
                if let (Role::Column(column), Read::Number(q) | Read::Negated(q)) = (term.role, term.read) {
                    assert_eq!(column.spec().quantity, Some(q), "{:?} {}", vocabulary.maker, term.key);
                }
            }
        }
    }
}
