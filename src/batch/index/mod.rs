//! `OUT/index.json`, `index.parquet` and `index.html`: one row a measurement, kept up to date by later runs.

mod codes;
mod page;
mod row;
mod table;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use codes::Codes;
use row::{Row, relative};

use super::record::Record;
use crate::bundle;
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
    /// assert_eq!(std::fs::read(folder.join("index.json")).unwrap(), b"[]");
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
        let (before, skipped) = (earlier(out), std::mem::take(&mut self.skipped));
        if before.is_empty() && skipped.is_empty() {
            return;
        }
        let mut outputs: HashSet<Box<str>> = self.rows.iter().filter_map(|row| row.output.clone()).collect();
        let sources: HashSet<Box<str>> = self.rows.iter().map(|row| row.source.clone()).collect();
        for row in before {
            let is_new = row.output.as_ref().is_none_or(|output| !outputs.contains(output));
            // A bundle that somebody removed is no row any more.
            let is_there = row.output.as_ref().is_none_or(|output| out.join(&**output).exists());
            if is_new && is_there && !sources.contains(&row.source) {
                outputs.extend(row.output.clone());
                self.push(row);
            }
        }
        for folder in skipped {
            let parts = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
            for bundle in std::iter::once(folder.clone()).chain(parts.filter(|path| path.is_dir())) {
                if !outputs.contains(&relative(&bundle, out))
                    && let Some(row) = Row::of_bundle(&bundle, out)
                {
                    outputs.extend(row.output.clone());
                    self.push(row);
                }
            }
        }
    }

    /// Writes `index.json`, `index.parquet` and `index.html`; each appears whole.
    ///
    /// ```
    /// use cyclerprep::batch::Index;
    ///
    /// let folder = std::env::temp_dir().join("cyclerprep-index-write");
    /// Index::new(&folder).write()?;
    /// for name in ["index.json", "index.parquet", "index.html"] {
    ///     assert!(folder.join(name).is_file());
    /// }
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// # Ok::<(), cyclerprep::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when one cannot be written.
    pub fn write(mut self) -> Result<()> {
        self.add_earlier();
        self.rows.sort_by(|a, b| (&a.source, &a.part, &a.output).cmp(&(&b.source, &b.part, &b.output)));
        let (out, rows) = (self.out, self.rows);
        let fail = |e: std::io::Error| Error::new(ErrorKind::Io, format!("cannot write the index: {e}"));
        // Row by row: a long index is not held as text too.
        let json = || {
            bundle::write_file_atomically(out.join("index.json"), |target| {
                serde_json::to_writer_pretty(target, &rows).map_err(|e| fail(e.into()))
            })
        };
        let html = || {
            bundle::write_file_atomically(out.join("index.html"), |target| {
                page::write(&rows, &out, target).map_err(fail)
            })
        };
        let parquet = || bundle::write_file_atomically(out.join("index.parquet"), |target| table::write(&rows, target));
        // Side by side, because each waits for the disk.
        let (json, (html, parquet)) = rayon::join(json, || rayon::join(html, parquet));
        json.and(html).and(parquet)
    }
}

/// The rows of the index that is there; one that cannot be read is made anew.
fn earlier(out: &Path) -> Vec<Row> {
    let bytes = std::fs::read(out.join("index.json")).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}
