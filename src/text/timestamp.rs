//! Dates and times of day as cyclers print them. The order of day and month is decided once for a column.

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

/// Reads a date as [`parse`] does, and a bare number as what its size says: days since 1899-12-30, seconds since 1970, or
/// 100 ns since 1970.
pub fn parse_or_number(cell: &[u8], order: Order) -> Option<Civil> {
    let mut buffer = [0; 64];
    let cell = super::number::trim(cell);
    // A day number may have a decimal comma.
    let mut comma = || super::decimal::Decimal::Comma.normalise(cell, &mut buffer).and_then(super::number::plain);
    let number = super::number::plain(cell).or_else(|| if cell.contains(&b',') { comma() } else { None });
    if let Some(number) = number {
        let milliseconds = match number {
            n if (1e3..1e5).contains(&n) => (n - UNIX_DAY) * 86_400e3,
            n if (1e8..1e11).contains(&n) => n * 1e3,
            n if (1e14..1e18).contains(&n) => n / 1e4,
            _ => return None,
        };
        return Some(Civil { milliseconds: milliseconds.round() as i64, has_time: true });
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
    named(std::str::from_utf8(cell).ok()?)
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
    let rest = rest.strip_prefix(b"T").unwrap_or(rest).trim_ascii();
    if rest.is_empty() {
        return Some(Civil { milliseconds: days * 86_400_000, has_time: false });
    }
    Some(Civil { milliseconds: days * 86_400_000 + time_of_day(rest)?, has_time: true })
}

/// Milliseconds since midnight of `h:mm[:ss[.fff]][ AM|PM]`.
pub fn time_of_day(text: &[u8]) -> Option<i64> {
    let (clock, half) = match text {
        [clock @ .., a, b'M' | b'm'] if matches!(a, b'A' | b'a' | b'P' | b'p') => (clock.trim_ascii_end(), Some(*a)),
        _ => (text, None),
    };
    let hour: i64 =
        clock.split(|b| *b == b':').next().and_then(|h| std::str::from_utf8(h).ok()?.trim().parse().ok())?;
    if hour > 24 || clock.first() == Some(&b'-') {
        return None;
    }
    let seconds = super::duration::seconds(clock)?;
    let shift = match half {
        Some(b'P' | b'p') if hour < 12 => 12,
        Some(b'A' | b'a') if hour == 12 => -12,
        _ => 0,
    };
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
