//! What a vocabulary makes of one column of a file.

use super::claim::Claim;
use super::{ocp, sample, stated_unit};
use crate::schema::{Column, Quantity, Unit};
use crate::table::RawTable;
use crate::vocab::{Folded, Read, Role};

/// What becomes of a column.
pub(super) enum Meaning {
    /// It serves a role, unless another column does so better.
    Claim(Claim),
    /// It goes to the output under its own name.
    Kept,
    /// Known, and not part of the output.
    Ignored,
    /// Nobody knows the name.
    Unknown,
    /// By its name it holds dates, and there are none.
    Dateless,
}

/// The meaning of the column at `index`, by its name and, where this is not enough, its cells.
pub(super) fn of(table: &RawTable, index: usize, is_open_circuit: bool) -> Meaning {
    let (name, vocabulary) = (&table.columns[index].name, table.vocabulary);
    let folded = (vocabulary.fold)(name);
    if is_open_circuit && let Some((column, read)) = ocp::axis(&folded.key) {
        return claim(index, Role::Column(column), read, 0, 0);
    }
    let Some((rank, term, number)) = vocabulary.find(&folded) else {
        // A blank or made-up name of a re-saved file says nothing.
        let known = Column::from_name(name).filter(|known| *known != Column::WallClock);
        let is_nameless = name.starts_with("Unnamed:") || known.is_some();
        return if vocabulary.keeps_unknown && !is_nameless { Meaning::Kept } else { Meaning::Unknown };
    };
    let (role, read) = match term.role {
        Role::Kept => return Meaning::Kept,
        Role::Ignored => return Meaning::Ignored,
        Role::Auxiliary => match auxiliary(table, index, folded) {
            Some(found) => found,
            None => return Meaning::Unknown,
        },
        role => (role, term.read),
    };
    if read == Read::Timestamp && !sample::has_dates(table, index) {
        return Meaning::Dateless;
    }
    claim(index, role, read, number.unwrap_or(0), rank)
}

/// A claim whose unit nobody has looked at.
fn claim(column: usize, role: Role, read: Read, number: u32, rank: usize) -> Meaning {
    Meaning::Claim(Claim { column, role, number, read, unit: Unit::ONE, unit_is_stated: false, rank })
}

/// An auxiliary channel is what its unit says, which may stand in the cells of the next column.
fn auxiliary(table: &RawTable, index: usize, folded: Folded) -> Option<(Role, Read)> {
    let unit = folded.unit.or_else(|| stated_unit::of_next_column(table, index)).unwrap_or_default();
    let of = |role, quantity| Unit::parse(&unit, quantity).is_some().then_some((role, Read::Number(quantity)));
    of(Role::Temperature, Quantity::Temperature).or_else(|| of(Role::AuxVoltage, Quantity::Voltage))
}
