//! PEC's words (docs/formats/pec.md#columns, docs/formats/pec.md#instructions).
//!
//! Seen in: a csv export of LifeTest of 2026; names with milliunits in public descriptions.

use crate::schema::{Column, Quantity};
use crate::vocab::Role::Column as C;
use crate::vocab::{Direction, Read, Term, Vocabulary, count, duration, ignored, kept, number, stamp};

/// PEC.
pub(super) static PEC: Vocabulary = Vocabulary {
    maker: "PEC",
    terms: TERMS,
    direction,
    emitted: &[Column::Status, Column::ChamberTemperature],
    pair_outranks_single: true,
    keeps_unknown: true,
    ..Vocabulary::PLAIN
};

/// docs/formats/pec.md#instructions: names that people give to instructions begin with what they do.
fn direction(text: &str) -> Direction {
    let folded = text.trim().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    if has(&["disch", "dchg"]) {
        Direction::Discharge
    } else if has(&["charge", "chg", "char."]) {
        Direction::Charge
    } else if has(&["idle", "ocv", "open circuit", "rest", "pause", "stop", "end", "wait"]) {
        Direction::Neither
    } else {
        Direction::Unknown
    }
}

#[rustfmt::skip]
static TERMS: &[Term] = &[
    count("step", Column::StepFromCycler), count("cycle", Column::CycleFromCycler),
    Term { key: "instruction name", role: C(Column::Status), read: Read::Label },
    duration("total time", Column::Time),
    duration("step time", Column::StepTime),
    stamp("real time"),
    number("voltage", Column::Voltage, Quantity::Voltage), number("current", Column::Current, Quantity::Current),
    number("power", Column::Power, Quantity::Power),
    number("charge capacity", Column::ChargeCapacity, Quantity::Capacity),
    number("discharge capacity", Column::DischargeCapacity, Quantity::Capacity),
    number("charge energy", Column::ChargeEnergy, Quantity::Energy),
    number("discharge energy", Column::DischargeEnergy, Quantity::Energy),
    number("internal resistance 1", Column::DcResistance, Quantity::Resistance),
    number("internal resistance", Column::DcResistance, Quantity::Resistance),
    number("temp", Column::Temperature, Quantity::Temperature),
    number("temperature", Column::Temperature, Quantity::Temperature),
    number("station temperature", Column::ChamberTemperature, Quantity::Temperature),
    // Why the record was written.
    kept("reasoncode"),
    // Who was tested where: the same on every row, and among the facts.
    ignored("test"), ignored("cell"), ignored("rack"), ignored("shelf"), ignored("position"), ignored("cell id"),
    // The clock less constants, and times under load.
    ignored("position start time"), ignored("load on time"), ignored("cycle charge time"), ignored("cycle discharge time"),
    // Results of a whole test or cycle, divided by a mass or by each other.
    ignored("charge energy density"), ignored("discharge energy density"), ignored("50% dod"), ignored("50% dod vs crate"),
    ignored("peakpower 1"), ignored("peakpower 2"), ignored("open circuit voltage 1"), ignored("open circuit voltage 2"),
    ignored("coulombic efficiency"), ignored("internal resistance 2"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = (PEC.fold)(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, PEC.find(&f).map(|(_, t, _)| t.role))
        };
        insta::assert_snapshot!(f("Total Time (Hours in hh:mm:ss.xxx)"), @r#"total time Some("Hours in hh:mm:ss.xxx") -> Some(Column(Time))"#);
        insta::assert_snapshot!(f("Charge Capacity (mAh)"), @r#"charge capacity Some("mAh") -> Some(Column(ChargeCapacity))"#);
        insta::assert_snapshot!(f("Charge Energy Density (Wh/kg)"), @r#"charge energy density Some("Wh/kg") -> Some(Ignored)"#);
    }

    #[test]
    fn instructions() {
        use Direction::{Charge, Discharge, Neither, Unknown};
        let got = ["I Charge", "I Disch.", "CC-CV Charge", "Idle", "OCV", "Goto"].map(direction);
        assert_eq!(got, [Charge, Discharge, Charge, Neither, Neither, Unknown]);
    }
}
