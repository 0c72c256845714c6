//! Versions 129 and 130, written by BTS 9 (docs/formats/nda.md#bts-9).

use std::ops::Range;

use super::test_info;
use crate::binary::Scalar::{self, F32, U8, U32, U64};
use crate::binary::{BLOCK, at, in_blocks, positive_part};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::formats::ReadOptions;
use crate::makers::neware::records::{Channel, Clock, Counters, CycleMode, Places, Quantity, Records};
use crate::note::{Note, NoteCode, Notes};
use crate::table::RawTable;

/// Size of the header of each part.
const HEADER: usize = 1024;

/// Low byte of the tag of data records.
const DATA: u8 = 0x55;

/// Identifier of auxiliary records.
const AUX: u8 = 0x65;

/// The two families of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Record versions 2 and 3: 88 bytes (docs/formats/nda.md#records-of-bts-9).
    Nine0,
    /// Record versions 19 and 42: 52, 56 or 60 bytes (docs/formats/nda.md#records-of-bts-9).
    Nine1,
}

/// A pair of u64 offset and size.
fn block(bytes: &[u8], place: usize) -> Option<Range<usize>> {
    let start = usize::try_from(at::<u64>(bytes, place)?).ok()?;
    let size = usize::try_from(at::<u64>(bytes, place + 8)?).ok()?;
    (start > 0 && start <= bytes.len()).then(|| start..start.saturating_add(size).min(bytes.len()))
}

pub(super) fn read(bytes: &[u8], options: &ReadOptions, notes: &mut Notes) -> Result<RawTable> {
    let version = at::<u16>(bytes, 16).unwrap_or(0);
    let parts = parts(bytes, notes)?;
    let first = parts.first().and_then(|part| bytes.get(part.clone())).unwrap_or_default();
    let family = match version {
        2 | 3 => Family::Nine0,
        19 | 42 => Family::Nine1,
        _ => {
            let message =
                format!("record version {version} of BTS 9 is not known; it was read as its first record looks");
            notes.push(Note::new(NoteCode::UnverifiedLayout, message).at(Place::Offset(16)));
            if at::<u8>(first, 4) == Some(DATA) { Family::Nine0 } else { Family::Nine1 }
        }
    };
    let about = block(bytes, 34).and_then(|block| bytes.get(block)).unwrap_or_default();
    let modern = test_info::modern(bytes, about, version);
    let size = match family {
        Family::Nine0 => 88,
        Family::Nine1 => record_size(first, modern.records)?,
    };
    if size == 60 || parts.len() > 1 {
        let message = "this layout of BTS 9 is described but was never seen with data; compare with BTSDA";
        notes.push(Note::new(NoteCode::UnverifiedLayout, message));
    }
    let tag = if family == Family::Nine0 { 4 } else { 0 };
    let is = |place: usize, id: u8| bytes.get(place + tag) == Some(&id);
    let places = || parts.iter().flat_map(|part| (0..part.len() / size).map(move |k| part.start + k * size));
    let data = Places::new(bytes, &parts, size, |record| record.get(tag) == Some(&DATA));
    let rest: usize = parts.iter().map(|part| part.len() % size).sum();
    if rest > 0 {
        let message = format!("{rest} byte(s) behind the last whole record were dropped");
        notes.push(Note::new(NoteCode::PartialFile, message));
    }
    let count = places().count();
    // Step markers say nothing that the records do not say.
    let is_known = |place: usize| is(place, DATA) || is(place, 0x58) || is(place, 0x59);
    let is_channel = |place: usize| family == Family::Nine0 && is(place, AUX);
    let passed = if data.len() == count { 0 } else { places().filter(|p| !is_known(*p) && !is_channel(*p)).count() };
    if passed > 0 {
        let message = format!("{passed} record(s) are of a kind that is not known and were passed over");
        notes.push(Note::new(NoteCode::RowsDropped, message).count(passed));
    }
    if data.len() == 0 && count > 0 {
        let message = format!("expected records that begin with 55, found none among {count}");
        return Err(
            Error::new(ErrorKind::Malformed, message).at(Place::Offset(parts.first().map_or(0, |p| p.start) as u64))
        );
    }
    let records = match family {
        Family::Nine0 => {
            let mut records = nine0(bytes, &data);
            records.channels = channels(bytes, places().filter(|place| is(*place, AUX)));
            records
        }
        Family::Nine1 => nine1(bytes, &data, size),
    };
    let dialect = if family == Family::Nine0 { "BTS 9.0" } else { "BTS 9.1" };
    Ok(records.finish(dialect, modern.facts, (options.cycle_mode, CycleMode::AsBtsda), notes))
}

/// The blocks of records: one, or one for each part of a chain.
fn parts(bytes: &[u8], notes: &mut Notes) -> Result<Vec<Range<usize>>> {
    if let Some(one) = block(bytes, 82) {
        let stated = at::<u64>(bytes, 90).unwrap_or(0);
        if (one.len() as u64) < stated {
            let message = format!("the block of records is cut off: {} of {stated} bytes are there", one.len());
            notes.push(Note::new(NoteCode::PartialFile, message).at(Place::Offset(one.end as u64)));
        }
        return Ok(vec![one]);
    }
    let is_part = |place: usize| bytes.get(place..).is_some_and(|rest| rest.starts_with(b"NEWARE"));
    if !is_part(HEADER) {
        let message = "expected the place of the records, or a second header at byte 1024; found neither";
        return Err(Error::new(ErrorKind::Malformed, message).at(Place::Offset(82)));
    }
    let mut parts = Vec::new();
    let mut header = HEADER;
    while is_part(header) {
        parts.extend(block(bytes, header + 82));
        let Some(log) = block(bytes, header + 242) else { break };
        // A chain that leads back would never end.
        if log.end <= header {
            break;
        }
        header = log.end;
    }
    let stated = at::<u64>(bytes, 90).unwrap_or(0);
    let found: usize = parts.iter().map(Range::len).sum();
    if found as u64 != stated {
        let message = format!("the parts hold {found} bytes of records, the first header says {stated}");
        notes.push(Note::new(NoteCode::DamagedFile, message).at(Place::Offset(90)));
    }
    Ok(parts)
}

/// 52, 56 or 60: by the stated number of records, else by where the second record stands.
fn record_size(block: &[u8], stated: Option<u32>) -> Result<usize> {
    let allowed = |size: &usize| matches!(size, 52 | 56 | 60);
    let stated = stated.and_then(|count| usize::try_from(count).ok()).filter(|count| *count > 0);
    let by_count = stated.filter(|count| block.len().is_multiple_of(*count)).map(|count| block.len() / count);
    if let Some(size) = by_count.filter(allowed) {
        return Ok(size);
    }
    let tag = block.get(..2);
    let next = at::<u32>(block, 8).map(|number| number.wrapping_add(1));
    let follows = |size: &usize| block.get(*size..*size + 2) == tag && at::<u32>(block, size + 8) == next;
    [52, 56, 60].into_iter().find(follows).or((block.len() <= 60).then_some(block.len()).filter(allowed)).ok_or_else(
        || {
            let message = "expected records of 52, 56 or 60 bytes, found no second record at any of these distances";
            Error::new(ErrorKind::Unsupported, message)
        },
    )
}

/// A field of a record and what becomes of it.
type Field = (Scalar, usize, Then);

/// Quotients are rounded once, products with a reciprocal twice.
#[derive(Debug, Clone, Copy)]
enum Then {
    AsIs,
    /// One more: counted from 0 in the file.
    Next,
    /// Seconds become hours.
    Hours,
    /// Seconds become hours of this sign, as a magnitude.
    Side(f64),
    /// Microseconds become whole milliseconds.
    Milliseconds,
    /// Seconds and, at this place, nanoseconds become nanoseconds.
    Nanoseconds(usize),
    /// Seconds and, at this place, nanoseconds become milliseconds: the nearest, which is at most the next second.
    Stamp(usize),
}

use Then::{AsIs, Hours, Milliseconds, Nanoseconds, Next, Side, Stamp};

/// Columns of some fields.
fn columns(bytes: &[u8], places: &Places, size: usize, fields: &[Field]) -> Vec<Vec<f64>> {
    fn each(values: &mut [f64], f: impl Fn(f64) -> f64) {
        values.iter_mut().for_each(|v| *v = f(*v));
    }
    in_blocks(fields.len(), places.len(), |part, slices| {
        let records = places.records(bytes, part * BLOCK, BLOCK, size);
        let with = |values: &mut [f64], place: usize, f: fn(f64, f64) -> f64| {
            let mut nanos = vec![0.0; values.len()];
            U32.gather(&records, size, place, &mut nanos);
            values.iter_mut().zip(nanos).for_each(|(v, nanos)| *v = f(*v, nanos));
        };
        for (slice, (scalar, place, then)) in slices.iter_mut().zip(fields) {
            scalar.gather(&records, size, *place, slice);
            match *then {
                AsIs => {}
                Next => each(slice, |v| v + 1.0),
                Hours => each(slice, |v| v / 3600.0),
                Side(sign) => each(slice, |v| positive_part(sign * (v / 3600.0))),
                Milliseconds => each(slice, |v| (v / 1e3).round()),
                Nanoseconds(place) => with(slice, place, |s, nanos| s * 1e9 + nanos),
                Stamp(place) => with(slice, place, |s, nanos| s * 1e3 + ((nanos / 1e6 + 0.5) as i64) as f64),
            }
        }
    })
}

fn nine0(bytes: &[u8], places: &Places) -> Records {
    let fields = [
        (U32, 16, AsIs),
        (U8, 9, AsIs),
        (U8, 10, AsIs),
        (U64, 28, AsIs),
        (F32, 36, AsIs),
        (F32, 40, AsIs),
        // Charge energy stands between the capacities.
        (F32, 52, Hours),
        (F32, 60, Hours),
        (F32, 56, Hours),
        (F32, 64, Hours),
        (U64, 68, Milliseconds),
    ];
    let mut columns = columns(bytes, places, 88, &fields).into_iter();
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

fn nine1(bytes: &[u8], places: &Places, size: usize) -> Records {
    let (cycle, seconds, nanos) = if size == 60 { (52, 36, 40) } else { (36, 44, 48) };
    let temperature = match size {
        56 => Some(52),
        60 => Some(48),
        _ => None,
    };
    let mut fields = vec![
        (U32, 8, AsIs),
        (U8, 2, AsIs),
        (U8, 3, AsIs),
        (U32, cycle, Next),
        (U32, 12, Nanoseconds(16)),
        (F32, 24, AsIs),
        (F32, 20, AsIs),
        // Capacity and energy, negative in discharge.
        (F32, 28, Side(1.0)),
        (F32, 28, Side(-1.0)),
        (F32, 32, Side(1.0)),
        (F32, 32, Side(-1.0)),
        (U32, seconds, Stamp(nanos)),
    ];
    fields.extend(temperature.map(|place| (F32, place, AsIs)));
    let mut columns = columns(bytes, places, size, &fields).into_iter();
    let mut next = || columns.next().unwrap_or_default();
    let (number, step, status, cycle, total) = (next(), next(), next(), next(), next());
    let (voltage, current) = (next(), next());
    let counters = Counters::Sides([next(), next(), next(), next()]);
    let stamps = next();
    let beside = temperature.map(|_| Channel {
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

/// Auxiliary records among those of 88 bytes: an entry as in older versions behind four bytes (R).
fn channels(bytes: &[u8], places: impl Iterator<Item = usize>) -> Vec<Channel> {
    let mut channels: Vec<Channel> = Vec::new();
    for place in places {
        let Some(record) = bytes.get(place..place + 88) else { continue };
        let channel = at::<u8>(record, 5).map_or(0, u32::from);
        Channel::add_both(&mut channels, record, channel, at::<u32>(record, 6), (26, 38));
    }
    channels.retain(|channel| !channel.is_zero());
    channels
}
