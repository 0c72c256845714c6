//! The columns of the export: those that the records store, then those that EC-Lab computes from them.

use std::borrow::Cow;

use rayon::prelude::*;

use super::derived::{DERIVED, Derived};
use super::records::Records;
use crate::binary::{BLOCK, in_blocks};
use crate::table::{Finish, Packed};

/// Records, and what can be derived from them.
#[derive(Debug)]
pub(super) struct Columns {
    records: Records,
    derived: Vec<&'static Derived>,
}

impl Columns {
    pub(super) fn new(records: Records) -> Self {
        let derived = DERIVED.iter().filter(|d| (d.when)(&records)).collect();
        Self { records, derived }
    }

    pub(super) fn records(&self) -> &Records {
        &self.records
    }

    /// Names in the order of the export: the stored columns, then the derived ones.
    pub(super) fn names(&self) -> impl Iterator<Item = Cow<'static, str>> + '_ {
        let stored = self.records.layout.columns.iter().map(|column| column.name.clone());
        stored.chain(self.derived.iter().map(|d| Cow::Borrowed(d.name)))
    }
}

impl Packed for Columns {
    fn rows(&self) -> usize {
        self.records.layout.rows
    }

    fn decode(&self, wanted: &[usize]) -> Vec<Vec<f64>> {
        self.decode_with(wanted, &|_, _| {})
    }

    fn decode_with(&self, wanted: &[usize], finish: &Finish<'_>) -> Vec<Vec<f64>> {
        let count = self.records.layout.columns.len();
        let derived = |index: usize| index.checked_sub(count).and_then(|index| self.derived.get(index));
        let is_running = |index: usize| derived(index).is_some_and(|d| d.is_running);
        let places = wanted.iter().copied().enumerate();
        let (running, others): (Vec<_>, Vec<_>) = places.partition(|(_, index)| is_running(*index));
        // The records pass the cache once, for all columns of which a part can be made from a part of the records.
        let others_made = in_blocks(others.len(), self.records.layout.rows, |block, slices| {
            for ((place, index), out) in others.iter().zip(slices) {
                let start = block * BLOCK;
                if let Some(column) = self.records.layout.columns.get(*index) {
                    self.records.fill(column, start, out);
                } else if let Some(derived) = derived(*index) {
                    derived.fill(&self.records, &(start..start + out.len()), out);
                }
                finish(*place, out);
            }
        });
        let make = |(place, index): &(usize, usize)| {
            let mut made = derived(*index).map(|d| d.all(&self.records)).unwrap_or_default();
            made.par_chunks_mut(BLOCK).for_each(|part| finish(*place, part));
            made
        };
        let running_made: Vec<Vec<f64>> = running.par_iter().map(make).collect();
        let (mut running_made, mut others_made) = (running_made.into_iter(), others_made.into_iter());
        let mut next = |index| if is_running(index) { running_made.next() } else { others_made.next() };
        wanted.iter().map(|index| next(*index).unwrap_or_default()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::layout::{Layout, Stored};
    use super::super::records::{Context, Intercalation};
    use super::*;
    use crate::binary::Scalar;

    /// Two and a half blocks of records with these columns.
    fn columns(ids: &[u16]) -> Columns {
        let rows = 5 * BLOCK / 2;
        let field = |(k, id): (usize, &u16)| Stored {
            id: *id,
            name: Cow::Borrowed(""),
            scalar: Scalar::F64,
            offset: 8 * k,
            mask: 0,
        };
        let stored: Vec<Stored> = ids.iter().enumerate().map(field).collect();
        let value = |row: usize, id: u16| match id {
            1 => (row % 3) as f64,
            468 => (row / 1000) as f64,
            _ => (row as f64 * f64::from(id)).sin() + row as f64 / 1000.0,
        };
        let bytes = (0..rows).flat_map(|row| ids.iter().flat_map(move |id| value(row, *id).to_le_bytes())).collect();
        let layout = Layout { columns: stored, start: 0, stride: 8 * ids.len(), rows, flags: None };
        let intercalation = Some(Intercalation { first: 0.5, charge: 100.0 });
        let context = Context { loops: vec![0, 9, BLOCK, BLOCK + 5], intercalation, is_recent: true, is_sweep: false };
        Columns::new(Records::new(Arc::new(bytes), 0, layout, context))
    }

    #[test]
    fn what_is_derived_block_by_block_is_what_is_derived_at_once() {
        let all = [1, 4, 5, 6, 7, 8, 9, 13, 32, 35, 36, 434, 467, 468];
        let mut seen = std::collections::BTreeSet::new();
        for missing in [&[0][..], &[7], &[8], &[7, 13], &[7, 13, 434], &[7, 8], &[9]] {
            let ids: Vec<u16> = all.iter().copied().filter(|id| !missing.contains(id)).collect();
            let columns = columns(&ids);
            let records = &columns.records;
            for (k, derived) in columns.derived.iter().enumerate() {
                let made = columns.decode(&[ids.len() + k]).remove(0);
                assert_eq!(made.len(), records.layout.rows, "{}", derived.name);
                assert_eq!(made, derived.all(records), "{} without {missing:?}", derived.name);
                seen.insert(derived.name);
            }
        }
        // `Re(Z)` and the like are made where they are not stored, as here.
        let passed: Vec<&str> = DERIVED.iter().map(|d| d.name).filter(|name| !seen.contains(name)).collect();
        assert!(passed.is_empty(), "never made: {passed:?}");
    }
}
