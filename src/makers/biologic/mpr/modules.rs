//! The container: a sequence of modules, walked by their lengths (docs/formats/mpr.md#file-head).

use std::ops::Range;

use crate::binary::at;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::note::{Note, NoteCode, Notes};

/// How every file begins; 52 bytes with what follows.
pub(super) static MAGIC: &[u8] = b"BIO-LOGIC MODULAR FILE\x1A";

const FIRST_MODULE: usize = 52;

static WORD: &[u8] = b"MODULE";

/// `u32` at 35 of a new header, which tells the layouts apart.
const SENTINEL: u32 = u32::MAX;

/// A part of the file.
#[derive(Debug, Clone)]
pub(super) struct Module {
    /// Short name without padding.
    pub(super) name: String,
    /// Whether the header is of EC-Lab 11.50 and later.
    pub(super) is_new: bool,
    pub(super) version: u32,
    /// `MM?DD?YY` as written.
    pub(super) date: Vec<u8>,
    /// Place of the data in the file; ends at the end of the file when the module is cut off.
    pub(super) data: Range<usize>,
    /// Length that the header states.
    pub(super) stated: usize,
}

impl Module {
    pub(super) fn is_cut(&self) -> bool {
        self.data.len() < self.stated
    }

    /// Year, month and day of the header's date.
    pub(super) fn day(&self) -> Option<(i16, i8, i8)> {
        let text = std::str::from_utf8(&self.date).ok()?;
        let number = |range: Range<usize>| text.get(range)?.parse::<i8>().ok();
        Some((2000 + i16::from(number(6..8)?), number(0..2)?, number(3..5)?))
    }
}

/// All modules up to the end of the file.
pub(super) fn walk(bytes: &[u8], notes: &mut Notes) -> Result<Vec<Module>> {
    if !bytes.starts_with(MAGIC) {
        let found = String::from_utf8_lossy(bytes.get(..22).unwrap_or(bytes)).into_owned();
        let message = format!("expected \"BIO-LOGIC MODULAR FILE\" at the start, found {found:?}");
        return Err(Error::new(ErrorKind::Malformed, message).at(Place::Offset(0)));
    }
    let mut modules = Vec::new();
    let mut place = FIRST_MODULE;
    while place < bytes.len() {
        let rest = bytes.get(place..).unwrap_or_default();
        let Some(module) = header(rest, place) else {
            if modules.is_empty() {
                let message = "expected the header of a module, found the end of the file or something else";
                return Err(Error::new(ErrorKind::Malformed, message).at(Place::Offset(place as u64)));
            }
            let message = format!("{} byte(s) at {place} are no module and were not read", rest.len());
            notes.push(Note::new(NoteCode::PartialFile, message).at(Place::Offset(place as u64)));
            break;
        };
        // The word may stand inside of data, so only lengths lead on.
        place = module.data.start.saturating_add(module.stated);
        let data = module.data.start..place.min(bytes.len());
        modules.push(Module { data, ..module });
    }
    if modules.is_empty() {
        let message = "expected modules behind the file's first 52 bytes, found the end of the file";
        return Err(Error::new(ErrorKind::Malformed, message).at(Place::Offset(bytes.len() as u64)));
    }
    Ok(modules)
}

/// Places in the header of a module, behind the word that begins it.
struct Header {
    length: usize,
    version: usize,
    date: usize,
    /// Where the header ends.
    data: usize,
}

/// Short and long name fill the bytes before the length.
const SHORT_NAME: usize = 10;
const OLD: Header = Header { length: 35, version: 39, date: 43, data: 51 };
/// Four bytes that are [`SENTINEL`] stand where older files have the length, four others behind it.
const NEW: Header = Header { length: 39, version: 47, date: 51, data: 59 };
const DATE: usize = 8;

fn header(rest: &[u8], place: usize) -> Option<Module> {
    let body = rest.strip_prefix(WORD)?;
    let name = String::from_utf8_lossy(body.get(..SHORT_NAME)?).trim_end_matches([' ', '\0']).to_owned();
    let is_new = at::<u32>(body, OLD.length)? == SENTINEL;
    let header = if is_new { NEW } else { OLD };
    let (length, version) = (at::<u32>(body, header.length)?, at::<u32>(body, header.version)?);
    let start = place + WORD.len() + header.data;
    let date = body.get(header.date..header.date + DATE)?.to_vec();
    Some(Module { name, is_new, version, date, data: start..start, stated: usize::try_from(length).ok()? })
}
