//! What all delimited text formats share: opening, finding the header line, building the table.

pub(crate) use super::header::{Header, Locate, PREAMBLE, cells, find_header, header_of, tears_quotes};
use super::{ReadOptions, units_row};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::limits::Limits;
use crate::note::{Note, NoteCode, Notes};
use crate::probe::{Probe, Score, looks_like_text};
use crate::source::Source;
use crate::table::{RawColumn, RawData, RawTable};
use crate::text::encoding::{self, Encoding};
use crate::text::grid::Grid;
use crate::text::held::Text;
use crate::text::line;
use crate::text::{footer, number, plain};
use crate::vocab::reads_as_chinese;

/// A text file, ready to be split.
pub(crate) struct Opened {
    pub(crate) bytes: Text,
    /// Behind the byte order mark.
    pub(crate) start: usize,
    pub(crate) encoding: Encoding,
}

/// Decides the encoding, once for the file.
pub(crate) fn open(source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Opened> {
    let whole = source.text();
    let bytes: &[u8] = &whole;
    if bytes.is_empty() {
        return Err(Error::new(ErrorKind::Malformed, "expected text, found an empty file"));
    }
    if !looks_like_text(bytes) {
        let message = "expected text, found binary data; if the cycler's software can export text, export it again";
        return Err(Error::new(ErrorKind::Malformed, message).at(Place::Offset(0)));
    }
    let detected = encoding::detect(bytes, reads_as_chinese);
    let encoding = options.encoding.unwrap_or(detected.encoding);
    let bom = if encoding == detected.encoding { detected.bom } else { 0 };
    if options.encoding.is_none() && detected.guessed {
        let valid = encoding_rs::Encoding::utf8_valid_up_to(bytes);
        if whole.is_behind_middle(valid) {
            return Err(needs_whole(&whole));
        }
        let line = memchr::memchr_iter(b'\n', bytes.get(..valid).unwrap_or_default()).count() as u64 + 1;
        let message = format!("not UTF-8: read as {}; `--encoding` overrides this", encoding.name());
        notes.push(Note::new(NoteCode::EncodingReplaced, message).at(Place::line(line)));
    }
    if matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be) {
        let (text, replaced) = encoding.decode(bytes.get(bom..).unwrap_or_default());
        if replaced {
            let count = text.chars().filter(|c| *c == '\u{fffd}').count();
            notes.push(
                Note::new(NoteCode::EncodingReplaced, format!("bytes that are not {} were replaced", encoding.name()))
                    .count(count),
            );
        }
        let bytes = text.into_owned().into_bytes();
        let bytes = plain::plain(&bytes).unwrap_or(bytes).into();
        return Ok(Opened { bytes, start: 0, encoding: Encoding::Utf8 });
    }
    match plain::plain(bytes.get(bom..).unwrap_or_default()) {
        Some(_) if !whole.is_whole() => Err(needs_whole(&whole)),
        Some(plain) => Ok(Opened { bytes: plain.into(), start: 0, encoding }),
        None => Ok(Opened { bytes: whole, start: bom, encoding }),
    }
}

/// What the ends of a text do not tell; the file is then read whole.
pub(crate) fn needs_whole(text: &Text) -> Error {
    text.ask_whole();
    Error::new(ErrorKind::Malformed, "expected the whole text, found its ends")
}

/// Puts the header's cells and the body into a table.
pub(crate) fn build(
    mut table: RawTable,
    mut opened: Opened,
    mut header: Header,
    options: &ReadOptions,
    notes: &mut Notes,
) -> Result<RawTable> {
    units_row::take(&opened.bytes, opened.encoding, table.vocabulary, &mut header);
    Limits::check("columns in the header", header.cells.len() as u64, options.limits.columns)?;
    drop_footer(&mut opened, &header, notes);
    let width = settle_width(&opened, &mut header, notes);
    let named = |cell: &&String| !cell.is_empty();
    let mut names: Vec<&String> = header.cells.iter().filter(named).collect();
    names.sort_unstable();
    let twice: Vec<String> =
        names.iter().zip(names.iter().skip(1)).filter(|(a, b)| a == b).map(|(a, _)| (*a).clone()).collect();
    if !twice.is_empty() && !table.vocabulary.names_may_repeat {
        let note =
            Note::new(NoteCode::ColumnsDuplicate, "the header repeats a name; the first column of that name is used");
        notes.push(note.count(twice.len()).at(Place::line(header.line)).examples(twice.into_iter().take(3)));
    }
    table.columns = header
        .cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(field, cell)| RawColumn { name: cell.clone(), data: RawData::Field(field) })
        .collect();
    table.encoding = opened.encoding;
    table.header_line = Some(header.line);
    table.grid = Some(Grid {
        bytes: opened.bytes,
        start: header.body,
        first_line: header.line + 1,
        separator: header.separator,
        width,
        header: header.bytes,
        drop_repeats: table.vocabulary.drop_repeats,
        joins_thousands: table.vocabulary.commas_may_be_thousands && header.separator == b',',
        pads: false,
        most_rows: options.limits.rows,
    });
    Ok(table)
}

/// Takes averages, totals and remarks off the end of a table: they are no rows.
fn drop_footer(opened: &mut Opened, header: &Header, notes: &mut Notes) {
    let body = opened.bytes.get(header.body..).unwrap_or_default();
    let Some(footer) = footer::find(body, header.separator, &header.bytes) else { return };
    let message = format!("{} line(s) behind the rows are a summary or a remark and were dropped", footer.lines);
    let examples = footer.examples.iter().map(|cell| opened.encoding.decode(cell).0.into_owned());
    let note = Note::new(NoteCode::RowsDropped, message).count(footer.lines).examples(examples);
    let end = header.body + footer.start;
    notes.push(note.at(Place::line(header.line + opened.bytes.line_ends(header.body, end) + 1)));
    opened.bytes = opened.bytes.ends_at(end);
}

/// Number of a row's fields. A column that every row has and that has no name stands behind the others, where the header has
/// an empty place for it (the tab behind the last name is none: programs end the line with it); names of rows, which R writes in quotes without a name above them, stand before.
fn settle_width(opened: &Opened, header: &mut Header, notes: &mut Notes) -> usize {
    let width = header.cells.len();
    let body = opened.bytes.get(header.body..).unwrap_or_default();
    let rows: Vec<Vec<&[u8]>> = line::lines(body, 0)
        .filter(|line| !line.bytes.trim_ascii().is_empty())
        .take(50)
        .map(|line| line::fields(line.bytes, header.separator).collect())
        .collect();
    let filled =
        |row: &Vec<&[u8]>| row.iter().rposition(|cell| !number::trim(cell).is_empty()).map_or(0, |last| last + 1);
    let (least, most) = (rows.iter().map(filled).min().unwrap_or(0), rows.iter().map(filled).max().unwrap_or(0));
    if least <= width {
        return width;
    }
    let places = line::fields(&header.bytes, header.separator).count();
    let of_row = |row: &Vec<&[u8]>| match row.first().map(|cell| cell.trim_ascii()) {
        Some([b'"', digits @ .., b'"']) => std::str::from_utf8(digits).ok()?.parse::<u64>().ok(),
        _ => None,
    };
    let (message, width) = if places == width && most == width + 1 && rows.iter().map(of_row).all(|name| name.is_some())
    {
        header.cells.insert(0, String::new());
        ("the first cell of each row is the row's name, which the header does not name: not read", width + 1)
    } else if places - usize::from(header.separator == b'\t') >= most {
        ("behind the last name stand columns without a name: not read", most)
    } else {
        return width;
    };
    let note = Note::new(NoteCode::ColumnsUnmapped, message).count(most - width.min(most - 1));
    notes.push(note.at(Place::line(header.line)));
    width
}

/// Whether a text has the header line that `what` describes.
pub(crate) fn sniff(probe: &Probe<'_>, points: u8, locate: Locate, what: &str) -> Score {
    let Some(text) = &probe.text else { return Score::no("not text") };
    match locate(&text.bytes, 0, text.detected.encoding) {
        Some(header) => Score::yes(points, format!("line {} has {what}", header.line)),
        None => Score::no(format!("no line at the top has {what}")),
    }
}

/// The error for text in which no header line was found.
pub(crate) fn no_header(expected: &str, lines: usize) -> Error {
    let message =
        format!("expected a header line with {expected} in the first {lines} lines that are not blank, found none");
    Error::new(ErrorKind::Malformed, message)
}
