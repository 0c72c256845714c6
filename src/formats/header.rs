//! The line of a text file that names its columns.

use crate::text::encoding::Encoding;
use crate::text::line::{self, Line};
use crate::vocab::{Folded, Vocabulary};

/// A header line that was found.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub(crate) line: u64,
    pub(crate) bytes: Vec<u8>,
    pub(crate) separator: u8,
    /// Cells as written, decoded, trimmed; empty ones at the end are gone.
    pub(crate) cells: Vec<String>,
    /// Offset of the line.
    pub(crate) start: usize,
    /// Offset of the first byte of the body.
    pub(crate) body: usize,
}

/// Finds the header in the text of a file or a sheet, from an offset on.
pub(crate) type Locate = fn(&[u8], usize, Encoding) -> Option<Header>;

/// Lines that are searched for the header of a maker that writes it into the first: people and their programs put lines before it.
pub(crate) const PREAMBLE: usize = 30;

/// The cells of a line, decoded, without quotes and empty ones at the end. Blanks that do not break are blanks.
pub(crate) fn cells(line: &[u8], separator: u8, encoding: Encoding) -> Vec<String> {
    let decode = |cell: &[u8]| {
        crate::vocab::fold::clean(&encoding.decode(cell).0).replace(['\u{a0}', '\u{2007}', '\u{202f}'], " ")
    };
    let mut cells: Vec<String> = line::fields(line, separator).map(decode).collect();
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    cells
}

/// Makes a header of a line.
pub(crate) fn header_of(line: Line<'_>, separator: u8, encoding: Encoding) -> Header {
    let cells = cells(line.bytes, separator, encoding);
    Header { line: line.number, bytes: line.bytes.to_vec(), separator, cells, start: line.start, body: line.next }
}

/// Names that every maker's header has at least.
const NAMES: usize = 3;

/// Whether so many cells of a line may be names: they hold a letter. Most lines are rows of numbers, and to decode and look up
/// their cells would cost more than to read the file.
fn has_names(line: &[u8], separator: u8) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    line.split(|byte| *byte == separator).filter(|cell| cell.iter().any(is_letter)).nth(NAMES - 1).is_some()
}

/// Whether the separator stands inside quotes, and so separates nothing: a table about files may quote their headers. A single
/// quote in a line, of inches perhaps, is a stray byte.
pub(crate) fn tears_quotes(line: &[u8], separator: u8) -> bool {
    let is_odd = |text: &[u8]| text.iter().filter(|byte| **byte == b'"').count() % 2 == 1;
    !is_odd(line) && line::fields(line, separator).any(is_odd)
}

/// The first of `lines` non-blank lines that, split by one of the separators, passes the test on its folded cells.
pub(crate) fn find_header(
    bytes: &[u8],
    start: usize,
    encoding: Encoding,
    vocabulary: &Vocabulary,
    lines: usize,
    test: impl Fn(&[Folded]) -> bool,
) -> Option<Header> {
    line::lines(bytes, start).filter(|l| !l.bytes.trim_ascii().is_empty()).take(lines).find_map(|line| {
        // No header is that long; a file of one endless line is not searched.
        if line.bytes.len() > 1 << 16 {
            return None;
        }
        [b'\t', b',', b';'].into_iter().filter(|s| has_names(line.bytes, *s)).find_map(|separator| {
            if tears_quotes(line.bytes, separator) {
                return None;
            }
            let header = header_of(line, separator, encoding);
            let folded: Vec<Folded> = header.cells.iter().map(|cell| (vocabulary.fold)(cell)).collect();
            test(&folded).then_some(header)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_numbers_are_told_from_names() {
        for names in ["Step,Test Time,Volts,Amps", "1,Freq,Z',Z''", "\"U, V\",I", "电压,电流,时间"] {
            assert!(has_names(names.as_bytes(), b','), "{names}");
        }
        for row in ["1,1,Rest,00:00:00.000,3.18,2024-03-01 08:00:00.000,Close", "", "a;b;c", "R,,S,,"] {
            assert!(!has_names(row.as_bytes(), b','), "{row}");
        }
    }

    #[test]
    fn a_separator_inside_quotes_separates_nothing() {
        let line = br#"a.mpr,12,"CRLF; header: time/s;Ewe/V;I/mA",x"#;
        assert!(tears_quotes(line, b';') && !tears_quotes(line, b','));
        assert!(!tears_quotes(br#""Voltage(V)";"Current ""A""""#, b';'));
        assert!(!tears_quotes(br#"Step,Volts,Pressure ("Hg)"#, b','));
    }
}
