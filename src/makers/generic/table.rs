//! Whether names of columns are those of a test.

use super::words::GENERIC;
use crate::probe::Score;
use crate::schema::{Column, Quantity, Unit};
use crate::vocab::{Folded, Role, Term};

/// Points of a table whose columns for voltage and current state their units.
const WITH_UNITS: u8 = 20;

/// Points of one that leaves a unit to its reader: the error says how to name it.
const WITHOUT_UNITS: u8 = 10;

/// Points of a table that has the schema's columns.
pub(super) const SCHEMA: u8 = 60;

/// What a caller's mapping makes of a header.
fn mapped(header: &str, named: &[(String, String)]) -> Option<Column> {
    let (_, target) = named.iter().find(|(from, _)| from.trim() == header)?;
    Column::from_name(target.trim())
}

/// The column that a cell stands for, and whether its unit is said.
fn meaning(cell: &str, folded: &Folded, named: &[(String, String)]) -> Option<(Column, bool)> {
    if let Some(column) = mapped(cell, named) {
        return Some((column, true));
    }
    let (_, term, _) = GENERIC.find(folded)?;
    let column = match term.role {
        Role::Column(column) => column,
        Role::BareTime => Column::Time,
        _ => return None,
    };
    let quantity = column.spec().quantity.or((column == Column::Timestamp).then_some(Quantity::Time))?;
    match folded.unit.as_deref() {
        // A clock describes itself.
        Some(unit) if quantity == Quantity::Time && unit.contains(':') => Some((column, true)),
        // Metres per second are no current of a cell.
        Some(unit) => Unit::parse(unit, quantity).map(|_| (column, true)),
        None => Some((column, false)),
    }
}

/// How sure one can be that these names are those of a test's columns: time, voltage and current, in units that these have.
pub(super) fn score(cells: &[(&str, Folded)], named: &[(String, String)]) -> Score {
    let found: Vec<(Column, bool)> = cells.iter().filter_map(|(cell, folded)| meaning(cell, folded, named)).collect();
    let has = |column: Column| found.iter().any(|(other, _)| *other == column);
    let says_unit = |column: Column| found.iter().any(|(other, said)| *other == column && *said);
    let lacks = |what: &str| Score::no(format!("no header line has a {what} in a unit of its own beside the others"));
    match () {
        () if !has(Column::Voltage) => lacks("voltage"),
        () if !has(Column::Current) => lacks("current"),
        () if !has(Column::Time) && !has(Column::Timestamp) => lacks("time"),
        () if says_unit(Column::Voltage) && says_unit(Column::Current) => {
            Score::yes(WITH_UNITS, "has time, voltage and current under names that people use, and no maker's layout")
        }
        () => Score::yes(WITHOUT_UNITS, "has time, voltage and current under names that people use, without all units"),
    }
}

/// Numbers of a clock from here on count from 1970 in UTC.
pub(super) const SINCE_1970: f64 = 1e8;

/// The column with the clock of the rows.
pub(super) fn clock<'n>(mut names: impl Iterator<Item = &'n str>) -> Option<usize> {
    let is_clock = |term: &Term| term.role == Role::Column(Column::Timestamp);
    names.position(|name| GENERIC.find(&(GENERIC.fold)(name)).is_some_and(|(_, term, _)| is_clock(term)))
}

/// The cells with what folding leaves of them.
pub(super) fn folded<'c>(cells: impl Iterator<Item = &'c str>) -> Vec<(&'c str, Folded)> {
    cells.map(|cell| (cell, (GENERIC.fold)(cell))).collect()
}

/// Which of the cells stand for voltage and current.
pub(super) fn measured(cells: &[(&str, Folded)], named: &[(String, String)]) -> Vec<usize> {
    let is_one = |(_, (cell, folded)): &(usize, &(&str, Folded))| {
        matches!(meaning(cell, folded, named), Some((Column::Voltage | Column::Current, _)))
    };
    cells.iter().enumerate().filter(is_one).map(|(index, _)| index).collect()
}
