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

    /// Number of records that the bits of a page mark in so many slots.
    fn count(&self, page: &[u8], slots: usize) -> usize {
        let bits = page.get(BITS..self.first).unwrap_or_default();
        let (whole, rest) = bits.split_at_checked(slots / 8).unwrap_or((bits, &[]));
        let last = rest.first().map_or(0, |byte| byte & !(u8::MAX << (slots % 8)));
        whole.iter().chain([&last]).map(|byte| byte.count_ones() as usize).sum()
    }

    /// The records of a page that its bits mark: number of the slot in the page, and the record.
    pub(super) fn marked(&self, page: &'a [u8], length: usize) -> impl Iterator<Item = (usize, &'a [u8])> {
        let bits = self.bits(page);
        let slots = self.slots(length);
        // Mostly all are, which the bits say at once.
        let is_full = self.count(page, slots) == slots;
        let is_set = move |slot: usize| is_full || bits.get(slot / 8).is_some_and(|byte| byte >> (slot % 8) & 1 == 1);
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
        let slots = self.slots(length);
        self.pages.par_chunks_exact(self.size).map(|page| self.count(page, slots)).collect()
    }

    /// Where a record begins in the pages.
    pub(super) fn place(&self, page: usize, slot: usize, length: usize) -> usize {
        page * self.size + self.first + slot * length
    }

    /// The record that begins there.
    pub(super) fn record_at(&self, place: usize, length: usize) -> Option<&'a [u8]> {
        self.pages.get(place..place.checked_add(length)?)
    }

    /// Whether the records stand without a gap from the first slot on.
    pub(super) fn is_dense(&self, length: usize, counts: &[usize]) -> bool {
        let slots = self.slots(length);
        let Some((last, before)) = counts.split_last() else { return true };
        let ends = |page| self.marked(page, length).last().map_or(0, |(slot, _)| slot + 1) == *last;
        before.iter().all(|count| *count == slots) && self.pages().last().is_none_or(ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_bits_say_at_once_is_what_they_say_one_by_one() {
        // Two pages of 512 bytes with one byte of bits. Of 10 bytes there would be 50 slots, of 100 there are 5.
        for (length, slots) in [(10, 8), (100, 5)] {
            for bits in 0..=u8::MAX {
                let mut bytes = vec![0; 3 * 512];
                (bytes[0], bytes[2], bytes[512 + BITS], bytes[1024 + BITS]) = (MAIN, 4, 0xFF, bits);
                let ndc = Ndc::open("data.ndc", &bytes, MAIN, &mut Notes::new()).unwrap();
                let marked: Vec<usize> = (0..slots).filter(|slot| bits >> slot & 1 == 1).collect();
                let found: Vec<(usize, &[u8])> =
                    ndc.pages().last().map(|page| ndc.marked(page, length).collect()).unwrap();
                assert_eq!(found.iter().map(|(slot, _)| *slot).collect::<Vec<_>>(), marked);
                let counts = ndc.counts(length);
                assert_eq!(counts, [slots, marked.len()]);
                // Without a gap: 0, 1, 11, 111 …
                let is_dense = marked.iter().enumerate().all(|(place, slot)| place == *slot);
                assert_eq!(ndc.is_dense(length, &counts), is_dense, "{bits:b}");
                for (slot, record) in found {
                    let again = ndc.record_at(ndc.place(1, slot, length), length).unwrap();
                    assert!(std::ptr::eq(record, again));
                }
            }
        }
    }
}
