//! The current of single rows against the counter of charge, and its sign against the row's own mode label.

use super::Evidence;
use super::counters::Counters;
use super::intervals::{Fit, Intervals, leaves_alone};
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::scan::{BLOCK, any};
use crate::signal::stats;
use crate::vocab::Direction;

/// A counter is no witness where more than one interval in so many does not fit.
const AGAINST: usize = 2;

/// So many intervals must agree for the counter to be a witness at all; and no fewer than those that do not.
const AGREE: usize = 3;

/// Shorter intervals are not judged: a counter is not always brought up to date with every record. Nor are those that are
/// shorter than so many steps of the last digit of the time.
const SHORTEST: f64 = 1.0;
const DIGITS: f64 = 4.0;

/// How far a current at the border of a step is from the next one inside, as a share of that.
const BORDER: f64 = 0.5;

/// So many rows in a row that are labelled charge or discharge have no current at all before that is odd.
const IDLE: usize = 3;

/// A current of the other sign than its label is larger than this share of the largest.
const AGAINST_LABEL: f64 = 0.01;

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    let Some(current) = evidence.reals(Column::Current)? else { return Ok(()) };
    let largest = stats::max_abs(&current);
    labels(evidence, &current, largest, notes);
    let counters = Counters::of(evidence, Column::DischargeCapacity, Column::ChargeCapacity, Column::Capacity)?;
    if let (Some(counters), Some(time)) = (counters, evidence.reals(Column::Time)?) {
        charge(evidence, &time, (&current, largest), &counters, notes)?;
    }
    Ok(())
}

/// Rows whose interval does not fit, with what the currents allow and what the counter says of the first.
#[derive(Default)]
struct Found {
    agree: usize,
    against: usize,
    first: Option<(usize, f64, f64, f64)>,
}

impl Found {
    fn add(&mut self, row: usize, before: f64, at: f64, by_counter: f64) {
        self.against += 1;
        // Borders of a step are looked at after its inside.
        if self.first.is_none_or(|(first, ..)| row < first) {
            self.first = Some((row, before, at, by_counter));
        }
    }
}

fn charge(
    evidence: &Evidence<'_>,
    time: &[f64],
    (current, largest): (&[f64], f64),
    counters: &Counters<'_>,
    notes: &mut Notes,
) -> Result<()> {
    let rest = stats::rest_of(largest);
    let resolution = counters.resolution();
    if largest == 0.0 {
        let total = counters.total(evidence);
        if total > 10.0 * resolution {
            let message = format!(
                "the current is 0 in every row while the file's counters of charge move by {total:.6} A.h. Both were kept"
            );
            notes.say(NoteCode::CurrentDisagrees, message);
        }
        return Ok(());
    }
    let frequency = evidence.frequency()?;
    let is_impedance = |row: usize| frequency.as_ref().is_some_and(|f| !f[row].is_nan());
    let intervals = Intervals {
        time,
        current,
        counters,
        frequency: frequency.as_deref(),
        shortest: SHORTEST.max(DIGITS * stats::resolution(time, 0.5)),
        resolution,
        rest,
    };
    let (mut bounds, mut turned, mut rows) = (Found::default(), Found::default(), Found::default());
    for step in evidence.steps.iter() {
        for row in
            (step.start + 1..step.end).step_by(BLOCK).flat_map(|from| intervals.odd(from..step.end.min(from + BLOCK)))
        {
            let (a, b) = (current[row - 1], current[row]);
            let (flow, slack) = intervals.flow(row);
            match intervals.fit(row) {
                Some(Fit::Turned) => turned.add(row, a, b, flow),
                Some(Fit::Off) => bounds.add(row, a, b, flow),
                _ => {}
            }
            if row >= step.start + 2
                && leaves_alone(current, row - 1, intervals.flow(row - 1), (flow, slack), counters.is_signed())
            {
                rows.add(row - 1, current[row - 2], current[row - 1], flow);
            }
        }
        if step.len() > 2 && !is_impedance(step.start) {
            let with_rest = |row: usize| {
                let (flow, slack) = intervals.flow(row);
                (flow, slack + rest)
            };
            for (row, inner, by_counter) in at_borders(current, step, with_rest, counters.is_signed()) {
                rows.add(row, current[inner], current[row], by_counter);
            }
        }
    }
    if [&bounds, &turned, &rows].iter().all(|found| found.first.is_none()) {
        // How many agree is told only beside those that do not.
        return Ok(());
    }
    let inside = evidence.steps.iter().flat_map(|step| step.start + 1..step.end);
    bounds.agree = inside.filter(|row| intervals.fit(*row) == Some(Fit::Good)).count();
    // A counter that moves the other way by as much is as good a witness as one that agrees.
    let trusted = bounds.agree + turned.against;
    if let Some((row, a, b, by_counter)) = turned.first
        && trusted >= AGREE.max(AGAINST * bounds.against)
    {
        let message = format!(
            "in {} of {} interval(s) the counters of charge and discharge move the other way than the current: first up to row {row}, where {a} A and {b} A stand against {by_counter:.3e} A by the counters. Both were kept",
            turned.against, trusted
        );
        notes.push(Note::new(NoteCode::CurrentDisagrees, message).count(turned.against).at(Place::Row(row as u64)));
    }
    if let Some((row, a, b, by_counter)) = bounds.first
        && trusted >= AGREE.max(AGAINST * bounds.against)
    {
        let message = format!(
            "in {} interval(s) the counter of charge moves otherwise than the currents at both ends allow, in {} it agrees: first up to row {row}, where {a} A and {b} A stand against {by_counter:.3e} A by the counter. Both were kept",
            bounds.against, bounds.agree
        );
        notes.push(Note::new(NoteCode::CurrentDisagrees, message).count(bounds.against).at(Place::Row(row as u64)));
    }
    if let Some((row, a, b, by_counter)) = rows.first
        && trusted >= AGREE.max(AGAINST * rows.against)
    {
        let message = format!(
            "{} row(s) have a current that the counter of charge does not follow: first row {row} with {b} A after {a} A, where the counter shows {by_counter:.3e} A. Both were kept",
            rows.against
        );
        notes.push(Note::new(NoteCode::CurrentDisagrees, message).count(rows.against).at(Place::Row(row as u64)));
    }
    Ok(())
}

/// The first and the last row of a step whose current stands alone: the row, the one inside, and the current by the counter. It is
/// known on one side alone, as it may begin anew at a border; the other step tells more.
fn at_borders(
    current: &[f64],
    step: std::ops::Range<usize>,
    interval: impl Fn(usize) -> (f64, f64),
    is_signed: bool,
) -> impl Iterator<Item = (usize, usize, f64)> {
    let neighbour = |row: Option<usize>| row.and_then(|row| current.get(row).copied());
    let (first, last) = (step.start, step.end - 1);
    let ends = [
        (first, first + 1, neighbour(first.checked_sub(1)), interval(first + 1)),
        (last, last - 1, neighbour(Some(step.end)), interval(last)),
    ];
    let stands = move |(row, inner, outer, interval): (usize, usize, Option<f64>, (f64, f64))| {
        let stands = stands_at_border(current[row], current[inner], outer, interval, is_signed);
        stands.then_some((row, inner, interval.0))
    };
    ends.into_iter().filter_map(stands)
}

/// Whether the current `at` the border of a step is not that of the row `inner` to it, while the counter shows that one between
/// them, and is not the neighbouring step's own either.
fn stands_at_border(at: f64, inner: f64, outer: Option<f64>, interval: (f64, f64), is_signed: bool) -> bool {
    let (by_counter, slack) = interval;
    let inner_size = if is_signed { inner } else { inner.abs() };
    let leap = (at - inner).abs();
    // A first or last record may be taken while the current is switched on or off: then it is smaller, or none.
    let is_switching = at == 0.0
        || (at * inner > 0.0 && at.abs() < inner.abs() && outer.is_none_or(|o| (o - inner).abs() > 0.1 * leap));
    // A pulse may rise while it is recorded.
    let is_larger = at * inner > 0.0 && at.abs() > inner.abs();
    leap > inner.abs() * if is_larger { 2.0 * BORDER } else { BORDER }
        && !is_switching
        && outer.is_none_or(|outer| (outer - at).abs() > 0.4 * leap)
        && (by_counter - inner_size).abs() < 0.1 * leap
        && inner.abs() > slack
        && slack < 0.1 * leap
}

fn labels(evidence: &Evidence<'_>, current: &[f64], largest: f64, notes: &mut Notes) {
    let Some(runs) = evidence.directions() else { return };
    let least = AGAINST_LABEL * largest;
    let (mut count, mut first) = (0usize, None);
    let (mut idle, mut first_idle) = (0usize, None);
    for run in runs {
        let label = run.label;
        let side = match run.direction {
            Direction::Charge => 1.0,
            Direction::Discharge => -1.0,
            _ => continue,
        };
        // Most runs have neither.
        if !any(&current[run.rows.clone()], |i| (i == 0.0) | (side * i > least)) {
            continue;
        }
        let mut zeros = 0usize;
        for row in run.rows.clone() {
            zeros = if current[row] == 0.0 { zeros + 1 } else { 0 };
            if zeros >= IDLE {
                idle += if zeros == IDLE { IDLE } else { 1 };
                first_idle = first_idle.or(Some((row + 1 - IDLE, label)));
            }
            if side * current[row] > least {
                count += 1;
                first = first.or(Some((row, label)));
            }
        }
    }
    if let Some((row, label)) = first {
        let message = format!(
            "{count} row(s) have a current of the other sign than their label: first row {row}, {label:?} with {} A (positive discharges). Both were kept",
            current[row]
        );
        notes.push(Note::new(NoteCode::CurrentDisagrees, message).count(count).at(Place::Row(row as u64)));
    }
    if let Some((row, label)) = first_idle {
        let message = format!(
            "{idle} row(s) are labelled charge or discharge and have no current: first row {row}, {label:?}. Both were kept"
        );
        notes.push(Note::new(NoteCode::CurrentDisagrees, message).count(idle).at(Place::Row(row as u64)));
    }
}
