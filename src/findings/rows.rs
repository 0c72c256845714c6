//! Which rows a finding is about: its numbers name the first, the table has the others.

use std::borrow::Cow;
use std::ops::Range;

use polars::prelude::DataFrame;

use super::{MOST, Span, contradiction};
use crate::error::Result;
use crate::issue::{Number, Payload};
use crate::schema::Column;
use crate::signal::{Runs, reals, runs_of};

/// The rows of a measurement, as far as findings are placed by them.
pub struct Table<'f> {
    frame: &'f DataFrame,
    time: Option<Cow<'f, [f64]>>,
    /// Runs of equal `Step count`, which findings count from 0.
    steps: Option<Runs>,
}

impl<'f> Table<'f> {
    pub fn of(frame: &'f DataFrame) -> Result<Self> {
        Ok(Self { frame, time: reals(frame, Column::Time)?, steps: runs_of(frame, Column::StepCount)? })
    }

    /// Spans of rows with their times, as many as are marked, and how many there are beyond.
    pub fn spans(&self, rows: Vec<Range<usize>>) -> (Vec<Span>, usize) {
        let height = self.frame.height();
        let is_there = |rows: &Range<usize>| rows.start < rows.end && rows.start < height;
        let more = rows.len().saturating_sub(MOST);
        let span = |rows: Range<usize>| {
            let (first, last) = (rows.start, rows.end.min(height) - 1);
            Span { first, last, from: self.time_at(first), to: self.time_at(last) }
        };
        (rows.into_iter().take(MOST).filter(is_there).map(span).collect(), more)
    }

    /// The time of a row, or the last one that is known there.
    fn time_at(&self, row: usize) -> f64 {
        let Some(time) = &self.time else { return f64::NAN };
        let before = time.iter().take(row + 1).rev().find(|t| t.is_finite());
        before.or_else(|| time.iter().find(|t| t.is_finite())).copied().unwrap_or(f64::NAN)
    }

    fn step(&self, index: u64) -> Vec<Range<usize>> {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        self.steps.iter().flat_map(|steps| steps.iter().nth(index)).collect()
    }

    /// The steps with these values of `Step count`.
    fn counted(&self, counts: &[Number]) -> Result<Vec<Range<usize>>> {
        let (Some(steps), Some(values)) = (&self.steps, reals(self.frame, Column::StepCount)?) else {
            return Ok(Vec::new());
        };
        let is_meant = |step: &Range<usize>| counts.iter().any(|count| values.get(step.start) == Some(&count.0));
        Ok(steps.iter().filter(is_meant).collect())
    }

    /// Neighbouring rows that have a time and are told apart by `is_meant`, which gets both times.
    fn neighbours(&self, is_meant: impl Fn(f64, f64) -> bool) -> Vec<Range<usize>> {
        let time = self.time.as_deref().unwrap_or_default();
        let mut found = Vec::new();
        let mut last: Option<(usize, f64)> = None;
        for (row, t) in time.iter().enumerate().filter(|(_, t)| !t.is_nan()) {
            if let Some((before, then)) = last
                && is_meant(then, *t)
            {
                found.push(before..row + 1);
            }
            last = Some((row, *t));
        }
        found
    }

    /// From the first row of the step to this one.
    fn up_to(&self, row: u64) -> Vec<Range<usize>> {
        let rows = one(row);
        let start = self.steps.as_ref().zip(rows.first()).map(|(steps, rows)| steps.around(rows.start).start);
        rows.into_iter().map(|rows| start.unwrap_or(rows.start)..rows.end).collect()
    }

    fn contradictions(&self) -> Result<Vec<Range<usize>>> {
        let (current, voltage) = (reals(self.frame, Column::Current)?, reals(self.frame, Column::Voltage)?);
        let (Some(time), Some(current), Some(voltage)) = (&self.time, current, voltage) else { return Ok(Vec::new()) };
        let by_sign = self.steps.is_none().then(|| Runs::of_sign(&current));
        let steps = self.steps.as_ref().or(by_sign.as_ref());
        Ok(steps.map(|steps| contradiction::rows(time, &current, &voltage, steps)).unwrap_or_default())
    }

    fn jumps(&self, threshold: f64) -> Result<Vec<Range<usize>>> {
        let voltage = reals(self.frame, Column::Voltage)?.unwrap_or_default();
        let jumps = voltage.windows(2).enumerate().filter(|(_, pair)| (pair[1] - pair[0]).abs() > threshold);
        Ok(jumps.map(|(row, _)| row..row + 2).collect())
    }
}

fn one(row: u64) -> Vec<Range<usize>> {
    usize::try_from(row).ok().and_then(|row| Some(row..row.checked_add(1)?)).into_iter().collect()
}

/// A row and the one before it.
fn with_before(row: u64) -> Vec<Range<usize>> {
    one(row).into_iter().map(|rows| rows.start.saturating_sub(1)..rows.end).collect()
}

/// A row and the one after it.
fn with_after(row: u64) -> Vec<Range<usize>> {
    one(row).into_iter().map(|rows| rows.start..rows.end.saturating_add(1)).collect()
}

/// The rows that a finding is about; none where it is about the table as a whole.
pub fn of(payload: &Payload, table: &Table<'_>) -> Result<Vec<Range<usize>>> {
    Ok(match payload {
        Payload::Sign { .. } => table.contradictions()?,
        Payload::TimeMissing { row_index, .. } => one(*row_index),
        Payload::TimeOrder { .. } => table.neighbours(|before, t| t - before < -1e-12),
        Payload::Gap { max_gap_seconds, .. } => table.neighbours(|before, t| t - before > *max_gap_seconds),
        Payload::TimeStart { .. } | Payload::StepStart { .. } => one(0),
        Payload::StepSequence { examples, .. } => examples.iter().flat_map(|jump| with_after(jump.row_index)).collect(),
        Payload::NotReset { step_index, .. } => {
            table.step(*step_index).into_iter().map(|step| step.start..step.start + 1).collect()
        }
        Payload::Decreased { row_index, .. } => with_before(*row_index),
        Payload::FewPoints { step_index, .. } | Payload::CycleInStep { step_index, .. } => table.step(*step_index),
        Payload::Continuity { threshold_volts, .. } => table.jumps(*threshold_volts)?,
        Payload::SameDirection { previous_step, current_step, .. } => {
            table.counted(&[*previous_step, *current_step])?
        }
        Payload::ExceedsRated { first_step, .. } => table.counted(&[*first_step])?,
        Payload::Integral { worst_row_index, .. } => table.up_to(*worst_row_index),
        Payload::Swapped { example_steps, .. } => table.counted(example_steps)?,
        _ => Vec::new(),
    })
}
