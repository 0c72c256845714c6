//! What all workbook formats share: picking sheets, joining those that continue each other, building the table.

use super::delimited::{self, Header, Locate, Opened};
use super::{ReadOptions, SheetChoice, units_row};
use crate::error::{Error, ErrorKind, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::sheet::{Sheet, Workbook};
use crate::table::{RawTable, SheetLines, SheetStart};
use crate::text::decimal::Decimal;
use crate::text::encoding::Encoding;
use crate::text::number::{self, Cell};

/// A sheet that holds rows of a test, and where its header is.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) sheet: Sheet,
    pub(crate) header: Header,
}

impl Found {
    /// Whether anything stands below the header.
    pub(crate) fn has_rows(&self) -> bool {
        self.sheet.text.get(self.header.body..).is_some_and(|rows| !rows.trim_ascii().is_empty())
    }
}

/// What a reader says of a workbook: mine if a sheet has my header.
pub(crate) fn sniff(probe: &Probe<'_>, locate: Locate, what: &str) -> Score {
    if let Some(error) = &probe.broken {
        return Score::no(error.message());
    }
    if probe.sheets.is_empty() {
        return Score::no("not a workbook");
    }
    match probe.sheets.iter().find(|sheet| locate(&sheet.text, 0, Encoding::Utf8).is_some()) {
        Some(sheet) => Score::yes(88, format!("sheet {:?} has {what}", sheet.name)),
        None => Score::no(format!("no sheet has {what}")),
    }
}

/// The sheets with a header of the maker, whole, in the workbook's order; those that the caller asks for, else all that
/// `wanted` takes.
pub(crate) fn find(
    book: &mut Workbook,
    options: &ReadOptions,
    locate: Locate,
    rows: u32,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Found>> {
    let names = chosen(book, options, wanted)?;
    let mut found = Vec::new();
    for name in names {
        // Most sheets of a workbook are not the test: their head tells.
        if locate(&book.head(&name, rows)?.text, 0, Encoding::Utf8).is_none() {
            continue;
        }
        let sheet = book.sheet(&name)?;
        if let Some(header) = locate(&sheet.text, 0, Encoding::Utf8) {
            found.push(Found { sheet, header });
        }
    }
    if found.is_empty() {
        let have: Vec<String> = book.names().iter().map(|name| format!("{name:?}")).collect();
        let message = format!("expected a sheet with the rows of a test, found none among {}", have.join(", "));
        return Err(Error::new(ErrorKind::Malformed, message));
    }
    Ok(found)
}

fn chosen(book: &Workbook, options: &ReadOptions, wanted: impl Fn(&str) -> bool) -> Result<Vec<String>> {
    let names = book.names();
    let picked: Vec<String> = match &options.sheet {
        None => names.iter().filter(|name| wanted(name)).cloned().collect(),
        Some(choice) => names.iter().filter(|name| choice.takes(name)).cloned().collect(),
    };
    if picked.is_empty() && matches!(&options.sheet, Some(choice) if *choice != SheetChoice::All) {
        let have: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
        let message = format!("expected a sheet that `--sheet` names, found {}", have.join(", "));
        return Err(Error::new(ErrorKind::Options, message));
    }
    Ok(picked)
}

/// Puts sheets one below the other: those whose header differs from the first are left out with a note.
pub(crate) fn join(found: Vec<Found>, notes: &mut Notes) -> Option<(Opened, Header, SheetLines)> {
    let mut parts = found.into_iter();
    let Found { sheet: first, header } = parts.next()?;
    let mut lines = SheetLines(vec![SheetStart { line: 1, sheet: first.name, row: 1 }]);
    let (mut text, mut rows) = (first.text, first.rows);
    for Found { sheet, header: next } in parts {
        if next.cells != header.cells {
            let message =
                format!("sheet {:?} has other columns than the sheets before it and was left out", sheet.name);
            notes.push(
                Note::new(NoteCode::RowsDropped, message).count(usize::try_from(sheet.rows).unwrap_or(usize::MAX)),
            );
            continue;
        }
        lines.0.push(SheetStart { line: rows + 1, sheet: sheet.name, row: next.line + 1 });
        rows += sheet.rows.saturating_sub(next.line);
        text.extend_from_slice(sheet.text.get(next.body..).unwrap_or_default());
    }
    Some((Opened { bytes: text.into(), start: 0, encoding: Encoding::Utf8 }, header, lines))
}

/// Puts the sheets' cells into a table; `table` has everything but the columns.
pub(crate) fn build(
    mut table: RawTable,
    mut found: Vec<Found>,
    options: &ReadOptions,
    notes: &mut Notes,
) -> Result<RawTable> {
    for Found { sheet, header } in &mut found {
        units_row::take(&sheet.text, Encoding::Utf8, table.vocabulary, header);
    }
    let joined = join(found, notes);
    let (opened, header, sheets) =
        joined.ok_or_else(|| Error::new(ErrorKind::Malformed, "expected a sheet, found none"))?;
    table.sheets = sheets;
    let lines = table.sheets.clone();
    let mut table =
        delimited::build(table, opened, header, options, notes).map_err(|e| e.map_place(|p| lines.place(p)))?;
    if let Some(grid) = &mut table.grid {
        // Blank cells at a row's end are not written.
        grid.pads = true;
    }
    Ok(table)
}

/// One test keeps no part name; several are named in a note.
pub(crate) fn name_parts(tables: &mut [RawTable], notes: &mut Notes) {
    if let [table] = tables {
        table.part = None;
        return;
    }
    let parts: Vec<&str> = tables.iter().filter_map(|table| table.part.as_deref()).collect();
    let message = format!("the file holds {} tests, each its own measurement: {}", tables.len(), parts.join(", "));
    notes.push(Note::new(NoteCode::SeveralTests, message).count(tables.len()));
}

/// The numbers of a column of a small sheet, NaN where there is none; a note counts the cells that hold something else.
pub(crate) fn numbers(rows: &[Vec<String>], column: usize, name: &str, notes: &mut Notes) -> Vec<f64> {
    let mut odd: Vec<&String> = Vec::new();
    let mut values = Vec::new();
    for row in rows {
        let cell = row.get(column);
        values.push(match cell.map(|cell| number::parse(cell.as_bytes(), Decimal::Point)) {
            Some(Cell::Number(value)) => value,
            Some(Cell::Unreadable) => {
                odd.extend(cell);
                f64::NAN
            }
            Some(Cell::Null) | None => f64::NAN,
        });
    }
    if !odd.is_empty() {
        let message = format!("{name:?}: {} cell(s) are not a number and became null", odd.len());
        let examples = odd.iter().take(3).map(|cell| (*cell).clone());
        notes.push(Note::new(NoteCode::CellsUnreadable, message).count(odd.len()).examples(examples));
    }
    values
}

/// The rows of a small sheet as trimmed cells.
pub(crate) fn rows(sheet: &Sheet) -> Vec<Vec<String>> {
    let text = String::from_utf8_lossy(&sheet.text);
    text.lines().map(|line| line.split('\t').map(|cell| cell.trim().to_owned()).collect()).collect()
}
