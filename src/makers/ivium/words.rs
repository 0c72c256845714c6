//! IviumSoft's words (docs/formats/ivium.md#columns).
//!
//! Seen in: no file; names that public documentation of text exports shows.

use crate::schema::{Column, Quantity};
use crate::vocab::Role::Column as C;
use crate::vocab::fold::{Folded, Prefix, clean};
use crate::vocab::{CurrentSign, Direction, Read, Term, Vocabulary, number};

/// Ivium.
pub(super) static IVIUM: Vocabulary = Vocabulary {
    maker: "Ivium",
    terms: TERMS,
    fold,
    direction: |_| Direction::Unknown,
    current: CurrentSign::PositiveIsCharge,
    may_log_magnitudes: false,
    unit_may_be_missing: false,
    emitted: &[],
    pair_outranks_single: false,
    keeps_unknown: false,
    drop_repeats: false,
    names_may_repeat: false,
    commas_may_be_thousands: false,
    unit_in_next_column: false,
};

#[rustfmt::skip]
static TERMS: &[Term] = &[
    Term { key: "time", role: C(Column::Time), read: Read::Duration },
    number("e", Column::Voltage, Quantity::Voltage), number("i", Column::Current, Quantity::Current),
    number("freq.", Column::Frequency, Quantity::Frequency),
    number("z1", Column::ZRe, Quantity::Resistance), number("z2", Column::ZIm, Quantity::Resistance),
];

/// `freq. /Hz`, `E/V`: the unit stands behind the slash.
fn fold(cell: &str) -> Folded {
    let cell = clean(cell);
    let (name, unit) = cell.split_once('/').map_or((cell, None), |(name, unit)| (name, Some(unit.trim())));
    Folded { key: name.trim().to_ascii_lowercase(), unit: unit.map(str::to_owned), prefix: Prefix::None, number: None }
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
