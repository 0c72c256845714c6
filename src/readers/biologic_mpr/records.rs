//! The records, decoded column by column when somebody asks for one.

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;

use super::derived::{self, Derived};
use super::ids;
use super::layout::Layout;
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

    /// Some stored columns by their place among all.
    fn stored(&self, wanted: &[usize]) -> Vec<Vec<f64>> {
        let (bytes, stride) = (self.bytes(), self.layout.stride);
        let frequency = self.layout.find(32).and_then(|place| self.layout.columns.get(place));
        in_blocks(wanted.len(), self.layout.rows, |block, slices| {
            let start = block * BLOCK * stride;
            let records = bytes.get(start..).unwrap_or_default();
            for (index, out) in wanted.iter().zip(slices) {
                let Some(column) = self.layout.columns.get(*index) else { continue };
                column.scalar.gather(records, stride, column.offset, out);
                if column.mask != 0 {
                    let shift = column.mask.trailing_zeros();
                    out.iter_mut().for_each(|v| *v = f64::from((*v as u8 & column.mask) >> shift));
                }
                if let (Some(mask), Some(frequency)) = (ids::masked_above_100_khz(column.id), frequency) {
                    for (value, record) in out.iter_mut().zip(records.chunks_exact(stride.max(1))) {
                        if frequency.scalar.read(record, frequency.offset).is_some_and(|f| f >= 1e5) {
                            *value = mask;
                        }
                    }
                }
            }
        })
    }

    /// A stored column by its id.
    pub(super) fn value(&self, id: u16) -> Option<Vec<f64>> {
        self.stored(&[self.layout.find(id)?]).pop()
    }

    /// Records whose flags byte has one of these bits.
    pub(super) fn flagged(&self, bits: u8) -> Vec<usize> {
        let Some(offset) = self.layout.flags else { return Vec::new() };
        let has = |record: &[u8]| record.get(offset).is_some_and(|flags| flags & bits != 0);
        let records = self.bytes().par_chunks_exact(self.layout.stride.max(1)).with_min_len(BLOCK);
        records.enumerate().filter(|(_, record)| has(record)).map(|(row, _)| row).collect()
    }
}

impl Packed for Records {
    fn rows(&self) -> usize {
        self.layout.rows
    }

    fn decode(&self, wanted: &[usize]) -> Vec<Vec<f64>> {
        let count = self.layout.columns.len();
        let stored: Vec<usize> = wanted.iter().copied().filter(|index| *index < count).collect();
        let mut decoded = self.stored(&stored).into_iter();
        let derive = |index: usize| self.derived.get(index - count).map(|d| (d.make)(self)).unwrap_or_default();
        wanted
            .iter()
            .map(|index| if *index < count { decoded.next().unwrap_or_default() } else { derive(*index) })
            .collect()
    }
}
