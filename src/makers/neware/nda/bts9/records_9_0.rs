//! Records of BTS 9.0: 88 bytes, step time in µs, a counter for each side (docs/formats/nda.md#records-of-bts-9).

use super::fields::{self, Then};
use crate::binary::Scalar::{F32, U8, U32, U64};
use crate::binary::at;
use crate::makers::neware::records::{Channel, Clock, Counters, Places, Records};

/// Bytes of a record.
pub(super) const SIZE: usize = 88;

/// Place of the identifier, and its values: data, auxiliary values, ends and starts of steps.
pub(super) const TAG: usize = 4;
pub(super) const DATA: u8 = 0x55;
pub(super) const AUX: u8 = 0x65;
pub(super) const STEP_MARKS: [u8; 2] = [0x58, 0x59];

/// Places in a data record.
const PROGRAM_STEP: usize = 9;
const STATUS: usize = 10;
const NUMBER: usize = 16;
const STEP_TIME: usize = 28;
const VOLTAGE: usize = 36;
const CURRENT: usize = 40;
const CHARGE_CAPACITY: usize = 52;
/// Stands between the capacities.
const CHARGE_ENERGY: usize = 56;
const DISCHARGE_CAPACITY: usize = 60;
const DISCHARGE_ENERGY: usize = 64;
const CLOCK: usize = 68;

/// Places in an auxiliary record: an entry as in older versions, behind four bytes.
const AUX_CHANNEL: usize = 5;
const AUX_RECORD: usize = 6;
const AUX_VOLTAGE: usize = 26;
const AUX_TEMPERATURE: usize = 38;

pub(super) fn read(bytes: &[u8], places: &Places) -> Records {
    let fields = [
        (U32, NUMBER, Then::AsIs),
        (U8, PROGRAM_STEP, Then::AsIs),
        (U8, STATUS, Then::AsIs),
        (U64, STEP_TIME, Then::AsIs),
        (F32, VOLTAGE, Then::AsIs),
        (F32, CURRENT, Then::AsIs),
        (F32, CHARGE_CAPACITY, Then::Hours),
        (F32, DISCHARGE_CAPACITY, Then::Hours),
        (F32, CHARGE_ENERGY, Then::Hours),
        (F32, DISCHARGE_ENERGY, Then::Hours),
        (U64, CLOCK, Then::Milliseconds),
    ];
    let mut columns = fields::columns(bytes, places, SIZE, &fields).into_iter();
    let mut next = || columns.next().unwrap_or_default();
    let (number, step, status, step_time, voltage, current) = (next(), next(), next(), next(), next(), next());
    let counters = Counters::Pairs([next(), next(), next(), next()]);
    Records {
        number,
        step,
        status,
        jump: None,
        run: None,
        cycle: None,
        step_time: Some(step_time),
        total_time: None,
        ticks: 1e6,
        voltage,
        current,
        counters,
        stamps: Some((next(), Clock::Utc)),
        channels: Vec::new(),
        beside: Vec::new(),
    }
}

/// The channels of the auxiliary records.
pub(super) fn channels(bytes: &[u8], places: impl Iterator<Item = usize>) -> Vec<Channel> {
    let mut channels: Vec<Channel> = Vec::new();
    for place in places {
        let Some(record) = bytes.get(place..place + SIZE) else { continue };
        let channel = at::<u8>(record, AUX_CHANNEL).map_or(0, u32::from);
        let row = at::<u32>(record, AUX_RECORD);
        Channel::add_both(&mut channels, record, channel, row, (AUX_VOLTAGE, AUX_TEMPERATURE));
    }
    channels.retain(|channel| !channel.is_zero());
    channels
}
