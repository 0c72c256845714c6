//! Main records with everything in them: versions 1 to 5 (docs/formats/ndax.md#whole-records), and the auxiliary records of
//! their kind.

use super::container::Ndc;
use crate::binary::{BLOCK, at, in_blocks, local_fields};
use crate::makers::neware::records::{Channel, Clock, Counters, Quantity, Records, Scale};
use crate::note::{Note, NoteCode, Notes};

/// Where a version keeps its fields, each a byte from the start of the record.
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

/// Distances from the voltage, the same in every version.
const CURRENT: usize = 4;
/// Charge and discharge capacity, charge and discharge energy.
const COUNTERS: [usize; 4] = [12, 20, 28, 36];
const CLOCK: usize = 44;
const RANGE: usize = 51;

#[rustfmt::skip]
static LAYOUTS: [(&[u8], Layout); 3] = [
    (&[2, 4], Layout { size: 94, number: 8, cycle: 12, step: 16, status: 17, jump: Some(18), step_time: 23, voltage: 31 }),
    (&[5], Layout { size: 87, number: 1, cycle: 5, step: 9, status: 10, jump: Some(11), step_time: 16, voltage: 24 }),
    (&[1, 3], Layout { size: 83, number: 8, cycle: 12, step: 16, status: 17, jump: None, step_time: 20, voltage: 28 }),
];

/// The layout of a version; none for those whose records are of another kind.
pub(super) fn layout(version: u8) -> Option<Layout> {
    LAYOUTS.iter().find(|(versions, _)| versions.contains(&version)).map(|(_, layout)| *layout)
}

/// Whether a version was seen with data.
pub(super) fn is_verified(version: u8) -> bool {
    matches!(version, 2 | 5)
}

/// Tag of data records, of auxiliary records, of auxiliary records with a set point.
const DATA: u8 = 0x55;
const AUX: u8 = 0x65;
const AUX_WITH_SET_POINT: u8 = 0x74;

fn number<T: Into<f64>>(value: Option<T>) -> f64 {
    value.map_or(f64::NAN, Into::into)
}

impl Layout {
    fn is_data(&self, record: &[u8]) -> bool {
        let number = at::<u32>(record, self.number).unwrap_or(0);
        record.first() == Some(&DATA) && number != 0
    }

    fn range(&self, record: &[u8]) -> i32 {
        at::<i32>(record, self.voltage + RANGE).unwrap_or(0)
    }

    /// The values of a record in the order of [`read`]'s columns; integers of its range are divided by `divisor`.
    fn values(&self, r: &[u8], divisor: f64) -> [f64; 13] {
        let counter = |place| at::<i64>(r, self.voltage + place).map_or(f64::NAN, |v| v as f64) / (divisor * 3600.0);
        let [charge, discharge, charge_energy, discharge_energy] = COUNTERS.map(counter);
        [
            number(at::<u32>(r, self.number)),
            number(at::<u32>(r, self.cycle)) + 1.0,
            number(at::<u8>(r, self.step)),
            number(at::<u8>(r, self.status)),
            self.jump.map_or(0.0, |place| number(at::<u8>(r, place))),
            at::<u64>(r, self.step_time).map_or(f64::NAN, |t| t as f64),
            number(at::<i32>(r, self.voltage)) / 1e4,
            number(at::<i32>(r, self.voltage + CURRENT)) / divisor,
            charge,
            discharge,
            charge_energy,
            discharge_energy,
            local_fields(r, self.voltage + CLOCK),
        ]
    }
}

/// The data records.
pub(super) fn read(ndc: &Ndc<'_>, layout: Layout, scale: &Scale, notes: &mut Notes) -> Records {
    let all = ndc.records(layout.size).map(|(_, record)| record);
    let (found, passed): (Vec<&[u8]>, Vec<&[u8]>) = all.partition(|record| layout.is_data(record));
    if !passed.is_empty() {
        let message = format!("{} record(s) of data.ndc hold no data and were passed over", passed.len());
        notes.push(Note::new(NoteCode::RowsDropped, message).count(passed.len()));
    }
    if let Some(row) = found.iter().position(|r| scale.is_doubtful(layout.range(r))) {
        notes.push(scale.doubt(found.get(row).map_or(0, |r| layout.range(r)), row));
    }
    let columns = in_blocks(13, found.len(), |part, slices| {
        let mut last = (0, scale.divisor(0));
        for (index, record) in found.iter().skip(part * BLOCK).take(BLOCK).enumerate() {
            let range = layout.range(record);
            if range != last.0 {
                last = (range, scale.divisor(range));
            }
            for (slice, value) in slices.iter_mut().zip(layout.values(record, last.1)) {
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

/// Where an auxiliary record keeps its fields.
struct AuxLayout {
    size: usize,
    /// Not in the shorter form, which holds one channel.
    channel: Option<usize>,
    record: usize,
    voltage: usize,
    temperature: usize,
    set_point: usize,
}

static LONG_AUX: AuxLayout =
    AuxLayout { size: 94, channel: Some(3), record: 8, voltage: 31, temperature: 41, set_point: 43 };

/// Leaves out seven bytes behind the tag.
static SHORT_AUX: AuxLayout =
    AuxLayout { size: 87, channel: None, record: 1, voltage: 24, temperature: 34, set_point: 36 };

/// Auxiliary records of 94 or 87 bytes: voltage, temperature, set point; those that are 0 throughout are absent.
pub(super) fn channels(ndc: &Ndc<'_>) -> Vec<Channel> {
    let layout = if ndc.version == 5 { &SHORT_AUX } else { &LONG_AUX };
    let mut channels = Vec::new();
    for (_, r) in ndc.records(layout.size) {
        let tag = r.first().copied().unwrap_or(0);
        if !matches!(tag, AUX | AUX_WITH_SET_POINT) {
            continue;
        }
        let channel = layout.channel.and_then(|place| at::<u8>(r, place)).map_or(1, u32::from);
        let row = at::<u32>(r, layout.record);
        Channel::add_both(&mut channels, r, channel, row, (layout.voltage, layout.temperature));
        if tag == AUX_WITH_SET_POINT {
            let set = number(at::<i16>(r, layout.set_point)) / 10.0;
            Channel::add(&mut channels, Quantity::SetTemperature, channel, number(row), set);
        }
    }
    channels.retain(|channel| !channel.is_zero());
    channels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_fill_their_records() {
        for (versions, layout) in &LAYOUTS {
            // The range is the last field, but for a total time that is not read.
            let rest = layout.size - (layout.voltage + RANGE + 4);
            assert_eq!(rest, if versions.contains(&1) { 0 } else { 8 }, "{versions:?}");
        }
    }
}
