//! What only Gamry's files tell (docs/formats/gamry.md#rows).

use crate::error::Result;
use crate::map::cells::{Cells, record};
use crate::map::derive::steps_by_sign;
use crate::map::{Context, need_rows};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    open_circuit(cells, context);
    thermocouple(cells, context.notes);
    curves(cells, context.notes);
    steps_by_sign(cells, context.notes);
    Ok(())
}

/// Tables of an open circuit have `Vm`, what the electrometer read, and no current.
fn open_circuit(cells: &mut Cells, context: &mut Context<'_>) {
    let has = |name: &str| context.table.columns.iter().any(|c| (context.table.vocabulary.fold)(&c.name).key == name);
    let is_series = cells.column(Column::Frequency).is_none() && cells.column(Column::Voltage).is_some();
    if is_series && cells.column(Column::Current).is_none() && has("vm") && !has("im") {
        cells.put(Column::Current, vec![0.0; cells.rows]);
        context.notes.say(NoteCode::SignChanged, "no current column: an open circuit, the current is 0");
    }
}

/// Below absolute zero: what the instrument writes where no thermocouple is connected.
const NONE: f64 = -273.1;

fn thermocouple(cells: &mut Cells, notes: &mut Notes) {
    let Some(temperature) = cells.column(Column::Temperature) else { return };
    let without = temperature.iter().filter(|t| **t <= NONE).count();
    if without == 0 {
        return;
    }
    let first = temperature.iter().copied().find(|t| *t <= NONE).unwrap_or(NONE);
    let all = if without == temperature.len() { "there is no temperature" } else { "these have no temperature" };
    let message = format!("{first} °C in {without} row(s) stands for a thermocouple that is not connected: {all}");
    notes.push(Note::new(NoteCode::ImplausibleValues, message).count(without));
    if without == temperature.len() {
        cells.take(Role::Column(Column::Temperature));
    } else {
        cells.update(Role::Column(Column::Temperature), |t| if t <= NONE { f64::NAN } else { t });
    }
}

/// The tables of a test share a clock; one that begins anew is put one interval behind the table before it.
fn curves(cells: &mut Cells, notes: &mut Notes) {
    let (Some(time), Some(curve)) = (cells.column(Column::Time), cells.column(Column::CycleFromCycler)) else { return };
    let borders: Vec<usize> =
        (1..time.len()).filter(|i| curve[*i] != curve[*i - 1] && time[*i] < time[*i - 1]).collect();
    let Some(first) = borders.first().copied() else { return };
    let mut shifted = time.to_vec();
    for (k, row) in borders.iter().copied().enumerate() {
        let end = borders.get(k + 1).copied().unwrap_or(time.len());
        let interval = time.get(row + 1).filter(|_| row + 1 < end).map_or(0.0, |next| (next - time[row]).max(0.0));
        let shift = shifted[row - 1] + interval - time[row];
        shifted[row..end].iter_mut().for_each(|t| *t += shift);
    }
    let message = format!(
        "the time begins anew in {} table(s), the first from {} s to {} s; each was put one interval behind the table before it",
        borders.len(),
        time[first - 1],
        time[first]
    );
    notes.push(Note::new(NoteCode::TimeRepaired, message).count(borders.len()).at(record(first)));
    cells.put(Column::Time, shifted);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_begins_anew_stands_behind_the_one_before() {
        let mut cells = Cells::default();
        cells.rows = 5;
        cells.put(Column::Time, vec![1.0, 2.0, 3.0, 0.5, 1.0]);
        cells.put(Column::CycleFromCycler, vec![1.0, 1.0, 1.0, 2.0, 2.0]);
        let mut notes = Notes::new();
        curves(&mut cells, &mut notes);
        // 3 s, then one interval of 0.5 s.
        assert_eq!(cells.column(Column::Time).unwrap(), [1.0, 2.0, 3.0, 3.5, 4.0]);
        assert_eq!(notes.len(), 1);
    }

    #[test]
    fn no_thermocouple_is_no_temperature() {
        let mut cells = Cells::default();
        cells.rows = 2;
        cells.put(Column::Temperature, vec![-327.6, 24.0]);
        thermocouple(&mut cells, &mut Notes::new());
        assert_eq!(cells.column(Column::Temperature).unwrap()[1], 24.0);
        assert!(cells.column(Column::Temperature).unwrap()[0].is_nan());
        cells.put(Column::Temperature, vec![-327.6, -327.7]);
        thermocouple(&mut cells, &mut Notes::new());
        assert!(cells.column(Column::Temperature).is_none());
    }
}
