//! Columns out of records, a part of the rows at a time on all threads.

use rayon::prelude::*;

/// Rows of a block: its records and its part of each column stay in a core's cache.
pub(crate) const BLOCK: usize = 8192;

/// Makes `count` columns of `rows` values. `fill` gets the number of a block of [`BLOCK`] rows and its part of each column.
pub(crate) fn in_blocks(count: usize, rows: usize, fill: impl Fn(usize, &mut [&mut [f64]]) + Sync) -> Vec<Vec<f64>> {
    let whole = std::iter::repeat_n(BLOCK, rows / BLOCK);
    let lengths: Vec<usize> = whole.chain((!rows.is_multiple_of(BLOCK)).then_some(rows % BLOCK)).collect();
    in_parts(count, &lengths, fill)
}

/// The same for parts of given lengths.
pub(crate) fn in_parts(
    count: usize,
    lengths: &[usize],
    fill: impl Fn(usize, &mut [&mut [f64]]) + Sync,
) -> Vec<Vec<f64>> {
    let rows = lengths.iter().sum();
    let mut columns: Vec<Vec<f64>> = (0..count).map(|_| vec![0.0; rows]).collect();
    let mut rests: Vec<&mut [f64]> = columns.iter_mut().map(Vec::as_mut_slice).collect();
    let mut parts: Vec<Vec<&mut [f64]>> = Vec::new();
    for length in lengths {
        let (part, left): (Vec<_>, Vec<_>) = rests.into_iter().map(|rest| rest.split_at_mut(*length)).unzip();
        parts.push(part);
        rests = left;
    }
    parts.into_par_iter().enumerate().for_each(|(index, mut slices)| fill(index, &mut slices));
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_lie_behind_each_other() {
        let columns = in_parts(2, &[2, 0, 3], |part, slices| {
            for (column, slice) in slices.iter_mut().enumerate() {
                slice.fill((10 * part + column) as f64);
            }
        });
        assert_eq!(columns, [[0.0, 0.0, 20.0, 20.0, 20.0], [1.0, 1.0, 21.0, 21.0, 21.0]]);
        assert_eq!(in_blocks(1, BLOCK + 1, |block, slices| slices[0].fill(block as f64))[0][BLOCK], 1.0);
    }
}
