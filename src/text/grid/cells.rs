//! Where the cells of a run of rows stand. Rows that are not as usual (blank, quotes, too few or too many fields, repetitions) are
//! not taken in.

use std::slice::ChunksExact;

use wide::u8x16;

use super::Grid;
use crate::widest::widest;

/// Places of cells that one run holds at most: they and their text stay in the cache until all columns are read.
const PLACES: usize = 8 << 10;

/// Bytes that are looked at together.
const TOGETHER: usize = 32;

/// Rows with as many fields as the header, one line behind the other.
pub(super) struct Cells<'g> {
    grid: &'g Grid,
    /// Line of the first row.
    pub(super) line: u64,
    /// For each row where its cells begin, and one place more: each ends one byte before the next begins.
    starts: Vec<u32>,
    rows: usize,
    /// Where the line before the next one begins and ends.
    before: (usize, usize),
}

/// Where the next row begins, and why no more rows were taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// There is no room for more.
    Full(usize),
    /// The next one is not as usual.
    Odd(usize),
    /// There is none.
    End,
}

/// The range of one field in a row.
#[inline(always)]
pub(super) fn range(row: &[u32], field: usize) -> (usize, usize) {
    match row.get(field..field + 2) {
        Some(&[from, next]) => (from as usize, (next as usize).wrapping_sub(1)),
        _ => (1, 0),
    }
}

/// Where the row begins that is looked at, where its places begin, the next of them, and as many as there are room for.
struct At {
    row: usize,
    used: usize,
    place: usize,
    most: usize,
}

/// What 32 bytes hold, a bit a byte.
struct Block {
    /// Separators and line ends.
    marks: u32,
    ends: u32,
    quotes: u32,
}

impl Block {
    #[inline(always)]
    fn of(bytes: &[u8; TOGETHER], separator: u8x16) -> Option<Self> {
        let (first, last) = (u8x16::new(*bytes.first_chunk()?), u8x16::new(*bytes.last_chunk()?));
        let mask = |a: u8x16, b: u8x16| a.to_bitmask() | b.to_bitmask() << 16;
        let (end, quote) = (u8x16::splat(b'\n'), u8x16::splat(b'"'));
        let ends = (first.simd_eq(end), last.simd_eq(end));
        let marks = mask(first.simd_eq(separator) | ends.0, last.simd_eq(separator) | ends.1);
        let quotes = first.simd_eq(quote) | last.simd_eq(quote);
        // Most files have none.
        let quotes = if quotes.to_bitmask() == 0 { 0 } else { mask(first.simd_eq(quote), last.simd_eq(quote)) };
        Some(Self { marks, ends: mask(ends.0, ends.1), quotes })
    }
}

impl<'g> Cells<'g> {
    /// `before` is where the line before the first one stands.
    pub(super) fn new(grid: &'g Grid, before: (usize, usize)) -> Self {
        Self { grid, line: 0, starts: Vec::new(), rows: 0, before }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn clear(&mut self) {
        self.rows = 0;
    }

    /// Where the line before the next one begins and ends.
    pub(super) fn before(&self) -> (usize, usize) {
        self.before
    }

    /// A line that was not taken in stands before the next one.
    pub(super) fn pass(&mut self, start: usize, end: usize) {
        self.before = (start, end);
    }

    /// Where the cells of each row from `row` on begin, and one place more.
    #[inline]
    pub(super) fn rows_from(&self, row: usize) -> ChunksExact<'_, u32> {
        let stride = self.grid.width + 1;
        self.starts.get(row * stride..self.rows * stride).unwrap_or_default().chunks_exact(stride)
    }

    /// The ranges of one field in all rows. A range that is turned is a cell that is not there.
    #[inline]
    pub(super) fn of_field(&self, field: usize) -> impl Iterator<Item = (usize, usize)> {
        self.rows_from(0).map(move |row| range(row, field))
    }

    /// Takes in the rows from `row` on as far as they are as usual and there is room.
    pub(super) fn take(&mut self, text: &[u8], row: usize) -> Next {
        widest(|| self.take_in(text, row))
    }

    #[inline(always)]
    fn take_in(&mut self, text: &[u8], row: usize) -> Next {
        let stride = self.grid.width + 1;
        let used = self.rows * stride;
        let most = used + PLACES.max(2 * stride);
        // Of a row with more cells than there is room for, which is as good as none, only their number is known.
        self.starts.resize(most + stride + 2 * TOGETHER, 0);
        // Before each cell stand as many bytes as are read together.
        if row < 16 || u32::try_from(text.len()).is_err() {
            return if row < text.len() { Next::Odd(row) } else { Next::End };
        }
        self.put(used, row);
        let mut at = At { row, used, place: used + 1, most };
        let (blocks, rest) = text.get(row..).unwrap_or_default().as_chunks::<TOGETHER>();
        let mut start = row;
        for block in blocks {
            if let Some(next) = self.look(text, &mut at, start, block) {
                return next;
            }
            start += TOGETHER;
        }
        let mut last = [0; TOGETHER];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        if let Some(next) = self.look(text, &mut at, start, &last) {
            return next;
        }
        if at.row >= text.len() {
            return Next::End;
        }
        // A last line without an end.
        self.put(at.place, text.len() + 1);
        match self.close(text, at.row, text.len(), at.used, at.place + 1 - at.used) {
            true => Next::End,
            false => Next::Odd(at.row),
        }
    }

    /// Looks at the block that begins at `start`; says where to go on where no more rows are to be taken in.
    #[inline(always)]
    fn look(&mut self, text: &[u8], at: &mut At, start: usize, block: &[u8; TOGETHER]) -> Option<Next> {
        let Block { mut marks, mut ends, quotes } = Block::of(block, u8x16::splat(self.grid.separator))?;
        if quotes != 0 {
            // What stands before the first quote.
            let before = (1 << quotes.trailing_zeros()) - 1;
            (marks, ends) = (marks & before, ends & before);
        }
        while ends != 0 {
            let end = ends.trailing_zeros();
            // With the line end itself.
            let here = u32::MAX >> (31 - end);
            at.place = self.mark(at.place, start, marks & here);
            let line_end = start + end as usize;
            if !self.close(text, at.row, line_end, at.used, at.place - at.used) {
                return Some(Next::Odd(at.row));
            }
            at.row = line_end + 1;
            at.used += self.grid.width + 1;
            if at.used >= at.most {
                return Some(Next::Full(at.row));
            }
            self.put(at.used, at.row);
            at.place = at.used + 1;
            (marks, ends) = (marks & !here, ends & (ends - 1));
        }
        at.place = self.mark(at.place, start, marks);
        (quotes != 0).then_some(Next::Odd(at.row))
    }

    #[inline(always)]
    fn put(&mut self, place: usize, at: usize) {
        if let Some(start) = self.starts.get_mut(place) {
            *start = at as u32;
        }
    }

    /// Cells begin behind the marks of the block that begins at `at`; gives the next place.
    #[inline(always)]
    fn mark(&mut self, mut place: usize, at: usize, mut marks: u32) -> usize {
        let starts = self.starts.as_mut_slice();
        while marks != 0 {
            if let Some(start) = starts.get_mut(place) {
                *start = at as u32 + marks.trailing_zeros() + 1;
            }
            place += 1;
            marks &= marks - 1;
        }
        place
    }

    /// Makes the row `text[start..end]`, whose `fields` begin at the places from `used` on, as wide as the header, if it is as
    /// usual; says whether.
    #[inline(always)]
    fn close(&mut self, text: &[u8], start: usize, end: usize, used: usize, fields: usize) -> bool {
        let (separator, width) = (self.grid.separator, self.grid.width);
        // Of so many places the last is behind the line's end.
        let fields = fields - 1;
        let Some(line) = text.get(start..end) else { return false };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let end = start + line.len();
        let Some(first) = line.first() else { return false };
        let may_be_blank = *first == separator || matches!(first, b' ' | b'\t' | b'"');
        if may_be_blank && line.iter().all(|b| *b == separator || matches!(b, b' ' | b'\t' | b'"')) {
            return false;
        }
        // Rows mostly differ where they begin, which is seen without a call.
        let is = |other: &[u8]| {
            other.len() == line.len() && other.first_chunk::<8>() == line.first_chunk::<8>() && other == line
        };
        let (from, to) = self.before;
        if is(&self.grid.header) || self.grid.drop_repeats && is(text.get(from..to).unwrap_or_default()) {
            return false;
        }
        if fields < width {
            if !self.grid.pads {
                return false;
            }
            self.starts.get_mut(used + fields..=used + width).unwrap_or_default().fill(end as u32 + 1);
        } else if fields == width {
            self.put(used + width, end + 1);
        } else {
            let surplus = self.starts.get(used + width).and_then(|from| text.get(*from as usize..end));
            if surplus.is_some_and(|rest| !rest.iter().all(|b| *b == separator || b.is_ascii_whitespace())) {
                return false;
            }
        }
        self.rows += 1;
        self.before = (start, end);
        true
    }
}
