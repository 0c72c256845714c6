//! A header cell of a table that nobody defines: its name in one spelling, and the unit that stands beside it.

use crate::schema::{Column, Quantity, Unit};
use crate::vocab::fold::{Folded, Prefix, clean, split_unit};
use crate::vocab::{Role, Term};

/// The key of a clock that is written as a number in a unit of time.
pub(super) const COUNTED_CLOCK: &str = "countedclock";

/// Names that are units: the quantity's word and the unit.
static UNITS_AS_NAMES: &[(&str, &str, &str)] = &[
    ("volts", "voltage", "V"),
    ("millivolts", "voltage", "mV"),
    ("mv", "voltage", "mV"),
    ("amps", "current", "A"),
    ("amperes", "current", "A"),
    ("milliamps", "current", "mA"),
    ("ma", "current", "mA"),
    ("seconds", "time", "s"),
    ("secs", "time", "s"),
    ("sec", "time", "s"),
    ("minutes", "time", "min"),
    ("hours", "time", "h"),
    ("watts", "power", "W"),
];

/// `Voltage [mV]`, `U/mV`, `voltage_mV`, `Voltage, mV`, `Voltage mV` and `mV` alone are one word in one unit. A name that
/// is a known one as a whole is not taken apart.
pub(super) fn fold(cell: &str, terms: &[Term]) -> Folded {
    let cell = clean(cell);
    let (base, unit) = split_unit(cell);
    if let Some(unit) = unit {
        return named(base, Some(against_nothing(unit)), terms);
    }
    let cell = against_nothing(cell);
    let whole = named(cell, None, terms);
    if whole.unit.is_some() || terms.iter().any(|term| term.key == whole.key) {
        return whole;
    }
    let is_unit = |unit: &str| !unit.is_empty() && Unit::is_any(unit) && unit != "?";
    let split = ['/', ',', '_', ' '].into_iter().find_map(|mark| {
        let (base, unit) = cell.rsplit_once(mark)?;
        is_unit(unit.trim()).then(|| (base.trim_end_matches([mark, ' ', ',']), unit.trim()))
    });
    match split {
        Some((base, unit)) => named(base.strip_suffix("_in").unwrap_or(base), Some(unit), terms),
        None => whole,
    }
}

/// Without what a potential is measured against.
fn against_nothing(text: &str) -> &str {
    [" vs", "_vs_"]
        .iter()
        .filter_map(|mark| text.find(mark))
        .min()
        .map_or(text, |end| text.get(..end).unwrap_or(text))
        .trim()
}

fn named(name: &str, unit: Option<&str>, terms: &[Term]) -> Folded {
    let name = name.trim();
    let bare = name.strip_prefix("h_").unwrap_or(name);
    let mut key: String = bare.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let mut unit = unit.map(str::to_owned);
    if unit.is_none()
        && let Some((_, word, own)) = UNITS_AS_NAMES.iter().find(|(name, ..)| *name == key)
    {
        (key, unit) = ((*word).to_owned(), Some((*own).to_owned()));
    }
    // A unit makes a number of a clock, which counts from nobody knows when; that of a word for 1970 is read as its size says.
    let counts = unit.as_deref().is_some_and(|unit| Unit::parse(unit, Quantity::Time).is_some());
    let is_since_1970 =
        matches!(key.as_str(), "unixtime" | "epochtime" | "epoch") && matches!(unit.as_deref(), Some("s" | "ms"));
    let is_clock = || terms.iter().any(|term| term.key == key && term.role == Role::Column(Column::Timestamp));
    if counts && !is_since_1970 && is_clock() {
        COUNTED_CLOCK.clone_into(&mut key);
    }
    // A `t` in degrees is no time, and a capital one without a unit may be either.
    let is_warm =
        |unit: &str| Unit::parse(unit, Quantity::Temperature).is_some() && Unit::parse(unit, Quantity::Time).is_none();
    match &unit {
        Some(unit) if key == "t" && is_warm(unit) => "temperature".clone_into(&mut key),
        None if name == "T" => key = "T".to_owned(),
        _ => {}
    }
    Folded { key, unit, prefix: Prefix::None, number: None }
}
