//! Where the cells of a run of rows stand. Rows that are not as usual (quotes, too few or too many fields) are not taken in.

use wide::u8x16;

/// Places of cells that one run holds at most: they and their text stay in the cache until all columns are read.
const PLACES: usize = 8 << 10;

/// Bytes that are looked at together.
const TOGETHER: usize = 32;

/// Rows with as many fields as the header, one line behind the other.
#[derive(Debug)]
pub(super) struct Cells {
    separator: u8,
    width: usize,
    pads: bool,
    /// Line of the first row.
    pub(super) line: u64,
    /// For each row where its cells begin, and one place more: each ends one byte before the next begins.
    starts: Vec<u32>,
    /// Places that are in use.
    used: usize,
}

impl Cells {
    pub(super) fn new(separator: u8, width: usize, pads: bool) -> Self {
        Self { separator, width, pads, line: 0, starts: Vec::new(), used: 0 }
    }

    pub(super) fn rows(&self) -> usize {
        self.used / (self.width + 1)
    }

    pub(super) fn is_full(&self) -> bool {
        self.used + self.width >= PLACES
    }

    pub(super) fn clear(&mut self) {
        self.used = 0;
    }

    /// The ranges of one field in all rows. A range that is turned is a cell that is not there.
    pub(super) fn of_field(&self, field: usize) -> impl Iterator<Item = (usize, usize)> {
        let starts = self.starts.get(..self.used).unwrap_or_default();
        starts.chunks_exact(self.width + 1).map(move |row| match row.get(field..field + 2) {
            Some(&[from, next]) => (from as usize, (next as usize).wrapping_sub(1)),
            _ => (1, 0),
        })
    }

    /// Takes the row `text[start..end]` in, if it is as usual; says whether.
    #[inline]
    pub(super) fn push(&mut self, text: &[u8], start: usize, end: usize) -> bool {
        // A row of nothing but separators has no end of cells: so many more than usual are looked at.
        let room = self.used + self.width + 2 * TOGETHER;
        if self.starts.len() < room {
            self.starts.resize(room + PLACES, 0);
        }
        // Before each cell stand as many bytes as are read together.
        let is_possible = start >= 16 && u32::try_from(end).is_ok();
        let fields = if is_possible { self.find(text, start, end) } else { None };
        let is_usual = fields.is_some_and(|fields| self.close(text, end, fields));
        self.used += if is_usual { self.width + 1 } else { 0 };
        is_usual
    }

    /// Where the fields of a row begin; gives their number, `None` where it is not as usual.
    #[inline]
    fn find(&mut self, text: &[u8], start: usize, end: usize) -> Option<usize> {
        let (separator, quote) = (u8x16::splat(self.separator), u8x16::splat(b'"'));
        let starts = self.starts.get_mut(self.used..)?;
        *starts.first_mut()? = start as u32;
        let (mut fields, mut at, mut quotes) = (1, start, 0);
        while at < end {
            let Some(bytes) = text.get(at..).and_then(|rest| rest.first_chunk::<TOGETHER>()) else {
                return self.find_slowly(text, at, end, fields).filter(|_| quotes == 0);
            };
            let (first, last) = (u8x16::new(*bytes.first_chunk()?), u8x16::new(*bytes.last_chunk()?));
            let mask = |a: u8x16, b: u8x16| a.to_bitmask() | b.to_bitmask() << 16;
            let covered = u32::MAX >> TOGETHER.saturating_sub(end - at);
            let mut found = mask(first.simd_eq(separator), last.simd_eq(separator)) & covered;
            quotes |= (first.simd_eq(quote) | last.simd_eq(quote)).to_bitmask();
            while found != 0 {
                *starts.get_mut(fields)? = at as u32 + found.trailing_zeros() + 1;
                fields += 1;
                found &= found - 1;
            }
            at += TOGETHER;
        }
        (quotes == 0).then_some(fields)
    }

    /// The same, a byte at a time: for the last row of a text.
    #[cold]
    fn find_slowly(&mut self, text: &[u8], from: usize, end: usize, mut fields: usize) -> Option<usize> {
        let starts = self.starts.get_mut(self.used..)?;
        for (i, byte) in text.get(from..end)?.iter().enumerate() {
            match byte {
                b'"' => return None,
                byte if *byte == self.separator => {
                    *starts.get_mut(fields)? = (from + i) as u32 + 1;
                    fields += 1;
                }
                _ => {}
            }
        }
        Some(fields)
    }

    /// Makes the row as wide as the header, if what is beyond it is empty; says whether.
    #[inline]
    fn close(&mut self, text: &[u8], end: usize, fields: usize) -> bool {
        let Some(starts) = self.starts.get_mut(self.used..) else { return false };
        if fields <= self.width {
            let missing = starts.get_mut(fields..=self.width).unwrap_or_default();
            missing.fill(end as u32 + 1);
            return fields == self.width || self.pads;
        }
        let surplus = starts.get(self.width).and_then(|from| text.get(*from as usize..end));
        surplus.is_none_or(|rest| rest.iter().all(|b| *b == self.separator || b.is_ascii_whitespace()))
    }
}
