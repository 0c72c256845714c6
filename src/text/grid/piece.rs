//! One piece of the body on one thread: the innermost loop of every text reader.

use super::super::decimal::Decimal;
use super::super::decimal_evidence::Evidence;
use super::super::{line, number};
use super::cells::Cells;
use super::lane::{Lane, PieceColumn, Slot};
use super::{Grid, Trouble, Want};

pub(super) struct Piece<'a> {
    pub(super) grid: &'a Grid,
    pub(super) wants: &'a [(usize, Want)],
    pub(super) decimal: Decimal,
    pub(super) bytes: &'a [u8],
    pub(super) first_line: u64,
    /// The line before the first one, to recognise a repetition across pieces.
    pub(super) previous: &'a [u8],
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

impl Piece<'_> {
    pub(super) fn read(self, slots: Vec<Slot>) -> PieceOut {
        let mut out = PieceOut::default();
        let lane = |(&(field, want), slot)| Lane::new(field, want, self.decimal, slot);
        let mut lanes: Vec<Lane> = self.wants.iter().zip(slots).map(lane).collect();
        let mut cells = Cells::new(self.grid.separator, self.grid.width, self.grid.pads);
        let mut previous = self.previous;
        let (mut at, mut number) = (0, self.first_line);
        while let Some(rest) = self.bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = line::strip_cr(rest.get(..length).unwrap_or_default());
            let repeats = self.grid.drop_repeats && line == previous || line == self.grid.header;
            if self.is_blank(line) {
                self.run(&mut cells, number + 1, &mut lanes, &mut out);
            } else if repeats || !cells.push(self.bytes, at, at + line.len()) {
                self.run(&mut cells, number + 1, &mut lanes, &mut out);
                self.row(line, previous, number, &mut lanes, &mut out);
            } else if cells.is_full() {
                self.run(&mut cells, number + 1, &mut lanes, &mut out);
            }
            previous = line;
            at += length + 1;
            number += 1;
        }
        self.run(&mut cells, number, &mut lanes, &mut out);
        out.columns.extend(lanes.into_iter().map(Lane::finish));
        out
    }

    fn is_blank(&self, line: &[u8]) -> bool {
        let empty = |b: &u8| *b == self.grid.separator || matches!(b, b' ' | b'\t' | b'"');
        line.first().is_none_or(empty) && line.iter().all(empty)
    }

    /// Reads the run of rows that waits, and begins the next at a line.
    #[inline(never)]
    fn run(&self, cells: &mut Cells, next: u64, lanes: &mut [Lane], out: &mut PieceOut) {
        if cells.rows() > 0 {
            for lane in lanes {
                lane.read_run(self.bytes, cells, out.rows, &mut out.evidence);
            }
            out.rows += cells.rows();
            out.last_is_short = false;
            cells.clear();
        }
        cells.line = next;
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
