//! NOVA's words (docs/formats/autolab.md#columns).
//!
//! Seen in: no file; names that public documentation of NOVA 2.1 exports shows.

use crate::schema::{Column, Quantity};
use crate::vocab::Role::Column as C;
use crate::vocab::fold::{Folded, Prefix, clean, split_unit};
use crate::vocab::{Read, Term, Vocabulary, count, duration, ignored, number};

/// Autolab.
pub(super) static AUTOLAB: Vocabulary = Vocabulary { maker: "Autolab", terms: TERMS, fold, ..Vocabulary::PLAIN };

#[rustfmt::skip]
static TERMS: &[Term] = &[
    count("index", Column::Record), count("scan", Column::CycleFromCycler),
    duration("time", Column::Time),
    duration("corrected time", Column::Time),
    number("we(1).potential", Column::Voltage, Quantity::Voltage),
    number("potential applied", Column::Voltage, Quantity::Voltage),
    number("we(1).current", Column::Current, Quantity::Current),
    number("frequency", Column::Frequency, Quantity::Frequency),
    number("z'", Column::ZRe, Quantity::Resistance),
    Term { key: "-z''", role: C(Column::ZIm), read: Read::Negated(Quantity::Resistance) },
    number("z''", Column::ZIm, Quantity::Resistance), number("z", Column::ZMod, Quantity::Resistance),
    Term { key: "-phase", role: C(Column::ZPhase), read: Read::Negated(Quantity::Angle) },
    number("phase", Column::ZPhase, Quantity::Angle),
    ignored("we(1).charge"), ignored("we(1).power"), ignored("we(1).resistance"), ignored("q+"), ignored("q-"),
];

/// `Z' (Ω)`, `-Phase (°)`: whatever became of these two signs, the name tells which it was.
fn fold(cell: &str) -> Folded {
    let (name, unit) = split_unit(clean(cell));
    let key = name.to_ascii_lowercase();
    let unit = unit.map(|unit| match key.trim_start_matches('-') {
        _ if unit.contains(|c: char| c.is_ascii_alphanumeric()) => unit,
        "z" | "z'" | "z''" => "ohm",
        "phase" => "deg",
        _ => unit,
    });
    Folded { unit: unit.map(str::to_owned), key, prefix: Prefix::None, number: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, AUTOLAB.find(&f).map(|(_, t, _)| t.read))
        };
        assert_eq!(f("-Z'' (Ω)"), "-z'' Some(\"ohm\") -> Some(Negated(Resistance))");
        assert_eq!(f("-Phase (\u{fffd})"), "-phase Some(\"deg\") -> Some(Negated(Angle))");
        assert_eq!(f("Z' (mOhm)"), "z' Some(\"mOhm\") -> Some(Number(Resistance))");
        assert_eq!(f("WE(1).Current (A)"), "we(1).current Some(\"A\") -> Some(Number(Current))");
    }
}
