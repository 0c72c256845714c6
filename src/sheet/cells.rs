//! Cells as text.

use calamine::{Data, ExcelDateTime, ExcelDateTimeType};

use super::{Sheet, field};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// Most bytes of text that a cell may stand for on average: more means that the cells are far apart.
const SPREAD: usize = 256;

/// A sheet while it is filled, row by row.
pub(super) struct Text {
    bytes: Vec<u8>,
    /// The row that the text begins with.
    first: u32,
    row: u32,
    column: u32,
    cells: usize,
    rows: u64,
    columns: u64,
}

impl Text {
    pub(super) fn new(limits: &Limits) -> Self {
        Self::beginning_at(0, limits)
    }

    /// The rows from this one on; those before come from elsewhere.
    pub(super) fn beginning_at(row: u32, limits: &Limits) -> Self {
        Self { bytes: Vec::new(), first: row, row, column: 0, cells: 0, rows: limits.rows, columns: limits.columns }
    }

    /// Puts the rows of a later piece behind these.
    pub(super) fn append(&mut self, later: Self) -> Result<()> {
        if later.cells == 0 {
            return Ok(());
        }
        if later.first <= self.row && self.cells > 0 {
            let message = format!(
                "expected cells in order, found row {} after row {}",
                u64::from(later.first) + 1,
                u64::from(self.row) + 1
            );
            return Err(Error::new(ErrorKind::Malformed, message));
        }
        self.cells += later.cells;
        self.check_spread(later.row, (later.first - self.row) as usize + later.bytes.len())?;
        self.bytes.resize(self.bytes.len() + (later.first - self.row) as usize, b'\n');
        self.bytes.extend_from_slice(&later.bytes);
        (self.row, self.column) = (later.row, later.column);
        Ok(())
    }

    /// Goes to a cell; cells come in order.
    fn go(&mut self, row: u32, column: u32) -> Result<()> {
        Limits::check("rows of the sheet", u64::from(row) + 1, self.rows)?;
        Limits::check("columns of the sheet", u64::from(column) + 1, self.columns)?;
        let back = row < self.row || (row == self.row && column < self.column);
        if back {
            let message = format!(
                "expected cells in order, found row {} column {} after row {}",
                u64::from(row) + 1,
                u64::from(column) + 1,
                u64::from(self.row) + 1
            );
            return Err(Error::new(ErrorKind::Malformed, message));
        }
        self.cells += 1;
        self.check_spread(row, (row - self.row) as usize + column as usize)?;
        if row > self.row {
            self.bytes.resize(self.bytes.len() + (row - self.row) as usize, b'\n');
            (self.row, self.column) = (row, 0);
        }
        self.bytes.resize(self.bytes.len() + (column - self.column) as usize, b'\t');
        self.column = column;
        Ok(())
    }

    fn check_spread(&self, row: u32, gap: usize) -> Result<()> {
        if self.columns != u64::MAX && self.bytes.len() + gap > (1 << 20) + SPREAD * self.cells {
            let message =
                format!("row {} of the sheet: found cells so far apart that most of it is empty", u64::from(row) + 1);
            return Err(Error::new(ErrorKind::Limit, message));
        }
        Ok(())
    }

    pub(super) fn put(&mut self, row: u32, column: u32, value: &Data) -> Result<()> {
        match value {
            Data::Empty => Ok(()),
            Data::Float(v) => self.number(row, column, *v),
            Data::Int(v) => self.go(row, column).map(|()| field::integer(*v, &mut self.bytes)),
            Data::String(v) => self.words(row, column, v),
            Data::DateTimeIso(v) => self.words(row, column, &v.replace('T', " ")),
            Data::DurationIso(v) => self.words(row, column, v),
            Data::Bool(v) => self.go(row, column).map(|()| field::integer(i64::from(*v), &mut self.bytes)),
            Data::DateTime(v) => self.go(row, column).map(|()| field::date(v, &mut self.bytes)),
            // #DIV/0! and its like: the cell has no value.
            Data::Error(_) => self.blank(row, column),
        }
    }

    /// A number.
    pub(super) fn number(&mut self, row: u32, column: u32, value: f64) -> Result<()> {
        self.go(row, column).map(|()| field::number(value, &mut self.bytes))
    }

    /// A number in its digits; `false` when they are none.
    pub(super) fn digits(&mut self, row: u32, column: u32, digits: &[u8]) -> Result<bool> {
        if field::is_shortest(digits) {
            return self.go(row, column).map(|()| self.bytes.extend_from_slice(digits)).map(|()| true);
        }
        match std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()) {
            Some(value) => self.number(row, column, value).map(|()| true),
            None => Ok(false),
        }
    }

    /// A number of days.
    pub(super) fn days(&mut self, row: u32, column: u32, days: f64, is_hours: bool, is_1904: bool) -> Result<()> {
        let kind = if is_hours { ExcelDateTimeType::TimeDelta } else { ExcelDateTimeType::DateTime };
        self.go(row, column).map(|()| field::date(&ExcelDateTime::new(days, kind, is_1904), &mut self.bytes))
    }

    pub(super) fn words(&mut self, row: u32, column: u32, text: &str) -> Result<()> {
        self.go(row, column).map(|()| field::words(text, &mut self.bytes))
    }

    /// Words that are a field already.
    pub(super) fn field(&mut self, row: u32, column: u32, field: &[u8]) -> Result<()> {
        self.go(row, column).map(|()| self.bytes.extend_from_slice(field))
    }

    /// A cell without a value.
    pub(super) fn blank(&mut self, row: u32, column: u32) -> Result<()> {
        self.go(row, column)
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Index of the row behind the last one that has a cell.
    pub(super) fn next_row(&self) -> u32 {
        if self.cells > 0 { self.row.saturating_add(1) } else { self.first }
    }

    /// The first rows.
    pub(super) fn head(&self, name: &str, rows: u32) -> Sheet {
        let mut ends = memchr::memchr_iter(b'\n', &self.bytes);
        let end = (rows as usize).checked_sub(1).map_or(Some(0), |last| ends.nth(last));
        let mut text = self.bytes.get(..end.unwrap_or(self.bytes.len())).unwrap_or_default().to_vec();
        let mut last = self.next_row();
        if end.is_some() {
            // Rows without cells behind the last one that has some.
            text.truncate(text.iter().rposition(|b| *b != b'\n').map_or(0, |at| at + 1));
            last = if text.is_empty() { 0 } else { memchr::memchr_iter(b'\n', &text).count() as u32 + 1 };
        }
        if last > 0 {
            text.push(b'\n');
        }
        Sheet { name: name.to_owned(), rows: u64::from(last), text }
    }

    pub(super) fn finish(mut self, name: &str) -> Sheet {
        let rows = u64::from(self.next_row());
        if self.cells > 0 {
            self.bytes.push(b'\n');
        }
        Sheet { name: name.to_owned(), rows: if self.cells > 0 { rows } else { 0 }, text: self.bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(cells: &[(u32, u32, Data)]) -> Result<String> {
        let mut text = Text::new(&Limits::default());
        for (row, column, value) in cells {
            text.put(*row, *column, value)?;
        }
        Ok(String::from_utf8(text.finish("s").text).unwrap())
    }

    #[test]
    fn rows_become_lines() {
        let date = |days, kind| Data::DateTime(ExcelDateTime::new(days, kind, false));
        let got = text(&[
            (0, 0, Data::String("a\tb\n".into())),
            (0, 2, Data::Float(0.1)),
            (2, 1, Data::Float(-3.0)),
            (3, 0, date(45352.333449074074, ExcelDateTimeType::DateTime)),
            (3, 1, date(1.5, ExcelDateTimeType::TimeDelta)),
            (4, 0, date(1.0 / 86_400.0, ExcelDateTimeType::DateTime)),
            (4, 1, Data::Float(1e-300)),
            (4, 2, Data::Float(5.0827861e-5)),
        ]);
        insta::assert_debug_snapshot!(got.unwrap(), @r#""a b\t\t0.1\n\n\t-3\n2024-03-01 08:00:10\t36:00:00\n0:00:01\t1e-300\t0.000050827861\n""#);
    }

    #[test]
    fn cells_far_apart_are_refused() {
        assert_eq!(text(&[(0, 0, Data::Int(1)), (1_048_575, 0, Data::Int(1))]).unwrap().len(), 1_048_578);
        let far: Vec<_> = (0..2000).map(|row| (row, 4000, Data::Int(1))).collect();
        assert_eq!(text(&far).unwrap_err().kind(), ErrorKind::Limit);
        assert_eq!(text(&[(0, 5000, Data::Int(1))]).unwrap_err().kind(), ErrorKind::Limit);
    }

    proptest::proptest! {
        #[test]
        fn numbers_come_back_exactly(value: f64) {
            proptest::prop_assume!(value.is_finite());
            let got = text(&[(0, 0, Data::Float(value))]).unwrap();
            proptest::prop_assert_eq!(crate::text::number::parse(got.trim().as_bytes(), Default::default()), crate::text::number::Cell::Number(value));
        }
    }
}
