//! Rows that are not in the order of their record numbers.

use super::cells::Cells;
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::scan::rises;

/// Rows in the order of their record numbers; of rows with one number the first stays.
pub(crate) fn sort_by_record(cells: &mut Cells, notes: &mut Notes) {
    let Some(records) = cells.column(Column::Record) else { return };
    if rises(records) || records.iter().any(|r| r.is_nan()) {
        return;
    }
    let records = records.to_vec();
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by(|a, b| records[*a].total_cmp(&records[*b]));
    let moved = order.iter().enumerate().filter(|(at, from)| at != *from).count();
    let kept: Vec<usize> = order
        .iter()
        .enumerate()
        .filter(|(i, at)| *i == 0 || records[order[i - 1]] != records[**at])
        .map(|(_, at)| *at)
        .collect();
    let repeated = records.len() - kept.len();
    cells.pick(&kept);
    if moved > 0 {
        let message = format!("{moved} row(s) were not in the order of their record numbers and were sorted");
        notes.push(Note::new(NoteCode::RecordOrder, message).count(moved));
    }
    if repeated > 0 {
        let message = format!("{repeated} row(s) repeat a record number; the first of each stays");
        notes.push(Note::new(NoteCode::RowsDropped, message).count(repeated));
    }
}
