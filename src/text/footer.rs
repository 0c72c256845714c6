//! What people and their programs write behind the last row of a table: averages, extremes, totals, a remark.

use super::decimal::Decimal;
use super::line::{self, Line};
use super::number::{self, Cell};
use super::timestamp::{self, Order};
use super::{duration, odd};

/// Rows at the top that at most show what a column holds.
const ROWS: usize = 50;

/// Lines that a footer has at most.
const LINES: usize = 50;

/// How much of the end of a text is searched.
const TAIL: usize = 64 << 10;

/// Words that begin a row of a summary, lower case, whatever the column holds.
#[rustfmt::skip]
static WORDS: &[&str] = &[
    "average", "avg", "count", "durchschnitt", "gesamt", "max", "maximum", "mean", "median", "min", "minimum", "mittelwert",
    "moyenne", "promedio", "range", "st dev", "standard deviation", "std", "stdev", "sum", "summary", "summe", "total",
    "平均", "平均值", "最大", "最大值", "最小", "最小值", "总计", "合计",
];

/// Lines behind the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footer {
    /// Where its first line begins.
    pub start: usize,
    /// Lines of it that hold something.
    pub lines: usize,
    /// Its lines' first cells, up to three.
    pub examples: Vec<Vec<u8>>,
}

/// The lines at the end of a body whose first cell is a word where the rows have none.
pub fn find(body: &[u8], separator: u8, header: &[u8]) -> Option<Footer> {
    let from = body.len().saturating_sub(TAIL);
    let from = if from == 0 { 0 } else { from + memchr::memchr(b'\n', body.get(from..)?)? + 1 };
    let tail: Vec<Line<'_>> = line::lines(body.get(from..)?, 0).collect();
    // A short table's footer is not among the rows that show what its columns hold.
    let lines = tail.iter().filter(|line| !is_blank(line.bytes, separator)).count();
    let table = Rows::of(body, separator, if from == 0 { (lines / 2).clamp(3, ROWS) } else { ROWS });
    let mut footer: Option<Footer> = None;
    for line in tail.iter().rev().filter(|line| !is_blank(line.bytes, separator)) {
        if line.bytes == header || !table.is_foreign(line.bytes) {
            break;
        }
        let first = line::fields(line.bytes, separator).map(number::trim).find(|cell| !cell.is_empty());
        let footer = footer.get_or_insert(Footer { start: 0, lines: 0, examples: Vec::new() });
        (footer.start, footer.lines) = (from + line.start, footer.lines + 1);
        footer.examples.insert(0, first.unwrap_or_default().to_vec());
        if footer.lines > LINES {
            return None;
        }
    }
    let mut footer = footer?;
    footer.examples.truncate(3);
    Some(footer)
}

fn is_blank(line: &[u8], separator: u8) -> bool {
    line.iter().all(|b| *b == separator || matches!(b, b' ' | b'\t' | b'"'))
}

/// Whether a cell is words: no number, no date, no duration, and something in it that is a letter.
fn is_word(cell: &[u8]) -> bool {
    let is_number = |decimal| number::parse(cell, decimal) != Cell::Unreadable;
    let is_date = |order| timestamp::parse_or_number(cell, order).is_some();
    cell.iter().any(|b| b.is_ascii_alphabetic() || !b.is_ascii())
        && ![Decimal::Point, Decimal::Comma].into_iter().any(is_number)
        && ![Order::MonthDayYear, Order::DayMonthYear].into_iter().any(is_date)
        && duration::seconds(cell).is_none()
        && timestamp::time_of_day(cell).is_none()
}

/// What the first rows of a table have in each field.
struct Rows<'b> {
    separator: u8,
    fields: Vec<Field<'b>>,
    rows: usize,
}

#[derive(Default, Clone)]
struct Field<'b> {
    filled: usize,
    words: Vec<&'b [u8]>,
}

impl<'b> Rows<'b> {
    fn of(body: &'b [u8], separator: u8, most: usize) -> Self {
        let mut fields: Vec<Field<'b>> = Vec::new();
        let mut rows = 0;
        for line in line::lines(body, 0).filter(|line| !is_blank(line.bytes, separator)).take(most) {
            rows += 1;
            for (field, cell) in line::fields(line.bytes, separator).map(number::trim).enumerate() {
                if fields.len() <= field {
                    fields.resize(field + 1, Field::default());
                }
                let Some(field) = fields.get_mut(field).filter(|_| !cell.is_empty()) else { continue };
                field.filled += 1;
                if is_word(cell) {
                    field.words.push(cell);
                }
            }
        }
        Self { separator, fields, rows }
    }

    /// Whether a line is none of the table's rows.
    fn is_foreign(&self, line: &[u8]) -> bool {
        let cells: Vec<&[u8]> = line::fields(line, self.separator).map(number::trim).collect();
        let Some((first, cell)) = cells.iter().enumerate().find(|(_, cell)| !cell.is_empty()) else { return false };
        let Some(column) = self.fields.get(first).filter(|column| column.filled > 2) else { return false };
        if is_word(cell) {
            return column.words.is_empty() || is_summary(cell) && !column.words.contains(cell);
        }
        // Averages alone under some columns, where the rows have something in all of them.
        let always = self.fields.iter().enumerate().filter(|(_, field)| field.filled == self.rows);
        let (mut blank, mut all) = (0, 0);
        for (field, _) in always {
            all += 1;
            blank += usize::from(cells.get(field).is_none_or(|cell| cell.is_empty()));
        }
        first > 0 && self.rows > 2 && blank >= 2 && blank * 2 >= all
    }
}

fn is_summary(cell: &[u8]) -> bool {
    let text = String::from_utf8_lossy(odd::trim(cell)).to_lowercase().replace('.', " ");
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    // `Max:`, `Max of column`, but not `Maximal charge`.
    WORDS.iter().any(|word| text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(rows: &[&str], footer: &[&str]) -> String {
        let body = [rows, footer].concat().join("\n");
        match find(body.as_bytes(), b',', b"a,b,c") {
            None => "–".to_owned(),
            Some(f) => {
                let first: Vec<_> = f.examples.iter().map(|e| String::from_utf8_lossy(e).into_owned()).collect();
                let line = body[..f.start].lines().count() + 1;
                format!("{} line(s) from line {line}: {first:?}, {:?}", f.lines, &body[f.start..])
            }
        }
    }

    #[test]
    fn footers() {
        let rows = ["1,Rest,3.7", "2,Rest,3.6", "3,CC,3.5", "4,CC,3.4"];
        let labels = ["Rest,1,3.7", "Rest,2,3.6", "CC,3,3.5", "CC,4,3.4"];
        let shown = |rows: &[&str]| {
            let footers: &[&[&str]] = &[
                &["Average,,3.55"],
                &["", "Max:,4,3.7", "Min:,1,3.4", ""],
                &["(4 rows affected)"],
                &["Total"],
                &["平均值,,3.55"],
                &[",,3.55"],
                &["a,b,c"],
                &["5,Rest,3.3"],
                &["NaN,Rest,3.3"],
                &["2024-03-01,Rest,3.3"],
                &["5,,"],
                &[",Rest,3.3"],
            ];
            footers.iter().map(|f| format!("{f:?}: {}\n", show(rows, f))).collect::<String>()
        };
        insta::assert_snapshot!(shown(&rows), @r#"
        ["Average,,3.55"]: 1 line(s) from line 5: ["Average"], "Average,,3.55"
        ["", "Max:,4,3.7", "Min:,1,3.4", ""]: 2 line(s) from line 6: ["Max:", "Min:"], "Max:,4,3.7\nMin:,1,3.4\n"
        ["(4 rows affected)"]: 1 line(s) from line 5: ["(4 rows affected)"], "(4 rows affected)"
        ["Total"]: 1 line(s) from line 5: ["Total"], "Total"
        ["平均值,,3.55"]: 1 line(s) from line 5: ["平均值"], "平均值,,3.55"
        [",,3.55"]: 1 line(s) from line 5: ["3.55"], ",,3.55"
        ["a,b,c"]: –
        ["5,Rest,3.3"]: –
        ["NaN,Rest,3.3"]: –
        ["2024-03-01,Rest,3.3"]: –
        ["5,,"]: –
        [",Rest,3.3"]: –
        "#);
        insta::assert_snapshot!(shown(&labels), @r#"
        ["Average,,3.55"]: 1 line(s) from line 5: ["Average"], "Average,,3.55"
        ["", "Max:,4,3.7", "Min:,1,3.4", ""]: 2 line(s) from line 6: ["Max:", "Min:"], "Max:,4,3.7\nMin:,1,3.4\n"
        ["(4 rows affected)"]: –
        ["Total"]: 1 line(s) from line 5: ["Total"], "Total"
        ["平均值,,3.55"]: 1 line(s) from line 5: ["平均值"], "平均值,,3.55"
        [",,3.55"]: 1 line(s) from line 5: ["3.55"], ",,3.55"
        ["a,b,c"]: –
        ["5,Rest,3.3"]: –
        ["NaN,Rest,3.3"]: –
        ["2024-03-01,Rest,3.3"]: –
        ["5,,"]: –
        [",Rest,3.3"]: 1 line(s) from line 5: ["Rest"], ",Rest,3.3"
        "#);
        assert_eq!(show(&[], &["Average,1", "Max,2", "Min,3"]), "–", "rows of words are rows");
    }

    proptest::proptest! {
        #[test]
        fn what_is_found_is_the_end(text in "[0-9,a\n]{0,80}") {
            if let Some(found) = find(text.as_bytes(), b',', b"a,b") {
                proptest::prop_assert!(found.lines > 0 && found.start < text.len());
            }
        }
    }
}
