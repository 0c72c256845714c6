//! The unit of a test time whose header states none (docs/formats/maccor.md#durations).

use super::text::KEYS_AND_VALUES;
use crate::map::Context;
use crate::map::cells::Cells;
use crate::note::{Note, NoteCode};
use crate::schema::Column;
use crate::signal::{Runs, stats};
use crate::text::grid::NO_TIME;
use crate::vocab::Role;

/// A bare number without a unit is seconds, minutes or hours: the wall clock tells, else the charge counter, else the
/// preamble (docs/formats/maccor.md#durations). Says whether the unit is known now.
pub(super) fn infer_time_unit(cells: &mut Cells, context: &mut Context<'_>) -> bool {
    let (table, plan, ends, notes) = (context.table, context.plan, context.ends, &mut *context.notes);
    let bare = |role: Role| plan.get(role).is_some_and(|claim| !claim.unit_is_stated) && !cells.is_clock(role);
    let (time_role, step_role) = (Role::Column(Column::Time), Role::Column(Column::StepTime));
    let (time_is_bare, step_is_bare) = (bare(time_role), bare(step_role));
    let Some(time) = cells.column(Column::Time).filter(|_| time_is_bare) else { return true };
    let span = stats::max(time) - stats::min(time);
    let wall = match (ends.first, ends.last) {
        (Some(a), Some(b)) => (b.milliseconds - a.milliseconds) as f64 / 1000.0,
        _ => 0.0,
    };
    let nearest = |of: f64| {
        let distance = |unit: &f64| (unit / of).ln().abs();
        // In a workbook a time may be a day number.
        let units: &[f64] =
            if table.sheets.0.is_empty() { &[1.0, 60.0, 3600.0] } else { &[1.0, 60.0, 3600.0, 86_400.0] };
        units.iter().copied().min_by(|a, b| distance(a).total_cmp(&distance(b))).filter(|u| distance(u) <= 2f64.ln())
    };
    // Units are 60 apart, so three ticks of the clock tell them as surely as a long test does.
    let tick = tick(cells);
    let by_clock = (wall >= 3.0 * tick && span > 0.0).then(|| nearest(wall / span)).flatten();
    let by_charge = || unit_by_charge(cells, time).and_then(nearest);
    let header = cells.header(time_role).unwrap_or_default().to_owned();
    let (unit, why) = if let Some(unit) = by_clock {
        (unit, "the wall clock says")
    } else if let Some(unit) = by_charge() {
        (unit, "the charge counter and the current say")
    } else if let Some(unit) = unit_by_fractions(time).filter(|_| tick >= 1.0) {
        (unit, "fractions of a whole second say")
    } else if table.dialect == KEYS_AND_VALUES {
        (60.0, "this layout says")
    } else {
        let message = format!("{header:?} states no unit and nothing tells it: taken as seconds");
        notes.push(Note::new(NoteCode::UnverifiedLayout, message));
        return false;
    };
    if unit != 1.0 {
        notes.push(Note::new(NoteCode::TimeRepaired, format!("{header:?} states no unit; {why} × {unit}")));
        cells.update(time_role, |t| t * unit);
        if step_is_bare {
            cells.update(step_role, |t| t * unit);
        }
    }
    true
}

/// Seconds between two readings that the clock can tell apart: whole minutes, whole seconds, or finer.
fn tick(cells: &Cells) -> f64 {
    let Some(stamps) = &cells.stamps else { return 1.0 };
    let mut known = stamps.iter().filter(|stamp| **stamp != NO_TIME).peekable();
    if known.peek().is_none() {
        return 1.0;
    }
    let (mut minutes, mut seconds) = (true, true);
    for stamp in known {
        (minutes, seconds) = (minutes && stamp % 60_000 == 0, seconds && stamp % 1000 == 0);
    }
    if minutes {
        60.0
    } else if seconds {
        1.0
    } else {
        0.001
    }
}

/// A clock of whole seconds in minutes or hours shows as fractions such as `0.0166666666666667`.
fn unit_by_fractions(time: &[f64]) -> Option<f64> {
    let known = || time.iter().copied().filter(|t| !t.is_nan());
    let is_whole = |t: f64| (t - t.round()).abs() <= 1e-6;
    // Seconds with a few decimals are such fractions too, but none that need many digits.
    if known().all(|t| is_whole(t * 1e4)) {
        return None;
    }
    [60.0, 3600.0]
        .into_iter()
        .find(|unit| known().all(|t| (t * unit - (t * unit).round()).abs() <= 1e-9 * unit * t.abs().max(1.0)))
}

/// Seconds that one unit of the time column stands for, by the step that moves most charge: ΔQ against ∫|I|dt.
fn unit_by_charge(cells: &Cells, time: &[f64]) -> Option<f64> {
    let (q, current, step) =
        (cells.column(Column::Capacity)?, cells.column(Column::Current)?, cells.column(Column::StepFromCycler)?);
    let runs = Runs::of_reals(step);
    let moved = |run: &std::ops::Range<usize>| (q[run.end - 1] - q[run.start]).abs();
    let run = runs.iter().filter(|run| moved(run) > 0.0).max_by(|a, b| moved(a).total_cmp(&moved(b)))?;
    let sum: f64 =
        run.clone().skip(1).map(|i| (current[i].abs() + current[i - 1].abs()) / 2.0 * (time[i] - time[i - 1])).sum();
    let charge = sum / 3600.0;
    (charge > 0.0).then(|| moved(&run) / charge).filter(|u| u.is_finite() && *u > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_of_whole_seconds() {
        // 0, 1, 2 and 65 s in minutes; 0, 1 and 4000 s in hours.
        assert_eq!(unit_by_fractions(&[0.0, 1.0 / 60.0, 2.0 / 60.0, 65.0 / 60.0]), Some(60.0));
        assert_eq!(unit_by_fractions(&[0.0, 1.0 / 3600.0, 4000.0 / 3600.0]), Some(3600.0));
        // Seconds, whole or with a few decimals, and fractions of nothing.
        assert_eq!(unit_by_fractions(&[0.0, 1.0, 60.0]), None);
        assert_eq!(unit_by_fractions(&[0.0, 0.05, 0.5]), None);
        assert_eq!(unit_by_fractions(&[0.0, 0.123_456_789]), None);
    }
}
