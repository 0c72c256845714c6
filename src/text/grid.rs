//! The body of a delimited text, split and parsed in one go: each wanted field is touched once, others are stepped over.
//!
//! The body comes in pieces of whole lines that are parsed on all threads, straight into the columns' final vectors; what of it
//! is on a disk is let go when it is parsed.

mod cells;
mod ending;
mod feed;
mod lane;
mod part;
mod piece;

use super::decimal::Decimal;
use super::decimal_evidence::Evidence;
use super::held::Text;
use super::line;
use super::timestamp::Order;
use crate::error::{Error, ErrorKind, Place, Result};
pub use ending::CutCell;
use part::{Column, Part};
use piece::{PieceOut, Reading};

/// What to make of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// A number; null and unreadable cells become NaN.
    Number,
    /// A duration: clocks in seconds, or bare numbers in a unit that the caller knows.
    Duration {
        /// Which of the two, for the whole column ([`Grid::is_clock`]).
        clock: bool,
    },
    /// Text with few distinct values.
    Label,
    /// Date and time in milliseconds; [`NO_TIME`] where there is none.
    Timestamp(Order),
}

/// Stands for a missing or unreadable time stamp.
pub const NO_TIME: i64 = i64::MIN;

/// A parsed column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// For [`Want::Number`] and [`Want::Duration`].
    Number(Vec<f64>),
    /// For [`Want::Label`]: an index into `names` for each row. `names[0]` is the empty text.
    Label {
        /// One a row.
        codes: Vec<u32>,
        /// As written, trimmed.
        names: Vec<Vec<u8>>,
    },
    /// For [`Want::Timestamp`].
    Timestamp(Vec<i64>),
}

/// Something that happened a number of times, with the first place and up to three examples.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trouble {
    /// How often.
    pub count: usize,
    /// Where first.
    pub first: Option<Place>,
    /// As the file writes them.
    pub examples: Vec<Vec<u8>>,
}

impl Trouble {
    fn add(&mut self, line: u64, field: Option<usize>, example: &[u8]) {
        self.count += 1;
        self.first.get_or_insert(Place::Line { line, field: field.map(|f| f as u32 + 1) });
        let short = example.get(..example.len().min(60)).unwrap_or(example);
        if self.examples.len() < 3 && !self.examples.iter().any(|e| e == short) {
            self.examples.push(short.to_vec());
        }
    }

    fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.first = self.first.take().or(other.first);
        for example in other.examples {
            if self.examples.len() < 3 && !self.examples.contains(&example) {
                self.examples.push(example);
            }
        }
    }
}

/// One wanted column, parsed.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnRead {
    /// The values.
    pub values: Values,
    /// Cells that hold something else.
    pub unreadable: Trouble,
    /// The power of ten of the last digit that any of its numbers has, as −4 for `0.0002`; `None` where that is not known.
    pub last_digit: Option<i32>,
}

/// The parsed body.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// One for each want, in the same order.
    pub columns: Vec<ColumnRead>,
    /// Rows in every column.
    pub rows: usize,
    /// Line of the first row, where each row is the next line: no line between them was blank or left out.
    pub first_line: Option<u64>,
    /// Rows that repeat the row before byte by byte; dropped where the layout says so.
    pub repeated: Trouble,
    /// Lines that repeat the header; dropped.
    pub headers: Trouble,
    /// Rows with fewer fields than the header; padded with null.
    pub short: Trouble,
    /// Rows with more filled fields than the header; the surplus is not read, or the row is dropped where numbers may hold
    /// separators.
    pub long: Trouble,
    /// Rows whose thousands separators were taken for field separators and joined again.
    pub joined: Trouble,
    /// The last row, when it alone is short: cut off in the middle, dropped.
    pub cut: Option<Place>,
    /// The last cell, when the text ends inside it; the row is dropped when the cell was wanted.
    pub cut_cell: Option<CutCell>,
    /// The decimal sign that was used.
    pub decimal: Decimal,
}

/// A delimited body and how to split it.
#[derive(Debug, Clone)]
pub struct Grid {
    /// The whole text, or its ends.
    pub bytes: Text,
    /// Where the body begins.
    pub start: usize,
    /// Line number of its first line, from 1.
    pub first_line: u64,
    /// Between fields.
    pub separator: u8,
    /// Number of the header's fields, without empty ones at its end.
    pub width: usize,
    /// The header line, to recognise its repetitions.
    pub header: Vec<u8>,
    /// Whether a row that repeats the row before it byte by byte is dropped.
    pub drop_repeats: bool,
    /// Whether a number may hold unquoted thousands separators that are also the separator between fields: a row with too
    /// many fields is joined where that mends it, and dropped where it does not.
    pub joins_thousands: bool,
    /// Whether rows may end before their last column, because blanks at their end are not written.
    pub pads: bool,
    /// More rows than this are refused.
    pub most_rows: u64,
}

impl Grid {
    fn body(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// The trimmed cells of one field in the first and the last rows: enough to decide date orders and spans.
    pub fn sample(&self, field: usize, rows: usize) -> Vec<&[u8]> {
        let body = self.body();
        let head = line::lines(body, 0).take(rows);
        let tail_start = body.len().saturating_sub(64 << 10);
        let tail = if tail_start == 0 { body } else { body.get(tail_start..).unwrap_or_default() };
        let mut tail: Vec<_> = line::lines(tail, 0).skip(usize::from(tail_start > 0)).map(|l| l.bytes).collect();
        let keep = tail.len().saturating_sub(rows);
        head.map(|l| l.bytes)
            .chain(tail.drain(keep..))
            .filter_map(|l| line::fields(l, self.separator).nth(field))
            .map(super::number::trim)
            .filter(|cell| !cell.is_empty())
            .collect()
    }

    /// Whether the cells of a duration column are clocks: the first cell with a value tells.
    pub fn is_clock(&self, field: usize) -> bool {
        self.sample(field, 200)
            .first()
            .is_some_and(|cell| cell.contains(&b':') || super::duration::seconds(cell).is_some())
    }

    /// Whether the cells of a duration column are dates with a time of day: the first cell with a value tells.
    pub fn is_stamp(&self, field: usize) -> bool {
        let is_stamp = |cell: &&[u8]| {
            super::duration::seconds(cell).is_none()
                && super::timestamp::parse(cell, Order::MonthDayYear)
                    .or_else(|| super::timestamp::parse(cell, Order::DayMonthYear))
                    .is_some_and(|civil| civil.has_time)
        };
        self.sample(field, 20).first().is_some_and(is_stamp)
    }

    /// Parses the wanted fields; `wants` is sorted by field, each field at most once.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when the text cannot be read, [`ErrorKind::Limit`] when it has too many rows, and an error of any kind
    /// when its ends do not tell enough ([`Text::needs_whole`]).
    pub fn read(&self, wants: &[(usize, Want)]) -> Result<Outcome> {
        let cut_cell = ending::cut_cell(self);
        let is_wanted = |cut: &&CutCell| wants.iter().any(|(field, _)| *field == cut.field);
        let end = cut_cell.as_ref().filter(is_wanted).map_or(self.bytes.len(), |cut| cut.start);
        let mut evidence = Evidence::default();
        for (field, _) in
            wants.iter().filter(|(_, want)| matches!(want, Want::Number | Want::Duration { clock: false }))
        {
            self.sample(*field, 200).into_iter().for_each(|cell| evidence.see(cell));
        }
        let decimal = evidence.decide();
        let (mut outcome, seen) = self.read_with(wants, decimal, end)?;
        // Cells that the sample did not hold may show another sign; one look at all of them is final.
        let all = Evidence { comma: evidence.comma | seen.comma, point: evidence.point | seen.point };
        if all.decide() != decimal {
            outcome = self.read_with(wants, all.decide(), end)?.0;
        }
        outcome.cut_cell = cut_cell;
        if self.bytes.needs_whole() {
            return Err(Error::new(ErrorKind::Malformed, "expected a text whose ends tell its encoding"));
        }
        Ok(outcome)
    }

    /// Reads the body as far as `end`.
    fn read_with(&self, wants: &[(usize, Want)], decimal: Decimal, end: usize) -> Result<(Outcome, Evidence)> {
        let reading = Reading { grid: self, wants, decimal };
        let (columns, done, counts) = Part::read_all(reading, end)?;
        let total: usize = counts.iter().sum();
        let (mut outcome, evidence) = join(columns, done, &counts, decimal);
        let is_dense = outcome.rows + usize::from(outcome.cut.is_some()) == total;
        outcome.first_line = is_dense.then_some(self.first_line);
        Ok((outcome, evidence))
    }
}

/// Closes the gaps that dropped lines left between the pieces and joins what the pieces report.
fn join(columns: Vec<Column>, mut done: Vec<PieceOut>, counts: &[usize], decimal: Decimal) -> (Outcome, Evidence) {
    let mut rows: Vec<usize> = done.iter().map(|piece| piece.rows).collect();
    let short_rows: usize = done.iter().map(|piece| piece.short.count).sum();
    let mut cut = None;
    if let Some(piece) = done.iter_mut().rev().find(|piece| piece.rows > 0)
        && piece.last_is_short
        && short_rows == 1
    {
        cut = piece.short.first.take();
        piece.short = Trouble::default();
        if let Some(last) = rows.iter_mut().rev().find(|rows| **rows > 0) {
            *last -= 1;
        }
    }
    let columns = columns
        .into_iter()
        .enumerate()
        .map(|(i, column)| {
            let mut unreadable = Trouble::default();
            for piece in &mut done {
                if let Some(column) = piece.columns.get_mut(i) {
                    unreadable.merge(std::mem::take(&mut column.unreadable));
                }
            }
            let values = match column {
                Column::Number(v) => Values::Number(close_gaps(v, counts, &rows)),
                Column::Time(v) => Values::Timestamp(close_gaps(v, counts, &rows)),
                Column::Code(mut v) => {
                    let names = done
                        .iter_mut()
                        .map(|p| p.columns.get_mut(i).map(|c| std::mem::take(&mut c.names)).unwrap_or_default());
                    let names = merge_labels(&mut v, counts, names);
                    Values::Label { codes: close_gaps(v, counts, &rows), names }
                }
            };
            let digits = done.iter().map(|piece| piece.columns.get(i).and_then(|column| column.last_digit));
            // A piece that does not know makes the whole unknown.
            let last_digit = digits.reduce(|a, b| Some(a?.min(b?))).flatten();
            ColumnRead { values, unreadable, last_digit }
        })
        .collect();
    let mut outcome = Outcome {
        columns,
        rows: rows.iter().sum(),
        first_line: None,
        repeated: Trouble::default(),
        headers: Trouble::default(),
        short: Trouble::default(),
        long: Trouble::default(),
        joined: Trouble::default(),
        cut,
        cut_cell: None,
        decimal,
    };
    let mut evidence = Evidence::default();
    for piece in done {
        outcome.repeated.merge(piece.repeated);
        outcome.headers.merge(piece.headers);
        outcome.short.merge(piece.short);
        outcome.long.merge(piece.long);
        outcome.joined.merge(piece.joined);
        evidence.comma |= piece.evidence.comma;
        evidence.point |= piece.evidence.point;
    }
    (outcome, evidence)
}

fn close_gaps<T: Copy>(mut values: Vec<T>, counts: &[usize], rows: &[usize]) -> Vec<T> {
    if counts != rows {
        let (mut from, mut to) = (0, 0);
        for (&count, &kept) in counts.iter().zip(rows) {
            values.copy_within(from..from + kept, to);
            from += count;
            to += kept;
        }
        values.truncate(to);
    }
    values
}

/// Gives the same label the same code in all pieces.
fn merge_labels(codes: &mut [u32], counts: &[usize], names: impl Iterator<Item = Vec<Vec<u8>>>) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = vec![Vec::new()];
    let mut known = std::collections::HashMap::from([(Vec::new(), 0u32)]);
    let mut rest = codes;
    for (local, &count) in names.zip(counts) {
        let map: Vec<u32> = local
            .into_iter()
            .map(|name| {
                *known.entry(name).or_insert_with_key(|name| {
                    all.push(name.clone());
                    all.len() as u32 - 1
                })
            })
            .collect();
        let (mine, others) = rest.split_at_mut(count.min(rest.len()));
        if map.iter().enumerate().any(|(i, code)| i as u32 != *code) {
            for code in mine {
                *code = map.get(*code as usize).copied().unwrap_or(0);
            }
        }
        rest = others;
    }
    all
}

#[cfg(test)]
mod tests;
