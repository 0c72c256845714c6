//! The words of the Voltaiq data format (docs/formats/voltaiq.md#columns).
//!
//! Seen in: a file of version 3.0 of 2022; the names of the published specification.

use crate::schema::{Column, Quantity};
use crate::vocab::Role::Column as C;
use crate::vocab::fold::{Folded, Prefix, clean, split_unit};
use crate::vocab::{Direction, Read, Term, Vocabulary, count, duration, number, stamp};

/// Voltaiq.
pub(super) static VOLTAIQ: Vocabulary = Vocabulary {
    maker: "Voltaiq",
    terms: TERMS,
    fold,
    direction,
    emitted: &[Column::Status, Column::ChamberTemperature],
    pair_outranks_single: true,
    keeps_unknown: true,
    drop_repeats: true,
    ..Vocabulary::PLAIN
};

/// The format leaves labels to whoever writes it: words that say which way, alone or behind others.
fn direction(text: &str) -> Direction {
    let folded = text.trim().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    if has(&["disch", "dchg"]) {
        Direction::Discharge
    } else if has(&["charge", "chg"]) {
        Direction::Charge
    } else if has(&["rest", "pause", "ocv", "idle"]) {
        Direction::Neither
    } else {
        Direction::Unknown
    }
}

#[rustfmt::skip]
static TERMS: &[Term] = &[
    count("datapoint number", Column::Record), count("cycle number", Column::CycleFromCycler),
    count("cycle", Column::CycleFromCycler), count("step number", Column::StepFromCycler),
    count("step index", Column::StepFromCycler), count("step", Column::StepFromCycler),
    Term { key: "step type", role: C(Column::Status), read: Read::Label },
    duration("test time", Column::Time),
    duration("step time", Column::StepTime),
    stamp("timestamp"),
    number("current", Column::Current, Quantity::Current),
    number("potential", Column::Voltage, Quantity::Voltage), number("voltage", Column::Voltage, Quantity::Voltage),
    number("power", Column::Power, Quantity::Power),
    number("charge capacity", Column::ChargeCapacity, Quantity::Capacity),
    number("discharge capacity", Column::DischargeCapacity, Quantity::Capacity),
    number("capacity", Column::Capacity, Quantity::Capacity),
    number("charge energy", Column::ChargeEnergy, Quantity::Energy),
    number("discharge energy", Column::DischargeEnergy, Quantity::Energy),
    number("energy", Column::Energy, Quantity::Energy),
    number("internal resistance", Column::DcResistance, Quantity::Resistance),
    number("surface temperature", Column::Temperature, Quantity::Temperature),
    number("cell temperature", Column::Temperature, Quantity::Temperature),
    number("temperature", Column::Temperature, Quantity::Temperature),
    number("ambient temperature", Column::ChamberTemperature, Quantity::Temperature),
];

/// docs/formats/voltaiq.md#units: words for units, which the row below the names gives.
fn fold(cell: &str) -> Folded {
    let (base, unit) = split_unit(clean(cell));
    let symbol = |unit: &str| {
        let folded = unit.trim().to_lowercase().replace(['_', '-'], " ");
        let (prefix, folded) = [("milli", "m"), ("micro", "u"), ("kilo", "k")]
            .iter()
            .find_map(|(word, prefix)| Some((*prefix, folded.strip_prefix(word)?.trim_start().to_owned())))
            .unwrap_or(("", folded));
        let symbol = match folded.as_str() {
            "amp" | "ampere" => "A",
            "volt" => "V",
            "watt" => "W",
            "amp hour" | "ampere hour" | "amphour" => "Ah",
            "watt hour" | "watthour" => "Wh",
            _ => return unit.to_owned(),
        };
        format!("{prefix}{symbol}")
    };
    // A number without a unit.
    let unit = unit.filter(|unit| *unit != "none").map(symbol);
    Folded { key: base.to_lowercase(), unit, prefix: Prefix::None, number: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::units_row::tests::with_units;

    #[test]
    fn a_row_of_units_goes_to_the_names() {
        let found = with_units(
            &VOLTAIQ,
            "Datapoint Number,Test Time,Current,Potential,Timestamp",
            "none,second,amp,volt,epoch",
        );
        assert_eq!(found.unwrap(), "Datapoint Number,Test Time [second],Current [amp],Potential [volt],Timestamp");
    }

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, VOLTAIQ.find(&f).map(|(_, t, _)| t.role))
        };
        insta::assert_snapshot!(f("Current [milliamp]"), @r#"current Some("mA") -> Some(Column(Current))"#);
        insta::assert_snapshot!(f("Charge Capacity [amp_hour]"), @r#"charge capacity Some("Ah") -> Some(Column(ChargeCapacity))"#);
        insta::assert_snapshot!(f("Ambient Temperature [celsius]"), @r#"ambient temperature Some("celsius") -> Some(Column(ChamberTemperature))"#);
        insta::assert_snapshot!(f("Potential [furlong]"), @r#"potential Some("furlong") -> Some(Column(Voltage))"#);
    }
}
