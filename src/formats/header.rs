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
        [b'\t', b',', b';'].into_iter().filter(|s| line.bytes.contains(s)).find_map(|separator| {
            let header = header_of(line, separator, encoding);
            let folded: Vec<Folded> = header.cells.iter().map(|cell| (vocabulary.fold)(cell)).collect();
            test(&folded).then_some(header)
        })
    })
}
