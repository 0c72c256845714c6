//! The tables of a data file, and which of them are the test (docs/formats/gamry.md#tables).

use std::ops::Range;

use super::words::GAMRY;
use crate::formats::delimited;
use crate::schema::Column;
use crate::text::encoding::Encoding;
use crate::text::line::{self, Line};
use crate::text::number;
use crate::vocab::Role;

/// One table, as it stands in the file.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// `CURVE2`, `ZCURVE`.
    pub(super) name: String,
    /// Rows that its first line promises.
    pub(super) stated: Option<usize>,
    /// Offset and number of the line of names.
    pub(super) names_at: usize,
    pub(super) names_line: u64,
    /// The names with their units.
    pub(super) columns: Vec<(String, String)>,
    /// Where the rows stand.
    pub(super) rows: Range<usize>,
    /// How many there are.
    pub(super) count: usize,
    roles: Vec<Role>,
}

impl Table {
    /// `CURVE` of `CURVE2`.
    pub(super) fn kind(&self) -> &str {
        self.name.trim_end_matches(|c: char| c.is_ascii_digit())
    }

    fn has(&self, columns: &[Column]) -> bool {
        columns.iter().all(|column| self.roles.contains(&Role::Column(*column)))
    }

    /// Impedance over frequency.
    pub(super) fn is_spectrum(&self) -> bool {
        self.has(&[Column::Frequency, Column::ZRe, Column::ZIm])
    }

    /// The open circuit before the test, or a test that is nothing else.
    pub(super) fn is_open_circuit(&self) -> bool {
        self.has(&[Column::Time, Column::Voltage]) && !self.has(&[Column::Current])
    }

    /// A voltage over time.
    pub(super) fn is_series(&self) -> bool {
        self.has(&[Column::Time, Column::Voltage])
    }
}

/// `CURVE<tab>TABLE<tab>66`.
fn heading(line: &[u8]) -> Option<(String, Option<usize>)> {
    let mut fields = line.split(|b| *b == b'\t');
    let name = fields.next().filter(|name| is_word(name))?;
    if fields.next()?.trim_ascii() != b"TABLE" {
        return None;
    }
    let stated = fields.next().and_then(|n| std::str::from_utf8(n).ok()?.trim().parse().ok());
    Some((String::from_utf8_lossy(name).into_owned(), stated))
}

fn is_word(field: &[u8]) -> bool {
    !field.is_empty() && field.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
}

/// `NAME<tab>TYPE<tab>…`, which no row is: the first field of a row is empty.
pub(super) fn is_object(line: &[u8]) -> bool {
    let mut fields = line.split(|b| *b == b'\t');
    let name = fields.next().is_some_and(|name| is_word(name) && name.iter().any(u8::is_ascii_uppercase));
    name && fields.next().is_some_and(|kind| is_word(kind) && kind.iter().any(u8::is_ascii_uppercase))
}

fn is_blank(line: &Line<'_>) -> bool {
    line.bytes.trim_ascii().is_empty()
}

/// Whether a line below the names is one of units: its first cell is no number.
fn is_units(line: &Line<'_>) -> bool {
    let first = line::fields(line.bytes, b'\t').map(number::trim).find(|cell| !cell.is_empty());
    first.is_some_and(|cell| !cell.first().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.')))
}

/// All tables from `start` on.
pub(super) fn find(bytes: &[u8], start: usize, encoding: Encoding) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut lines = line::lines(bytes, start).peekable();
    while let Some(line) = lines.next() {
        let Some((name, stated)) = heading(line.bytes) else { continue };
        let Some(names) = lines.next_if(|line| heading(line.bytes).is_none()) else { continue };
        let units = lines.next_if(is_units);
        let cells = |line: &Line<'_>| delimited::cells(line.bytes, b'\t', encoding);
        let units_of = units.as_ref().map(cells).unwrap_or_default();
        let columns = cells(&names).into_iter().zip(units_of.into_iter().chain(std::iter::repeat(String::new())));
        let columns: Vec<(String, String)> = columns.collect();
        let role = |(name, _): &(String, String)| GAMRY.find(&(GAMRY.fold)(name)).map(|(_, term, _)| term.role);
        let roles = columns.iter().filter_map(role).collect();
        let mut rows = units.map_or(names.next, |units| units.next)..names.next;
        rows.end = rows.start;
        let mut count = 0;
        while let Some(row) = lines.next_if(|line| !is_object(line.bytes)) {
            if !is_blank(&row) {
                (rows.end, count) = (row.next, count + 1);
            }
        }
        let (names_at, names_line) = (names.start, names.number);
        tables.push(Table { name, stated, names_at, names_line, columns, rows, count, roles });
    }
    tables
}

/// The tables that are the test, in their order, by their places in the list: impedance before a series, a series before an
/// open circuit; of one kind all with the same columns in the same units. Tables without rows count where there are no others.
pub(super) fn of_test(tables: &[Table]) -> Vec<usize> {
    let rank = |table: &Table| {
        let kind = match table {
            table if table.is_spectrum() => 0,
            table if table.is_series() && !table.is_open_circuit() => 1,
            table if table.is_series() && !table.name.starts_with("OCV") => 2,
            table if table.is_series() => 3,
            _ => return None,
        };
        Some((table.count == 0, kind))
    };
    let ranked = tables.iter().enumerate().filter_map(|(i, table)| Some((rank(table)?, i, table)));
    let Some((_, _, first)) = ranked.min_by_key(|(rank, i, _)| (*rank, *i)) else { return Vec::new() };
    let belongs = |table: &Table| {
        table.kind() == first.kind() && table.columns == first.columns && (table.count > 0 || first.count == 0)
    };
    let all = tables.iter().enumerate().filter(|(_, table)| belongs(table)).map(|(i, _)| i);
    // A file of nothing but names is one table.
    all.take(if first.count == 0 { 1 } else { usize::MAX }).collect()
}

/// The text up to the last of these tables as one table: what stands between them is blank, so that the lines keep their
/// numbers, and each row ends with the number of its table where `column` is a name for it.
pub(super) fn joined(bytes: &[u8], tables: &[&Table], fields: usize, column: Option<&str>) -> Vec<u8> {
    let Some((first, last)) = tables.first().zip(tables.last()) else { return bytes.to_vec() };
    let mut text = bytes.get(..first.names_at).unwrap_or_default().to_vec();
    let mut number = 1usize;
    for line in line::lines(bytes.get(..last.rows.end).unwrap_or_default(), first.names_at) {
        while tables.get(number - 1).is_some_and(|table| line.start >= table.rows.end) && number < tables.len() {
            number += 1;
        }
        let is_row = tables.get(number - 1).is_some_and(|table| table.rows.contains(&line.start)) && !is_blank(&line);
        let is_whole = tables.get(number - 1).is_some_and(|table| table.stated == Some(table.count));
        if is_row && !is_whole && line.next == bytes.len() && !bytes.ends_with(b"\n") {
            // Whether its last number is whole cannot be told: as it stands it is short, and the grid says so.
            text.extend_from_slice(line.bytes);
            break;
        }
        if is_row || line.start < first.rows.start {
            let missing = fields.saturating_sub(line.bytes.iter().filter(|b| **b == b'\t').count() + 1);
            text.extend_from_slice(line.bytes);
            if let Some(column) = column {
                text.extend(std::iter::repeat_n(b'\t', missing + 1));
                match is_row {
                    true => text.extend_from_slice(number.to_string().as_bytes()),
                    false if line.start == first.names_at => text.extend_from_slice(column.as_bytes()),
                    false => {}
                }
            }
        }
        text.push(b'\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const CV: &str = "EXPLAIN\nTAG\tCV\nCURVE1\tTABLE\n\tPt\tT\tVf\tIm\n\t#\ts\tV\tA\n\t0\t1\t3\t0.1\nCURVE2\tTABLE\t1\n\tPt\tT\tVf\tIm\n\t#\ts\tV\tA\n\t1\t2\t4\nEND\tTOGGLE\tT\n";

    #[test]
    fn tables_end_where_an_object_begins() {
        let tables = find(CV.as_bytes(), 0, Encoding::Utf8);
        let found: Vec<_> = tables.iter().map(|t| (t.name.as_str(), t.names_line, t.count, t.stated)).collect();
        assert_eq!(found, [("CURVE1", 4, 1, None), ("CURVE2", 8, 1, Some(1))]);
        assert_eq!(of_test(&tables), [0, 1]);
        assert!(is_object(b"EOC\tQUANT\t0.1") && !is_object(b"\t0\t1") && !is_object(b"7\t0.5\t1") && !is_object(b""));
    }

    #[test]
    fn joined_tables_keep_their_lines() {
        let tables = find(CV.as_bytes(), 0, Encoding::Utf8);
        let text = joined(CV.as_bytes(), &[&tables[0], &tables[1]], 5, Some("Curve"));
        let lines: Vec<&str> = std::str::from_utf8(&text).unwrap().lines().collect();
        assert_eq!(
            lines[3..],
            ["\tPt\tT\tVf\tIm\tCurve", "\t#\ts\tV\tA\t", "\t0\t1\t3\t0.1\t1", "", "", "", "\t1\t2\t4\t\t2"]
        );
        let plain = joined(CV.as_bytes(), &[&tables[0], &tables[1]], 5, None);
        let lines: Vec<&str> = std::str::from_utf8(&plain).unwrap().lines().collect();
        assert_eq!(lines[3..], ["\tPt\tT\tVf\tIm", "\t#\ts\tV\tA", "\t0\t1\t3\t0.1", "", "", "", "\t1\t2\t4"]);
    }

    #[test]
    fn impedance_outranks_the_open_circuit_before_it() {
        let text = "OCVCURVE\tTABLE\n\tPt\tT\tVf\n\t#\ts\tV\n\t0\t1\t3\nZCURVE\tTABLE\n\tPt\tFreq\tZreal\tZimag\n\t#\tHz\tohm\tohm\n\t0\t9\t1\t-1\n";
        assert_eq!(of_test(&find(text.as_bytes(), 0, Encoding::Utf8)), [1]);
        // A test that was stopped before its first point.
        let cut = text.split("\n\t0\t9").next().unwrap().to_owned() + "\n";
        assert_eq!(of_test(&find(cut.as_bytes(), 0, Encoding::Utf8)), [0]);
    }
}
