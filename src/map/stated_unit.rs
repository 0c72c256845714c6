//! The unit that a header states.

use super::MapOptions;
use super::claim::Claim;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::schema::{Quantity, Unit};
use crate::table::{RawData, RawTable, Standing};
use crate::vocab::{Folded, Prefix, Read};

/// The unit that the caller says a column is in.
pub(super) fn said<'o>(header: &str, options: &'o MapOptions) -> Option<&'o str> {
    options.units.iter().find(|(named, _)| named.trim() == header.trim()).map(|(_, unit)| unit.trim())
}

/// The caller's units are of columns that there are.
pub(super) fn need_columns(table: &RawTable, options: &MapOptions) -> Result<()> {
    let is_there = |header: &str| table.columns.iter().any(|column| column.name == header.trim());
    let Some((header, unit)) = options.units.iter().find(|(header, _)| !is_there(header)) else { return Ok(()) };
    let have: Vec<String> = table.columns.iter().map(|c| format!("{:?}", c.name)).collect();
    let message = format!("expected a column {header:?} that is in {unit:?}, found {}", have.join(", "));
    Err(Error::new(ErrorKind::Options, message))
}

/// And of columns that are read as something that has a unit.
pub(super) fn need_use(table: &RawTable, claims: &[Claim], options: &MapOptions) -> Result<()> {
    let has_unit = |claim: &Claim| quantity_of(claim).is_some();
    let is_used =
        |header: &str| claims.iter().any(|claim| has_unit(claim) && table.columns[claim.column].name == header.trim());
    let Some((header, unit)) = options.units.iter().find(|(header, _)| !is_used(header)) else { return Ok(()) };
    let message = format!(
        "expected a column that is read with a unit for {unit:?}, found {header:?}, which is not; `--map '{header}=COLUMN'` \
         says which column of the schema it is"
    );
    Err(Error::new(ErrorKind::Options, message))
}

fn quantity_of(claim: &Claim) -> Option<Quantity> {
    match claim.read {
        Read::Number(quantity) | Read::Negated(quantity) => Some(quantity),
        Read::Duration => Some(Quantity::Time),
        _ => None,
    }
}

/// Units that are proposed for a column whose header states none.
fn example(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Current => "mA",
        Quantity::Voltage => "mV",
        Quantity::Capacity => "mAh",
        Quantity::Energy => "mWh",
        Quantity::Power => "mW",
        other => other.si(),
    }
}

/// The unit of a claim, and whether the header states it; an unknown one is an error that names the column, never a factor of 1.
pub(super) fn of(table: &RawTable, claim: &Claim, options: &MapOptions) -> Result<(Unit, bool)> {
    let Some(quantity) = quantity_of(claim) else { return Ok((Unit::ONE, false)) };
    let name = &table.columns[claim.column].name;
    if let Some(unit) = said(name, options) {
        return Unit::parse(unit, quantity).map(|unit| (unit, true)).ok_or_else(|| {
            let message =
                format!("expected a unit of {quantity:?} such as {:?} for {name:?}, found {unit:?}", example(quantity));
            Error::new(ErrorKind::Options, message.replace("Time", "time"))
        });
    }
    let mut folded: Folded = (table.vocabulary.fold)(name);
    if folded.unit.is_none() && table.vocabulary.unit_in_next_column {
        folded.unit = of_next_column(table, claim.column);
    }
    let error = |what: String| {
        let message = format!(
            "expected a unit of {quantity:?} in the header {name:?}, found {what}; `--unit '{name}={}'` says that it is in {}",
            example(quantity),
            example(quantity)
        );
        let place = table.header_line.map_or_else(
            || Place::Column(name.clone()),
            |line| Place::Line { line, field: Some(claim.column as u32 + 1) },
        );
        Err(Error::new(ErrorKind::UnknownUnit, message.replace("Time", "time")).at(place))
    };
    match (folded.unit.as_deref(), folded.prefix) {
        (_, Prefix::Mega) => error("the prefix M (mega)".to_owned()),
        (None | Some(""), Prefix::None) => {
            let may_miss = match table.standing {
                // A clock has no unit, and what the caller mapped without one is in the schema's.
                Standing::Usual => claim.rank == 0 || quantity == Quantity::Time && is_clock(table, claim),
                _ => table.vocabulary.unit_may_be_missing || matches!(quantity, Quantity::Time | Quantity::Temperature),
            };
            if may_miss { Ok((Unit::ONE, false)) } else { error("none".to_owned()) }
        }
        (None | Some(""), Prefix::Milli) => Ok((Unit { times: 1.0, over: 1e3, offset: 0.0 }, true)),
        // `Time(h:min:s.ms)` describes a clock.
        (Some(unit), _) if quantity == Quantity::Time && unit.contains(':') => Ok((Unit::ONE, true)),
        (Some(unit), prefix) => match Unit::parse(unit, quantity) {
            Some(mut found) => {
                if prefix == Prefix::Milli {
                    found.over *= 1e3;
                }
                Ok((found, true))
            }
            None => error(format!("{unit:?}")),
        },
    }
}

/// Whether the cells of a time are clocks or dates.
fn is_clock(table: &RawTable, claim: &Claim) -> bool {
    match (table.columns.get(claim.column).map(|column| &column.data), &table.grid) {
        (Some(RawData::Field(field)), Some(grid)) => grid.is_stamp(*field) || grid.is_clock(*field),
        (Some(RawData::Stamp(_)), _) => true,
        _ => false,
    }
}

/// The unit that stands in the cells of the next column.
pub(super) fn of_next_column(table: &RawTable, index: usize) -> Option<String> {
    let next = table.columns.get(index + 1)?;
    if (table.vocabulary.fold)(&next.name).key != "units" {
        return None;
    }
    let (RawData::Field(field), Some(grid)) = (&next.data, &table.grid) else { return None };
    grid.sample(*field, 50).first().map(|cell| table.encoding.decode(cell).0.trim().to_owned())
}
