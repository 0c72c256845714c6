//! What only Novonix' files tell (docs/formats/novonix.md#steps).

use super::words::NOVONIX;
use crate::error::Result;
use crate::map::cells::Cells;
use crate::map::derive::{step_runs, unknown_labels};
use crate::map::{Context, need_rows};
use crate::schema::Column;
use crate::signal::Runs;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    marked_steps(cells);
    step_runs(cells);
    unknown_labels(cells, Column::Status, NOVONIX.direction, context.notes);
    Ok(())
}

/// Steps begin where the file marks a first record. A file whose every row says so marks nothing.
fn marked_steps(cells: &mut Cells) {
    let Some(position) = cells.take(Role::SequenceStart) else { return };
    let is_first = |position: &f64| *position == 1.0;
    if position.iter().all(is_first) || !position.iter().any(is_first) {
        return;
    }
    let step = cells.column(Column::StepFromCycler);
    let begins = |row: usize| {
        position.get(row).is_some_and(is_first) || step.is_some_and(|step| step.get(row) != step.get(row - 1))
    };
    let runs = Runs::new(cells.rows, begins).numbers();
    cells.put(Column::StepRun, runs);
}
