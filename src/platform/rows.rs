//! Some rows of a measurement: only the parts of its file are read that hold them.

use std::io::Cursor;
use std::ops::Range;

use polars::prelude::DataFrame;
use polars_parquet::read::read_metadata;

use super::client::Client;
use super::problem::{PlatformError, Result};
use super::transport::{Bytes, Copied};
use crate::error::{Error, ErrorKind};
use crate::guard::guarded;
use crate::limits::Limits;
use crate::parquet;

/// The end of a file that is read first: it says where the rows are.
const END: u64 = 256 << 10;

/// A file of which some parts are here: the others are zeros that cost nothing, as nobody touches them.
struct Sparse {
    url: String,
    bytes: Vec<u8>,
    /// Whether all of it is here.
    is_whole: bool,
}

/// A group of rows, and where in the file it is.
struct Group {
    rows: Range<usize>,
    bytes: Range<u64>,
}

impl Client {
    /// Some rows of a measurement, such as `100..200`; fewer where it has fewer. It goes round the cache.
    ///
    /// ```
    /// # mod stand_in { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/stand_in.rs")); }
    /// # let server = stand_in::StandIn::start();
    /// # let url = server.url.as_str();
    /// use cyclerprep::platform::{Client, Settings, UploadOptions};
    /// use serde_json::json;
    ///
    /// let client = Client::new(Settings::new(url, "key")).unwrap();
    /// let nmc = client.specifications().create(&json!({"name": "NMC"})).unwrap();
    /// let cell = client.cells(nmc.id()).create(&json!({"name": "cell 1"})).unwrap();
    /// let measurement = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default()).unwrap();
    /// let sent = client.create_measurement(cell.id(), &measurement, &UploadOptions::default()).unwrap();
    /// let rows = client.time_series_rows(sent.record.id(), 100..200).unwrap();
    /// assert!(rows.equals_missing(&measurement.time_series.slice(100, 12)));
    /// ```
    ///
    /// # Errors
    /// Those of [`time_series`](Self::time_series).
    pub fn time_series_rows(&self, id: &str, rows: Range<usize>) -> Result<DataFrame> {
        let mut file = self.sparse(id)?;
        let wanted = (rows.start, rows.end.saturating_sub(rows.start));
        if !file.is_whole {
            for group in groups(&file.bytes)? {
                if group.rows.start < rows.end && rows.start < group.rows.end {
                    self.fill(&mut file, group.bytes)?;
                }
            }
        }
        Ok(parquet::rows(file.bytes.into(), Some(wanted))?)
    }

    /// How many rows a measurement has.
    pub(super) fn rows_of(&self, id: &str) -> Result<usize> {
        let file = self.sparse(id)?;
        Ok(groups(&file.bytes)?.last().map_or(0, |group| group.rows.end))
    }

    /// The file with its end read, or whole where the server knows no ranges.
    fn sparse(&self, id: &str) -> Result<Sparse> {
        let path = self.path(id, "time_series/download")?;
        let answer = self.transport.open(&path)?;
        let mut bytes = Vec::new();
        let Some(url) = self.transport.location(&path, &answer)? else {
            self.transport.copy_body(&path, answer, &mut bytes)?;
            return Ok(Sparse { url: String::new(), bytes, is_whole: true });
        };
        let Copied { is_part, from, total } = self.transport.copy_signed(&url, Some(Bytes::Last(END)), &mut bytes)?;
        if !is_part || total <= bytes.len() as u64 {
            return Ok(Sparse { url, bytes, is_whole: true });
        }
        Limits::check("bytes of a file", total, Limits::default().input_bytes)?;
        let mut file = Sparse { url, bytes: vec![0; total as usize], is_whole: false };
        put(&mut file.bytes, from, &bytes)?;
        // The list of row groups of a long file may be longer than what came.
        let list = list_bytes(&file.bytes);
        if list > END {
            let start = total.saturating_sub(list);
            self.fill(&mut file, start..from)?;
        }
        Ok(file)
    }

    fn fill(&self, file: &mut Sparse, range: Range<u64>) -> Result<()> {
        if range.is_empty() {
            return Ok(());
        }
        let mut bytes = Vec::new();
        self.transport.copy_signed(&file.url, Some(Bytes::Between(range.start, range.end)), &mut bytes)?;
        if bytes.len() as u64 != range.end - range.start {
            return Err(PlatformError::unexpected("GET of a part of a file", "the part that was asked for"));
        }
        put(&mut file.bytes, range.start, &bytes)
    }
}

fn put(all: &mut [u8], from: u64, part: &[u8]) -> Result<()> {
    let from = from as usize;
    match from.checked_add(part.len()).and_then(|end| all.get_mut(from..end)) {
        Some(place) => {
            place.copy_from_slice(part);
            Ok(())
        }
        None => Err(PlatformError::unexpected("GET of a part of a file", "a part that lies in it")),
    }
}

/// Bytes of the list of row groups with the eight behind it, as those say.
fn list_bytes(file: &[u8]) -> u64 {
    let word = file.len().checked_sub(8).and_then(|at| file.get(at..at + 4)).and_then(|word| word.try_into().ok());
    word.map_or(0, |word| u64::from(u32::from_le_bytes(word)) + 8)
}

fn groups(file: &[u8]) -> Result<Vec<Group>> {
    let damaged =
        || PlatformError::Local(Error::new(ErrorKind::Malformed, "expected Parquet, found a damaged list of rows"));
    let metadata =
        guarded(|| read_metadata(&mut Cursor::new(file))).and_then(std::result::Result::ok).ok_or_else(damaged)?;
    let (mut groups, mut first) = (Vec::new(), 0usize);
    for group in &metadata.row_groups {
        let end = first.saturating_add(group.num_rows());
        let bytes = group.parquet_columns().iter().map(|column| column.byte_range());
        let bytes = bytes.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)).unwrap_or(0..0);
        if bytes.end > file.len() as u64 {
            return Err(damaged());
        }
        groups.push(Group { rows: first..end, bytes });
        first = end;
    }
    Ok(groups)
}
