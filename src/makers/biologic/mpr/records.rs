//! The records, decoded column by column when somebody asks for one.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::derived::{self, Derived};
use super::ids;
use super::layout::{Layout, Stored};
use crate::binary::{BLOCK, in_blocks};
use crate::table::Packed;

/// The records of a file, with what is derived from them.
#[derive(Debug)]
pub(super) struct Records {
    bytes: Arc<Vec<u8>>,
    /// Place of the first record in the file.
    start: usize,
    pub(super) layout: Layout,
    /// First records of the loops.
    pub(super) loops: Vec<usize>,
    /// Charge of the intercalation reaction (biologic.md §6, `x`).
    pub(super) intercalation: Option<derived::Intercalation>,
    /// Whether the program is EC-Lab 11.50 or later.
    pub(super) is_recent: bool,
    /// Whether the technique is a voltammogram.
    pub(super) is_sweep: bool,
    derived: Vec<&'static Derived>,
}

/// What other modules say that derived columns need.
#[derive(Debug, Default)]
pub(super) struct Context {
    pub(super) loops: Vec<usize>,
    pub(super) intercalation: Option<derived::Intercalation>,
    pub(super) is_recent: bool,
    pub(super) is_sweep: bool,
}

impl Records {
    pub(super) fn new(bytes: Arc<Vec<u8>>, module_start: usize, layout: Layout, context: Context) -> Self {
        let start = module_start + layout.start;
        let Context { loops, intercalation, is_recent, is_sweep } = context;
        let mut records = Self { bytes, start, layout, loops, intercalation, is_recent, is_sweep, derived: Vec::new() };
        records.derived = derived::DERIVED.iter().filter(|d| (d.when)(&records)).collect();
        records
    }

    /// Names in the order of the export: the stored columns, then the derived ones.
    pub(super) fn names(&self) -> impl Iterator<Item = Cow<'static, str>> + '_ {
        let stored = self.layout.columns.iter().map(|column| column.name.clone());
        stored.chain(self.derived.iter().map(|d| Cow::Borrowed(d.name)))
    }

    fn bytes(&self) -> &[u8] {
        let length = self.layout.rows * self.layout.stride;
        self.bytes.get(self.start..self.start + length).unwrap_or_default()
    }

    pub(super) fn has(&self, id: u16) -> bool {
        self.layout.find(id).is_some()
    }

    /// The part of a stored column that begins with record `start`.
    fn fill(&self, column: &Stored, start: usize, out: &mut [f64]) {
        let stride = self.layout.stride;
        let records = self.bytes().get(start * stride..).unwrap_or_default();
        column.scalar.gather(records, stride, column.offset, out);
        if column.mask != 0 {
            let shift = column.mask.trailing_zeros();
            out.iter_mut().for_each(|v| *v = f64::from((*v as u8 & column.mask) >> shift));
        }
        let frequency = self.layout.find(32).and_then(|place| self.layout.columns.get(place));
        if let (Some(mask), Some(frequency)) = (ids::masked_above_100_khz(column.id), frequency) {
            for (value, record) in out.iter_mut().zip(records.chunks_exact(stride.max(1))) {
                if frequency.scalar.read(record, frequency.offset).is_some_and(|f| f >= 1e5) {
                    *value = mask;
                }
            }
        }
    }

    /// Some records of a stored column by its id.
    pub(super) fn value(&self, id: u16, rows: &Range<usize>) -> Option<Vec<f64>> {
        let column = self.layout.columns.get(self.layout.find(id)?)?;
        let mut values = vec![0.0; rows.len()];
        let blocks = values.par_chunks_mut(BLOCK).enumerate();
        blocks.for_each(|(block, out)| self.fill(column, rows.start + block * BLOCK, out));
        Some(values)
    }

    /// All records.
    pub(super) fn all(&self) -> Range<usize> {
        0..self.layout.rows
    }

    /// Records whose flags byte has one of these bits.
    pub(super) fn flagged(&self, bits: u8) -> Vec<usize> {
        let Some(offset) = self.layout.flags else { return Vec::new() };
        let stride = self.layout.stride.max(1);
        let flagged = |(block, records): (usize, &[u8])| {
            let flags = records.get(offset..).unwrap_or_default().iter().step_by(stride);
            let rows = flags.zip(block * BLOCK..).filter(|(flags, _)| **flags & bits != 0);
            rows.map(|(_, row)| row).collect::<Vec<usize>>()
        };
        let blocks: Vec<Vec<usize>> = self.bytes().par_chunks(stride * BLOCK).enumerate().map(flagged).collect();
        blocks.concat()
    }
}

impl Packed for Records {
    fn rows(&self) -> usize {
        self.layout.rows
    }

    fn decode(&self, wanted: &[usize]) -> Vec<Vec<f64>> {
        let count = self.layout.columns.len();
        let derived = |index: usize| index.checked_sub(count).and_then(|index| self.derived.get(index));
        let is_running = |index: &usize| derived(*index).is_some_and(|d| d.is_running);
        let (running, others): (Vec<usize>, Vec<usize>) = wanted.iter().copied().partition(is_running);
        // The records pass the cache once, for all columns of which a part can be made from a part of the records.
        let others_made = in_blocks(others.len(), self.layout.rows, |block, slices| {
            for (index, out) in others.iter().zip(slices) {
                let start = block * BLOCK;
                if let Some(column) = self.layout.columns.get(*index) {
                    self.fill(column, start, out);
                } else if let Some(derived) = derived(*index) {
                    let made = (derived.make)(self, &(start..start + out.len()));
                    out.iter_mut().zip(made).for_each(|(out, value)| *out = value);
                }
            }
        });
        let make = |index: &usize| derived(*index).map(|d| (d.make)(self, &self.all())).unwrap_or_default();
        let running_made: Vec<Vec<f64>> = running.par_iter().map(make).collect();
        let (mut running_made, mut others_made) = (running_made.into_iter(), others_made.into_iter());
        let mut next = |index| if is_running(index) { running_made.next() } else { others_made.next() };
        wanted.iter().map(|index| next(index).unwrap_or_default()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binary::Scalar;

    /// Two and a half blocks of records with these columns.
    fn records(ids: &[u16]) -> Records {
        let rows = 5 * BLOCK / 2;
        let field = |(k, id): (usize, &u16)| Stored {
            id: *id,
            name: Cow::Borrowed(""),
            scalar: Scalar::F64,
            offset: 8 * k,
            mask: 0,
        };
        let columns: Vec<Stored> = ids.iter().enumerate().map(field).collect();
        let value = |row: usize, id: u16| match id {
            1 => (row % 3) as f64,
            468 => (row / 1000) as f64,
            _ => (row as f64 * f64::from(id)).sin() + row as f64 / 1000.0,
        };
        let bytes = (0..rows).flat_map(|row| ids.iter().flat_map(move |id| value(row, *id).to_le_bytes())).collect();
        let layout = Layout { columns, start: 0, stride: 8 * ids.len(), rows, flags: None };
        let intercalation = Some(derived::Intercalation { first: 0.5, charge: 100.0 });
        let context = Context { loops: vec![0, 9, BLOCK, BLOCK + 5], intercalation, is_recent: true, is_sweep: false };
        Records::new(Arc::new(bytes), 0, layout, context)
    }

    #[test]
    fn what_is_derived_block_by_block_is_what_is_derived_at_once() {
        let all = [1, 4, 5, 6, 7, 8, 9, 13, 32, 35, 36, 434, 467, 468];
        let mut seen = std::collections::BTreeSet::new();
        for missing in [&[0][..], &[7], &[8], &[7, 13], &[7, 13, 434], &[7, 8], &[9]] {
            let ids: Vec<u16> = all.iter().copied().filter(|id| !missing.contains(id)).collect();
            let records = records(&ids);
            for (k, derived) in records.derived.iter().enumerate() {
                let made = records.decode(&[ids.len() + k]).remove(0);
                assert_eq!(made.len(), records.layout.rows, "{}", derived.name);
                assert_eq!(made, (derived.make)(&records, &records.all()), "{} without {missing:?}", derived.name);
                seen.insert(derived.name);
            }
        }
        // `Re(Z)` and the like are made where they are not stored, as here.
        let passed: Vec<&str> = derived::DERIVED.iter().map(|d| d.name).filter(|name| !seen.contains(name)).collect();
        assert!(passed.is_empty(), "never made: {passed:?}");
    }
}
