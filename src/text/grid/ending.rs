//! Whether a text ends inside its last cell: it was cut off there, and what is left reads as another number.

use super::super::{line, number};
use super::Grid;

/// Rows that the last one is compared with, at the top and at the end.
const ROWS: usize = 400;

/// A last cell that lost its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutCell {
    /// Line, from 1.
    pub line: u64,
    /// Its field, from 0.
    pub field: usize,
    /// What is left of it.
    pub cell: Vec<u8>,
    /// Where the row begins.
    pub(super) start: usize,
}

/// The last cell, when no line end follows it and it is shorter than any before: digits behind the decimal sign or in the
/// exponent are missing, or all rows have a longer text there.
pub(super) fn cut_cell(grid: &Grid) -> Option<CutCell> {
    let body = grid.body();
    if grid.pads || body.last().is_none_or(|last| matches!(last, b'\n' | b'\r')) {
        return None;
    }
    let start = memchr::memrchr(b'\n', body).map_or(0, |end| end + 1);
    let fields: Vec<&[u8]> = line::fields(body.get(start..)?, grid.separator).collect();
    let field = fields.len().checked_sub(1)?;
    // A row of too few fields is told as such.
    if fields.len() < grid.width {
        return None;
    }
    let last = number::trim(fields.get(field)?);
    let tail_start = start.saturating_sub(64 << 10);
    let tail = line::lines(body.get(tail_start..start)?, 0).skip(usize::from(tail_start > 0));
    let head = line::lines(body.get(..start)?, 0).take(ROWS);
    let before: Vec<&[u8]> = head
        .chain(tail)
        .filter(|line| !line.bytes.trim_ascii().is_empty() && line.bytes != grid.header)
        .map(|line| line::fields(line.bytes, grid.separator).nth(field).map_or(&b""[..], number::trim))
        .collect();
    if before.len() < 3 || before.iter().any(|cell| cell.is_empty()) || !is_shorter(last, &before) {
        return None;
    }
    let start = grid.start + start;
    let line = grid.first_line + grid.bytes.line_ends(grid.start, start);
    Some(CutCell { line, field, cell: last.to_vec(), start })
}

fn is_shorter(last: &[u8], before: &[&[u8]]) -> bool {
    let is_number =
        |cell: &[u8]| cell.first().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b','));
    if last.is_empty() {
        return true;
    }
    if !is_number(last) {
        // A word is cut when it begins one of the words before it; otherwise it is another word.
        return before.iter().any(|cell| cell.len() > last.len() && cell.starts_with(last)) && !before.contains(&last);
    }
    let shape = Shape::of(last);
    let shapes: Vec<Shape> = before.iter().map(|cell| Shape::of(cell)).collect();
    let fixed = |count: fn(&Shape) -> usize| {
        let first = shapes.first().map(count)?;
        (first > 0 && shapes.iter().all(|shape| count(shape) == first)).then_some(first)
    };
    let misses = |count: fn(&Shape) -> usize| fixed(count).is_some_and(|digits| count(&shape) < digits);
    // Where programs print as many digits as a number needs, only a number shorter than all of many is odd.
    let is_shortest = before.len() >= 20 && before.iter().all(|cell| cell.len() > last.len());
    misses(|s| s.decimals) || misses(|s| s.exponent) || is_shortest
}

/// How a number is printed.
struct Shape {
    /// Digits behind the last decimal sign.
    decimals: usize,
    /// Digits of the exponent.
    exponent: usize,
}

impl Shape {
    fn of(cell: &[u8]) -> Self {
        let mark = cell.iter().position(|b| matches!(b, b'e' | b'E')).unwrap_or(cell.len());
        let (mantissa, exponent) = cell.split_at_checked(mark).unwrap_or((cell, b""));
        let digits = |text: &[u8]| text.iter().filter(|b| b.is_ascii_digit()).count();
        let point = memchr::memrchr2(b'.', b',', mantissa).and_then(|at| mantissa.get(at..));
        Self { decimals: point.map_or(0, digits), exponent: digits(exponent) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::grid;
    use super::*;

    fn cut(rows: &str, last: &str) -> Option<String> {
        let text = format!("{}{last}", format!("{rows}\n").repeat(30));
        let grid = grid(&text, b',', 2);
        cut_cell(&grid).map(|cut| format!("line {} {:?}", cut.line, String::from_utf8_lossy(&cut.cell)))
    }

    #[test]
    fn numbers_that_lost_their_end() {
        let show = |rows: &str, last: &str| cut(rows, last).unwrap_or_else(|| "–".to_owned());
        insta::assert_snapshot!(show("1,-1.2500000E-001", "2,-1.2500000E-00"), @r#"line 31 "-1.2500000E-00""#);
        insta::assert_snapshot!(show("1,-1.2500000E-001", "2,-1.2500000E-"), @r#"line 31 "-1.2500000E-""#);
        insta::assert_snapshot!(show("1,-1.2500000E-001", "2,-1.25"), @r#"line 31 "-1.25""#);
        insta::assert_snapshot!(show("1,3.5190", "2,3.519"), @r#"line 31 "3.519""#);
        insta::assert_snapshot!(show("1,3.5190", "2,13.519"), @r#"line 31 "13.519""#);
        insta::assert_snapshot!(show("1,3.5190", "2,3"), @r#"line 31 "3""#);
        insta::assert_snapshot!(show("1,3.5190", "2,"), @r#"line 31 """#);
        insta::assert_snapshot!(show("1,Rest", "2,Re"), @r#"line 31 "Re""#);
        for whole in ["2,3.5190", "2,-3.5190\n", "2", "2,3.51900"] {
            assert_eq!(show("1,3.5190", whole), "–", "{whole}");
        }
        assert_eq!(show("1,Rest", "2,CC"), "–");
        assert_eq!(show("1,25", "2,31"), "–");
        assert_eq!(show("1,", "2,"), "–");
    }
}
