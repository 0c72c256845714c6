//! Version 15, of BTS 9: a fixed part and items that the header page lists (docs/formats/ndax.md#versions-never-seen).

use super::container::Ndc;
use super::rows::{self, Meant, Row, real};
use crate::binary::at;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::makers::neware::records::{Clock, Records};

/// Places in the header page: length of a record, and the list of items.
const SIZE: usize = 516;
const LIST: usize = 520;

/// An item of the list: i32 axis, u8 type, i32 place in the record.
const ITEM: usize = 9;
const ITEM_TYPE: usize = 4;
const ITEM_PLACE: usize = 5;
const MOST: usize = 300;

/// Places in the fixed part of a record, which ends at [`FIXED`].
const STEP: usize = 2;
const STATUS: usize = 3;
const NUMBER: usize = 8;
/// Seconds, then nanoseconds.
const TOTAL_TIME: usize = 12;
const CURRENT: usize = 20;
const VOLTAGE: usize = 24;
const CAPACITY: usize = 28;
const ENERGY: usize = 32;
const FIXED: usize = 36;

/// Axes of items: the clock and the step time, both in seconds and nanoseconds; charge and discharge capacity, charge and
/// discharge energy.
const AXIS_CLOCK: i32 = 15;
const AXIS_STEP_TIME: i32 = 65;
const AXES_COUNTERS: [i32; 4] = [5, 6, 8, 9];

/// Nanoseconds from a pair of seconds and nanoseconds.
fn nanoseconds(record: &[u8], place: usize) -> f64 {
    real(at::<u32>(record, place)) * 1e9 + real(at::<u32>(record, place + 4))
}

fn items(head: &[u8]) -> Vec<(i32, usize)> {
    let item = |k: usize| {
        let place = LIST + ITEM * k;
        Some((at::<i32>(head, place)?, at::<u8>(head, place + ITEM_TYPE)?, at::<i32>(head, place + ITEM_PLACE)?))
    };
    let listed = (0..MOST).map_while(item).take_while(|(axis, kind, _)| (*axis, *kind) != (0, 0));
    listed.filter_map(|(axis, _, place)| Some((axis, usize::try_from(place).ok()?))).collect()
}

pub(super) fn read(main: &Ndc<'_>) -> Result<Records> {
    let size = at::<u32>(main.head, SIZE).and_then(|size| usize::try_from(size).ok());
    let size = size.filter(|size| (FIXED..=4096).contains(size)).ok_or_else(|| {
        let message = "expected a record length of 36 to 4096 bytes in the header of data.ndc";
        Error::new(ErrorKind::Malformed, message).at(Place::Offset(SIZE as u64))
    })?;
    let items = items(main.head);
    let place = |axis: i32| items.iter().find(|(known, _)| *known == axis).map(|(_, place)| *place);
    let pairs = AXES_COUNTERS.map(place);
    let has_pairs = pairs.iter().all(Option::is_some);
    let row = |(_, r): (usize, &[u8])| {
        let over = |place| real(at::<f32>(r, place)) / 3600.0;
        let counters = if has_pairs {
            // Items outrank the fixed part.
            pairs.map(|place| place.map_or(f64::NAN, over))
        } else {
            [over(CAPACITY), f64::NAN, over(ENERGY), f64::NAN]
        };
        Row {
            number: real(at::<u32>(r, NUMBER)),
            step: real(at::<u8>(r, STEP)),
            status: real(at::<u8>(r, STATUS)),
            step_time: place(AXIS_STEP_TIME).map_or(f64::NAN, |place| nanoseconds(r, place)),
            total_time: nanoseconds(r, TOTAL_TIME),
            voltage: real(at::<f32>(r, VOLTAGE)),
            current: real(at::<f32>(r, CURRENT)),
            counters,
            clock: place(AXIS_CLOCK).map_or(f64::NAN, |place| (nanoseconds(r, place) / 1e6).round()),
            ..Row::NONE
        }
    };
    let found: Vec<Row> = main.records(size).map(row).collect();
    Ok(rows::records(&found, Meant { ticks: 1e9, clock: Clock::Utc, is_signed: !has_pairs }))
}
