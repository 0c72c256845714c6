//! Where BTS 9 keeps its blocks of records: one, or one for each part of a chain (docs/formats/nda.md#directory-of-bts-9).

use std::ops::Range;

use crate::binary::at;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::note::{Note, NoteCode, Notes};

/// Places of the directory's entries in a header, each a `u64` offset and a `u64` size.
pub(super) const TEST: usize = 34;
const RECORDS: usize = 82;
const RECORDS_SIZE: usize = RECORDS + 8;
const LOG: usize = 242;

/// Size of the header of each part.
const HEADER: usize = 1024;

/// The block that an entry leads to, as far as the file goes.
pub(super) fn block(bytes: &[u8], entry: usize) -> Option<Range<usize>> {
    let start = usize::try_from(at::<u64>(bytes, entry)?).ok()?;
    let size = usize::try_from(at::<u64>(bytes, entry + 8)?).ok()?;
    (start > 0 && start <= bytes.len()).then(|| start..start.saturating_add(size).min(bytes.len()))
}

/// The blocks of records.
pub(super) fn of_records(bytes: &[u8], notes: &mut Notes) -> Result<Vec<Range<usize>>> {
    if let Some(one) = block(bytes, RECORDS) {
        let stated = at::<u64>(bytes, RECORDS_SIZE).unwrap_or(0);
        if (one.len() as u64) < stated {
            let message = format!("the block of records is cut off: {} of {stated} bytes are there", one.len());
            notes.push(Note::new(NoteCode::PartialFile, message).at(Place::Offset(one.end as u64)));
        }
        return Ok(vec![one]);
    }
    chain(bytes, notes)
}

/// A chain of parts: each has a header, whose log leads to the next.
fn chain(bytes: &[u8], notes: &mut Notes) -> Result<Vec<Range<usize>>> {
    let is_part = |place: usize| bytes.get(place..).is_some_and(|rest| rest.starts_with(b"NEWARE"));
    if !is_part(HEADER) {
        let message = "expected the place of the records, or a second header at byte 1024; found neither";
        return Err(Error::new(ErrorKind::Malformed, message).at(Place::Offset(RECORDS as u64)));
    }
    let mut parts = Vec::new();
    let mut header = HEADER;
    while is_part(header) {
        parts.extend(block(bytes, header + RECORDS));
        let Some(log) = block(bytes, header + LOG) else { break };
        // A chain that leads back would never end.
        if log.end <= header {
            break;
        }
        header = log.end;
    }
    let stated = at::<u64>(bytes, RECORDS_SIZE).unwrap_or(0);
    let found: usize = parts.iter().map(Range::len).sum();
    if found as u64 != stated {
        let message = format!("the parts hold {found} bytes of records, the first header says {stated}");
        notes.push(Note::new(NoteCode::DamagedFile, message).at(Place::Offset(RECORDS_SIZE as u64)));
    }
    Ok(parts)
}
