//! A column of whole numbers.

use polars::prelude::Column;

use crate::signal::frame::integer_series;
use crate::signal::{count_series, is_count, real_series};

/// 1.5 × 2⁵²: added to a whole number it leaves the number in the last bits of the sum.
const MAGIC: f64 = 6_755_399_441_055_744.0;

/// Up to here, 2⁵¹, that works.
const SMALL: f64 = 2_251_799_813_685_248.0;

/// Whether it is a whole number of at most 2⁵¹, without a branch and without a conversion.
#[inline]
pub(super) fn is_small(v: f64) -> bool {
    (v.abs() < SMALL) & ((v + MAGIC) - MAGIC == v)
}

/// Numbers that are looked at in one go.
const AT_ONCE: usize = 32;

/// Whole numbers as integers; a column with fractions keeps them.
pub(super) fn counts(name: &str, mut values: Vec<f64>) -> Column {
    // The integers take the place of the numbers, some at a time while these are in the cache. No branch and no conversion, so
    // that several numbers are looked at in one go.
    let integer = |v: f64| f64::from_bits((v + MAGIC).to_bits().wrapping_sub(MAGIC.to_bits()));
    // Counters stand still over many rows: the last number, and what it became.
    let mut last = (0, f64::from_bits(0));
    let mut make = |part: &mut [f64; AT_ONCE]| {
        let first = part[0].to_bits();
        if first == last.0 && part.iter().fold(0, |any, v| any | (v.to_bits() ^ first)) == 0 {
            part.fill(last.1);
            return true;
        }
        let is_made = part.iter().map(|v| u64::from(!is_small(*v))).sum::<u64>() == 0;
        if is_made {
            last.0 = part[AT_ONCE - 1].to_bits();
            part.iter_mut().for_each(|v| *v = integer(*v));
            last.1 = part[AT_ONCE - 1];
        }
        is_made
    };
    let (blocks, rest) = values.as_chunks_mut::<AT_ONCE>();
    let mut small = AT_ONCE * blocks.iter_mut().map_while(|block| make(block).then_some(())).count();
    if small == AT_ONCE * blocks.len() {
        small += rest.iter_mut().map_while(|v| is_small(*v).then(|| *v = integer(*v))).count();
    }
    if small == values.len() {
        return integer_series(name, bytemuck::allocation::cast_vec(values));
    }
    values.iter_mut().take(small).for_each(|v| *v = v.to_bits() as i64 as f64);
    if values.iter().all(|v| v.is_nan() || is_count(*v)) {
        count_series(name, &values)
    } else {
        real_series(name, values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::{ChunkAgg, DataType};

    #[test]
    fn whole_numbers_become_integers() {
        let whole = [0.0, -0.0, 1.0, -1.0, 7.0, SMALL - 1.0, 1.0 - SMALL];
        let made = counts("n", whole.to_vec());
        let made: Vec<i64> = made.i64().unwrap().iter().map(Option::unwrap).collect();
        assert_eq!(made, whole.map(|v| v as i64));
        for odd in [0.5, -1.5, SMALL - 0.5] {
            assert_eq!(counts("n", vec![1.0, odd]).dtype(), &DataType::Float64);
        }
        // Where the last of many is none, what was done to the first is undone.
        let many: Vec<f64> = (0..5000).map(|n| f64::from(n) - 2500.0).chain([0.5]).collect();
        assert_eq!(counts("n", many.clone()).f64().unwrap().cont_slice().unwrap(), many);
        assert_eq!(counts("n", vec![1.0, f64::NAN]).null_count(), 1);
        let still: Vec<f64> = (0..300).map(|n| f64::from(n / 100)).collect();
        let made: Vec<i64> = counts("n", still).i64().unwrap().iter().map(Option::unwrap).collect();
        assert!(made.iter().zip(0..).all(|(value, row)| *value == row / 100));
        for from in [0, 64, 70] {
            let mut unknown = [1.0].repeat(200);
            unknown[from..from + 64].fill(f64::NAN);
            let made = counts("n", unknown);
            assert_eq!((made.null_count(), made.i64().unwrap().sum()), (64, Some(136)));
        }
        assert_eq!(counts("n", vec![2.0 * SMALL]).i64().unwrap().get(0), Some(1 << 52));
    }
}
