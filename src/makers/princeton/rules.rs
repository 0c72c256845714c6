//! What only VersaStudio's files tell (docs/formats/princeton.md#segments).

use crate::error::Result;
use crate::map::cells::{Cells, record};
use crate::map::{Context, need_rows};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::vocab::Role;

/// Every segment has the columns of an impedance; a frequency of 0 says that a row is none.
pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    impedance(cells, context.notes);
    Ok(())
}

fn impedance(cells: &mut Cells, notes: &mut Notes) {
    let Some(frequency) = cells.column(Column::Frequency) else { return };
    if frequency.is_empty() || frequency.iter().all(|f| *f > 0.0) {
        return;
    }
    let is_point: Vec<bool> = frequency.iter().map(|f| *f > 0.0).collect();
    let without = is_point.iter().filter(|point| !**point).count();
    let parts = [Column::ZRe, Column::ZIm];
    let lost =
        |row: usize| parts.iter().any(|part| cells.column(*part).is_some_and(|z| z[row] != 0.0 && !z[row].is_nan()));
    if let Some(row) = (0..is_point.len()).find(|row| !is_point[*row] && lost(*row)) {
        let count = (row..is_point.len()).filter(|row| !is_point[*row] && lost(*row)).count();
        let message = format!("{count} row(s) have an impedance and no frequency: it is not part of the output");
        notes.push(Note::new(NoteCode::CellsUnreadable, message).count(count).at(record(row)));
    }
    let message = format!("a frequency of 0 in {without} row(s) says that they are no points of a spectrum");
    notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(without));
    for column in [Column::Frequency, Column::ZRe, Column::ZIm] {
        let Some(mut values) = cells.take(Role::Column(column)) else { continue };
        if is_point.contains(&true) {
            values.iter_mut().zip(&is_point).filter(|(_, point)| !**point).for_each(|(value, _)| *value = f64::NAN);
            cells.put(column, values);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frequency_of_0_is_no_impedance() {
        let mut cells = Cells::default();
        cells.rows = 2;
        for (column, values) in
            [(Column::Frequency, [0.0, 10.0]), (Column::ZRe, [0.0, 3.0]), (Column::ZIm, [0.0, -1.0])]
        {
            cells.put(column, values.to_vec());
        }
        let blank = |cells: &Cells, column| cells.column(column).map(|values| values[0].is_nan());
        let mut notes = Notes::new();
        impedance(&mut cells, &mut notes);
        assert_eq!(notes.len(), 1, "and nothing was measured there");
        assert_eq!(blank(&cells, Column::ZIm), Some(true));
        assert_eq!(cells.column(Column::ZRe).unwrap()[1], 3.0);
    }
}
