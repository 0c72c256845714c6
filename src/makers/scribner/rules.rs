//! What only ZPlot's files tell (docs/formats/scribner.md#columns).

use crate::error::Result;
use crate::map::cells::Cells;
use crate::map::{Context, need_rows};
use crate::note::{NoteCode, Notes};
use crate::schema::Column;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    unknown_time(cells, context.notes);
    Ok(())
}

/// Programs that write ZPlot's older form without knowing the time write 0 on each row.
fn unknown_time(cells: &mut Cells, notes: &mut Notes) {
    let is_unknown = cells.column(Column::Time).is_some_and(|time| time.len() > 1 && time.iter().all(|t| *t == 0.0));
    if is_unknown {
        cells.take(Role::Column(Column::Time));
        notes.say(
            NoteCode::ColumnsUnmapped,
            "the time is 0 on each row: the program that wrote the file did not know it, and there is none",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_0_throughout_is_none() {
        let mut cells = Cells::default();
        cells.rows = 2;
        cells.put(Column::Time, vec![0.0, 0.5]);
        unknown_time(&mut cells, &mut Notes::new());
        assert!(cells.column(Column::Time).is_some());
        cells.put(Column::Time, vec![0.0, 0.0]);
        unknown_time(&mut cells, &mut Notes::new());
        assert!(cells.column(Column::Time).is_none());
    }
}
