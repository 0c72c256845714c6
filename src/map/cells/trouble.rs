//! What is said of a text that was parsed: everything that was dropped, padded or not understood.

use super::parse::Wanted;
use crate::error::Place;
use crate::note::{Note, NoteCode, Notes};
use crate::table::{RawData, RawTable};
use crate::text::decimal::Decimal;
use crate::text::grid::{CutCell, Outcome, Trouble, Want};

impl Outcome {
    /// Notes for all of it; `uses` are the fields that were asked for.
    pub(super) fn tell(&self, table: &RawTable, uses: &[Wanted], notes: &mut Notes) {
        self.tell_cells(table, uses, notes);
        self.tell_rows(table, notes);
        if let Some(place) = &self.cut {
            let note = Note::new(NoteCode::PartialFile, "the last row is cut off and was dropped");
            notes.push(note.count(1).at(place.clone()));
        }
        if let Some(cut) = &self.cut_cell {
            tell_cut_cell(cut, table, uses, notes);
        }
        if self.decimal == Decimal::Comma {
            notes.say(NoteCode::UnitConverted, "numbers are written with a decimal comma");
        }
    }

    fn tell_cells(&self, table: &RawTable, uses: &[Wanted], notes: &mut Notes) {
        for (column, wanted) in self.columns.iter().zip(uses) {
            let is_it = |data: &RawData| *data == RawData::Field(wanted.field);
            let name = table.columns.iter().find(|column| is_it(&column.data)).map_or("", |column| &column.name);
            let kind = match wanted.want {
                Want::Timestamp(_) => "a date and time",
                Want::Duration { clock: true } => "a duration",
                _ => "a number",
            };
            let count = column.unreadable.count;
            let message = format!("{name:?}: {count} cell(s) are not {kind} and became null");
            say(NoteCode::CellsUnreadable, &column.unreadable, message, table, notes);
        }
    }

    fn tell_rows(&self, table: &RawTable, notes: &mut Notes) {
        let joins_thousands = table.grid.as_ref().is_some_and(|grid| grid.joins_thousands);
        let (long, surplus) = if joins_thousands {
            (NoteCode::RowsDropped, "no number explains them: dropped")
        } else {
            (NoteCode::RowsRagged, "the surplus is not read")
        };
        let surplus = format!("have more filled fields than the header; {surplus}");
        for (code, trouble, unit, what) in [
            (NoteCode::RowsDropped, &self.repeated, "row(s)", "repeat the row before and were dropped"),
            (NoteCode::RowsDropped, &self.headers, "line(s)", "repeat the header and were dropped"),
            (NoteCode::RowsRagged, &self.short, "row(s)", "have fewer fields than the header; the rest is null"),
            (long, &self.long, "row(s)", &*surplus),
            (
                NoteCode::RowsRagged,
                &self.joined,
                "row(s)",
                "hold numbers with unquoted thousands separators, which were joined",
            ),
        ] {
            say(code, trouble, format!("{} {unit} {what}", trouble.count), table, notes);
        }
    }
}

fn say(code: NoteCode, trouble: &Trouble, message: String, table: &RawTable, notes: &mut Notes) {
    if trouble.count > 0 {
        let examples = trouble.examples.iter().map(|cell| table.encoding.decode(cell).0.trim().to_owned());
        let mut note = Note::new(code, message).count(trouble.count).examples(examples);
        note.place.clone_from(&trouble.first);
        notes.push(note);
    }
}

fn tell_cut_cell(cut: &CutCell, table: &RawTable, uses: &[Wanted], notes: &mut Notes) {
    let is_wanted = uses.iter().any(|wanted| wanted.field == cut.field);
    let what = if is_wanted { "the row was dropped" } else { "its column is not read, the row was kept" };
    let message = format!("the file ends inside its last cell, which is shorter than all before it; {what}");
    let place = Place::Line { line: cut.line, field: Some(cut.field as u32 + 1) };
    let example = table.encoding.decode(&cut.cell).0.into_owned();
    notes.push(Note::new(NoteCode::PartialFile, message).count(1).at(place).examples([example]));
}
