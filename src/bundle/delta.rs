//! Whole numbers by their differences (`DELTA_BINARY_PACKED`): numbers of records and stamps step by little, and mostly evenly.

use super::runs::write_number;

/// Differences of a block; each block is packed with bits of its own.
const BLOCK: usize = 256;

/// Appends the numbers.
pub(super) fn write(numbers: &[i64], bytes: &mut Vec<u8>) {
    let first = numbers.first().copied().unwrap_or_default();
    // One part a block.
    for number in [BLOCK as u64, 1, numbers.len() as u64, zigzag(first)] {
        write_number(number, bytes);
    }
    let mut steps = [0; BLOCK];
    let mut at = 0;
    while at + 1 < numbers.len() {
        let from = &numbers[at..numbers.len() - 1];
        let count = from.len().min(BLOCK);
        for ((step, from), to) in steps.iter_mut().zip(from).zip(&numbers[at + 1..]) {
            *step = to.wrapping_sub(*from);
        }
        block(&mut steps[..count], bytes);
        at += count;
    }
}

fn block(steps: &mut [i64], bytes: &mut Vec<u8>) {
    let even = steps.first().copied().unwrap_or_default();
    let differ = steps.iter().fold(0, |differ, step| differ | (step ^ even));
    let least = if differ == 0 { even } else { steps.iter().copied().min().unwrap_or_default() };
    write_number(zigzag(least), bytes);
    let above = |step: &i64| step.wrapping_sub(least) as u64;
    let width = 64 - steps.iter().map(above).fold(0, |bits, above| bits | above).leading_zeros();
    bytes.push(width as u8);
    if width == 0 {
        return;
    }
    let (mut word, mut filled) = (0u128, 0);
    for step in steps.iter() {
        word |= u128::from(above(step)) << filled;
        filled += width;
        if filled >= 64 {
            bytes.extend_from_slice(&(word as u64).to_le_bytes());
            word >>= 64;
            filled -= 64;
        }
    }
    bytes.extend_from_slice(&word.to_le_bytes()[..filled.div_ceil(8) as usize]);
    // The last block is as long as all others.
    let missing = (BLOCK * width as usize / 8) - (steps.len() * width as usize).div_ceil(8);
    bytes.resize(bytes.len() + missing, 0);
}

/// Small numbers of either sign are small.
fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(numbers: &[i64]) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(numbers, &mut bytes);
        bytes
    }

    /// By hand from the description of the format; that polars reads whatever numbers back is asked in `parquet.rs`.
    #[test]
    fn blocks_are_as_described() {
        // 256 a block in two bytes, one part, five numbers, 1 as 2; a block whose least step is 1 (as 2), in no bits.
        assert_eq!(written(&[1, 2, 3, 4, 5]), [128, 2, 1, 5, 2, 2, 0]);
        // The least step is -4 (as 7), the others are 5 above it: 101 101 101 101 000 from the lowest bit on, up to 256 of three bits.
        let mut bytes = vec![128, 2, 1, 6, 2, 7, 3, 0b0110_1101, 0b0000_1011];
        bytes.resize(7 + 96, 0);
        assert_eq!(written(&[1, 2, 3, 4, 5, 1]), bytes);
        assert_eq!(written(&[]), [128, 2, 1, 0, 0]);
        assert_eq!(written(&[-3]), [128, 2, 1, 1, 5]);
    }

    #[test]
    fn each_block_has_its_own_bits() {
        // 256 steps of 0, then one of 1.
        let mut numbers = vec![9; 257];
        numbers.push(10);
        assert_eq!(written(&numbers), [128, 2, 1, 130, 2, 18, 0, 0, 2, 0]);
    }
}
