//! Versions 1 to 29: one layout of integer records a version (docs/formats/nda.md#versions-1-to-29).

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::directory::{self, AUX};
use super::integer_layouts::{self, ClockField, Cycle, Layout};
use super::{aux_records, test_info};
use crate::binary::{BLOCK, Scalar, at, in_blocks, local_fields};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::formats::ReadOptions;
use crate::makers::neware::records::{Clock, Counters, CycleMode, Places, Records, Scale};
use crate::note::{Note, NoteCode, Notes};
use crate::table::RawTable;

/// Place of the current range in the device block.
const DEVICE_RANGE: usize = 26;

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
    let range = directory::records(bytes, layout, notes)?;
    let rows = Places::new(bytes, std::slice::from_ref(&range), layout.size, |record| is_data(layout, record));
    let is_mixed = matches!(rows, Places::List(_));
    if is_mixed {
        tell_passed(bytes, &range, layout, notes);
    }
    let device = directory::block(bytes, directory::DEVICE);
    let device = device.and_then(|device| at::<i32>(bytes, device.start.checked_add(DEVICE_RANGE)?)).unwrap_or(0);
    let scale = Scale { device, own: options.current_ranges.clone() };
    let mut records = decode(bytes, &rows, version, layout, &scale, notes);
    records.channels = aux_records::channels(bytes, is_mixed.then_some(&range), layout, notes);
    let information = directory::beside(bytes, directory::TEST, "test information", notes);
    let facts = test_info::read(bytes, version, information);
    let dialect = if version < 10 { "records of versions 1 to 9" } else { "records of versions 10 to 29" };
    Ok(records.finish(dialect, facts, (options.cycle_mode, CycleMode::AsBtsda), notes))
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
        let is_channel = aux_records::places(layout).is_some() && record.first() == Some(&AUX);
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

/// Columns of the records in front of their counters.
const COLUMNS: usize = 9;

fn decode(bytes: &[u8], rows: &Places, version: u8, layout: &Layout, scale: &Scale, notes: &mut Notes) -> Records {
    let count = rows.len();
    let counters = layout.counters.len();
    // First record whose scale is only reported.
    let doubtful = AtomicUsize::new(usize::MAX);
    let columns = in_blocks(COLUMNS + counters, count, |part, slices| {
        let first = part * BLOCK;
        let records = rows.records(bytes, first, BLOCK, layout.size);
        let divisors = divisors(&records, layout, scale, first, &doubtful);
        fill(slices, &records, layout, &divisors, first);
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
        status.iter_mut().for_each(|code| *code = status_of_version_1(*code));
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

/// The columns of some records, of which `first` is the first.
fn fill(slices: &mut [&mut [f64]], records: &[u8], layout: &Layout, divisors: &Divisors, first: usize) {
    let [number, cycle, step, status, jump, step_time, voltage, current, clock, counters @ ..] = slices else {
        return;
    };
    let gather =
        |(scalar, place): integer_layouts::Field, out: &mut [f64]| scalar.gather(records, layout.size, place, out);
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
}

/// Version 1 counted statuses otherwise (docs/formats/neware.md#status-codes).
fn status_of_version_1(code: f64) -> f64 {
    match code as u8 {
        2 => 3.0,
        4 => 2.0,
        5 => 4.0,
        _ => code,
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
