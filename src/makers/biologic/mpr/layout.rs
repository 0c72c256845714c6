//! The head of the data module: how many records, of which fields (docs/formats/mpr.md#head-of-the-data,
//! docs/formats/mpr.md#records).

use std::borrow::Cow;

use super::ids;
use super::modules::Module;
use crate::binary::{Scalar, at};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::note::{Note, NoteCode, Notes};

/// Where the head keeps what.
#[derive(Debug, Clone, Copy)]
struct Head {
    wide_count: bool,
    ids_at: usize,
    wide_ids: bool,
    slots: usize,
    start: usize,
}

/// The layouts of docs/formats/mpr.md#head-of-the-data: old 0, 2, 3 and new 11.
static HEADS: [Head; 4] = [
    Head { wide_count: false, ids_at: 5, wide_ids: false, slots: 95, start: 100 },
    Head { wide_count: false, ids_at: 5, wide_ids: true, slots: 200, start: 405 },
    Head { wide_count: false, ids_at: 5, wide_ids: true, slots: 200, start: 406 },
    Head { wide_count: true, ids_at: 6, wide_ids: true, slots: 500, start: 1007 },
];

/// One column of the export.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stored {
    pub(super) id: u16,
    pub(super) name: Cow<'static, str>,
    pub(super) scalar: Scalar,
    pub(super) offset: usize,
    /// Bits of the flags byte; 0 for a value.
    pub(super) mask: u8,
}

/// The records of a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    pub(super) columns: Vec<Stored>,
    /// Place of the first record in the module.
    pub(super) start: usize,
    /// Bytes of a record.
    pub(super) stride: usize,
    /// Records that are there.
    pub(super) rows: usize,
    /// Offset of the flags byte.
    pub(super) flags: Option<usize>,
}

impl Layout {
    pub(super) fn find(&self, id: u16) -> Option<usize> {
        self.columns.iter().position(|column| column.id == id)
    }
}

/// Places in the head of every data module: the number of records, and that of columns.
const POINTS: usize = 0;
const COLUMNS: usize = 4;

/// Reads the head of a data module.
pub(super) fn read(data: &[u8], module: &Module, notes: &mut Notes) -> Result<Layout> {
    let place = |at: usize| Place::Offset((module.data.start + at) as u64);
    let points = at::<u32>(data, POINTS).ok_or_else(|| {
        Error::new(ErrorKind::Malformed, "expected the number of points, found the end of the file").at(place(POINTS))
    })?;
    let points = usize::try_from(points).unwrap_or(usize::MAX);
    let head = match (module.is_new, module.version) {
        (false, 0) => Some(0),
        (false, 2) => Some(1),
        (false, 3) => Some(2),
        (true, 0 | 11) => Some(3),
        _ => None,
    };
    let head = match head.and_then(|index| HEADS.get(index)).copied() {
        Some(head) => head,
        None => unknown_version(data, module, points, notes)?,
    };
    if !head.wide_ids {
        let message = "this version of the data module is described but was never compared with an export";
        notes.push(Note::new(NoteCode::UnverifiedLayout, message).at(place(0)));
    }
    let ids = ids(data, head).ok_or_else(|| {
        let message = "expected the ids of the columns, found the end of the file or more ids than there is room for";
        Error::new(ErrorKind::Malformed, message).at(place(COLUMNS))
    })?;
    if data.len() < head.start && points > 0 {
        let message = format!("expected records from byte {} of the data module, found its end", head.start);
        return Err(Error::new(ErrorKind::Malformed, message).at(place(data.len())));
    }
    let room = module.stated.saturating_sub(head.start);
    let (columns, stride, flags) = fields(&ids, points, room, notes).map_err(|e| e.at(place(head.ids_at)))?;
    let there = data.len().saturating_sub(head.start).checked_div(stride).unwrap_or(0);
    let rows = points.min(there);
    if points.saturating_mul(stride) != room {
        let message = format!(
            "{points} record(s) of {stride} bytes should fill {} bytes, the data module has {room}",
            points.saturating_mul(stride)
        );
        notes.push(Note::new(NoteCode::PartialFile, message).at(place(head.start)));
    }
    if rows == 0 && points > 0 {
        let message =
            format!("expected {points} record(s), found none: the file is cut off behind the head of its data");
        return Err(Error::new(ErrorKind::Malformed, message).at(place(data.len())));
    }
    if rows < points {
        let message = format!("the file is cut off: {rows} of {points} record(s) are there");
        notes.push(Note::new(NoteCode::PartialFile, message).count(points - rows).at(place(data.len())));
    }
    Ok(Layout { columns, start: head.start, stride, rows, flags })
}

fn ids(data: &[u8], head: Head) -> Option<Vec<u16>> {
    let count =
        if head.wide_count { usize::from(at::<u16>(data, COLUMNS)?) } else { usize::from(at::<u8>(data, COLUMNS)?) };
    if count > head.slots {
        return None;
    }
    let id = |k: usize| {
        if head.wide_ids {
            at::<u16>(data, head.ids_at + 2 * k)
        } else {
            at::<u8>(data, head.ids_at + k).map(u16::from)
        }
    };
    (0..count).map(id).collect()
}

/// The columns in the order of the ids, the size of a record, the place of the flags byte.
fn fields(ids: &[u16], points: usize, room: usize, notes: &mut Notes) -> Result<(Vec<Stored>, usize, Option<usize>)> {
    let is_unknown = |id: &&u16| ids::flag(**id).is_none() && ids::stored(**id).is_none();
    let unknown: Vec<u16> = ids.iter().filter(is_unknown).copied().collect();
    let flagged = usize::from(ids.iter().any(|id| ids::flag(*id).is_some()));
    let known: usize = ids.iter().filter_map(|id| ids::stored(*id)).map(|(_, scalar)| scalar.width()).sum();
    let size = (points > 0 && room.is_multiple_of(points)).then(|| room / points);
    let width = match unknown.len() {
        0 => Scalar::F32,
        k => solve(&unknown, k, size.and_then(|size| size.checked_sub(known + flagged)), points)?,
    };
    // In some files five ids of the harmonics were seen to be quantities of twice the width.
    let disputed = ids.iter().filter(|id| (498..=502).contains(*id)).count();
    let wide = disputed > 0 && unknown.is_empty() && size == Some(known + flagged + 4 * disputed);
    if wide {
        let message = "ids 498 to 502 are 8 bytes wide in this file: read as Q charge, Q discharge, step time, Efficiency, Capacity";
        notes.push(Note::new(NoteCode::UnitDoubt, message));
    }
    let (mut offset, mut flags, mut columns) = (0, None, Vec::new());
    for id in ids {
        if let Some((name, mask)) = ids::flag(*id) {
            // The first flag makes room for all of them.
            let place = *flags.get_or_insert(offset);
            offset += usize::from(place == offset);
            columns.push(Stored { id: *id, name: Cow::Borrowed(name), scalar: Scalar::U8, offset: place, mask });
            continue;
        }
        let (name, scalar) = match ids::stored(*id) {
            _ if wide && (498..=502).contains(id) => (Cow::Borrowed(wide_name(*id)), Scalar::F64),
            Some(found) => found,
            None => (Cow::Owned(format!("unknown {id}")), width),
        };
        columns.push(Stored { id: *id, name, scalar, offset, mask: 0 });
        offset += scalar.width();
    }
    if !unknown.is_empty() {
        let list: Vec<String> = unknown.iter().map(|id| format!("\"unknown {id}\"")).collect();
        let message = format!("column id(s) without a known meaning, kept by number: {}", list.join(", "));
        notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(unknown.len()));
    }
    Ok((columns, offset, flags))
}

fn wide_name(id: u16) -> &'static str {
    match id {
        498 => "Q charge/mA.h",
        499 => "Q discharge/mA.h",
        500 => "step time/s",
        501 => "Efficiency/%",
        _ => "Capacity/mA.h",
    }
}

/// The width of ids that the table does not have, from what the known ones leave of a record.
fn solve(unknown: &[u16], count: usize, left: Option<usize>, points: usize) -> Result<Scalar> {
    if points == 0 {
        return Ok(Scalar::F32);
    }
    match left {
        Some(1) if count == 1 => Ok(Scalar::U8),
        Some(2) if count == 1 => Ok(Scalar::U16),
        Some(left) if left == 4 * count => Ok(Scalar::F32),
        Some(left) if left == 8 * count => Ok(Scalar::F64),
        _ => {
            let list: Vec<String> = unknown.iter().map(u16::to_string).collect();
            let message = format!(
                "expected column ids of known width, found {} and no width that fits the size of the records",
                list.join(", ")
            );
            Err(Error::new(ErrorKind::Unsupported, message))
        }
    }
}

/// The layout of a version that is not known: the one whose ids are all known and whose records fill the module.
fn unknown_version(data: &[u8], module: &Module, points: usize, notes: &mut Notes) -> Result<Head> {
    let fits = |head: &&Head| {
        let Some(ids) = ids(data, **head) else { return false };
        let known = ids.iter().all(|id| ids::flag(*id).is_some() || ids::stored(*id).is_some());
        let room = module.stated.saturating_sub(head.start);
        let size = fields(&ids, points, room, &mut Notes::new()).map(|(_, stride, _)| stride);
        known && !ids.is_empty() && size.is_ok_and(|size| size.saturating_mul(points) == room)
    };
    let generation = if module.is_new { "new" } else { "old" };
    let version = module.version;
    let found = HEADS.iter().find(fits).copied().ok_or_else(|| {
        let message = format!("expected version 0, 2, 3 or 11 of the data module, found {version} ({generation} layout) and records of no known layout");
        Error::new(ErrorKind::Unsupported, message).at(Place::Offset(module.data.start as u64))
    })?;
    let message = format!(
        "version {version} ({generation} layout) of the data module is not known; it was read as the layout that fits"
    );
    notes.push(Note::new(NoteCode::UnverifiedLayout, message));
    Ok(found)
}
