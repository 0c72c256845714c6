//! What only files of the Voltaiq data format tell.

use super::words::VOLTAIQ;
use crate::error::Result;
use crate::map::cells::Cells;
use crate::map::derive::{step_runs, unknown_labels};
use crate::map::{Context, need_rows};
use crate::schema::Column;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    for column in [Column::DcResistance, Column::Temperature, Column::ChamberTemperature] {
        cells.drop_if_empty(Role::Column(column));
    }
    step_runs(cells);
    unknown_labels(cells, Column::Status, VOLTAIQ.direction, context.notes);
    Ok(())
}
