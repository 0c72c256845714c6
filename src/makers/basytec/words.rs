//! BaSyTec's words (docs/formats/basytec.md#columns, docs/formats/basytec.md#commands).
//!
//! Seen in: text files that the BaSyTec software converts, the names of docs/formats/basytec.md#columns; csv files of six columns.

use crate::schema::{Column, Quantity};
use crate::vocab::Role::{Column as C, Temperature};
use crate::vocab::fold::{Folded, clean, split_unit};
use crate::vocab::{Direction, Read, Term, Vocabulary, count, duration, ignored, kept, label, number, stamp};

/// BaSyTec.
pub(super) static BASYTEC: Vocabulary = Vocabulary {
    maker: "BaSyTec",
    terms: TERMS,
    fold,
    direction: |text| label(COMMANDS, text),
    // Counters of a cycle and of a step are written without one: A.h and W.h (docs/formats/basytec.md#counters).
    unit_may_be_missing: true,
    emitted: &[Column::Status, Column::AcResistance, Column::ChamberTemperature],
    pair_outranks_single: true,
    keeps_unknown: true,
    ..Vocabulary::PLAIN
};

/// docs/formats/basytec.md#commands.
#[rustfmt::skip]
static COMMANDS: &[(&str, Direction)] = &[
    ("CHARGE",      Direction::Charge),    ("LADEN",    Direction::Charge),
    ("DISCHARGE",   Direction::Discharge), ("ENTLADEN", Direction::Discharge),
    ("PAUSE",       Direction::Neither),   ("STOP",     Direction::Neither),
    ("START",       Direction::Neither),   ("SET",      Direction::Neither),
    ("CYCLE-START", Direction::Neither),   ("CYCLE-END", Direction::Neither),
    // Numbers of the csv files.
    ("0",           Direction::Neither),   ("21",       Direction::Charge),
    ("22",          Direction::Discharge),
];

#[rustfmt::skip]
static TERMS: &[Term] = &[
    duration("time", Column::Time),
    duration("t-step", Column::StepTime),
    stamp("datetime"),
    stamp("date/time"),
    count("dataset", Column::Record), count("line", Column::StepFromCycler), count("cyc-count", Column::CycleFromCycler),
    Term { key: "command", role: C(Column::Status), read: Read::Label },
    number("u", Column::Voltage, Quantity::Voltage), number("i", Column::Current, Quantity::Current),
    number("p", Column::Power, Quantity::Power),
    // Counters in pairs say most; that of the test is the balance of both (docs/formats/basytec.md#counters).
    number("ah-charge", Column::ChargeCapacity, Quantity::Capacity),
    number("ah-discharge", Column::DischargeCapacity, Quantity::Capacity),
    number("ah-ch", Column::ChargeCapacity, Quantity::Capacity),
    number("ah-dis", Column::DischargeCapacity, Quantity::Capacity),
    number("ah-cyc-charge", Column::ChargeCapacity, Quantity::Capacity),
    number("ah-cyc-discharge", Column::DischargeCapacity, Quantity::Capacity),
    number("ah", Column::Capacity, Quantity::Capacity),
    number("wh-charge", Column::ChargeEnergy, Quantity::Energy),
    number("wh-discharge", Column::DischargeEnergy, Quantity::Energy),
    number("wh-ch", Column::ChargeEnergy, Quantity::Energy), number("wh-dis", Column::DischargeEnergy, Quantity::Energy),
    number("wh-cyc-charge", Column::ChargeEnergy, Quantity::Energy),
    number("wh-cyc-discharge", Column::DischargeEnergy, Quantity::Energy),
    number("wh", Column::Energy, Quantity::Energy),
    Term { key: "t#", role: Temperature, read: Read::Number(Quantity::Temperature) },
    // Ohm, by their size; 0 where none was measured.
    number("r-dc", Column::DcResistance, Quantity::Resistance), number("r-ac", Column::AcResistance, Quantity::Resistance),
    // Why the record was written, and where the test plan stands.
    kept("state"), kept("level"), kept("count"),
    // The same counters and clocks since other events.
    ignored("t-set"), ignored("t-cyc"), ignored("ah-set"), ignored("ah-ch-set"), ignored("ah-dis-set"), ignored("wh-set"),
    ignored("wh-ch-set"), ignored("wh-dis-set"), ignored("ah-step"), ignored("wh-step"), ignored("ah-cyc-charge-0"),
    ignored("ah-cyc-discharge-0"), ignored("wh-cyc-charge-0"), ignored("wh-cyc-discharge-0"),
    // docs/formats/basytec.md#csv-files: volt, ampere and °C without saying so.
    duration("run_time", Column::Time),
    number("c_vol", Column::Voltage, Quantity::Voltage), number("c_cur", Column::Current, Quantity::Current),
    number("c_surf_temp", Column::Temperature, Quantity::Temperature),
    number("c_temp", Column::Temperature, Quantity::Temperature),
    number("amb_temp", Column::ChamberTemperature, Quantity::Temperature),
    Term { key: "step_type", role: C(Column::Status), read: Read::Label },
    ignored("time_to_sec"),
];

/// docs/formats/basytec.md#columns: `~Time[h]`, `T1[°C]`. A quantity for each kg or g is another one.
fn fold(cell: &str) -> Folded {
    let (base, unit) = split_unit(clean(cell).trim_start_matches('~'));
    let mut key = base.trim().to_lowercase();
    // What became of °C on its way.
    let unit = unit.map(|unit| if matches!(unit, "\u{fffd}C" | "癈") { "°C" } else { unit });
    let is_density = |unit: &&str| unit.ends_with("/kg") || unit.ends_with("/g");
    if let Some(density) = unit.filter(is_density) {
        key = format!("{key} {density}");
    }
    Folded::named(key, unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, BASYTEC.find(&f).map(|(_, t, n)| (t.role, n)))
        };
        insta::assert_snapshot!(f("~Time[h]"), @r#"time Some("h") -> Some((Column(Time), None))"#);
        insta::assert_snapshot!(f("t-Step[h]"), @r#"t-step Some("h") -> Some((Column(StepTime), None))"#);
        insta::assert_snapshot!(f("T1[\u{fffd}C]"), @r#"t1 Some("°C") -> Some((Temperature, Some(1)))"#);
        insta::assert_snapshot!(f("Ah[Ah]"), @r#"ah Some("Ah") -> Some((Column(Capacity), None))"#);
        insta::assert_snapshot!(f("I[A/kg]"), @r#"i A/kg Some("A/kg") -> None"#);
        insta::assert_snapshot!(f("Ah-Cyc-Charge-0"), @"ah-cyc-charge-0 None -> Some((Ignored, None))");
    }
}
