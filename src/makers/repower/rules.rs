//! What only Repower's files tell (docs/formats/repower.md#time, docs/formats/repower.md#counters).

use super::words::REPOWER;
use crate::error::Result;
use crate::map::cells::Cells;
use crate::map::derive::{bare_time, step_runs, total_time, unknown_labels};
use crate::map::{Context, need_rows};
use crate::schema::Column;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    // 0 = not measured.
    let resistance = Role::Column(Column::DcResistance);
    cells.update(resistance, |r| if r == 0.0 { f64::NAN } else { r });
    for role in [resistance, Role::Column(Column::Temperature)] {
        cells.drop_if_empty(role);
    }
    bare_time(cells);
    step_runs(cells);
    total_time(cells, context.notes);
    unknown_labels(cells, Column::Status, REPOWER.direction, context.notes);
    Ok(())
}
