//! Runs of equal values, and how a column of codes is written by them (`RLE_DICTIONARY`). A cycler's labels, counters and set values
//! stand still over many rows, so most rows cost one comparison.

use crate::widest::widest;

/// Which value, and how many times.
pub(super) type Run = (u32, u32);

/// Values that are compared without a branch for each.
const TOGETHER: usize = 16;

/// Runs of equal marks; `code` says what the value at a place is called, or that it is not worth going on.
pub(super) fn of<M: PartialEq>(marks: &[M], code: impl FnMut(usize) -> Option<u32>) -> Option<Vec<Run>> {
    widest(|| all_of(marks, code))
}

#[inline(always)]
fn all_of<M: PartialEq>(marks: &[M], mut code: impl FnMut(usize) -> Option<u32>) -> Option<Vec<Run>> {
    let mut runs = Vec::new();
    let mut from = 0;
    while let Some((mark, behind)) = marks.get(from..).and_then(<[M]>::split_first) {
        let code = code(from)?;
        let mut length = 1;
        if behind.first() == Some(mark) {
            let is_same = |marks: &&[M]| marks.iter().fold(true, |same, other| same & (other == mark));
            length += TOGETHER * behind.chunks_exact(TOGETHER).take_while(is_same).count();
            length += behind.get(length - 1..).unwrap_or_default().iter().take_while(|other| *other == mark).count();
        }
        runs.push((code, length as u32));
        from += length;
    }
    Some(runs)
}

/// Runs of as many codes are written as runs.
const LONG: u32 = 16;

/// Appends the codes as Parquet has them. A code takes whole bytes: zstd sees those.
pub(super) fn write(runs: &[Run], values: usize, bytes: &mut Vec<u8>) {
    match values {
        0..=1 => write_codes::<0>(runs, bytes),
        2..=0x100 => write_codes::<1>(runs, bytes),
        0x101..=0x1_0000 => write_codes::<2>(runs, bytes),
        _ => write_codes::<4>(runs, bytes),
    }
}

fn write_codes<const WIDTH: usize>(runs: &[Run], bytes: &mut Vec<u8>) {
    bytes.push(8 * WIDTH as u8);
    let mut singles: Vec<[u8; WIDTH]> = Vec::new();
    for &(code, mut times) in runs {
        let code = std::array::from_fn(|byte| code.to_le_bytes()[byte]);
        if times < LONG {
            (0..times).for_each(|_| singles.push(code));
            continue;
        }
        // Single codes go in eights: some of a long run fill them up.
        let filled = singles.len().next_multiple_of(8);
        times -= (filled - singles.len()) as u32;
        singles.resize(filled, code);
        write_singles(&mut singles, bytes);
        write_number(u64::from(times) << 1, bytes);
        bytes.extend_from_slice(&code);
    }
    singles.resize(singles.len().next_multiple_of(8), [0; WIDTH]);
    write_singles(&mut singles, bytes);
}

fn write_singles<const WIDTH: usize>(singles: &mut Vec<[u8; WIDTH]>, bytes: &mut Vec<u8>) {
    if !singles.is_empty() {
        write_number((singles.len() as u64 / 8) << 1 | 1, bytes);
        bytes.extend_from_slice(singles.as_flattened());
        singles.clear();
    }
}

/// Appends a number in sevens of bits.
pub(super) fn write_number(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars_parquet::parquet::encoding::hybrid_rle::HybridRleDecoder;
    use proptest::prelude::*;

    proptest! {
        /// Polars reads the codes that were written.
        #[test]
        fn codes_come_back(runs in prop::collection::vec((0u32..70_000, 1usize..70), 0..60), most in 0u32..18) {
            let codes: Vec<u32> = runs.iter().flat_map(|(code, times)| vec![code >> most; *times]).collect();
            let runs = of(&codes, |at| Some(codes[at])).unwrap();
            prop_assert!(runs.windows(2).all(|pair| pair[0].0 != pair[1].0));
            let mut bytes = Vec::new();
            write(&runs, codes.iter().max().map_or(0, |most| *most as usize + 1), &mut bytes);
            let back = HybridRleDecoder::new(&bytes[1..], u32::from(bytes[0]), codes.len()).collect().unwrap();
            prop_assert_eq!(back, codes);
        }
    }
}
