//! The records: the columns that they store, read when somebody asks for one.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::ids;
use super::layout::{Layout, Stored};
use crate::binary::BLOCK;

/// The records of a file, with what is derived from them.
#[derive(Debug)]
pub(super) struct Records {
    bytes: Arc<Vec<u8>>,
    /// Place of the first record in the file.
    start: usize,
    pub(super) layout: Layout,
    /// First records of the loops.
    pub(super) loops: Vec<usize>,
    /// Charge of the intercalation reaction (docs/formats/mpr.md#derived-columns, `x`).
    pub(super) intercalation: Option<Intercalation>,
    /// Whether the program is EC-Lab 11.50 or later.
    pub(super) is_recent: bool,
    /// Whether the technique is a voltammogram.
    pub(super) is_sweep: bool,
}

/// What the header says of the intercalation (`x`): the first value and the charge for a step of 1 in mA.h.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Intercalation {
    pub(super) first: f64,
    pub(super) charge: f64,
}

/// What other modules say that derived columns need.
#[derive(Debug, Default)]
pub(super) struct Context {
    pub(super) loops: Vec<usize>,
    pub(super) intercalation: Option<Intercalation>,
    pub(super) is_recent: bool,
    pub(super) is_sweep: bool,
}

impl Records {
    pub(super) fn new(bytes: Arc<Vec<u8>>, module_start: usize, layout: Layout, context: Context) -> Self {
        let start = module_start + layout.start;
        let Context { loops, intercalation, is_recent, is_sweep } = context;
        Self { bytes, start, layout, loops, intercalation, is_recent, is_sweep }
    }

    fn bytes(&self) -> &[u8] {
        let length = self.layout.rows * self.layout.stride;
        self.bytes.get(self.start..self.start + length).unwrap_or_default()
    }

    pub(super) fn has(&self, id: u16) -> bool {
        self.layout.find(id).is_some()
    }

    /// The part of a stored column that begins with record `start`.
    pub(super) fn fill(&self, column: &Stored, start: usize, out: &mut [f64]) {
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

    /// The part of a stored column that begins with record `start`, by its id. Says whether there is such a column.
    pub(super) fn fill_by_id(&self, id: u16, start: usize, out: &mut [f64]) -> bool {
        let column = self.layout.find(id).and_then(|place| self.layout.columns.get(place));
        column.inspect(|column| self.fill(column, start, out)).is_some()
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
