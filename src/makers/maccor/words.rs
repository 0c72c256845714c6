//! Maccor's words (docs/formats/maccor.md#columns, docs/formats/maccor.md#modes).
//!
//! Seen in: MIMS Server, Client and MacExport text exports of 2012–2024, all header lines of
//! docs/formats/maccor.md#preambles.

use crate::schema::{Column, Quantity, Unit};
use crate::vocab::Role::{Auxiliary, Column as C, Flag, Loop, Temperature, Variable};
use crate::vocab::fold::{Folded, Prefix, clean, split_unit};
use crate::vocab::{
    CurrentSign, Direction, Read, Term, Vocabulary, count, duration, ignored, kept, label, number, stamp,
};

/// Maccor.
pub(super) static MACCOR: Vocabulary = Vocabulary {
    maker: "Maccor",
    terms: TERMS,
    fold,
    direction: |text| label(MODES, text),
    current: CurrentSign::ByMode,
    may_log_magnitudes: true,
    unit_may_be_missing: true,
    emitted: &[Column::Mode, Column::EndStatus, Column::AcResistance, Column::ChamberTemperature],
    drop_repeats: true,
    names_may_repeat: true,
    commas_may_be_thousands: true,
    unit_in_next_column: true,
    ..Vocabulary::PLAIN
};

#[rustfmt::skip]
static MODES: &[(&str, Direction)] = &[
    ("C",   Direction::Charge),    ("CHA", Direction::Charge),
    ("D",   Direction::Discharge), ("DCH", Direction::Discharge),
    ("FRA", Direction::Neither),   ("MSG", Direction::Neither), ("O",   Direction::Neither), ("P", Direction::Neither),
    ("PAU", Direction::Neither),   ("R",   Direction::Neither), ("S",   Direction::Neither),
];

const fn mode(key: &'static str) -> Term {
    Term { key, role: C(Column::Mode), read: Read::Label }
}

#[rustfmt::skip]
static TERMS: &[Term] = &[
    count("rec", Column::Record), count("record", Column::Record), count("recordid", Column::Record),
    count("cyclec", Column::CycleFromCycler),
    count("cyc", Column::CycleFromCycler), count("cycle", Column::CycleFromCycler), count("cycleid", Column::CycleFromCycler),
    count("cyclep", Column::CycleFromCycler),
    count("step", Column::StepFromCycler), count("stepid", Column::StepFromCycler),
    duration("testtime", Column::Time),
    duration("steptime", Column::StepTime),
    number("current", Column::Current, Quantity::Current),
    number("amps", Column::Current, Quantity::Current), number("amp", Column::Current, Quantity::Current),
    number("voltage", Column::Voltage, Quantity::Voltage),
    number("volts", Column::Voltage, Quantity::Voltage), number("volt", Column::Voltage, Quantity::Voltage),
    number("amphr", Column::Capacity, Quantity::Capacity),
    number("capacity", Column::Capacity, Quantity::Capacity), number("cap", Column::Capacity, Quantity::Capacity),
    number("watthr", Column::Energy, Quantity::Energy),
    number("energy", Column::Energy, Quantity::Energy), number("ener", Column::Energy, Quantity::Energy),
    number("chgcapacity", Column::ChargeCapacity, Quantity::Capacity),
    number("dchgcapacity", Column::DischargeCapacity, Quantity::Capacity),
    number("chgenergy", Column::ChargeEnergy, Quantity::Energy),
    number("dchgenergy", Column::DischargeEnergy, Quantity::Energy),
    mode("state"), mode("md"), mode("status"),
    count("es", Column::EndStatus),
    stamp("dpttime"),
    stamp("dpt"),
    number("power", Column::Power, Quantity::Power),
    number("watt", Column::Power, Quantity::Power), number("watts", Column::Power, Quantity::Power),
    number("dcir", Column::DcResistance, Quantity::Resistance),
    number("acimp", Column::AcResistance, Quantity::Resistance), number("acr", Column::AcResistance, Quantity::Resistance),
    number("temperaturecell", Column::Temperature, Quantity::Temperature),
    number("temperature", Column::Temperature, Quantity::Temperature),
    number("temp", Column::Temperature, Quantity::Temperature),
    Term { key: "temp#", role: Temperature, read: Read::Number(Quantity::Temperature) },
    number("temperaturechamber", Column::ChamberTemperature, Quantity::Temperature),
    number("evtemp", Column::ChamberTemperature, Quantity::Temperature),
    Term { key: "aux#", role: Auxiliary, read: Read::Plain }, ignored("units"),
    Term { key: "loop#", role: Loop, read: Read::Count },
    Term { key: "var#", role: Variable, read: Read::Plain }, Term { key: "varx#", role: Variable, read: Read::Plain },
    Term { key: "flag#", role: Flag, read: Read::Count }, Term { key: "flgx#", role: Flag, read: Read::Count },
    Term { key: "globflag#", role: Flag, read: Read::Count },
    // Impedance side files (docs/formats/maccor.md#spectrum-files): the labels of the first columns are right, some others
    // are not.
    number("freq", Column::Frequency, Quantity::Frequency),
    Term { key: "z'", role: C(Column::ZRe), read: Read::Plain }, Term { key: "z''", role: C(Column::ZIm), read: Read::Plain },
    Term { key: "zmag", role: C(Column::ZMod), read: Read::Plain },
    Term { key: "phaseangle", role: C(Column::ZPhase), read: Read::Plain },
    ignored("polar"), ignored("time"), ignored("c"), ignored("irg"), ignored("vmag"), ignored("imag"), ignored("vdc"),
    // Dropped by docs/formats/maccor.md#vocabulary.
    ignored("range"), ignored("irange"), ignored("subr"), ignored("evhum"), ignored("scapacity"), ignored("resistance"),
    ignored("conductivity"), ignored("esr"), ignored("digio"),
    // The path of nested steps (docs/formats/maccor.md#vocabulary).
    kept("fullstep"),
    // Numbers on waveform steps only, where they stand for the counters without a direction
    // (docs/formats/maccor.md#capacity-and-energy).
    number("wfchgcap", Column::ChargeCapacity, Quantity::Capacity),
    number("wfdiscap", Column::DischargeCapacity, Quantity::Capacity),
    number("wfchge", Column::ChargeEnergy, Quantity::Energy),
    number("wfdise", Column::DischargeEnergy, Quantity::Energy),
];

/// docs/formats/maccor.md#folding-of-header-words.
fn fold(cell: &str) -> Folded {
    let cell = clean(cell);
    let (mut base, mut unit) = split_unit(cell);
    if unit.is_some_and(|u| u.starts_with("0x")) {
        // An SMBus register's address is part of its name.
        (base, unit) = (cell, None);
    } else if unit.is_none()
        && let Some((name, tail)) = cell.rsplit_once('/')
        && Unit::parse(tail, Quantity::Resistance).is_some()
    {
        (base, unit) = (name, Some(tail));
    }
    // The case of the letter is looked at before it is lost: m is milli, M is mega.
    let mut prefix = Prefix::None;
    let tail = base.get(1..).unwrap_or_default().to_ascii_lowercase();
    if ["amp", "watt", "volt"].iter().any(|word| tail.starts_with(word)) {
        match base.as_bytes().first() {
            Some(b'm') => (prefix, base) = (Prefix::Milli, &base[1..]),
            Some(b'M') => (prefix, base) = (Prefix::Mega, &base[1..]),
            _ => {}
        }
    }
    let mut key: String = base.chars().filter(|c| !matches!(c, ' ' | '_' | '-' | '.' | '#')).collect();
    key = key.to_lowercase();
    // "Step" alone is the step number; a time unit makes it the step time. Likewise "Test (Min)".
    let is_time = unit.is_some_and(|u| Unit::parse(u, Quantity::Time).is_some());
    if is_time && (key == "step" || key == "test") {
        key.push_str("time");
    }
    Folded { key, unit: unit.map(str::to_owned), prefix, number: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::units_row::tests::with_units;

    #[test]
    fn a_row_of_units_goes_to_the_names() {
        let found = with_units(&MACCOR, "Rec#,Test Time,Current,State,DPt Time", "[Cnt],min,mA,-,date").unwrap();
        assert_eq!(found, "Rec#,Test Time [min],Current [mA],State,DPt Time");
        // A prefix at the name stays, and an unknown unit is refused later.
        let odd = with_units(&MACCOR, "mAmps,Volts", "mA,furlong").unwrap();
        assert_eq!(odd, "mAmps,Volts [furlong]");
    }

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} {:?} -> {:?}", f.key, f.unit, f.prefix, MACCOR.find(&f).map(|(_, t, n)| (t.role, n)))
        };
        insta::assert_snapshot!(f("Rec#"), @"rec None None -> Some((Column(Record), None))");
        insta::assert_snapshot!(f("Test (Sec)"), @r#"testtime Some("Sec") None -> Some((Column(Time), None))"#);
        insta::assert_snapshot!(f("Step (Min)"), @r#"steptime Some("Min") None -> Some((Column(StepTime), None))"#);
        insta::assert_snapshot!(f("Step"), @"step None None -> Some((Column(StepFromCycler), None))");
        insta::assert_snapshot!(f("mAmp-hr"), @"amphr None Milli -> Some((Column(Capacity), None))");
        insta::assert_snapshot!(f("MAmps"), @"amps None Mega -> Some((Column(Current), None))");
        insta::assert_snapshot!(f("Md"), @"md None None -> Some((Column(Mode), None))");
        insta::assert_snapshot!(f("DCIR/Ohms"), @r#"dcir Some("Ohms") None -> Some((Column(DcResistance), None))"#);
        insta::assert_snapshot!(f("Cap. [Ah]"), @r#"cap Some("Ah") None -> Some((Column(Capacity), None))"#);
        insta::assert_snapshot!(f("VAR12"), @"var12 None None -> Some((Variable, Some(12)))");
        insta::assert_snapshot!(f("Loop 1"), @"loop1 None None -> Some((Loop, Some(1)))");
        insta::assert_snapshot!(f("VARIANCE"), @"variance None None -> None");
        insta::assert_snapshot!(f("Voltage (0x08)"), @"voltage(0x08) None None -> None");
    }
}
