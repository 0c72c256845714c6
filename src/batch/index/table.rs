//! `index.parquet`.

use std::io::Write;

use polars::prelude::{
    Column, DataFrame, Int64Chunked, IntoColumn, IntoSeries, ListBuilderTrait, ListStringChunkedBuilder, NamedFrom,
    NewChunkedArray, PolarsResult, Series, TimeUnit, TimeZone,
};

use super::cell::{IndexKind, Value};
use super::row::{INDEX_COLUMNS, IndexColumn, Row};
use crate::bundle::RowGroups;
use crate::error::{Error, ErrorKind, Result};

/// Rows of a row group: a long index is not held as a frame too.
const ROW_GROUP: usize = 1000;

pub(super) fn write(rows: &[Row], target: &mut (dyn Write + Send)) -> Result<()> {
    let fail = |e| Error::new(ErrorKind::Io, format!("cannot write the index: {e}"));
    let mut groups = RowGroups::new(frame(&[]).map_err(fail)?.schema(), &Default::default(), target)?;
    let press = groups.press();
    for rows in rows.chunks(ROW_GROUP) {
        groups.write(rows.len() as u64, &press.pages(&frame(rows).map_err(fail)?)?)?;
    }
    groups.finish()
}

fn frame(rows: &[Row]) -> PolarsResult<DataFrame> {
    DataFrame::new(rows.len(), INDEX_COLUMNS.iter().map(|spec| column(spec, rows)).collect())
}

fn column(spec: &IndexColumn, rows: &[Row]) -> Column {
    let values = rows.iter().map(spec.of);
    let name = spec.name.into();
    match spec.kind {
        IndexKind::Text => {
            let text = |value| if let Value::Text(text) = value { text } else { None };
            Series::new(name, values.map(text).collect::<Vec<_>>()).into_column()
        }
        IndexKind::Count => {
            let count = |value| if let Value::Count(count) = value { count as i64 } else { 0 };
            Series::new(name, values.map(count).collect::<Vec<_>>()).into_column()
        }
        IndexKind::Real => {
            let real = |value| if let Value::Real(real) = value { real } else { None };
            Series::new(name, values.map(real).collect::<Vec<_>>()).into_column()
        }
        IndexKind::Time => {
            let time = |value| if let Value::Time(time) = value { time.map(|at| at.0) } else { None };
            let times = Int64Chunked::from_iter_options(name, values.map(time));
            times.into_datetime(TimeUnit::Milliseconds, Some(TimeZone::UTC)).into_column()
        }
        IndexKind::List => {
            let mut lists = ListStringChunkedBuilder::new(name, rows.len(), 4 * rows.len());
            for value in values {
                if let Value::List(codes) = value {
                    lists.append_values_iter(codes.iter());
                }
            }
            lists.finish().into_series().into_column()
        }
    }
}
