//! Durations that are not bare numbers: clocks and day counts.
//!
//! | form | example |
//! |---|---|
//! | clock | `12:34:56.7`, `125:00:00`, `0:05` (h:m) |
//! | days and clock | `2d 02:52:51.57`, `1 10:10:12`, `1-10:10:12` |
//! | leading colon | `:3:18:47:23` (days:hours:minutes:seconds) |
//! | as people's programs write them | `0 days 00:01:00.5`, `00:01:00,500`, `12:01:00 AM`, `PT1M` (see `odd`) |

mod odd;

pub(crate) use odd::split_half;

/// Seconds of a duration that is not a bare number; `None` for anything else. Blanks and quotes must be off.
pub fn seconds(cell: &[u8]) -> Option<f64> {
    if let Some((value, used)) = scan(cell)
        && used == cell.len()
    {
        return Some(value);
    }
    clock(cell).or_else(|| odd::seconds(cell))
}

/// Seconds of the forms that cyclers write.
fn clock(cell: &[u8]) -> Option<f64> {
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

/// Scans `h:mm:ss`, `hh:mm:ss.f`, `hhhh:mm:ss.fff` at the front, which is what most cells look like: seconds and the
/// bytes used.
#[inline]
pub fn scan(bytes: &[u8]) -> Option<(f64, usize)> {
    let (mut hours, mut at) = (0u64, 0);
    while let Some(d) = bytes.get(at).copied().and_then(digit) {
        hours = hours * 10 + d;
        at += 1;
        // More hours than a life has are left to the careful way.
        if at > 8 {
            return None;
        }
    }
    let (clock, rest) = bytes.get(at..)?.split_first_chunk::<6>()?;
    if at == 0 {
        return None;
    }
    let whole = hours * 3600 + minutes_and_seconds(*clock)?;
    let Some((b'.', rest)) = rest.split_first() else { return Some((whole as f64, at + 6)) };
    if let &[a, b, c, ref tail @ ..] = rest
        && let (Some(ab), Some(c)) = (two(a, b), digit(c))
        && !tail.first().is_some_and(u8::is_ascii_digit)
    {
        return Some(((whole * 1000 + ab * 10 + c) as f64 / 1000.0, at + 10));
    }
    match rest {
        &[a, ref tail @ ..] if !tail.first().is_some_and(u8::is_ascii_digit) => {
            Some(((whole * 10 + digit(a)?) as f64 / 10.0, at + 8))
        }
        _ => None,
    }
}

/// `:mm:ss` in seconds, the six bytes at once.
#[inline]
fn minutes_and_seconds(bytes: [u8; 6]) -> Option<u64> {
    const COLONS: u64 = 0x3a_00_00_3a;
    const DIGITS: u64 = 0x0f_0f_00_0f_0f_00;
    let [a, b, c, d, e, f] = bytes;
    let all = u64::from_le_bytes([a, b, c, d, e, f, 0, 0]);
    // What has to be taken off leaves 0 for a colon and 0…9 for a digit; 6 more then stays below 16.
    let left = all.wrapping_sub(COLONS | (DIGITS / 0x0f * 0x30));
    if left & !DIGITS != 0 || (left + DIGITS / 0x0f * 6) & !DIGITS != 0 {
        return None;
    }
    let [_, m1, m2, _, s1, s2, ..] = left.to_le_bytes().map(u64::from);
    Some((m1 * 10 + m2) * 60 + s1 * 10 + s2)
}

#[inline]
fn digit(b: u8) -> Option<u64> {
    b.is_ascii_digit().then(|| u64::from(b - b'0'))
}

#[inline]
fn two(a: u8, b: u8) -> Option<u64> {
    Some(digit(a)? * 10 + digit(b)?)
}

/// Scans `hh:mm:ss` of a day with at most three decimals at the front: milliseconds since midnight and the bytes used.
#[inline]
pub fn scan_time_of_day(bytes: &[u8]) -> Option<(i64, usize)> {
    let (&[h1, h2, b':', m1, m2, b':', s1, s2], rest) = bytes.split_first_chunk::<8>()? else { return None };
    let (hours, minutes, seconds) = (two(h1, h2)?, two(m1, m2)?, two(s1, s2)?);
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let (mut fraction, mut used, mut scale) = (0, 8, 1000);
    if let Some((b'.', digits)) = rest.split_first() {
        let count = digits.iter().take(4).take_while(|b| b.is_ascii_digit()).count();
        let decimals = digits.get(..count).filter(|d| (1..=3).contains(&d.len()))?;
        for d in decimals {
            scale /= 10;
            fraction += u64::from(d - b'0') * scale;
        }
        used += 1 + count;
    }
    Some(((((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction) as i64, used))
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

    #[test]
    fn times_of_day_at_the_front() {
        let f = |text: &str| scan_time_of_day(text.as_bytes());
        assert_eq!(f("08:00:10,4.1"), Some((28_810_000, 8)));
        assert_eq!(f("08:00:10.5"), Some((28_810_500, 10)));
        assert_eq!(f("23:59:59.123\t"), Some((86_399_123, 12)));
        for odd in ["24:00:00", "08:60:00", "8:00:00", "08:00:10.", "08:00:10.1234", "08:00"] {
            assert_eq!(f(odd), None, "{odd}");
        }
        assert_eq!(scan(b"125:00:00.25,"), None, "two decimals take the careful way");
        assert_eq!(scan(b"125:00:01,"), Some((450_001.0, 9)));
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
