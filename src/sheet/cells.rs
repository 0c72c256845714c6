//! Cells as text.

use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use calamine::{Data, DataRef, ExcelDateTime};

use super::Sheet;
use crate::archive::Shared;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// Most bytes of text that a cell may stand for on average: more means that the cells are far apart.
const SPREAD: usize = 256;

/// Day numbers below this are durations: no cycler wrote before 1954.
const FIRST_DATE: f64 = 20_000.0;

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
            let message = format!("expected cells in order, found row {} after row {}", later.first + 1, self.row + 1);
            return Err(Error::new(ErrorKind::Malformed, message));
        }
        self.bytes.resize(self.bytes.len() + (later.first - self.row) as usize, b'\n');
        self.bytes.extend_from_slice(&later.bytes);
        (self.row, self.column, self.cells) = (later.row, later.column, self.cells + later.cells);
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
                row + 1,
                column + 1,
                self.row + 1
            );
            return Err(Error::new(ErrorKind::Malformed, message));
        }
        self.cells += 1;
        let gap = (row - self.row) as usize + column as usize;
        if self.columns != u64::MAX && self.bytes.len() + gap > (1 << 20) + SPREAD * self.cells {
            let message = format!("row {} of the sheet: found cells so far apart that most of it is empty", row + 1);
            return Err(Error::new(ErrorKind::Limit, message));
        }
        if row > self.row {
            self.bytes.resize(self.bytes.len() + (row - self.row) as usize, b'\n');
            (self.row, self.column) = (row, 0);
        }
        self.bytes.resize(self.bytes.len() + (column - self.column) as usize, b'\t');
        self.column = column;
        Ok(())
    }

    pub(super) fn put_ref(&mut self, row: u32, column: u32, value: &DataRef<'_>) -> Result<()> {
        match value {
            DataRef::Empty => Ok(()),
            DataRef::Float(v) => self.go(row, column).map(|()| self.number(*v)),
            DataRef::Int(v) => self.go(row, column).map(|()| self.integer(*v)),
            DataRef::String(v) => self.go(row, column).map(|()| self.words(v)),
            DataRef::SharedString(v) => self.go(row, column).map(|()| self.words(v)),
            DataRef::DateTimeIso(v) => self.go(row, column).map(|()| self.words(&v.replace('T', " "))),
            DataRef::DurationIso(v) => self.go(row, column).map(|()| self.words(v)),
            DataRef::Bool(v) => self.go(row, column).map(|()| self.integer(i64::from(*v))),
            DataRef::DateTime(v) => self.go(row, column).map(|()| self.date(v)),
            // #DIV/0! and its like: the cell has no value.
            DataRef::Error(_) => self.go(row, column),
        }
    }

    pub(super) fn put(&mut self, row: u32, column: u32, value: &Data) -> Result<()> {
        match value {
            Data::Empty => Ok(()),
            Data::Float(v) => self.go(row, column).map(|()| self.number(*v)),
            Data::Int(v) => self.go(row, column).map(|()| self.integer(*v)),
            Data::String(v) => self.go(row, column).map(|()| self.words(v)),
            Data::DateTimeIso(v) => self.go(row, column).map(|()| self.words(&v.replace('T', " "))),
            Data::DurationIso(v) => self.go(row, column).map(|()| self.words(v)),
            Data::Bool(v) => self.go(row, column).map(|()| self.integer(i64::from(*v))),
            Data::DateTime(v) => self.go(row, column).map(|()| self.date(v)),
            Data::Error(_) => self.go(row, column),
        }
    }

    fn integer(&mut self, value: i64) {
        // Writing into memory does not fail.
        let _ = write!(self.bytes, "{value}");
    }

    /// The shortest digits that read as the same number.
    fn number(&mut self, value: f64) {
        if value == value.trunc() && value.abs() < 1e15 {
            self.integer(value as i64);
        } else if (1e-5..1e17).contains(&value.abs()) {
            let _ = write!(self.bytes, "{value}");
        } else {
            let _ = write!(self.bytes, "{value:e}");
        }
    }

    /// Text without what would break a line or a field.
    fn words(&mut self, text: &str) {
        let text = text.trim();
        let text = text.strip_prefix('"').unwrap_or(text);
        self.bytes.extend(text.bytes().map(|b| if matches!(b, b'\t' | b'\n' | b'\r') { b' ' } else { b }));
    }

    /// `2024-03-01 08:00:10.500`, or `27:46:40.000` for what is shorter than any date.
    fn date(&mut self, value: &ExcelDateTime) {
        let days = value.as_f64();
        if !days.is_finite() || days.abs() > 3e6 {
            return;
        }
        if value.is_duration() || days < FIRST_DATE {
            let micros = (days.abs() * 86_400e6).round() as u64;
            let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
            let sign = if days < 0.0 { "-" } else { "" };
            let _ = write!(self.bytes, "{sign}{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
            if micros > 0 {
                let _ = write!(self.bytes, ".{micros:06}");
            }
            return;
        }
        let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
        let _ = write!(self.bytes, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
        if milli > 0 {
            let _ = write!(self.bytes, ".{milli:03}");
        }
    }

    pub(super) fn finish(mut self, name: &str) -> Sheet {
        if self.cells > 0 {
            self.bytes.push(b'\n');
        }
        Sheet {
            name: name.to_owned(),
            rows: if self.cells > 0 { u64::from(self.row) + 1 } else { 0 },
            text: self.bytes,
        }
    }
}

/// The library reserves room for as many strings as the head of the table says, so that number must be possible.
pub(super) fn check_shared_strings(bytes: &Arc<Vec<u8>>, limits: &Limits) -> Result<()> {
    let broken = |e: zip::result::ZipError| Error::new(ErrorKind::Malformed, format!("expected a workbook: {e}"));
    let mut archive = zip::ZipArchive::new(Cursor::new(Shared(Arc::clone(bytes)))).map_err(broken)?;
    for index in 0..archive.len() {
        let member = archive.by_index(index).map_err(broken)?;
        let name = member.name().map_err(broken)?.into_owned();
        if !name.to_ascii_lowercase().ends_with("sharedstrings.xml") {
            continue;
        }
        let size = member.size();
        let mut head = Vec::new();
        let read = member.take(4096).read_to_end(&mut head);
        read.map_err(|e| Error::new(ErrorKind::Malformed, format!("cannot inflate {name:?}: {e}")))?;
        let head = String::from_utf8_lossy(&head);
        // Beside it, `count` says how often strings are used, which may be any number.
        const KEY: &str = "uniqueCount=";
        for (at, _) in head.match_indices(KEY) {
            let behind = head.get(at + KEY.len()..).unwrap_or_default();
            let digits: String = behind.chars().skip(1).take_while(char::is_ascii_digit).collect();
            // The shortest string is `<si/>`; a number beyond u64 is beyond everything.
            let stated = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) };
            if stated > size / 5 + 1 && limits.inflated_bytes != u64::MAX {
                let message =
                    format!("{name:?}: found a table of {stated} strings in {size} bytes, which cannot hold them");
                return Err(Error::new(ErrorKind::Limit, message));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

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
