//! One piece of the body on one thread: the innermost loop of every text reader.

use super::super::decimal::Decimal;
use super::super::decimal_evidence::Evidence;
use super::super::{line, number};
use super::cells::{Cells, Next};
use super::feed::Fed;
use super::lane::{Lane, PieceColumn, Slot};
use super::{Grid, Trouble, Want};

/// How a body is read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) grid: &'a Grid,
    pub(super) wants: &'a [(usize, Want)],
    pub(super) decimal: Decimal,
}

#[derive(Default)]
pub(super) struct PieceOut {
    pub(super) rows: usize,
    pub(super) columns: Vec<PieceColumn>,
    pub(super) repeated: Trouble,
    pub(super) headers: Trouble,
    pub(super) short: Trouble,
    pub(super) long: Trouble,
    pub(super) joined: Trouble,
    pub(super) last_is_short: bool,
    pub(super) evidence: Evidence,
}

impl Reading<'_> {
    /// Reads a piece into the columns' parts.
    pub(super) fn read(self, fed: &Fed<'_>, slots: Vec<Slot>) -> PieceOut {
        let text = fed.text();
        let mut out = PieceOut::default();
        let lane = |(&(field, want), slot)| Lane::new(field, want, self.decimal, slot);
        let mut lanes: Vec<Lane> = self.wants.iter().zip(slots).map(lane).collect();
        let mut cells = Cells::new(self.grid, fed.before);
        (cells.line, out.last_is_short) = (fed.first_line, false);
        let mut at = fed.start;
        loop {
            let next = cells.take(text, at);
            let line = self.run(text, &mut cells, &mut lanes, &mut out);
            match next {
                Next::End => break,
                Next::Full(next) => at = next,
                Next::Odd(next) => {
                    let rest = text.get(next..).unwrap_or_default();
                    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                    let odd = line::strip_cr(rest.get(..end).unwrap_or_default());
                    let (from, to) = cells.before();
                    if !self.is_blank(odd) {
                        self.row(odd, text.get(from..to).unwrap_or_default(), line, &mut lanes, &mut out);
                    }
                    cells.pass(next, next + odd.len());
                    cells.line += 1;
                    at = next + end + 1;
                }
            }
        }
        out.columns.extend(lanes.into_iter().map(Lane::finish));
        out
    }

    fn is_blank(&self, line: &[u8]) -> bool {
        let empty = |b: &u8| *b == self.grid.separator || matches!(b, b' ' | b'\t' | b'"');
        line.first().is_none_or(empty) && line.iter().all(empty)
    }

    /// Reads the run of rows that waits; gives the line of the next row.
    #[inline(never)]
    fn run(&self, text: &[u8], cells: &mut Cells, lanes: &mut [Lane], out: &mut PieceOut) -> u64 {
        if cells.rows() > 0 {
            for lane in lanes {
                lane.read_run(text, cells, out.rows, &mut out.evidence);
            }
            out.rows += cells.rows();
            out.last_is_short = false;
            cells.line += cells.rows() as u64;
            cells.clear();
        }
        cells.line
    }
    /// A line that is not as usual.
    fn row(&self, line: &[u8], previous: &[u8], number: u64, lanes: &mut [Lane], out: &mut PieceOut) {
        if self.grid.drop_repeats && line == previous {
            return out.repeated.add(number, None, line);
        }
        if line == self.grid.header {
            return out.headers.add(number, None, line);
        }
        if self.grid.joins_thousands && self.has_surplus(line) {
            match line::join_thousands(line, self.grid.separator, self.grid.width) {
                Some(joined) => {
                    out.joined.add(number, None, line);
                    return self.fields(&joined, number, lanes, out);
                }
                None => return out.long.add(number, None, line),
            }
        }
        self.fields(line, number, lanes, out);
    }

    /// Whether a row has more fields than the header, beyond empty ones at its end.
    fn has_surplus(&self, line: &[u8]) -> bool {
        if memchr::memchr_iter(self.grid.separator, line).count() < self.grid.width {
            return false;
        }
        line::fields(line, self.grid.separator).skip(self.grid.width).any(|cell| !number::trim(cell).is_empty())
    }

    /// Reads the fields of a row, and compares their number with the header's.
    fn fields(&self, line: &[u8], number: u64, lanes: &mut [Lane], out: &mut PieceOut) {
        let mut lanes = lanes.iter_mut().peekable();
        let (mut count, mut is_long) = (0, false);
        for (field, cell) in line::fields(line, self.grid.separator).enumerate() {
            if let Some(lane) = lanes.next_if(|lane| lane.field() == field) {
                lane.read(cell, out.rows, number, &mut out.evidence);
            }
            is_long |= field >= self.grid.width && !number::trim(cell).is_empty();
            count = field + 1;
        }
        lanes.for_each(|lane| lane.put_null(out.rows));
        out.last_is_short = count < self.grid.width && !self.grid.pads;
        if out.last_is_short {
            out.short.add(number, None, line);
        }
        if is_long {
            out.long.add(number, None, line);
        }
        out.rows += 1;
    }
}
