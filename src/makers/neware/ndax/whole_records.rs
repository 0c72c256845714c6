//! Main records with everything in them: versions 1 to 5 (docs/formats/ndax.md#whole-records), and the auxiliary records of
//! their kind.

use super::super::records::{Channel, Clock, Counters, Quantity, Records, Scale};
use super::container::Ndc;
use crate::binary::{BLOCK, at, in_blocks, local_fields};
use crate::note::{Note, NoteCode, Notes};

/// Where a version keeps its fields; all behind the voltage follow it at the same distances.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) size: usize,
    number: usize,
    cycle: usize,
    step: usize,
    status: usize,
    jump: Option<usize>,
    step_time: usize,
    voltage: usize,
}

/// The layout of a version.
pub(super) fn layout(version: u8) -> Option<Layout> {
    match version {
        2 | 4 => Some(Layout {
            size: 94,
            number: 8,
            cycle: 12,
            step: 16,
            status: 17,
            jump: Some(18),
            step_time: 23,
            voltage: 31,
        }),
        5 => Some(Layout {
            size: 87,
            number: 1,
            cycle: 5,
            step: 9,
            status: 10,
            jump: Some(11),
            step_time: 16,
            voltage: 24,
        }),
        1 | 3 => Some(Layout {
            size: 83,
            number: 8,
            cycle: 12,
            step: 16,
            status: 17,
            jump: None,
            step_time: 20,
            voltage: 28,
        }),
        _ => None,
    }
}

/// Tag of data records, of auxiliary records, of auxiliary records with a set point.
const DATA: u8 = 0x55;
const AUX: u8 = 0x65;
const AUX_WITH_SET_POINT: u8 = 0x74;

fn number<T: Into<f64>>(value: Option<T>) -> f64 {
    value.map_or(f64::NAN, Into::into)
}

/// The data records.
pub(super) fn read(ndc: &Ndc<'_>, layout: Layout, scale: &Scale, notes: &mut Notes) -> Records {
    let is_data = |record: &[u8]| {
        let number = at::<u32>(record, layout.number).unwrap_or(0);
        record.first() == Some(&DATA) && number != 0
    };
    let all = ndc.records(layout.size).map(|(_, record)| record);
    let (found, passed): (Vec<&[u8]>, Vec<&[u8]>) = all.partition(|record| is_data(record));
    if !passed.is_empty() {
        let message = format!("{} record(s) of data.ndc hold no data and were passed over", passed.len());
        notes.push(Note::new(NoteCode::RowsDropped, message).count(passed.len()));
    }
    let v = layout.voltage;
    let range = |r: &[u8]| at::<i32>(r, v + 51).unwrap_or(0);
    if let Some(row) = found.iter().position(|r| scale.is_doubtful(range(r))) {
        notes.push(scale.doubt(found.get(row).map_or(0, |r| range(r)), row));
    }
    let columns = in_blocks(13, found.len(), |part, slices| {
        let mut last = (0, scale.divisor(0));
        for (index, record) in found.iter().skip(part * BLOCK).take(BLOCK).enumerate() {
            let (r, range) = (*record, range(record));
            if range != last.0 {
                last = (range, scale.divisor(range));
            }
            let divisor = last.1;
            let big = |place| at::<i64>(r, place).map_or(f64::NAN, |v| v as f64);
            let values = [
                number(at::<u32>(r, layout.number)),
                number(at::<u32>(r, layout.cycle)) + 1.0,
                number(at::<u8>(r, layout.step)),
                number(at::<u8>(r, layout.status)),
                layout.jump.map_or(0.0, |place| number(at::<u8>(r, place))),
                at::<u64>(r, layout.step_time).map_or(f64::NAN, |t| t as f64),
                number(at::<i32>(r, v)) / 1e4,
                number(at::<i32>(r, v + 4)) / divisor,
                big(v + 12) / (divisor * 3600.0),
                big(v + 20) / (divisor * 3600.0),
                big(v + 28) / (divisor * 3600.0),
                big(v + 36) / (divisor * 3600.0),
                local_fields(r, v + 44),
            ];
            for (slice, value) in slices.iter_mut().zip(values) {
                if let Some(slot) = slice.get_mut(index) {
                    *slot = value;
                }
            }
        }
    });
    let mut columns = columns.into_iter();
    let mut next = || columns.next().unwrap_or_default();
    let (number, cycle, step, status, jump, step_time) = (next(), next(), next(), next(), next(), next());
    Records {
        number,
        step,
        status,
        jump: layout.jump.map(|_| jump),
        run: None,
        cycle: Some(cycle),
        step_time: Some(step_time),
        total_time: None,
        ticks: 1e3,
        voltage: next(),
        current: next(),
        counters: Counters::Pairs([next(), next(), next(), next()]),
        stamps: Some((next(), Clock::Local)),
        channels: Vec::new(),
        beside: Vec::new(),
    }
}

/// Auxiliary records of 94 or 87 bytes: voltage, temperature, set point; those that are 0 throughout are absent.
pub(super) fn channels(ndc: &Ndc<'_>) -> Vec<Channel> {
    // The 87-byte form leaves out seven bytes behind the tag.
    let (size, record, voltage, temperature, set) =
        if ndc.version == 5 { (87, 1, 24, 34, 36) } else { (94, 8, 31, 41, 43) };
    let mut channels = Vec::new();
    for (_, r) in ndc.records(size) {
        let tag = r.first().copied().unwrap_or(0);
        if !matches!(tag, AUX | AUX_WITH_SET_POINT) {
            continue;
        }
        let channel = if ndc.version == 5 { None } else { at::<u8>(r, 3) };
        let channel = channel.map_or(1, u32::from);
        let row = at::<u32>(r, record);
        Channel::add_both(&mut channels, r, channel, row, (voltage, temperature));
        if tag == AUX_WITH_SET_POINT {
            let set = number(at::<i16>(r, set)) / 10.0;
            Channel::add(&mut channels, Quantity::SetTemperature, channel, number(row), set);
        }
    }
    channels.retain(|channel| !channel.is_zero());
    channels
}
