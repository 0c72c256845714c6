//! What a file is, without preparing it: its format, its facts, and what each column would become.

mod anonymous;
mod together;

use std::path::Path;

use serde::Serialize;

pub use anonymous::{Anonymous, AnonymousTest, Outcome, anonymous};
pub use together::{Apart, ProposedSeries, Together, together};

use crate::detect;
use crate::error::Result;
use crate::map::{self, ColumnUse};
use crate::note::Notes;
use crate::prepare::{PrepareOptions, choose};
use crate::schema::{CellFacts, MeasurementMetadata};
use crate::source::Source;

/// A file, inspected.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let file = cyclerprep::inspect::inspect("fixtures/neware/flat.csv", &Default::default())?;
/// println!("{}: {} ({})", file.source, file.format, file.why);
/// assert_eq!(file.reader, "neware_csv");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Inspection {
    /// The file.
    pub source: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Maker of the cycler.
    pub maker: &'static str,
    /// Id of the reader.
    pub reader: &'static str,
    /// What people call the format.
    pub format: &'static str,
    /// Why it is this format.
    pub why: String,
    /// The file beside it that reads it with its own rows: it is a later part of that one's test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_with: Option<String>,
    /// What every reader said: id, points, reason.
    pub scores: Vec<(&'static str, u8, String)>,
    /// The tests that it holds, mostly one.
    pub tests: Vec<InspectedTest>,
}

/// One test of a file.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let file = cyclerprep::inspect::inspect("fixtures/neware/flat.csv", &Default::default())?;
/// let test = &file.tests[0];
/// assert!(test.rows > 100 && test.first_time == Some(0.0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct InspectedTest {
    /// Its name in a file that holds several.
    pub part: Option<String>,
    /// Dialect of the format.
    pub dialect: &'static str,
    /// Rows of the table.
    pub rows: u64,
    /// Whether the number of rows was estimated from the length of the lines at the head.
    pub rows_are_estimated: bool,
    /// First test time in s, in the file's own origin; `None` where its unit is not known.
    pub first_time: Option<f64>,
    /// Last test time in s.
    pub last_time: Option<f64>,
    /// First and last record number.
    pub records: Option<(i64, i64)>,
    /// Start of the test, ISO 8601.
    pub start_time: Option<String>,
    /// Clock of the first row in ms since 1970; `None` where only the date is known.
    #[serde(skip)]
    pub(crate) first_clock: Option<i64>,
    /// The columns in file order.
    pub columns: Vec<ColumnUse>,
    /// The header's facts as written.
    pub facts: Vec<(String, String)>,
    /// The facts in the platform's words.
    pub metadata: MeasurementMetadata,
    /// Facts about the cell.
    pub cell: CellFacts,
    /// What there is to say of the head.
    pub notes: Notes,
}

impl Inspection {
    /// Without what fills memory when thousands of files are compared.
    pub(crate) fn without_columns(mut self) -> Self {
        self.scores = Vec::new();
        for test in &mut self.tests {
            (test.columns, test.facts, test.notes) = (Vec::new(), Vec::new(), Notes::new());
        }
        self
    }
}

/// Looks at a file. Of a text of more than a few megabytes only the head and the tail are read.
///
/// ```
/// let found = cyclerprep::inspect::inspect("fixtures/neware/flat.csv", &Default::default()).unwrap();
/// assert_eq!((found.reader, found.tests[0].rows), ("neware_csv", 112));
/// ```
///
/// # Errors
/// Those of detection and of the reader: a file that no reader claims, or that breaks its own format at its head.
pub fn inspect(path: impl AsRef<Path>, options: &PrepareOptions) -> Result<Inspection> {
    let (source, whole) = Source::open_ends(path, options.limits())?;
    let name = source.name().to_owned();
    look(&source, whole, options).map_err(|error| error.in_file(name))
}

/// [`inspect`] for bytes that are already in memory.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::{Source, inspect::inspect_source};
///
/// let source = Source::from_bytes("upload.csv", std::fs::read("fixtures/neware/flat.csv")?);
/// assert_eq!(inspect_source(&source, &Default::default())?.reader, "neware_csv");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Those of [`inspect`].
pub fn inspect_source(source: &Source, options: &PrepareOptions) -> Result<Inspection> {
    look(source, source.bytes().len() as u64, options).map_err(|error| error.in_file(source.name()))
}

fn look(source: &Source, bytes: u64, options: &PrepareOptions) -> Result<Inspection> {
    let source = &detect::unwrapped(source)?;
    let (reader, score) = choose(source, options)?;
    let info = reader.info();
    let read_with = reader.read_with(source);
    let mut notes = Notes::new();
    let tables = reader.read(source, &options.read_options(), &mut notes).map_err(|e| e.read_as(info.name))?;
    let held = source.bytes().len() as u64;
    let mut tests = Vec::new();
    for table in tables {
        let mut notes = notes.clone();
        notes.extend(table.notes.iter().cloned());
        let (part, dialect, sheets) = (table.part.clone(), table.dialect, table.sheets.clone());
        let outline = map::outline(table, &info.maker.rules, &options.map, &mut notes)
            .map_err(|e| e.map_place(|p| sheets.place(p)).read_as(info.name))?;
        // The lines that were left out are as long as those that were read.
        let is_part = source.is_excerpt();
        let rows = if is_part {
            (outline.rows as f64 * bytes as f64 / held as f64).round() as u64
        } else {
            outline.rows as u64
        };
        tests.push(InspectedTest {
            part,
            dialect,
            rows,
            rows_are_estimated: is_part,
            first_time: outline.first_time,
            last_time: outline.last_time,
            records: outline.records,
            first_clock: outline.first_clock,
            start_time: outline.metadata.start_time.clone(),
            columns: outline.columns,
            facts: outline.facts,
            metadata: outline.metadata,
            cell: outline.cell,
            notes,
        });
    }
    let scores =
        detect::candidates(source).into_iter().map(|c| (c.reader.info().id, c.score.points, c.score.why)).collect();
    Ok(Inspection {
        source: source.name().to_owned(),
        bytes,
        maker: info.maker.name(),
        reader: info.id,
        format: info.name,
        why: score.map_or_else(|| "named by the caller".to_owned(), |score| score.why),
        read_with,
        scores,
        tests,
    })
}
