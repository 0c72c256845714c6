//! Time between two rows against the step's own sampling: rows that may be missing.

use std::ops::Range;

use super::Evidence;
use super::counters::Counters;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::stats;

/// While current flows, a gap is longer than this many seconds and than so many times the step's median interval. A step with
/// more of them is recorded so.
const SECONDS: f64 = 60.0;
const TIMES: f64 = 100.0;
const PER_STEP: usize = 2;

/// A step beats when this share of at least so many intervals are the same, within a share of it; a beat that misses is a whole
/// number of intervals, and at least so many seconds more than one.
const BEATING: f64 = 0.6;
const BEATS: usize = 3;
const SAME: f64 = 0.002;
const MISSED: f64 = 1.0;

/// With fewer than a quarter as many longer intervals as equal ones, the longest is more than this many times the mean.
const LONG: f64 = 1.3;

/// Between two steps, so many times the usual interval is a gap if charge passed in it.
const BETWEEN: f64 = 3.0;

/// Where steps follow each other at once, that is in all but one of so many borders, this many seconds that neither a step time
/// nor a clock accounts for are a gap.
const BORDERS: usize = 4;
const AT_ONCE: f64 = 60.0;
const PAUSE: f64 = 3600.0;

#[derive(Default)]
struct Found {
    count: usize,
    seconds: f64,
    first: Option<(usize, f64, f64)>,
}

impl Found {
    fn add(&mut self, row: usize, gap: f64, usual: f64) {
        self.count += 1;
        self.seconds += gap;
        self.first.get_or_insert((row, gap, usual));
    }

    fn tell(&self, what: &str, notes: &mut Notes) {
        let Some((row, gap, usual)) = self.first else { return };
        let message = format!(
            "rows may be missing: {} time(s) {what}, {:.3} s together; first {gap:.3} s up to row {row}, where a row comes every {usual:.3} s. The times were kept",
            self.count, self.seconds
        );
        notes.push(Note::new(NoteCode::TimeGap, message).count(self.count).at(Place::Row(row as u64)));
    }
}

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    let (Some(time), Some(current)) = (evidence.reals(Column::Time)?, evidence.reals(Column::Current)?) else {
        return Ok(());
    };
    let frequency = evidence.frequency()?;
    let is_impedance = |row: usize| frequency.as_ref().is_some_and(|f| !f[row].is_nan());
    let counters = Counters::of(evidence, Column::DischargeCapacity, Column::ChargeCapacity, Column::Capacity)?;
    let slack = counters.as_ref().map_or(0.0, Counters::resolution);
    let rest = stats::rest_threshold(&current);
    let (mut flowing, mut missed, mut between) = (Found::default(), Found::default(), Found::default());
    // A median costs more than all else here, so it is taken where a gap is long beside the mean.
    let usual_of = |step: &Range<usize>| stats::median_difference(&time[step.clone()]);
    let (mut before, mut shortest_before) = (0..0, 0.0);
    for step in evidence.steps.iter() {
        if is_impedance(step.start) {
            (before, shortest_before) = (step, 0.0);
            continue;
        }
        let times = &time[step.clone()];
        let (shortest, longest) = stats::extreme_differences(times);
        let shortest = if shortest.is_finite() { shortest } else { 0.0 };
        let mean = (time[step.end - 1] - time[step.start]) / (step.len().max(2) - 1) as f64;
        if longest > MISSED && (longest > LONG * mean || mean.is_nan()) {
            let usual = usual_of(&step);
            let long = |gap: f64| gap > SECONDS && gap > TIMES * usual;
            // Where the longest is neither, none is.
            if long(longest) || longest > MISSED + usual {
                let beat = beats(times, usual);
                let is_recorded_so =
                    times.windows(2).filter(|pair| long(pair[1] - pair[0])).take(PER_STEP + 1).count() > PER_STEP;
                for row in step.start + 1..step.end {
                    let gap = time[row] - time[row - 1];
                    let flows = current[row].abs() > rest && current[row - 1].abs() > rest;
                    if long(gap) && flows && !is_recorded_so {
                        flowing.add(row, gap, usual);
                    } else if beat && row + 1 < step.end && gap > MISSED + usual && misses(gap, usual) {
                        missed.add(row, gap, usual);
                    }
                }
            }
        }
        if let Some(counters) = counters.as_ref().filter(|_| step.start > 0) {
            let row = step.start;
            let gap = time[row] - time[row - 1];
            let most = |longest: f64| current[row].abs().max(current[row - 1].abs()) * BETWEEN * longest / 3600.0;
            // A median is no less than the shortest.
            if gap > MISSED && gap > BETWEEN * shortest.max(shortest_before) && counters.passed(row) > 10.0 * slack {
                let longest = usual_of(&step).max(usual_of(&before));
                if gap > BETWEEN * longest && counters.passed(row) > most(longest) + 10.0 * slack {
                    between.add(row, gap, longest);
                }
            }
        }
        (before, shortest_before) = (step, shortest);
    }
    flowing.tell("current flows before and after a long time without a row", notes);
    missed.tell("a step that is recorded at a steady beat misses some", notes);
    between.tell("charge passes between the last row of a step and the first of the next", notes);
    late(evidence, &time, notes)?;
    borders(evidence, &time, notes)
}

/// Steps whose first row is late by the file's own step time, and behind the row before by as much, where most begin with a
/// row.
fn late(evidence: &Evidence<'_>, time: &[f64], notes: &mut Notes) -> Result<()> {
    let Some(step_time) = evidence.reals(Column::StepTime)? else { return Ok(()) };
    let (mut found, mut begin) = (Found::default(), 0usize);
    for step in evidence.steps.iter().filter(|step| step.start > 0 && step.len() > BEATS) {
        let first = step_time[step.start];
        if first <= MISSED {
            begin += 1;
        } else if first > SECONDS && time[step.start] - time[step.start - 1] >= first - MISSED {
            let usual = stats::median_difference(&time[step.clone()]);
            if first > BETWEEN * usual {
                found.add(step.start, first, usual);
            }
        }
    }
    if begin >= BORDERS * found.count {
        found.tell("a step begins late by its own step time", notes);
    }
    Ok(())
}

/// Time between two steps that no other column has, where all other steps follow each other at once.
fn borders(evidence: &Evidence<'_>, time: &[f64], notes: &mut Notes) -> Result<()> {
    if evidence.frame.column(Column::Timestamp.name()).is_ok() {
        return Ok(());
    }
    let step_time = evidence.reals(Column::StepTime)?;
    let own = |row: usize| step_time.as_ref().map_or(0.0, |step_time| step_time[row]);
    let rows = || evidence.steps.iter().map(|step| step.start).filter(|row| *row > 0);
    let lost = |row: usize| time[row] - time[row - 1] - own(row);
    let at_once = rows().filter(|row| lost(*row).abs() <= AT_ONCE).count();
    let mut long = rows().filter(|row| lost(*row) > PAUSE);
    let Some(row) = long.next() else { return Ok(()) };
    let count = 1 + long.count();
    if at_once < BORDERS * count {
        return Ok(());
    }
    let message = format!(
        "{:.3} s pass between the last row of a step and the first of the next, row {row}, and no other column accounts for {:.3} s of them; {at_once} other step(s) follow at once. The test was interrupted, or rows are missing, or the time is wrong. The times were kept",
        time[row] - time[row - 1],
        lost(row)
    );
    notes.push(Note::new(NoteCode::TimeGap, message).count(count).at(Place::Row(row as u64)));
    Ok(())
}

/// Whether an interval is so many times the usual one.
fn is_beat(gap: f64, usual: f64, times: f64) -> bool {
    (gap - times * usual).abs() <= SAME * usual * times.max(1.0)
}

/// Whether an interval is some whole number of usual ones.
fn misses(gap: f64, usual: f64) -> bool {
    let times = (gap / usual).round();
    times >= 2.0 && is_beat(gap, usual, times)
}

/// Whether nearly all intervals are the same. A step whose beats are missed often is recorded so.
fn beats(times: &[f64], usual: f64) -> bool {
    let (mut same, mut longer, mut all) = (0usize, 0usize, 0usize);
    // The last interval ends where the step does.
    for pair in times.windows(2) {
        let gap = pair[1] - pair[0];
        all += 1;
        same += usize::from(is_beat(gap, usual, 1.0));
        longer += usize::from(gap > usual * 1.5);
    }
    usual > 0.0 && same >= BEATS && same as f64 >= BEATING * all as f64 && longer * 4 <= same
}
