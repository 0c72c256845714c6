//! The record layouts of versions 1 to 29 (docs/formats/nda.md#records).

use crate::binary::Scalar::{self, I32, I64, U8, U16, U32, U64};

/// A field of a record.
pub(super) type Field = (Scalar, usize);

/// How the cycle field counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cycle {
    AsIs,
    /// From 0.
    PlusOne,
    /// The field counts something else; a change of it is a new cycle.
    Changes,
}

/// The clock of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClockField {
    None,
    /// Seconds since 1970, UTC.
    Utc(Field),
    /// u16 year, u8 month, day, hour, minute, second.
    Local(usize),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Layout {
    pub(super) name: char,
    pub(super) versions: &'static [u8],
    pub(super) size: usize,
    /// Values of byte 0 of data records; empty where records have no identifier.
    pub(super) data: &'static [u8],
    /// `None`: the ordinal of the record.
    pub(super) number: Option<Field>,
    pub(super) cycle: Field,
    pub(super) step: Field,
    pub(super) status: usize,
    pub(super) jump: Option<usize>,
    pub(super) step_time: Field,
    /// Ticks of a second.
    pub(super) ticks: f64,
    pub(super) voltage: usize,
    pub(super) current: usize,
    /// One capacity and one energy counter, or charge and discharge capacity, charge and discharge energy.
    pub(super) counters: &'static [Field],
    pub(super) clock: ClockField,
    pub(super) range: Option<usize>,
}

use ClockField::{Local, None as NoClock, Utc};

#[rustfmt::skip]
static LAYOUTS: [Layout; 11] = [
    Layout { name: 'A', versions: &[1], size: 38, data: &[], number: Some((U32, 0)), cycle: (U32, 4), step: (U8, 8), status: 9, jump: None, step_time: (U32, 10), ticks: 1.0, voltage: 14, current: 18, counters: &[(I64, 30)], clock: NoClock, range: None },
    Layout { name: 'B', versions: &[2], size: 39, data: &[0x00], number: None, cycle: (U32, 5), step: (U8, 10), status: 9, jump: None, step_time: (U32, 11), ticks: 1.0, voltage: 15, current: 19, counters: &[(I64, 31)], clock: NoClock, range: None },
    Layout { name: 'C', versions: &[3, 4], size: 43, data: &[0x00, 0x55], number: Some((U32, 1)), cycle: (U32, 5), step: (U8, 9), status: 10, jump: None, step_time: (U32, 11), ticks: 1.0, voltage: 15, current: 19, counters: &[(I64, 31)], clock: NoClock, range: None },
    Layout { name: 'D', versions: &[5, 6, 7, 8], size: 59, data: &[0x00, 0x55], number: Some((U32, 1)), cycle: (U32, 5), step: (U8, 9), status: 10, jump: None, step_time: (U32, 11), ticks: 1.0, voltage: 15, current: 19, counters: &[(I64, 31), (I64, 39)], clock: Utc((U64, 47)), range: None },
    Layout { name: 'E', versions: &[9], size: 60, data: &[0x55], number: Some((U32, 2)), cycle: (U32, 6), step: (U8, 10), status: 11, jump: None, step_time: (U32, 12), ticks: 1.0, voltage: 16, current: 20, counters: &[(I64, 32), (I64, 40)], clock: Utc((U64, 48)), range: None },
    Layout { name: 'F', versions: &[10], size: 64, data: &[0x55], number: Some((U32, 2)), cycle: (U32, 6), step: (U8, 10), status: 11, jump: None, step_time: (U64, 12), ticks: 1.0, voltage: 20, current: 24, counters: &[(I64, 36), (I64, 44)], clock: Utc((U64, 52)), range: None },
    Layout { name: 'G', versions: &[11, 12, 13, 15, 18], size: 69, data: &[0x55], number: Some((U32, 2)), cycle: (U32, 6), step: (U16, 10), status: 12, jump: None, step_time: (U64, 13), ticks: 1e3, voltage: 21, current: 25, counters: &[(I64, 37), (I64, 45)], clock: Utc((U64, 53)), range: Some(61) },
    Layout { name: 'H', versions: &[14, 16, 17, 20, 22, 23, 24], size: 86, data: &[0x55], number: Some((U32, 2)), cycle: (U32, 6), step: (U16, 10), status: 12, jump: Some(13), step_time: (U64, 14), ticks: 1e3, voltage: 22, current: 26, counters: &[(I64, 38), (I64, 46), (I64, 54), (I64, 62)], clock: Utc((U64, 70)), range: Some(78) },
    Layout { name: 'I', versions: &[26, 28, 29], size: 86, data: &[0x55], number: Some((U32, 2)), cycle: (U32, 6), step: (U16, 10), status: 12, jump: Some(13), step_time: (U64, 14), ticks: 1e3, voltage: 22, current: 26, counters: &[(I64, 38), (I64, 46), (I64, 54), (I64, 62)], clock: Local(70), range: Some(78) },
    Layout { name: 'J', versions: &[19], size: 68, data: &[0x55], number: Some((U32, 8)), cycle: (U32, 12), step: (U16, 16), status: 18, jump: Some(20), step_time: (U32, 24), ticks: 1.0, voltage: 28, current: 32, counters: &[(I32, 44), (I32, 48), (I32, 52), (I32, 56)], clock: Utc((U32, 60)), range: None },
    Layout { name: 'K', versions: &[25, 27], size: 70, data: &[0x55], number: Some((U32, 2)), cycle: (U32, 6), step: (U16, 10), status: 12, jump: Some(65), step_time: (U64, 13), ticks: 1e3, voltage: 21, current: 25, counters: &[(I64, 37), (I64, 45)], clock: Utc((U64, 53)), range: Some(61) },
];

/// The layout of a version.
pub(super) fn of(version: u8) -> Option<&'static Layout> {
    LAYOUTS.iter().find(|layout| layout.versions.contains(&version))
}

/// Whether a version was seen with data (confidence mark V).
pub(super) fn is_verified(version: u8) -> bool {
    matches!(version, 8 | 22 | 23 | 26 | 29)
}

pub(super) fn cycle(version: u8) -> Cycle {
    match version {
        2 | 6 | 8 => Cycle::AsIs,
        1 | 3 | 4 | 10 | 25 | 27 => Cycle::Changes,
        _ => Cycle::PlusOne,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_has_one_layout_and_every_field_fits() {
        for version in 1..=29u8 {
            let count = LAYOUTS.iter().filter(|l| l.versions.contains(&version)).count();
            assert_eq!(count, usize::from(version != 21), "{version}");
        }
        for layout in &LAYOUTS {
            let mut fields =
                vec![layout.cycle, layout.step, layout.step_time, (I32, layout.voltage), (I32, layout.current)];
            fields.push((U8, layout.status));
            fields.extend(layout.number);
            fields.extend(layout.counters);
            fields.extend(layout.jump.map(|at| (U8, at)));
            fields.extend(layout.range.map(|at| (I32, at)));
            match layout.clock {
                Utc(field) => fields.push(field),
                // Seven bytes.
                Local(at) => fields.push((U64, at)),
                NoClock => {}
            }
            fields.sort_by_key(|(_, at)| *at);
            for pair in fields.windows(2) {
                assert!(pair[0].1 + pair[0].0.width() <= pair[1].1, "{}: {pair:?}", layout.name);
            }
            let (scalar, at) = fields[fields.len() - 1];
            assert!(at + scalar.width() <= layout.size, "{}", layout.name);
        }
    }
}
