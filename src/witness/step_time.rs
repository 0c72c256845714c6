//! The file's step time against the time since our step began: over each step, and row by row.

use std::ops::Range;

use super::Evidence;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::scan::BLOCK;
use crate::signal::stats;

/// Seconds by which a step may differ, and share of steps that may.
const TOLERANCE: f64 = 1.0;
const STEPS: f64 = 0.01;

/// A difference that is told however few steps have it.
const ALWAYS: f64 = 60.0;

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    let (Some(step_time), Some(time)) = (evidence.reals(Column::StepTime)?, evidence.reals(Column::Time)?) else {
        return Ok(());
    };
    rows(evidence, &step_time, &time, notes);
    let (mut count, mut first, mut most) = (0usize, None, 0.0f64);
    for run in evidence.steps.iter() {
        let (Some(start), Some(end)) = (run.clone().next(), run.last()) else { continue };
        // The first record of a step may be late, so only what passes after it is compared.
        let (file, ours) = (step_time[end] - step_time[start], time[end] - time[start]);
        if (file - ours).abs() > TOLERANCE {
            count += 1;
            most = most.max((file - ours).abs());
            first = first.or(Some((end, file, ours)));
        }
    }
    let Some((row, file, ours)) = first else { return Ok(()) };
    let steps = evidence.steps.iter().len();
    if count as f64 > STEPS * steps as f64 || most > ALWAYS {
        let message = format!(
            "in {count} of {steps} steps the file's step time differs from the time since the step began, by up to {most} s: {file} s against {ours} s in the first. The test time was kept"
        );
        notes.push(Note::new(NoteCode::StepTimeDisagrees, message).count(count).at(Place::Row(row as u64)));
    }
    Ok(())
}

/// A single row whose times are apart from those of its neighbours, which agree.
fn rows(evidence: &Evidence<'_>, step_time: &[f64], time: &[f64], notes: &mut Notes) {
    let resolution = stats::resolution(time, 0.5).max(stats::resolution(step_time, 0.5));
    let least = (2.0 * resolution).max(0.05);
    let apart = |row: usize| time[row] - step_time[row];
    let leaves = |row: &usize| {
        let (before, at, after) = (apart(row - 1), apart(*row), apart(row + 1));
        let (a, b) = (at - before, at - after);
        a.abs().min(b.abs()) > least && a * b > 0.0 && (after - before).abs() <= 0.1 * a.abs().min(b.abs())
    };
    // A row at the end of a step has its two neighbours in different steps.
    let steps = evidence.steps_of(time.len());
    let inside = steps.iter().flat_map(|step| moved(time, step_time, step, least));
    let mut rows = inside.filter(leaves);
    let Some(row) = rows.next() else { return };
    let count = 1 + rows.count();
    let message = format!(
        "{count} row(s) have a test time and a step time that are apart by another amount than before and after: first row {row} with {} s and {} s, by {:.3} s. Both were kept",
        time[row],
        step_time[row],
        apart(row) - apart(row - 1)
    );
    notes.push(Note::new(NoteCode::StepTimeDisagrees, message).count(count).at(Place::Row(row as u64)));
}

/// Rows inside a step, neither its first nor its last, at which the two times get apart by more than `least`. Whole blocks
/// without one are passed over.
fn moved(time: &[f64], step_time: &[f64], step: Range<usize>, least: f64) -> impl Iterator<Item = usize> {
    let (first, end) = (step.start + 1, step.end.saturating_sub(1));
    let moves = move |(t0, t): (&f64, &f64), (s0, s): (&f64, &f64)| ((t - s) - (t0 - s0)).abs() > least;
    (first..end).step_by(BLOCK).flat_map(move |from| {
        let rows = from..end.min(from + BLOCK);
        let (t0, t) = (&time[rows.start - 1..rows.end - 1], &time[rows.clone()]);
        let (s0, s) = (&step_time[rows.start - 1..rows.end - 1], &step_time[rows.clone()]);
        let pairs = || t0.iter().zip(t).zip(s0.iter().zip(s));
        let is_odd = pairs().map(|(t, s)| u64::from(moves(t, s))).sum::<u64>() > 0;
        if !is_odd {
            return Vec::new();
        }
        pairs().zip(rows).filter(|((t, s), _)| moves(*t, *s)).map(|(_, row)| row).collect()
    })
}
