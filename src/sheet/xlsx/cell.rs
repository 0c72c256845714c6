//! What a cell holds, as text.

use super::super::cells::Text;
use super::Context;
use super::content::decoded;
use super::formats::Shown;
use super::plain::Plain;
use crate::error::{Error, ErrorKind, Result};

/// Where a cell stands and how it is to be read.
pub(super) struct Cell<'c> {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) style: &'c str,
    pub(super) kind: &'c str,
}

fn shown(style: &[u8], context: &Context) -> Shown {
    if style.is_empty() {
        return Shown::Number;
    }
    context.formats.get(index(style).unwrap_or(0)).copied().unwrap_or_default()
}

/// The number that digits say.
fn index(digits: &[u8]) -> Option<usize> {
    let add = |sum: usize, digit: &u8| match digit {
        b'0'..=b'9' => sum.checked_mul(10)?.checked_add(usize::from(digit - b'0')),
        _ => None,
    };
    if digits.is_empty() { None } else { digits.iter().try_fold(0, add) }
}

/// Puts a cell whose value is as plain as its tags; `false` for one that has to be looked at.
pub(super) fn put_plain(cell: &Plain<'_>, row: u32, column: u32, context: &Context, text: &mut Text) -> Result<bool> {
    let Some(value) = cell.value else { return Ok(true) };
    let number = || std::str::from_utf8(value).ok()?.parse::<f64>().ok();
    match cell.kind {
        b"" | b"n" => match shown(cell.style, context) {
            Shown::Number => text.digits(row, column, value),
            shown => match number() {
                Some(days) => text.days(row, column, days, shown == Shown::Hours, context.is_1904).map(|()| true),
                None => Ok(false),
            },
        },
        b"s" => match index(value).and_then(|index| context.strings.get(index)) {
            Some(string) => text.field(row, column, string).map(|()| true),
            None => Ok(false),
        },
        b"str" | b"inlineStr" => match std::str::from_utf8(value) {
            Ok(words) if !words.contains(['&', '\r']) => text.words(row, column, &decoded(words)).map(|()| true),
            _ => Ok(false),
        },
        _ => Ok(false),
    }
}

/// Puts any cell.
///
/// # Errors
/// [`ErrorKind::Malformed`] for a value that is none of its kind.
pub(super) fn put(cell: &Cell<'_>, value: &str, context: &Context, text: &mut Text) -> Result<()> {
    let Cell { row, column, kind, .. } = *cell;
    let odd = |what: &str| {
        let message = format!("row {} column {}: expected {what}, found {value:?}", row + 1, u64::from(column) + 1);
        Err(Error::new(ErrorKind::Malformed, message))
    };
    match kind {
        "str" | "inlineStr" | "is" => text.words(row, column, &decoded(value)),
        "d" => text.words(row, column, &value.replace('T', " ")),
        // #DIV/0! and its like: the cell has no value.
        "e" => text.blank(row, column),
        _ if value.is_empty() => Ok(()),
        "" | "n" => match value.parse::<f64>() {
            Ok(number) => match shown(cell.style.as_bytes(), context) {
                Shown::Number => text.number(row, column, number),
                shown => text.days(row, column, number, shown == Shown::Hours, context.is_1904),
            },
            // Who says no kind may mean a text.
            Err(_) if kind.is_empty() => text.words(row, column, value),
            Err(_) => odd("a number"),
        },
        "s" => match value.trim().parse().ok().and_then(|index: usize| context.strings.get(index)) {
            Some(string) => text.field(row, column, string),
            None => odd(&format!("the number of one of {} strings", context.strings.len())),
        },
        "b" => match value.trim().to_ascii_lowercase().as_str() {
            "" => Ok(()),
            "0" | "false" => text.number(row, column, 0.0),
            "1" | "true" => text.number(row, column, 1.0),
            _ => odd("true or false"),
        },
        kind => odd(&format!("a kind of cell that is known, which {kind:?} is not")),
    }
}
