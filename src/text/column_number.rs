//! Numbers of one column, read by the shape of the number before: a cycler prints each column with as many decimals, and an
//! exponent of as many digits, from the first row to the last.
//!
//! The last sixteen bytes of a cell are one word. Where the decimal mark stands is known beforehand, so the mark is taken out
//! and all digits are joined at once, without a branch for each of them.

use wide::{i16x8, u8x16};

use super::decimal::Decimal;
use super::number::{self, EXACT};
use crate::widest::widest;

/// The last 0 … 16 bytes of a word.
#[rustfmt::skip]
pub(super) const LAST: [u128; 17] = [
    0, u128::MAX << 120, u128::MAX << 112, u128::MAX << 104, u128::MAX << 96, u128::MAX << 88,
    u128::MAX << 80, u128::MAX << 72, u128::MAX << 64, u128::MAX << 56, u128::MAX << 48,
    u128::MAX << 40, u128::MAX << 32, u128::MAX << 24, u128::MAX << 16, u128::MAX << 8, u128::MAX,
];

/// The sixteen bytes that end at `to`, the last one on top.
#[inline]
pub(super) fn word(text: &[u8], to: usize) -> Option<u128> {
    text.get(..to)?.last_chunk().map(|word| u128::from_le_bytes(*word))
}

/// Reads the numbers of one column; what it knows is how the number before was printed.
#[derive(Debug, Clone)]
pub(super) struct ColumnNumber {
    mark: u8,
    /// Digits behind the decimal mark, 0 … 15; 0 without a mark.
    decimals: usize,
    /// The digits behind the mark in a word.
    behind: u128,
    /// Bytes of the exponent with its letter and sign: 0, or 3 … 5.
    exponent: usize,
    /// The exponent in a word, and which bytes of it are the exponent.
    tail: u64,
    tail_cover: u64,
    /// What the digits are divided by, and multiplied with; one of them is 1.
    divisor: f64,
    factor: f64,
    /// The power of ten of the last digit of any number so far; `None` after one whose digits are not known.
    last_digit: Option<i32>,
}

impl ColumnNumber {
    pub(super) fn new(decimal: Decimal) -> Self {
        let mark = if decimal == Decimal::Comma { b',' } else { b'.' };
        Self {
            mark,
            decimals: 0,
            behind: 0,
            exponent: 0,
            tail: 0,
            tail_cover: 0,
            divisor: 1.0,
            factor: 1.0,
            last_digit: Some(0),
        }
    }

    /// The power of ten of the last digit of the numbers so far, as −4 for `0.0002`; 0 at most.
    pub(super) fn last_digit(&self) -> Option<i32> {
        self.last_digit
    }

    /// Takes note of the digits of a number that was read otherwise.
    pub(super) fn see_digits(&mut self, cell: &[u8]) {
        self.last_digit = self.last_digit.zip(last_digit(cell, self.mark)).map(|(finest, here)| finest.min(here));
    }

    /// The number that fills `text[from..to]`, correctly rounded; `None` for anything that is not plain digits with one mark
    /// and an exponent, blanks included. `word` is the [`word`] that ends at `to`.
    #[inline]
    pub(super) fn read(&mut self, text: &[u8], from: usize, to: usize, word: u128) -> Option<f64> {
        match self.read_as_before(text, from, to, word) {
            Some(value) => Some(value),
            None => self.read_otherwise(text, from, to, word),
        }
    }

    /// A number that is printed as the one before.
    #[inline(always)]
    fn read_as_before(&self, text: &[u8], from: usize, to: usize, word: u128) -> Option<f64> {
        if (word >> 64) as u64 & self.tail_cover != self.tail {
            return None;
        }
        let end = to.wrapping_sub(self.exponent);
        self.mantissa(text, from, end).or_else(|| self.long_mantissa(text, from, end))
    }

    /// Reads cells that are printed as the one before, as far as they are; gives their number. This loop is what most cells of a
    /// file go through.
    #[inline(never)]
    pub(super) fn read_run(
        &self,
        text: &[u8],
        cells: impl Iterator<Item = (usize, usize)>,
        values: &mut [f64],
    ) -> usize {
        widest(|| self.read_cells(text, cells, values))
    }

    #[inline(always)]
    fn read_cells(&self, text: &[u8], cells: impl Iterator<Item = (usize, usize)>, values: &mut [f64]) -> usize {
        // What does not change in the loop is kept out of memory.
        let shape = Self { ..*self };
        let mut read = 0;
        for ((from, to), value) in cells.zip(values) {
            if shape.tail_cover != 0
                && word(text, to).is_none_or(|word| (word >> 64) as u64 & shape.tail_cover != shape.tail)
            {
                break;
            }
            let Some(number) = shape.mantissa(text, from, to.wrapping_sub(shape.exponent)) else { break };
            *value = number;
            read += 1;
        }
        read
    }

    /// A number of another shape, or of more digits than are read at once.
    #[inline(never)]
    fn read_otherwise(&mut self, text: &[u8], from: usize, to: usize, word: u128) -> Option<f64> {
        let cell = text.get(from..to)?;
        let before = self.clone();
        self.learn(cell.strip_prefix(b"-").unwrap_or(cell), word);
        let value = self.read_as_before(text, from, to, word);
        if value.is_none() {
            // A shape that reads nothing would read what is printed otherwise, without a look at its digits.
            *self = before;
        }
        // A comma is left to those who look at the whole cell.
        let value = value.or_else(|| if self.mark == b'.' { number::plain(cell) } else { None });
        if value.is_some() {
            self.see_digits(cell);
        }
        value
    }

    /// Takes the shape of a number without its sign, if it has one.
    fn learn(&mut self, digits: &[u8], word: u128) -> Option<()> {
        let letter = digits.iter().rev().take(5).position(|b| matches!(b, b'e' | b'E')).map_or(0, |behind| behind + 1);
        let mantissa = digits.get(..digits.len() - letter)?;
        let decimals = mantissa.iter().position(|b| *b == self.mark).map_or(0, |at| mantissa.len() - at - 1);
        let cover = (LAST.get(letter)? >> 64) as u64;
        let power = if letter == 0 { 0 } else { exponent(word, letter)? } - i32::try_from(decimals).ok()?;
        let behind = LAST.get(decimals).filter(|_| decimals < 16)?;
        let scale = *EXACT.get(power.unsigned_abs() as usize)?;
        (self.decimals, self.behind, self.exponent) = (decimals, *behind, letter);
        (self.tail, self.tail_cover) = ((word >> 64) as u64 & cover, cover);
        (self.divisor, self.factor) = if power < 0 { (scale, 1.0) } else { (1.0, scale) };
        Some(())
    }

    /// The number whose sign and digits are `text[from..end]`, where these are few enough to be exact.
    #[inline(always)]
    fn mantissa(&self, text: &[u8], from: usize, end: usize) -> Option<f64> {
        // One byte more than a word has: what stands before the mark moves up by one.
        let bytes: &[u8; 17] = text.get(end.wrapping_sub(17)..)?.first_chunk()?;
        // Where it begins among them, which says too that it is not longer.
        let first = 17usize.wrapping_sub(end.wrapping_sub(from));
        let is_negative = *bytes.get(first)? == b'-';
        let first = first + usize::from(is_negative);
        // At least the mark, or one digit.
        let mark = 16 - self.decimals;
        if first > mark {
            return None;
        }
        let last = u8x16::new(*bytes.last_chunk()?);
        let (word, digits) = if self.decimals == 0 {
            (last, 17 - first)
        } else {
            if bytes.get(mark) != Some(&self.mark) {
                return None;
            }
            let behind = u8x16::new(self.behind.to_le_bytes());
            (last & behind | u8x16::new(*bytes.first_chunk()?) & !behind, 16 - first)
        };
        let mantissa = join(word, *LAST.get(digits)?).filter(|value| *value <= 1 << 53)?;
        Some(self.scaled(mantissa, is_negative))
    }

    /// Both are exact, and one of the operations does nothing, so the other rounds correctly.
    #[inline(always)]
    fn scaled(&self, mantissa: u64, is_negative: bool) -> f64 {
        let value = mantissa as i64 as f64 / self.divisor * self.factor;
        // The sign alone: 0 may be negative.
        f64::from_bits(value.to_bits() | u64::from(is_negative) << 63)
    }

    /// The same for a few more digits than a word has.
    #[inline(never)]
    fn long_mantissa(&self, text: &[u8], from: usize, end: usize) -> Option<f64> {
        let cell = text.get(from..end)?;
        let digits = cell.strip_prefix(b"-").unwrap_or(cell);
        let (before, behind) = digits.split_at_checked(digits.len().checked_sub(self.decimals)?)?;
        let (mark, before) = before.split_last()?;
        if *mark != self.mark || self.decimals == 0 || before.len() > 4 {
            return None;
        }
        let mut whole = 0;
        for byte in before.iter().chain(behind) {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            whole = whole * 10 + u64::from(digit);
        }
        (whole <= 1 << 53).then(|| self.scaled(whole, digits.len() < cell.len()))
    }
}

/// The power of ten of a number's last digit: −4 for `0.0002`, −3 for `1.25E-01`.
fn last_digit(cell: &[u8], mark: u8) -> Option<i32> {
    let mut halves = number::trim(cell).splitn(2, |b| matches!(b, b'e' | b'E'));
    let mantissa = halves.next()?;
    let power = halves.next().map_or(Some(0), |power| std::str::from_utf8(power).ok()?.parse::<i32>().ok())?;
    let is_known = |b: &u8| b.is_ascii_digit() || matches!(b, b'+' | b'-') || *b == mark;
    if !mantissa.iter().all(is_known) {
        return None;
    }
    let decimals = mantissa.iter().rev().position(|b| *b == mark).unwrap_or(0);
    power.checked_sub(i32::try_from(decimals).ok()?)
}

/// The value of the digits that `all` covers at the end of the word.
#[inline(always)]
fn join(word: u8x16, all: u128) -> Option<u64> {
    let digits = (word ^ u8x16::splat(b'0')) & u8x16::new(all.to_le_bytes());
    let nine = u8x16::splat(9);
    if digits.max(nine).simd_eq(nine).to_bitmask() != 0xffff {
        return None;
    }
    // Neighbours are joined: pairs, fours, eights; the first of two is the lower half of what holds both.
    let digits: i16x8 = bytemuck::cast(digits);
    let (tens, ones): (i16x8, i16x8) = (digits & i16x8::splat(0xff), digits >> 8);
    let pairs = tens * i16x8::splat(10) + ones;
    let fours = pairs.dot(i16x8::new([100, 1, 100, 1, 100, 1, 100, 1]));
    let fours = i16x8::from_i32x8_saturate(bytemuck::cast([fours, fours]));
    let [eights, _]: [u64; 2] = bytemuck::cast(fours.dot(i16x8::new([10_000, 1, 10_000, 1, 10_000, 1, 10_000, 1])));
    Some((eights & 0xffff_ffff) * 100_000_000 + (eights >> 32))
}

/// The power of ten at the end of the word, `E+02`, in so many bytes.
#[inline]
fn exponent(word: u128, bytes: usize) -> Option<i32> {
    let [.., a, b, c, d, e] = word.to_le_bytes();
    let (letter, sign, digits) = match bytes {
        3 => (c, d, [b'0', b'0', e]),
        4 => (b, c, [b'0', d, e]),
        _ => (a, b, [c, d, e]),
    };
    let mut value = 0;
    for digit in digits {
        value = value * 10 + i32::from(digit) - i32::from(b'0');
    }
    if !matches!(letter, b'e' | b'E') || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    match sign {
        b'+' => Some(value),
        b'-' => Some(-value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each text in turn, by one reader: the shape before never changes a value.
    fn read_all(texts: &[String], mark: Decimal) -> Vec<Option<u64>> {
        read_by(&mut ColumnNumber::new(mark), texts)
    }

    fn read_by(reader: &mut ColumnNumber, texts: &[String]) -> Vec<Option<u64>> {
        let read = |text: &String| {
            let line = format!("some bytes before it,{text},");
            let from = line.len() - text.len() - 1;
            let (text, to) = (line.as_bytes(), line.len() - 1);
            reader.read(text, from, to, word(text, to).unwrap()).map(f64::to_bits)
        };
        texts.iter().map(read).collect()
    }

    #[test]
    fn what_is_no_number_is_none() {
        let texts = [
            "", "-", ".", "-.", "e5", "1e", "1e+", "1 ", " 1", "1,5", "0x10", "nan", "1.2.3", "--1", "1-", "1.5E+",
            "1.E-0a", "1:5",
        ];
        for shaped in ["1", "1.5", "1.25E+02", "1.25e-002", "1.250000000000000E+02"] {
            for text in texts {
                let both = [shaped.to_owned(), text.to_owned()];
                assert_eq!(read_all(&both, Decimal::Point)[1], None, "{text:?} behind {shaped}");
            }
        }
        assert_eq!(
            read_all(&["1,5".into(), "1.5".into(), "2,25E-01".into()], Decimal::Comma),
            [Some(1.5f64.to_bits()), None, Some(0.225f64.to_bits())]
        );
    }

    #[test]
    fn what_is_read_otherwise_hides_no_digits() {
        for (texts, digit) in [
            (["12", "03/01/2024 08:00:20.5", "1.5"], -1),
            (["2", "1.5E+0012", "1.0000001"], -7),
            (["2", "1.5", "1e3"], -1),
        ] {
            let mut reader = ColumnNumber::new(Decimal::Point);
            read_by(&mut reader, &texts.map(str::to_owned));
            assert_eq!(reader.last_digit(), Some(digit), "{texts:?}");
        }
    }

    /// Thousands by default; `PROPTEST_CASES` says how many instead.
    fn cases() -> proptest::test_runner::Config {
        let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
        proptest::test_runner::Config::with_cases(asked.unwrap_or(4_000))
    }

    /// A column as a cycler prints it, or nearly so.
    fn printed(value: f64, digits: usize, kind: u8) -> String {
        let small = value % 1e6;
        match kind {
            0..=5 => format!("{small:.digits$}"),
            6..=8 => format!("{:.digits$}", small.trunc()),
            9 => format!("{value:.digits$E}"),
            10 => format!("{small}"),
            11 => format!("{small:.digits$E}").replace("E-", "E-0"),
            12 => format!("+{:.digits$}", small.abs()),
            13 => format!("{small:.digits$}").replacen('0', "O", 1),
            14 => format!("{small:.digits$} "),
            _ => format!("{:e}", value.to_bits()),
        }
    }

    proptest::proptest! {
        #![proptest_config(cases())]

        /// The loop that most cells of a file go through, and what it leaves to the careful reader.
        #[test]
        fn a_run_is_read_as_its_numbers(
            values in proptest::collection::vec(proptest::prop_oneof![proptest::num::f64::NORMAL, -1e6f64..1e6], 1..100),
            odd in proptest::collection::vec((0usize..100, 0u8..16), 0..6),
            digits in 0usize..17,
            kind in 0u8..12,
        ) {
            let kind_of = |row: usize| odd.iter().find(|(at, _)| *at == row).map_or(kind, |(_, kind)| *kind);
            let texts = values.iter().enumerate().map(|(row, value)| printed(*value, digits, kind_of(row)));
            let texts: Vec<String> = texts.collect();
            let line = format!("some bytes before it,{}", texts.iter().map(|text| format!("{text},")).collect::<String>());
            let mut end = line.find(',').unwrap();
            let places = texts.iter().map(|text| { let from = end + 1; end = from + text.len(); (from, end) });
            let (places, text) = (places.collect::<Vec<_>>(), line.as_bytes());
            let (mut reader, mut done, mut values) = (ColumnNumber::new(Decimal::Point), 0, vec![0.0; texts.len()]);
            while done < texts.len() {
                let read = reader.read_run(text, places[done..].iter().copied(), &mut values[done..]);
                for (value, text) in values[done..done + read].iter().zip(&texts[done..]) {
                    proptest::prop_assert_eq!(Ok(value.to_bits()), text.parse::<f64>().map(f64::to_bits), "{} in {:?}", text, &texts);
                }
                done += read;
                let Some((from, to)) = places.get(done).copied() else { break };
                let value = reader.read(text, from, to, word(text, to).unwrap()).map(f64::to_bits);
                proptest::prop_assert_eq!(value, texts[done].parse::<f64>().ok().map(f64::to_bits), "{} in {:?}", &texts[done], &texts);
                done += 1;
            }
        }

        #[test]
        fn numbers_are_those_of_the_standard_library(
            texts in proptest::collection::vec("[-+]?[0-9]{0,18}(\\.[0-9]{0,17})?([eE][-+]?[0-9]{1,4})?", 1..6)
        ) {
            for (text, read) in texts.iter().zip(read_all(&texts, Decimal::Point)) {
                // No cycler prints more than four digits of an exponent.
                let want = text.parse::<f64>().ok().map(f64::to_bits);
                proptest::prop_assert_eq!(read, want, "{:?} in {:?}", text, &texts);
            }
        }

        #[test]
        fn printed_numbers_come_back(value in proptest::num::f64::NORMAL | proptest::num::f64::ZERO, decimals in 0usize..17) {
            let small = value % 1e6;
            let texts = [format!("{value:.decimals$E}"), format!("{small:.decimals$}"), format!("{small}"), format!("{small:.decimals$}")];
            for (text, read) in texts.iter().zip(read_all(&texts, Decimal::Point)) {
                proptest::prop_assert_eq!(read, text.parse::<f64>().ok().map(f64::to_bits), "{}", text);
            }
        }

        #[test]
        fn any_bytes(bytes: Vec<u8>, from in 0usize..40, to in 0usize..40) {
            for mark in [Decimal::Point, Decimal::Comma] {
                let read = ColumnNumber::new(mark).read(&bytes, from, to, word(&bytes, to).unwrap_or_default());
                let alone = bytes.get(from..to).filter(|_| mark == Decimal::Point).and_then(number::plain);
                proptest::prop_assert!(mark == Decimal::Comma || read.map(f64::to_bits) == alone.map(f64::to_bits));
            }
        }
    }
}
