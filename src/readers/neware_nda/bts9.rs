//! Versions 129 and 130, written by BTS 9 (neware.md §4).

use std::ops::Range;

use super::info;
use crate::binary::{BLOCK, at, in_blocks};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::readers::ReadOptions;
use crate::readers::neware::{Channel, Clock, Counters, CycleMode, Quantity, Records};
use crate::table::RawTable;

/// Size of the header of each part.
const HEADER: usize = 1024;

/// Low byte of the tag of data records.
const DATA: u8 = 0x55;

/// The two families of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Record versions 2 and 3: 88 bytes (§4.2).
    Nine0,
    /// Record versions 19 and 42: 52, 56 or 60 bytes (§4.3).
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
    let modern = info::modern(bytes, about, version);
    let size = match family {
        Family::Nine0 => 88,
        Family::Nine1 => record_size(first, modern.records)?,
    };
    if size == 60 || parts.len() > 1 {
        let message = "this layout of BTS 9 is described but was never seen with data; compare with BTSDA";
        notes.push(Note::new(NoteCode::UnverifiedLayout, message));
    }
    // One list of records over all parts.
    let places: Vec<usize> =
        parts.iter().flat_map(|part| (part.start..=part.end.saturating_sub(size)).step_by(size)).collect();
    let rest: usize = parts.iter().map(|part| part.len() % size).sum();
    if rest > 0 {
        let message = format!("{rest} byte(s) behind the last whole record were dropped");
        notes.push(Note::new(NoteCode::PartialFile, message));
    }
    let tag = if family == Family::Nine0 { 4 } else { 0 };
    let is = |place: usize, id: u8| bytes.get(place + tag) == Some(&id);
    let data: Vec<usize> = places.iter().copied().filter(|place| is(*place, DATA)).collect();
    if data.is_empty() && !places.is_empty() {
        let message = format!("expected records that begin with 55, found none among {}", places.len());
        return Err(
            Error::new(ErrorKind::Malformed, message).at(Place::Offset(parts.first().map_or(0, |p| p.start) as u64))
        );
    }
    let records = match family {
        Family::Nine0 => {
            let mut records = nine0(bytes, &data);
            records.channels = channels(bytes, places.iter().copied().filter(|place| is(*place, 0x65)));
            records
        }
        Family::Nine1 => nine1(bytes, &data, size),
    };
    let dialect = if family == Family::Nine0 { "BTS 9.0 (§4.2)" } else { "BTS 9.1 (§4.3)" };
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

/// A row of values for each record.
fn rows<const N: usize>(
    bytes: &[u8],
    places: &[usize],
    size: usize,
    row: impl Fn(&[u8]) -> [f64; N] + Sync,
) -> Vec<Vec<f64>> {
    in_blocks(N, places.len(), |part, slices| {
        for (index, place) in places.iter().skip(part * BLOCK).take(BLOCK).enumerate() {
            let Some(record) = bytes.get(*place..*place + size) else { continue };
            for (slice, value) in slices.iter_mut().zip(row(record)) {
                if let Some(slot) = slice.get_mut(index) {
                    *slot = value;
                }
            }
        }
    })
}

fn number(value: Option<impl Into<f64>>) -> f64 {
    value.map_or(f64::NAN, Into::into)
}

fn nine0(bytes: &[u8], places: &[usize]) -> Records {
    let u8_at = |r: &[u8], place| number(at::<u8>(r, place));
    let f32_at = |r: &[u8], place| number(at::<f32>(r, place));
    let u64_at = |r: &[u8], place| at::<u64>(r, place).map_or(f64::NAN, |v| v as f64);
    let columns = rows(bytes, places, 88, |r| {
        [
            number(at::<u32>(r, 16)),
            u8_at(r, 9),
            u8_at(r, 10),
            u64_at(r, 28),
            f32_at(r, 36),
            f32_at(r, 40),
            // Charge energy stands between the capacities.
            f32_at(r, 52) / 3600.0,
            f32_at(r, 60) / 3600.0,
            f32_at(r, 56) / 3600.0,
            f32_at(r, 64) / 3600.0,
            (u64_at(r, 68) / 1000.0).round(),
        ]
    });
    let mut columns = columns.into_iter();
    let mut next = || columns.next().unwrap_or_default();
    Records {
        number: next(),
        step: next(),
        status: next(),
        jump: None,
        run: None,
        cycle: None,
        step_time: Some(next()),
        total_time: None,
        ticks: 1e6,
        voltage: next(),
        current: next(),
        counters: Counters::Pairs([next(), next(), next(), next()]),
        stamps: Some((next(), Clock::Utc)),
        channels: Vec::new(),
    }
}

fn nine1(bytes: &[u8], places: &[usize], size: usize) -> Records {
    let u32_at = |r: &[u8], place| number(at::<u32>(r, place));
    let f32_at = |r: &[u8], place| number(at::<f32>(r, place));
    let (cycle, seconds, nanos) = if size == 60 { (52, 36, 40) } else { (36, 44, 48) };
    let temperature = match size {
        56 => Some(52),
        60 => Some(48),
        _ => None,
    };
    let columns = rows(bytes, places, size, |r| {
        [
            u32_at(r, 8),
            number(at::<u8>(r, 2)),
            number(at::<u8>(r, 3)),
            u32_at(r, cycle) + 1.0,
            u32_at(r, 12) * 1e9 + u32_at(r, 16),
            f32_at(r, 24),
            f32_at(r, 20),
            f32_at(r, 28) / 3600.0,
            f32_at(r, 32) / 3600.0,
            (u32_at(r, seconds) * 1e3 + u32_at(r, nanos) / 1e6).round(),
            temperature.map_or(f64::NAN, |place| f32_at(r, place)),
        ]
    });
    let mut columns = columns.into_iter();
    let mut next = || columns.next().unwrap_or_default();
    let mut records = Records {
        number: next(),
        step: next(),
        status: next(),
        jump: None,
        run: None,
        cycle: Some(next()),
        step_time: None,
        total_time: Some(next()),
        ticks: 1e9,
        voltage: next(),
        current: next(),
        counters: Counters::Signed([next(), next()]),
        stamps: Some((next(), Clock::Utc)),
        channels: Vec::new(),
    };
    if temperature.is_some() {
        let channel =
            Channel { quantity: Quantity::Temperature, number: 1, records: records.number.clone(), values: next() };
        records.channels.push(channel);
    }
    records
}

/// Auxiliary records among those of 88 bytes: an entry as in older versions behind four bytes (R).
fn channels(bytes: &[u8], places: impl Iterator<Item = usize>) -> Vec<Channel> {
    let mut channels: Vec<Channel> = Vec::new();
    for place in places {
        let Some(record) = bytes.get(place..place + 88) else { continue };
        let channel = at::<u8>(record, 5).map_or(0, u32::from);
        let values = [
            (Quantity::Voltage, at::<i32>(record, 26).map_or(f64::NAN, |v| f64::from(v) / 1e4)),
            (Quantity::Temperature, at::<i16>(record, 38).map_or(f64::NAN, |t| f64::from(t) / 10.0)),
        ];
        for (quantity, value) in values {
            Channel::add(&mut channels, quantity, channel, number(at::<u32>(record, 6)), value);
        }
    }
    channels.retain(|channel| !channel.is_zero());
    channels
}
