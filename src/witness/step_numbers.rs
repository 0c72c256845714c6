//! The numbers of steps and cycles against the file's step time, and against themselves.

use std::borrow::Cow;

use super::evidence::Labelled;
use super::{Evidence, leaps};
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::frame::integers;
use crate::signal::scan::{changes, pairs_where};
use crate::signal::stats;
use crate::vocab::Direction;

/// Seconds by which two clocks of a file may differ over one interval.
const TOLERANCE: f64 = 0.5;

/// A step number that is further from all others than they are from each other, and than this, is none.
const FAR: f64 = 10.0;

/// The columns, each taken once.
struct Numbers<'f> {
    step: Counts<'f>,
    cycle: Option<Counts<'f>>,
    frame: Option<Counts<'f>>,
    step_time: Option<Cow<'f, [f64]>>,
}

/// Whole numbers as they stand, or what is there instead.
enum Counts<'f> {
    Whole(&'f [i64]),
    Real(Cow<'f, [f64]>),
}

impl<'f> Counts<'f> {
    fn of(evidence: &Evidence<'f>, column: Column) -> Result<Option<Self>> {
        match integers(evidence.frame, column.name()) {
            Some(values) => Ok(Some(Self::Whole(values))),
            None => Ok(evidence.reals(column)?.map(Self::Real)),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Whole(values) => values.len(),
            Self::Real(values) => values.len(),
        }
    }

    fn at(&self, row: usize) -> f64 {
        match self {
            Self::Whole(values) => values[row] as f64,
            Self::Real(values) => values[row],
        }
    }

    /// Rows at which the number is known to change.
    fn changes(&self) -> Vec<usize> {
        match self {
            Self::Whole(values) => changes(values),
            Self::Real(values) => pairs_where(values, |before, at| (before < at) | (before > at)),
        }
    }

    /// Whether a row alone has a number above those on both sides, which rise: 2, 4, 3.
    fn stands_out(&self, row: usize) -> bool {
        row > 0 && row + 1 < self.len() && self.at(row - 1) < self.at(row + 1) && self.at(row + 1) < self.at(row)
    }

    /// The row whose number is far from all others. A number that stands in two rows is not alone, whatever follows.
    fn alone(&self, changes: &[usize]) -> Option<usize> {
        match self {
            Self::Whole(_) => {
                let firsts = std::iter::once(0).chain(changes.iter().copied());
                let ends = changes.iter().copied().chain([self.len()]);
                let rows = firsts.zip(ends).flat_map(|(first, end)| first..end.min(first + 2));
                leaps::alone(rows.map(|row| (row, self.at(row))), self.len(), FAR)
            }
            Self::Real(values) => leaps::alone(values.iter().copied().enumerate(), self.len(), FAR),
        }
    }

    /// Whether the number is known to stay the same at a row.
    fn stays(&self, row: usize) -> bool {
        match self {
            Self::Whole(values) => values[row] == values[row - 1],
            Self::Real(values) => values[row] == values[row - 1],
        }
    }
}

impl Numbers<'_> {
    /// Whether neither step nor cycle number changes at a row.
    fn stay(&self, row: usize) -> bool {
        self.step.stays(row) && [&self.cycle, &self.frame].into_iter().flatten().all(|values| values.stays(row))
    }
}

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    let cycle = Counts::of(evidence, Column::CycleFromCycler)?;
    if let Some(cycle) = &cycle {
        cycles(cycle, notes);
    }
    let Some(step) = Counts::of(evidence, Column::StepFromCycler)? else { return Ok(()) };
    let (frame, step_time) = (Counts::of(evidence, Column::Frame)?, evidence.reals(Column::StepTime)?);
    let numbers = Numbers { step, cycle, frame, step_time };
    let changes = numbers.step.changes();
    lone_rows(&numbers.step, &changes, notes);
    labels(evidence, &numbers, notes);
    if let Some(step_time) = &numbers.step_time {
        let falls = pairs_where(step_time, |before, at| at < before);
        step_times(evidence, (&numbers.step, &changes), (step_time, &falls), notes)?;
        modes(evidence, &numbers, &falls, notes)?;
    }
    Ok(())
}

/// A step time falls where a step begins, and nowhere else.
fn step_times(
    evidence: &Evidence<'_>,
    (number, changes): (&Counts<'_>, &[usize]),
    (step_time, falls): (&[f64], &[usize]),
    notes: &mut Notes,
) -> Result<()> {
    let Some(time) = evidence.reals(Column::Time)? else { return Ok(()) };
    let by_step = |row: usize| step_time[row] - step_time[row - 1];
    // A step begins where the step time falls, or should.
    let odd = |row: &&usize| by_step(**row) < -TOLERANCE && !evidence.steps.begins_at(**row);
    let falls = (falls.iter().filter(odd).count(), falls.iter().find(odd).copied());
    // A step that begins has the time that passed as its own, unless the step before had lasted for some, or was left out of the
    // order that the numbers around it have.
    let goes_on = |row: &&usize| {
        let (row, passed) = (**row, time[**row] - time[**row - 1]);
        let is_carried = by_step(row) > TOLERANCE && (passed - by_step(row)).abs() <= TOLERANCE;
        is_carried && (step_time[row - 1] > 2.0 * TOLERANCE || number.stands_out(row - 1))
    };
    let carries_on = (changes.iter().filter(goes_on).count(), changes.iter().find(goes_on).copied());
    if let (count, Some(row)) = carries_on {
        let message = format!(
            "at {count} border(s) of {} the file's step time carries on: first at row {row}, step {} after {}, step time {} s after {} s. The steps follow the numbers",
            evidence.steps.len().saturating_sub(1),
            number.at(row),
            number.at(row - 1),
            step_time[row],
            step_time[row - 1]
        );
        notes.push(Note::new(NoteCode::StepNumbersDoubt, message).count(count).at(Place::Row(row as u64)));
    }
    if let (count, Some(row)) = falls {
        let message = format!(
            "{count} time(s) the file's step time falls inside a step: first at row {row} of step {}, {} s after {} s. The steps follow the numbers",
            number.at(row),
            step_time[row],
            step_time[row - 1]
        );
        notes.push(Note::new(NoteCode::StepNumbersDoubt, message).count(count).at(Place::Row(row as u64)));
    }
    Ok(())
}

/// A row with a step number of its own between rows of one step, or one that is far from all others.
fn lone_rows(number: &Counts<'_>, changes: &[usize], notes: &mut Notes) {
    if let Some(row) = number.alone(changes) {
        let message = format!(
            "the step number {} of row {row} is far from all others. The steps follow the numbers",
            number.at(row)
        );
        notes.push(Note::new(NoteCode::StepNumbersDoubt, message).count(1).at(Place::Row(row as u64)));
    }
    let is_lone = |row: &usize| row + 1 < number.len() && number.at(row - 1) == number.at(row + 1);
    let mut rows = changes.iter().copied().filter(is_lone);
    let Some(row) = rows.next() else { return };
    let count = 1 + rows.count();
    let message = format!(
        "{count} row(s) have a step number of their own between rows of one step: first row {row}, step {} between {}. The steps follow the numbers",
        number.at(row),
        number.at(row - 1)
    );
    notes.push(Note::new(NoteCode::StepNumbersDoubt, message).count(count).at(Place::Row(row as u64)));
}

/// A step that is executed again has the label that it had: charge, discharge or rest.
fn labels(evidence: &Evidence<'_>, numbers: &Numbers<'_>, notes: &mut Notes) {
    let Some(runs) = evidence.directions() else { return };
    // A wave may change its label while the step goes on.
    let begins = |row: usize| numbers.step_time.as_ref().is_none_or(|t| t[row] < t[row - 1]);
    let is_known = |run: &Labelled<'_>| run.direction != Direction::Unknown && !run.label.is_empty();
    let changes = |pair: &&[Labelled<'_>]| match pair {
        [before, after] => {
            let row = after.rows.start;
            before.direction != after.direction
                && is_known(before)
                && is_known(after)
                && begins(row)
                && numbers.stay(row)
        }
        _ => false,
    };
    let mut pairs = runs.windows(2).filter(changes);
    let Some([before, after]) = pairs.next() else { return };
    let (count, row) = (1 + pairs.count(), after.rows.start);
    let message = format!(
        "{count} time(s) the label changes between charge, discharge and rest while neither step nor cycle number does: first at row {row}, {:?} after {:?}",
        after.label, before.label
    );
    notes.push(Note::new(NoteCode::StepNumbersDoubt, message).count(count).at(Place::Row(row as u64)));
}

/// A step that is executed again charges, discharges or rests as it did before.
fn modes(evidence: &Evidence<'_>, numbers: &Numbers<'_>, falls: &[usize], notes: &mut Notes) -> Result<()> {
    let Some(current) = evidence.reals(Column::Current)? else { return Ok(()) };
    let begins_again = |row: &usize| row + 1 < current.len() && numbers.stay(*row);
    let mut again = falls.iter().copied().filter(begins_again).peekable();
    if again.peek().is_none() {
        return Ok(());
    }
    let rest = stats::rest_threshold(&current);
    let side = |row: usize| i8::from(current[row] > rest) - i8::from(current[row] < -rest);
    // The first row of a step may be one before its current flows.
    let changes = |row: &usize| side(row - 1) != side(*row) && side(row - 1) != side(row + 1);
    let mut rows = again.filter(changes);
    let Some(row) = rows.next() else { return Ok(()) };
    let count = 1 + rows.count();
    let message = format!(
        "{count} time(s) the step time begins anew and the current changes between charge, discharge and rest while neither step nor cycle number does: first at row {row}, {} A after {} A",
        current[row],
        current[row - 1]
    );
    notes.push(Note::new(NoteCode::StepNumbersDoubt, message).count(count).at(Place::Row(row as u64)));
    Ok(())
}

/// Cycle numbers rise by one.
fn cycles(cycles: &Counts<'_>, notes: &mut Notes) {
    let (mut falls, mut skips, mut first) = (0usize, 0usize, None);
    let mut see = |row: usize, last: f64, cycle: f64| {
        let change = cycle - last;
        if !(0.0..=1.0).contains(&change) {
            falls += usize::from(change < 0.0);
            skips += usize::from(change > 1.0);
            first = first.or(Some((row, last, cycle)));
        }
    };
    match cycles {
        Counts::Whole(_) => cycles.changes().into_iter().for_each(|row| see(row, cycles.at(row - 1), cycles.at(row))),
        Counts::Real(values) => {
            let known: Vec<(usize, f64)> = values.iter().copied().enumerate().filter(|(_, v)| !v.is_nan()).collect();
            known.windows(2).for_each(|pair| see(pair[1].0, pair[0].1, pair[1].1));
        }
    }
    let Some((row, before, after)) = first else { return };
    let message = format!(
        "cycle numbers fall {falls} time(s) and skip {skips} time(s): first at row {row}, {after} after {before}. The cycles follow the numbers"
    );
    notes.push(Note::new(NoteCode::StepNumbersDoubt, message).count(falls + skips).at(Place::Row(row as u64)));
}
