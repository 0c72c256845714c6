//! Dates and times of day as cyclers print them. The order of day and month is decided once for a column.

/// 1998-01-01 in milliseconds: a clock before it was never set.
pub(crate) const UNSET: i64 = 883_612_800_000;

/// The order of the three numbers of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `2024-03-01`
    YearMonthDay,
    /// `03/01/2024`
    MonthDayYear,
    /// `01/03/2024`
    DayMonthYear,
}

/// A civil date and time without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Civil {
    /// Milliseconds since 1970-01-01 00:00 of the same (unknown) zone.
    pub milliseconds: i64,
    /// Whether the text held a time of day; without one it is midnight.
    pub has_time: bool,
}

/// What the dates of a column show about their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OrderEvidence {
    day_first: bool,
    month_first: bool,
    year_first: bool,
    numeric: bool,
}

impl OrderEvidence {
    /// Looks at one cell.
    pub fn see(&mut self, cell: &[u8]) {
        if let Some(([a, b, _], digits, _)) = date_numbers(cell) {
            self.numeric = true;
            self.year_first |= digits >= 3;
            self.day_first |= digits < 3 && a > 12 && b <= 12;
            self.month_first |= digits < 3 && b > 12 && a <= 12;
        }
    }

    /// Whether no date needed an order: all name their month.
    pub fn is_needless(self) -> bool {
        !self.numeric
    }

    /// The order, or `None` when day and month cannot be told apart.
    pub fn decide(self) -> Option<Order> {
        match (self.year_first, self.month_first, self.day_first) {
            (true, ..) => Some(Order::YearMonthDay),
            (_, true, false) => Some(Order::MonthDayYear),
            (_, false, true) => Some(Order::DayMonthYear),
            _ => None,
        }
    }
}

/// Three numbers of a numeric date, the first one's number of digits, and the rest of the cell.
fn date_numbers(cell: &[u8]) -> Option<([u32; 3], usize, &[u8])> {
    let mut numbers = [0u32; 3];
    let mut rest = cell;
    let mut first_digits = 0;
    for (i, number) in numbers.iter_mut().enumerate() {
        let end = rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, tail) = rest.split_at(end);
        if digits.is_empty() || digits.len() > 4 {
            return None;
        }
        *number = digits.iter().fold(0, |a, d| a * 10 + u32::from(d - b'0'));
        if i == 0 {
            first_digits = digits.len();
        }
        rest = match (i, tail) {
            (2, tail) => tail,
            (_, [b'/' | b'-' | b'.', tail @ ..]) => tail,
            _ => return None,
        };
    }
    Some((numbers, first_digits, rest))
}

/// Month of an English name, three letters or more, any case, or a name of another language whose first three letters tell
/// it.
pub fn month(name: &str) -> Option<u32> {
    #[rustfmt::skip]
    static NAMES: &[(&str, u32)] = &[
        ("apr", 4), ("abr", 4), ("aou", 8), ("aug", 8), ("avr", 4), ("dec", 12), ("des", 12), ("dez", 12), ("dic", 12),
        ("déc", 12), ("ene", 1), ("feb", 2), ("fev", 2), ("fév", 2), ("gen", 1), ("giu", 6), ("jan", 1), ("jul", 7),
        ("jun", 6), ("lug", 7), ("mag", 5), ("mai", 5), ("maj", 5), ("mar", 3), ("may", 5), ("mei", 5), ("mrt", 3),
        ("mär", 3), ("nov", 11), ("oct", 10), ("okt", 10), ("ott", 10), ("out", 10), ("sep", 9), ("set", 9),
    ];
    let head: String = name.to_lowercase().chars().take(3).collect();
    NAMES.iter().find(|(key, _)| *key == head).map(|(_, number)| *number)
}

/// Days from 1899-12-30, where spreadsheets and OLE count from, to 1970-01-01.
const UNIX_DAY: f64 = 25_569.0;

/// A bare number as what its size says: days since 1899-12-30; seconds, milliseconds, microseconds, 100 ns or nanoseconds since
/// 1970. What could be microseconds of this century would be 100 ns of a clock that was not set.
pub fn number(number: f64) -> Option<Civil> {
    let milliseconds = match number {
        n if (1e3..1e5).contains(&n) => (n - UNIX_DAY) * 86_400e3,
        n if (1e8..1e11).contains(&n) => n * 1e3,
        n if (1e11..1e14).contains(&n) => n,
        n if (9e14..8.8e15).contains(&n) => n / 1e3,
        n if (1e14..1e18).contains(&n) => n / 1e4,
        n if (1e18..8e18).contains(&n) => n / 1e6,
        _ => return None,
    };
    Some(Civil { milliseconds: milliseconds.round() as i64, has_time: true })
}

/// Reads a date as [`parse`] does, and a bare number as [`number`] does.
pub fn parse_or_number(cell: &[u8], order: Order) -> Option<Civil> {
    let mut buffer = [0; 64];
    let cell = super::number::trim(cell);
    // A day number may have a decimal comma.
    let mut comma = || super::decimal::Decimal::Comma.normalise(cell, &mut buffer).and_then(super::number::plain);
    let bare = super::number::plain(cell).or_else(|| if cell.contains(&b',') { comma() } else { None });
    if let Some(bare) = bare {
        return self::number(bare);
    }
    parse(cell, order)
}

/// Reads a date with an optional time of day: numeric in the given order, or with a month's name.
pub fn parse(cell: &[u8], order: Order) -> Option<Civil> {
    let cell = super::number::trim(cell);
    if let Some(([a, b, c], digits, rest)) = date_numbers(cell) {
        let (y, m, d) = match order {
            // A year cannot be anything else, whatever was decided for ambiguous cells.
            _ if digits >= 3 => (a, b, c),
            Order::YearMonthDay => (a, b, c),
            Order::MonthDayYear => (c, a, b),
            Order::DayMonthYear => (c, b, a),
        };
        return civil(y, m, d, rest);
    }
    if let Some(civil) = basic(cell) {
        return Some(civil);
    }
    named(std::str::from_utf8(cell).ok()?)
}

/// `20240313T093005.5Z`: ISO 8601 without its marks.
fn basic(cell: &[u8]) -> Option<Civil> {
    let (date, rest) = cell.split_first_chunk::<8>()?;
    let [b'T' | b't', rest @ ..] = rest else { return None };
    let number = |digits: &[u8]| {
        let all = digits.iter().all(u8::is_ascii_digit);
        all.then(|| digits.iter().fold(0, |a, d| a * 10 + u32::from(d - b'0')))
    };
    let [y @ .., m1, m2, d1, d2] = date;
    let days = days_from_civil(number(y)?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)?;
    let (clock, offset) = split_zone(rest);
    let (clock, fraction) = clock.split_at_checked(clock.len().min(6))?;
    let seconds = match clock {
        [h1, h2, m1, m2, s1, s2] => [[*h1, *h2], [*m1, *m2], [*s1, *s2]],
        [h1, h2, m1, m2] => [[*h1, *h2], [*m1, *m2], [b'0', b'0']],
        _ => return None,
    };
    let mut text = seconds.join(&b':');
    text.extend_from_slice(fraction);
    let milliseconds = days * 86_400_000 + time_of_day(&text)? - i64::from(offset.unwrap_or(0)) * 60_000;
    Some(Civil { milliseconds, has_time: true })
}

/// `14 December 2020`, `28-Nov-23 3:56:08 PM`, `November 2, 2016`.
fn named(text: &str) -> Option<Civil> {
    let mut parts = text.splitn(4, [' ', '-', ',', '.', '/']).filter(|p| !p.is_empty());
    let (a, b) = (parts.next()?, parts.next()?);
    let (day, name) = if a.starts_with(|c: char| c.is_ascii_digit()) { (a, b) } else { (b, a) };
    let rest = text.get(b.as_ptr() as usize - text.as_ptr() as usize + b.len()..)?;
    let rest = rest.trim_start_matches([' ', '-', ',', '.', '/']);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (year, rest) = rest.split_at_checked(end)?;
    let rest = rest.trim_start_matches(',');
    civil(year.parse().ok()?, month(name)?, day.parse().ok()?, rest.as_bytes())
}

fn civil(year: u32, month: u32, day: u32, rest: &[u8]) -> Option<Civil> {
    let year = match year {
        0..=68 => year + 2000,
        69..=99 => year + 1900,
        1000..=9999 => year,
        _ => return None,
    };
    let days = days_from_civil(year, month, day)?;
    let rest = super::odd::trim(rest.strip_prefix(b"T").or(rest.strip_prefix(b"t")).unwrap_or(rest));
    if rest.is_empty() {
        return Some(Civil { milliseconds: days * 86_400_000, has_time: false });
    }
    let (rest, offset) = split_zone(rest);
    let milliseconds = days * 86_400_000 + time_of_day(rest)? - i64::from(offset.unwrap_or(0)) * 60_000;
    Some(Civil { milliseconds, has_time: true })
}

/// Offset from UTC in minutes that a date with a time of day states: `Z`, `+01:00`, `-0500`, ` UTC`. [`parse`] gives UTC then.
pub fn zone(cell: &[u8]) -> Option<i16> {
    // A sign before the clock belongs to the date.
    let clock = memchr::memchr(b':', cell)?;
    split_zone(super::odd::trim(cell.get(clock..)?)).1
}

/// Takes a zone off the end of a time of day.
fn split_zone(text: &[u8]) -> (&[u8], Option<i16>) {
    // The name of the place says nothing that the offset before it does not.
    let stated = match text {
        [stated @ .., b']'] => memchr::memrchr(b'[', stated).and_then(|at| stated.get(..at)).unwrap_or(text),
        _ => text,
    };
    let offset = |at: usize| -> Option<i16> {
        let (sign, digits) = stated.get(at..)?.split_first()?;
        let pair = |pair: &[u8]| match pair {
            [a, b] if a.is_ascii_digit() && b.is_ascii_digit() => Some(i16::from(a - b'0') * 10 + i16::from(b - b'0')),
            _ => None,
        };
        let (hours, minutes) = match digits {
            [_, _] => (pair(digits)?, 0),
            [h @ .., b':', a, b] => (pair(h)?, pair(&[*a, *b])?),
            [h @ .., a, b] => (pair(h)?, pair(&[*a, *b])?),
            _ => return None,
        };
        // Kiribati is at +14:00, and nobody is further from UTC.
        (hours <= 14 && minutes < 60).then_some(if *sign == b'-' { -1 } else { 1 } * (hours * 60 + minutes))
    };
    let zulu = [&b"Z"[..], b"z", b"UTC", b"GMT"].into_iter().find_map(|word| stated.strip_suffix(word));
    let found = match zulu {
        Some(clock) => Some((clock, 0)),
        None => memchr::memrchr2(b'+', b'-', stated).and_then(|at| Some((stated.get(..at)?, offset(at)?))),
    };
    // Behind what is no clock, the same letters and signs are no zone.
    match found.filter(|(clock, _)| is_clock_end(super::odd::trim(clock))) {
        Some((clock, offset)) => (super::odd::trim(clock), Some(offset)),
        None => (text, None),
    }
}

/// Whether a text ends as a clock does.
fn is_clock_end(text: &[u8]) -> bool {
    let clock = super::duration::split_half(text).map_or(text, |(clock, _)| clock);
    clock.last().is_some_and(u8::is_ascii_digit)
}

/// Milliseconds since midnight of `h:mm[:ss[.fff]][ AM|PM]`.
pub fn time_of_day(text: &[u8]) -> Option<i64> {
    let (clock, half) = match super::duration::split_half(text) {
        Some((clock, half)) => (clock, Some(half)),
        None => (text, None),
    };
    let hour: i64 =
        clock.split(|b| *b == b':').next().and_then(|h| std::str::from_utf8(h).ok()?.trim().parse().ok())?;
    if hour > 24 || clock.first() == Some(&b'-') {
        return None;
    }
    let seconds = super::duration::seconds(clock)?;
    let shift = half.map_or(0, |half| half.shift(hour));
    Some((seconds * 1000.0).round() as i64 + shift * 3_600_000)
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar; `None` when there is no such day.
pub(crate) fn days_from_civil(year: u32, month: u32, day: u32) -> Option<i64> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return None,
    };
    if day == 0 || day > length {
        return None;
    }
    let y = i64::from(year) - i64::from(month <= 2);
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * (i64::from(month) + if month > 2 { -3 } else { 9 }) + 2) / 5 + i64::from(day) - 1;
    Some(era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str, order: Order) -> String {
        match parse(text.as_bytes(), order) {
            None => "–".into(),
            Some(c) => {
                let t = jiff::Timestamp::from_millisecond(c.milliseconds).unwrap();
                format!("{t}{}", if c.has_time { "" } else { " date only" })
            }
        }
    }

    #[test]
    fn grammar() {
        use Order::{DayMonthYear, MonthDayYear, YearMonthDay};
        insta::assert_snapshot!(show("12/16/2019 14:03:25", MonthDayYear), @"2019-12-16T14:03:25Z");
        insta::assert_snapshot!(show("8/23/2021 6:04:18 PM", MonthDayYear), @"2021-08-23T18:04:18Z");
        insta::assert_snapshot!(show("8/23/2021 12:04:18 AM", MonthDayYear), @"2021-08-23T00:04:18Z");
        insta::assert_snapshot!(show("28-Nov-23 3:56:08 PM", MonthDayYear), @"2023-11-28T15:56:08Z");
        insta::assert_snapshot!(show("11 December 2020, 12:22:12 PM", MonthDayYear), @"2020-12-11T12:22:12Z");
        insta::assert_snapshot!(show("28 november 2023, 10:45:55 AM", MonthDayYear), @"2023-11-28T10:45:55Z");
        insta::assert_snapshot!(show("November 2, 2016", MonthDayYear), @"2016-11-02T00:00:00Z date only");
        insta::assert_snapshot!(show("01/02/2024 10:00", DayMonthYear), @"2024-02-01T10:00:00Z");
        insta::assert_snapshot!(show("2025-06-17 09:26:39.383", MonthDayYear), @"2025-06-17T09:26:39.383Z");
        insta::assert_snapshot!(show("2024/9/5  8:01:02", YearMonthDay), @"2024-09-05T08:01:02Z");
        insta::assert_snapshot!(show("\t09/20/2024 08:32:34.558", MonthDayYear), @"2024-09-20T08:32:34.558Z");
        // A stated zone gives UTC.
        insta::assert_snapshot!(show("2024-03-13T09:30:05", YearMonthDay), @"2024-03-13T09:30:05Z");
        insta::assert_snapshot!(show("2024-03-13T09:30:05Z", YearMonthDay), @"2024-03-13T09:30:05Z");
        insta::assert_snapshot!(show("2024-03-13T09:30:05.123+01:00", YearMonthDay), @"2024-03-13T08:30:05.123Z");
        insta::assert_snapshot!(show("2024-03-13 09:30:05,250-0530", YearMonthDay), @"2024-03-13T15:00:05.25Z");
        insta::assert_snapshot!(show("2024-03-13t09:30+05", YearMonthDay), @"2024-03-13T04:30:00Z");
        insta::assert_snapshot!(show("2024-03-13T09:30:05+01:00[Europe/Berlin]", YearMonthDay), @"2024-03-13T08:30:05Z");
        insta::assert_snapshot!(show("2024-03-13 09:30:05.000000 UTC", YearMonthDay), @"2024-03-13T09:30:05Z");
        insta::assert_snapshot!(show("3/13/2024 9:30:05\u{202f}PM -05:00", MonthDayYear), @"2024-03-14T02:30:05Z");
        insta::assert_snapshot!(show("20240313T093005.5Z", YearMonthDay), @"2024-03-13T09:30:05.5Z");
        insta::assert_snapshot!(show("20240313T0930", YearMonthDay), @"2024-03-13T09:30:00Z");
        assert_eq!(zone(b"2024-03-13T09:30:05"), None);
        assert_eq!(zone(b"2024-03-13"), None);
        assert_eq!(zone(b"2024-03-13T09:30:05-05:30"), Some(-330));
        assert_eq!(zone(b"2024-03-13T09:30:05Z"), Some(0));
        for bad in ["2024-03-13T09:30:05+15:00", "2024-03-13T09:30:05+1", "2024-03-13 Z", "20241313T093005", "20240313"]
        {
            assert_eq!(show(bad, YearMonthDay), "–", "{bad}");
        }
        for bad in ["", "abc", "13/13/2020", "02/30/2020", "2020-1", "1/2/3/4", "12/16/2019 25:00:00", "5 Foo 2020"] {
            assert_eq!(show(bad, MonthDayYear), "–", "{bad}");
        }
    }

    #[test]
    fn evidence() {
        let decide = |cells: &[&str]| {
            let mut e = OrderEvidence::default();
            cells.iter().for_each(|c| e.see(c.as_bytes()));
            e.decide()
        };
        assert_eq!(decide(&["03/01/2024", "03/13/2024"]), Some(Order::MonthDayYear));
        assert_eq!(decide(&["03/01/2024", "13/03/2024"]), Some(Order::DayMonthYear));
        assert_eq!(decide(&["03/01/2024"]), None);
        assert_eq!(decide(&["2024-03-01"]), Some(Order::YearMonthDay));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text: String) {
            parse(text.as_bytes(), Order::MonthDayYear);
        }
    }
}
