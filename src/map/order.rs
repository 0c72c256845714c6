//! Rows that are not in the order of their record numbers.

use super::cells::{Cells, record};
use super::conventions::RowOrder;
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::scan::rises;

/// Rows in the order of their record numbers; of rows with one number the first stays.
pub(crate) fn sort_by_record(cells: &mut Cells, order: RowOrder, notes: &mut Notes) {
    let Some(records) = cells.column(Column::Record) else { return };
    if order == RowOrder::AsWritten || rises(records) || records.iter().any(|r| r.is_nan()) {
        return;
    }
    let records = records.to_vec();
    let mut sorted: Vec<usize> = (0..records.len()).collect();
    sorted.sort_by(|a, b| records[*a].total_cmp(&records[*b]));
    let repeats = |i: &usize| records[sorted[*i - 1]] == records[sorted[*i]];
    if order == RowOrder::ByRecordUnlessItRestarts {
        let again: Vec<usize> = (1..sorted.len()).filter(repeats).collect();
        if !again.iter().all(|i| cells.is_same_record(sorted[i - 1], sorted[*i])) {
            // A later part of the test counts anew: its rows stay where they are.
            return;
        }
    }
    let moved = sorted.iter().enumerate().filter(|(at, from)| at != *from).count();
    let kept: Vec<usize> = (0..sorted.len()).filter(|i| *i == 0 || !repeats(i)).map(|i| sorted[i]).collect();
    let repeated = records.len() - kept.len();
    if moved > 0 {
        let fall = (1..records.len()).find(|i| records[*i] < records[i - 1]).unwrap_or_default();
        let message = format!("{moved} row(s) were not in the order of their record numbers and were sorted");
        notes.push(Note::new(NoteCode::RecordOrder, message).count(moved).at(record(fall)));
    }
    cells.pick(&kept);
    if repeated > 0 {
        let message = format!("{repeated} row(s) repeat a record number; the first of each stays");
        notes.push(Note::new(NoteCode::RowsDropped, message).count(repeated));
    }
}

impl Cells {
    /// Whether two rows with one record number are one record: written at one test time and one instant.
    fn is_same_record(&self, a: usize, b: usize) -> bool {
        let times = [Column::Time, Column::StepTime].into_iter().filter_map(|column| self.column(column));
        let same_time = times.into_iter().all(|values| values[a] == values[b]);
        // Without a clock all else has to be equal, because a second test may count the same times.
        let same_instant = match &self.stamps {
            Some(stamps) => stamps[a] == stamps[b],
            None => self.is_equal(a, b),
        };
        same_time && same_instant
    }
}
