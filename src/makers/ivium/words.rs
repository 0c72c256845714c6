//! IviumSoft's words (docs/formats/ivium.md#columns).
//!
//! Seen in: no file; names that public documentation of text exports shows.

use crate::schema::{Column, Quantity};
use crate::vocab::fold::{Folded, clean};
use crate::vocab::{Term, Vocabulary, duration, number};

/// Ivium.
pub(super) static IVIUM: Vocabulary = Vocabulary { maker: "Ivium", terms: TERMS, fold, ..Vocabulary::PLAIN };

#[rustfmt::skip]
static TERMS: &[Term] = &[
    duration("time", Column::Time),
    number("e", Column::Voltage, Quantity::Voltage), number("i", Column::Current, Quantity::Current),
    number("freq.", Column::Frequency, Quantity::Frequency),
    number("z1", Column::ZRe, Quantity::Resistance), number("z2", Column::ZIm, Quantity::Resistance),
];

/// `freq. /Hz`, `E/V`: the unit stands behind the slash.
fn fold(cell: &str) -> Folded {
    let cell = clean(cell);
    let (name, unit) = cell.split_once('/').map_or((cell, None), |(name, unit)| (name, Some(unit.trim())));
    Folded::named(name.trim().to_ascii_lowercase(), unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, IVIUM.find(&f).map(|(_, t, _)| t.read))
        };
        assert_eq!(f("freq. /Hz"), "freq. Some(\"Hz\") -> Some(Number(Frequency))");
        assert_eq!(f("I/mA"), "i Some(\"mA\") -> Some(Number(Current))");
        assert_eq!(f("time /s"), "time Some(\"s\") -> Some(Duration)");
    }
}
