//! Records of BTS 9.1: 52, 56 or 60 bytes, total time in ns, one signed counter (docs/formats/nda.md#records-of-bts-9).

use super::fields::{self, Then};
use crate::binary::Scalar::{F32, U8, U32};
use crate::binary::at;
use crate::error::{Error, ErrorKind, Result};
use crate::makers::neware::records::{Channel, Clock, Counters, Places, Quantity, Records};

/// Lengths of records that are known.
const SIZES: [usize; 3] = [52, 56, 60];

/// Place of the identifier, and its value in data records.
pub(super) const TAG: usize = 0;
pub(super) const DATA: u8 = 0x55;

/// Places in a record of any length. Times are seconds, then nanoseconds.
const PROGRAM_STEP: usize = 2;
const STATUS: usize = 3;
const NUMBER: usize = 8;
const TOTAL_TIME: usize = 12;
const TOTAL_TIME_NANOS: usize = 16;
const CURRENT: usize = 20;
const VOLTAGE: usize = 24;
/// Negative in discharge, like the energy.
const CAPACITY: usize = 28;
const ENERGY: usize = 32;

/// Places that depend on the length.
struct Layout {
    cycle: usize,
    clock: usize,
    clock_nanos: usize,
    temperature: Option<usize>,
}

fn layout(size: usize) -> Layout {
    match size {
        60 => Layout { cycle: 52, clock: 36, clock_nanos: 40, temperature: Some(48) },
        56 => Layout { cycle: 36, clock: 44, clock_nanos: 48, temperature: Some(52) },
        _ => Layout { cycle: 36, clock: 44, clock_nanos: 48, temperature: None },
    }
}

/// Whether records of this length were seen with data.
pub(super) fn is_verified(size: usize) -> bool {
    size != 60
}

/// 52, 56 or 60: by the stated number of records, else by where the second record stands.
pub(super) fn size(block: &[u8], stated: Option<u32>) -> Result<usize> {
    let allowed = |size: &usize| SIZES.contains(size);
    let stated = stated.and_then(|count| usize::try_from(count).ok()).filter(|count| *count > 0);
    let by_count = stated.filter(|count| block.len().is_multiple_of(*count)).map(|count| block.len() / count);
    if let Some(size) = by_count.filter(allowed) {
        return Ok(size);
    }
    let tag = block.get(..2);
    let next = at::<u32>(block, NUMBER).map(|number| number.wrapping_add(1));
    let follows = |size: &usize| block.get(*size..*size + 2) == tag && at::<u32>(block, size + NUMBER) == next;
    SIZES.into_iter().find(follows).or(Some(block.len()).filter(allowed)).ok_or_else(|| {
        let message = "expected records of 52, 56 or 60 bytes, found no second record at any of these distances";
        Error::new(ErrorKind::Unsupported, message)
    })
}

pub(super) fn read(bytes: &[u8], places: &Places, size: usize) -> Records {
    let layout = layout(size);
    let mut fields = vec![
        (U32, NUMBER, Then::AsIs),
        (U8, PROGRAM_STEP, Then::AsIs),
        (U8, STATUS, Then::AsIs),
        (U32, layout.cycle, Then::Next),
        (U32, TOTAL_TIME, Then::Nanoseconds(TOTAL_TIME_NANOS)),
        (F32, VOLTAGE, Then::AsIs),
        (F32, CURRENT, Then::AsIs),
        (F32, CAPACITY, Then::Side(1.0)),
        (F32, CAPACITY, Then::Side(-1.0)),
        (F32, ENERGY, Then::Side(1.0)),
        (F32, ENERGY, Then::Side(-1.0)),
        (U32, layout.clock, Then::Stamp(layout.clock_nanos)),
    ];
    fields.extend(layout.temperature.map(|place| (F32, place, Then::AsIs)));
    let mut columns = fields::columns(bytes, places, size, &fields).into_iter();
    let mut next = || columns.next().unwrap_or_default();
    let (number, step, status, cycle, total) = (next(), next(), next(), next(), next());
    let (voltage, current) = (next(), next());
    let counters = Counters::Sides([next(), next(), next(), next()]);
    let stamps = next();
    let beside = layout.temperature.map(|_| Channel {
        quantity: Quantity::Temperature,
        number: 1,
        records: Vec::new(),
        values: next(),
    });
    Records {
        number,
        step,
        status,
        jump: None,
        run: None,
        cycle: Some(cycle),
        step_time: None,
        total_time: Some(total),
        ticks: 1e9,
        voltage,
        current,
        counters,
        stamps: Some((stamps, Clock::Utc)),
        channels: Vec::new(),
        beside: beside.into_iter().collect(),
    }
}
