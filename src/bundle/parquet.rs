//! Parquet with the facts that a reader of the file alone needs.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use polars::prelude::{
    ArrowDataType, CompatLevel, DataFrame, KeyValueMetadata, ParquetCompression, ParquetWriter, PolarsError,
    PolarsResult, StatisticsOptions,
};
use polars_parquet::write::{
    self as page, CompressedPage, Encoding, Page, ParquetType, Version, WriteOptions, ZstdLevel, array_to_columns,
    get_dtype_encoding,
};
use rayon::prelude::*;

use super::{Report, SCHEMA_VERSION, dictionary};
use crate::error::{Error, ErrorKind, Result};
use crate::guard::guarded;
use crate::issue::Severity;
use crate::schema::Column;

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
/// [`ErrorKind::Io`] when the target cannot be written.
pub fn write_parquet(frame: &DataFrame, facts: &ParquetFacts, target: &mut (dyn Write + Send)) -> Result<()> {
    // One chunk a column, so that row groups do not depend on how the frame came about. The clone shares the rows.
    let mut frame = frame.clone();
    frame.rechunk_mut();
    let metadata = (!facts.0.is_empty()).then(|| KeyValueMetadata::from_static(facts.0.clone()));
    let fail = |error: PolarsError| Error::new(ErrorKind::Io, format!("cannot write Parquet: {error}")).because(error);
    let compression = ParquetCompression::Zstd(ZstdLevel::try_new(1).ok());
    let statistics = StatisticsOptions::default();
    let options =
        WriteOptions { statistics, compression: compression.into(), version: Version::V1, data_page_size: None };
    let mut writer = ParquetWriter::new(target)
        .with_compression(compression)
        .with_statistics(statistics)
        .with_key_value_metadata(metadata)
        .batched(frame.schema())
        .map_err(fail)?;
    let fields = writer.parquet_schema().fields().to_vec();
    let size = group_rows(frame.height());
    let parts: Vec<DataFrame> = (0..frame.height()).step_by(size).map(|from| frame.slice(from as i64, size)).collect();
    // A few row groups at a time are encoded and compressed side by side, and written in order while the next few are made:
    // so memory holds only these.
    let mut ready: Vec<(u64, Vec<Vec<CompressedPage>>)> = Vec::new();
    for window in parts.chunks(rayon::current_num_threads().max(1)).chain([&[][..]]) {
        let write = || ready.drain(..).try_for_each(|(rows, columns)| writer.write_row_group(rows, &columns));
        let make = || -> PolarsResult<Vec<_>> {
            window.par_iter().map(|part| Ok((part.height() as u64, compress(part, &fields, options)?))).collect()
        };
        let (written, made) = rayon::join(write, make);
        written.map_err(fail)?;
        ready = made.map_err(fail)?;
    }
    writer.finish().map(|_| ()).map_err(fail)
}

/// Columns by which people pick rows: only these carry the smallest and largest value of each page.
static FILTERED: &[Column] = &[Column::Time, Column::StepCount, Column::CycleCount, Column::CycleFromCycler];

/// The compressed pages of one row group, column by column. The writer would compress them one after the other while it
/// writes.
fn compress(part: &DataFrame, fields: &[ParquetType], options: WriteOptions) -> PolarsResult<Vec<Vec<CompressedPage>>> {
    let mut columns = Vec::new();
    for batch in part.iter_chunks(CompatLevel::newest(), false) {
        for ((array, field), name) in batch.columns().iter().zip(fields).zip(part.get_column_names()) {
            let column = Column::from_name(name);
            let is_filtered = column.is_some_and(|column| FILTERED.contains(&column));
            let mut options = options;
            options.statistics.min_value = is_filtered;
            options.statistics.max_value = is_filtered;
            let encodings = match array.dtype() {
                // Floats never get a dictionary; trying one would count the different values of each page first.
                ArrowDataType::Float64 => vec![Encoding::Plain],
                // Counters and stamps step by little or nothing: their differences are next to no bytes.
                ArrowDataType::Int64 | ArrowDataType::Timestamp(..) => vec![Encoding::DeltaBinaryPacked],
                other => get_dtype_encoding(other),
            };
            let codes = dictionary::of(array.as_ref()).map(|codes| codes.boxed());
            for pages in array_to_columns(codes.as_ref().unwrap_or(array), field.clone(), options, &encodings)? {
                let compress = |page: PolarsResult<Page>| Ok(page::compress(page?, Vec::new(), options.compression)?);
                columns.push(pages.map(compress).collect::<PolarsResult<Vec<_>>>()?);
            }
        }
    }
    Ok(columns)
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
