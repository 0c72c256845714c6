//! The `ndc` container: pages with slots and a bit for each (docs/formats/ndax.md#the-container).

use rayon::prelude::*;

use crate::binary::at;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::note::{Note, NoteCode, Notes};

/// A member of the archive, as pages.
#[derive(Debug)]
pub(super) struct Ndc<'a> {
    pub(super) version: u8,
    /// The header page.
    pub(super) head: &'a [u8],
    pages: &'a [u8],
    size: usize,
    /// Place of the first slot in a page.
    first: usize,
    /// Whether the last page is cut off.
    pub(super) is_cut: bool,
}

/// File types.
pub(super) const MAIN: u8 = 1;
pub(super) const AUX: u8 = 5;
pub(super) const STEP: u8 = 7;
pub(super) const RUN_INFO: u8 = 18;

/// Places in the header page.
const KIND: usize = 0;
const VERSION: usize = 2;

/// Places in the other pages: the number of records, and a bit for each slot.
const MARKED: usize = 2;
const BITS: usize = 4;

/// Bytes of the checksum that ends a page.
const CHECKSUM: usize = 4;

impl<'a> Ndc<'a> {
    /// Splits a member into pages. Checks its type, and the checksum of every page.
    pub(super) fn open(name: &str, bytes: &'a [u8], kind: u8, notes: &mut Notes) -> Result<Self> {
        let error = |message: String| Error::new(ErrorKind::Malformed, message).at(Place::Member(name.to_owned()));
        let (found, version) = (at::<u8>(bytes, KIND), at::<u8>(bytes, VERSION));
        let (Some(found), Some(version)) = (found, version) else {
            return Err(error("expected the header of an ndc file, found the end of the member".to_owned()));
        };
        if found != kind {
            return Err(error(format!("expected an ndc file of type {kind}, found type {found}")));
        }
        let (size, first) = if version < 5 { (512, 5) } else { (4096, 132) };
        let (head, pages) = bytes.split_at_checked(size).unwrap_or((bytes, &[]));
        let rest = pages.len() % size;
        if rest > 0 {
            let message = format!("{name}: the last page is cut off; {rest} byte(s) were dropped");
            notes.push(Note::new(NoteCode::PartialFile, message));
        }
        let ndc = Self { version, head, pages, size, first, is_cut: rest > 0 || head.len() < size };
        ndc.check(name, notes);
        Ok(ndc)
    }

    fn check(&self, name: &str, notes: &mut Notes) {
        let is_bad = |(_, page): &(usize, &[u8])| {
            let (body, sum) = page.split_at_checked(self.size - CHECKSUM).unwrap_or_default();
            at::<u32>(sum, 0) != Some(crc32fast::hash(body))
        };
        let bad: Vec<usize> =
            self.pages.par_chunks_exact(self.size).enumerate().filter(is_bad).map(|(i, _)| i + 1).collect();
        if let Some(first) = bad.first() {
            let message = format!(
                "{name}: the checksum of {} page(s) is wrong, first of page {first}; they were read",
                bad.len()
            );
            notes.push(Note::new(NoteCode::DamagedFile, message).count(bad.len()));
        }
        let is_off = |(_, page): &(usize, &[u8])| {
            let bits: u32 = self.bits(page).iter().map(|byte| byte.count_ones()).sum();
            at::<u16>(page, MARKED).map(u32::from) != Some(bits)
        };
        let off = self.pages.par_chunks_exact(self.size).enumerate().find_first(is_off);
        if let Some((page, _)) = off {
            let message = format!("{name}: page {} states another number of records than it marks", page + 1);
            notes.push(Note::new(NoteCode::DamagedFile, message));
        }
    }

    fn bits(&self, page: &'a [u8]) -> &'a [u8] {
        page.get(BITS..self.first).unwrap_or_default()
    }

    pub(super) fn pages(&self) -> impl ExactSizeIterator<Item = &'a [u8]> {
        self.pages.chunks_exact(self.size)
    }

    /// Slots of a page for records of this length.
    pub(super) fn slots(&self, length: usize) -> usize {
        ((self.size - self.first - CHECKSUM) / length.max(1)).min(8 * (self.first - BITS))
    }

    /// The records of a page that its bits mark: number of the slot in the page, and the record.
    pub(super) fn marked(&self, page: &'a [u8], length: usize) -> impl Iterator<Item = (usize, &'a [u8])> {
        let bits = self.bits(page);
        let slots = self.slots(length);
        let is_set = move |slot: usize| bits.get(slot / 8).is_some_and(|byte| byte >> (slot % 8) & 1 == 1);
        let records = page.get(self.first..).unwrap_or_default().chunks_exact(length.max(1));
        records.take(slots).enumerate().filter(move |(slot, _)| is_set(*slot))
    }

    /// Every record with its ordinal over the whole file from 1, empty slots included.
    pub(super) fn records(&self, length: usize) -> impl Iterator<Item = (usize, &'a [u8])> + '_ {
        let slots = self.slots(length);
        self.pages().enumerate().flat_map(move |(page, bytes)| {
            self.marked(bytes, length).map(move |(slot, record)| (page * slots + slot + 1, record))
        })
    }

    /// Number of records in each page.
    pub(super) fn counts(&self, length: usize) -> Vec<usize> {
        self.pages.par_chunks_exact(self.size).map(|page| self.marked(page, length).count()).collect()
    }
}
