//! The columns of the steps and cycles tables: always all of them, so that tables of different files go together.

use std::iter::repeat_n;

use polars::prelude::{
    Column as PolarsColumn, DataFrame, DataType, Float64Chunked, Int64Chunked, IntoColumn, NamedFrom, NewChunkedArray,
    Series, StringChunked, UInt32Chunked,
};

use crate::error::{Error, Result};

/// A column's name and type.
pub(crate) type Place = (&'static str, DataType);

const REAL: DataType = DataType::Float64;
const COUNT: DataType = DataType::Int64;
const INDEX: DataType = DataType::UInt32;
const TEXT: DataType = DataType::String;

/// The columns of the steps table in their order (docs/schema.md#steps-table).
pub(crate) static STEPS: &[Place] = &[
    ("Start index", INDEX),
    ("End index", INDEX),
    ("Start time [s]", REAL),
    ("End time [s]", REAL),
    ("Duration [s]", REAL),
    ("Start voltage [V]", REAL),
    ("End voltage [V]", REAL),
    ("Discharge capacity [A.h]", REAL),
    ("Charge capacity [A.h]", REAL),
    ("Discharge energy [W.h]", REAL),
    ("Charge energy [W.h]", REAL),
    ("Min voltage [V]", REAL),
    ("Max voltage [V]", REAL),
    ("Mean voltage [V]", REAL),
    ("Std voltage [V]", REAL),
    ("Min current [A]", REAL),
    ("Max current [A]", REAL),
    ("Mean current [A]", REAL),
    ("Std current [A]", REAL),
    ("Min power [W]", REAL),
    ("Max power [W]", REAL),
    ("Mean power [W]", REAL),
    ("Std power [W]", REAL),
    ("Min frequency [Hz]", REAL),
    ("Max frequency [Hz]", REAL),
    ("Mean frequency [Hz]", REAL),
    ("Std frequency [Hz]", REAL),
    ("Mean temperature [degC]", REAL),
    ("Step count", COUNT),
    ("Step from cycler", COUNT),
    ("Cycle count", COUNT),
    ("Cycle from cycler", COUNT),
    ("Frame", COUNT),
    ("Step type", TEXT),
    ("Cycle charge capacity [A.h]", REAL),
    ("Cycle discharge capacity [A.h]", REAL),
    ("Cycle charge energy [W.h]", REAL),
    ("Cycle discharge energy [W.h]", REAL),
];

/// The columns of the cycles table in their order (docs/schema.md#cycles-table).
pub(crate) static CYCLES: &[Place] = &[
    ("Cycle count", COUNT),
    ("Cycle from cycler", COUNT),
    ("Discharge capacity [A.h]", REAL),
    ("Charge capacity [A.h]", REAL),
    ("Discharge energy [W.h]", REAL),
    ("Charge energy [W.h]", REAL),
    ("Min voltage [V]", REAL),
    ("Max voltage [V]", REAL),
    ("Start time [s]", REAL),
    ("Cycle duration [s]", REAL),
    ("Coulombic efficiency", REAL),
    ("Energy efficiency", REAL),
    ("Capacity retention", REAL),
    ("Capacity fade", REAL),
    ("Capacity throughput [A.h]", REAL),
    ("Energy retention", REAL),
    ("Energy fade", REAL),
    ("Energy throughput [W.h]", REAL),
    ("Mean discharge current [A]", REAL),
    ("Discharge duration [s]", REAL),
    ("Mean charge current [A]", REAL),
    ("Charge duration [s]", REAL),
    ("Mean temperature [degC]", REAL),
];

/// Which measurement a row belongs to, before the columns of the table itself wherever it is stored.
pub(crate) static OWNER: [Place; 3] = [("source", TEXT), ("part", TEXT), ("name", TEXT)];

/// The table with these columns in this order and no others: what it lacks is null.
pub(crate) fn complete(table: &DataFrame, places: &[Place]) -> Result<DataFrame> {
    let columns = places.iter().map(|(name, kind)| match table.column(name) {
        Ok(column) if column.dtype() == kind => Ok(column.clone()),
        Ok(column) => column.cast(kind),
        Err(_) => Ok(nulls(name, table.height(), kind)),
    });
    let columns = columns.collect::<polars::prelude::PolarsResult<Vec<_>>>().map_err(Error::polars)?;
    DataFrame::new(table.height(), columns).map_err(Error::polars)
}

/// A column without a value. The general way takes its zeros from eight megabytes of them that a process makes once, which costs
/// more than all such columns of a file.
fn nulls(name: &str, rows: usize, kind: &DataType) -> PolarsColumn {
    let name = name.into();
    match kind {
        DataType::Float64 => Float64Chunked::from_iter_options(name, repeat_n(None, rows)).into_column(),
        DataType::Int64 => Int64Chunked::from_iter_options(name, repeat_n(None, rows)).into_column(),
        DataType::UInt32 => UInt32Chunked::from_iter_options(name, repeat_n(None, rows)).into_column(),
        DataType::String => StringChunked::from_iter_options(name, repeat_n(None::<&str>, rows)).into_column(),
        other => PolarsColumn::full_null(name, rows, other),
    }
}

/// The table with [`OWNER`]'s columns before its own, in place of any that it has.
pub(crate) fn owned(table: &DataFrame, owner: [Option<&str>; 3]) -> Result<DataFrame> {
    let rows = table.height();
    let owners = OWNER.iter().zip(owner).map(|((name, kind), value)| match value {
        Some(value) => {
            let value = polars::prelude::Scalar::from(polars::prelude::PlSmallStr::from_str(value));
            PolarsColumn::new_scalar((*name).into(), value, rows)
        }
        None => nulls(name, rows, kind),
    });
    behind(owners.collect(), table)
}

/// The same for rows of several owners that follow each other: each with the number of its rows.
pub(crate) fn owned_in_turn<'o>(
    table: &DataFrame,
    owners: impl Iterator<Item = ([Option<&'o str>; 3], usize)>,
) -> Result<DataFrame> {
    let mut columns = [(); 3].map(|()| Vec::new());
    for (owner, rows) in owners {
        columns.iter_mut().zip(owner).for_each(|(column, value)| column.extend(repeat_n(value, rows)));
    }
    let column = |((name, _), values): (&Place, Vec<Option<&str>>)| Series::new((*name).into(), values).into_column();
    behind(OWNER.iter().zip(columns).map(column).collect(), table)
}

fn behind(mut columns: Vec<PolarsColumn>, table: &DataFrame) -> Result<DataFrame> {
    let is_own = |column: &&PolarsColumn| OWNER.iter().all(|(name, _)| column.name() != name);
    columns.extend(table.columns().iter().filter(is_own).cloned());
    DataFrame::new(table.height(), columns).map_err(Error::polars)
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::df;

    #[test]
    fn what_is_missing_is_null_and_what_is_not_meant_goes() {
        let table = df!("Start time [s]" => [1.0], "mine" => [2.0], "Cycle count" => [3.0]).unwrap();
        let got = complete(&table, CYCLES).unwrap();
        let names: Vec<&str> = got.get_column_names().into_iter().map(|name| name.as_str()).collect();
        assert_eq!(names, CYCLES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        assert_eq!(got.dtypes(), CYCLES.iter().map(|(_, kind)| kind.clone()).collect::<Vec<_>>());
        assert_eq!(got.column("Cycle count").unwrap().i64().unwrap().get(0), Some(3));
        assert_eq!(got.column("Energy fade").unwrap().null_count(), 1);
    }

    #[test]
    fn rows_say_whose_they_are() {
        let table = df!("name" => ["old", "old"], "x" => [1, 2]).unwrap();
        let got = owned(&table, [Some("a/b.csv"), None, Some("b")]).unwrap();
        let want = df!("source" => ["a/b.csv", "a/b.csv"], "part" => [None::<&str>, None], "name" => ["b", "b"], "x" => [1, 2]);
        let want = want.unwrap();
        assert!(got.equals_missing(&want), "{got}");
        let got = owned_in_turn(&table, [([Some("a/b.csv"), None, Some("b")], 2)].into_iter()).unwrap();
        assert!(got.equals_missing(&want), "{got}");
        let two = [([Some("a"), Some("1"), None], 1), ([Some("b"), None, None], 1)];
        let got = owned_in_turn(&table, two.into_iter()).unwrap();
        let want =
            df!("source" => ["a", "b"], "part" => [Some("1"), None], "name" => [None::<&str>, None], "x" => [1, 2]);
        assert!(got.equals_missing(&want.unwrap()), "{got}");
    }
}
