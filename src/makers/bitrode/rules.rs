//! What only Bitrode's files tell (docs/formats/bitrode.md#steps).

use super::words::BITRODE;
use crate::error::Result;
use crate::map::cells::Cells;
use crate::map::derive::{step_runs, total_time, unknown_labels};
use crate::map::{Context, need_rows};
use crate::schema::Column;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    cells.drop_if_empty(Role::Column(Column::Temperature));
    step_runs(cells);
    total_time(cells, context.notes);
    unknown_labels(cells, Column::Mode, BITRODE.direction, context.notes);
    Ok(())
}
