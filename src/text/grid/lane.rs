//! One wanted column of a piece: a run of rows is read column by column, so that a loop knows what it reads.

use std::collections::HashMap;

use super::super::column_number::{ColumnNumber, LAST, word};
use super::super::decimal::Decimal;
use super::super::decimal_evidence::Evidence;
use super::super::number::{self, Cell};
use super::super::{duration, timestamp};
use super::cells::{Cells, range};
use super::{NO_TIME, Trouble, Want};
use crate::widest::widest;

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

/// The cell before, to recognise it: about half of a cycler's cells repeat the row before (steps, cycles, set currents, the
/// capacity of the other direction, temperatures).
#[derive(Clone, Copy)]
struct Last {
    length: usize,
    /// The last sixteen bytes, and which of them are the cell's.
    word: u128,
    cover: u128,
    /// The first sixteen bytes of a cell that is longer.
    head: u128,
}

impl Last {
    /// No cell is as long; one that is not there has a length of its own.
    const NONE: Self = Self { length: usize::MAX - 1, word: 0, cover: 0, head: 0 };

    /// Whether a cell is the one before. `word` is the word that ends where it ends.
    #[inline(always)]
    fn is(&self, text: &[u8], from: usize, to: usize, word: u128) -> bool {
        let is_same = (word ^ self.word) & self.cover == 0 && to.wrapping_sub(from) == self.length;
        is_same && (self.length <= 16 || head(text, from) == Some(self.head))
    }

    /// The cell is the one before from now on.
    #[inline(always)]
    fn set(&mut self, text: &[u8], from: usize, to: usize, word: u128) {
        let length = to.wrapping_sub(from);
        *self = match LAST.get(length) {
            Some(cover) => Self { length, word, cover: *cover, head: 0 },
            None if length <= 32 => Self { length, word, cover: u128::MAX, head: head(text, from).unwrap_or(0) },
            None => Self::NONE,
        };
    }
}

#[inline]
fn head(text: &[u8], from: usize) -> Option<u128> {
    text.get(from..)?.first_chunk().map(|word| u128::from_le_bytes(*word))
}

/// The numbers of a column.
struct Numbers {
    number: ColumnNumber,
    /// Whether most cells of the run before were others than the cell before them: then the next run is read without a look at
    /// the cell before.
    is_varied: bool,
}

/// How cells of a column are read that are no plain numbers; it gets the number of the cell in the run.
trait Careful: FnMut(usize, &[u8]) -> Option<f64> {}
impl<F: FnMut(usize, &[u8]) -> Option<f64>> Careful for F {}

impl Numbers {
    fn new(decimal: Decimal) -> Self {
        Self { number: ColumnNumber::new(decimal), is_varied: true }
    }

    /// Reads the cells of a run.
    fn read(&mut self, text: &[u8], cells: &Cells, field: usize, values: &mut [f64], careful: &mut impl Careful) {
        if !self.is_varied {
            let plain = |number: &mut ColumnNumber, from: usize, to: usize, word| number.read(text, from, to, word);
            return self.read_repeated(text, cells.of_field(field), values, plain, careful);
        }
        let mut done = 0;
        loop {
            let mut rows = cells.rows_from(done);
            let rest = values.get_mut(done..).unwrap_or_default();
            let read = self.number.read_run(text, rows.clone().map(|row| range(row, field)), rest);
            let Some(row) = rows.nth(read) else { break };
            let (from, to) = range(row, field);
            let value = match self.number.read(text, from, to, word(text, to).unwrap_or_default()) {
                Some(value) => value,
                None => {
                    let cell = text.get(from..to).unwrap_or_default();
                    self.otherwise(done + read, cell, careful).unwrap_or(f64::NAN)
                }
            };
            put(rest, read, value);
            done += read + 1;
        }
        let same =
            values.iter().zip(values.iter().skip(1)).take(SEEN).filter(|(a, b)| a.to_bits() == b.to_bits()).count();
        self.is_varied = same * 2 < SEEN;
    }

    /// The same where many cells repeat the one before.
    #[inline(always)]
    fn read_repeated(
        &mut self,
        text: &[u8],
        places: impl Iterator<Item = (usize, usize)>,
        values: &mut [f64],
        mut plain: impl FnMut(&mut ColumnNumber, usize, usize, u128) -> Option<f64>,
        careful: &mut impl Careful,
    ) {
        let (mut last, mut before, mut same) = (Last::NONE, f64::NAN, 0);
        let count = values.len();
        for ((i, (from, to)), value) in places.enumerate().zip(values) {
            let word = word(text, to).unwrap_or_default();
            if last.is(text, from, to, word) {
                same += 1;
            } else {
                last.set(text, from, to, word);
                before = match plain(&mut self.number, from, to, word) {
                    Some(value) => value,
                    None => {
                        self.otherwise(i, text.get(from..to).unwrap_or_default(), careful).unwrap_or_else(|| {
                            // It is counted in every row that has it.
                            last = Last::NONE;
                            f64::NAN
                        })
                    }
                };
            }
            *value = before;
        }
        self.is_varied = same * 2 < count;
    }

    /// A cell that has no plain number.
    #[cold]
    fn otherwise(&mut self, i: usize, cell: &[u8], careful: &mut impl Careful) -> Option<f64> {
        let value = careful(i, cell);
        if value.is_some_and(|value| !value.is_nan()) {
            self.number.see_digits(cell);
        }
        value
    }
}

/// So many cells of a run show whether they repeat.
const SEEN: usize = 64;

/// A wanted field: where its values go, and what the rows before have shown.
pub(super) struct Lane<'a> {
    field: usize,
    want: Want,
    decimal: Decimal,
    slot: Slot<'a>,
    /// The label before.
    last: Last,
    numbers: Numbers,
    column: PieceColumn,
}

#[derive(Default)]
pub(super) struct PieceColumn {
    pub(super) unreadable: Trouble,
    /// The power of ten of the last digit of its numbers, where that is known.
    pub(super) last_digit: Option<i32>,
    pub(super) names: Vec<Vec<u8>>,
    codes: HashMap<Vec<u8>, u32>,
    last_code: u32,
    /// The last date and its midnight: most rows have the date of the row before.
    last_date: Option<([u8; 10], i64)>,
}

#[inline]
fn put<T>(values: &mut [T], row: usize, value: T) {
    if let Some(place) = values.get_mut(row) {
        *place = value;
    }
}

impl<'a> Lane<'a> {
    pub(super) fn new(field: usize, want: Want, decimal: Decimal, slot: Slot<'a>) -> Self {
        let column = PieceColumn { names: vec![Vec::new()], ..Default::default() };
        Self { field, want, decimal, slot, last: Last::NONE, numbers: Numbers::new(decimal), column }
    }

    pub(super) fn field(&self) -> usize {
        self.field
    }

    /// Reads the cells of a run of rows; the first of them is row `row` of the piece.
    pub(super) fn read_run(&mut self, text: &[u8], cells: &Cells, row: usize, evidence: &mut Evidence) {
        widest(|| self.read_cells(text, cells, row, evidence));
    }

    #[inline(always)]
    fn read_cells(&mut self, text: &[u8], cells: &Cells, row: usize, evidence: &mut Evidence) {
        let column = &mut self.column;
        let (want, decimal, field) = (self.want, self.decimal, self.field);
        match &mut self.slot {
            Slot::Number(values) => {
                let values = values.get_mut(row..).unwrap_or_default();
                let is_clock = want == Want::Duration { clock: true };
                let mut careful = |i: usize, cell: &[u8]| {
                    let value = read_number(cell, want, decimal, evidence);
                    if value.is_none() {
                        column.unreadable.add(cells.line + i as u64, Some(field), cell);
                    }
                    value
                };
                let values = values.get_mut(..cells.rows()).unwrap_or_default();
                match is_clock {
                    true => {
                        let plain = |_: &mut ColumnNumber, from: usize, to: usize, _| clock(text, from, to);
                        self.numbers.read_repeated(text, cells.of_field(field), values, plain, &mut careful);
                    }
                    false => self.numbers.read(text, cells, field, values, &mut careful),
                }
            }
            Slot::Code(codes) => {
                for ((from, to), code) in cells.of_field(field).zip(codes.get_mut(row..).unwrap_or_default()) {
                    let word = word(text, to).unwrap_or_default();
                    if !self.last.is(text, from, to, word) {
                        self.last.set(text, from, to, word);
                        column.code(number::trim(text.get(from..to).unwrap_or_default()));
                    }
                    *code = column.last_code;
                }
            }
            Slot::Time(times) => {
                for ((i, (from, to)), time) in
                    cells.of_field(field).enumerate().zip(times.get_mut(row..).unwrap_or_default())
                {
                    let cell = text.get(from..to).unwrap_or_default();
                    *time = column.time_of_last_date(cell).unwrap_or_else(|| {
                        column.time(cell, want).unwrap_or_else(|| {
                            column.unreadable.add(cells.line + i as u64, Some(field), cell);
                            NO_TIME
                        })
                    });
                }
            }
        }
    }

    /// Reads one cell with all leniency.
    pub(super) fn read(&mut self, cell: &[u8], row: usize, line: u64, evidence: &mut Evidence) {
        let is_readable = match &mut self.slot {
            Slot::Number(values) => {
                let value = read_number(cell, self.want, self.decimal, evidence);
                put(values, row, value.unwrap_or(f64::NAN));
                if value.is_some_and(|value| !value.is_nan()) {
                    self.numbers.number.see_digits(cell);
                }
                value.is_some()
            }
            Slot::Code(codes) => {
                put(codes, row, self.column.code(number::trim(cell)));
                true
            }
            Slot::Time(times) => {
                let time = self.column.time(cell, self.want);
                put(times, row, time.unwrap_or(NO_TIME));
                time.is_some()
            }
        };
        // What comes next is compared with nothing: a label of another row may stand between.
        self.last = Last::NONE;
        if !is_readable {
            self.column.unreadable.add(line, Some(self.field), cell);
        }
    }

    /// What was seen of the column.
    pub(super) fn finish(mut self) -> PieceColumn {
        self.column.last_digit = self.numbers.number.last_digit().filter(|_| self.want == Want::Number);
        self.column
    }

    /// A row that has no such cell.
    pub(super) fn put_null(&mut self, row: usize) {
        match &mut self.slot {
            Slot::Number(v) => put(v, row, f64::NAN),
            Slot::Code(v) => put(v, row, 0),
            Slot::Time(v) => put(v, row, NO_TIME),
        }
    }
}

#[inline]
fn clock(text: &[u8], from: usize, to: usize) -> Option<f64> {
    let cell = text.get(from..to)?;
    duration::scan(cell).filter(|(_, used)| *used == cell.len()).map(|(seconds, _)| seconds)
}

/// A number or a duration with all leniency; NaN where the cell says that there is none, `None` for anything else.
#[cold]
fn read_number(cell: &[u8], want: Want, decimal: Decimal, evidence: &mut Evidence) -> Option<f64> {
    if want == (Want::Duration { clock: true }) {
        let cell = number::trim(cell);
        return duration::seconds(cell).or_else(|| (number::parse(cell, decimal) == Cell::Null).then_some(f64::NAN));
    }
    evidence.see(cell);
    match number::parse(cell, decimal) {
        Cell::Number(value) => Some(value),
        Cell::Null => Some(f64::NAN),
        Cell::Unreadable => None,
    }
}

impl PieceColumn {
    /// The date of the row before, with a time of day.
    #[inline]
    fn time_of_last_date(&self, cell: &[u8]) -> Option<i64> {
        let (date, [b' ' | b'T', clock @ ..]) = cell.split_first_chunk::<10>()? else { return None };
        let (_, midnight) = self.last_date.filter(|(last, _)| last == date)?;
        duration::scan_time_of_day(clock).filter(|(_, used)| *used == clock.len()).map(|(since, _)| midnight + since)
    }

    /// A time stamp with all leniency; [`NO_TIME`] for an empty cell, `None` for anything else.
    fn time(&mut self, cell: &[u8], want: Want) -> Option<i64> {
        let Want::Timestamp(order) = want else { return None };
        let cell = number::trim(cell);
        let parsed = timestamp::parse_or_number(cell, order);
        if let (Some((date, [b' ' | b'T', ..])), Some(civil)) = (cell.split_first_chunk::<10>(), parsed) {
            // Only a date that takes the ten characters alone is remembered.
            if let Some(midnight) = timestamp::parse(date, order).filter(|m| !m.has_time && civil.has_time) {
                self.last_date = Some((*date, midnight.milliseconds));
            }
        }
        parsed.map(|civil| civil.milliseconds).or(cell.is_empty().then_some(NO_TIME))
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
