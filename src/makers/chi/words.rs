//! CH Instruments' words (docs/formats/chi.md#columns).
//!
//! Seen in: one impedance export of a CHI660E, names in public documentation.

use crate::schema::{Column, Quantity};
use crate::vocab::Role::Column as C;
use crate::vocab::fold::{Folded, Prefix, clean};
use crate::vocab::{CurrentSign, Direction, Read, Term, Vocabulary, ignored, number};

/// CH Instruments.
pub(super) static CHI: Vocabulary = Vocabulary {
    maker: "CHI",
    terms: TERMS,
    fold,
    direction: |_| Direction::Unknown,
    current: CurrentSign::ByMode,
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
    Folded { key, unit: unit.map(str::to_owned), prefix: Prefix::None, number: None }
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
