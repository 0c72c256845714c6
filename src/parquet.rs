//! Parquet in memory: what a file says of itself, and its columns. Guarded against hostile sizes and the decoder's panics.

use std::io::Cursor;
use std::sync::Arc;

use polars::prelude::{DataFrame, DataType, IntoColumn, ParquetReader, SerReader, TimeUnit};
use polars_arrow::datatypes::ArrowDataType as Arrow;

use crate::error::{Error, ErrorKind, Result};
use crate::guard::guarded;
use crate::limits::Limits;
use crate::signal::frame::put;
use crate::text::grid::NO_TIME;

/// What a file says of itself before a row is read.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// Names of the columns in file order.
    pub names: Vec<String>,
    /// Key-value metadata.
    pub facts: Vec<(String, String)>,
}

/// A column, decoded.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cells {
    /// Numbers, NaN where there is none.
    Real(Vec<f64>),
    /// Few distinct texts: an index into the names for each row; the first is empty.
    Label(Vec<u32>, Vec<String>),
    /// Microseconds since 1970, [`NO_TIME`] where there is none.
    Instant(Vec<i64>),
}

/// The columns of a file, and the names of those whose type holds neither numbers, texts nor instants.
pub(crate) struct Columns {
    pub(crate) columns: Vec<(String, Cells)>,
    pub(crate) others: Vec<String>,
}

/// Whether a file begins as Parquet does.
pub(crate) fn is_parquet(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PAR1")
}

/// The decoder may panic on damaged pages; a damaged file is an error like any other.
fn decoded<T>(work: impl FnOnce() -> polars::prelude::PolarsResult<T>) -> Result<T> {
    match guarded(work) {
        Some(Ok(done)) => Ok(done),
        Some(Err(error)) => Err(Error::new(ErrorKind::Malformed, format!("expected Parquet: {error}")).because(error)),
        None => Err(Error::new(ErrorKind::Malformed, "expected Parquet, found damaged pages")),
    }
}

/// Looks at the end of a file, where names and facts stand.
///
/// # Errors
/// [`ErrorKind::Malformed`] when it is broken.
pub(crate) fn head(bytes: &Arc<Vec<u8>>) -> Result<Head> {
    decoded(|| {
        let mut reader = ParquetReader::new(Cursor::new(bytes.as_slice()));
        let names = reader.schema()?.iter_names().map(ToString::to_string).collect();
        let pairs = reader.get_metadata()?.key_value_metadata().clone().unwrap_or_default();
        let facts = pairs.into_iter().filter_map(|pair| Some((pair.key, pair.value?))).collect();
        Ok(Head { names, facts })
    })
}

/// Of a table of so many bytes the columns are copied one after the other: all copies at once would be as much again.
const LARGE: usize = 256 << 20;

/// The rows of a file, or so many from one on.
///
/// # Errors
/// [`ErrorKind::Malformed`] when it is none.
pub(crate) fn rows(bytes: Arc<Vec<u8>>, rows: Option<(usize, usize)>) -> Result<DataFrame> {
    let mut frame = decoded(move || ParquetReader::new(Cursor::new(bytes.as_slice())).with_slice(rows).finish())?;
    without_zones(&mut frame)?;
    // Row groups become one piece, so that everything that follows borrows whole columns.
    if frame.estimated_size() < LARGE {
        frame.rechunk_mut_par();
    } else {
        frame.rechunk_mut();
    }
    Ok(frame)
}

/// Instants go without their zone in memory (UTC): a frame with one cannot be printed without the zones of polars.
fn without_zones(frame: &mut DataFrame) -> Result<()> {
    let zoned = frame.columns().iter().filter(|column| matches!(column.dtype(), DataType::Datetime(_, Some(_))));
    for column in zoned.cloned().collect::<Vec<_>>() {
        let instants = column.as_materialized_series().datetime().map_err(Error::polars)?;
        let unit = instants.time_unit();
        put(frame, instants.physical().clone().into_datetime(unit, None).into_column())?;
    }
    Ok(())
}

/// Whether cells of this type are numbers, texts or instants.
fn is_readable(kind: &Arrow) -> bool {
    matches!(
        kind,
        Arrow::Boolean
            | Arrow::Int8
            | Arrow::Int16
            | Arrow::Int32
            | Arrow::Int64
            | Arrow::UInt8
            | Arrow::UInt16
            | Arrow::UInt32
            | Arrow::UInt64
            | Arrow::Float32
            | Arrow::Float64
            | Arrow::Utf8
            | Arrow::LargeUtf8
            | Arrow::Utf8View
            | Arrow::Timestamp(..)
    )
}

/// Times that a table is larger in memory than in its file, at most: what is beyond is no measurement.
const GROWTH: u64 = 100;

/// All columns of a file.
///
/// # Errors
/// [`ErrorKind::Limit`] when it is larger than it may be, [`ErrorKind::Malformed`] when it is broken.
pub(crate) fn columns(bytes: &Arc<Vec<u8>>, limits: &Limits) -> Result<Columns> {
    let (names, others, height, stored) = decoded(|| {
        let mut reader = ParquetReader::new(Cursor::new(bytes.as_slice()));
        let schema = reader.schema()?;
        let (mut names, mut others) = (Vec::new(), Vec::new());
        for (name, field) in schema.iter() {
            if is_readable(field.dtype()) { &mut names } else { &mut others }.push(name.to_string());
        }
        let metadata = reader.get_metadata()?;
        let chunks = metadata.row_groups.iter().flat_map(|group| group.parquet_columns());
        let stored = chunks
            .fold(0u64, |sum, chunk| sum.saturating_add(u64::try_from(chunk.uncompressed_size()).unwrap_or(u64::MAX)));
        Ok((names, others, metadata.num_rows as u64, stored))
    })?;
    Limits::check("columns", (names.len() + others.len()) as u64, limits.columns)?;
    Limits::check("rows", height, limits.rows)?;
    let most = limits.inflated_bytes.saturating_add(GROWTH.saturating_mul(bytes.len() as u64));
    Limits::check("bytes of the pages", stored, most)?;
    Limits::check("bytes of the columns", height.saturating_mul(8).saturating_mul(names.len() as u64), most)?;
    if names.is_empty() {
        return Ok(Columns { columns: Vec::new(), others });
    }
    let wanted = Some(names);
    let frame = decoded(|| ParquetReader::new(Cursor::new(bytes.as_slice())).with_columns(wanted).finish())?;
    let columns = frame.columns().iter().map(|column| Ok((column.name().to_string(), cells(column)?)));
    Ok(Columns { columns: columns.collect::<Result<_>>()?, others })
}

fn cells(column: &polars::prelude::Column) -> Result<Cells> {
    let series = column.as_materialized_series();
    match series.dtype() {
        DataType::String => {
            let texts = series.str().map_err(Error::polars)?;
            let (mut names, mut known) = (vec![String::new()], std::collections::HashMap::new());
            let mut last: Option<(&str, u32)> = None;
            let mut codes = Vec::new();
            for text in texts.iter() {
                let text = text.unwrap_or_default();
                let code = match last {
                    Some((same, code)) if same == text => code,
                    _ if text.is_empty() => 0,
                    _ => *known.entry(text).or_insert_with(|| {
                        names.push(text.to_owned());
                        (names.len() - 1) as u32
                    }),
                };
                last = Some((text, code));
                codes.push(code);
            }
            Ok(Cells::Label(codes, names))
        }
        DataType::Datetime(unit, _) => {
            let micros = |value: i64| match unit {
                TimeUnit::Nanoseconds => value.div_euclid(1000),
                TimeUnit::Microseconds => value,
                TimeUnit::Milliseconds => value.saturating_mul(1000),
            };
            let instants = series.datetime().map_err(Error::polars)?;
            Ok(Cells::Instant(instants.physical().iter().map(|v| v.map_or(NO_TIME, micros)).collect()))
        }
        _ => {
            let numbers = series.cast(&DataType::Float64).map_err(Error::polars)?;
            let numbers = numbers.f64().map_err(Error::polars)?;
            Ok(Cells::Real(numbers.iter().map(|v| v.unwrap_or(f64::NAN)).collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::{ParquetWriter, df};

    fn file() -> Arc<Vec<u8>> {
        let mut frame = df!(
            "t" => [Some(0i32), None, Some(2)], "ok" => [true, false, true], "mode" => [Some("CC"), None, Some("CC")]
        )
        .unwrap();
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
        Arc::new(bytes)
    }

    #[test]
    fn columns_are_numbers_texts_and_instants() {
        let bytes = file();
        assert_eq!(head(&bytes).unwrap().names, ["t", "ok", "mode"]);
        let read = columns(&bytes, &Limits::default()).unwrap().columns;
        let Cells::Real(t) = &read[0].1 else { panic!("{read:?}") };
        assert!(t[0] == 0.0 && t[1].is_nan() && t[2] == 2.0);
        assert_eq!(read[1].1, Cells::Real(vec![1.0, 0.0, 1.0]));
        assert_eq!(read[2].1, Cells::Label(vec![1, 0, 1], vec![String::new(), "CC".to_owned()]));
    }

    #[test]
    fn limits_hold_before_a_row_is_decoded() {
        let mut limits = Limits { rows: 2, ..Limits::default() };
        let kind = |limits: &Limits| columns(&file(), limits).map(|_| ()).map_err(|e| e.kind());
        assert_eq!(kind(&limits), Err(ErrorKind::Limit));
        limits.rows = 3;
        assert_eq!(kind(&limits), Ok(()));
        limits.columns = 2;
        assert_eq!(kind(&limits), Err(ErrorKind::Limit));
    }
}
