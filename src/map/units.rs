//! The voltage against the counters: a step's energy divided by its charge is its mean voltage (docs/decisions.md,
//! `unit_doubt`).

use super::cells::Cells;
use super::conventions::Conventions;
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::Runs;
use crate::vocab::Role;

/// Pairs of counters of which one may have moved in the step that is looked at.
static COUNTERS: [(Column, Column); 3] = [
    (Column::Capacity, Column::Energy),
    (Column::ChargeCapacity, Column::ChargeEnergy),
    (Column::DischargeCapacity, Column::DischargeEnergy),
];

/// Mean voltage by the column over mean voltage by the counters, in the step that moves most charge.
fn ratio(cells: &Cells) -> Option<f64> {
    let voltage = cells.column(Column::Voltage)?;
    let pairs: Vec<(&[f64], &[f64])> =
        COUNTERS.iter().filter_map(|(q, e)| Some((cells.column(*q)?, cells.column(*e)?))).collect();
    if pairs.is_empty() {
        return None;
    }
    // Counters may restart where a step ends, so only rows of one step are compared.
    let steps = [Column::StepRun, Column::StepFromCycler, Column::CycleFromCycler];
    let runs = steps
        .iter()
        .find_map(|column| cells.column(*column))
        .map_or_else(|| Runs::new(cells.rows, |_| false), Runs::of);
    // The charge moved, its counters, and the first and last row.
    type Step<'c> = (f64, &'c [f64], &'c [f64], usize, usize);
    let mut best: Option<Step<'_>> = None;
    for (q, e) in pairs {
        for run in runs.iter().filter(|run| run.len() > 1) {
            let (start, end) = (run.start, run.end - 1);
            let moved = (q[end] - q[start]).abs();
            if moved > best.as_ref().map_or(0.0, |b| b.0) {
                best = Some((moved, q, e, start, end));
            }
        }
    }
    let (_, q, e, start, end) = best?;
    let by_counters = (e[end] - e[start]) / (q[end] - q[start]);
    let step = |k: usize| 0.5 * (voltage[k - 1] + voltage[k]) * (q[k] - q[k - 1]);
    let by_column = (start + 1..=end).map(step).filter(|v| !v.is_nan()).sum::<f64>() / (q[end] - q[start]);
    Some(by_column / by_counters).filter(|r| r.is_finite() && *r > 0.0)
}

/// Corrects millivolts under a header that says volts where the maker is known for it; else says that the factor is odd.
pub(crate) fn check_voltage(cells: &mut Cells, conventions: &Conventions, notes: &mut Notes) {
    let Some(ratio) = ratio(cells) else { return };
    let near = |factor: f64| (ratio / factor - 1.0).abs() < 0.05;
    let header = cells.header(Role::Column(Column::Voltage)).unwrap_or("voltage").to_owned();
    if conventions.volts_may_be_milli && near(1000.0) {
        cells.update(Role::Column(Column::Voltage), |v| v / 1000.0);
        let message = format!(
            "{header:?} holds millivolts whatever its header says: it is {ratio:.2} times what the counters give; divided by 1000"
        );
        notes.push(Note::new(NoteCode::UnitDoubt, message));
    } else if near(1000.0) || near(1e-3) {
        let message = format!(
            "{header:?} is {ratio:.5} times the mean voltage that energy over capacity gives; a unit in the header may be wrong"
        );
        notes.push(Note::new(NoteCode::UnitDoubt, message));
    }
}
