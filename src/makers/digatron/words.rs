//! Digatron's words, English and German (docs/formats/digatron.md#columns, docs/formats/digatron.md#states).
//!
//! Seen in: no file at hand; the names are those of public data sets of BTS-600 and Battery Manager exports.

use crate::schema::{Column, Quantity, Unit};
use crate::vocab::Role::{Column as C, Temperature};
use crate::vocab::fold::{Folded, clean, split_unit};
use crate::vocab::{Direction, Read, Term, Vocabulary, count, duration, ignored, kept, label, number, stamp};

/// Digatron.
pub(super) static DIGATRON: Vocabulary = Vocabulary {
    maker: "Digatron",
    terms: TERMS,
    fold,
    direction: |text| label(STATES, text),
    unit_may_be_missing: true,
    tells_missing_units: true,
    emitted: &[Column::Status],
    pair_outranks_single: true,
    keeps_unknown: true,
    ..Vocabulary::PLAIN
};

/// docs/formats/digatron.md#states.
#[rustfmt::skip]
static STATES: &[(&str, Direction)] = &[
    ("CHA", Direction::Charge),    ("LAD", Direction::Charge),    ("CHARGE",    Direction::Charge),
    ("DCH", Direction::Discharge), ("ELA", Direction::Discharge), ("DISCHARGE", Direction::Discharge),
    ("ENT", Direction::Discharge),
    ("PAU", Direction::Neither),   ("PAUSE", Direction::Neither), ("STO", Direction::Neither),
    ("STOP", Direction::Neither),  ("STA", Direction::Neither),   ("MSG", Direction::Neither),
    // A profile of currents: both ways.
    ("TABLE", Direction::Neither), ("TAB", Direction::Neither),
];

const fn time(key: &'static str, column: Column) -> Term {
    duration(key, column)
}
const fn state(key: &'static str) -> Term {
    Term { key, role: C(Column::Status), read: Read::Label }
}
const fn capacity(key: &'static str, column: Column) -> Term {
    number(key, column, Quantity::Capacity)
}
const fn energy(key: &'static str, column: Column) -> Term {
    number(key, column, Quantity::Energy)
}
const fn temperature(key: &'static str) -> Term {
    Term { key, role: Temperature, read: Read::Number(Quantity::Temperature) }
}

#[rustfmt::skip]
static TERMS: &[Term] = &[
    stamp("timestamp"), stamp("zeit"), stamp("zeitstempel"), stamp("datum"),
    count("step", Column::StepFromCycler), count("schritt", Column::StepFromCycler),
    count("cycle", Column::CycleFromCycler), count("zyklus", Column::CycleFromCycler),
    state("status"), state("state"), state("zustand"),
    time("progtime", Column::Time), time("programtime", Column::Time), time("programduration", Column::Time),
    time("programmdauer", Column::Time), time("progdauer", Column::Time),
    time("steptime", Column::StepTime), time("stepduration", Column::StepTime), time("schrittdauer", Column::StepTime),
    time("schrittzeit", Column::StepTime),
    number("voltage", Column::Voltage, Quantity::Voltage), number("spannung", Column::Voltage, Quantity::Voltage),
    number("current", Column::Current, Quantity::Current), number("strom", Column::Current, Quantity::Current),
    number("watt", Column::Power, Quantity::Power), number("power", Column::Power, Quantity::Power),
    number("leistung", Column::Power, Quantity::Power),
    // All that was charged and discharged until now (docs/formats/digatron.md#counters).
    capacity("ahcha", Column::ChargeCapacity), capacity("ahlad", Column::ChargeCapacity),
    capacity("ahcharge", Column::ChargeCapacity), capacity("ahdch", Column::DischargeCapacity),
    capacity("ahela", Column::DischargeCapacity), capacity("ahdischarge", Column::DischargeCapacity),
    energy("whcha", Column::ChargeEnergy), energy("whlad", Column::ChargeEnergy), energy("whcharge", Column::ChargeEnergy),
    energy("whdch", Column::DischargeEnergy), energy("whela", Column::DischargeEnergy),
    energy("whdischarge", Column::DischargeEnergy),
    // The balance of both: below 0 when more was discharged.
    capacity("ahaccu", Column::Capacity), capacity("ahakku", Column::Capacity), capacity("capacity", Column::Capacity),
    capacity("kapazität", Column::Capacity),
    energy("whaccu", Column::Energy), energy("whakku", Column::Energy), energy("energy", Column::Energy),
    energy("energie", Column::Energy),
    number("temperature", Column::Temperature, Quantity::Temperature),
    number("temperatur", Column::Temperature, Quantity::Temperature),
    number("temp", Column::Temperature, Quantity::Temperature), temperature("logtemp#"), temperature("temp#"),
    temperature("temperature#"), temperature("temperatur#"),
    // Of the step, of the step before it; where a program calls another.
    ignored("ahstep"), ignored("whstep"), ignored("ahprev"), ignored("whprev"), ignored("ahset"), ignored("ahbal"),
    ignored("cyclelevel"), ignored("zyklusebene"), ignored("procedurelevel"), ignored("prozedurebene"),
    kept("procedure"), kept("prozedur"), kept("cnt"),
];

/// docs/formats/digatron.md#columns: `Voltage [V]` with the unit of the row below, `Voltage#V`.
fn fold(cell: &str) -> Folded {
    let cell = clean(cell);
    let hashed = cell.rsplit_once('#').filter(|(_, unit)| Unit::is_any(unit) || unit.is_empty());
    let (base, unit) = match hashed {
        Some((base, unit)) => (base, Some(unit).filter(|unit| !unit.is_empty())),
        None => split_unit(cell),
    };
    let key = base.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    Folded::named(key, unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::units_row::tests::with_units;

    #[test]
    fn a_row_of_units_goes_to_the_names() {
        let found =
            with_units(&DIGATRON, "Time Stamp,Step,Prog Time,Voltage,Current,AhAccu,Cnt", ",,,[V],[mA],[Ah],[Cnt]");
        assert_eq!(found.unwrap(), "Time Stamp,Step,Prog Time,Voltage [V],Current [mA],AhAccu [Ah],Cnt");
    }

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, DIGATRON.find(&f).map(|(_, t, n)| (t.role, n)))
        };
        insta::assert_snapshot!(f("Prog Time"), @"progtime None -> Some((Column(Time), None))");
        insta::assert_snapshot!(f("Voltage#V"), @r#"voltage Some("V") -> Some((Column(Voltage), None))"#);
        insta::assert_snapshot!(f("Time Stamp"), @"timestamp None -> Some((Column(Timestamp), None))");
        insta::assert_snapshot!(f("LogTemp001"), @"logtemp001 None -> Some((Temperature, Some(1)))");
        insta::assert_snapshot!(f("Programmdauer"), @"programmdauer None -> Some((Column(Time), None))");
    }
}
