//! The three ways in which a column is named: `test_time_second`, `Test Time / s`, and the label without its unit.

use crate::vocab::Term;
use crate::vocab::fold::{Folded, clean};

/// Units of labels and of names, and the unit that they are.
static UNITS: &[(&str, &str, &str)] = &[
    ("s", "second", "s"),
    ("ms", "millisecond", "ms"),
    ("V", "volt", "V"),
    ("A", "ampere", "A"),
    ("Ah", "ah", "Ah"),
    ("Wh", "wh", "Wh"),
    ("W", "watt", "W"),
    ("Ohm", "ohm", "Ohm"),
    ("ohm", "ohm", "Ohm"),
    ("degC", "celsius", "degC"),
    ("Hz", "hertz", "Hz"),
    ("deg", "degree", "deg"),
];

/// A name as programs write it, with the unit that it ends with; a label with its unit gives the same name.
pub(super) fn fold(cell: &str) -> Folded {
    let cell = clean(cell);
    let name = match cell.rsplit_once(" / ") {
        Some((label, "1")) => spelled(label),
        Some((label, unit)) => match UNITS.iter().find(|(symbol, ..)| *symbol == unit) {
            Some((_, word, _)) => format!("{}_{word}", spelled(label)),
            None => cell.to_owned(),
        },
        None => cell.to_owned(),
    };
    let unit = name.rsplit_once('_').and_then(|(_, word)| UNITS.iter().find(|(_, name, _)| *name == word));
    // Sensors have numbers: `temperature_t2_celsius`.
    let number = name.split_once("temperature_t").and_then(|(_, rest)| rest.split('_').next()?.parse().ok());
    Folded { unit: unit.map(|(.., symbol)| (*symbol).to_owned()), key: name, number, ..Folded::default() }
}

/// The same, and labels that leave out their unit, which is fixed: `Test Time`.
pub(super) fn fold_bare(cell: &str, terms: &[Term]) -> Folded {
    let folded = fold(cell);
    if folded.unit.is_some() || terms.iter().any(|term| term.key == folded.key) {
        return folded;
    }
    let label = spelled(&folded.key);
    let is_it = |term: &&Term| term.key == label || term.key.rsplit_once('_').is_some_and(|(name, _)| name == label);
    terms.iter().find(is_it).map_or(folded, |term| fold(term.key))
}

/// A label in the spelling of names.
fn spelled(label: &str) -> String {
    label.trim().to_lowercase().replace(' ', "_")
}
