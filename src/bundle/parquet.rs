//! Parquet with the facts that a reader of the file alone needs.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use polars::prelude::{DataFrame, IntoColumn, TimeZone};
use rayon::prelude::*;

use super::row_groups::{Pages, RowGroups};
use super::{Report, SCHEMA_VERSION};
use crate::error::Result;
use crate::guard::guarded;
use crate::issue::Severity;
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

/// Key-value metadata of a file.
///
/// ```
/// use cyclerprep::bundle::ParquetFacts;
///
/// let facts = ParquetFacts(vec![("project".to_owned(), "ageing of cell 34".to_owned())]);
/// assert_eq!(facts.0.len(), 1);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParquetFacts(pub Vec<(String, String)>);

impl ParquetFacts {
    /// The facts of a measurement's report. The same input gives the same facts: no time and no path.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// let facts = cyclerprep::bundle::ParquetFacts::of(&cell.report);
    /// assert!(facts.0.contains(&("cyclerprep.reader".to_owned(), "neware_csv".to_owned())));
    /// # Ok(())
    /// # }
    /// ```
    pub fn of(report: &Report) -> Self {
        let count = |severity| report.issues.iter().filter(|issue| issue.severity == severity).count().to_string();
        let facts = [
            ("cyclerprep.schema_version", SCHEMA_VERSION.to_owned()),
            ("cyclerprep.version", report.library_version.to_string()),
            ("cyclerprep.reader", report.detected.reader.to_string()),
            ("cyclerprep.source_name", report.source.file_name().to_owned()),
            ("cyclerprep.source_bytes", report.source.bytes.to_string()),
            ("cyclerprep.source_blake3", report.source.blake3.clone()),
            ("cyclerprep.sign_convention", "positive current discharges".to_owned()),
            ("cyclerprep.reset_scope", "capacity and energy restart at each step".to_owned()),
            ("cyclerprep.errors", count(Severity::Error)),
            ("cyclerprep.warnings", count(Severity::Warning)),
        ];
        Self(facts.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
    }
}

/// In a Parquet file that stands alone: what it was made from, as a report says it.
pub(crate) const MADE: &str = "cyclerprep.made";

impl ParquetFacts {
    /// The facts of a time series that stands alone, without a report beside it.
    pub(crate) fn of_file(report: &Report) -> Self {
        let mut source = report.source.clone();
        (source.modified, source.name) = (None, report.source.file_name().to_owned());
        source.side_files.iter_mut().for_each(|side| side.modified = None);
        let made = serde_json::json!({
            "source": source, "options": report.options, "detected": {"reader": report.detected.reader},
            "rows_kept": report.rows_kept, "steps": report.steps, "cycles": report.cycles, "issues": report.issues,
        });
        let mut facts = Self::of(report);
        facts.0.push((MADE.to_owned(), made.to_string()));
        facts
    }
}

/// The facts in a Parquet file; `None` when it is none.
pub(crate) fn facts_of_file(path: &Path) -> Option<ParquetFacts> {
    let mut file = File::open(path).ok()?;
    // A broken footer may say anything.
    let metadata = guarded(|| polars_parquet::read::read_metadata(&mut file)).and_then(std::result::Result::ok)?;
    let pairs = metadata.key_value_metadata().clone().unwrap_or_default();
    Some(ParquetFacts(pairs.into_iter().filter_map(|pair| Some((pair.key, pair.value?))).collect()))
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
