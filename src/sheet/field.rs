//! Values as fields of a text.

use std::io::Write;

use calamine::ExcelDateTime;

/// Day numbers below this are durations: no cycler wrote before 1954.
const FIRST_DATE: f64 = 20_000.0;

pub(super) fn integer(value: i64, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    padded(value.unsigned_abs(), 1, out);
}

/// The shortest digits that read as the same number.
pub(super) fn number(value: f64, out: &mut Vec<u8>) {
    if value == value.trunc() && value.abs() < 1e15 {
        integer(value as i64, out);
    } else if few_digits(value, out) {
        // As most numbers have.
    } else if (1e-5..1e17).contains(&value.abs()) {
        // Writing into memory does not fail.
        let _ = write!(out, "{value}");
    } else {
        let _ = write!(out, "{value:e}");
    }
}

/// Powers of ten that a double holds exactly.
#[rustfmt::skip]
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Writes a number of at most 15 digits; `false` where it has more, or an exponent.
///
/// A quotient of two exact doubles is rounded as the decimal number is when it is read: where both are equal, these are its digits.
fn few_digits(value: f64, out: &mut Vec<u8>) -> bool {
    let size = value.abs();
    if !(1e-5..1e15).contains(&size) {
        return false;
    }
    let whole = POWERS.partition_point(|power| *power <= size);
    let small = [1e-1, 1e-2, 1e-3, 1e-4].iter().filter(|power| size < **power).count();
    let mut places = 15 + small - whole;
    let Some(power) = POWERS.get(places) else { return false };
    let mut digits = (size * power).round() as u64;
    if digits as f64 / power != size || digits >= 1_000_000_000_000_000 {
        return false;
    }
    while places > 0 && digits.is_multiple_of(10) {
        (digits, places) = (digits / 10, places - 1);
    }
    if value < 0.0 {
        out.push(b'-');
    }
    let power = 10u64.pow(places as u32);
    padded(digits / power, 1, out);
    if places > 0 {
        out.push(b'.');
        padded(digits % power, places, out);
    }
    true
}

/// A number with noughts before it, up to this length.
fn padded(mut value: u64, length: usize, out: &mut Vec<u8>) {
    let start = out.len();
    while value > 0 || out.len() < start + length {
        out.push(b'0' + (value % 10) as u8);
        value /= 10;
    }
    out.get_mut(start..).unwrap_or_default().reverse();
}

/// Whether [`number`] would write these digits for the number that they say.
///
/// No two numbers of up to 15 digits read as the same double, so none of them has a shorter way to be written.
pub(super) fn is_shortest(digits: &[u8]) -> bool {
    let unsigned = digits.strip_prefix(b"-").unwrap_or(digits);
    let point = unsigned.iter().position(|b| *b == b'.');
    let (whole, fraction) = match point.and_then(|at| unsigned.split_at_checked(at)) {
        Some((whole, fraction)) => (whole, fraction.get(1..).unwrap_or_default()),
        None => (unsigned, [].as_slice()),
    };
    let is_digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let is_whole = match whole {
        [] => false,
        // There is no -0, and what is smaller than 1e-5 has an exponent.
        [b'0'] if point.is_none() => unsigned.len() == digits.len(),
        [b'0'] => !fraction.starts_with(b"00000"),
        [first, ..] => *first != b'0',
    };
    let is_fraction = point.is_none() || fraction.last().is_some_and(|last| *last != b'0');
    is_whole && is_fraction && whole.len() + fraction.len() <= 15 && is_digits(whole) && is_digits(fraction)
}

/// Text without what would break a line or a field.
pub(super) fn words(text: &str, out: &mut Vec<u8>) {
    let text = text.trim();
    let text = text.strip_prefix('"').unwrap_or(text);
    out.extend(text.bytes().map(|b| if matches!(b, b'\t' | b'\n' | b'\r') { b' ' } else { b }));
}

/// `2024-03-01 08:00:10.500`, or `27:46:40.000` for what is shorter than any date.
pub(super) fn date(value: &ExcelDateTime, out: &mut Vec<u8>) {
    let days = value.as_f64();
    if !days.is_finite() || days.abs() > 3e6 {
        return;
    }
    if value.is_duration() || days < FIRST_DATE {
        let micros = (days.abs() * 86_400e6).round() as u64;
        let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
        if days < 0.0 {
            out.push(b'-');
        }
        padded(seconds / 3600, 1, out);
        parts(&[(b':', seconds / 60 % 60, 2), (b':', seconds % 60, 2)], out);
        if micros > 0 {
            parts(&[(b'.', micros, 6)], out);
        }
        return;
    }
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    padded(year.into(), 4, out);
    parts(&[(b'-', month.into(), 2), (b'-', day.into(), 2), (b' ', hour.into(), 2)], out);
    parts(&[(b':', minute.into(), 2), (b':', second.into(), 2)], out);
    if milli > 0 {
        parts(&[(b'.', milli.into(), 3)], out);
    }
}

/// Numbers with what stands before each.
fn parts(parts: &[(u8, u64, usize)], out: &mut Vec<u8>) {
    for (before, value, length) in parts {
        out.push(*before);
        padded(*value, *length, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: f64) -> String {
        let mut out = Vec::new();
        number(value, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn digits_that_are_the_shortest() {
        for shortest in ["0", "7", "-7", "0.5", "-0.00001", "3.7", "123456789012345", "44252.9680671296", "100"] {
            assert!(is_shortest(shortest.as_bytes()), "{shortest}");
            assert_eq!(written(shortest.parse().unwrap()), shortest);
        }
        for other in [
            "",
            "-",
            ".",
            "-0",
            "-0.0",
            "1.",
            ".5",
            "007",
            "1.50",
            "0.000001",
            "1e5",
            "+1",
            "1234567890123456",
            "0x1",
            "1.2.3",
            "1,5",
        ] {
            assert!(!is_shortest(other.as_bytes()), "{other}");
        }
    }

    proptest::proptest! {
        #[test]
        fn few_digits_are_those_of_the_standard_library(value in -1e6f64..1e6, digits in 0usize..16, exponent in 0i32..12) {
            let rounded: f64 = format!("{value:.digits$}").parse().unwrap();
            for value in [value, rounded, rounded / 10f64.powi(exponent), f64::from(rounded as f32)] {
                let mut out = Vec::new();
                if few_digits(value, &mut out) {
                    proptest::prop_assert_eq!(String::from_utf8(out).unwrap(), format!("{value}"));
                }
            }
        }

        #[test]
        fn shortest_digits_are_those_that_are_written(whole in 0u64..1_000_000_000, fraction in 0u32..1_000_000, digits in 0usize..7, minus: bool) {
            let text = format!("{}{whole}.{fraction:0digits$}", if minus { "-" } else { "" });
            for text in [text.as_str(), text.trim_end_matches('0').trim_end_matches('.')] {
                proptest::prop_assert!(!is_shortest(text.as_bytes()) || written(text.parse().unwrap()) == text, "{}", text);
            }
        }
    }
}
