//! BioLogic's words: the column names of EC-Lab's and BT-Lab's text exports (docs/formats/mpr.md#column-ids,
//! docs/formats/biologic.md#names-of-columns, docs/formats/biologic.md#sources).
//!
//! Seen in: EC-Lab 11.12–11.61 and BT-Lab 1.75–1.79 text exports, the id table of docs/formats/mpr.md#column-ids.

use crate::schema::{Column, Quantity};
use crate::vocab::Role::{
    ChargeIncrement, Column as C, CounterVoltage, ElectrodeDifference, HalfCycle, RunningCharge, SequenceCharge,
    SequenceStart, SignedCapacity,
};
use crate::vocab::fold::{Folded, clean};
use crate::vocab::{Read, Role, Term, Vocabulary, duration, ignored, kept, number, stamp};

/// BioLogic.
pub(super) static BIOLOGIC: Vocabulary = Vocabulary { maker: "BioLogic", terms: TERMS, fold, ..Vocabulary::PLAIN };

const fn count(key: &'static str, role: Role) -> Term {
    Term { key, role, read: Read::Count }
}

#[rustfmt::skip]
static TERMS: &[Term] = &[
    duration("time", Column::Time),
    number("I", Column::Current, Quantity::Current), number("<I>", Column::Current, Quantity::Current),
    Term { key: "dq", role: ChargeIncrement, read: Read::Number(Quantity::Capacity) },
    Term { key: "(Q-Qo)", role: RunningCharge, read: Read::Number(Quantity::Capacity) },
    number("Ecell", Column::Voltage, Quantity::Voltage), number("Ewe", Column::Voltage, Quantity::Voltage),
    number("<Ewe>", Column::Voltage, Quantity::Voltage),
    Term { key: "dQ", role: SequenceCharge, read: Read::Number(Quantity::Capacity) },
    Term { key: "Ewe-Ece", role: ElectrodeDifference, read: Read::Number(Quantity::Voltage) },
    Term { key: "<Ewe-Ece>", role: ElectrodeDifference, read: Read::Number(Quantity::Voltage) },
    Term { key: "Ece", role: CounterVoltage, read: Read::Number(Quantity::Voltage) },
    Term { key: "<Ece>", role: CounterVoltage, read: Read::Number(Quantity::Voltage) },
    number("Temperature", Column::Temperature, Quantity::Temperature),
    number("freq", Column::Frequency, Quantity::Frequency),
    number("Re(Z)", Column::ZRe, Quantity::Resistance),
    Term { key: "-Im(Z)", role: C(Column::ZIm), read: Read::Negated(Quantity::Resistance) },
    number("|Z|", Column::ZMod, Quantity::Resistance), number("Phase(Z)", Column::ZPhase, Quantity::Angle),
    number("Q charge", Column::ChargeCapacity, Quantity::Capacity),
    number("Q discharge", Column::DischargeCapacity, Quantity::Capacity),
    Term { key: "Q charge/discharge", role: SignedCapacity, read: Read::Number(Quantity::Capacity) },
    number("Energy charge", Column::ChargeEnergy, Quantity::Energy),
    number("Energy we charge", Column::ChargeEnergy, Quantity::Energy),
    number("Energy discharge", Column::DischargeEnergy, Quantity::Energy),
    number("Energy we discharge", Column::DischargeEnergy, Quantity::Energy),
    number("P", Column::Power, Quantity::Power), number("Pwe", Column::Power, Quantity::Power),
    number("Rdc", Column::DcResistance, Quantity::Resistance),
    count("Ns", C(Column::StepFromCycler)),
    count("cycle number", C(Column::CycleFromCycler)),
    count("half cycle", HalfCycle),
    count("mode", C(Column::ControlMode)),
    count("Ns changes", SequenceStart),
    // Some tools add it; EC-Lab itself writes seconds.
    stamp("Date"),
    // A column id of a binary file that nobody knows (docs/formats/mpr.md#records).
    kept("unknown #"),
    // Kept on request only (docs/formats/biologic.md#sources): flags, set values, EIS quality, derived and electrode-wise
    // columns.
    ignored("ox/red"), ignored("error"), ignored("control changes"), ignored("counter inc."), ignored("control"),
    ignored("I Range"), ignored("z cycle"), ignored("step time"),
    ignored("Efficiency"), ignored("Capacity"), ignored("x"), ignored("R"),
    ignored("Rwe"), ignored("Rce"), ignored("Rwe-ce"), ignored("Pce"), ignored("Pwe-ce"), ignored("|Ewe|"), ignored("|I|"),
    ignored("|Ece|"), ignored("Capacitance charge"), ignored("Capacitance discharge"), ignored("Energy ce charge"),
    ignored("Energy ce discharge"), ignored("Energy we-ce charge"), ignored("Energy we-ce discharge"), ignored("|Energy|"),
    ignored("Energy"), ignored("Cs"), ignored("Cp"), ignored("Cs-2"), ignored("Cp-2"), ignored("Rcmp"), ignored("Rapp"),
    ignored("Phase(Zce)"), ignored("|Zce|"), ignored("Re(Zce)"), ignored("-Im(Zce)"), ignored("Phase(Zwe-ce)"),
    ignored("|Zwe-ce|"), ignored("Re(Zwe-ce)"), ignored("-Im(Zwe-ce)"), ignored("Re(Y)"), ignored("Im(Y)"), ignored("|Y|"),
    ignored("Phase(Y)"), ignored("Re(C)"), ignored("Im(C)"), ignored("|C|"),
];

/// Names are case-sensitive (`dq` is not `dQ`); the unit stands behind the last slash
/// (docs/formats/biologic.md#characters-of-units, docs/formats/biologic.md#names-of-columns).
fn fold(cell: &str) -> Folded {
    // EC-Lab 11.50 misprints the name.
    let cell = match clean(cell) {
        "<Ewe/V>" => "<Ewe>/V",
        other => other,
    };
    if let Some((key, unit)) = derived(cell) {
        return Folded::named(key.to_owned(), unit);
    }
    let spaced = spaced(cell);
    let cell: &str = &spaced;
    let (key, unit) = match cell.rsplit_once('/') {
        Some((_, "red" | "discharge")) | None => (cell, None),
        Some(("control/V", unit)) => ("control", Some(unit)),
        // Whatever became of the degree sign, it is the temperature; a csv even repeats the unit.
        Some(("Temperature" | "Temperature/°C", tail)) if tail.ends_with(['C', 'c']) => ("Temperature", Some("°C")),
        Some((name, unit)) => (name, Some(unit)),
    };
    Folded::named(key.to_owned(), unit)
}

/// A name with single blanks between its words: other programs double them, or write underscores or no-break spaces.
fn spaced(name: &str) -> std::borrow::Cow<'_, str> {
    let is_gap = |c: char| c == '_' || c.is_whitespace();
    if !name.contains(is_gap) {
        return name.into();
    }
    let words: Vec<&str> = name.split(is_gap).filter(|word| !word.is_empty()).collect();
    words.join(" ").into()
}

/// Names that other programs make of EC-Lab's: blanks gone, every sign an underscore
/// (docs/formats/biologic.md#files-without-the-head).
#[rustfmt::skip]
static DERIVED: &[(&str, &str, Option<&str>)] = &[
    ("Ecell_V", "Ecell", Some("V")), ("Ewe_V", "Ewe", Some("V")), ("EnergyCharge_W_h", "Energy charge", Some("W.h")),
    ("EnergyDischarge_W_h", "Energy discharge", Some("W.h")), ("I_mA", "I", Some("mA")), ("Ns", "Ns", None),
    ("P_W", "P", Some("W")), ("QCharge_mA_h", "Q charge", Some("mA.h")), ("QDischarge_mA_h", "Q discharge", Some("mA.h")),
    ("Temperature__C", "Temperature", Some("°C")), ("cycleNumber", "cycle number", None), ("freq_Hz", "freq", Some("Hz")),
    ("halfCycle", "half cycle", None), ("time_s", "time", Some("s")),
];

fn derived(cell: &str) -> Option<(&'static str, Option<&'static str>)> {
    DERIVED.iter().find(|(name, ..)| *name == cell).map(|(_, key, unit)| (*key, *unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::units_row::tests::with_units;

    #[test]
    fn a_row_of_units_goes_to_the_names() {
        let found = with_units(&BIOLOGIC, "time,Ewe,I", "s,V,mA").unwrap();
        assert_eq!(found, "time/s,Ewe/V,I/mA");
    }

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, BIOLOGIC.find(&f).map(|(_, t, _)| t.role))
        };
        insta::assert_snapshot!(f("I/mA"), @r#"I Some("mA") -> Some(Column(Current))"#);
        insta::assert_snapshot!(f("<Ewe/V>"), @r#"<Ewe> Some("V") -> Some(Column(Voltage))"#);
        insta::assert_snapshot!(f("Temperature/\u{fffd}C"), @r#"Temperature Some("°C") -> Some(Column(Temperature))"#);
        insta::assert_snapshot!(f("Q charge/discharge/mA.h"), @r#"Q charge/discharge Some("mA.h") -> Some(SignedCapacity)"#);
        insta::assert_snapshot!(f("dQ/mA.h"), @r#"dQ Some("mA.h") -> Some(SequenceCharge)"#);
        insta::assert_snapshot!(f("dq/mA.h"), @r#"dq Some("mA.h") -> Some(ChargeIncrement)"#);
        insta::assert_snapshot!(f("Ewe-Ece/V"), @r#"Ewe-Ece Some("V") -> Some(ElectrodeDifference)"#);
        for cycle in ["cycle number", "cycle  number", "cycle_number", "cycle\u{a0}number"] {
            assert_eq!(f(cycle), "cycle number None -> Some(Column(CycleFromCycler))");
        }
        insta::assert_snapshot!(f("Q_charge/discharge/mA.h"), @r#"Q charge/discharge Some("mA.h") -> Some(SignedCapacity)"#);
        insta::assert_snapshot!(f("ox/red"), @"ox/red None -> Some(Ignored)");
        insta::assert_snapshot!(f("control/V/mA"), @r#"control Some("mA") -> Some(Ignored)"#);
    }
}
