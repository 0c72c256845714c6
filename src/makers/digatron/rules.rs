//! What only Digatron's files tell (docs/formats/digatron.md#rows, docs/formats/digatron.md#steps).

use super::words::DIGATRON;
use crate::error::Result;
use crate::map::cells::Cells;
use crate::map::derive::{step_runs, total_time, unknown_labels};
use crate::map::{Context, need_rows};
use crate::note::Notes;
use crate::schema::Column;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    messages(cells, context.notes);
    cells.drop_if_empty(Role::Column(Column::Temperature));
    step_runs(cells);
    total_time(cells, context.notes);
    unknown_labels(cells, Column::Status, DIGATRON.direction, context.notes);
    Ok(())
}

/// Rows of the log, which measure nothing.
fn messages(cells: &mut Cells, notes: &mut Notes) {
    let Some(labels) = cells.labels(Column::Status) else { return };
    let is_message = labels.map(|text| text.trim().eq_ignore_ascii_case("MSG"));
    if !is_message.contains(&true) {
        return;
    }
    let keep: Vec<bool> =
        labels.codes.iter().map(|code| !is_message.get(*code as usize).copied().unwrap_or(false)).collect();
    cells.keep_rows(&keep, "messages of the cycler's log", notes);
}
