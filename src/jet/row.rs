//! Rows of a table, read where they lie.

use std::sync::Arc;

use rayon::prelude::*;

use super::PAGE;
use super::definition::{Column, Kind};
use crate::binary::{Le, at, in_parts};

/// No row here: it was deleted, or it moved and this slot points to it.
const GONE: u16 = 0x4000;

/// Bits of a slot that are a place in the page.
const PLACE: u16 = 0x1FFF;

/// Places in a data page: the number of its slots, and the slots.
const COUNT: usize = 12;
const SLOTS: usize = 14;

/// Pages that one thread takes at once.
const PAGES: usize = 64;

/// One row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a>(&'a [u8]);

impl Row<'_> {
    /// Whether the mask has the column, and the number of columns that the row has.
    fn has(&self, column: &Column) -> bool {
        let count = usize::from(at::<u16>(self.0, 0).unwrap_or(0));
        let mask = self.0.len().checked_sub(count.div_ceil(8));
        let byte = mask.and_then(|start| self.0.get(start + column.number / 8));
        column.number < count && byte.is_some_and(|byte| byte >> (column.number % 8) & 1 == 1)
    }

    /// A number; `None` where there is none.
    pub(crate) fn number(&self, column: &Column) -> Option<f64> {
        if column.kind == Kind::Bool {
            // The bit of the mask is the value.
            return Some(f64::from(u8::from(self.has(column))));
        }
        let place = 2 + column.offset?;
        if !self.has(column) {
            return None;
        }
        match column.kind {
            Kind::U8 => at::<u8>(self.0, place).map(Le::real),
            Kind::I16 => at::<i16>(self.0, place).map(Le::real),
            Kind::I32 => at::<i32>(self.0, place).map(Le::real),
            Kind::F32 => at::<f32>(self.0, place).map(Le::real),
            Kind::F64 => at::<f64>(self.0, place),
            _ => None,
        }
    }

    /// A text; `None` where there is none or it is empty.
    pub(crate) fn text(&self, column: &Column) -> Option<String> {
        if column.kind != Kind::Text || column.offset.is_some() || !self.has(column) {
            return None;
        }
        let count = usize::from(at::<u16>(self.0, 0)?);
        // Before the mask: the number of variable columns, before that their places from the last to the first.
        let counter = self.0.len().checked_sub(count.div_ceil(8) + 2)?;
        let variables = usize::from(at::<u16>(self.0, counter)?);
        if column.variable >= variables {
            return None;
        }
        let place = |index: usize| at::<u16>(self.0, counter.checked_sub(2 * (index + 1))?).map(usize::from);
        let text = self.0.get(place(column.variable)?..place(column.variable + 1)?)?;
        Some(decode(text)).filter(|text| !text.is_empty())
    }
}

/// UTF-16, or behind the mark `FF FE` one byte a character with 00 switching between the two.
fn decode(bytes: &[u8]) -> String {
    let utf16 = |bytes: &[u8]| {
        let units = bytes.chunks_exact(2).filter_map(|pair| at::<u16>(pair, 0));
        char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).collect::<String>()
    };
    let Some(mut rest) = bytes.strip_prefix(&[0xFF, 0xFE]) else { return utf16(bytes) };
    let mut text = String::new();
    let mut is_narrow = true;
    while !rest.is_empty() {
        // One byte 00 switches, in the wide parts where a character would begin.
        let step = if is_narrow { 1 } else { 2 };
        let end = rest.chunks(step).position(|chunk| chunk.first() == Some(&0));
        let end = end.map_or(rest.len(), |chunks| chunks * step);
        let (part, left) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        if is_narrow {
            text.extend(part.iter().map(|byte| char::from(*byte)));
        } else {
            text.push_str(&utf16(part));
        }
        rest = left.get(1..).unwrap_or_default();
        is_narrow = !is_narrow;
    }
    text
}

/// All rows of a table, in the order of the pages.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    bytes: Arc<Vec<u8>>,
    pages: Vec<u32>,
    /// Rows of each group of pages.
    counts: Vec<usize>,
}

impl Rows {
    pub(super) fn new(bytes: Arc<Vec<u8>>, pages: Vec<u32>) -> Self {
        let count = |group: &[u32]| group.iter().map(|page| rows_of(&bytes, *page).count()).sum();
        let counts = pages.par_chunks(PAGES).map(count).collect();
        Self { bytes, pages, counts }
    }

    /// Number of rows that are there.
    pub(crate) fn len(&self) -> usize {
        self.counts.iter().sum()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.pages.iter().flat_map(|page| rows_of(&self.bytes, *page))
    }

    /// Columns of numbers, NaN where there is none.
    pub(crate) fn numbers(&self, columns: &[&Column]) -> Vec<Vec<f64>> {
        in_parts(columns.len(), &self.counts, |part, slices| {
            let pages = self.pages.iter().skip(part * PAGES).take(PAGES);
            for (index, row) in pages.flat_map(|page| rows_of(&self.bytes, *page)).enumerate() {
                for (column, slice) in columns.iter().zip(slices.iter_mut()) {
                    if let Some(slot) = slice.get_mut(index) {
                        *slot = row.number(column).unwrap_or(f64::NAN);
                    }
                }
            }
        })
    }
}

/// The rows that a page stores; a moved row is met where it is stored, once.
fn rows_of(bytes: &[u8], page: u32) -> impl Iterator<Item = Row<'_>> {
    let start = page as usize * PAGE;
    let page = bytes.get(start..start + PAGE).unwrap_or_default();
    let count = usize::from(at::<u16>(page, COUNT).unwrap_or(0)).min((PAGE - SLOTS) / 2);
    let mut end = PAGE;
    (0..count).filter_map(move |slot| {
        let slot = at::<u16>(page, SLOTS + 2 * slot)?;
        let first = usize::from(slot & PLACE);
        let last = std::mem::replace(&mut end, first);
        // A row ends where the one before it in the list begins.
        if slot & GONE != 0 { None } else { page.get(first..last).filter(|row| !row.is_empty()).map(Row) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        assert_eq!(decode(b"a\0b\0"), "ab");
        assert_eq!(decode(b"\xFF\xFEabc"), "abc");
        assert_eq!(decode(b"\xFF\xFEab\0\xB5\x75\0c"), "ab\u{75B5}c");
        assert_eq!(decode(b"\xFF\xFE"), "");
    }
}
