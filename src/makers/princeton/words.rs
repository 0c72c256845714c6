//! Words of VersaStudio and PowerSuite (docs/formats/princeton.md#columns).
//!
//! Seen in: one VersaStudio 2.52 file, one PowerSuite export, names in public documentation.

use crate::schema::{Column, Quantity};
use crate::vocab::fold::{Folded, clean, split_unit};
use crate::vocab::{Term, Vocabulary, count, duration, ignored, number};

/// Princeton Applied Research.
pub(super) static PRINCETON: Vocabulary = Vocabulary {
    maker: "Princeton",
    terms: TERMS,
    fold,
    unit_may_be_missing: true,
    tells_missing_units: true,
    ..Vocabulary::PLAIN
};

#[rustfmt::skip]
static TERMS: &[Term] = &[
    count("segment #", Column::StepFromCycler),
    duration("elapsed time", Column::Time),
    number("e", Column::Voltage, Quantity::Voltage), number("i", Column::Current, Quantity::Current),
    number("frequency", Column::Frequency, Quantity::Frequency),
    number("z real", Column::ZRe, Quantity::Resistance), number("z imag", Column::ZIm, Quantity::Resistance),
    number("zre", Column::ZRe, Quantity::Resistance),
    number("zimg", Column::ZIm, Quantity::Resistance), number("zim", Column::ZIm, Quantity::Resistance),
    // Counted anew in each segment. How it was measured, the phasors of which the impedance is made, and the second electrometer.
    ignored("point #"), ignored("adc sync input"), ignored("current range"), ignored("status"), ignored("e applied"), ignored("e real"),
    ignored("e imag"), ignored("i real"), ignored("i imag"), ignored("e2 status"), ignored("e2"), ignored("e2 real"),
    ignored("e2 imag"), ignored("z2 real"), ignored("z2 imag"), ignored("actionid"), ignored("ac amplitude"),
];

/// The first name stands behind `Definition=`.
fn fold(cell: &str) -> Folded {
    let cell = clean(cell);
    let (name, unit) = split_unit(clean(cell.strip_prefix("Definition=").unwrap_or(cell)));
    Folded::named(name.to_ascii_lowercase(), unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_cells() {
        let f = |cell: &str| {
            let f = fold(cell);
            format!("{} {:?} -> {:?}", f.key, f.unit, PRINCETON.find(&f).map(|(_, t, _)| t.read))
        };
        assert_eq!(f("Definition=Segment #"), "segment # None -> Some(Count)");
        assert_eq!(f("Elapsed Time(s)"), "elapsed time Some(\"s\") -> Some(Duration)");
        assert_eq!(f("Z Imag"), "z imag None -> Some(Number(Resistance))");
    }
}
