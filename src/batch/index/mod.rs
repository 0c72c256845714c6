//! `OUT/index.json`, `index.parquet` and `index.html`: one row a measurement, kept up to date by later runs, and with them the
//! tables over all measurements.

mod cell;
mod codes;
mod page;
mod relate;
mod renew;
mod row;
mod table;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

pub use cell::IndexKind;
use codes::Codes;
use page::Page;
use renew::renew;
pub use row::{INDEX_COLUMNS, IndexColumn};
use row::{Row, relative};

use super::record::Record;
use super::tables::{self, Member};
use crate::error::{Error, ErrorKind, Result};

/// The index of a folder of bundles: the rows of a run, put together with those of earlier ones.
///
/// [`convert_all`](super::convert_all) keeps it; whoever lets a run go on in another way does it with this.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// use std::ops::ControlFlow;
/// use cyclerprep::batch::{BatchOptions, Event, Index, convert_all};
///
/// let folder = std::env::temp_dir().join("cyclerprep-index");
/// let (out, mut all) = (folder.join("out"), Index::new(&folder));
/// convert_all(&["fixtures/neware/flat.csv"], &out, &BatchOptions::default(), |event| {
///     if let Event::Done { records, .. } = event {
///         records.iter().for_each(|record| all.add(record));
///     }
///     ControlFlow::Continue(())
/// })?;
/// all.write()?;
/// let rows = std::fs::read_to_string(folder.join("index.json")).unwrap();
/// assert!(rows.contains("\"output\": \"out/flat.csv\""), "relative to the index's folder");
/// # std::fs::remove_dir_all(folder).unwrap();
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Index {
    out: PathBuf,
    rows: Vec<Row>,
    /// Lists of codes that rows share.
    known: HashSet<Codes>,
    /// Bundles that were there already.
    skipped: Vec<PathBuf>,
}

impl Index {
    /// The index of this folder. The rows that are there are read when it is written.
    ///
    /// ```
    /// use cyclerprep::batch::Index;
    ///
    /// let folder = std::env::temp_dir().join("cyclerprep-index-empty");
    /// Index::new(&folder).write()?;
    /// let text = std::fs::read_to_string(folder.join("index.json")).unwrap();
    /// assert!(text.contains("\"schema\": \"prep-index/1\"") && text.contains("\"measurements\": []"));
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// # Ok::<(), cyclerprep::Error>(())
    /// ```
    pub fn new(out: impl Into<PathBuf>) -> Self {
        Self { out: out.into(), rows: Vec::new(), known: HashSet::new(), skipped: Vec::new() }
    }

    /// An index with room for so many files: growing step by step would hold the rows twice for a while.
    pub(super) fn for_files(out: &Path, files: usize) -> Self {
        let mut index = Self::new(out);
        index.rows.reserve_exact(files);
        index
    }

    /// Adds what became of a measurement. A skipped one keeps its row, or gets it from its bundle.
    ///
    /// ```
    /// # use std::ops::ControlFlow;
    /// use cyclerprep::batch::{BatchOptions, Event, Index, convert_to_file};
    ///
    /// let folder = std::env::temp_dir().join("cyclerprep-index-add");
    /// let mut index = Index::new(&folder);
    /// convert_to_file(&["fixtures/neware/flat.csv"], folder.join("flat.parquet"), &BatchOptions::default(), |event| {
    ///     if let Event::Done { records, .. } = event {
    ///         index.add(&records[0]);
    ///     }
    ///     ControlFlow::Continue(())
    /// })?;
    /// index.write()?;
    /// assert!(std::fs::read_to_string(folder.join("index.json")).unwrap().contains("\"flat.parquet\""));
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// # Ok::<(), cyclerprep::Error>(())
    /// ```
    pub fn add(&mut self, record: &Record) {
        match (Row::of(record, &self.out), &record.output) {
            (Some(row), _) => self.push(row),
            (None, Some(output)) => self.skipped.push(output.clone()),
            (None, None) => {}
        }
    }

    fn push(&mut self, mut row: Row) {
        for codes in [&mut row.issues, &mut row.notes] {
            match self.known.get(codes) {
                Some(known) => *codes = known.clone(),
                None => _ = self.known.insert(codes.clone()),
            }
        }
        self.rows.push(row);
    }

    /// Adds what earlier runs made: their rows, and the bundles of one that did not come to its end.
    fn add_earlier(&mut self) {
        let out = &self.out.clone();
        let listed = std::fs::metadata(out.join("index.json")).and_then(|meta| meta.modified()).ok();
        let (before, skipped) = (earlier(out), std::mem::take(&mut self.skipped));
        if before.is_empty() && skipped.is_empty() {
            return;
        }
        let mut outputs: HashSet<Box<str>> = self.rows.iter().filter_map(|row| row.output.clone()).collect();
        let sources: HashSet<Box<str>> = self.rows.iter().map(|row| row.source.clone()).collect();
        for row in before {
            let is_new = row.output.as_ref().is_none_or(|output| !outputs.contains(output));
            if !is_new || sources.contains(&row.source) {
                continue;
            }
            // A bundle that somebody removed is no row any more.
            if let Some(row) = still(row, out, listed) {
                outputs.extend(row.output.clone());
                self.push(row);
            }
        }
        for bundle in skipped {
            if !outputs.contains(&relative(&bundle, out))
                && let Some(row) = Row::of_bundle(&bundle, out)
            {
                outputs.extend(row.output.clone());
                self.push(row);
            }
        }
    }

    /// Writes `index.json`, `index.parquet` and `index.html`, and the tables of all bundles, `cycles.parquet` and
    /// `steps.parquet`; each appears whole.
    ///
    /// ```
    /// use cyclerprep::batch::Index;
    ///
    /// let folder = std::env::temp_dir().join("cyclerprep-index-write");
    /// Index::new(&folder).write()?;
    /// for name in ["index.json", "index.parquet", "index.html", "cycles.parquet", "steps.parquet"] {
    ///     assert!(folder.join(name).is_file());
    /// }
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// # Ok::<(), cyclerprep::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when one cannot be written.
    pub fn write(self) -> Result<()> {
        self.write_with(tables::Rows::default())
    }

    /// [`write`](Self::write) with rows of bundles that the run made.
    pub(super) fn write_with(mut self, made: tables::Rows) -> Result<()> {
        self.add_earlier();
        self.rows.sort_by(|a, b| (&a.source, &a.part, &a.output).cmp(&(&b.source, &b.part, &b.output)));
        relate::relate(&mut self.rows);
        let (out, rows) = (self.out, self.rows);
        let fail = |e: std::io::Error| Error::new(ErrorKind::Io, format!("cannot write the index: {e}"));
        // Row by row: a long index is not held as text too.
        let json = || {
            renew(&out.join("index.json"), |target| {
                let document = Document { schema: SCHEMA, measurements: &rows };
                serde_json::to_writer_pretty(target, &document).map_err(|e| fail(e.into()))
            })
        };
        let parquet = || renew(&out.join("index.parquet"), |target| table::write(&rows, target));
        // The page shows what stands in the table of all cycles.
        let tables_and_page = || {
            let members: Vec<Member> = rows.iter().filter_map(|row| member(row, &out)).collect();
            let tables = tables::update(&out, &members, made);
            let page = Page::new(&rows, &out);
            tables.and(renew(&out.join("index.html"), |target| page.write(target).map_err(fail)))
        };
        // Side by side, because each waits for the disk.
        let ((json, parquet), page) = rayon::join(|| rayon::join(json, parquet), tables_and_page);
        json.and(parquet).and(page)
    }
}

/// Name and version of the shape of `index.json` (docs/cli.md#json).
const SCHEMA: &str = "prep-index/1";

/// `index.json`.
#[derive(Serialize)]
struct Document<'r> {
    schema: &'static str,
    measurements: &'r [Row],
}

/// An earlier row as it is now: that of its bundle where the bundle is younger than the list, as a run leaves it that did not
/// come to its end; nothing where there is no output any more.
fn still(row: Row, out: &Path, listed: Option<SystemTime>) -> Option<Row> {
    let Some(output) = row.output.as_deref().map(|output| out.join(output)) else { return Some(row) };
    match std::fs::metadata(output.join("report.json")).and_then(|meta| meta.modified()) {
        Ok(made) if listed.is_some_and(|listed| made > listed) => Row::of_bundle(&output, out).or(Some(row)),
        Ok(_) => Some(row),
        Err(_) => output.exists().then_some(row),
    }
}

/// A measurement that may have rows in the tables.
fn member(row: &Row, out: &Path) -> Option<Member> {
    Some(Member {
        key: (row.source.to_string(), row.part.as_deref().map(str::to_owned)),
        name: row.name.as_deref().map(str::to_owned),
        folder: out.join(row.output.as_deref()?),
        cycles: row.cycles,
        steps: row.steps,
    })
}

/// The rows of the index that is there; one that cannot be read is made anew.
fn earlier(out: &Path) -> Vec<Row> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Found {
        measurements: Vec<Row>,
    }
    let bytes = std::fs::read(out.join("index.json")).unwrap_or_default();
    let found = serde_json::from_slice(&bytes).map(|found: Found| found.measurements);
    // Version 0 was the rows alone.
    found.or_else(|_| serde_json::from_slice(&bytes)).unwrap_or_default()
}
