//! The frame: roles become columns.

use polars::prelude::{Column as PolarsColumn, *};
use rayon::prelude::*;

use super::MapOptions;
use super::cells::{Cells, Labels};
use super::conventions::{AuxiliaryNames, Conventions};
use super::plan::Plan;
use crate::error::{Error, Result};
use crate::schema::{COLUMNS, Column, Kind};
use crate::signal::frame::{integer_series, put};
use crate::signal::{count_series, is_count, real_series};
use crate::table::RawTable;
use crate::text::grid::NO_TIME;
use crate::vocab::{Role, Vocabulary};

pub(crate) struct Built {
    pub(crate) frame: DataFrame,
    pub(crate) identity: Vec<String>,
    pub(crate) internal: Vec<String>,
    /// Headers of columns that were read and that no frame of this maker has.
    pub(crate) left_out: Vec<String>,
}

/// Columns of the schema that are emitted by every maker, beside its vocabulary's own.
fn is_common(column: Column) -> bool {
    let more = [
        Column::StepFromCycler,
        Column::CycleFromCycler,
        Column::Capacity,
        Column::Energy,
        // Asked for by open-circuit curves only.
        Column::Stoichiometry,
        Column::Soc,
    ];
    column.spec().required || more.contains(&column)
}

/// Whether a column is part of the output for all who write these words.
pub(crate) fn is_emitted(column: Column, words: &Vocabulary) -> bool {
    is_common(column) || words.emitted.contains(&column)
}

/// Whether a column serves the step identity or a witness; where it is not part of the output it goes after that.
pub(crate) fn serves(column: Column) -> bool {
    matches!(column, Column::StepRun | Column::ControlMode | Column::StepTime | Column::Record | Column::Timestamp)
}

pub(crate) fn frame(
    mut cells: Cells,
    table: &RawTable,
    conventions: &Conventions,
    plan: &Plan,
    options: &MapOptions,
) -> Result<Built> {
    let mut making = Vec::new();
    let mut internal = Vec::new();
    let mut identity = Vec::new();
    let mut left_out = Vec::new();
    let mut temperatures = cells.numbered(Role::Temperature);
    if cells.column(Column::Temperature).is_none() && !temperatures.is_empty() {
        let (_, lowest) = temperatures.remove(0);
        cells.put(Column::Temperature, lowest);
    }
    for spec in COLUMNS {
        let role = Role::Column(spec.column);
        let wanted = is_emitted(spec.column, table.vocabulary) || plan.is_user_mapped(role);
        if !wanted && !serves(spec.column) {
            let is_there = cells.reals(role).is_some() || cells.labels(spec.column).is_some();
            left_out.extend(cells.header(role).filter(|_| is_there).map(str::to_owned));
            continue;
        }
        let column = match spec.kind {
            Kind::Real => cells.take(role).map(Made::Real),
            Kind::Count => cells.take(role).map(Made::Count),
            Kind::Text => cells.take_labels(spec.column).map(Made::Text),
            Kind::DateTime => cells.stamps.take().map(Made::Stamps),
            // Made of the others when the rows are settled, unless the table came with it.
            Kind::Instant => cells.take(role).map(Made::Instants),
        };
        if let Some(column) = column {
            making.push((spec.name, column));
            if !wanted {
                internal.push(spec.name.to_owned());
            }
        }
    }
    // Columns do not know of each other.
    let made: Vec<Result<PolarsColumn>> = making.into_par_iter().map(|(name, column)| column.make(name)).collect();
    let mut columns = made.into_iter().collect::<Result<Vec<_>>>()?;
    let by_letter = conventions.auxiliary == AuxiliaryNames::ByLetter;
    for (number, values) in temperatures {
        let name = if by_letter {
            format!("Aux T{number} from cycler [degC]")
        } else {
            format!("Temperature {number} [degC]")
        };
        columns.push(real_series(&name, values));
    }
    for (number, values) in cells.numbered(Role::AuxVoltage) {
        let name =
            if by_letter { format!("Aux V{number} from cycler [V]") } else { format!("Aux voltage {number} [V]") };
        columns.push(real_series(&name, values));
    }
    for (role, letter, unit) in
        [(Role::SetTemperature, "t", "degC"), (Role::Humidity, "H", "%"), (Role::ControllerTemperature, "CPU", "degC")]
    {
        for (number, values) in cells.numbered(role) {
            let number = if number == 0 { String::new() } else { number.to_string() };
            columns.push(real_series(&format!("Aux {letter}{number} from cycler [{unit}]"), values));
        }
    }
    for (number, values) in cells.numbered(Role::Loop) {
        let name = format!("Loop {number} from cycler");
        if conventions.loops_begin_steps {
            identity.push(name.clone());
        }
        columns.push(counts(&name, values));
    }
    for (number, values) in cells.numbered(Role::Variable) {
        columns.push(real_series(&format!("VAR{number} from cycler"), values));
    }
    for (number, values) in cells.numbered(Role::Flag) {
        columns.push(counts(&format!("FLAG{number} from cycler"), values));
    }
    let mut frame = DataFrame::new(cells.rows, columns).map_err(Error::polars)?;
    for (name, values) in cells.extra_reals {
        put(&mut frame, real_series(&name, values))?;
    }
    for (name, labels) in cells.extra_labels {
        put(&mut frame, text(&name, labels)?)?;
    }
    for (name, value) in &options.constants {
        let column = match value.trim().parse::<f64>() {
            Ok(number) => Float64Chunked::full(name.as_str().into(), number, frame.height()).into_column(),
            Err(_) => StringChunked::full(name.as_str().into(), value, frame.height()).into_column(),
        };
        put(&mut frame, column)?;
    }
    Ok(Built { frame, identity, internal, left_out })
}

/// Parsed cells that are to become a column.
enum Made {
    Real(Vec<f64>),
    Count(Vec<f64>),
    Text(Labels),
    Stamps(Vec<i64>),
    /// Microseconds since 1970.
    Instants(Vec<f64>),
}

impl Made {
    fn make(self, name: &str) -> Result<PolarsColumn> {
        match self {
            Self::Real(values) => Ok(real_series(name, values)),
            Self::Count(values) => Ok(counts(name, values)),
            Self::Text(labels) => text(name, labels),
            Self::Stamps(values) => stamps(name, values),
            Self::Instants(values) => instants(name, &values),
        }
    }
}

/// 1.5 × 2⁵²: added to a whole number it leaves the number in the last bits of the sum.
const MAGIC: f64 = 6_755_399_441_055_744.0;

/// Up to here, 2⁵¹, that works.
const SMALL: f64 = 2_251_799_813_685_248.0;

/// Whole numbers as integers; a column with fractions keeps them.
fn counts(name: &str, mut values: Vec<f64>) -> PolarsColumn {
    // The integers take the place of the numbers, some at a time while these are in the cache. No branch and no conversion, so
    // that several numbers are looked at in one go.
    let is_small = |v: &f64| (v.abs() < SMALL) & ((v + MAGIC) - MAGIC == *v);
    let small = values.chunks_mut(1024).map_while(|part| {
        part.iter().fold(true, |all, v| all & is_small(v)).then(|| {
            part.iter_mut().for_each(|v| *v = f64::from_bits((*v + MAGIC).to_bits().wrapping_sub(MAGIC.to_bits())));
            part.len()
        })
    });
    let small: usize = small.sum();
    if small == values.len() {
        return integer_series(name, bytemuck::allocation::cast_vec(values));
    }
    values.iter_mut().take(small).for_each(|v| *v = v.to_bits() as i64 as f64);
    if values.iter().all(|v| v.is_nan() || is_count(*v)) {
        count_series(name, &values)
    } else {
        real_series(name, values)
    }
}

/// The distinct texts, taken by code: no text is looked at more than once.
fn text(name: &str, labels: Labels) -> Result<PolarsColumn> {
    let names = labels.names.iter().map(|name| (!name.is_empty()).then_some(name.as_str()));
    let names = StringChunked::from_iter_options(name.into(), names);
    let codes = IdxCa::from_vec("codes".into(), labels.codes);
    names.take(&codes).map(IntoColumn::into_column).map_err(Error::polars)
}

fn stamps(name: &str, values: Vec<i64>) -> Result<PolarsColumn> {
    let column = if values.contains(&NO_TIME) {
        Int64Chunked::from_iter_options(name.into(), values.iter().map(|v| (*v != NO_TIME).then_some(*v))).into_column()
    } else {
        integer_series(name, values)
    };
    column.cast(&DataType::Datetime(TimeUnit::Milliseconds, None)).map_err(Error::polars)
}

fn instants(name: &str, values: &[f64]) -> Result<PolarsColumn> {
    let micros = values.iter().map(|v| (!v.is_nan()).then_some(*v as i64));
    let column = Int64Chunked::from_iter_options(name.into(), micros).into_column();
    column.cast(&DataType::Datetime(TimeUnit::Microseconds, None)).map_err(Error::polars)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_become_integers() {
        let whole = [0.0, -0.0, 1.0, -1.0, 7.0, SMALL - 1.0, 1.0 - SMALL];
        let made = counts("n", whole.to_vec());
        let made: Vec<i64> = made.i64().unwrap().iter().map(Option::unwrap).collect();
        assert_eq!(made, whole.map(|v| v as i64));
        for odd in [0.5, -1.5, SMALL - 0.5] {
            assert_eq!(counts("n", vec![1.0, odd]).dtype(), &DataType::Float64);
        }
        // Where the last of many is none, what was done to the first is undone.
        let many: Vec<f64> = (0..5000).map(|n| f64::from(n) - 2500.0).chain([0.5]).collect();
        assert_eq!(counts("n", many.clone()).f64().unwrap().cont_slice().unwrap(), many);
        assert_eq!(counts("n", vec![1.0, f64::NAN]).null_count(), 1);
        assert_eq!(counts("n", vec![2.0 * SMALL]).i64().unwrap().get(0), Some(1 << 52));
    }
}
