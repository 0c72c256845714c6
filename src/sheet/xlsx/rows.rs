//! Rows as text: XML events, and past them the cells that are plain.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::cells::Text;
use super::cell::{self, Cell};
use super::content::{self, Runs};
use super::list::attribute;
use super::plain::{place, plain};
use super::{Context, broken};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// Where a block begins.
#[derive(Clone, Copy)]
pub(super) struct Start {
    /// Index of its first row, if that does not say it.
    pub(super) row: u32,
    /// Index of the first row that may have a cell.
    pub(super) text: u32,
    /// Whether the rows of the sheet have begun.
    pub(super) inside: bool,
}

/// What a block gave.
pub(super) struct Piece {
    pub(super) text: Text,
    /// Index of the row behind its last one.
    pub(super) row: u32,
    /// Whether the rows of the sheet end in it.
    pub(super) is_end: bool,
    pub(super) error: Option<Error>,
}

/// Reads a block of rows.
pub(super) fn rows(bytes: &[u8], is_last: bool, start: Start, context: &Context, limits: &Limits) -> Piece {
    let mut xml = Reader::from_reader(bytes);
    // The end of what was opened in the first block comes in the last.
    xml.config_mut().allow_unmatched_ends = true;
    let Start { row, text, inside } = start;
    let mut rows = Rows { xml, context, text: Text::beginning_at(text, limits), row, column: 0, inside };
    let (is_end, error) = match rows.read(is_last) {
        Ok(is_end) => (is_end, None),
        Err(error) => (false, Some(error)),
    };
    Piece { text: rows.text, row: rows.row, is_end, error }
}

struct Rows<'a> {
    xml: Reader<&'a [u8]>,
    context: &'a Context,
    text: Text,
    row: u32,
    column: u32,
    /// Whether the rows have begun.
    inside: bool,
}

impl<'a> Rows<'a> {
    /// Reads to the end of the block; whether the rows of the sheet ended.
    fn read(&mut self, is_last: bool) -> Result<bool> {
        let mut first = None;
        loop {
            let event = self.xml.read_event().map_err(broken)?;
            match &event {
                Event::Start(element) if !self.inside => match element.local_name().as_ref() {
                    "sheetData" => self.inside = true,
                    name => {
                        first.get_or_insert_with(|| name.to_owned());
                    }
                },
                Event::Start(element) if element.local_name().as_ref() == "row" => self.begin(element)?,
                Event::Start(element) if element.local_name().as_ref() == "c" => self.cell(element)?,
                Event::Empty(element) => match element.local_name().as_ref() {
                    "sheetData" => return Ok(true),
                    "row" if self.inside => {
                        self.begin(element)?;
                        self.end();
                    }
                    "c" if self.inside => self.column = self.place(element)?.1.saturating_add(1),
                    name => {
                        first.get_or_insert_with(|| name.to_owned());
                    }
                },
                Event::End(element) if self.inside => match element.local_name().as_ref() {
                    "row" => self.end(),
                    "sheetData" => return Ok(true),
                    _ => {}
                },
                // A chart has no cells.
                Event::Eof if !self.inside && first.is_some() => return Ok(true),
                Event::Eof if is_last => {
                    return Err(ends_early());
                }
                Event::Eof => return Ok(false),
                _ => {}
            }
            // A text leaves the reader before a tag, where it must go on itself.
            if self.inside && matches!(event, Event::Start(_) | Event::Empty(_) | Event::End(_)) {
                while self.plain()? {}
            }
        }
    }

    fn begin(&mut self, row: &BytesStart<'_>) -> Result<()> {
        self.column = 0;
        if let Some(number) = attribute(row, "r") {
            let index = number.trim().parse::<u32>().ok().and_then(|number| number.checked_sub(1));
            self.row = index.ok_or_else(|| odd("the number of a row", &number))?;
        }
        Ok(())
    }

    fn end(&mut self) {
        (self.row, self.column) = (self.row.saturating_add(1), 0);
    }

    /// Where a cell stands.
    fn place(&self, cell: &BytesStart<'_>) -> Result<(u32, u32)> {
        match attribute(cell, "r") {
            Some(name) => place(name.trim().as_bytes()).ok_or_else(|| odd("the place of a cell", &name)),
            None => Ok((self.row, self.column)),
        }
    }

    /// Reads a cell by its bytes; `false` where there is none that is plain.
    fn plain(&mut self) -> Result<bool> {
        let rest: &'a [u8] = self.xml.get_ref();
        let xml = rest.trim_ascii_start();
        let Some(cell) = plain(xml) else { return Ok(false) };
        let (row, column) = cell.place.unwrap_or((self.row, self.column));
        if !cell::put_plain(&cell, row, column, self.context, &mut self.text)? {
            return Ok(false);
        }
        self.column = column.saturating_add(1);
        self.xml.stream().consume(rest.len() - xml.len() + cell.length);
        Ok(true)
    }

    /// Reads a cell by the events of its XML.
    fn cell(&mut self, element: &BytesStart<'_>) -> Result<()> {
        let (row, column) = self.place(element)?;
        self.column = column.saturating_add(1);
        let [style, kind] = ["s", "t"].map(|name| attribute(element, name).unwrap_or_default());
        let (mut value, mut words) = (None, None);
        loop {
            match self.xml.read_event().map_err(broken)? {
                Event::Start(inner) => match inner.local_name().as_ref() {
                    "v" => value = Some(self.value(&inner)?),
                    "is" => words = Some(self.words(&inner)?),
                    // Formulas, and what later versions of the format add.
                    _ => {
                        self.xml.read_to_end(inner.name()).map_err(broken)?;
                    }
                },
                Event::Empty(inner) if inner.local_name().as_ref() == "v" => value = Some(String::new()),
                Event::End(end) if end.local_name().as_ref() == "c" => break,
                Event::Eof => return Err(ends_early()),
                _ => {}
            }
        }
        let cell = Cell { row, column, style: &style, kind: &kind };
        match (value, words) {
            (_, Some(words)) => cell::put(&Cell { kind: "is", ..cell }, &words, self.context, &mut self.text),
            // What is written beside a text that is not there is no text.
            (Some(value), None) if kind != "inlineStr" => cell::put(&cell, &value, self.context, &mut self.text),
            _ => Ok(()),
        }
    }

    fn value(&mut self, element: &BytesStart<'_>) -> Result<String> {
        let mut text = String::new();
        loop {
            match self.xml.read_event().map_err(broken)? {
                Event::End(end) if end.name() == element.name() => return Ok(text),
                Event::Eof => return Err(ends_early()),
                event => content::add(&mut text, &event)?,
            }
        }
    }

    fn words(&mut self, element: &BytesStart<'_>) -> Result<String> {
        let mut runs = Runs::default();
        loop {
            match self.xml.read_event().map_err(broken)? {
                Event::End(end) if end.name() == element.name() => return Ok(runs.text),
                Event::Eof => return Err(ends_early()),
                event => runs.take(&event)?,
            }
        }
    }
}

pub(super) fn ends_early() -> Error {
    Error::new(ErrorKind::Malformed, "expected a workbook, found a broken one: the sheet ends within its rows")
}

fn odd(what: &str, found: &str) -> Error {
    Error::new(ErrorKind::Malformed, format!("expected a workbook, found a broken one: {found:?} is not {what}"))
}
