//! CH Instruments' words (docs/formats/chi.md#columns).
//!
//! Seen in: one impedance export of a CHI660E, names in public documentation.

use crate::schema::{Column, Quantity};
use crate::vocab::fold::{Folded, clean};
use crate::vocab::{CurrentSign, Term, Vocabulary, duration, ignored, number};

/// CH Instruments.
pub(super) static CHI: Vocabulary =
    Vocabulary { maker: "CHI", terms: TERMS, fold, current: CurrentSign::ByMode, ..Vocabulary::PLAIN };

#[rustfmt::skip]
static TERMS: &[Term] = &[
    duration("time", Column::Time),
    number("potential", Column::Voltage, Quantity::Voltage), number("current", Column::Current, Quantity::Current),
    number("freq", Column::Frequency, Quantity::Frequency),
    number("z'", Column::ZRe, Quantity::Resistance), number("z\"", Column::ZIm, Quantity::Resistance),
    // Modulus and phase have fewer digits than the parts that they are made of; the charge is in C, of both directions.
    ignored("z"), ignored("phase"), ignored("charge"),
];

/// `Z"/ohm`: the unit stands behind the slash; two marks may be written as one.
fn fold(cell: &str) -> Folded {
    let cell = clean(cell);
    let (name, unit) = cell.split_once('/').map_or((cell, None), |(name, unit)| (name, Some(unit.trim())));
    let key = name.trim().to_ascii_lowercase().replace("''", "\"");
    Folded::named(key, unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, CHI.find(&f).map(|(_, t, _)| t.read))
        };
        assert_eq!(f("Z\"/ohm"), "z\" Some(\"ohm\") -> Some(Number(Resistance))");
        assert_eq!(f("Z''/ohm"), "z\" Some(\"ohm\") -> Some(Number(Resistance))");
        assert_eq!(f("Time/sec"), "time Some(\"sec\") -> Some(Duration)");
    }
}
