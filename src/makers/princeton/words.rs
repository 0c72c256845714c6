//! Words of VersaStudio and PowerSuite (docs/formats/princeton.md#columns).
//!
//! Seen in: one VersaStudio 2.52 file, one PowerSuite export, names in public documentation.

use crate::schema::{Column, Quantity};
use crate::vocab::Role::Column as C;
use crate::vocab::fold::{Folded, Prefix, clean, split_unit};
use crate::vocab::{CurrentSign, Direction, Read, Term, Vocabulary, count, ignored, number};

/// Princeton Applied Research.
pub(super) static PRINCETON: Vocabulary = Vocabulary {
    maker: "Princeton",
    terms: TERMS,
    fold,
    direction: |_| Direction::Unknown,
    current: CurrentSign::PositiveIsCharge,
    may_log_magnitudes: false,
    unit_may_be_missing: true,
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
    count("segment #", Column::StepFromCycler),
    Term { key: "elapsed time", role: C(Column::Time), read: Read::Duration },
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
    let (name, unit) = split_unit(cell.strip_prefix("Definition=").unwrap_or(cell));
    Folded { key: name.to_ascii_lowercase(), unit: unit.map(str::to_owned), prefix: Prefix::None, number: None }
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
