//! Versions 129 and 130, written by BTS 9 (docs/formats/nda.md#bts-9).

mod fields;
mod parts;
mod records_9_0;
mod records_9_1;
mod test_info;

use std::ops::Range;

use crate::binary::at;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::formats::ReadOptions;
use crate::makers::neware::records::{CycleMode, Places};
use crate::note::{Note, NoteCode, Notes};
use crate::table::RawTable;

/// Place of the version of the records.
const RECORD_VERSION: usize = 16;

/// The two families of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Record versions 2 and 3.
    Nine0,
    /// Record versions 19 and 42, with the length of a record.
    Nine1(usize),
}

impl Family {
    fn size(self) -> usize {
        match self {
            Self::Nine0 => records_9_0::SIZE,
            Self::Nine1(size) => size,
        }
    }

    /// Place and value of the identifier of data records.
    fn data(self) -> (usize, u8) {
        match self {
            Self::Nine0 => (records_9_0::TAG, records_9_0::DATA),
            Self::Nine1(_) => (records_9_1::TAG, records_9_1::DATA),
        }
    }

    /// Whether a record with this identifier is read, or says nothing that the records do not say.
    fn knows(self, tag: u8) -> bool {
        let is_mark = records_9_0::STEP_MARKS.contains(&tag);
        tag == self.data().1 || is_mark || (self == Self::Nine0 && tag == records_9_0::AUX)
    }
}

pub(super) fn read(bytes: &[u8], options: &ReadOptions, notes: &mut Notes) -> Result<RawTable> {
    let version = at::<u16>(bytes, RECORD_VERSION).unwrap_or(0);
    let parts = parts::of_records(bytes, notes)?;
    let first = parts.first().and_then(|part| bytes.get(part.clone())).unwrap_or_default();
    let about = parts::block(bytes, parts::TEST).and_then(|block| bytes.get(block)).unwrap_or_default();
    let about = test_info::read(bytes, about, version);
    let family = family(version, first, about.records, notes)?;
    let is_verified = matches!(family, Family::Nine0) || records_9_1::is_verified(family.size());
    if !is_verified || parts.len() > 1 {
        let message = "this layout of BTS 9 is described but was never seen with data; compare with BTSDA";
        notes.push(Note::new(NoteCode::UnverifiedLayout, message));
    }
    let data = data(bytes, &parts, family, notes)?;
    let there = places(&parts, family.size()).count();
    if let Some(stated) = about.records.map(|stated| stated as usize).filter(|stated| *stated > there) {
        let message = format!("the test information states {stated} records, {there} are there");
        notes.push(Note::new(NoteCode::PartialFile, message).count(stated - there));
    }
    let (records, dialect) = match family {
        Family::Nine0 => {
            let mut records = records_9_0::read(bytes, &data);
            let is_aux = |place: &usize| bytes.get(place + records_9_0::TAG) == Some(&records_9_0::AUX);
            records.channels = records_9_0::channels(bytes, places(&parts, family.size()).filter(is_aux));
            (records, "BTS 9.0")
        }
        Family::Nine1(size) => (records_9_1::read(bytes, &data, size), "BTS 9.1"),
    };
    Ok(records.finish(dialect, about.facts, (options.cycle_mode, CycleMode::AsBtsda), notes))
}

/// By the version of the records; one that is not known, by how the first record looks.
fn family(version: u16, first: &[u8], stated: Option<u32>, notes: &mut Notes) -> Result<Family> {
    let is_nine0 = match version {
        2 | 3 => true,
        19 | 42 => false,
        _ => {
            let message =
                format!("record version {version} of BTS 9 is not known; it was read as its first record looks");
            notes.push(Note::new(NoteCode::UnverifiedLayout, message).at(Place::Offset(RECORD_VERSION as u64)));
            at::<u8>(first, records_9_0::TAG) == Some(records_9_0::DATA)
        }
    };
    if is_nine0 { Ok(Family::Nine0) } else { records_9_1::size(first, stated).map(Family::Nine1) }
}

/// Where the whole records are.
fn places(parts: &[Range<usize>], size: usize) -> impl Iterator<Item = usize> {
    parts.iter().flat_map(move |part| (0..part.len() / size).map(move |k| part.start + k * size))
}

/// Where the data records are; what else is there is told.
fn data(bytes: &[u8], parts: &[Range<usize>], family: Family, notes: &mut Notes) -> Result<Places> {
    let (size, (tag, id)) = (family.size(), family.data());
    let data = Places::new(bytes, parts, size, |record| record.get(tag) == Some(&id));
    let rest: usize = parts.iter().map(|part| part.len() % size).sum();
    if rest > 0 {
        let message = format!("{rest} byte(s) behind the last whole record were dropped");
        notes.push(Note::new(NoteCode::PartialFile, message));
    }
    let count = places(parts, size).count();
    let is_passed = |place: &usize| !bytes.get(place + tag).is_some_and(|id| family.knows(*id));
    let passed = if data.len() == count { 0 } else { places(parts, size).filter(is_passed).count() };
    if passed > 0 {
        let message = format!("{passed} record(s) are of a kind that is not known and were passed over");
        notes.push(Note::new(NoteCode::RowsDropped, message).count(passed));
    }
    if data.len() == 0 && count > 0 {
        let message = format!("expected records that begin with 55, found none among {count}");
        let start = parts.first().map_or(0, |part| part.start);
        return Err(Error::new(ErrorKind::Malformed, message).at(Place::Offset(start as u64)));
    }
    Ok(data)
}
