//! Novonix' words (docs/formats/novonix.md#columns, docs/formats/novonix.md#step-types).
//!
//! Seen in: HPC data files of version 2.2, UHPC data files of version 2.13.

use crate::schema::{Column, Quantity};
use crate::vocab::Role::Column as C;
use crate::vocab::{Direction, Read, Role, Term, Vocabulary, count, duration, ignored, kept, label, number, stamp};

/// Novonix.
pub(super) static NOVONIX: Vocabulary = Vocabulary {
    maker: "Novonix",
    terms: TERMS,
    direction: |text| label(TYPES, text),
    emitted: &[Column::Status],
    keeps_unknown: true,
    ..Vocabulary::PLAIN
};

/// docs/formats/novonix.md#step-types: a protocol's line begins with its number.
#[rustfmt::skip]
static TYPES: &[(&str, Direction)] = &[
    ("0", Direction::Neither),
    ("1", Direction::Charge),  ("2", Direction::Discharge),
    ("3", Direction::Charge),  ("4", Direction::Discharge),
    ("5", Direction::Neither), ("6", Direction::Neither),
    ("7", Direction::Charge),  ("8", Direction::Charge),
    ("9", Direction::Discharge), ("10", Direction::Discharge),
];

#[rustfmt::skip]
static TERMS: &[Term] = &[
    stamp("date and time"),
    count("cycle number", Column::CycleFromCycler),
    Term { key: "step type", role: C(Column::Status), read: Read::Label },
    duration("run time", Column::Time),
    duration("step time", Column::StepTime),
    number("current", Column::Current, Quantity::Current),
    number("potential", Column::Voltage, Quantity::Voltage),
    number("capacity", Column::Capacity, Quantity::Capacity),
    number("energy", Column::Energy, Quantity::Energy),
    number("power", Column::Power, Quantity::Power),
    number("temperature", Column::Temperature, Quantity::Temperature),
    count("step number", Column::StepFromCycler),
    // 1 on the first record of a step (docs/formats/novonix.md#steps).
    Term { key: "step position", role: Role::SequenceStart, read: Read::Count },
    // Of the instrument's own board.
    kept("circuit temperature"),
    // Computed on the instrument; their units are misprinted in older versions.
    ignored("dvdt"), ignored("didt"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = (NOVONIX.fold)(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, NOVONIX.find(&f).map(|(_, t, _)| t.role))
        };
        insta::assert_snapshot!(f("Run Time (h)"), @r#"run time Some("h") -> Some(Column(Time))"#);
        insta::assert_snapshot!(f("Power(W)"), @r#"power Some("W") -> Some(Column(Power))"#);
        insta::assert_snapshot!(f("Temperature (°C)"), @r#"temperature Some("°C") -> Some(Column(Temperature))"#);
        insta::assert_snapshot!(f("Circuit Temperature (°C)"), @r#"circuit temperature Some("°C") -> Some(Kept)"#);
        insta::assert_snapshot!(f("dVdt (I/h)"), @r#"dvdt Some("I/h") -> Some(Ignored)"#);
    }

    #[test]
    fn step_types() {
        use Direction::{Charge, Discharge, Neither, Unknown};
        let directions = ["0", "1", "2", " 7", "8", "10", "11"].map(NOVONIX.direction);
        assert_eq!(directions, [Neither, Charge, Discharge, Charge, Charge, Discharge, Unknown]);
    }
}
