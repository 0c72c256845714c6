//! What only NOVA's exports tell (docs/formats/autolab.md#columns).

use crate::error::Result;
use crate::map::cells::Cells;
use crate::map::derive::steps_by_sign;
use crate::map::{Context, need_rows};

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    steps_by_sign(cells, context.notes);
    Ok(())
}
