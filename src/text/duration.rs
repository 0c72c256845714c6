//! Durations that are not bare numbers: clocks and day counts.
//!
//! | form | example |
//! |---|---|
//! | clock | `12:34:56.7`, `125:00:00`, `0:05` (h:m) |
//! | days and clock | `2d 02:52:51.57`, `1 10:10:12`, `1-10:10:12` |
//! | leading colon | `:3:18:47:23` (days:hours:minutes:seconds) |

/// Seconds of a duration with at least one colon; `None` for anything else. Blanks and quotes must be off.
pub fn seconds(cell: &[u8]) -> Option<f64> {
    if let Some(value) = plain_clock(cell) {
        return Some(value);
    }
    let (negative, cell) = match cell {
        [b'-', rest @ ..] => (true, rest.trim_ascii_start()),
        _ => (false, cell),
    };
    let (days, clock) = split_days(cell)?;
    let mut parts = clock.split(|b| *b == b':');
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() {
        return None;
    }
    // Whole parts are added as integers, so that only the fraction of a second rounds.
    let whole = days.checked_mul(24)?.checked_add(integer(first)?)?.checked_mul(60)?.checked_add(integer(second)?)?;
    let whole = whole.checked_mul(60)?;
    let value = match third {
        None => whole as f64,
        Some(third) => {
            let point = third.iter().position(|b| *b == b'.').unwrap_or(third.len());
            let (s, fraction) = third.split_at(point);
            let s = whole.checked_add(integer(s)?)?;
            let digits = fraction.strip_prefix(b".").unwrap_or(fraction);
            with_fraction(s, digits)?
        }
    };
    Some(if negative { -value } else { value })
}

/// `h:mm:ss`, `hh:mm:ss.f`, `hhhh:mm:ss.fff`: what most cells look like.
#[inline]
fn plain_clock(cell: &[u8]) -> Option<f64> {
    let digit = |b: u8| b.is_ascii_digit().then(|| u64::from(b - b'0'));
    let two = |a: u8, b: u8| Some(digit(a)? * 10 + digit(b)?);
    let (mut hours, mut at) = (0, 0);
    while let Some(d) = cell.get(at).copied().and_then(digit) {
        hours = hours * 10 + d;
        at += 1;
    }
    // More hours than a life has are left to the careful way.
    if at == 0 || at > 8 {
        return None;
    }
    let (&[b':', m1, m2, b':', s1, s2], rest) = cell.get(at..)?.split_first_chunk::<6>()? else { return None };
    let whole = (hours * 60 + two(m1, m2)?) * 60 + two(s1, s2)?;
    match *rest {
        [] => Some(whole as f64),
        [b'.', f] => Some((whole * 10 + digit(f)?) as f64 / 10.0),
        [b'.', f, g, h] => Some((whole * 1000 + two(f, g)? * 10 + digit(h)?) as f64 / 1000.0),
        _ => None,
    }
}

/// `<whole>.<digits>` as one correctly rounded number.
fn with_fraction(whole: u64, digits: &[u8]) -> Option<f64> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digits = digits.get(..digits.len().min(15))?;
    let scale = 10u64.pow(digits.len() as u32);
    let fraction = digits.iter().fold(0u64, |a, d| a * 10 + u64::from(d - b'0'));
    match whole.checked_mul(scale).and_then(|w| w.checked_add(fraction)) {
        Some(all) if all <= 1 << 53 => Some(all as f64 / scale as f64),
        _ => Some(whole as f64 + fraction as f64 / scale as f64),
    }
}

fn split_days(cell: &[u8]) -> Option<(u64, &[u8])> {
    if let [b':', rest @ ..] = cell {
        let end = rest.iter().position(|b| *b == b':')?;
        return Some((integer(rest.get(..end)?)?, rest.get(end + 1..)?));
    }
    let end = cell.iter().position(|b| !b.is_ascii_digit())?;
    let (number, rest) = cell.split_at(end);
    match rest {
        [b'd' | b'D', tail @ ..] => Some((integer(number)?, tail.trim_ascii_start())),
        [b' ' | b'-', tail @ ..] => Some((integer(number)?, tail.trim_ascii_start())),
        _ => Some((0, cell)),
    }
}

fn integer(digits: &[u8]) -> Option<u64> {
    let digits = digits.trim_ascii();
    if digits.is_empty() || digits.len() > 15 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(digits.iter().fold(0, |a, d| a * 10 + u64::from(d - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammar() {
        let s = |text: &str| seconds(text.as_bytes());
        assert_eq!(s("0d 00:00:5.01000022888184"), Some(5.01000022888184));
        assert_eq!(s("2d 02:52:51.57"), Some(183_171.57));
        assert_eq!(s("0d 00:00:00.0000"), Some(0.0));
        assert_eq!(s(":3:18:47:23"), Some(326_843.0));
        assert_eq!(s("12:34:56.7"), Some(45_296.7));
        assert_eq!(s("125:00:00"), Some(450_000.0));
        assert_eq!(s("1 10:10:12.75"), Some(123_012.75));
        assert_eq!(s("-00:00:01"), Some(-1.0));
        for bad in ["", "12", "1:2:3:4", "a:b", "1:xx", "2d", "99999999999999999:00:00", "8/23/2021 6:04:18 PM"] {
            assert_eq!(s(bad), None, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            seconds(&bytes);
        }

        #[test]
        fn printed_milliseconds_come_back(ms in 0u64..4_000_000_000) {
            let text = format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000);
            proptest::prop_assert_eq!(seconds(text.as_bytes()), Some(ms as f64 / 1000.0));
        }
    }
}
