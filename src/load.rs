//! Tables that already have the schema's columns: Parquet, or csv with the schema's names.

use std::borrow::Cow;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use polars::prelude::{DataFrame, DataType, IntoColumn, NewChunkedArray, ParquetReader, SerReader, StringChunked};

use crate::error::{Error, ErrorKind, Result};
use crate::guard;
use crate::limits::Limits;
use crate::schema::Column;
use crate::signal::frame::put;
use crate::signal::{count_series, is_count, real_series};
use crate::source::Source;
use crate::text::grid::{Grid, Values, Want};
use crate::text::survey::Text;
use crate::text::{line, number, plain};

/// Of a table of so many bytes the columns are copied one after the other: all copies at once would be as much again.
const LARGE: usize = 256 << 20;

/// Reads a table by its content: Parquet, or csv whose header holds a name of the schema. `None` when it is neither.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::{Source, load};
///
/// let csv = Source::from_bytes("table.csv", b"Time [s],Voltage [V]\n0,3.7\n1,3.6\n".to_vec());
/// assert_eq!(load::load_frame(&csv)?.map(|frame| frame.height()), Some(2));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Malformed`] when it is Parquet but broken.
pub fn load_frame(source: &Source) -> Result<Option<DataFrame>> {
    let inner = source.streamed().map_err(|e| e.in_file(source.name()))?;
    let source = inner.as_ref().unwrap_or(source);
    if source.bytes().starts_with(b"PAR1") {
        return parquet(source).map(Some).map_err(|e| e.read_as("Parquet").in_file(source.name()));
    }
    csv(source)
}

/// [`load_frame`] for a path that must be one.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::{Limits, load};
///
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// let path = std::env::temp_dir().join("cyclerprep-example.parquet");
/// cell.write_time_series(&path)?;
/// assert_eq!(load::load_frame_file(&path, &Limits::default())?.height(), 112);
/// # std::fs::remove_file(path)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Those of [`load_frame`]; [`ErrorKind::Malformed`] when the file is no table of the schema.
pub fn load_frame_file(path: impl AsRef<Path>, limits: &Limits) -> Result<DataFrame> {
    let source = Source::open(path, limits)?;
    if source.bytes().starts_with(b"PAR1") {
        let (name, bytes) = (source.name().to_owned(), source.shared());
        // What was read of the file goes as soon as its rows are there.
        drop(source);
        return parquet_rows(bytes, None).map_err(|e| e.read_as("Parquet").in_file(name));
    }
    load_frame(&source)?.ok_or_else(|| {
        let message = "expected Parquet or csv with columns of the schema such as \"Time [s]\"";
        Error::new(ErrorKind::Malformed, message).in_file(source.name())
    })
}

fn parquet(source: &Source) -> Result<DataFrame> {
    parquet_rows(source.shared(), None)
}

/// The rows of a Parquet file in memory, or so many from one on.
///
/// # Errors
/// [`ErrorKind::Malformed`] when it is none.
pub(crate) fn parquet_rows(bytes: Arc<Vec<u8>>, rows: Option<(usize, usize)>) -> Result<DataFrame> {
    // The decoder may panic on damaged pages; a damaged file is an error like any other.
    let read = guard::guarded(move || ParquetReader::new(Cursor::new(bytes.as_slice())).with_slice(rows).finish());
    match read {
        Some(Ok(mut frame)) => {
            without_zones(&mut frame)?;
            // Row groups become one piece, so that everything that follows borrows whole columns.
            if frame.estimated_size() < LARGE {
                frame.rechunk_mut_par();
            } else {
                frame.rechunk_mut();
            }
            Ok(frame)
        }
        Some(Err(error)) => Err(Error::new(ErrorKind::Malformed, format!("expected Parquet: {error}")).because(error)),
        None => Err(Error::new(ErrorKind::Malformed, "expected Parquet, found damaged pages")),
    }
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

fn csv(source: &Source) -> Result<Option<DataFrame>> {
    let decoded = match plain::decoded(source.bytes()) {
        Cow::Owned(bytes) => Text::from(bytes),
        Cow::Borrowed(_) => source.text(),
    };
    let start = if decoded.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let mut lines = line::lines(&decoded, start);
    let Some(header) = lines.find(|line| !line.bytes.trim_ascii().is_empty()) else { return Ok(None) };
    let text = |cell: &[u8]| String::from_utf8_lossy(number::trim(cell)).into_owned();
    let names: Vec<String> = line::fields(header.bytes, b',').map(text).collect();
    if !names
        .iter()
        .any(|name| Column::from_name(name).is_some() && name.contains('[') || name == Column::StepCount.name())
    {
        return Ok(None);
    }
    let grid = Grid {
        bytes: decoded.clone(),
        start: header.next,
        first_line: header.number + 1,
        separator: b',',
        width: names.len(),
        header: header.bytes.to_vec(),
        drop_repeats: false,
        joins_thousands: false,
        pads: false,
    };
    let wants: Vec<(usize, Want)> = (0..names.len())
        .map(|field| {
            let numeric = |cell: &&[u8]| number::parse(cell, Default::default()) != number::Cell::Unreadable;
            (field, if grid.sample(field, 200).iter().all(numeric) { Want::Number } else { Want::Label })
        })
        .collect();
    let outcome = grid.read(&wants);
    let columns = outcome.columns.into_iter().zip(&names).map(|(column, name)| match column.values {
        Values::Number(v)
            if Column::from_name(name).is_some_and(|c| c.spec().quantity.is_none())
                && v.iter().all(|v| v.is_nan() || is_count(*v)) =>
        {
            count_series(name, &v)
        }
        Values::Number(v) => real_series(name, v),
        Values::Label { codes, names } => {
            let names: Vec<_> = names.iter().map(|name| String::from_utf8_lossy(name)).collect();
            let cells =
                codes.iter().map(|code| names.get(*code as usize).map(|n| n.as_ref()).filter(|n| !n.is_empty()));
            StringChunked::from_iter_options(name.as_str().into(), cells).into_column()
        }
        Values::Timestamp(_) => real_series(name, Vec::new()),
    });
    DataFrame::new(outcome.rows, columns.collect()).map(Some).map_err(|e| Error::polars(e).in_file(source.name()))
}
