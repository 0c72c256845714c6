//! Records at the borders of sequences, loops and sweeps that belong to the other side (docs/formats/biologic.md#steps-and-cycles).

use crate::map::cells::{Cells, record};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::vocab::Role;

/// Sets them right where other columns say so.
pub(super) fn settle(cells: &mut Cells, loops: &[usize], notes: &mut Notes) {
    late_flags(cells, notes);
    first_of_loops(cells, loops, notes);
    one_mode_a_sweep(cells, notes);
}

/// `Ns changes` that comes one record behind the change of `Ns` begins nothing once more.
fn late_flags(cells: &mut Cells, notes: &mut Notes) {
    let (Some(flag), Some(ns)) = (cells.reals(Role::SequenceStart), cells.column(Column::StepFromCycler)) else {
        return;
    };
    let ns_at = |row: usize| ns.get(row).copied().unwrap_or(f64::NAN);
    let late: Vec<usize> = (flag.windows(2).skip(1).zip(ns.windows(3)).enumerate())
        .filter(|(_, (flag, ns))| matches!((*flag, *ns), ([before, now], [a, b, c]) if *now == 1.0 && *before != 1.0 && a != b && b == c))
        .map(|(at, _)| at + 2)
        .collect();
    let Some(first) = late.first().copied() else { return };
    let message = format!(
        "{} row(s) say that Ns changes one record after it did, in the first from {} to {}: the change of Ns counts",
        late.len(),
        ns_at(first - 2),
        ns_at(first - 1)
    );
    let mut flag = flag.to_vec();
    for row in &late {
        if let Some(flag) = flag.get_mut(*row) {
            *flag = 0.0;
        }
    }
    cells.put_role(Role::SequenceStart, flag);
    notes.push(Note::new(NoteCode::StepNumbersDoubt, message).count(late.len()).at(record(first)));
}

/// The first record of a loop may still have the cycle number of the loop before.
fn first_of_loops(cells: &mut Cells, loops: &[usize], notes: &mut Notes) {
    let Some(cycle) = cells.column(Column::CycleFromCycler) else { return };
    let around = |row: &usize| cycle.get(row.checked_sub(1)?..row + 2);
    let lags = |row: &usize| matches!(around(row), Some([before, here, next]) if before == here && *next == here + 1.0);
    let lagging: Vec<usize> = loops.iter().copied().filter(lags).collect();
    let Some(first) = lagging.first().copied() else { return };
    let at = |row: usize| cycle.get(row).copied().unwrap_or(f64::NAN);
    let message = format!(
        "the first record of {} loop(s) has the cycle number of the loop before; it was given that of its own, in the first {} for {}",
        lagging.len(),
        at(first + 1),
        at(first)
    );
    let mut cycle = cycle.to_vec();
    for row in &lagging {
        if let Some([here, next]) = cycle.get_mut(*row..row + 2) {
            *here = *next;
        }
    }
    cells.put(Column::CycleFromCycler, cycle);
    notes.push(Note::new(NoteCode::CyclesCounted, message).count(lagging.len()).at(record(first)));
}

/// A spectrum is one step, whichever of its points are held by voltage or by current.
fn one_mode_a_sweep(cells: &mut Cells, notes: &mut Notes) {
    let (Some(f), Some(mode)) = (cells.column(Column::Frequency), cells.column(Column::ControlMode)) else { return };
    let ns = cells.column(Column::StepFromCycler);
    let goes_on: Vec<bool> = (f.windows(2).enumerate())
        .map(|(at, f)| {
            let is_one = |ns: &[f64]| matches!(ns.get(at..at + 2), Some([a, b]) if a == b);
            matches!(f, [a, b] if *a > 0.0 && *b > 0.0) && ns.is_none_or(is_one)
        })
        .collect();
    let is_kept = |(goes_on, mode): (&bool, &[f64])| *goes_on && matches!(mode, [a, b] if a != b);
    let changes: Vec<usize> = (goes_on.iter().zip(mode.windows(2)).enumerate())
        .filter(|(_, pair)| is_kept(*pair))
        .map(|(at, _)| at + 1)
        .collect();
    let Some(first) = changes.first().copied() else { return };
    let at = |row: usize| mode.get(row).copied().unwrap_or(f64::NAN);
    let message = format!(
        "the mode changes {} time(s) between points of a spectrum, first from {} to {}: they are one step all the same",
        changes.len(),
        at(first - 1),
        at(first)
    );
    notes.push(Note::new(NoteCode::StepNumbersDoubt, message).count(changes.len()).at(record(first)));
    let mut last = f64::NAN;
    let goes_on = std::iter::once(false).chain(goes_on);
    let kept = mode.iter().zip(goes_on).map(|(mode, goes_on)| {
        last = if goes_on { last } else { *mode };
        last
    });
    let kept = kept.collect();
    cells.put(Column::ControlMode, kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(columns: &[(Column, &[f64])]) -> Cells {
        let mut cells = Cells::default();
        cells.rows = columns[0].1.len();
        columns.iter().for_each(|(column, values)| cells.put(*column, values.to_vec()));
        cells
    }

    #[test]
    fn a_flag_behind_the_change_begins_nothing() {
        let mut late = cells(&[(Column::StepFromCycler, &[0.0, 0.0, 1.0, 1.0, 2.0, 2.0])]);
        late.put_role(Role::SequenceStart, vec![1.0, 0.0, 0.0, 1.0, 1.0, 0.0]);
        let mut notes = Notes::new();
        settle(&mut late, &[], &mut notes);
        assert_eq!(late.reals(Role::SequenceStart).unwrap(), [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        assert!(notes.has(NoteCode::StepNumbersDoubt));
    }

    #[test]
    fn a_loop_has_one_cycle_number() {
        let mut loops = cells(&[(Column::CycleFromCycler, &[1.0, 1.0, 1.0, 2.0, 2.0, 3.0])]);
        settle(&mut loops, &[0, 2, 5], &mut Notes::new());
        assert_eq!(loops.column(Column::CycleFromCycler).unwrap(), [1.0, 1.0, 2.0, 2.0, 2.0, 3.0]);
    }

    #[test]
    fn a_sweep_keeps_its_mode() {
        let f = [f64::NAN, 100.0, 10.0, 1.0, f64::NAN];
        let mut sweep = cells(&[(Column::Frequency, &f), (Column::ControlMode, &[3.0, 1.0, 2.0, 1.0, 2.0])]);
        let mut notes = Notes::new();
        settle(&mut sweep, &[], &mut notes);
        assert!(notes.iter().any(|note| note.count == Some(2) && note.message.contains("first from 1 to 2")));
        assert_eq!(sweep.column(Column::ControlMode).unwrap(), [3.0, 1.0, 1.0, 1.0, 2.0]);
    }
}
