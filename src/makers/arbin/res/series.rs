//! The records of one test of a database: which rows, in which order (docs/formats/arbin.md#order-of-rows-and-several-tests).

use crate::jet::{Column, Rows};
use crate::note::{Note, NoteCode, Notes};
use crate::table::Packed;

/// Rows of the table of records that are one test.
#[derive(Debug)]
pub(super) struct Series {
    rows: Rows,
    columns: Vec<Column>,
    /// Rows in the order of the records; [`INSERTED`] for rows of another table. `None`: all, as they lie.
    picked: Option<Vec<u32>>,
}

/// A row that does not stand in the table of records.
pub(super) const INSERTED: u32 = u32::MAX;

impl Series {
    pub(super) fn new(rows: Rows, columns: Vec<Column>, picked: Option<Vec<u32>>) -> Self {
        Self { rows, columns, picked }
    }
}

impl Packed for Series {
    fn rows(&self) -> usize {
        self.picked.as_ref().map_or_else(|| self.rows.len(), Vec::len)
    }

    fn decode(&self, wanted: &[usize]) -> Vec<Vec<f64>> {
        let columns: Vec<&Column> = wanted.iter().filter_map(|index| self.columns.get(*index)).collect();
        let whole = self.rows.numbers(&columns);
        let Some(picked) = &self.picked else { return whole };
        let pick = |values: Vec<f64>| {
            let value = |row: &u32| values.get(*row as usize).copied().unwrap_or(f64::NAN);
            picked.iter().map(value).collect()
        };
        whole.into_iter().map(pick).collect()
    }
}

/// The tests of the table with their rows in the order of the records. Physical order is not the order of the records; they are
/// nearly sorted, so that is looked at first.
pub(super) fn tests(ids: &[f64], points: &[f64], notes: &mut Notes) -> Vec<(f64, Option<Vec<u32>>)> {
    let mut known: Vec<f64> = Vec::new();
    let mut last = f64::NAN;
    for id in ids.iter().filter(|id| !id.is_nan()) {
        if *id != std::mem::replace(&mut last, *id) && !known.contains(id) {
            known.push(*id);
        }
    }
    known.sort_by(f64::total_cmp);
    let nameless = ids.iter().filter(|id| id.is_nan()).count();
    if nameless > 0 {
        notes.push(Note::new(NoteCode::RowsDropped, format!("{nameless} row(s) have no Test_ID")).count(nameless));
    }
    let whole = known.len() == 1 && nameless == 0 && points.is_sorted_by(|a, b| a < b);
    if whole {
        return known.into_iter().map(|id| (id, None)).collect();
    }
    let point = |row: &u32| points.get(*row as usize).copied().unwrap_or(f64::NAN);
    let mut rows_of: Vec<Vec<u32>> = known.iter().map(|_| Vec::new()).collect();
    for (row, id) in (0u32..).zip(ids) {
        let test = known.binary_search_by(|known| known.total_cmp(id)).ok();
        if let Some(rows) = test.and_then(|test| rows_of.get_mut(test)) {
            rows.push(row);
        }
    }
    let mut moved = 0;
    for rows in &mut rows_of {
        if !rows.is_sorted_by(|a, b| point(a) < point(b)) {
            moved += rows.windows(2).filter(|pair| matches!(pair, [a, b] if point(a) > point(b))).count();
            // Stable, so that repeated records stay together in the order in which they lie.
            rows.sort_by(|a, b| point(a).total_cmp(&point(b)));
        }
    }
    if moved > 0 {
        let message = format!("{moved} row(s) do not lie in the order of their Data_Point and were sorted");
        notes.push(Note::new(NoteCode::RecordOrder, message).count(moved));
    }
    known.into_iter().zip(rows_of.into_iter().map(Some)).collect()
}

/// Of rows with one Data_Point the first stays; a note says whether the others are equal.
pub(super) fn without_repeats(
    rows: &Rows,
    columns: &[&Column],
    keys: [&[f64]; 2],
    picked: &mut Option<Vec<u32>>,
    notes: &mut Notes,
) {
    let Some(picked) = picked else { return };
    // A later test of the channel counts its records anew.
    let point = |row: u32| keys.map(|key| key.get(row as usize).copied().unwrap_or(f64::NAN));
    let repeats: Vec<(u32, u32)> = picked
        .windows(2)
        .filter_map(|pair| <[u32; 2]>::try_from(pair).ok())
        .filter(|[a, b]| point(*a) == point(*b))
        .map(|[a, b]| (a, b))
        .collect();
    if repeats.is_empty() {
        return;
    }
    let all = rows.numbers(columns);
    let same = |(a, b): &(u32, u32)| {
        all.iter().all(|column| {
            let (a, b) = (column.get(*a as usize), column.get(*b as usize));
            a == b || (a.is_some_and(|v| v.is_nan()) && b.is_some_and(|v| v.is_nan()))
        })
    };
    let differ = repeats.iter().filter(|pair| !same(pair)).count();
    picked.dedup_by(|later, first| point(*later) == point(*first));
    let what = if differ > 0 { format!("{differ} of them with other values") } else { "with equal values".to_owned() };
    let message = format!("{} row(s) repeat a Data_Point, {what}; the first of each stays", repeats.len());
    notes.push(Note::new(NoteCode::RowsDropped, message).count(repeats.len()));
}

/// Rows at which a later test of the channel begins, among those that are picked.
pub(super) fn later_tests(ids: &[f64], picked: Option<&[u32]>) -> Vec<usize> {
    let Some(picked) = picked else { return Vec::new() };
    let mut last = None;
    let mut starts = Vec::new();
    for (at, id) in picked.iter().enumerate().filter_map(|(at, row)| Some((at, *ids.get(*row as usize)?))) {
        if last.replace(id).is_some_and(|last| last != id) {
            starts.push(at);
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_grouped_and_sorted() {
        let mut notes = Notes::new();
        assert_eq!(tests(&[1.0, 1.0], &[1.0, 2.0], &mut notes), [(1.0, None)]);
        let mixed = tests(&[2.0, 1.0, 2.0, 1.0, f64::NAN], &[2.0, 1.0, 1.0, 2.0, 1.0], &mut notes);
        assert_eq!(mixed, [(1.0, Some(vec![1, 3])), (2.0, Some(vec![2, 0]))]);
        assert_eq!(notes.len(), 2);
    }

    #[test]
    fn a_later_test_begins_where_the_id_changes() {
        assert_eq!(later_tests(&[1.0, 1.0, 2.0], Some(&[0, 1, INSERTED, 2])), [3]);
        assert!(later_tests(&[1.0, 1.0], None).is_empty());
    }
}
