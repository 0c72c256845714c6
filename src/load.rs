//! Tables that already have the schema's columns: Parquet, or csv with the schema's names.

use std::borrow::Cow;
use std::path::Path;

use polars::prelude::{DataFrame, IntoColumn, NewChunkedArray, StringChunked};

use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use crate::parquet;
use crate::schema::Column;
use crate::signal::{count_series, is_count, real_series};
use crate::source::Source;
use crate::text::grid::{Grid, Values, Want};
use crate::text::held::Text;
use crate::text::{line, number, plain};

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
    if parquet::is_parquet(source.bytes()) {
        return parquet::rows(source.shared(), None).map(Some).map_err(|e| e.read_as("Parquet").in_file(source.name()));
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
    if parquet::is_parquet(source.bytes()) {
        let (name, bytes) = (source.name().to_owned(), source.shared());
        // What was read of the file goes as soon as its rows are there.
        drop(source);
        return parquet::rows(bytes, None).map_err(|e| e.read_as("Parquet").in_file(name));
    }
    load_frame(&source)?.ok_or_else(|| {
        let message = "expected Parquet or csv with columns of the schema such as \"Time [s]\"";
        Error::new(ErrorKind::Malformed, message).in_file(source.name())
    })
}

/// Whether a table has a column of the schema; one of other columns may be a test all the same.
#[cfg(feature = "cli")]
pub(crate) fn is_of_schema(frame: &DataFrame) -> bool {
    frame.get_column_names().iter().any(|name| Column::from_name(name).is_some())
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
        most_rows: u64::MAX,
    };
    let wants: Vec<(usize, Want)> = (0..names.len())
        .map(|field| {
            let numeric = |cell: &&[u8]| number::parse(cell, Default::default()) != number::Cell::Unreadable;
            (field, if grid.sample(field, 200).iter().all(numeric) { Want::Number } else { Want::Label })
        })
        .collect();
    let outcome = grid.read(&wants)?;
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
