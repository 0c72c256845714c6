//! What only BaSyTec's files tell (docs/formats/basytec.md#counters, docs/formats/basytec.md#steps).

use super::words::BASYTEC;
use crate::error::Result;
use crate::map::cells::{Cells, record};
use crate::map::derive::{step_runs, total_time, unknown_labels, zero_is_unmeasured};
use crate::map::{Context, need_rows};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::Runs;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    magnitudes(cells, context.notes);
    for column in [Column::DcResistance, Column::AcResistance] {
        zero_is_unmeasured(cells, column, context.notes);
    }
    for column in [Column::Temperature, Column::ChamberTemperature] {
        cells.drop_if_empty(Role::Column(column));
    }
    late_cycles(cells, context.notes);
    label_runs(cells);
    step_runs(cells);
    total_time(cells, context.notes);
    unknown_labels(cells, Column::Status, BASYTEC.direction, context.notes);
    Ok(())
}

/// A counter of what was discharged may count down from 0.
fn magnitudes(cells: &mut Cells, notes: &mut Notes) {
    for column in [Column::DischargeCapacity, Column::DischargeEnergy] {
        let Some(values) = cells.column(column) else { continue };
        let counts_down = values.iter().any(|v| *v < 0.0) && !values.iter().any(|v| *v > 0.0);
        if counts_down {
            let name = cells.header(Role::Column(column)).unwrap_or_default();
            let message = format!("{name:?} counts down from 0; its magnitude was taken");
            notes.push(Note::new(NoteCode::SignChanged, message).count(values.len()));
            cells.update(Role::Column(column), f64::abs);
        }
    }
}

/// The count of cycles rises behind the first record of a step, which still shows that of the step before: the record counts to
/// the cycle of its step, or it would be a step of its own.
fn late_cycles(cells: &mut Cells, notes: &mut Notes) {
    let (Some(cycle), Some(line), Some(time)) =
        (cells.column(Column::CycleFromCycler), cells.column(Column::StepFromCycler), cells.column(Column::StepTime))
    else {
        return;
    };
    let begins = |row: usize| row == 0 || line[row] != line[row - 1] || time[row] < time[row - 1];
    let is_late = |row: &usize| {
        let next = row + 1;
        begins(*row) && next < cells.rows && !begins(next) && cycle[*row] < cycle[next]
    };
    let late: Vec<usize> = (0..cells.rows).filter(is_late).collect();
    let Some(first) = late.first().copied() else { return };
    let mut settled = cycle.to_vec();
    late.iter().for_each(|row| settled[*row] = cycle[row + 1]);
    let message = format!(
        "{} record(s) at which a step begins show the cycle {} of the step before; they were given that of their own, as the \
         records behind them have it",
        late.len(),
        cycle[first]
    );
    notes.push(Note::new(NoteCode::CyclesCounted, message).count(late.len()).at(record(first)));
    cells.put(Column::CycleFromCycler, settled);
}

/// The csv files number no lines: a step is a run of one type.
fn label_runs(cells: &mut Cells) {
    if cells.column(Column::StepFromCycler).is_some() || cells.column(Column::StepTime).is_some() {
        return;
    }
    let Some(labels) = cells.labels(Column::Status) else { return };
    let runs = Runs::of(&labels.codes).numbers();
    cells.put(Column::StepRun, runs);
}
