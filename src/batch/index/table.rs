//! `index.parquet`.

use std::io::Write;

use polars::prelude::{Column, DataFrame, NamedFrom, ParquetCompression, ParquetWriter, PolarsResult, Series};

use super::row::Row;
use crate::error::{Error, ErrorKind, Result};

/// Rows of a row group: a long index is not held as a frame too.
const ROW_GROUP: usize = 1000;

pub(super) fn write(rows: &[Row], target: &mut (dyn Write + Send)) -> Result<()> {
    let write = || -> PolarsResult<()> {
        let compression = ParquetCompression::Zstd(None);
        let writer = ParquetWriter::new(target).with_compression(compression);
        let mut writer = writer.batched(frame(&[])?.schema())?;
        rows.chunks(ROW_GROUP).try_for_each(|rows| writer.write_batch(&frame(rows)?))?;
        writer.finish().map(|_| ())
    };
    write().map_err(|e| Error::new(ErrorKind::Io, format!("cannot write the index: {e}")))
}

fn frame(rows: &[Row]) -> PolarsResult<DataFrame> {
    let text = |name: &str, f: fn(&Row) -> Option<&str>| {
        Column::from(Series::new(name.into(), rows.iter().map(f).collect::<Vec<_>>()))
    };
    let count = |name: &str, f: fn(&Row) -> u64| {
        Column::from(Series::new(name.into(), rows.iter().map(|row| f(row) as i64).collect::<Vec<_>>()))
    };
    let real = |name: &str, f: fn(&Row) -> Option<f64>| {
        Column::from(Series::new(name.into(), rows.iter().map(f).collect::<Vec<_>>()))
    };
    let columns = vec![
        text("source", |row| Some(&row.source)),
        text("part", |row| row.part.as_deref()),
        text("status", |row| Some(&row.status)),
        text("reader", |row| row.reader.as_deref()),
        count("rows", |row| row.rows),
        count("steps", |row| row.steps),
        count("cycles", |row| row.cycles),
        real("first_discharge_capacity", |row| row.first_discharge_capacity),
        real("last_discharge_capacity", |row| row.last_discharge_capacity),
        real("duration_seconds", |row| row.duration_seconds),
        text("start_time", |row| row.start_time.as_deref()),
        text("issues", |row| Some(row.issues.as_str())),
        text("notes", |row| Some(row.notes.as_str())),
        text("blake3", |row| row.blake3.as_deref()),
        text("output", |row| row.output.as_deref()),
        text("error", |row| row.error.as_deref()),
    ];
    DataFrame::new(rows.len(), columns)
}
