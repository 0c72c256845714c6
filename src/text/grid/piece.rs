//! One piece of the body on one thread: the innermost loop of every text reader.

use std::collections::HashMap;

use super::super::decimal::Decimal;
use super::super::decimal_evidence::Evidence;
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

/// A wanted field of a piece: where its values go, and what the rows before have shown.
struct Lane<'a> {
    field: usize,
    want: Want,
    slot: Slot<'a>,
    last: LastNumber,
    column: PieceColumn,
}

#[derive(Default)]
pub(super) struct PieceColumn {
    pub(super) unreadable: Trouble,
    pub(super) names: Vec<Vec<u8>>,
    codes: HashMap<Vec<u8>, u32>,
    last_code: u32,
    /// The last date and its midnight: most rows have the date of the row before.
    last_date: Option<([u8; 10], i64)>,
}

/// The last cell that was a number, with what stands behind it: about half of a cycler's cells repeat the row before (steps,
/// cycles, set currents, the capacity of the other direction, temperatures).
struct LastNumber {
    /// The cell's first 16 bytes and what stands behind it.
    window: u128,
    used: usize,
    value: f64,
}

/// Masks that cover a cell of 0 … 15 bytes and the byte behind it.
#[rustfmt::skip]
const COVERS: [u128; 16] = [
    u128::MAX >> 120, u128::MAX >> 112, u128::MAX >> 104, u128::MAX >> 96, u128::MAX >> 88, u128::MAX >> 80,
    u128::MAX >> 72, u128::MAX >> 64, u128::MAX >> 56, u128::MAX >> 48, u128::MAX >> 40, u128::MAX >> 32,
    u128::MAX >> 24, u128::MAX >> 16, u128::MAX >> 8, u128::MAX,
];

impl Default for LastNumber {
    fn default() -> Self {
        // An empty cell before a byte that is no separator: it fits no cell that stands.
        Self { window: u128::MAX, used: 0, value: f64::NAN }
    }
}

impl LastNumber {
    #[inline]
    fn is_front_of(&self, window: u128) -> bool {
        COVERS.get(self.used).is_some_and(|cover| (window ^ self.window) & cover == 0)
    }

    /// Reads a number or a clock at the front of `rest`; gives the bytes that it takes, 0 where there is none. Not inlined:
    /// the loop over the fields keeps its registers.
    #[inline(never)]
    fn read(&mut self, rest: &[u8], want: Want, decimal: Decimal) -> usize {
        let (value, used) = match want {
            Want::Duration { clock: true } => match duration::scan(rest) {
                Some(found) => found,
                None => return 0,
            },
            _ if decimal == Decimal::Point => match number::scan(rest) {
                (Some(value), used) => (value, used),
                (None, _) => return 0,
            },
            _ => return 0,
        };
        *self = match rest.first_chunk().filter(|_| used < 16) {
            Some(window) => Self { window: u128::from_le_bytes(*window), used, value },
            None => Self { value, ..Self::default() },
        };
        used
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
    pub(super) fn read(self, slots: Vec<Slot>) -> PieceOut {
        let mut out = PieceOut::default();
        let lane = |(&(field, want), slot)| {
            let column = PieceColumn { names: vec![Vec::new()], ..Default::default() };
            Lane { field, want, slot, last: LastNumber::default(), column }
        };
        let mut lanes: Vec<Lane> = self.wants.iter().zip(slots).map(lane).collect();
        let mut previous = self.previous;
        let mut rest = self.bytes;
        let mut number = self.first_line;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let (line, tail) = rest.split_at(end);
            let line = line::strip_cr(line);
            if !self.is_blank(line) {
                self.row((line, rest), previous, number, &mut lanes, &mut out);
            }
            previous = line;
            rest = tail.get(1..).unwrap_or_default();
            number += 1;
        }
        out.columns.extend(lanes.into_iter().map(|lane| lane.column));
        out
    }

    fn is_blank(&self, line: &[u8]) -> bool {
        let empty = |b: &u8| *b == self.grid.separator || matches!(b, b' ' | b'\t' | b'"');
        line.first().is_none_or(empty) && line.iter().all(empty)
    }

    /// A line, and the text from its start on as far as it is at hand.
    #[inline]
    fn row(&self, (line, text): (&[u8], &[u8]), previous: &[u8], number: u64, lanes: &mut [Lane], out: &mut PieceOut) {
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
                    return self.fields(&joined, &joined, number, lanes, out);
                }
                None => return out.long.add(number, None, line),
            }
        }
        self.fields(line, text, number, lanes, out);
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
    fn fields(&self, line: &[u8], text: &[u8], number: u64, lanes: &mut [Lane], out: &mut PieceOut) {
        let separator = self.grid.separator;
        let mut at = 0; // beyond the line's end when there are no fields left
        let mut field = 0;
        for lane in lanes {
            while field < lane.field && at <= line.len() {
                at = line::field_end(line, at, separator) + 1;
                field += 1;
            }
            let Some(rest) = text.get(at..).filter(|_| at <= line.len()) else {
                lane.slot.put_null(out.rows);
                continue;
            };
            field += 1;
            // Nearly every cell is what its column holds, without blanks or quotes: then its end is found while it is read.
            if let Some(used) = lane.scan(rest, self.decimal, out.rows)
                && (at + used == line.len() || at + used < line.len() && rest.get(used) == Some(&separator))
            {
                at += used + 1;
                continue;
            }
            let end = line::field_end(line, at, separator);
            lane.read(line.get(at..end).unwrap_or_default(), self.decimal, number, out);
            at = end + 1;
        }
        match self.count_fields(line, at, field, number, out) {
            Fields::Right => out.last_is_short = false,
            Fields::Short => out.last_is_short = true,
            Fields::Long => out.long.add(number, None, line),
        }
        out.rows += 1;
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

impl Lane<'_> {
    /// Reads a plain cell at the front of `rest`; gives the bytes that it takes.
    #[inline]
    fn scan(&mut self, rest: &[u8], decimal: Decimal, row: usize) -> Option<usize> {
        match &mut self.slot {
            Slot::Number(values) => {
                let is_same = rest.first_chunk().is_some_and(|w| self.last.is_front_of(u128::from_le_bytes(*w)));
                let used = if is_same { self.last.used } else { self.last.read(rest, self.want, decimal) };
                put(values, row, self.last.value);
                (used > 0).then_some(used)
            }
            Slot::Code(codes) => self.column.scan_code(rest, codes, row),
            Slot::Time(times) => self.column.scan_time(rest, times, row),
        }
    }

    /// Reads a cell with all leniency.
    #[cold]
    fn read(&mut self, cell: &[u8], decimal: Decimal, line: u64, out: &mut PieceOut) {
        let readable = match &mut self.slot {
            Slot::Number(values) => {
                let (value, readable) = number(cell, self.want, decimal, &mut out.evidence);
                put(values, out.rows, value);
                readable
            }
            Slot::Code(codes) => {
                put(codes, out.rows, self.column.code(number::trim(cell)));
                true
            }
            Slot::Time(times) => time(cell, self.want, times, out.rows, &mut self.column.last_date),
        };
        if !readable {
            self.column.unreadable.add(line, Some(self.field), cell);
        }
    }
}

fn number(cell: &[u8], want: Want, decimal: Decimal, evidence: &mut Evidence) -> (f64, bool) {
    if want == (Want::Duration { clock: true }) {
        let cell = number::trim(cell);
        return match duration::seconds(cell) {
            Some(seconds) => (seconds, true),
            None => (f64::NAN, number::parse(cell, decimal) == Cell::Null),
        };
    }
    evidence.see(cell);
    match number::parse(cell, decimal) {
        Cell::Number(value) => (value, true),
        Cell::Null => (f64::NAN, true),
        Cell::Unreadable => (f64::NAN, false),
    }
}

fn time(cell: &[u8], want: Want, times: &mut [i64], row: usize, last: &mut Option<([u8; 10], i64)>) -> bool {
    let Want::Timestamp(order) = want else { return false };
    let cell = number::trim(cell);
    let parsed = timestamp::parse_or_number(cell, order);
    if let (Some((date, [b' ' | b'T', ..])), Some(civil)) = (cell.split_first_chunk::<10>(), parsed) {
        // Only a date that takes the ten characters alone is remembered.
        if let Some(midnight) = timestamp::parse(date, order).filter(|m| !m.has_time && civil.has_time) {
            *last = Some((*date, midnight.milliseconds));
        }
    }
    put(times, row, parsed.map_or(NO_TIME, |civil| civil.milliseconds));
    parsed.is_some() || cell.is_empty()
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
        let Some((date, [b' ' | b'T', clock @ ..])) = rest.split_first_chunk::<10>() else { return None };
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
