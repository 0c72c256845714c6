//! Bitrode's words (docs/formats/bitrode.md#columns, docs/formats/bitrode.md#modes).
//!
//! Seen in: no file at hand; the names are those of public descriptions of VisuaLCN exports.

use crate::schema::{Column, Quantity};
use crate::vocab::Role::{AuxVoltage, Column as C, Loop, Temperature};
use crate::vocab::fold::{Folded, Prefix, clean, split_unit};
use crate::vocab::{Direction, Read, Term, Vocabulary, count, duration, ignored, kept, number, stamp};

/// Bitrode.
pub(super) static BITRODE: Vocabulary = Vocabulary {
    maker: "Bitrode",
    terms: TERMS,
    fold,
    direction,
    may_log_magnitudes: true,
    unit_may_be_missing: true,
    tells_missing_units: true,
    emitted: &[Column::Mode],
    pair_outranks_single: true,
    keeps_unknown: true,
    ..Vocabulary::PLAIN
};

/// docs/formats/bitrode.md#modes: `DCHG`, `CHRG`, `REST`.
fn direction(text: &str) -> Direction {
    let folded = text.trim().to_uppercase();
    match folded.as_str() {
        text if text.starts_with("DCH") || text.starts_with("DISC") => Direction::Discharge,
        text if text.starts_with("CH") => Direction::Charge,
        "REST" | "PAUS" | "PAUSE" | "STOP" | "OCV" | "CTRL" | "END" => Direction::Neither,
        _ => Direction::Unknown,
    }
}

#[rustfmt::skip]
static TERMS: &[Term] = &[
    duration("totaltime", Column::Time),
    duration("steptime", Column::StepTime),
    stamp("datetime"),
    stamp("date/time"),
    count("cycle", Column::CycleFromCycler), count("step", Column::StepFromCycler),
    Term { key: "loopcounter#", role: Loop, read: Read::Count },
    number("current", Column::Current, Quantity::Current), number("voltage", Column::Voltage, Quantity::Voltage),
    number("power", Column::Power, Quantity::Power),
    number("amphours", Column::Capacity, Quantity::Capacity), number("capacity", Column::Capacity, Quantity::Capacity),
    number("watthours", Column::Energy, Quantity::Energy), number("energy", Column::Energy, Quantity::Energy),
    number("chargeamphours", Column::ChargeCapacity, Quantity::Capacity),
    number("dischargeamphours", Column::DischargeCapacity, Quantity::Capacity),
    number("temperature", Column::Temperature, Quantity::Temperature),
    Term { key: "temperaturea#", role: Temperature, read: Read::Number(Quantity::Temperature) },
    Term { key: "temperature#", role: Temperature, read: Read::Number(Quantity::Temperature) },
    Term { key: "voltagea#", role: AuxVoltage, read: Read::Number(Quantity::Voltage) },
    Term { key: "mode", role: C(Column::Mode), read: Read::Label },
    // Why the record was written; S where a step begins or ends.
    kept("dataacquisitionflag"),
    // `Yes` on rows that somebody wants left out of evaluations: they were measured like the others.
    kept("exclude"),
    // What the step was told to hold.
    ignored("constantresistance"), ignored("constantpower"), ignored("resistance"),
];

/// docs/formats/bitrode.md#columns: `Total Time, S`, `Total Time, (h:m:s)`, `Loop Counter #1`, `Amp-Hours`.
fn fold(cell: &str) -> Folded {
    let cell = clean(cell);
    let bare = |unit: &'_ str| unit.trim().trim_matches(['(', ')', '[', ']']).to_owned();
    let (base, unit) = match cell.split_once(',') {
        Some((base, unit)) => (base, Some(bare(unit))),
        None => {
            let (base, unit) = split_unit(cell);
            (base, unit.map(str::to_owned))
        }
    };
    let key = base.chars().filter(|c| !matches!(c, ' ' | '-' | '#' | '_')).collect::<String>().to_lowercase();
    Folded { key, unit, prefix: Prefix::None, number: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, BITRODE.find(&f).map(|(_, t, n)| (t.role, n)))
        };
        insta::assert_snapshot!(f("Total Time, S"), @r#"totaltime Some("S") -> Some((Column(Time), None))"#);
        insta::assert_snapshot!(f("Total Time, (h:m:s)"), @r#"totaltime Some("h:m:s") -> Some((Column(Time), None))"#);
        insta::assert_snapshot!(f("Loop Counter #2"), @"loopcounter2 None -> Some((Loop, Some(2)))");
        insta::assert_snapshot!(f("Amp-Hours, AH"), @r#"amphours Some("AH") -> Some((Column(Capacity), None))"#);
        insta::assert_snapshot!(f("Temperature A1"), @"temperaturea1 None -> Some((Temperature, Some(1)))");
        insta::assert_snapshot!(f("Current(A)"), @r#"current Some("A") -> Some((Column(Current), None))"#);
    }

    #[test]
    fn modes() {
        use Direction::{Charge, Discharge, Neither, Unknown};
        assert_eq!(["DCHG", "CHRG", "REST", "Foo"].map(direction), [Discharge, Charge, Neither, Unknown]);
    }
}
