//! The bytes of doubles, plane by plane: the lowest byte of every value, then the next (`BYTE_STREAM_SPLIT`). Noise is in the low
//! planes alone; sign, exponent and first digits stand still for long.

use std::ops::Range;

use wide::u8x16;

use crate::widest::widest;

/// Doubles that are turned together.
const TOGETHER: usize = 16;

/// Writes the planes of the doubles, lowest first, to `planes`, of which there are as many bytes.
pub(super) fn split(values: &[f64], planes: &mut [u8]) {
    widest(|| split_all(values, planes));
}

#[inline(always)]
fn split_all(values: &[f64], planes: &mut [u8]) {
    let n = values.len();
    let blocks = values.chunks_exact(TOGETHER);
    let rest = (n - blocks.remainder().len()..n).zip(blocks.remainder());
    for (row, value) in rest {
        for (plane, byte) in value.to_le_bytes().into_iter().enumerate() {
            planes[plane * n + row] = byte;
        }
    }
    let mut others = planes;
    let mut places: [_; 8] = std::array::from_fn(|_| {
        let (plane, behind) = std::mem::take(&mut others).split_at_mut(n);
        others = behind;
        plane.chunks_exact_mut(TOGETHER)
    });
    for block in blocks {
        let turned = turned(block);
        for (places, bytes) in places.iter_mut().zip(&turned) {
            if let Some(place) = places.next() {
                place.copy_from_slice(bytes);
            }
        }
    }
}

/// Sixteen doubles as eight planes. Each step puts the bytes of two halves in turn, which moves the number of the value down to where
/// the number of the byte was, one bit a step.
#[inline(always)]
fn turned(values: &[f64]) -> [[u8; TOGETHER]; 8] {
    let mut pairs = values.chunks_exact(2).map(|pair| {
        let both = u128::from(pair[0].to_bits()) | u128::from(pair[1].to_bits()) << 64;
        u8x16::new(both.to_le_bytes())
    });
    let v: [u8x16; 8] = std::array::from_fn(|_| pairs.next().unwrap_or_default());
    let v = in_turn::<4>(in_turn::<1>(in_turn::<2>(in_turn::<4>(v))));
    // The bits of a plane's number are where those of the value were: the lowest is the first.
    std::array::from_fn(|plane| v[(plane & 1) << 2 | plane >> 1].to_array())
}

#[inline(always)]
fn in_turn<const APART: usize>(v: [u8x16; 8]) -> [u8x16; 8] {
    std::array::from_fn(|at| match at & APART {
        0 => u8x16::unpack_low(v[at], v[at + APART]),
        _ => u8x16::unpack_high(v[at - APART], v[at]),
    })
}

/// The byte that a plane is made of, if it is one.
pub(super) fn only(plane: &[u8]) -> Option<u8> {
    let first = *plane.first()?;
    // Without a branch for each byte.
    let is_first = |part: &[u8]| part.iter().fold(0, |differs, byte| differs | (byte ^ first)) == 0;
    plane.chunks(1 << 10).all(is_first).then_some(first)
}

/// A run of equal values is worth telling from as many.
const STILL: usize = 32;

/// Where at least a few dozen equal values follow one another, in order.
pub(super) fn still(values: &[f64]) -> Vec<Range<usize>> {
    let is = |a: usize, b: usize| values[a].to_bits() == values[b].to_bits();
    let (mut found, mut end) = (Vec::new(), 0);
    // A run of that length holds two values that are half of it apart and whose places are multiples of that.
    let step = STILL / 2;
    let mut at = 0;
    while at + step < values.len() {
        if !is(at, at + step) {
            at += step;
            continue;
        }
        let from = (end..at).rev().take_while(|&row| is(row, at)).last().unwrap_or(at);
        let to = (at + 1..values.len()).find(|&row| !is(row, at)).unwrap_or(values.len());
        if to - from >= STILL {
            found.push(from..to);
            end = to;
        }
        at = (to / step * step).max(at + step);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn planes_are_the_bytes_of_the_values(values in prop::collection::vec(any::<u64>(), 0..100)) {
            let values: Vec<f64> = values.into_iter().map(f64::from_bits).collect();
            let mut planes = vec![0; 8 * values.len()];
            split(&values, &mut planes);
            for (row, value) in values.iter().enumerate() {
                for (plane, byte) in value.to_le_bytes().into_iter().enumerate() {
                    prop_assert_eq!(planes[plane * values.len() + row], byte);
                }
            }
        }

        /// The runs are found that a walk from value to value finds.
        #[test]
        fn what_stands_still_is_found(runs in prop::collection::vec((0u8..3, 1usize..90), 0..30)) {
            let values: Vec<f64> = runs.iter().flat_map(|(value, times)| vec![f64::from(*value); *times]).collect();
            let mut wanted = Vec::new();
            let mut from = 0;
            for to in 1..=values.len() {
                if to == values.len() || values[to] != values[from] {
                    if to - from >= STILL {
                        wanted.push(from..to);
                    }
                    from = to;
                }
            }
            prop_assert_eq!(still(&values), wanted);
        }
    }
}
