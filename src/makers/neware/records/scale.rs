//! From integers to milliamperes: the unit depends on the active current range (docs/formats/neware.md#current-ranges).

use crate::error::Place;
use crate::note::{Note, NoteCode};

/// The scale of a file's integers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scale {
    /// Range of the device, for records that state none.
    pub(crate) device: i32,
    /// Multipliers that the caller gives for range codes.
    pub(crate) own: Vec<(i32, f64)>,
}

/// Positive ranges below `.0` and the number by which their integers are divided.
static POSITIVE: &[(u32, f64)] = &[(10, 1e4), (100, 1e3), (1_000, 1e2), (u32::MAX, 1e1)];

/// The same for negative ranges by magnitude.
static NEGATIVE: &[(u32, f64)] = &[
    (10, 1e5),
    (100, 1e4),
    (1_000, 1e3),
    (1_000_000, 1e2),
    (10_000_000, 1e8),
    (100_000_000, 1e7),
    (2_000_000_001, 1e6),
    (u32::MAX, 1e1),
];

/// Negative ranges whose scale was compared with an export of the same test.
static COMPARED: [i32; 1] = [-100_000_000];

impl Scale {
    /// What integers of this range are divided by to give mA (and mA·s, mW·s).
    pub(crate) fn divisor(&self, range: i32) -> f64 {
        let range = if range == 0 { self.device } else { range };
        if let Some((_, times)) = self.own.iter().find(|(known, _)| *known == range) {
            return 1.0 / times;
        }
        let table = if range < 0 { NEGATIVE } else { POSITIVE };
        let magnitude = range.unsigned_abs();
        // Still 0: as for the largest ranges.
        let found = if range == 0 { None } else { table.iter().find(|(below, _)| magnitude < *below) };
        found.map_or(1e1, |(_, divisor)| *divisor)
    }

    /// What is said of the first record whose scale is doubtful.
    pub(crate) fn doubt(&self, range: i32, row: usize) -> Note {
        let range = if range == 0 { self.device } else { range };
        let message = format!(
            "the scale of current range {range} is reported and was never verified; `--current-range {range}=MULTIPLIER` gives another"
        );
        Note::new(NoteCode::UnverifiedLayout, message).at(Place::Record(row as u64 + 1))
    }

    /// Whether a range is only reported, or reported with different scales.
    pub(crate) fn is_doubtful(&self, range: i32) -> bool {
        let range = if range == 0 { self.device } else { range };
        range < 0 && !COMPARED.contains(&range) && !self.own.iter().any(|(known, _)| *known == range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let scale = |device, range| Scale { device, own: vec![(77, 2.0)] }.divisor(range);
        let got = [5, 50, 500, 6000, 200_000, -5, -50, -1000, -5_000_000, -50_000_000, -100_000_000, -2_000_000_001, 0];
        let want = [1e4, 1e3, 1e2, 1e1, 1e1, 1e5, 1e4, 1e2, 1e8, 1e7, 1e6, 1e1, 1e1];
        assert_eq!(got.map(|range| scale(0, range)), want);
        assert_eq!((scale(500, 0), scale(0, 77), scale(0, i32::MIN)), (1e2, 0.5, 1e1));
        let doubtful = [5, -1000, -100_000_000].map(|range| Scale::default().is_doubtful(range));
        assert_eq!(doubtful, [false, true, false]);
        assert!(POSITIVE.is_sorted_by_key(|(below, _)| *below) && NEGATIVE.is_sorted_by_key(|(below, _)| *below));
    }
}
