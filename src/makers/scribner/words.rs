//! ZPlot's words (docs/formats/scribner.md#columns).
//!
//! Seen in: ZPlot 3.2c and Z60W 1.1 data files.

use crate::schema::{Column, Quantity};
use crate::vocab::Role::Column as C;
use crate::vocab::fold::{Folded, Prefix, clean, split_unit};
use crate::vocab::{CurrentSign, Direction, Read, Term, Vocabulary, ignored, number};

/// Scribner.
pub(super) static SCRIBNER: Vocabulary = Vocabulary {
    maker: "Scribner",
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
    number("freq", Column::Frequency, Quantity::Frequency),
    Term { key: "time", role: C(Column::Time), read: Read::Duration },
    number("z'", Column::ZRe, Quantity::Resistance), number("z''", Column::ZIm, Quantity::Resistance),
    // The amplitude and the bias are in V or A, whichever the sweep controls.
    ignored("ampl"), ignored("bias"), ignored("gd"), ignored("err"), ignored("range"),
];

/// `Z'(a)`: a letter names the column for ZView, the unit is the ohm.
fn fold(cell: &str) -> Folded {
    let (name, unit) = split_unit(clean(cell));
    let unit = unit.map(|unit| if matches!(unit, "a" | "b") { "ohm" } else { unit });
    Folded { key: name.to_ascii_lowercase(), unit: unit.map(str::to_owned), prefix: Prefix::None, number: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, SCRIBNER.find(&f).map(|(_, t, _)| t.read))
        };
        assert_eq!(f("Z''(b)"), "z'' Some(\"ohm\") -> Some(Number(Resistance))");
        assert_eq!(f("Z'(kOhm)"), "z' Some(\"kOhm\") -> Some(Number(Resistance))");
        assert_eq!(f("Time(Sec)"), "time Some(\"Sec\") -> Some(Duration)");
    }
}
