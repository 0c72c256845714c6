//! Spectra of `ACIM_Chan<n>` sheets, put between the rows of their channel (docs/formats/arbin.md#impedance-sheets).
//!
//! Seen in: no public file; both layouts are the ones that descriptions give.

use std::sync::LazyLock;

use regex::Regex;

use crate::error::Result;
use crate::formats::workbook;
use crate::note::{Note, NoteCode, Notes};
use crate::sheet::Workbook;
use crate::table::{RawColumn, RawData, RawTable, SheetLines, SheetStart};
use crate::text::{line, number};

#[allow(clippy::expect_used)]
static NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^acim_chan_?(\d+)$").expect("the pattern is constant, a test compiles it"));

/// Headers of the impedance columns, as the vocabulary knows them, in the order in which they are appended.
static COLUMNS: [&str; 5] = ["Frequency", "Zreal", "Zimg", "Zmod", "Zphz"];

/// One point of a spectrum.
#[derive(Debug, Clone, PartialEq)]
struct Point {
    channel: u32,
    sheet: String,
    row: u64,
    step: f64,
    cycle: f64,
    /// Test time of the spectrum, where the sheet has it.
    time: Option<f64>,
    cells: [String; 5],
}

/// All spectra of a workbook.
#[derive(Debug, Default)]
pub(super) struct Spectra(Vec<Point>);

impl Spectra {
    pub(super) fn read(book: &mut Workbook, notes: &mut Notes) -> Result<Self> {
        let names = book.names().to_vec();
        let mut points = Vec::new();
        let mut skipped = 0;
        for name in names {
            let Some(channel) = NAME.captures(&name).and_then(|c| c.get(1)?.as_str().parse().ok()) else { continue };
            let rows = workbook::rows(&book.sheet(&name)?);
            let Some((header, body)) = rows.split_first() else { continue };
            let at =
                |wanted: &[&str]| header.iter().position(|cell| wanted.iter().any(|w| cell.eq_ignore_ascii_case(w)));
            let columns = [at(&["Freq", "Frequency"]), at(&["Zreal"]), at(&["Zimg"]), at(&["Zmod"]), at(&["Zphz"])];
            let (step, cycle, time) = (at(&["Step_ID"]), at(&["Cycle_ID"]), at(&["Test_Time"]));
            for (i, row) in body.iter().enumerate() {
                let cell = |column: Option<usize>| column.and_then(|c| row.get(c)).cloned().unwrap_or_default();
                let value = |column| number::plain(cell(column).as_bytes());
                if value(columns[0]).is_none() {
                    skipped += usize::from(row.iter().any(|cell| !cell.is_empty()));
                    continue;
                }
                points.push(Point {
                    channel,
                    sheet: name.clone(),
                    row: i as u64 + 2,
                    step: value(step).unwrap_or(f64::NAN),
                    cycle: value(cycle).unwrap_or(f64::NAN),
                    time: value(time),
                    cells: columns.map(cell),
                });
            }
        }
        if skipped > 0 {
            let message = format!("{skipped} row(s) of the ACIM sheets have no frequency and were left out");
            notes.push(Note::new(NoteCode::RowsDropped, message).count(skipped));
        }
        Ok(Self(points))
    }

    /// Puts the spectra of a channel between the table's rows, in new columns.
    pub(super) fn insert(&self, channel: Option<u32>, table: &mut RawTable, notes: &mut Notes) -> Result<()> {
        let mine: Vec<&Point> = self.0.iter().filter(|p| channel.is_none() || channel == Some(p.channel)).collect();
        let Some(grid) = &mut table.grid else { return Ok(()) };
        if mine.is_empty() {
            return Ok(());
        }
        let field = |wanted: &str| {
            let is_it = |c: &&RawColumn| (table.vocabulary.fold)(&c.name).key == wanted;
            table.columns.iter().find(is_it).and_then(|c| match c.data {
                RawData::Field(field) => Some(field),
                _ => None,
            })
        };
        let (time, step, cycle) = (field("test time"), field("step index"), field("cycle index"));
        let lines: Vec<line::Line<'_>> =
            line::lines(&grid.bytes, grid.start).filter(|l| !l.bytes.trim_ascii().is_empty()).collect();
        let read = |l: &line::Line<'_>, field: Option<usize>| -> f64 {
            let cell = field.and_then(|f| line::fields(l.bytes, grid.separator).nth(f));
            cell.map(number::trim).and_then(number::plain).unwrap_or(f64::NAN)
        };
        let rows: Vec<[f64; 3]> = lines.iter().map(|l| [read(l, time), read(l, step), read(l, cycle)]).collect();
        // Where each point goes: before this row.
        let place = |p: &Point| match p.time {
            Some(at) => rows.iter().position(|r| r[0] > at).unwrap_or(rows.len()),
            None => {
                let same = |r: &[f64; 3]| r[2] == p.cycle;
                let before = rows.iter().rposition(|r| same(r) && r[1] < p.step);
                before.or_else(|| rows.iter().rposition(same)).map_or(rows.len(), |i| i + 1)
            }
        };
        let mut placed: Vec<(usize, &Point)> = mine.into_iter().map(|p| (place(p), p)).collect();
        placed.sort_by_key(|(at, _)| *at);

        let mut text = grid.bytes.get(..grid.start).unwrap_or_default().to_vec();
        let mut sheets = SheetLines(table.sheets.0.iter().take(1).cloned().collect());
        let mut next = placed.iter().peekable();
        let mut number_of_line = grid.first_line;
        for (i, line) in lines.iter().map(Some).chain([None]).enumerate() {
            let first = number_of_line;
            while let Some((_, p)) = next.next_if(|(at, _)| *at <= i) {
                sheets.0.push(SheetStart { line: number_of_line, sheet: p.sheet.clone(), row: p.row });
                let mut fields = vec![String::new(); grid.width];
                for (field, value) in [(step, p.step), (cycle, p.cycle)] {
                    if let (Some(slot), false) = (field.and_then(|f| fields.get_mut(f)), value.is_nan()) {
                        *slot = value.to_string();
                    }
                }
                fields.extend(p.cells.iter().cloned());
                text.extend_from_slice(fields.join("\t").as_bytes());
                text.push(b'\n');
                number_of_line += 1;
            }
            let Some(line) = line else { break };
            // The rows behind an insertion are still the rows of their sheet.
            if (number_of_line > first || i == 0)
                && let crate::error::Place::Cell { sheet, row, .. } =
                    table.sheets.place(crate::error::Place::line(line.number + grid.first_line - 1))
            {
                sheets.0.push(SheetStart { line: number_of_line, sheet, row });
            }
            text.extend_from_slice(line.bytes);
            text.push(b'\n');
            number_of_line += 1;
        }
        for (i, name) in COLUMNS.iter().enumerate() {
            if placed.iter().any(|(_, p)| p.cells.get(i).is_some_and(|c| !c.is_empty())) {
                table.columns.push(RawColumn { name: (*name).to_owned(), data: RawData::Field(grid.width + i) });
            }
        }
        grid.width += COLUMNS.len();
        grid.bytes = text.into();
        table.sheets = sheets;
        let message =
            format!("{} impedance point(s) of the ACIM sheets were put between the rows of the channel", placed.len());
        notes.push(Note::new(NoteCode::UnverifiedLayout, message).count(placed.len()));
        Ok(())
    }
}
