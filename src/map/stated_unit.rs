//! The unit that a header states.

use super::claim::Claim;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::schema::{Quantity, Unit};
use crate::table::{RawData, RawTable};
use crate::vocab::{Folded, Prefix, Read};

/// The unit of a claim, and whether the header states it; an unknown one is an error that names the column, never a factor of 1.
pub(super) fn of(table: &RawTable, claim: &Claim) -> Result<(Unit, bool)> {
    let quantity = match claim.read {
        Read::Number(quantity) | Read::Negated(quantity) => quantity,
        Read::Duration => Quantity::Time,
        _ => return Ok((Unit::ONE, false)),
    };
    let name = &table.columns[claim.column].name;
    let mut folded: Folded = (table.vocabulary.fold)(name);
    if folded.unit.is_none() && table.vocabulary.unit_in_next_column {
        folded.unit = of_next_column(table, claim.column);
    }
    let error = |what: String| {
        let message = format!("expected a unit of {quantity:?} in the header {name:?}, found {what}");
        let place = table.header_line.map_or_else(
            || Place::Column(name.clone()),
            |line| Place::Line { line, field: Some(claim.column as u32 + 1) },
        );
        Err(Error::new(ErrorKind::UnknownUnit, message.replace("Time", "time")).at(place))
    };
    match (folded.unit.as_deref(), folded.prefix) {
        (_, Prefix::Mega) => error("the prefix M (mega)".to_owned()),
        (None | Some(""), Prefix::None) => {
            let may_miss =
                table.vocabulary.unit_may_be_missing || matches!(quantity, Quantity::Time | Quantity::Temperature);
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

/// The unit that stands in the cells of the next column.
pub(super) fn of_next_column(table: &RawTable, index: usize) -> Option<String> {
    let next = table.columns.get(index + 1)?;
    if (table.vocabulary.fold)(&next.name).key != "units" {
        return None;
    }
    let (RawData::Field(field), Some(grid)) = (&next.data, &table.grid) else { return None };
    grid.sample(*field, 50).first().map(|cell| table.encoding.decode(cell).0.trim().to_owned())
}
