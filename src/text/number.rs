//! Numbers as cyclers print them: a plain fast path, and a careful one for quotes, thousands and decimal commas.

use super::decimal::Decimal;

/// Powers of ten that an `f64` holds exactly.
pub(super) const EXACT: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// Reads a number that fills `cell` completely: `-12.5`, `1.2E-005`, `7`. Correctly rounded. `None` for anything else,
/// blanks included: then [`parse`] decides.
#[inline]
pub fn plain(cell: &[u8]) -> Option<f64> {
    match scan(cell) {
        (value, used) if used == cell.len() => value,
        _ => None,
    }
}

/// Reads the number at the start of `bytes` and says how many bytes it took; whether it ends there is the caller's
/// question. Correctly rounded.
#[inline]
fn scan(bytes: &[u8]) -> (Option<f64>, usize) {
    let (negative, start) = match bytes.first() {
        Some(b'-') => (true, 1),
        Some(b'+') => (false, 1),
        _ => (false, 0),
    };
    let mut mantissa: u64 = 0;
    let mut i = digits(bytes, start, &mut mantissa);
    let mut count = i - start; // leading zeros included: 19 always fit
    let mut exponent = 0;
    if bytes.get(i) == Some(&b'.') {
        let from = i + 1;
        i = from;
        i = digits(bytes, i, &mut mantissa);
        count += i - from;
        exponent = from as i64 - i as i64;
    }
    if count == 0 {
        return (None, i);
    }
    if let Some(b'e' | b'E') = bytes.get(i) {
        let minus = bytes.get(i + 1) == Some(&b'-');
        let from = i + 1 + usize::from(minus || bytes.get(i + 1) == Some(&b'+'));
        let mut to = from;
        let mut value = 0i64;
        while let Some(&byte) = bytes.get(to).filter(|b| b.is_ascii_digit()) {
            value = value * 10 + i64::from(byte - b'0');
            to += 1;
            if to - from > 4 {
                return (None, to);
            }
        }
        if to == from {
            return (None, i);
        }
        exponent += if minus { -value } else { value };
        i = to;
    }
    // Both factors are exact, so the one operation rounds correctly; the rest is left to the standard library.
    if count <= 19 && mantissa <= 1 << 53 && (-22..=22).contains(&exponent) {
        let m = mantissa as f64;
        let power = EXACT.get(exponent.unsigned_abs() as usize).copied().unwrap_or(f64::NAN);
        let value = if exponent < 0 { m / power } else { m * power };
        return (Some(if negative { -value } else { value }), i);
    }
    (bytes.get(..i).and_then(|b| std::str::from_utf8(b).ok()?.parse().ok()), i)
}

/// Takes digits into the mantissa, up to eight at a time; gives the place behind them.
#[inline]
fn digits(bytes: &[u8], mut at: usize, mantissa: &mut u64) -> usize {
    while let Some(eight) = bytes.get(at..at + 8).and_then(|b| <[u8; 8]>::try_from(b).ok()) {
        let (count, value) = leading_digits(eight);
        *mantissa = mantissa.wrapping_mul(POWERS.get(count).copied().unwrap_or(1)).wrapping_add(value);
        at += count;
        if count < 8 {
            return at;
        }
    }
    while let Some(&byte) = bytes.get(at) {
        let digit = byte.wrapping_sub(b'0');
        if digit >= 10 {
            break;
        }
        *mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
        at += 1;
    }
    at
}

/// 10⁰ … 10⁸.
const POWERS: [u64; 9] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// How many of eight bytes are digits before the first that is none, and their value.
#[inline]
fn leading_digits(bytes: [u8; 8]) -> (usize, u64) {
    let digits = u64::from_le_bytes(bytes) ^ 0x3030_3030_3030_3030;
    let others = no_digits(digits);
    let count = if others == 0 { 8 } else { others.trailing_zeros() as usize / 8 };
    if count == 0 {
        return (0, 0);
    }
    // Moved up, so that zeros stand before the digits.
    (count, join_eight(digits << (64 - 8 * count)))
}

/// The highest bit of the bytes that are none of 0 … 9, up to the first of them; what is behind it is not known.
#[inline(always)]
pub(super) fn no_digits(eight: u64) -> u64 {
    // 0…9 plus 0x76 stays below 0x80. A carry only reaches bytes behind the first that is no digit.
    (eight.wrapping_add(0x7676_7676_7676_7676) | eight) & 0x8080_8080_8080_8080
}

/// Neighbours are joined: pairs, fours, eight; a product holds what two of them give in its upper half.
#[inline(always)]
pub(super) fn join_eight(digits: u64) -> u64 {
    let pairs = digits.wrapping_mul(10 << 8 | 1) >> 8 & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100 << 16 | 1) >> 16 & 0x0000_ffff_0000_ffff;
    fours.wrapping_mul(10_000 << 32 | 1) >> 32
}

/// What a cell that should hold a number holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// A number.
    Number(f64),
    /// Nothing, or one of the words for it.
    Null,
    /// Something else.
    Unreadable,
}

/// Words that stand for "no value", lower case. Seen in: exports of all makers.
#[rustfmt::skip]
static NULLS: &[&str] = &[
    "#div/0!", "#n/a", "-", "--", "-1.#ind", "-1.#inf", "-inf", "-infinity", "-nan", "1.#inf", "1.#qnan", "1.#snan",
    "inf", "infinity", "n/a", "na", "nan", "null",
];

/// Takes blanks and one pair of quotes off.
pub fn trim(cell: &[u8]) -> &[u8] {
    let cell = cell.trim_ascii();
    match cell {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => inner.trim_ascii(),
        _ => cell,
    }
}

/// Reads a cell of a numeric column with all leniency that the makers' specs ask for.
pub fn parse(cell: &[u8], decimal: Decimal) -> Cell {
    let cell = trim(cell);
    if cell.is_empty() {
        return Cell::Null;
    }
    if let Some(value) = plain(cell).filter(|_| decimal == Decimal::Point || !cell.contains(&b'.')) {
        return Cell::Number(value);
    }
    if let Some(value) = decimal.normalise(cell, &mut [0; 64]).and_then(plain) {
        return Cell::Number(value);
    }
    if cell.len() <= 9 {
        // "XXX" is EC-Lab's word for "not available", in any length.
        if NULLS.iter().any(|null| null.as_bytes().eq_ignore_ascii_case(cell))
            || cell.iter().all(|b| matches!(b, b'x' | b'X'))
        {
            return Cell::Null;
        }
    }
    odd(cell, decimal)
}

/// The spellings that people's programs write.
#[cold]
fn odd(cell: &[u8], decimal: Decimal) -> Cell {
    if super::odd::is_nothing(cell) {
        return Cell::Null;
    }
    let mut buffer = [0; 64];
    let Some(cell) = super::odd::plain_form(cell, &mut buffer) else { return Cell::Unreadable };
    let value = plain(cell).filter(|_| decimal == Decimal::Point || !cell.contains(&b'.'));
    match value.or_else(|| decimal.normalise(cell, &mut [0; 64]).and_then(plain)) {
        Some(value) => Cell::Number(value),
        None => Cell::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_equals_the_standard_library() {
        for text in [
            "0",
            "-0",
            "1",
            "-12.5",
            "3.45922026",
            "1.234567890123456E+002",
            "1.2345678E+002",
            "9007199254740993",
            "0.000000000000000000000000000001",
            "123456789012345678901234567890",
            "1e308",
            "1e-320",
            "+5",
            ".5",
            "5.",
            "8.824651726436929E+004",
            "1.2e-05",
            "12345678",
            "1234567812345678",
            "123456.78123456789",
        ] {
            assert_eq!(plain(text.as_bytes()).map(f64::to_bits), text.parse::<f64>().ok().map(f64::to_bits), "{text}");
        }
        for text in ["", "-", ".", "e5", "1e", "1e+", "1 ", "1,5", "0x10", "nan", "1.2.3", "1e99999"] {
            assert_eq!(plain(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn leniency() {
        let p = |text: &str| parse(text.as_bytes(), Decimal::Point);
        assert_eq!(p(" \t 5.5 "), Cell::Number(5.5));
        assert_eq!(p("\"5,577,644.47\""), Cell::Number(5_577_644.47));
        assert_eq!(p("1,234"), Cell::Number(1234.0));
        assert_eq!(p(""), Cell::Null);
        assert_eq!(p("N/A"), Cell::Null);
        assert_eq!(p("XXX"), Cell::Null);
        assert_eq!(p("-1.#IND"), Cell::Null);
        assert_eq!(p("Close"), Cell::Unreadable);
        assert_eq!(p("12,34"), Cell::Unreadable);
        let c = |text: &str| parse(text.as_bytes(), Decimal::Comma);
        assert_eq!(c("3809,841833"), Cell::Number(3809.841833));
        assert_eq!(c("-1,2345678E+002"), Cell::Number(-123.45678));
        assert_eq!(c("1.234,5"), Cell::Number(1234.5));
        assert_eq!(c("12"), Cell::Number(12.0));
        assert_eq!(c("12.5"), Cell::Unreadable);
    }

    proptest::proptest! {
        #[test]
        fn any_printed_float_comes_back(value in proptest::num::f64::NORMAL | proptest::num::f64::ZERO) {
            for text in [format!("{value}"), format!("{value:e}"), format!("{value:.15E}")] {
                let want: f64 = text.parse().unwrap();
                proptest::prop_assert_eq!(plain(text.as_bytes()).unwrap().to_bits(), want.to_bits(), "{}", text);
            }
        }

        #[test]
        fn never_panics(bytes: Vec<u8>) {
            parse(&bytes, Decimal::Comma);
            parse(&bytes, Decimal::Point);
        }
    }
}
