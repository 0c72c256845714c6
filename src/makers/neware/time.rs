//! The test time of text exports and workbooks (docs/formats/neware.md#values-and-times,
//! docs/formats/neware.md#test-time-and-step-time).

use crate::map::cells::{Cells, record};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::scan::pairs_where;
use crate::text::grid::NO_TIME;

/// Some exports print a total of 0 on the first record of each step and carry on behind it. The record's time is the one of
/// the row before and what the clock passed since, else its own step time.
pub(super) fn mend_dips(cells: &mut Cells, notes: &mut Notes) {
    let Some(total) = cells.column(Column::Time) else { return };
    let carries_on = |row: usize| total.get(row + 1).is_none_or(|next| *next >= total[row - 1]);
    let falls_to_0 = pairs_where(total, |before, at| (at == 0.0) & (before > 0.0));
    let dips: Vec<usize> = falls_to_0.into_iter().filter(|row| carries_on(*row)).collect();
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
