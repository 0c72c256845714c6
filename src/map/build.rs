//! The frame: roles become columns.

use polars::prelude::{Column as PolarsColumn, *};
use rayon::prelude::*;

use super::MapOptions;
use super::cells::{Cells, Labels};
use super::conventions::{AuxiliaryNames, Conventions};
use super::counts::counts;
use super::label_column::text;
use super::plan::Plan;
use crate::error::{Error, Result};
use crate::schema::{COLUMNS, Column, Kind};
use crate::signal::frame::{integer_series, put};
use crate::signal::real_series;
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
            Kind::Real => {
                let is_whole = cells.is_whole(role);
                cells.take(role).map(|values| if is_whole { Made::Whole(values) } else { Made::Real(values) })
            }
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
    /// Without a NaN.
    Whole(Vec<f64>),
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
            Self::Whole(values) => Ok(Float64Chunked::from_vec(name.into(), values).into_column()),
            Self::Count(values) => Ok(counts(name, values)),
            Self::Text(labels) => text(name, labels),
            Self::Stamps(values) => stamps(name, values),
            Self::Instants(values) => instants(name, &values),
        }
    }
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
