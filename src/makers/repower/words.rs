//! Repower's words (docs/formats/repower.md#columns, docs/formats/repower.md#states).
//!
//! Seen in: no file at hand; the names are those of public descriptions.

use crate::schema::{Column, Quantity};
use crate::vocab::Role::{BareTime, Column as C};
use crate::vocab::fold::{Folded, clean, split_unit};
use crate::vocab::{Direction, Read, Term, Vocabulary, count, duration, number, stamp};

/// Repower.
pub(super) static REPOWER: Vocabulary = Vocabulary {
    maker: "Repower",
    terms: TERMS,
    fold,
    direction,
    may_log_magnitudes: true,
    emitted: &[Column::Status],
    pair_outranks_single: true,
    keeps_unknown: true,
    ..Vocabulary::PLAIN
};

/// docs/formats/repower.md#states: what a state ends in says which way it goes.
fn direction(text: &str) -> Direction {
    let folded = text.trim().to_lowercase().replace(['_', '-'], " ");
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    if has(&["disch", "dchg", "dch"]) {
        Direction::Discharge
    } else if has(&["charge", "chg"]) {
        Direction::Charge
    } else if has(&["rest", "pause", "stop", "end", "idle", "stand", "cycle", "ocv"]) {
        Direction::Neither
    } else {
        Direction::Unknown
    }
}

#[rustfmt::skip]
static TERMS: &[Term] = &[
    count("record id", Column::Record), count("cycle id", Column::CycleFromCycler), count("step id", Column::StepFromCycler),
    Term { key: "step state", role: C(Column::Status), read: Read::Label },
    stamp("system time"),
    // Of the step or of the test: its values tell (docs/formats/repower.md#time).
    Term { key: "relative time", role: BareTime, read: Read::Duration },
    duration("total time", Column::Time),
    number("voltage", Column::Voltage, Quantity::Voltage), number("current", Column::Current, Quantity::Current),
    number("power", Column::Power, Quantity::Power),
    number("capacity", Column::Capacity, Quantity::Capacity), number("energy", Column::Energy, Quantity::Energy),
    number("charge capacity", Column::ChargeCapacity, Quantity::Capacity),
    number("discharge capacity", Column::DischargeCapacity, Quantity::Capacity),
    number("charge energy", Column::ChargeEnergy, Quantity::Energy),
    number("discharge energy", Column::DischargeEnergy, Quantity::Energy),
    number("dcir", Column::DcResistance, Quantity::Resistance),
    number("battery temperature", Column::Temperature, Quantity::Temperature),
    number("temperature", Column::Temperature, Quantity::Temperature),
];

/// docs/formats/repower.md#columns: names in lower case, `_` as a blank, the unit in brackets.
fn fold(cell: &str) -> Folded {
    let (base, unit) = split_unit(clean(cell));
    // Milliohm whose sign was lost.
    let unit = unit.map(|unit| if unit == "mO" { "mOhm" } else { unit });
    let key = base.replace('_', " ").to_lowercase();
    Folded::named(key, unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, REPOWER.find(&f).map(|(_, t, _)| t.role))
        };
        insta::assert_snapshot!(f("Relative Time(Sec)"), @r#"relative time Some("Sec") -> Some(BareTime)"#);
        insta::assert_snapshot!(f("POWER(W)"), @r#"power Some("W") -> Some(Column(Power))"#);
        insta::assert_snapshot!(f("DCIR(mO)"), @r#"dcir Some("mOhm") -> Some(Column(DcResistance))"#);
        insta::assert_snapshot!(f("Battery_Temperature(?)"), @r#"battery temperature Some("?") -> Some(Column(Temperature))"#);
    }

    #[test]
    fn states() {
        use Direction::{Charge, Discharge, Neither, Unknown};
        let got = ["CC Charge", "CC_DisCharge", "CCCV Chg", "Rest", "Foo"].map(direction);
        assert_eq!(got, [Charge, Discharge, Charge, Neither, Unknown]);
    }
}
