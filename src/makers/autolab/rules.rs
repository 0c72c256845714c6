//! What only NOVA's exports tell (docs/formats/autolab.md#columns).

use crate::error::Result;
use crate::map::cells::Cells;
use crate::map::{Context, need_rows};
use crate::note::{NoteCode, Notes};
use crate::schema::Column;
use crate::signal::Runs;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    steps(cells, context.notes);
    Ok(())
}

/// Cycles that are numbered, and no steps: the steps are the runs of one sign of the current.
fn steps(cells: &mut Cells, notes: &mut Notes) {
    let is_series = cells.column(Column::Frequency).is_none() && cells.column(Column::CycleFromCycler).is_some();
    let Some(current) = cells.column(Column::Current).filter(|_| is_series) else { return };
    let runs = Runs::of_sign(current).numbers();
    cells.put(Column::StepRun, runs);
    notes.say(NoteCode::StepsCounted, "the file numbers no steps: they are the runs of one sign of the current");
}
