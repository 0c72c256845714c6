//! Landt's words (docs/formats/landt.md#columns, docs/formats/landt.md#states).
//!
//! Seen in: a workbook of LANDdt 7 of 2021, a csv export of 2024; older names in public descriptions.

use crate::schema::{Column, Quantity, Unit};
use crate::vocab::Role::{AuxVoltage, Column as C, Temperature};
use crate::vocab::fold::{Folded, clean, split_unit};
use crate::vocab::{Direction, Read, Term, Vocabulary, count, duration, ignored, number, stamp};

/// Landt.
pub(super) static LANDT: Vocabulary = Vocabulary {
    maker: "Landt",
    terms: TERMS,
    fold,
    direction,
    emitted: &[Column::Status],
    pair_outranks_single: true,
    keeps_unknown: true,
    ..Vocabulary::PLAIN
};

/// docs/formats/landt.md#states: `RateD`, `D_CC`, `discharge CC`.
fn direction(text: &str) -> Direction {
    let folded = text.trim().to_lowercase();
    match folded.as_str() {
        "r" | "rest" | "end" | "stop" | "pause" | "ocv" => Direction::Neither,
        "d" | "rated" => Direction::Discharge,
        "c" | "ratec" => Direction::Charge,
        text if text.starts_with("discharge") || text.starts_with("d_") => Direction::Discharge,
        text if text.starts_with("charge") || text.starts_with("c_") => Direction::Charge,
        _ => Direction::Unknown,
    }
}

const fn state(key: &'static str) -> Term {
    Term { key, role: C(Column::Status), read: Read::Label }
}
#[rustfmt::skip]
static TERMS: &[Term] = &[
    count("record", Column::Record), count("index", Column::Record),
    // Counts the records in the csv export, whatever its name says; a channel's number stays the same, see the rules.
    count("channelindex", Column::Record),
    count("cycleindex", Column::CycleFromCycler), count("cycle", Column::CycleFromCycler),
    count("stepindex", Column::StepFromCycler), count("step", Column::StepFromCycler),
    state("stepstate"), state("stepname"), state("state"), state("mode"),
    duration("testtime", Column::Time),
    duration("steptime", Column::StepTime),
    stamp("systime"), stamp("datetimeisostring"), stamp("datetime"),
    number("current", Column::Current, Quantity::Current), number("voltage", Column::Voltage, Quantity::Voltage),
    number("power", Column::Power, Quantity::Power),
    // Of the step; on a rest what the step before it came to (docs/formats/landt.md#counters).
    number("capacity", Column::Capacity, Quantity::Capacity), number("energy", Column::Energy, Quantity::Energy),
    number("chargecapacity", Column::ChargeCapacity, Quantity::Capacity),
    number("dischargecapacity", Column::DischargeCapacity, Quantity::Capacity),
    number("chargeenergy", Column::ChargeEnergy, Quantity::Energy),
    number("dischargeenergy", Column::DischargeEnergy, Quantity::Energy),
    Term { key: "auxtemp", role: C(Column::Temperature), read: Read::Number(Quantity::Temperature) },
    Term { key: "temperature#", role: Temperature, read: Read::Number(Quantity::Temperature) },
    Term { key: "auxtemp#", role: Temperature, read: Read::Number(Quantity::Temperature) },
    Term { key: "auxvolt#", role: AuxVoltage, read: Read::Number(Quantity::Voltage) },
    // Divided by the mass or the capacity that somebody entered.
    ignored("specap"), ignored("scapacity"), ignored("speenergy"), ignored("senergy"), ignored("socdod"),
];

/// docs/formats/landt.md#columns: `TestTime/Sec.`, `SpeCap/mAh/g`, `current_A`.
fn fold(cell: &str) -> Folded {
    let cell = clean(cell);
    let underscored = || cell.rsplit_once('_').filter(|(_, unit)| Unit::is_any(unit));
    let (base, unit) = match cell.split_once('/').or_else(underscored) {
        Some((base, unit)) => (base, Some(unit)),
        None => split_unit(cell),
    };
    let unit = unit.map(|unit| unit.trim_end_matches('.')).map(|unit| if unit == "dC" { "°C" } else { unit });
    let key = base.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    // An auxiliary voltage that is alone has no number.
    let key = if key == "auxvolt" { "auxvolt1".to_owned() } else { key };
    Folded::named(key, unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, LANDT.find(&f).map(|(_, t, n)| (t.role, n)))
        };
        insta::assert_snapshot!(f("TestTime/Sec."), @r#"testtime Some("Sec") -> Some((Column(Time), None))"#);
        insta::assert_snapshot!(f("SpeCap/mAh/g"), @r#"specap Some("mAh/g") -> Some((Ignored, None))"#);
        insta::assert_snapshot!(f("AuxTemp/dC."), @r#"auxtemp Some("°C") -> Some((Column(Temperature), None))"#);
        insta::assert_snapshot!(f("AuxVolt/V"), @r#"auxvolt1 Some("V") -> Some((AuxVoltage, Some(1)))"#);
        insta::assert_snapshot!(f("temperature_1_C"), @r#"temperature1 Some("C") -> Some((Temperature, Some(1)))"#);
        insta::assert_snapshot!(f("discharge_capacity_Ah"), @r#"dischargecapacity Some("Ah") -> Some((Column(DischargeCapacity), None))"#);
        insta::assert_snapshot!(f("Cycle-Index"), @"cycleindex None -> Some((Column(CycleFromCycler), None))");
    }

    #[test]
    fn states() {
        use Direction::{Charge, Discharge, Neither, Unknown};
        let got = ["RateD", "RateC", "R", "rest", "discharge CC", "charge CC", "C_CV", "Foo"].map(direction);
        assert_eq!(got, [Discharge, Charge, Neither, Neither, Discharge, Charge, Charge, Unknown]);
    }
}
