//! A long sheet on all threads: its XML is cut between rows, and each piece is a small workbook of its own that the library
//! reads as it would read the whole.

use std::io::{Cursor, Write};
use std::sync::Arc;

use calamine::{Reader as _, Xlsx};
use memchr::memmem;
use quick_xml::events::{BytesStart, Event};
use rayon::prelude::*;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::cells::Text;
use super::{Sheet, broken, guarded};
use crate::archive::{self, Member};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// Sheets whose XML is shorter are read in one go, and so are longer ones, which would be in memory as a whole.
const LENGTHS: std::ops::Range<u64> = 1 << 20..256 << 20;

/// Whether a member of an archive is a sheet that is worth its pieces.
pub(super) fn is_long_sheet(member: &str, size: u64) -> bool {
    LENGTHS.contains(&size) && is_sheet(member)
}

fn is_sheet(member: &str) -> bool {
    member.to_ascii_lowercase().starts_with("xl/worksheets/")
}

/// Each piece reads the strings that the sheets share again: it must be worth it.
const STRINGS_PER_XML: usize = 4;

/// One of the `long` sheets as text, read in pieces; `None` where it cannot be cut and has to be read in one go.
///
/// # Errors
/// Those of reading it in one go.
pub(super) fn sheet(
    bytes: &Arc<Vec<u8>>,
    limits: &Limits,
    name: &str,
    long: &[Member],
    pieces: usize,
) -> Result<Option<Sheet>> {
    if pieces < 2 || long.is_empty() {
        return Ok(None);
    }
    let parts = archive::inflate(bytes, limits, is_shared)?;
    let Some(path) = path_of(name, &parts) else { return Ok(None) };
    let Some(xml) = long.iter().find(|sheet| sheet.name.eq_ignore_ascii_case(&path)) else { return Ok(None) };
    let strings: usize = parts.iter().map(|part| part.bytes.len()).sum();
    if strings * STRINGS_PER_XML > xml.bytes.len() {
        return Ok(None);
    }
    let Some(cuts) = cuts(&xml.bytes, pieces) else { return Ok(None) };
    let texts: Vec<Text> =
        cuts.par_iter().map(|cut| read(book(xml, cut, &parts)?, cut.first, name, limits)).collect::<Result<_>>()?;
    let mut texts = texts.into_iter();
    let Some(mut whole) = texts.next() else { return Ok(None) };
    texts.try_for_each(|text| whole.append(text))?;
    Ok(Some(whole.finish(name)))
}

/// What a sheet is read with: the list of sheets, where they lie, number formats and strings.
#[rustfmt::skip]
static SHARED: &[&str] = &[
    "[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
];

fn is_shared(member: &str) -> bool {
    SHARED.iter().any(|name| member.eq_ignore_ascii_case(name))
}

/// The member that holds a sheet, as the workbook and its relations say.
fn path_of(name: &str, parts: &[Member]) -> Option<String> {
    let part = |end: &str| parts.iter().find(|part| part.name.to_lowercase().ends_with(end)).map(|p| &p.bytes);
    let id = attribute(part("workbook.xml")?, "sheet", "name", name, "r:id")?;
    let target = attribute(part("workbook.xml.rels")?, "Relationship", "Id", &id, "Target")?;
    Some(match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("xl/{target}"),
    })
}

/// The attribute `wanted` of the first element `tag` whose attribute `key` is `value`.
fn attribute(xml: &[u8], tag: &str, key: &str, value: &str, wanted: &str) -> Option<String> {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let get = |element: &BytesStart<'_>, name: &str| -> Option<String> {
        let found = element.attributes().flatten().find(|a| a.key.as_ref() == name)?;
        quick_xml::escape::unescape(&found.value).ok().map(|text| text.into_owned())
    };
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(element) | Event::Empty(element)
                if element.name().as_ref() == tag && get(&element, key).as_deref() == Some(value) =>
            {
                return get(&element, wanted);
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// Rows from one byte of the XML to another.
struct Cut {
    head: usize,
    from: usize,
    to: usize,
    first: u32,
}

/// Cuts at the beginnings of rows that say their number; `None` when the XML has anything that could hide one.
fn cuts(xml: &[u8], pieces: usize) -> Option<Vec<Cut>> {
    let open = memmem::find(xml, b"<sheetData>")? + b"<sheetData>".len();
    let close = memmem::rfind(xml, b"</sheetData>")?;
    let rows = xml.get(open..close)?;
    // A comment or a section of raw text may hold what looks like a row.
    if memmem::find(rows, b"<!").is_some() {
        return None;
    }
    let mut starts = vec![(0, 0)];
    for piece in 1..pieces {
        let from = rows.len() / pieces * piece;
        let at = from + memmem::find(rows.get(from..)?, b"<row ")?;
        let row = number(rows.get(at..)?)?;
        if at > starts.last()?.0 {
            starts.push((at, row.checked_sub(1)?));
        }
    }
    let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([rows.len()]);
    let cut = |((from, first), to): (&(usize, u32), usize)| Cut {
        head: open,
        from: open + from,
        to: open + to,
        first: *first,
    };
    Some(starts.iter().zip(ends).map(cut).collect())
}

/// The number of the row that begins here, if the row and its first cell say it.
fn number(row: &[u8]) -> Option<u32> {
    let tag = row.get(..memchr::memchr(b'>', row)?)?;
    let from = memmem::find(tag, b" r=\"")? + 4;
    let digits = tag.get(from..)?.split(|b| *b == b'"').next()?;
    let cell = row.get(tag.len() + 1..)?.trim_ascii_start();
    let cell = cell.get(..memchr::memchr(b'>', cell)?)?;
    if !cell.starts_with(b"<c ") || memmem::find(cell, b" r=\"").is_none() {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// A workbook of one sheet with these rows.
fn book(xml: &Member, cut: &Cut, parts: &[Member]) -> Result<Vec<u8>> {
    let fail = |e: &dyn std::fmt::Display| Error::new(ErrorKind::Malformed, format!("cannot cut the sheet: {e}"));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for part in parts {
        zip.start_file(part.name.as_str(), stored).map_err(|e| fail(&e))?;
        zip.write_all(&part.bytes).map_err(|e| fail(&e))?;
    }
    zip.start_file(xml.name.as_str(), stored).map_err(|e| fail(&e))?;
    for piece in
        [xml.bytes.get(..cut.head), xml.bytes.get(cut.from..cut.to), Some(b"</sheetData></worksheet>".as_slice())]
    {
        zip.write_all(piece.unwrap_or_default()).map_err(|e| fail(&e))?;
    }
    zip.finish().map(Cursor::into_inner).map_err(|e| fail(&e))
}

fn read(book: Vec<u8>, first: u32, name: &str, limits: &Limits) -> Result<Text> {
    let mut text = Text::beginning_at(first, limits);
    guarded(name, || {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book)).map_err(broken)?;
        let mut cells = book.worksheet_cells_reader(name).map_err(broken)?;
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let (row, column) = cell.get_position();
            text.put_ref(row, column, cell.get_value())?;
        }
        Ok(())
    })?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::super::Workbook;
    use super::*;

    #[test]
    fn pieces_give_what_the_whole_gives() {
        let mut compared = 0;
        let folders = std::fs::read_dir("fixtures").unwrap().map(|entry| entry.unwrap().path());
        for folder in folders.filter(|folder| !folder.ends_with("bad")) {
            for entry in std::fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.extension().is_none_or(|e| e != "xlsx") {
                    continue;
                }
                let bytes = Arc::new(std::fs::read(&path).unwrap());
                let limits = Limits::default();
                let sheets = archive::inflate(&bytes, &limits, is_sheet).unwrap();
                let mut workbook = Workbook::open(Arc::clone(&bytes), &limits).unwrap();
                for name in workbook.names().to_vec() {
                    let whole = workbook.sheet(&name).unwrap();
                    for pieces in 2..6 {
                        let cut = sheet(&bytes, &limits, &name, &sheets, pieces).unwrap();
                        compared += usize::from(cut.is_some());
                        assert!(cut.is_none_or(|cut| cut == whole), "{}, {name}, {pieces} pieces", path.display());
                    }
                }
            }
        }
        assert!(compared > 20, "{compared}");
    }

    #[test]
    fn what_could_hide_a_row_is_not_cut() {
        let rows = |inside: &str| format!("<worksheet><sheetData>{inside}</sheetData></worksheet>").into_bytes();
        let row = |k: u32| format!("<row r=\"{k}\"><c r=\"A{k}\"><v>1</v></c></row>");
        let plain = row(1) + &row(2) + &row(3);
        let firsts = |xml: &[u8]| cuts(xml, 2).map(|cuts| cuts.iter().map(|cut| cut.first).collect::<Vec<_>>());
        assert_eq!(firsts(&rows(&plain)), Some(vec![0, 2]));
        assert_eq!(firsts(&rows(&(plain.clone() + "<!-- <row r=\"9\"> -->"))), None);
        assert_eq!(firsts(&rows(&plain.replace(" r=\"3\"", ""))), None, "a row without a number");
        assert_eq!(firsts(&rows(&plain.replace("<c r=\"A3\"", "<c"))), None, "cells without places");
        assert_eq!(firsts(b"<x:worksheet><x:sheetData/></x:worksheet>"), None);
    }
}
