//! What only Arbin's spec knows (arbin.md §2).

use super::cells::Cells;
use crate::schema::Column;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells) {
    // 0 = not measured yet (§2.5).
    let resistance = Role::Column(Column::DcResistance);
    cells.update(resistance, |r| if r == 0.0 { f64::NAN } else { r });
    // Database extracts may leave step and cycle blank throughout (§5.3 C).
    for role in [resistance, Role::Column(Column::StepFromCycler), Role::Column(Column::CycleFromCycler)] {
        cells.drop_if_empty(role);
    }
    step_runs(cells);
}

/// A step time that falls while both indices stay: a one-line loop (§2.2).
fn step_runs(cells: &mut Cells) {
    let (Some(time), Some(step)) = (cells.column(Column::StepTime), cells.column(Column::StepFromCycler)) else {
        return;
    };
    let begins = |i: usize| time[i] < time[i - 1] && step[i] == step[i - 1];
    if (1..cells.rows).any(begins) {
        let runs = cells.count_runs(begins);
        cells.put(Column::StepRun, runs);
    }
}
