//! Parquet with the facts that a reader of the file alone needs.

use std::io::Write;

use polars::prelude::{DataFrame, IntoColumn, TimeZone};
use rayon::prelude::*;

use super::ParquetFacts;
use super::row_groups::{Pages, RowGroups};
use crate::error::Result;
use crate::schema::Column;
use crate::signal::frame::put;

/// Most rows of a row group: small enough to read a window of rows, large enough to compress.
const ROW_GROUP: usize = 128 << 10;

/// Rows of each row group. Their number is even and depends on the rows alone, so that two threads finish together and the
/// file is the same on every machine.
fn group_rows(rows: usize) -> usize {
    let groups = if rows <= ROW_GROUP { 1 } else { 2 * rows.div_ceil(2 * ROW_GROUP) };
    rows.div_ceil(groups).max(1)
}

/// Writes a frame as zstd-compressed Parquet. The same frame and facts give the same bytes.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Time [s]" => [0.0, 1.0])?;
/// let mut bytes = Vec::new();
/// cyclerprep::bundle::write_parquet(&frame, &Default::default(), &mut bytes)?;
/// assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) when the target cannot be written.
pub fn write_parquet(frame: &DataFrame, facts: &ParquetFacts, target: &mut (dyn Write + Send)) -> Result<()> {
    // One chunk a column, so that row groups do not depend on how the frame came about. The clone shares the rows.
    let mut frame = in_utc(frame.clone())?;
    frame.rechunk_mut();
    let mut groups = RowGroups::new(frame.schema(), facts, target)?;
    let size = group_rows(frame.height());
    let parts: Vec<DataFrame> = (0..frame.height()).step_by(size).map(|from| frame.slice(from as i64, size)).collect();
    // A few row groups at a time are encoded and compressed side by side, and written in order while the next few are made:
    // so memory holds only these.
    let mut ready: Vec<(u64, Pages)> = Vec::new();
    for window in parts.chunks(rayon::current_num_threads().max(1)).chain([&[][..]]) {
        let press = groups.press();
        let write = || ready.drain(..).try_for_each(|(rows, columns)| groups.write(rows, &columns));
        let make = || -> Result<Vec<_>> {
            window.par_iter().map(|part| Ok((part.height() as u64, press.pages(part)?))).collect()
        };
        let (written, made) = rayon::join(write, make);
        written?;
        ready = made?;
    }
    groups.finish()
}

/// The frame with its instants in UTC, which in memory go without a zone.
fn in_utc(mut frame: DataFrame) -> Result<DataFrame> {
    let name = Column::WallClock.name();
    let instants = frame.column(name).ok().and_then(|column| match column.as_materialized_series().datetime() {
        Ok(instants) if instants.time_zone().is_none() => Some(instants.clone()),
        _ => None,
    });
    if let Some(instants) = instants {
        let unit = instants.time_unit();
        put(&mut frame, instants.physical().clone().into_datetime(unit, Some(TimeZone::UTC)).into_column())?;
    }
    Ok(frame)
}

/// [`write_parquet`] into memory.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Time [s]" => [0.0, 1.0])?;
/// let bytes = cyclerprep::bundle::parquet_bytes(&frame, &Default::default())?;
/// assert_eq!(&bytes[..4], b"PAR1");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Those of [`write_parquet`].
pub fn parquet_bytes(frame: &DataFrame, facts: &ParquetFacts) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write_parquet(frame, facts, &mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::df;

    #[test]
    fn the_same_frame_gives_the_same_bytes() {
        let frame = df!("Time [s]" => (0..300_000).map(f64::from).collect::<Vec<_>>()).unwrap();
        let facts = ParquetFacts(vec![("a".into(), "b".into())]);
        let (a, b) = (parquet_bytes(&frame, &facts).unwrap(), parquet_bytes(&frame, &facts).unwrap());
        assert!(a == b && a.starts_with(b"PAR1"));
    }
}
