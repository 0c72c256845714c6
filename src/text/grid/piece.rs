//! One piece of the body on one thread: the innermost loop of every text reader.

use std::collections::HashMap;

use super::super::decimal::{Decimal, Evidence};
use super::super::number::{self, Cell};
use super::super::{duration, line, timestamp};
use super::{Grid, NO_TIME, Trouble, Want};

/// The part of a column's vector that one piece fills.
pub(super) enum Slot<'a> {
    Number(&'a mut [f64]),
    Code(&'a mut [u32]),
    Time(&'a mut [i64]),
}

impl<'a> Slot<'a> {
    /// Splits the first `rows` off.
    pub(super) fn take_front(&mut self, rows: usize) -> Self {
        fn front<'a, T>(all: &mut &'a mut [T], rows: usize) -> &'a mut [T] {
            let (mine, rest) = std::mem::take(all).split_at_mut(rows);
            *all = rest;
            mine
        }
        match self {
            Self::Number(v) => Slot::Number(front(v, rows)),
            Self::Code(v) => Slot::Code(front(v, rows)),
            Self::Time(v) => Slot::Time(front(v, rows)),
        }
    }
}

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
pub(super) struct PieceColumn {
    pub(super) unreadable: Trouble,
    pub(super) names: Vec<Vec<u8>>,
    codes: HashMap<Vec<u8>, u32>,
    last_code: u32,
    /// The last date and its midnight: most rows have the date of the row before.
    last_date: Option<([u8; 10], i64)>,
    last_number: LastNumber,
}

/// The last cell that was a number, with the byte behind it: about half of a cycler's cells repeat the row before (steps,
/// cycles, set currents, the capacity of the other direction, temperatures).
struct LastNumber {
    bytes: u128,
    /// Covers the cell and the byte behind it.
    mask: u128,
    value: f64,
    used: usize,
}

impl Default for LastNumber {
    fn default() -> Self {
        // No text begins with it: bytes and mask contradict each other.
        Self { bytes: u128::MAX, mask: 0, value: f64::NAN, used: 0 }
    }
}

impl LastNumber {
    #[inline]
    fn is_front_of(&self, window: u128) -> bool {
        window & self.mask == self.bytes
    }

    #[inline]
    fn remember(&mut self, window: u128, value: f64, used: usize) {
        if used < 16 {
            let mask = u128::MAX >> (120 - 8 * used);
            *self = Self { bytes: window & mask, mask, value, used };
        }
    }
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
    pub(super) fn read(self, mut slots: Vec<Slot>) -> PieceOut {
        let mut out = PieceOut::default();
        out.columns.resize_with(self.wants.len(), || PieceColumn { names: vec![Vec::new()], ..Default::default() });
        let mut previous = self.previous;
        let mut rest = self.bytes;
        let mut number = self.first_line;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let (line, tail) = rest.split_at(end);
            let line = line::strip_cr(line);
            if !self.is_blank(line) {
                self.row((line, rest), previous, number, &mut slots, &mut out);
            }
            previous = line;
            rest = tail.get(1..).unwrap_or_default();
            number += 1;
        }
        out
    }

    fn is_blank(&self, line: &[u8]) -> bool {
        let empty = |b: &u8| *b == self.grid.separator || matches!(b, b' ' | b'\t' | b'"');
        line.first().is_none_or(empty) && line.iter().all(empty)
    }

    /// A line, and the text from its start on as far as it is at hand.
    #[inline]
    fn row(&self, (line, text): (&[u8], &[u8]), previous: &[u8], number: u64, slots: &mut [Slot], out: &mut PieceOut) {
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
                    return self.fields(&joined, &joined, number, slots, out);
                }
                None => return out.long.add(number, None, line),
            }
        }
        self.fields(line, text, number, slots, out);
    }

    /// Whether a row has more fields than the header, beyond empty ones at its end.
    fn has_surplus(&self, line: &[u8]) -> bool {
        if memchr::memchr_iter(self.grid.separator, line).count() < self.grid.width {
            return false;
        }
        line::fields(line, self.grid.separator).skip(self.grid.width).any(|cell| !number::trim(cell).is_empty())
    }

    /// Reads the fields of a row. `text` begins with the line: numbers are read fastest when more bytes are at hand than
    /// they take.
    #[inline]
    fn fields(&self, line: &[u8], text: &[u8], number: u64, slots: &mut [Slot], out: &mut PieceOut) {
        let separator = self.grid.separator;
        let mut at = 0; // beyond the line's end when there are no fields left
        let mut field = 0;
        for ((&(wanted, want), slot), column) in self.wants.iter().zip(slots.iter_mut()).zip(&mut out.columns) {
            while field < wanted && at <= line.len() {
                at = line::field_end(line, at, separator) + 1;
                field += 1;
            }
            let Some(rest) = text.get(at..).filter(|_| at <= line.len()) else {
                slot.put_null(out.rows);
                continue;
            };
            // Nearly every cell is what its column holds, without blanks or quotes: then its end is found while it is read.
            let used = match slot {
                Slot::Number(values) => self.scan_number(rest, want, values, out.rows, &mut column.last_number),
                Slot::Code(codes) => column.scan_code(rest, codes, out.rows),
                Slot::Time(times) => column.scan_time(rest, times, out.rows),
            };
            if let Some(used) = used
                && (at + used == line.len() || at + used < line.len() && rest.get(used) == Some(&separator))
            {
                at += used + 1;
                field += 1;
                continue;
            }
            let end = line::field_end(line, at, separator);
            let cell = line.get(at..end).unwrap_or_default();
            at = end + 1;
            field += 1;
            let readable = match slot {
                Slot::Number(values) => self.number(cell, want, values, out.rows, &mut out.evidence),
                Slot::Code(codes) => {
                    put(codes, out.rows, column.code(number::trim(cell)));
                    true
                }
                Slot::Time(times) => Self::time(cell, want, times, out.rows, &mut column.last_date),
            };
            if !readable {
                column.unreadable.add(number, Some(wanted), cell);
            }
        }
        match self.count_fields(line, at, field, number, out) {
            Fields::Right => out.last_is_short = false,
            Fields::Short => out.last_is_short = true,
            Fields::Long => out.long.add(number, None, line),
        }
        out.rows += 1;
    }

    /// A number or clock at the front of `rest`, and the bytes that it takes.
    #[inline]
    fn scan_number(
        &self,
        rest: &[u8],
        want: Want,
        values: &mut [f64],
        row: usize,
        last: &mut LastNumber,
    ) -> Option<usize> {
        let window = rest.first_chunk().copied().map(u128::from_le_bytes);
        if let Some(window) = window
            && last.is_front_of(window)
        {
            put(values, row, last.value);
            return Some(last.used);
        }
        let (value, used) = match want {
            Want::Duration { clock: true } => duration::scan(rest)?,
            _ if self.decimal == Decimal::Point => match number::scan(rest) {
                (Some(value), used) => (value, used),
                (None, _) => return None,
            },
            _ => return None,
        };
        put(values, row, value);
        if let Some(window) = window {
            last.remember(window, value, used);
        }
        Some(used)
    }

    #[cold]
    fn number(&self, cell: &[u8], want: Want, values: &mut [f64], row: usize, evidence: &mut Evidence) -> bool {
        let (value, readable) = if want == (Want::Duration { clock: true }) {
            let cell = number::trim(cell);
            match duration::seconds(cell) {
                Some(seconds) => (seconds, true),
                None => (f64::NAN, number::parse(cell, self.decimal) == Cell::Null),
            }
        } else {
            evidence.see(cell);
            match number::parse(cell, self.decimal) {
                Cell::Number(value) => (value, true),
                Cell::Null => (f64::NAN, true),
                Cell::Unreadable => (f64::NAN, false),
            }
        };
        put(values, row, value);
        readable
    }

    fn time(cell: &[u8], want: Want, times: &mut [i64], row: usize, last: &mut Option<([u8; 10], i64)>) -> bool {
        let Want::Timestamp(order) = want else { return false };
        let cell = number::trim(cell);
        let parsed = timestamp::parse_or_number(cell, order);
        if let (Some((date, [b' ', ..])), Some(civil)) = (cell.split_first_chunk::<10>(), parsed) {
            // Only a date that takes the ten characters alone is remembered.
            if let Some(midnight) = timestamp::parse(date, order).filter(|m| !m.has_time && civil.has_time) {
                *last = Some((*date, midnight.milliseconds));
            }
        }
        put(times, row, parsed.map_or(NO_TIME, |civil| civil.milliseconds));
        parsed.is_some() || cell.is_empty()
    }

    /// Compares the number of fields with the header's.
    #[inline]
    fn count_fields(&self, line: &[u8], at: usize, field: usize, number: u64, out: &mut PieceOut) -> Fields {
        let rest = line.get(at..);
        // Quotes hide separators; a row that has them is only counted when it matters.
        let count = field + rest.map_or(0, |rest| memchr::memchr_iter(self.grid.separator, rest).count() + 1);
        if count < self.grid.width {
            if self.grid.pads {
                return Fields::Right;
            }
            out.short.add(number, None, line);
            return Fields::Short;
        }
        if count > self.grid.width {
            let surplus = line::fields(line, self.grid.separator).skip(self.grid.width);
            if surplus.map(number::trim).any(|cell| !cell.is_empty()) {
                return Fields::Long;
            }
        }
        Fields::Right
    }
}

/// How many fields a row has, beside the header.
enum Fields {
    Right,
    Short,
    Long,
}

#[inline]
fn put<T>(values: &mut [T], row: usize, value: T) {
    if let Some(place) = values.get_mut(row) {
        *place = value;
    }
}

impl Slot<'_> {
    fn put_null(&mut self, row: usize) {
        match self {
            Self::Number(v) => put(v, row, f64::NAN),
            Self::Code(v) => put(v, row, 0),
            Self::Time(v) => put(v, row, NO_TIME),
        }
    }
}

impl PieceColumn {
    /// The label of the row before, once more.
    #[inline]
    fn scan_code(&self, rest: &[u8], codes: &mut [u32], row: usize) -> Option<usize> {
        let last = self.names.get(self.last_code as usize).filter(|last| rest.starts_with(last))?;
        put(codes, row, self.last_code);
        Some(last.len())
    }

    /// The date of the row before, with a time of day.
    #[inline]
    fn scan_time(&self, rest: &[u8], times: &mut [i64], row: usize) -> Option<usize> {
        let Some((date, [b' ', clock @ ..])) = rest.split_first_chunk::<10>() else { return None };
        let (_, midnight) = self.last_date.filter(|(last, _)| last == date)?;
        let (since, used) = duration::scan_time_of_day(clock)?;
        put(times, row, midnight + since);
        Some(11 + used)
    }

    /// The code of a label: mostly that of the row before.
    fn code(&mut self, label: &[u8]) -> u32 {
        if self.names.get(self.last_code as usize).is_some_and(|last| last == label) {
            return self.last_code;
        }
        self.last_code = if label.is_empty() {
            0
        } else if let Some(code) = self.codes.get(label) {
            *code
        } else {
            let code = self.names.len() as u32;
            self.names.push(label.to_vec());
            self.codes.insert(label.to_vec(), code);
            code
        };
        self.last_code
    }
}
