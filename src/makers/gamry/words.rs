//! Gamry's words: the columns of Framework's tables (docs/formats/gamry.md#columns).
//!
//! Seen in: Framework 6.25–7.8 tables of EISPOT, CV, CHRONOA, CORPOT and PWR800 scripts.

use crate::schema::{Column, Quantity};
use crate::vocab::fold::{Folded, Prefix, clean, split_unit};
use crate::vocab::{Term, Vocabulary, count, duration, ignored, number};

/// Gamry.
pub(super) static GAMRY: Vocabulary = Vocabulary { maker: "Gamry", terms: TERMS, fold, ..Vocabulary::PLAIN };

/// The number of the table that a row comes from, where several are one test.
pub(super) const CURVE: &str = "Curve";

#[rustfmt::skip]
static TERMS: &[Term] = &[
    count("pt", Column::Record),
    duration("t", Column::Time), duration("time", Column::Time),
    number("vf", Column::Voltage, Quantity::Voltage), number("vdc", Column::Voltage, Quantity::Voltage),
    number("im", Column::Current, Quantity::Current), number("idc", Column::Current, Quantity::Current),
    number("pwr", Column::Power, Quantity::Power),
    number("temp", Column::Temperature, Quantity::Temperature),
    count("cycle", Column::CycleFromCycler), count("curve", Column::CycleFromCycler),
    number("freq", Column::Frequency, Quantity::Frequency),
    number("zreal", Column::ZRe, Quantity::Resistance), number("zimag", Column::ZIm, Quantity::Resistance),
    number("zmod", Column::ZMod, Quantity::Resistance), number("zphz", Column::ZPhase, Quantity::Angle),
    // What the instrument was set to, how it measured, and the voltage before the correction of the resistance.
    ignored("vm"), ignored("vu"), ignored("sig"), ignored("zsig"), ignored("ach"), ignored("ierange"), ignored("irange"), ignored("over"),
];

/// `Vf [V vs. Ref.]`: what a voltage is measured against is no part of its unit.
fn fold(cell: &str) -> Folded {
    let (name, unit) = split_unit(clean(cell));
    let key = name.to_ascii_lowercase();
    let unit = unit.map(|unit| match unit.split_once(' ') {
        Some(("V", _)) => "V",
        // Whatever became of the degree sign.
        _ if key == "zphz" && !unit.contains(|c: char| c.is_ascii_alphanumeric()) => "deg",
        _ => unit,
    });
    Folded { unit: unit.map(str::to_owned), key, prefix: Prefix::None, number: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::units_row::tests::with_units;

    #[test]
    fn a_row_of_units_goes_to_the_names() {
        let found = with_units(&GAMRY, "Pt,T,Vf,Im,IERange,Over", "#,s,V vs. Ref.,A,#,bits").unwrap();
        assert_eq!(found, "Pt,T [s],Vf [V vs. Ref.],Im [A],IERange,Over");
        let found = with_units(&GAMRY, "Pt,Time,Freq,Zreal,Zphz", "#,s,Hz,ohm,\u{fffd}").unwrap();
        assert_eq!(found, "Pt,Time [s],Freq [Hz],Zreal [ohm],Zphz [\u{fffd}]");
    }

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, GAMRY.find(&f).map(|(_, t, _)| t.role))
        };
        insta::assert_snapshot!(f("Vf [V vs. Ref.]"), @r#"vf Some("V") -> Some(Column(Voltage))"#);
        insta::assert_snapshot!(f("Zphz [°]"), @r#"zphz Some("deg") -> Some(Column(ZPhase))"#);
        insta::assert_snapshot!(f("Zphz [rad]"), @r#"zphz Some("rad") -> Some(Column(ZPhase))"#);
        insta::assert_snapshot!(f("T"), @"t None -> Some(Column(Time))");
    }
}
