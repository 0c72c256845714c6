//! The rows of a table over all measurements, one measurement after the other.

use std::path::Path;

use polars::prelude::{DataFrame, PolarsResult};

use super::stored::Stored;
use super::{CYCLES, Key, in_one_piece};
use crate::guard;
use crate::summary::layout::{self, Place};

/// Calls `tell` with some columns of each measurement's cycles. A row group is in memory at a time; a table that cannot be read has
/// no rows.
pub(in crate::batch) fn each_cycles(out: &Path, columns: &[&str], mut tell: impl FnMut(&Key, &DataFrame)) {
    let places: Vec<Place> = layout::CYCLES
        .iter()
        .filter(|(name, _)| columns.contains(name))
        .map(|(name, kind)| (*name, kind.clone()))
        .collect();
    let Some(stored) = Stored::open(&out.join(CYCLES), layout::CYCLES) else { return };
    // Rows of one measurement may go on in the next row group.
    let mut open: Option<(Key, Vec<DataFrame>)> = None;
    for number in 0..stored.groups.len() {
        let Some(Ok(groups)) = guard::guarded(|| runs(&stored, number, &places)) else { continue };
        for (key, rows) in groups {
            match &mut open {
                Some((last, pieces)) if *last == key => pieces.push(rows),
                _ => {
                    open.replace((key, vec![rows])).into_iter().for_each(|(key, pieces)| told(&key, pieces, &mut tell))
                }
            }
        }
    }
    open.into_iter().for_each(|(key, pieces)| told(&key, pieces, &mut tell));
}

fn told(key: &Key, pieces: Vec<DataFrame>, tell: &mut impl FnMut(&Key, &DataFrame)) {
    if let Ok(Some(rows)) = in_one_piece(pieces) {
        tell(key, &rows);
    }
}

/// The rows of a row group, by measurement.
fn runs(stored: &Stored, number: usize, places: &[Place]) -> PolarsResult<Vec<(Key, DataFrame)>> {
    let Some(group) = stored.groups.get(number) else { return Ok(Vec::new()) };
    let rows = stored.slice(group.rows.clone(), Some(places))?;
    let mut from = 0;
    let one = |(key, length): &(Key, usize)| {
        let some = rows.slice(from as i64, *length);
        from += length;
        (key.clone(), some)
    };
    Ok(group.runs.iter().map(one).collect())
}
