//! A cheap look at a column of doubles: what the few thousand values that are looked at say of all.

use std::sync::LazyLock;

/// How the values of a column are laid out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Layout {
    /// Value by value.
    Plain,
    /// Different values once, and which of them comes when.
    Dictionary,
    /// Plane by plane; so many of the lowest are noise, which nothing makes smaller.
    Planes { noise: usize },
}

/// Stretches of the column that are looked at, how many values of each, and of how many that moved the bytes.
const STRETCHES: usize = 4;
const STRETCH: usize = 2 << 10;
const BYTES: u32 = 256;

/// Places for marks of values, as a power of two.
const PLACES: u32 = 13;

/// More than this share of values that come again is for zstd, which finds them; more than that for a dictionary, which is short.
const AGAIN: f64 = 0.2;
const OFTEN: f64 = 0.9;

/// A share of values that move; a dictionary takes less if there are fewer, and some of them were seen before.
const RARELY: f64 = 0.2;
/// As few do not matter.
const SELDOM: f64 = 0.002;

/// Bits of a value that may be given away because its low planes are stored as they are: at most, and as a share of all.
const GIVEN: f64 = 6.5;
const GIVEN_SHARE: f64 = 0.12;

/// The planes above hold sign, exponent and the first digits, which hardly ever are noise.
const LOW: usize = 5;

/// How to lay a column out.
pub(super) fn at(values: &[f64]) -> Layout {
    let (again, moves) = again(values);
    if again > OFTEN || moves < SELDOM || (again > AGAIN && moves < RARELY) {
        return Layout::Dictionary;
    }
    let mut bytes = Bytes { moved: 0, even: 0, rounded: 0, stayed: [0; 8], seen: vec![[0; 256]; 8] };
    stretches(values).for_each(|stretch| bytes.look(stretch));
    // A clock, or what a constant current sums up: its planes look like noise, and yet all of them go on evenly. Where values come
    // again, they may be rounded.
    let is_rounded = bytes.rounded * 4 >= bytes.moved && (bytes.even + bytes.rounded) * 2 >= bytes.moved;
    if bytes.even * 4 >= bytes.moved * 3 || (again > AGAIN && is_rounded) {
        Layout::Planes { noise: 0 }
    } else if again > AGAIN {
        Layout::Plain
    } else {
        Layout::Planes { noise: bytes.noise() }
    }
}

/// Marks of values that were seen, each in the place that its bits give.
struct Marks(Vec<u16>);

impl Marks {
    fn new() -> Self {
        Self(vec![0; 1 << PLACES])
    }

    /// Whether the value was seen; it is from now on. `mixed` are its bits, [`mixed`].
    #[inline]
    fn saw(&mut self, mixed: u64) -> bool {
        let mark = (mixed >> 32) as u16;
        std::mem::replace(&mut self.0[(mixed >> (64 - PLACES)) as usize], mark) == mark
    }
}

/// The highest bits depend on all.
#[inline]
fn mixed(value: f64) -> u64 {
    value.to_bits().wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Whether the values of a column that looks like noise come again after all: those of a slow charge may do so in the discharge
/// alone, which no stretch shows. `plane` are bytes of all values that are noise: values are picked by them, one in 128.
pub(super) fn comes_again(values: &[f64], plane: &[u8]) -> bool {
    let mut marks = Marks::new();
    let (mut moved, mut again) = (0u32, 0u32);
    for row in memchr::memchr2_iter(0x5A, 0xC3, plane) {
        // What stands still for long is told apart from noise; a few equal rows are for zstd.
        if row >= 16 && values[row].to_bits() != values[row - 16].to_bits() {
            moved += 1;
            again += u32::from(marks.saw(mixed(values[row])));
        }
    }
    again * 2 > moved
}

/// The shares of values that came again, of those that are not the one before, and of these in all.
fn again(values: &[f64]) -> (f64, f64) {
    let mut marks = Marks::new();
    let (mut moved, mut again) = (0u32, 0u32);
    for stretch in stretches(values) {
        let mut last = 0;
        for mixed in stretch.iter().map(|value| mixed(*value)) {
            if mixed != last {
                moved += 1;
                again += u32::from(marks.saw(mixed));
                last = mixed;
            }
        }
    }
    let looked: usize = stretches(values).map(<[f64]>::len).sum();
    (f64::from(again) / f64::from(moved.max(1)), f64::from(moved) / looked.max(1) as f64)
}

/// Pieces of the column, from its begin to its end; of a short one all.
fn stretches(values: &[f64]) -> impl Iterator<Item = &[f64]> {
    let step = (values.len() / STRETCHES).max(STRETCH);
    values.chunks(step).take(STRETCHES).map(|stretch| stretch.get(..STRETCH).unwrap_or(stretch))
}

/// What was seen of the bytes of values that moved.
struct Bytes {
    moved: u32,
    /// Values that are as far from the one before as that from the one before it.
    even: u32,
    /// The same, but for less than a thousandth: steps that are many times what values are rounded to.
    rounded: u32,
    /// How often the byte of a plane was that of the value before.
    stayed: [u32; 8],
    /// How often each byte was seen in a plane.
    seen: Vec<[u16; 256]>,
}

impl Bytes {
    fn look(&mut self, values: &[f64]) {
        let enough = self.moved + BYTES;
        for window in values.windows(3) {
            let &[a, b, c] = window else { continue };
            let (bits, changed) = (c.to_bits(), c.to_bits() ^ b.to_bits());
            if changed == 0 {
                continue;
            }
            if self.moved == enough {
                break;
            }
            self.moved += 1;
            let (step, bend) = ((b - a).abs(), ((c - b) - (b - a)).abs());
            self.even += u32::from(bend <= 1e-6 * step);
            self.rounded += u32::from(bend > 1e-6 * step && bend <= 1e-3 * step);
            for ((seen, stayed), plane) in self.seen.iter_mut().zip(&mut self.stayed).zip(0..) {
                seen[(bits >> (8 * plane)) as usize & 255] += 1;
                *stayed += u32::from(changed >> (8 * plane) & 255 == 0);
            }
        }
    }

    /// Bits that a byte of each plane takes, roughly: by how even the bytes are spread (with what so few values do not show), and
    /// by how often one stays.
    fn bits(&self) -> [f64; 8] {
        let moved = f64::from(self.moved);
        std::array::from_fn(|plane| {
            let seen = || self.seen[plane].iter().filter(|n| **n > 0).map(|n| f64::from(*n));
            let spread = moved.log2() - seen().map(|n| n * LOGARITHM[n as usize]).sum::<f64>() / moved;
            let unseen = (seen().count() as f64 - 1.0) / (2.0 * moved * std::f64::consts::LN_2);
            let goes = 1.0 - f64::from(self.stayed[plane]) / moved;
            let choice: f64 = [goes, 1.0 - goes].iter().filter(|p| **p > 0.0).map(|p| -p * p.log2()).sum();
            (spread + unseen).min(choice + 8.0 * goes).min(8.0)
        })
    }

    /// How many of the lowest planes may be stored as they are.
    fn noise(&self) -> usize {
        if self.moved < 64 {
            return 0;
        }
        let bits = self.bits();
        let most = (GIVEN_SHARE * bits.iter().sum::<f64>()).min(GIVEN);
        let given = bits.iter().scan(0.0, |given, bits| {
            *given += 8.0 - bits;
            Some(*given)
        });
        // Fewer than three would not be worth what zstd no longer sees.
        Some(given.take(LOW).take_while(|given| *given <= most).count()).filter(|planes| *planes > 2).unwrap_or(0)
    }
}

/// Logarithms of small numbers: asked for some thousand times a column.
static LOGARITHM: LazyLock<Vec<f64>> =
    LazyLock::new(|| (0..=STRETCHES as u32 * BYTES).map(|n| f64::from(n).log2()).collect());

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers without a pattern; the same in each run.
    fn noise(k: u64) -> f64 {
        let mixed = (k + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed ^ mixed >> 32) as f64 / u64::MAX as f64
    }

    fn layout(rows: u64, value: impl Fn(u64) -> f64) -> Layout {
        at(&(0..rows).map(value).collect::<Vec<_>>())
    }

    #[test]
    fn columns_are_what_they_look_like() {
        // 52 bits of noise below 3.5: five planes and half of one.
        assert_eq!(layout(60_000, |k| 3.5 + 0.1 * noise(k)), Layout::Planes { noise: 5 });
        assert_eq!(layout(60_000, |k| 1e6 + 0.1 * k as f64), Layout::Planes { noise: 0 });
        // One of a hundred steps of a converter, and of ten thousand.
        assert_eq!(layout(60_000, |k| 3.0 + (100.0 * noise(k)).floor() / 100.0), Layout::Dictionary);
        assert_eq!(layout(60_000, |k| 3.0 + (1e4 * noise(k)).floor() / 1e4), Layout::Plain);
        assert_eq!(layout(60_000, |_| 25.0), Layout::Dictionary);
        // A tenth of a millivolt a row, as it is told.
        assert_eq!(layout(60_000, |k| 3.0 + ((k / 2 * 3 % 2_000) as f64) / 1e4), Layout::Plain);
        // A counter that is rounded to the sixth digit, a hundred times from 0 on.
        assert_eq!(layout(60_000, |k| ((k % 600) as f64 / 144.0 * 1e6).round() / 1e6), Layout::Planes { noise: 0 });
        // Doubles of the half length: four low bytes are next to nothing.
        assert_eq!(layout(60_000, |k| f64::from(noise(k) as f32)), Layout::Planes { noise: 0 });
        // Half of the time nothing moves.
        let rest = |k: u64| if (k / 700).is_multiple_of(2) { 2.5 } else { 3.0 + noise(k) };
        assert_eq!(layout(60_000, rest), Layout::Planes { noise: 5 });
    }

    #[test]
    fn what_comes_again_late_is_seen() {
        // A single slow charge and discharge, and one that takes other values on its way back.
        for (back, is_same) in [(0.0, true), (3e-6, false)] {
            let there_and_back = (0..60_000u64)
                .map(|k| 3.0 + (k.abs_diff(30_000) * 7) as f64 / 1e5 + if k < 30_000 { back } else { 0.0 });
            let values: Vec<f64> = there_and_back.collect();
            let plane: Vec<u8> = values.iter().map(|value| value.to_le_bytes()[2]).collect();
            // Less than half of the values were seen before, and of both together three quarters or half.
            assert!(!comes_again(&values[1_000..], &plane[1_000..]));
            let twice = [&values[..], &values[..]].concat();
            assert_eq!(comes_again(&twice, &[&plane[..], &plane[..]].concat()), is_same);
        }
    }

    #[test]
    fn few_values_are_enough() {
        for rows in 0..70 {
            layout(rows, noise);
            layout(rows, |_| f64::NAN);
        }
    }
}
