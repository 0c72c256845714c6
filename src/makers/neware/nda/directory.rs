//! The directory of versions 1 to 29, and where it leads (docs/formats/nda.md#directory).

use std::ops::Range;

use super::integer_layouts::Layout;
use crate::binary::at;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::note::{Note, NoteCode, Notes};

/// Places of the directory's entries, each a `u32` offset and a `u32` size.
pub(super) const DEVICE: usize = 16;
pub(super) const TEST: usize = 24;
pub(super) const RECORDS: usize = 64;
pub(super) const AUXILIARY: usize = 72;

/// Identifier of a record of an auxiliary channel, and those of log lines.
pub(super) const AUX: u8 = 0x65;
const LOG: [u8; 2] = [0xAA, 0xFF];

/// Searching for records begins behind the header.
const HEADER: usize = 1024;

/// The block that an entry of the directory leads to; its end may lie behind that of the file.
pub(super) fn block(bytes: &[u8], entry: usize) -> Option<Range<usize>> {
    let start = usize::try_from(at::<u32>(bytes, entry)?).ok()?;
    let size = usize::try_from(at::<u32>(bytes, entry + 4)?).ok()?;
    (start > 0 && start <= bytes.len()).then(|| start..start.saturating_add(size))
}

/// A block beside the records, as far as the file goes; one that is cut, or that lies behind the end, is told.
pub(super) fn beside(bytes: &[u8], entry: usize, what: &str, notes: &mut Notes) -> Option<Range<usize>> {
    let start = usize::try_from(at::<u32>(bytes, entry)?).ok().filter(|start| *start > 0)?;
    let size = usize::try_from(at::<u32>(bytes, entry + 4)?).ok()?;
    let found = start.min(bytes.len())..start.saturating_add(size).min(bytes.len());
    if found.len() < size {
        let message = format!("the block of the {what} is cut off: {} of {size} bytes are there", found.len());
        notes.push(Note::new(NoteCode::PartialFile, message).at(Place::Offset(entry as u64)));
    }
    Some(found)
}

/// Where the records are.
pub(super) fn records(bytes: &[u8], layout: &Layout, notes: &mut Notes) -> Result<Range<usize>> {
    let is_record = |place: usize| {
        let first = bytes.get(place).copied();
        let is_other = |id: u8| id == AUX || LOG.contains(&id);
        layout.data.is_empty() || first.is_some_and(|id| layout.data.contains(&id) || is_other(id))
    };
    let Some(stated) = block(bytes, RECORDS).filter(|range| is_record(range.start)) else {
        return search(bytes, layout, notes);
    };
    let is_cut = stated.end > bytes.len();
    let (found, rest) = whole(bytes, layout, stated);
    if is_cut || rest > 0 {
        let message = format!("the block of records is cut off; {} record(s) are there", found.len() / layout.size);
        notes.push(Note::new(NoteCode::PartialFile, message).at(Place::Offset(found.end as u64)));
    }
    Ok(found)
}

/// The whole records of a block, and how many bytes are left; a size of 0 means to the end of the file.
fn whole(bytes: &[u8], layout: &Layout, mut block: Range<usize>) -> (Range<usize>, usize) {
    if block.end == block.start || block.end > bytes.len() {
        block.end = bytes.len();
    }
    let rest = block.len() % layout.size;
    (block.start..block.end - rest, rest)
}

/// The first record by its identifier and its number, where the directory does not lead to it.
fn search(bytes: &[u8], layout: &Layout, notes: &mut Notes) -> Result<Range<usize>> {
    let number = layout.number.map_or(1, |(_, place)| place);
    let mut first = vec![layout.data.last().copied().unwrap_or(0)];
    first.resize(number, 0);
    first.extend([1, 0, 0, 0]);
    let place = bytes.get(HEADER..).and_then(|rest| memchr::memmem::find(rest, &first)).map(|place| place + HEADER);
    let place = place.ok_or_else(|| {
        let message = "expected records where the directory points or a first record behind byte 1024, found neither";
        Error::new(ErrorKind::Malformed, message).at(Place::Offset(RECORDS as u64))
    })?;
    let message = format!("the directory does not point at records; they were found at byte {place}");
    notes.push(Note::new(NoteCode::PartialFile, message).at(Place::Offset(RECORDS as u64)));
    Ok(whole(bytes, layout, place..place).0)
}
