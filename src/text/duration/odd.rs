//! Durations as people's programs write them: asked where no cycler's form was found.
//!
//! | form | example | written by |
//! |---|---|---|
//! | decimal comma | `00:01:00,500` | loggers |
//! | days in words | `0 days 00:01:00.5`, `1 day, 0:01:00`, `-1 days +23:59:00` | pandas, Python |
//! | days and a point | `1.02:03:04.5` | .NET |
//! | half a day | `12:01:00 AM`, `1:02 p.m.` | spreadsheets that show a duration as a time of day |
//! | ISO 8601 | `P1DT2H3M4.5S` | web services, pandas |

use crate::text::odd::trim;

/// Seconds of a duration in one of these forms.
#[cold]
pub(super) fn seconds(cell: &[u8]) -> Option<f64> {
    let cell = trim(cell);
    match cell {
        [b'P', ..] | [b'-', b'P', ..] => return iso(cell),
        _ => {}
    }
    if let Some((clock, half)) = split_half(cell) {
        let (hour, _) = clock.split_at_checked(memchr::memchr(b':', clock)?)?;
        let hour = super::integer(hour).filter(|hour| (1..=12).contains(hour))?;
        return Some(with_fraction(clock)? + half.shift(hour as i64) as f64 * 3600.0);
    }
    if let Some(at) = memchr::memmem::find(cell, b"day") {
        let (days, rest) = cell.split_at_checked(at)?;
        let (negative, days) = match days {
            [b'-', days @ ..] => (-1.0, days),
            _ => (1.0, days),
        };
        let days = negative * super::integer(days)? as f64 * 86_400.0;
        let rest = rest.strip_prefix(b"days").or(rest.strip_prefix(b"day"))?;
        let rest = trim(rest.strip_prefix(b",").unwrap_or(rest));
        // Behind negative days the clock still runs forwards.
        return match rest {
            [] => Some(days),
            [b'+', clock @ ..] => Some(days + with_fraction(clock)?),
            [b'-', clock @ ..] => Some(days - with_fraction(clock)?),
            clock => Some(days + with_fraction(clock)?),
        };
    }
    with_fraction(cell)
}

/// A clock with a decimal comma, or with days before a point.
fn with_fraction(clock: &[u8]) -> Option<f64> {
    let mut buffer = [0; 40];
    let copy = buffer.get_mut(..clock.len())?;
    copy.copy_from_slice(clock);
    let colon = memchr::memchr(b':', copy)?;
    if let Some(comma) = memchr::memrchr(b',', copy).filter(|comma| *comma > colon) {
        *copy.get_mut(comma)? = b'.';
    } else if let Some(point) = memchr::memchr(b'.', copy).filter(|point| *point < colon) {
        *copy.get_mut(point)? = b' ';
    }
    super::clock(copy)
}

/// Which half of a day a clock of twelve hours shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    Morning,
    Afternoon,
}

impl Half {
    /// Hours to add to what the clock shows.
    pub(crate) fn shift(self, hour: i64) -> i64 {
        match self {
            Self::Afternoon if hour < 12 => 12,
            Self::Morning if hour == 12 => -12,
            _ => 0,
        }
    }
}

/// Takes `AM`, `pm`, `a.m.` off the end.
pub(crate) fn split_half(text: &[u8]) -> Option<(&[u8], Half)> {
    let rest = match text {
        [rest @ .., b'.', b'M' | b'm', b'.'] => rest,
        [rest @ .., b'M' | b'm'] => rest,
        _ => return None,
    };
    let (letter, clock) = rest.split_last()?;
    let half = match letter {
        b'A' | b'a' => Half::Morning,
        b'P' | b'p' => Half::Afternoon,
        _ => return None,
    };
    Some((trim(clock), half))
}

/// `P1DT2H3M4.5S`; months and years have no length.
fn iso(cell: &[u8]) -> Option<f64> {
    let (sign, cell) = match cell {
        [b'-', rest @ ..] => (-1.0, rest),
        _ => (1.0, cell),
    };
    let (mut rest, mut total, mut in_day, mut parts) = (cell.strip_prefix(b"P")?, 0.0, false, 0);
    while !rest.is_empty() {
        if let [b'T', tail @ ..] = rest {
            (in_day, rest) = (true, tail);
            continue;
        }
        let end = rest.iter().position(u8::is_ascii_uppercase)?;
        let (number, tail) = rest.split_at_checked(end)?;
        let (unit, tail) = tail.split_first()?;
        let length = match (unit, in_day) {
            (b'W', false) => 604_800.0,
            (b'D', false) => 86_400.0,
            (b'H', true) => 3600.0,
            (b'M', true) => 60.0,
            (b'S', true) => 1.0,
            _ => return None,
        };
        let number = crate::text::number::plain(number)?;
        (total, rest, parts) = (total + number * length, tail, parts + 1);
    }
    (parts > 0).then_some(sign * total)
}

#[cfg(test)]
mod tests {
    use crate::text::duration::seconds;

    #[test]
    fn grammar() {
        let forms = [
            "00:01:00,500",
            "125:00:00,25",
            "0 days 00:01:00",
            "0 days 00:01:00.123456",
            "2 days 01:00:00",
            "1 day, 0:01:00",
            "-1 days +23:59:00",
            "-1 day, 23:59:00",
            "3 days",
            "1.02:03:04.5",
            "12:01:00 AM",
            "12:01:00 PM",
            "1:02:03.5 pm",
            "1:02 p.m.",
            "9:30:05\u{202f}AM",
            "13:00:00 PM",
            "PT1M",
            "P0DT0H1M0.5S",
            "-P1DT2H3M4.5S",
            "P1M",
            "P",
            "days 00:01:00",
            "1 days x",
            "1,5:00",
            "AM",
            "day",
        ];
        let shown: String = forms.iter().map(|f| format!("{f:?}: {:?}\n", seconds(f.as_bytes()))).collect();
        insta::assert_snapshot!(shown, @r#"
        "00:01:00,500": Some(60.5)
        "125:00:00,25": Some(450000.25)
        "0 days 00:01:00": Some(60.0)
        "0 days 00:01:00.123456": Some(60.123456)
        "2 days 01:00:00": Some(176400.0)
        "1 day, 0:01:00": Some(86460.0)
        "-1 days +23:59:00": Some(-60.0)
        "-1 day, 23:59:00": Some(-60.0)
        "3 days": Some(259200.0)
        "1.02:03:04.5": Some(93784.5)
        "12:01:00 AM": Some(60.0)
        "12:01:00 PM": Some(43260.0)
        "1:02:03.5 pm": Some(46923.5)
        "1:02 p.m.": Some(46920.0)
        "9:30:05\u{202f}AM": Some(34205.0)
        "13:00:00 PM": None
        "PT1M": Some(60.0)
        "P0DT0H1M0.5S": Some(60.5)
        "-P1DT2H3M4.5S": Some(-93784.5)
        "P1M": None
        "P": None
        "days 00:01:00": None
        "1 days x": None
        "1,5:00": None
        "AM": None
        "day": None
        "#);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "[0-9:., dayPTHMSAp+-]{0,24}") {
            seconds(text.as_bytes());
        }
    }
}
