//! Whether a piece goes on behind another, and how: by the test time or the clock, in the same step or a new one.

use super::ends::{COUNTERS, Ends, Span};
use crate::schema::Column;
use crate::series;

/// By this much may clocks of two files contradict each other, in s.
const SLACK: f64 = 60.0;

/// How the time goes on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Time {
    /// The test time of the later piece carries on.
    ByItself,
    /// By the clocks of both pieces. The test time may say something else: so many seconds.
    ByClock { own: Option<f64> },
    /// The record numbers go on and no clock tells: one interval of the later piece.
    OneInterval,
    /// One of them has no test time.
    Unknown,
}

/// Where a piece goes on behind those before it.
#[derive(Debug, Clone)]
pub(crate) struct Seam {
    pub(super) time: Time,
    /// Seconds from the last row before to the first behind; NaN where it is not known.
    pub(super) gap: f64,
    /// The same by the clocks.
    pub(super) clock_gap: Option<f64>,
    /// Whether the first row behind is of a new step.
    pub(super) begins_step: bool,
    /// Record numbers that are in neither piece: the first and the last.
    pub(super) missing: Option<(i64, i64)>,
    pub(super) time_shift: f64,
    pub(super) steps_by: f64,
    pub(super) cycles_by: f64,
    pub(super) step_runs_by: f64,
    pub(super) counters_by: [f64; 6],
}

impl Seam {
    /// What is added to which column of the later piece.
    pub(super) fn shifts(&self) -> impl Iterator<Item = (Column, f64)> {
        let numbers = [
            (Column::Time, self.time_shift),
            (Column::StepFromCycler, self.steps_by),
            (Column::CycleFromCycler, self.cycles_by),
            (Column::StepRun, self.step_runs_by),
        ];
        numbers.into_iter().chain(COUNTERS.into_iter().zip(self.counters_by))
    }
}

/// How `b` goes on behind `a`, which may be several pieces already.
///
/// # Errors
/// What speaks against it, with both numbers or names.
pub(crate) fn look(a: &Ends, b: &Ends) -> Result<Seam, String> {
    if a.piece.maker != b.piece.maker {
        return Err(format!(
            "{:?} is a file of {}, {:?} one of {}",
            a.file_name(),
            a.piece.maker,
            b.file_name(),
            b.piece.maker
        ));
    }
    if let Some(why) = series::against(&a.piece, &b.piece) {
        return Err(why);
    }
    if a.clock_is_utc != b.clock_is_utc && a.piece.end.is_some() && b.piece.start.is_some() {
        let [utc, local] = if a.clock_is_utc { [a, b] } else { [b, a] };
        return Err(format!(
            "the clock of {:?} states its offset from UTC, that of {:?} does not: convert both from one format",
            utc.file_name(),
            local.file_name()
        ));
    }
    voltage(a, b)?;
    let records = a.piece.records.zip(b.piece.records);
    let is_next = records.is_some_and(|(a, b)| a.1.checked_add(1) == Some(b.0));
    let clock_gap = a.piece.end.zip(b.piece.start).map(|(end, start)| (start - end) as f64 / 1000.0);
    let (time, gap, time_shift) = time(a, b, records.is_some(), is_next, clock_gap)?;
    let same_program = a.program.zip(b.program).is_none_or(|(a, b)| a == b);
    let is_by_itself = time == Time::ByItself;
    let numbers_go_on = is_next || (same_program && (is_by_itself || records.is_some()));
    let same = |a: Option<Span>, b: Option<Span>| a.zip(b).is_none_or(|(a, b)| a.last == b.first);
    let same_step = same_program && same(a.step, b.step) && same(a.cycle, b.cycle);
    // Records are missing between them: the step time says whether it is the same step still.
    let carries_on = match a.step_time.zip(b.step_time) {
        Some((a, b)) => b.first > a.last && (b.first - a.last - gap).abs() <= 1.0 + 1e-3 * gap.abs(),
        None => gap <= 5.0 * a.interval.max(b.interval),
    };
    let begins_step = !(is_next || (numbers_go_on && carries_on));
    let counted_on =
        |a: Option<Span>, b: Option<Span>, is_free: fn(Span, Span) -> bool, next: fn(Span, Span) -> f64| {
            let pair = a.zip(b).filter(|(a, b)| !numbers_go_on && !is_free(*a, *b));
            pair.map_or(0.0, |(a, b)| next(a, b))
        };
    let mut counters_by = [0.0; 6];
    if !begins_step && same_step {
        for ((by, a), b) in counters_by.iter_mut().zip(a.counters).zip(b.counters) {
            // A counter that stood and is near 0 again was begun anew with the file.
            let restarted = a.zip(b).filter(|(a, b)| b.first.abs() < 0.1 * a.last.abs() && b.first < a.last);
            *by = restarted.map_or(0.0, |(a, _)| a.last);
        }
    }
    Ok(Seam {
        time,
        gap,
        clock_gap,
        begins_step,
        missing: records.map(|(a, b)| (a.1.saturating_add(1), b.0.saturating_sub(1))).filter(|(a, b)| a <= b),
        time_shift,
        // Step numbers are places in a program: one that is behind all before it is a step of its own.
        steps_by: counted_on(a.step, b.step, |a, b| b.min > a.max, |a, b| a.max + 1.0 - b.min),
        cycles_by: counted_on(a.cycle, b.cycle, |a, b| b.first >= a.last, |a, b| a.max + 1.0 - b.first),
        step_runs_by: step_runs(a, b, begins_step || !same_step),
        counters_by,
    })
}

/// What goes to the running number of executed steps. Where it is counted from what a file says, it begins anew in each: then the
/// first of the later piece is the last one before, or the next one in a new step.
fn step_runs(a: &Ends, b: &Ends, is_new: bool) -> f64 {
    let Some((before, behind)) = a.step_run.zip(b.step_run) else { return 0.0 };
    let goes_on = behind.first >= before.last;
    // Both may begin with 1: a step that is new has a number of its own.
    if goes_on && !(is_new && behind.first == before.last) {
        return 0.0;
    }
    before.max + f64::from(u8::from(is_new)) - behind.first
}

/// How the time goes on, the seconds between the rows, and what is added to the times of `b`.
fn time(
    a: &Ends,
    b: &Ends,
    has_records: bool,
    is_next: bool,
    clock_gap: Option<f64>,
) -> Result<(Time, f64, f64), String> {
    let Some((before, behind)) = a.time.zip(b.time) else {
        // Rows of a spectrum may have no time at all: they stand where they stand.
        return Ok((Time::Unknown, clock_gap.unwrap_or(f64::NAN), a.time_shift));
    };
    let own = behind.first - before.last;
    // A pause that the test time leaves out is in the clock alone: then the record numbers say that it is one test.
    let clock_agrees = clock_gap.is_none_or(|gap| (own - gap).abs() <= SLACK || (has_records && own <= gap + SLACK));
    if own >= 0.0 && behind.first > 0.0 && clock_agrees {
        return Ok((Time::ByItself, own, a.time_shift));
    }
    let behind_each_other = |gap: f64| before.last + a.time_shift + gap - behind.first;
    if let Some(gap) = clock_gap {
        let gap = gap.max(0.0);
        let own = (own >= 0.0 && behind.first > 0.0).then_some(own);
        return Ok((Time::ByClock { own }, gap, behind_each_other(gap)));
    }
    if is_next {
        return Ok((Time::OneInterval, b.interval, behind_each_other(b.interval)));
    }
    Err(format!(
        "nothing says when {:?} began: {:?} ends at a test time of {} s, it begins at {} s, and {} states no clock",
        b.file_name(),
        a.file_name(),
        before.last,
        behind.first,
        if a.piece.end.is_none() { "the first" } else { "the second" }
    ))
}

/// A voltage that one cell cannot have shown on both sides: each is away from the whole range of the other by more than that
/// range, and by more than 1 V.
fn voltage(a: &Ends, b: &Ends) -> Result<(), String> {
    let Some((before, behind)) = a.voltage.zip(b.voltage) else { return Ok(()) };
    let is_beyond = |v: f64, of: Span| {
        let margin = (of.max - of.min).max(1.0);
        v > of.max + margin || v < of.min - margin
    };
    if is_beyond(behind.first, before) && is_beyond(before.last, behind) {
        return Err(format!(
            "{:?} ends at {} V and {:?} begins at {} V: one cell does not show both",
            a.file_name(),
            before.last,
            b.file_name(),
            behind.first
        ));
    }
    Ok(())
}
