//! What only Landt's files tell (docs/formats/landt.md#records, docs/formats/landt.md#counters).

use super::words::LANDT;
use crate::error::Result;
use crate::map::cells::Cells;
use crate::map::derive::{step_runs, total_time, unknown_labels};
use crate::map::{Context, need_rows};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    channel_number(cells, context.notes);
    cells.drop_if_empty(Role::Column(Column::Temperature));
    sensors(cells, context.notes);
    step_runs(cells);
    total_time(cells, context.notes);
    unknown_labels(cells, Column::Status, LANDT.direction, context.notes);
    Ok(())
}

/// A column that is called the channel's number is no record number where it stays the same.
fn channel_number(cells: &mut Cells, notes: &mut Notes) {
    let role = Role::Column(Column::Record);
    let Some(records) = cells.column(Column::Record) else { return };
    let Some(first) = records.first().copied().filter(|_| records.len() > 1) else { return };
    if records.iter().all(|record| *record == first) {
        let name = cells.header(role).unwrap_or_default();
        let message =
            format!("{name:?} is {first} on each row, the channel and no record number: it is not part of the output");
        notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(1));
        cells.take(role);
    }
}

/// Sensors that nobody connected: no value, or 0 on every row.
fn sensors(cells: &mut Cells, notes: &mut Notes) {
    for role in [Role::Temperature, Role::AuxVoltage] {
        let (kept, empty): (Vec<_>, Vec<_>) =
            cells.numbered(role).into_iter().partition(|(_, values)| values.iter().any(|v| *v != 0.0 && !v.is_nan()));
        if !empty.is_empty() {
            let list = empty.iter().map(|(number, _)| number.to_string()).collect::<Vec<_>>().join(", ");
            let message = format!(
                "{} {list}: 0 or nothing on each row stands for a sensor that is not connected; not part of the output",
                role.name()
            );
            notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(empty.len()));
        }
        cells.put_numbered(role, kept);
    }
}
