//! Numbers as people's programs write them. Nothing here is fast: it is asked where the plain reading gave nothing.
//!
//! | spelling | example | written by |
//! |---|---|---|
//! | groups of three between blanks of any width | `1 250,5`, `1 250,5` | spreadsheets in French, Swedish, … |
//! | groups of three between apostrophes | `1'250.5`, `1’250.5` | spreadsheets in Swiss locales |
//! | another minus | `−1.5`, `(1.5)` | word processors, accounting formats |
//! | Fortran's exponent | `1.5D+03` | simulation programs |
//! | a text that is a number | `="1.5"`, `'1.5` | spreadsheets that were told not to round |

/// Length of a blank at the front: a space, or one of the blanks that do not break (in UTF-8, or windows-1252's byte).
fn blank(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b' ' | b'\t' | 0xA0, ..] => Some(1),
        [0xC2, 0xA0, ..] => Some(2),
        // Figure, punctuation, thin, hair, narrow no-break.
        [0xE2, 0x80, 0x87..=0x8A | 0xAF, ..] => Some(3),
        _ => None,
    }
}

/// Length of an apostrophe at the front, straight or curved.
fn apostrophe(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'\'' | 0x92, ..] => Some(1),
        [0xE2, 0x80, 0x99, ..] => Some(3),
        _ => None,
    }
}

/// Length of a minus at the front: a hyphen, a minus sign, or a dash that stands for one.
fn minus(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'-' | 0x96, ..] => Some(1),
        [0xE2, 0x88, 0x92, ..] | [0xE2, 0x80, 0x90..=0x94, ..] => Some(3),
        _ => None,
    }
}

/// Takes blanks of every kind off both ends.
pub fn trim(mut cell: &[u8]) -> &[u8] {
    while let Some(rest) = blank(cell).and_then(|length| cell.get(length..)) {
        cell = rest;
    }
    // windows-1252's blank is also the last byte of UTF-8 characters, so the longer ones are asked first.
    while let Some(length) = [3, 2, 1].into_iter().find(|length| {
        let tail = cell.len().checked_sub(*length).and_then(|at| cell.get(at..));
        tail.is_some_and(|tail| blank(tail) == Some(*length))
    }) {
        cell = cell.get(..cell.len() - length).unwrap_or_default();
    }
    cell
}

/// Whether nothing is left of a cell without blanks and dashes: the dash is a word for "no value".
pub fn is_nothing(cell: &[u8]) -> bool {
    let cell = trim(cell);
    cell.is_empty() || minus(cell) == Some(cell.len())
}

/// The number in a plain spelling, with the decimal sign as it stands; `None` where it is no number in one of the spellings.
pub fn plain_form<'b>(cell: &[u8], buffer: &'b mut [u8; 64]) -> Option<&'b [u8]> {
    let mut out = Buffer { bytes: buffer, used: 0 };
    let mut rest = trim(cell);
    if let [b'=', b'"', inner @ .., b'"'] = rest {
        rest = trim(inner);
    } else if let Some(inner) = apostrophe(rest).and_then(|length| rest.get(length..)) {
        rest = trim(inner);
    }
    let mut negative = false;
    if let [b'(', inner @ .., b')'] = rest {
        (negative, rest) = (true, trim(inner));
    } else if let Some(inner) = minus(rest).and_then(|length| rest.get(length..)) {
        (negative, rest) = (true, trim(inner));
    } else if let [b'+', inner @ ..] = rest {
        rest = trim(inner);
    }
    if negative {
        out.push(b'-')?;
    }
    rest = groups(rest, &mut out)?;
    // What follows the whole part: a decimal mark with digits, an exponent.
    while let [byte, tail @ ..] = rest {
        match byte {
            b'0'..=b'9' | b'.' | b',' => out.push(*byte)?,
            b'e' | b'E' | b'd' | b'D' => {
                out.push(b'e')?;
                let skipped = minus(tail);
                out.extend(match (skipped, tail) {
                    (Some(_), _) => b"-",
                    _ => b"",
                })?;
                let digits = match (skipped, tail) {
                    (Some(length), _) => tail.get(length..)?,
                    (None, [b'+', digits @ ..]) => digits,
                    _ => tail,
                };
                if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
                    return None;
                }
                out.extend(digits)?;
                break;
            }
            _ => return None,
        }
        rest = tail;
    }
    let used = out.used;
    buffer.get(..used)
}

/// Copies the digits at the front without what stands between groups of three; gives what follows them. One mark groups the
/// whole number, or it is two numbers.
fn groups<'c>(cell: &'c [u8], out: &mut Buffer<'_>) -> Option<&'c [u8]> {
    let mut rest = cell;
    let mut mark: Option<&[u8]> = None;
    loop {
        let count = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let is_group = if mark.is_some() { count == 3 } else { true };
        let (digits, tail) = rest.split_at_checked(count)?;
        if !is_group {
            return None;
        }
        out.extend(digits)?;
        rest = tail;
        let Some(length) = blank(rest).or_else(|| apostrophe(rest)) else { return Some(rest) };
        let (found, tail) = rest.split_at_checked(length)?;
        let is_first = mark.is_none() && (1..=3).contains(&count);
        if !is_first && mark != Some(found) {
            return None;
        }
        mark = Some(found);
        rest = tail;
    }
}

/// A small buffer that says when it is full.
struct Buffer<'b> {
    bytes: &'b mut [u8; 64],
    used: usize,
}

impl Buffer<'_> {
    fn push(&mut self, byte: u8) -> Option<()> {
        *self.bytes.get_mut(self.used)? = byte;
        self.used += 1;
        Some(())
    }

    fn extend(&mut self, bytes: &[u8]) -> Option<()> {
        bytes.iter().try_for_each(|byte| self.push(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::decimal::Decimal;
    use crate::text::number::{Cell, parse};

    /// What a cell is under a decimal point and under a decimal comma.
    fn read(cell: &[u8]) -> String {
        let show = |decimal| match parse(cell, decimal) {
            Cell::Number(value) => value.to_string(),
            Cell::Null => "nothing".to_owned(),
            Cell::Unreadable => "–".to_owned(),
        };
        format!("{} | {}", show(Decimal::Point), show(Decimal::Comma))
    }

    #[test]
    fn spellings() {
        let cells: &[&str] = &[
            "1 250",
            "1\u{a0}250,5",
            "1\u{202f}250.5",
            "-12\u{2009}345\u{2009}678",
            "1'250.5",
            "1’250’000",
            "1 25",
            "12 34 567",
            "1 250'000",
            "1234 567",
            "1.5 250",
            "\u{a0}3.5\u{a0}",
            "\u{2212}1.5",
            "–2",
            "- 2",
            "+1.304837e001",
            "(1.25)",
            "1.5D+03",
            "1.5d-2",
            "1.5D",
            "1.5E+",
            "1.5e\u{2212}3",
            "=\"1.5\"",
            "'7",
            "—",
            "\u{a0}",
            "1 250,000.5",
            "3.7 V",
            "2024 03 01",
            "()",
        ];
        let shown: String = cells.iter().map(|c| format!("{c:?}: {}\n", read(c.as_bytes()))).collect();
        insta::assert_snapshot!(shown, @r#"
        "1 250": 1250 | 1250
        "1\u{a0}250,5": – | 1250.5
        "1\u{202f}250.5": 1250.5 | –
        "-12\u{2009}345\u{2009}678": -12345678 | -12345678
        "1'250.5": 1250.5 | –
        "1’250’000": 1250000 | 1250000
        "1 25": – | –
        "12 34 567": – | –
        "1 250'000": – | –
        "1234 567": – | –
        "1.5 250": – | –
        "\u{a0}3.5\u{a0}": 3.5 | –
        "−1.5": -1.5 | –
        "–2": -2 | -2
        "- 2": -2 | -2
        "+1.304837e001": 13.04837 | –
        "(1.25)": -1.25 | –
        "1.5D+03": 1500 | –
        "1.5d-2": 0.015 | –
        "1.5D": – | –
        "1.5E+": – | –
        "1.5e−3": 0.0015 | –
        "=\"1.5\"": 1.5 | –
        "'7": 7 | 7
        "—": nothing | nothing
        "\u{a0}": nothing | nothing
        "1 250,000.5": – | –
        "3.7 V": – | –
        "2024 03 01": – | –
        "()": – | –
        "#);
        // windows-1252 has the no-break blank, the apostrophe and the dash in one byte each.
        insta::assert_snapshot!(read(b"1\xA0250.5"), @"1250.5 | –");
        insta::assert_snapshot!(read(b"1\x92250.5"), @"1250.5 | –");
        insta::assert_snapshot!(read(b"\x961.5"), @"-1.5 | –");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            plain_form(&bytes, &mut [0; 64]);
            trim(&bytes);
        }

        /// Grouped by any mark, a number comes back as it was.
        #[test]
        fn grouped_numbers_come_back(value in -9_999_999_999i64..9_999_999_999, mark in 0usize..4) {
            let mark = [" ", "\u{a0}", "\u{202f}", "’"][mark];
            let digits = value.unsigned_abs().to_string();
            let groups: Vec<&str> =
                digits.as_bytes().rchunks(3).rev().map(|c| std::str::from_utf8(c).unwrap()).collect();
            let text = format!("{}{}.25", if value < 0 { "-" } else { "" }, groups.join(mark));
            let want: f64 = format!("{value}.25").parse().unwrap();
            proptest::prop_assert_eq!(parse(text.as_bytes(), Decimal::Point), Cell::Number(want), "{}", text);
        }
    }
}
