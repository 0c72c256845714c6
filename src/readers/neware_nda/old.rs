//! Versions 1 to 29: one layout of integer records a version (neware.md §3).

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rayon::prelude::*;

use super::info;
use super::layouts::{self, ClockField, Cycle, Layout};
use crate::binary::{BLOCK, at, in_blocks, local_fields};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::readers::ReadOptions;
use crate::readers::neware::{Channel, Clock, Counters, CycleMode, Quantity, Records, Scale};
use crate::table::RawTable;

/// Identifier of a record of an auxiliary channel.
const AUX: u8 = 0x65;

/// Searching for records begins behind the header.
const HEADER: usize = 1024;

pub(super) fn read(bytes: &[u8], version: u8, options: &ReadOptions, notes: &mut Notes) -> Result<RawTable> {
    let layout = layouts::of(version).ok_or_else(|| {
        let message = format!("expected version 1 to 29 (but 21), 129 or 130 of a .nda file, found {version}");
        Error::new(ErrorKind::Unsupported, message).at(Place::Offset(14))
    })?;
    if !layouts::is_verified(version) {
        let message =
            format!("version {version} of a .nda file is described but was never seen with data; compare with BTSDA");
        notes.push(Note::new(NoteCode::UnverifiedLayout, message));
    }
    let range = block(bytes, layout, notes)?;
    let rows = data_records(bytes, &range, layout);
    let device = block_at(bytes, 16).and_then(|device| at::<i32>(bytes, device.start.checked_add(26)?)).unwrap_or(0);
    let scale = Scale { device, own: options.current_ranges.clone() };
    let mut records = decode(bytes, &range, &rows, version, layout, &scale, notes);
    records.channels = channels(bytes, &range, rows.is_some(), layout);
    let facts = info::old(bytes, version, block_at(bytes, 24));
    let dialect = if version < 10 { "records of versions 1 to 9 (§3)" } else { "records of versions 10 to 29 (§3)" };
    Ok(records.finish(dialect, facts, (options.cycle_mode, CycleMode::AsBtsda), notes))
}

/// A pair of offset and size in the directory.
fn block_at(bytes: &[u8], place: usize) -> Option<Range<usize>> {
    let start = usize::try_from(at::<u32>(bytes, place)?).ok()?;
    let size = usize::try_from(at::<u32>(bytes, place + 4)?).ok()?;
    (start > 0 && start <= bytes.len()).then(|| start..start.saturating_add(size))
}

/// Where the records are.
fn block(bytes: &[u8], layout: &Layout, notes: &mut Notes) -> Result<Range<usize>> {
    let stated = block_at(bytes, 64);
    let is_record = |place: usize| {
        let first = bytes.get(place).copied();
        layout.data.is_empty() || first.is_some_and(|id| layout.data.contains(&id) || matches!(id, AUX | 0xAA | 0xFF))
    };
    let whole = |mut range: Range<usize>| {
        if range.end == range.start || range.end > bytes.len() {
            range.end = bytes.len();
        }
        let rest = range.len() % layout.size;
        (range.start..range.end - rest, rest)
    };
    if let Some(range) = stated.filter(|range| is_record(range.start)) {
        let cut = range.end > bytes.len();
        let (found, rest) = whole(range);
        if cut || rest > 0 {
            let message = format!("the block of records is cut off; {} record(s) are there", found.len() / layout.size);
            notes.push(Note::new(NoteCode::PartialFile, message).at(Place::Offset(found.end as u64)));
        }
        return Ok(found);
    }
    let number = layout.number.map_or(1, |(_, place)| place);
    let mut first = vec![layout.data.last().copied().unwrap_or(0)];
    first.resize(number, 0);
    first.extend([1, 0, 0, 0]);
    let place = bytes.get(HEADER..).and_then(|rest| memchr::memmem::find(rest, &first)).map(|place| place + HEADER);
    let place = place.ok_or_else(|| {
        let message = "expected records where the directory points or a first record behind byte 1024, found neither";
        Error::new(ErrorKind::Malformed, message).at(Place::Offset(64))
    })?;
    let message = format!("the directory does not point at records; they were found at byte {place}");
    notes.push(Note::new(NoteCode::PartialFile, message).at(Place::Offset(64)));
    Ok(whole(place..place).0)
}

/// The data records among all; `None` when every record is one.
fn data_records(bytes: &[u8], range: &Range<usize>, layout: &Layout) -> Option<Vec<usize>> {
    let block = bytes.get(range.clone()).unwrap_or_default();
    let records = block.chunks_exact(layout.size);
    // Layout A has no identifier, but leaves slots empty.
    let is_data = |record: &[u8]| match layout.data {
        [] => at::<u32>(record, 0) != Some(0),
        known => record.first().is_some_and(|id| known.contains(id)),
    };
    // Mostly all are data, which all threads find out at once.
    if block.par_chunks_exact(layout.size).with_min_len(BLOCK).all(is_data) {
        return None;
    }
    Some(records.enumerate().filter(|(_, record)| is_data(record)).map(|(index, _)| index).collect())
}

fn decode(
    bytes: &[u8],
    range: &Range<usize>,
    rows: &Option<Vec<usize>>,
    version: u8,
    layout: &Layout,
    scale: &Scale,
    notes: &mut Notes,
) -> Records {
    let block = bytes.get(range.clone()).unwrap_or_default();
    let count = rows.as_ref().map_or(block.len() / layout.size, Vec::len);
    let record = |row: usize| {
        let index = rows.as_ref().map_or(Some(row), |rows| rows.get(row).copied()).unwrap_or(usize::MAX);
        let start = index.checked_mul(layout.size)?;
        block.get(start..start.checked_add(layout.size)?)
    };
    let counters = layout.counters.len();
    // First record whose scale is only reported.
    let doubtful = AtomicUsize::new(usize::MAX);
    let columns = in_blocks(9 + counters, count, |part, slices| {
        let first = part * BLOCK;
        let (mut last, mut divisor) = (None, 1.0);
        for row in 0..slices.first().map_or(0, |slice| slice.len()) {
            let Some(record) = record(first + row) else { continue };
            let read = |(scalar, place): layouts::Field| scalar.read(record, place).unwrap_or(f64::NAN);
            let range = layout.range.and_then(|place| at::<i32>(record, place)).unwrap_or(0);
            if last != Some(range) {
                (last, divisor) = (Some(range), scale.divisor(range));
                if scale.is_doubtful(range) {
                    doubtful.fetch_min(first + row, Relaxed);
                }
            }
            let clock = match layout.clock {
                ClockField::None => f64::NAN,
                ClockField::Utc(field) => read(field) * 1000.0,
                ClockField::Local(place) => local_fields(record, place),
            };
            let values = [
                layout.number.map_or((first + row + 1) as f64, read),
                read(layout.cycle),
                read(layout.step),
                at::<u8>(record, layout.status).map_or(f64::NAN, f64::from),
                layout.jump.and_then(|place| at::<u8>(record, place)).map_or(0.0, f64::from),
                read(layout.step_time),
                at::<i32>(record, layout.voltage).map_or(f64::NAN, |v| f64::from(v) / 1e4),
                at::<i32>(record, layout.current).map_or(f64::NAN, |v| f64::from(v) / divisor),
                clock,
            ];
            let more = layout.counters.iter().map(|field| read(*field) / (divisor * 3600.0));
            for (slice, value) in slices.iter_mut().zip(values.into_iter().chain(more)) {
                if let Some(slot) = slice.get_mut(row) {
                    *slot = value;
                }
            }
        }
    });
    let doubtful = doubtful.into_inner();
    if let Some(record) = record(doubtful) {
        let range = layout.range.and_then(|place| at::<i32>(record, place)).filter(|r| *r != 0).unwrap_or(scale.device);
        let message = format!(
            "the scale of current range {range} is reported and was never verified; `--current-range {range}=MULTIPLIER` gives another"
        );
        notes.push(Note::new(NoteCode::UnverifiedLayout, message).at(Place::Record(doubtful as u64 + 1)));
    }
    let mut columns = columns.into_iter();
    let mut next = || columns.next().unwrap_or_default();
    let (number, mut cycle, step, mut status) = (next(), next(), next(), next());
    let (jump, step_time, voltage, current, stamps) = (next(), next(), next(), next(), next());
    match layouts::cycle(version) {
        Cycle::AsIs => {}
        Cycle::PlusOne => cycle.iter_mut().for_each(|cycle| *cycle += 1.0),
        Cycle::Changes => changes(&mut cycle),
    }
    if version == 1 {
        // That version counted statuses otherwise (§2.1).
        let now = |code: f64| match code as u8 {
            2 => 3.0,
            4 => 2.0,
            5 => 4.0,
            _ => code,
        };
        status.iter_mut().for_each(|code| *code = now(*code));
    }
    let counters = match counters {
        4 => Counters::Pairs([next(), next(), next(), next()]),
        2 => Counters::Single([next(), next()]),
        _ => Counters::Single([next(), vec![f64::NAN; count]]),
    };
    let clock = match layout.clock {
        ClockField::None => None,
        ClockField::Utc(_) => Some((stamps, Clock::Utc)),
        ClockField::Local(_) => Some((stamps, Clock::Local)),
    };
    Records {
        number,
        step,
        status,
        jump: layout.jump.map(|_| jump),
        run: None,
        cycle: Some(cycle),
        step_time: Some(step_time),
        total_time: None,
        ticks: layout.ticks,
        voltage,
        current,
        counters,
        stamps: clock,
        channels: Vec::new(),
    }
}

/// 1 + the number of changes so far.
fn changes(cycle: &mut [f64]) {
    let mut before = cycle.first().copied().unwrap_or(0.0);
    let mut count = 1.0;
    for value in cycle {
        if std::mem::replace(&mut before, *value) != *value {
            count += 1.0;
        }
        *value = count;
    }
}

/// Auxiliary records in their own block and between the data records (§3.5).
fn channels(bytes: &[u8], range: &Range<usize>, is_mixed: bool, layout: &Layout) -> Vec<Channel> {
    let (voltage, temperature) = match layout.size {
        69 => (21, 33),
        86 => (22, 34),
        _ => return Vec::new(),
    };
    let own = block_at(bytes, 72).filter(|block| !block.is_empty());
    let own = own.and_then(|block| bytes.get(block.start..block.end.min(bytes.len())));
    let between = if is_mixed { bytes.get(range.clone()) } else { None };
    let is_aux = |record: &&[u8]| record.first() == Some(&AUX);
    let part = |records: &[u8]| {
        let mut channels: Vec<Channel> = Vec::new();
        for record in records.chunks_exact(layout.size).filter(is_aux) {
            let channel = at::<u8>(record, 1).map_or(0, u32::from);
            let number = at::<u32>(record, 2).map_or(f64::NAN, f64::from);
            let values = [
                (Quantity::Voltage, at::<i32>(record, voltage).map_or(f64::NAN, |v| f64::from(v) / 1e4)),
                (Quantity::Temperature, at::<i16>(record, temperature).map_or(f64::NAN, |t| f64::from(t) / 10.0)),
            ];
            for (quantity, value) in values {
                Channel::add(&mut channels, quantity, channel, number, value);
            }
        }
        channels
    };
    let mut channels: Vec<Channel> = Vec::new();
    for block in [between, own].into_iter().flatten() {
        let parts: Vec<Vec<Channel>> = block.par_chunks(layout.size * 16 * BLOCK).map(part).collect();
        parts.into_iter().flatten().for_each(|channel| channel.append_to(&mut channels));
    }
    channels.retain(|channel| !channel.is_zero());
    channels
}
