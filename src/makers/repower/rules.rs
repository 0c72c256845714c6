//! What only Repower's files tell (docs/formats/repower.md#time, docs/formats/repower.md#counters).

use super::words::REPOWER;
use crate::error::Result;
use crate::map::cells::Cells;
use crate::map::derive::{bare_time, step_runs, total_time, unknown_labels, zero_is_unmeasured};
use crate::map::{Context, need_rows};
use crate::schema::Column;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    zero_is_unmeasured(cells, Column::DcResistance, context.notes);
    cells.drop_if_empty(Role::Column(Column::Temperature));
    bare_time(cells);
    step_runs(cells);
    total_time(cells, context.notes);
    unknown_labels(cells, Column::Status, REPOWER.direction, context.notes);
    Ok(())
}
