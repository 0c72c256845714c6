//! Tables whose headers are what people usually call such columns, and whose words nobody defines.

use super::claim::Claim;
use super::{MapOptions, stated_unit};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::schema::{Column, Kind, Quantity, Unit};
use crate::table::{RawTable, Standing};
use crate::vocab::{Read, Role};

/// How the cells are read of a column that the caller maps: by a unit where one is said, or the table's headers may state it.
pub(super) fn read_of(column: Column, header: &str, table: &RawTable, options: &MapOptions) -> Read {
    if table.standing != Standing::Usual && stated_unit::said(header, options).is_none() {
        return Read::Plain;
    }
    match (column.spec().quantity, column.spec().kind) {
        (Some(Quantity::Time), _) => Read::Duration,
        (Some(quantity), _) => Read::Number(quantity),
        (None, Kind::Count) => Read::Count,
        (None, _) => Read::Plain,
    }
}

/// Whether nothing can be computed without it.
pub(super) fn is_needed(role: Role) -> bool {
    matches!(role, Role::Column(Column::Time | Column::Voltage | Column::Current))
}

/// Whether a header states a unit that its column's quantity never has, as an `E` in Wh, which is no voltage.
pub(super) fn is_of_another_quantity(table: &RawTable, claim: &Claim) -> bool {
    let (Read::Number(quantity) | Read::Negated(quantity)) = claim.read else { return false };
    let folded = (table.vocabulary.fold)(&table.columns[claim.column].name);
    folded.unit.is_some_and(|unit| Unit::parse(&unit, quantity).is_none() && Unit::is_any(&unit))
}

/// Two columns for one quantity: which one is meant only the caller knows.
pub(super) fn refuse_competitors(table: &RawTable, first: &Claim, second: &Claim) -> Result<()> {
    let Role::Column(column) = first.role else { return Ok(()) };
    let is_measured = matches!(first.read, Read::Number(_) | Read::Duration) && column != Column::Temperature;
    if !is_measured {
        return Ok(());
    }
    let (first, second) = (&table.columns[first.column].name, &table.columns[second.column].name);
    let message = format!(
        "expected one column for {:?}, found two: {first:?} and {second:?}; `--map '{first}={}'` takes the first",
        column.name(),
        column.name()
    );
    let place = table.header_line.map_or_else(|| Place::Column(second.clone()), Place::line);
    Err(Error::new(ErrorKind::MissingColumn, message).at(place))
}
