//! A column as short text that a browser unpacks by itself: whole numbers of a power of ten, as differences from the one before,
//! deflated, in base64. `unpack.js` is the other side.
//!
//! Each difference is a number without sign in groups of seven bits, the lowest first, as long as the highest bit of a byte is set:
//! 0 for a missing value, else 1 + 2d for d ≥ 0 and -2d for d < 0. The first value differs from 0; a missing one is skipped.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::base64;
use crate::error::{Error, Result};

/// So many decimals may make all values exact; values with more are rounded.
const DECIMALS: i32 = 9;

/// Whole numbers stay so far below 2^53 that their differences are exact in a browser.
const LARGEST: f64 = (1u64 << 50) as f64;

/// A column as bytes, before it is deflated.
#[derive(Debug, Clone, PartialEq)]
pub struct Coded {
    /// The differences.
    pub bytes: Vec<u8>,
    /// Values are whole numbers of ten to this power.
    pub power: i32,
    /// Whether every value is such a number, to the last bits.
    pub is_exact: bool,
}

/// A decimal number that went through a change of units is off by so many of its last bits.
const LAST_BITS: f64 = 4.0 * f64::EPSILON;

/// The power of ten of which all values are whole multiples, if there is one.
fn exact_power(values: &[f64]) -> Option<i32> {
    let mut decimals = 0;
    for value in values.iter().filter(|value| value.is_finite()) {
        let is_exact = |decimals: i32| {
            let times = 10f64.powi(decimals);
            let whole = (value * times).round();
            whole.abs() <= LARGEST && (whole / times - value).abs() <= LAST_BITS * value.abs()
        };
        while !is_exact(decimals) {
            decimals += 1;
            if decimals > DECIMALS {
                return None;
            }
        }
    }
    // What needed no more decimals early may be too large with the decimals that came later.
    let largest = values.iter().filter(|value| value.is_finite()).fold(0f64, |most, value| most.max(value.abs()));
    (largest * 10f64.powi(decimals) <= LARGEST).then_some(-decimals)
}

/// The power of ten that gives the largest value so many digits.
fn rounded_power(values: &[f64], digits: i32) -> i32 {
    let largest = values.iter().filter(|value| value.is_finite()).fold(0f64, |most, value| most.max(value.abs()));
    // Powers that a browser can divide by.
    if largest > 0.0 { (largest.log10().floor() as i32 + 1 - digits).clamp(-300, 300) } else { 0 }
}

/// A value as a whole number of ten to a power.
fn whole(value: f64, power: i32) -> i64 {
    let number = if power <= 0 { value * 10f64.powi(-power) } else { value / 10f64.powi(power) };
    number.round() as i64
}

/// The differences of a column as bytes.
fn differences(values: &[f64], power: i32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut before = 0i64;
    for value in values {
        let mut code = 0u64;
        if value.is_finite() {
            let number = whole(*value, power);
            let difference = number.saturating_sub(before);
            code = if difference >= 0 { 2 * difference.unsigned_abs() + 1 } else { 2 * difference.unsigned_abs() };
            before = number;
        }
        while code >= 0x80 {
            out.push((code & 0x7f) as u8 | 0x80);
            code >>= 7;
        }
        out.push(code as u8);
    }
    out
}

/// A column as differences; NaN is a missing value, and so is what is not finite. A column whose values are no decimal numbers keeps so
/// many digits of the largest.
pub fn code(values: &[f64], digits: i32) -> Coded {
    let exact = exact_power(values);
    let power = exact.unwrap_or_else(|| rounded_power(values, digits));
    Coded { bytes: differences(values, power), power, is_exact: exact.is_some() }
}

/// Bytes as deflated base64.
pub fn deflate(bytes: &[u8]) -> Result<String> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let deflated = encoder.write_all(bytes).and_then(|()| encoder.finish());
    Ok(base64::encode(&deflated.map_err(|e| Error::io("cannot pack a column", e))?))
}

#[cfg(test)]
pub mod tests {
    use std::io::Read;

    use super::*;

    /// The bytes of a base64 text.
    fn bytes(text: &str) -> Vec<u8> {
        let digit = |c: u8| match c {
            b'A'..=b'Z' => u32::from(c - b'A'),
            b'a'..=b'z' => u32::from(c - b'a') + 26,
            b'0'..=b'9' => u32::from(c - b'0') + 52,
            b'+' => 62,
            _ => 63,
        };
        let mut out = Vec::new();
        for four in text.as_bytes().chunks(4) {
            let known: Vec<u8> = four.iter().copied().filter(|c| *c != b'=').collect();
            let bits = known.iter().fold(0, |bits, c| bits << 6 | digit(*c)) << (6 * (4 - known.len()));
            out.extend(&bits.to_be_bytes()[1..known.len()]);
        }
        out
    }

    /// What a browser makes of a blob.
    pub fn inflate(text: &str) -> Vec<u8> {
        let mut raw = Vec::new();
        flate2::read::ZlibDecoder::new(bytes(text).as_slice()).read_to_end(&mut raw).unwrap();
        raw
    }

    /// And of the differences in it.
    pub fn decode(coded: &[u8], power: i32) -> Vec<f64> {
        let (mut values, mut number, mut code, mut shift) = (Vec::new(), 0i64, 0u64, 0);
        for byte in coded {
            code |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 != 0 {
                continue;
            }
            if code == 0 {
                values.push(f64::NAN);
            } else {
                number += if code % 2 == 1 { (code / 2) as i64 } else { -((code / 2) as i64) };
                let times = 10f64.powi(power.abs());
                values.push(if power < 0 { number as f64 / times } else { number as f64 * times });
            }
            (code, shift) = (0, 0);
        }
        values
    }

    fn there_and_back(values: &[f64]) -> Vec<f64> {
        let coded = code(values, 8);
        decode(&inflate(&deflate(&coded.bytes).unwrap()), coded.power)
    }

    fn is_same(a: &[f64], b: &[f64]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b || a.is_nan() && b.is_nan())
    }

    #[test]
    fn decimal_numbers_come_back_as_they_were() {
        let values = [3.7, 3.70012, f64::NAN, -0.000_000_001, 0.0, 86_400.5, 1e5];
        let coded = code(&values, 8);
        assert_eq!((coded.power, coded.is_exact), (-9, true));
        assert!(is_same(&there_and_back(&values), &values));
        assert_eq!(code(&[1.0, -2.0, 3.0], 8), Coded { bytes: vec![3, 6, 11], power: 0, is_exact: true });
        assert_eq!(there_and_back(&[1.0, -2.0, 3.0]), [1.0, -2.0, 3.0]);
        assert!(there_and_back(&[]).is_empty());
        assert!(is_same(&there_and_back(&[f64::NAN, f64::INFINITY]), &[f64::NAN, f64::NAN]));
    }

    #[test]
    fn a_change_of_units_leaves_decimal_numbers() {
        // 0.1 + 0.2 is the double after 0.3.
        let coded = code(&[0.1 + 0.2, 1.005], 8);
        assert_eq!((coded.power, coded.is_exact), (-3, true));
        assert!(!code(&[1.0 / 3.0], 8).is_exact);
    }

    #[test]
    fn equal_steps_cost_next_to_nothing() {
        let time: Vec<f64> = (0..100_000).map(|k| f64::from(k) * 10.0).collect();
        assert!(deflate(&code(&time, 11).bytes).unwrap().len() < 1000);
    }

    #[test]
    fn far_apart_numbers_are_rounded() {
        let values = [1e300, 1.0, 1e-9];
        assert!(!code(&values, 8).is_exact);
        let back = there_and_back(&values);
        assert!((back[0] / 1e300 - 1.0).abs() < 1e-7 && back[1] == 0.0);
    }

    proptest::proptest! {
        #[test]
        fn any_numbers_keep_their_digits(values in proptest::collection::vec(-1e6..1e6f64, 0..200), scale in -12..12i32) {
            let values: Vec<f64> = values.iter().map(|v| v * 10f64.powi(scale)).collect();
            let largest = values.iter().fold(0f64, |most, v| most.max(v.abs()));
            for (value, back) in values.iter().zip(there_and_back(&values)) {
                // Half of the eighth digit of the largest.
                proptest::prop_assert!((value - back).abs() <= 0.51e-7 * largest);
            }
        }

        #[test]
        fn decimals_of_instruments_are_exact(values in proptest::collection::vec(-4_000_000..4_000_000i64, 0..200), decimals in 0..9i32) {
            let values: Vec<f64> = values.iter().map(|v| *v as f64 / 10f64.powi(decimals)).collect();
            proptest::prop_assert!(code(&values, 8).is_exact && is_same(&there_and_back(&values), &values));
        }
    }
}
