//! Arbin's words (docs/formats/arbin.md#other-columns, docs/formats/arbin.md#header-cells,
//! docs/formats/arbin.md#column-names-and-units).
//!
//! Seen in: MITS Pro 4.x, 7, 8 and 10 exports, the 29 headers of docs/formats/arbin.md#csv-exports.

use crate::schema::{Column, Quantity};
use crate::vocab::Role::{AuxVoltage, Loop, Temperature};
use crate::vocab::fold::{Folded, clean, split_unit};
use crate::vocab::{Read, Term, Vocabulary, count, duration, ignored, kept, number, stamp};

/// Arbin.
pub(super) static ARBIN: Vocabulary = Vocabulary {
    maker: "Arbin",
    terms: TERMS,
    fold,
    unit_may_be_missing: true,
    emitted: &[Column::ReferenceVoltage, Column::AcResistance],
    keeps_unknown: true,
    drop_repeats: true,
    ..Vocabulary::PLAIN
};

#[rustfmt::skip]
static TERMS: &[Term] = &[
    count("data point", Column::Record),
    stamp("date time"),
    stamp("datetime"),
    // The streamed csv (docs/formats/arbin.md#streamed-csv).
    stamp("data time"),
    ignored("byte index"), ignored("line number"), ignored("data type flag"), ignored("data flags"), ignored("other information"),
    duration("test time", Column::Time),
    duration("step time", Column::StepTime),
    count("cycle index", Column::CycleFromCycler), count("step index", Column::StepFromCycler),
    Term { key: "tc counter#", role: Loop, read: Read::Count },
    number("current", Column::Current, Quantity::Current), number("voltage", Column::Voltage, Quantity::Voltage),
    number("power", Column::Power, Quantity::Power),
    number("charge capacity", Column::ChargeCapacity, Quantity::Capacity),
    number("chg capacity", Column::ChargeCapacity, Quantity::Capacity),
    number("discharge capacity", Column::DischargeCapacity, Quantity::Capacity),
    number("dchg capacity", Column::DischargeCapacity, Quantity::Capacity),
    number("dchg. capacity", Column::DischargeCapacity, Quantity::Capacity),
    number("dchg.", Column::DischargeCapacity, Quantity::Capacity),
    number("charge energy", Column::ChargeEnergy, Quantity::Energy),
    number("discharge energy", Column::DischargeEnergy, Quantity::Energy),
    number("internal resistance", Column::DcResistance, Quantity::Resistance),
    Term { key: "aux temperature#", role: Temperature, read: Read::Number(Quantity::Temperature) },
    Term { key: "temperature#", role: Temperature, read: Read::Number(Quantity::Temperature) },
    number("temperature", Column::Temperature, Quantity::Temperature),
    number("aux temperature", Column::Temperature, Quantity::Temperature),
    number("surface temp", Column::Temperature, Quantity::Temperature),
    number("temp", Column::Temperature, Quantity::Temperature),
    Term { key: "aux voltage#", role: AuxVoltage, read: Read::Number(Quantity::Voltage) },
    // Pulse steps of MITS 7 and variables of the schedule (docs/formats/arbin.md#other-columns).
    kept("metacode mv ud#"),
    // Impedance sheets (docs/formats/arbin.md#impedance-sheets): raw Z″, negative on a capacitive arc.
    number("frequency", Column::Frequency, Quantity::Frequency), number("freq", Column::Frequency, Quantity::Frequency),
    number("zreal", Column::ZRe, Quantity::Resistance), number("zimg", Column::ZIm, Quantity::Resistance),
    number("zmod", Column::ZMod, Quantity::Resistance), number("zphz", Column::ZPhase, Quantity::Angle),
    number("reference voltage", Column::ReferenceVoltage, Quantity::Voltage),
    // docs/formats/arbin.md#other-columns: computed on the tester, or marks of single rows.
    ignored("test id"), ignored("dv/dt"), ignored("dq/dv"), ignored("dv/dq"), ignored("d2v/dt2"), ignored("aux dt/dt#"), ignored("aux dv/dt#"),
    ignored("point"), ignored("is fc data"), ignored("capacity"), ignored("mah/g"),
    // An AC measurement at one frequency; the frequency is not stored, so it is no impedance row.
    number("acr", Column::AcResistance, Quantity::Resistance), number("ac impedance", Column::AcResistance, Quantity::Resistance),
    // Kept where anything was measured, see the rules.
    kept("aci phase angle"), kept("pulsestageindex"), kept("pulsestagetime"),
];

/// docs/formats/arbin.md#header-cells. `TC_Counter1`, `Aux_Temperature_1 (C)`, `Temperature (C)_1` all give their number.
fn fold(cell: &str) -> Folded {
    let cell = clean(cell);
    let (cell, mut number) = split_number(cell);
    let (base, unit) = split_unit(cell);
    let base = if number.is_none() && unit.is_some() {
        let (base, found) = split_number(base);
        number = found;
        base
    } else {
        base
    };
    // MITS misprints the unit of that column.
    let unit = if base.eq_ignore_ascii_case("reference_voltage") || base.eq_ignore_ascii_case("reference voltage") {
        Some("V")
    } else {
        unit
    };
    let spaced = base.replace('_', " ");
    let mut key = spaced.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if let Some(n) = number {
        // Part of the key again, so that `temperature` and `temperature#` are two words.
        key.push_str(&n.to_string());
    }
    // Marks of single rows, two dozen of them and misspelt.
    let mark = [" point", " on", " off", " null"].iter().any(|end| key.ends_with(end));
    if mark && unit.is_none() && key != "data point" {
        "point".clone_into(&mut key);
    }
    Folded::named(key, unit)
}

fn split_number(text: &str) -> (&str, Option<u32>) {
    match text.rsplit_once('_') {
        Some((name, digits)) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
            (name, digits.parse().ok())
        }
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::units_row::tests::with_units;

    #[test]
    fn a_row_of_units_goes_to_the_names() {
        let found = with_units(&ARBIN, "Data_Point,Test_Time,Current", ",,(mA)").unwrap();
        assert_eq!(found, "Data_Point,Test_Time,Current [mA]");
    }

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, ARBIN.find(&f).map(|(_, t, n)| (t.role, n)))
        };
        insta::assert_snapshot!(f("Charge_Capacity(Ah)"), @r#"charge capacity Some("Ah") -> Some((Column(ChargeCapacity), None))"#);
        insta::assert_snapshot!(f("Test Time (s)"), @r#"test time Some("s") -> Some((Column(Time), None))"#);
        insta::assert_snapshot!(f("\u{feff}Data Point"), @"data point None -> Some((Column(Record), None))");
        insta::assert_snapshot!(f("Aux_Temperature_1 (C)"), @r#"aux temperature1 Some("C") -> Some((Temperature, Some(1)))"#);
        insta::assert_snapshot!(f("Aux_Temperature(C)_2"), @r#"aux temperature2 Some("C") -> Some((Temperature, Some(2)))"#);
        insta::assert_snapshot!(f("TC_Counter3"), @"tc counter3 None -> Some((Loop, Some(3)))");
        insta::assert_snapshot!(f("Aux_dT/dt_1 (C/s)"), @r#"aux dt/dt1 Some("C/s") -> Some((Ignored, Some(1)))"#);
        insta::assert_snapshot!(f("Internal Resistance (Ohm)"), @r#"internal resistance Some("Ohm") -> Some((Column(DcResistance), None))"#);
    }
}
