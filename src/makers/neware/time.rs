//! The test time of text exports and workbooks (docs/formats/neware.md#values-and-times,
//! docs/formats/neware.md#test-time-and-step-time).

use crate::map::cells::{Cells, record};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::text::grid::NO_TIME;

/// Some exports print a total of 0 on the first record of each step and carry on behind it. The record's time is the one of
/// the row before and what the clock passed since, else its own step time.
pub(super) fn mend_dips(cells: &mut Cells, notes: &mut Notes) {
    let Some(total) = cells.column(Column::Time) else { return };
    let carries_on = |row: usize| total.get(row + 1).is_none_or(|next| *next >= total[row - 1]);
    let is_dip = |row: &usize| total[*row] == 0.0 && total[*row - 1] > 0.0 && carries_on(*row);
    let dips: Vec<usize> = (1..total.len()).filter(is_dip).collect();
    let Some(first) = dips.first().copied() else { return };
    let clock = |row: usize| cells.stamps.as_ref().and_then(|s| s.get(row)).copied().filter(|s| *s != NO_TIME);
    let step_time = cells.column(Column::StepTime);
    let mut mended = total.to_vec();
    let (mut by_clock, mut by_nothing) = (0usize, 0usize);
    for row in &dips {
        let passed = clock(*row).zip(clock(*row - 1)).map(|(now, before)| (now - before) as f64 / 1000.0);
        let passed = passed.filter(|passed| *passed >= 0.0);
        by_clock += usize::from(passed.is_some());
        let passed = passed.or_else(|| step_time.map(|step| step[*row])).filter(|passed| !passed.is_nan());
        by_nothing += usize::from(passed.is_none());
        let time = total[*row - 1] + passed.unwrap_or(0.0);
        // Whatever the clock says, the record stands between its neighbours.
        mended[*row] = total.get(*row + 1).map_or(time, |next| time.min(*next));
    }
    let message = format!(
        "the total time is 0 on the first record of {} step(s) and carries on behind it; these records got the time of the \
         row before and what the clock ({by_clock}) or the step time ({}) passed since, the first {} s{}",
        dips.len(),
        dips.len() - by_clock - by_nothing,
        mended[first],
        if by_nothing > 0 { format!("; {by_nothing} have neither and repeat that time") } else { String::new() }
    );
    notes.push(Note::new(NoteCode::TimeRepaired, message).count(dips.len()).at(record(first)));
    cells.put(Column::Time, mended);
}

/// The finest total time that the file has: its own, the sum of step times, or the wall clock.
pub(super) fn total(cells: &mut Cells, notes: &mut Notes) {
    let whole = |v: &[f64]| v.iter().all(|t| t.is_nan() || *t == (*t as i64) as f64);
    // BTSDA drops the decimals of a long total time; the step times still have them.
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

/// Σ of the last step time of all earlier runs, plus the record's own (docs/formats/neware.md#test-time-and-step-time).
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_that_dips_to_0_is_mended() {
        let mut cells = Cells::default();
        cells.rows = 6;
        cells.put(Column::Time, vec![0.0, 60.0, 0.0, 120.0, 0.0, 180.0]);
        // The clock says when the first dip was; it has no reading at the second, whose step time does.
        cells.stamps = Some(vec![0, 60_000, 60_500, 120_000, NO_TIME, 180_000]);
        cells.put(Column::StepTime, vec![0.0, 60.0, 0.0, 59.5, 0.25, 60.0]);
        let mut notes = Notes::new();
        mend_dips(&mut cells, &mut notes);
        assert_eq!(cells.column(Column::Time).unwrap(), [0.0, 60.0, 60.5, 120.0, 120.25, 180.0]);
        assert_eq!(notes[0].count, Some(2));
        // A column that really restarts is not this.
        let mut restarts = Cells::default();
        restarts.rows = 4;
        restarts.put(Column::Time, vec![0.0, 60.0, 0.0, 30.0]);
        mend_dips(&mut restarts, &mut Notes::new());
        assert_eq!(restarts.column(Column::Time).unwrap(), [0.0, 60.0, 0.0, 30.0]);
    }
}
