//! What only Landt's files tell (docs/formats/landt.md#records, docs/formats/landt.md#counters).

use super::words::LANDT;
use crate::error::Result;
use crate::map::cells::Cells;
use crate::map::derive::{step_runs, total_time, unknown_labels};
use crate::map::{Context, need_rows};
use crate::schema::Column;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    channel_number(cells);
    cells.drop_if_empty(Role::Column(Column::Temperature));
    sensors(cells);
    step_runs(cells);
    total_time(cells, context.notes);
    unknown_labels(cells, Column::Status, LANDT.direction, context.notes);
    Ok(())
}

/// A column that is called the channel's number is no record number where it stays the same.
fn channel_number(cells: &mut Cells) {
    let stays = |values: &[f64]| values.len() > 1 && values.windows(2).all(|pair| pair.first() == pair.last());
    if cells.column(Column::Record).is_some_and(stays) {
        cells.take(Role::Column(Column::Record));
    }
}

/// Sensors that nobody connected: no value, or 0 on every row.
fn sensors(cells: &mut Cells) {
    for role in [Role::Temperature, Role::AuxVoltage] {
        let mut columns = cells.numbered(role);
        columns.retain(|(_, values)| values.iter().any(|v| *v != 0.0 && !v.is_nan()));
        cells.put_numbered(role, columns);
    }
}
