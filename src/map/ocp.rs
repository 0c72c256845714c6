//! Open-circuit curves: a voltage against capacity, stoichiometry or SOC, without a time (docs/decisions.md#data-types).

use super::cells::Cells;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::schema::{Column, Quantity};
use crate::table::RawTable;
use crate::vocab::{Read, Role};

/// What the voltage is read against, in order of preference.
pub(super) static AXES: [Column; 3] = [Column::Capacity, Column::Stoichiometry, Column::Soc];

/// The axis that a header names, whatever a maker's files use the name for otherwise.
pub(super) fn axis(key: &str) -> Option<(Column, Read)> {
    match key.to_lowercase().as_str() {
        "capacity" | "q" => Some((Column::Capacity, Read::Number(Quantity::Capacity))),
        "stoichiometry" | "x" => Some((Column::Stoichiometry, Read::Plain)),
        "soc" => Some((Column::Soc, Read::Plain)),
        _ => None,
    }
}

/// Voltage and an axis must be there; a time and a current without values are put where there are none, for the tables.
pub(super) fn require(cells: &mut Cells, table: &RawTable) -> Result<()> {
    let has = |column: &Column| cells.column(*column).is_some_and(|values| values.iter().any(|v| !v.is_nan()));
    if !has(&Column::Voltage) || !AXES.iter().any(has) {
        let have: Vec<String> = table.columns.iter().map(|c| format!("{:?}", c.name)).collect();
        let message =
            format!("expected a voltage column and one of capacity, stoichiometry and SOC, found {}", have.join(", "));
        let place = table.header_line.map_or(Place::Record(0), Place::line);
        return Err(Error::new(ErrorKind::MissingColumn, message).at(place));
    }
    for column in [Column::Time, Column::Current] {
        if cells.column(column).is_none() {
            cells.put(column, [f64::NAN].repeat(cells.rows));
        }
    }
    Ok(())
}

/// What to do about a missing time, where the table is an open-circuit curve.
pub(super) fn advice(cells: &Cells, table: &RawTable, missing: Column) -> &'static str {
    let named = |name: &str| axis(&(table.vocabulary.fold)(name).key).is_some();
    let is_curve = missing == Column::Time
        && cells.reals(Role::Column(Column::Voltage)).is_some()
        && table.columns.iter().any(|column| named(&column.name));
    if is_curve { "; `--data-type ocp` reads a table of voltage and capacity, stoichiometry or SOC" } else { "" }
}
