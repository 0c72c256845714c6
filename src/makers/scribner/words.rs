//! ZPlot's words (docs/formats/scribner.md#columns).
//!
//! Seen in: ZPlot 3.2c and Z60W 1.1 data files.

use crate::schema::{Column, Quantity};
use crate::vocab::fold::{Folded, clean, split_unit};
use crate::vocab::{Term, Vocabulary, duration, ignored, number};

/// Scribner.
pub(super) static SCRIBNER: Vocabulary = Vocabulary { maker: "Scribner", terms: TERMS, fold, ..Vocabulary::PLAIN };

#[rustfmt::skip]
static TERMS: &[Term] = &[
    number("freq", Column::Frequency, Quantity::Frequency),
    duration("time", Column::Time),
    number("z'", Column::ZRe, Quantity::Resistance), number("z''", Column::ZIm, Quantity::Resistance),
    // The amplitude and the bias are in V or A, whichever the sweep controls.
    ignored("ampl"), ignored("bias"), ignored("gd"), ignored("err"), ignored("range"),
];

/// `Z'(a)`: a letter names the column for ZView, the unit is the ohm.
fn fold(cell: &str) -> Folded {
    let (name, unit) = split_unit(clean(cell));
    let unit = unit.map(|unit| if matches!(unit, "a" | "b") { "ohm" } else { unit });
    Folded::named(name.to_ascii_lowercase(), unit)
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
