//! Columns out of records, a block of rows at a time on all threads.

use rayon::prelude::*;

/// Rows of a block: its records and its part of each column stay in a core's cache.
pub(crate) const BLOCK: usize = 8192;

/// Makes `count` columns of `rows` values. `fill` gets the number of a block and its part of each column.
pub(crate) fn in_blocks(count: usize, rows: usize, fill: impl Fn(usize, &mut [&mut [f64]]) + Sync) -> Vec<Vec<f64>> {
    let mut columns: Vec<Vec<f64>> = (0..count).map(|_| vec![0.0; rows]).collect();
    let mut parts: Vec<_> = columns.iter_mut().map(|column| column.chunks_mut(BLOCK)).collect();
    let blocks: Vec<Vec<&mut [f64]>> =
        (0..rows.div_ceil(BLOCK)).map(|_| parts.iter_mut().filter_map(Iterator::next).collect()).collect();
    blocks.into_par_iter().enumerate().for_each(|(block, mut slices)| fill(block, &mut slices));
    columns
}
