//! Versions 1 to 29: one layout of integer records a version (docs/formats/nda.md#versions-1-to-29).

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rayon::prelude::*;

use super::super::records::{Channel, Clock, Counters, CycleMode, Places, Records, Scale};
use super::integer_layouts::{self, ClockField, Cycle, Layout};
use super::test_info;
use crate::binary::{BLOCK, Scalar, at, in_blocks, local_fields};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::formats::ReadOptions;
use crate::note::{Note, NoteCode, Notes};
use crate::table::RawTable;

/// Identifier of a record of an auxiliary channel.
const AUX: u8 = 0x65;

/// Searching for records begins behind the header.
const HEADER: usize = 1024;

pub(super) fn read(bytes: &[u8], version: u8, options: &ReadOptions, notes: &mut Notes) -> Result<RawTable> {
    let layout = integer_layouts::of(version).ok_or_else(|| {
        let message = format!("expected version 1 to 29 (but 21), 129 or 130 of a .nda file, found {version}");
        Error::new(ErrorKind::Unsupported, message).at(Place::Offset(14))
    })?;
    if !integer_layouts::is_verified(version) {
        let message =
            format!("version {version} of a .nda file is described but was never seen with data; compare with BTSDA");
        notes.push(Note::new(NoteCode::UnverifiedLayout, message));
    }
    let range = block(bytes, layout, notes)?;
    let rows = Places::new(bytes, std::slice::from_ref(&range), layout.size, |record| is_data(layout, record));
    let is_mixed = matches!(rows, Places::List(_));
    if is_mixed {
        tell_passed(bytes, &range, layout, notes);
    }
    let device = block_at(bytes, 16).and_then(|device| at::<i32>(bytes, device.start.checked_add(26)?)).unwrap_or(0);
    let scale = Scale { device, own: options.current_ranges.clone() };
    let mut records = decode(bytes, &rows, version, layout, &scale, notes);
    records.channels = channels(bytes, &range, is_mixed, layout);
    let facts = test_info::old(bytes, version, block_at(bytes, 24));
    let dialect = if version < 10 { "records of versions 1 to 9" } else { "records of versions 10 to 29" };
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

/// Whether a record holds data.
fn is_data(layout: &Layout, record: &[u8]) -> bool {
    match layout.data {
        // Without identifiers, slots may still be empty.
        [] => at::<u32>(record, 0) != Some(0),
        known => record.first().is_some_and(|id| known.contains(id)),
    }
}

/// Log lines and records of a kind that this layout is not known to have.
fn tell_passed(bytes: &[u8], range: &Range<usize>, layout: &Layout, notes: &mut Notes) {
    let is_read = |record: &&[u8]| {
        let is_channel = auxiliary_places(layout).is_some() && record.first() == Some(&AUX);
        is_channel || layout.data.is_empty() || is_data(layout, record)
    };
    let records = bytes.get(range.clone()).unwrap_or_default().chunks_exact(layout.size);
    let passed = records.filter(|record| !is_read(record)).count();
    if passed > 0 {
        let message =
            format!("{passed} record(s) hold neither data nor auxiliary values (log lines) and were passed over");
        notes.push(Note::new(NoteCode::RowsDropped, message).count(passed));
    }
}

fn decode(bytes: &[u8], rows: &Places, version: u8, layout: &Layout, scale: &Scale, notes: &mut Notes) -> Records {
    let count = rows.len();
    let counters = layout.counters.len();
    // First record whose scale is only reported.
    let doubtful = AtomicUsize::new(usize::MAX);
    let columns = in_blocks(9 + counters, count, |part, slices| {
        let first = part * BLOCK;
        let records = rows.records(bytes, first, BLOCK, layout.size);
        let divisors = divisors(&records, layout, scale, first, &doubtful);
        let [number, cycle, step, status, jump, step_time, voltage, current, clock, counters @ ..] = slices else {
            return;
        };
        let gather =
            |(scalar, place): integer_layouts::Field, out: &mut [f64]| scalar.gather(&records, layout.size, place, out);
        match layout.number {
            Some(field) => gather(field, number),
            None => number.iter_mut().zip(first..).for_each(|(value, row)| *value = (row + 1) as f64),
        }
        gather(layout.cycle, cycle);
        gather(layout.step, step);
        gather((Scalar::U8, layout.status), status);
        if let Some(place) = layout.jump {
            gather((Scalar::U8, place), jump);
        }
        gather(layout.step_time, step_time);
        gather((Scalar::I32, layout.voltage), voltage);
        voltage.iter_mut().for_each(|v| *v /= 1e4);
        gather((Scalar::I32, layout.current), current);
        divisors.divide(current, 1.0);
        for (field, out) in layout.counters.iter().zip(counters) {
            gather(*field, out);
            divisors.divide(out, 3600.0);
        }
        match layout.clock {
            ClockField::None => {}
            ClockField::Utc(field) => {
                gather(field, clock);
                clock.iter_mut().for_each(|t| *t *= 1e3);
            }
            ClockField::Local(place) => {
                for (value, record) in clock.iter_mut().zip(records.chunks_exact(layout.size)) {
                    *value = local_fields(record, place);
                }
            }
        }
    });
    let doubtful = doubtful.into_inner();
    if doubtful < count {
        let record = rows.records(bytes, doubtful, 1, layout.size);
        notes.push(scale.doubt(range(layout, &record), doubtful));
    }
    let mut columns = columns.into_iter();
    let mut next = || columns.next().unwrap_or_default();
    let (number, mut cycle, step, mut status) = (next(), next(), next(), next());
    let (jump, step_time, voltage, current, stamps) = (next(), next(), next(), next(), next());
    match integer_layouts::cycle(version) {
        Cycle::AsIs => {}
        Cycle::PlusOne => cycle.iter_mut().for_each(|cycle| *cycle += 1.0),
        Cycle::Changes => changes(&mut cycle),
    }
    if version == 1 {
        // That version counted statuses otherwise (docs/formats/neware.md#status-codes).
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
        beside: Vec::new(),
    }
}

/// What integers of some records are divided by.
enum Divisors {
    /// All by the same.
    One(f64),
    Each(Vec<f64>),
}

impl Divisors {
    fn divide(&self, values: &mut [f64], more: f64) {
        match self {
            Self::One(divisor) => values.iter_mut().for_each(|v| *v /= divisor * more),
            Self::Each(divisors) => values.iter_mut().zip(divisors).for_each(|(v, divisor)| *v /= divisor * more),
        }
    }
}

/// The current range of a record; 0 where it states none.
fn range(layout: &Layout, record: &[u8]) -> i32 {
    layout.range.and_then(|place| at::<i32>(record, place)).unwrap_or(0)
}

/// The divisors of records; remembers the first that is doubtful.
fn divisors(records: &[u8], layout: &Layout, scale: &Scale, first: usize, doubtful: &AtomicUsize) -> Divisors {
    let mut each: Vec<f64> = Vec::new();
    let (mut last, mut divisor) = (None, 1.0);
    for (row, record) in records.chunks_exact(layout.size).enumerate() {
        let range = range(layout, record);
        if last != Some(range) {
            if last.is_some() && each.is_empty() {
                each.resize(row, divisor);
            }
            (last, divisor) = (Some(range), scale.divisor(range));
            if scale.is_doubtful(range) {
                doubtful.fetch_min(first + row, Relaxed);
            }
        }
        if !each.is_empty() {
            each.push(divisor);
        }
    }
    if each.is_empty() { Divisors::One(divisor) } else { Divisors::Each(each) }
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

/// Places of voltage and temperature in auxiliary records of this length.
fn auxiliary_places(layout: &Layout) -> Option<(usize, usize)> {
    match layout.size {
        69 => Some((21, 33)),
        86 => Some((22, 34)),
        _ => None,
    }
}

/// Auxiliary records in their own block and between the data records (docs/formats/nda.md#auxiliary-records).
fn channels(bytes: &[u8], range: &Range<usize>, is_mixed: bool, layout: &Layout) -> Vec<Channel> {
    let Some(places) = auxiliary_places(layout) else { return Vec::new() };
    let own = block_at(bytes, 72).filter(|block| !block.is_empty());
    let own = own.and_then(|block| bytes.get(block.start..block.end.min(bytes.len())));
    let between = if is_mixed { bytes.get(range.clone()) } else { None };
    let is_aux = |record: &&[u8]| record.first() == Some(&AUX);
    let part = |records: &[u8]| {
        let mut channels: Vec<Channel> = Vec::new();
        for record in records.chunks_exact(layout.size).filter(is_aux) {
            let channel = at::<u8>(record, 1).map_or(0, u32::from);
            Channel::add_both(&mut channels, record, channel, at::<u32>(record, 2), places);
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
