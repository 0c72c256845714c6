//! What follows from other columns where a file does not state it, whoever wrote it: which time a bare one is, executed steps,
//! the test time. Rules of makers ask for what they need.

use super::cells::Cells;
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::{Begin, Runs};
use crate::text::grid::NO_TIME;
use crate::vocab::{Direction, Role};

/// Labels that the maker's vocabulary does not know.
pub(crate) fn unknown_labels(cells: &Cells, column: Column, direction: fn(&str) -> Direction, notes: &mut Notes) {
    let Some(labels) = cells.labels(column) else { return };
    let unknown: Vec<String> =
        labels.names.iter().filter(|n| !n.is_empty() && direction(n) == Direction::Unknown).cloned().collect();
    if !unknown.is_empty() {
        let note = Note::new(NoteCode::LabelsUnknown, "step types that are not known carry no direction");
        notes.push(note.count(unknown.len()).examples(unknown.into_iter().take(3)));
    }
}

/// A 0 that stands for a value that was not measured.
pub(crate) fn zero_is_unmeasured(cells: &mut Cells, column: Column, notes: &mut Notes) {
    let role = Role::Column(column);
    let Some(values) = cells.column(column) else { return };
    let (zeros, rows) = (values.iter().filter(|v| **v == 0.0).count(), values.len());
    if zeros > 0 {
        let name = cells.header(role).unwrap_or_default();
        let message = format!("{name:?}: 0 on {zeros} of {rows} row(s) stands for a value that was not measured");
        notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(zeros));
        cells.update(role, |v| if v == 0.0 { f64::NAN } else { v });
    }
    cells.drop_if_empty(role);
}

/// Cycles that are numbered, and no steps: the steps are the runs of one sign of the current.
pub(crate) fn steps_by_sign(cells: &mut Cells, notes: &mut Notes) {
    let is_series = cells.column(Column::Frequency).is_none() && cells.column(Column::CycleFromCycler).is_some();
    let Some(current) = cells.column(Column::Current).filter(|_| is_series) else { return };
    let runs = Runs::of_sign(current).numbers();
    cells.put(Column::StepRun, runs);
    notes.say(NoteCode::StepsCounted, "the file numbers no steps: they are the runs of one sign of the current");
}

/// `Time` beside a total time is the step time; alone, it is what its values show.
pub(crate) fn bare_time(cells: &mut Cells) {
    let Some(bare) = cells.take(Role::BareTime) else { return };
    let falls = || bare.windows(2).any(|w| w[1] < w[0]);
    let target = if cells.column(Column::Time).is_some() || falls() { Column::StepTime } else { Column::Time };
    if cells.column(target).is_none() {
        cells.put(target, bare);
    }
}

/// The step run where the file does not state it: the step mark, else a change of the program step or a fall of the step
/// time.
pub(crate) fn step_runs(cells: &mut Cells) {
    let mark = cells.take(Role::StepMark);
    if cells.column(Column::StepRun).is_some() {
        return;
    }
    let step = cells.column(Column::StepFromCycler);
    let time = cells.column(Column::StepTime);
    let cycle = cells.column(Column::CycleFromCycler);
    let marked = mark.as_ref().is_some_and(|m| m.contains(&0.0));
    if step.is_none() && time.is_none() && !marked {
        return;
    }
    let mut columns: Vec<(&[f64], Begin)> = Vec::new();
    if marked {
        columns.extend(mark.as_deref().map(|mark| (mark, Begin::Zero)));
    } else {
        columns.extend([step, cycle].into_iter().flatten().map(|column| (column, Begin::Change)));
        columns.extend(time.map(|time| (time, Begin::Fall)));
    }
    let runs = Runs::of_columns(cells.rows, &columns).numbers();
    cells.put(Column::StepRun, runs);
}

/// The finest total time that the file has: its own, the sum of step times, or the wall clock.
pub(crate) fn total_time(cells: &mut Cells, notes: &mut Notes) {
    let whole = |v: &[f64]| v.iter().all(|t| t.is_nan() || *t == (*t as i64) as f64);
    // Some programs drop the decimals of a long total time; the step times still have them.
    let finer = || cells.column(Column::StepTime).is_some_and(|t| !whole(t));
    if cells.column(Column::Time).is_some_and(|total| !whole(total) || !finer()) {
        return;
    }
    match (cells.column(Column::Time), sum_of_steps(cells)) {
        (Some(total), Some(summed)) => {
            let first = total.first().copied().unwrap_or_default() - summed.first().copied().unwrap_or_default();
            let near = |(a, b): (&f64, &f64)| (a - b - first).abs() <= 1.0 || a.is_nan() || b.is_nan();
            if total.iter().zip(&summed).all(near) {
                notes.say(
                    NoteCode::TimeRepaired,
                    "the total time has whole seconds only; the sum of the step times was used",
                );
                cells.put(Column::Time, summed);
            }
        }
        (Some(_), None) => {}
        (None, Some(summed)) => {
            notes.say(NoteCode::TimeRepaired, "no total time; the sum of the step times was used");
            cells.put(Column::Time, summed);
        }
        (None, None) => {
            let Some(stamps) = &cells.stamps else { return };
            let first = stamps.iter().copied().find(|s| *s != NO_TIME).unwrap_or(0);
            let since = |s: &i64| if *s == NO_TIME { f64::NAN } else { (s - first) as f64 / 1000.0 };
            let time = stamps.iter().map(since).collect();
            notes.say(NoteCode::TimeRepaired, "no test time; the differences of the time stamps were used");
            cells.put(Column::Time, time);
        }
    }
}

/// Σ of the last step time of all earlier runs, plus the record's own.
fn sum_of_steps(cells: &Cells) -> Option<Vec<f64>> {
    let (time, run) = (cells.column(Column::StepTime)?, cells.column(Column::StepRun)?);
    // Milliseconds are added as integers, so that nothing drifts.
    let (mut base, mut last) = (0i64, 0i64);
    let mut sum = |i: usize| {
        if i > 0 && run[i] != run[i - 1] {
            base = base.saturating_add(last);
        }
        if time[i].is_nan() {
            return f64::NAN;
        }
        last = (time[i] * 1000.0).round() as i64;
        base.saturating_add(last) as f64 / 1000.0
    };
    Some((0..cells.rows).map(&mut sum).collect())
}
