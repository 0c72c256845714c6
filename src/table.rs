//! What a reader delivers: columns under the maker's own names, and the facts of the header.

use rayon::prelude::*;

use crate::error::Place;
use crate::note::Notes;
use crate::schema::{CellFacts, Column, MeasurementMetadata};
use crate::signal::PART;
use crate::text::encoding::Encoding;
use crate::text::grid::Grid;
use crate::text::timestamp::{Civil, Order};
use crate::vocab::{Role, Vocabulary};

/// Where a column's cells are.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RawData {
    /// A field of the table's [`Grid`], not parsed yet.
    Field(usize),
    /// Numbers, NaN where there is none.
    Real(Vec<f64>),
    /// Few distinct texts: an index into the names for each row.
    Label(Vec<u32>, Vec<String>),
    /// Milliseconds since 1970, [`NO_TIME`](crate::text::grid::NO_TIME) where there is none.
    Stamp(Vec<i64>),
    /// A column of the table's [`Packed`] records, not decoded yet.
    Packed(usize),
}

/// What is done to some numbers of a column.
pub type Finish<'a> = dyn Fn(usize, &mut [f64]) + Sync + 'a;

/// Records of a binary file. Columns are decoded when they are asked for: most files store more than anybody needs.
pub trait Packed: std::fmt::Debug + Send + Sync {
    /// Number of records.
    fn rows(&self) -> usize;

    /// The wanted columns, each with [`rows`](Self::rows) numbers in the unit of its name, NaN where there is none.
    fn decode(&self, wanted: &[usize]) -> Vec<Vec<f64>>;

    /// The same, finished by `finish`, which gets the place of a column in `wanted` and some of its numbers: where records are
    /// decoded in parts, while a part is in the cache.
    fn decode_with(&self, wanted: &[usize], finish: &Finish<'_>) -> Vec<Vec<f64>> {
        let mut columns = self.decode(wanted);
        columns.par_iter_mut().enumerate().for_each(|(place, column)| {
            column.par_chunks_mut(PART).for_each(|part| finish(place, part));
        });
        columns
    }
}

/// One column of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct RawColumn {
    /// The header as the maker's own export writes it.
    pub name: String,
    /// The cells.
    pub data: RawData,
}

/// Which rows of a workbook the lines of a table are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SheetLines(pub Vec<SheetStart>);

/// From this line on, the table's lines are the rows of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetStart {
    /// First line, from 1.
    pub line: u64,
    /// The sheet's name.
    pub sheet: String,
    /// The row that this line is, from 1.
    pub row: u64,
}

impl SheetLines {
    /// The cell that stands for a line, where the table came from a workbook.
    #[must_use]
    pub fn place(&self, place: Place) -> Place {
        let Place::Line { line, field } = place else { return place };
        match self.0.iter().rev().find(|start| start.line <= line) {
            Some(start) => {
                Place::Cell { sheet: start.sheet.clone(), row: start.row + (line - start.line), column: field }
            }
            None => Place::Line { line, field },
        }
    }
}

/// Values from another part of the file, joined by a number that both have.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// The column that is compared with `keys`.
    pub key: Column,
    /// Numbers, NaN where there is none.
    pub keys: Vec<f64>,
    /// One for each key, in the schema's unit.
    pub values: Vec<f64>,
    /// What the values are.
    pub role: Role,
    /// The number in their name; 0 without one.
    pub number: u32,
    /// Where they come from, for messages.
    pub name: String,
}

/// A clock reading from a header, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartHint {
    /// Local date and time.
    pub civil: Civil,
    /// Whether it is the origin of the file's time column rather than the instant of its first row.
    pub is_time_origin: bool,
}

/// How much the names of a table's columns can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// They are the words of the program that wrote the file.
    #[default]
    Own,
    /// They are what people usually call such columns: nobody defines them. Two columns for one quantity and a unit that is not
    /// said are refused where nothing can be computed without, and the caller's mapping goes by the units of the headers.
    Usual,
    /// They are the schema's: what is there stays as it is, and only what is missing is made.
    Schema,
}

/// One test of a file, before any word of the maker has been given a meaning.
#[derive(Debug)]
#[non_exhaustive]
pub struct RawTable {
    /// Name of the test in a file that holds several.
    pub part: Option<String>,
    /// Which dialect of the format it is.
    pub dialect: &'static str,
    /// The maker's words.
    pub vocabulary: &'static Vocabulary,
    /// How much the names of the columns can be trusted.
    pub standing: Standing,
    /// The columns in file order.
    pub columns: Vec<RawColumn>,
    /// Values from other parts of the file.
    pub lookups: Vec<Lookup>,
    /// The text that [`RawData::Field`] points into.
    pub grid: Option<Grid>,
    /// The records that [`RawData::Packed`] points into.
    pub packed: Option<Box<dyn Packed>>,
    /// How to decode text cells.
    pub encoding: Encoding,
    /// The rows that lines stand for, where the file is a workbook.
    pub sheets: SheetLines,
    /// Line of the header, for messages.
    pub header_line: Option<u64>,
    /// Order of day and month where the column itself does not tell.
    pub date_order: Option<Order>,
    /// Rows (from 0) at which the file says that a new run of the technique begins.
    pub run_starts: Vec<usize>,
    /// A clock reading from the header.
    pub start: Option<StartHint>,
    /// Offset from UTC in minutes of the cycler's clock, where time stamps are in UTC; `Some(0)` when the offset is not known.
    pub utc_offset: Option<i16>,
    /// Facts in the platform's words.
    pub metadata: MeasurementMetadata,
    /// Facts about the cell.
    pub cell: CellFacts,
    /// Why a table without rows is whole: what the file says of a technique that records nothing, or of a channel that was not
    /// started. `None` where a table without rows is what was left of one.
    pub empty_by_design: Option<&'static str>,
    /// Every fact of the header as written.
    pub facts: Vec<(String, String)>,
    /// What was noted of this test alone, where the file holds several.
    pub notes: Notes,
}

impl RawTable {
    /// An empty table in a maker's words.
    pub fn new(vocabulary: &'static Vocabulary, dialect: &'static str) -> Self {
        let mut metadata = MeasurementMetadata { measurement_type: "time_series".into(), ..Default::default() };
        metadata.test_setup.cycler = Some(vocabulary.maker.to_owned());
        Self {
            part: None,
            dialect,
            vocabulary,
            standing: Standing::Own,
            columns: Vec::new(),
            lookups: Vec::new(),
            grid: None,
            packed: None,
            encoding: Encoding::Utf8,
            sheets: SheetLines::default(),
            header_line: None,
            date_order: None,
            run_starts: Vec::new(),
            start: None,
            utc_offset: None,
            metadata,
            cell: CellFacts::default(),
            empty_by_design: None,
            facts: Vec::new(),
            notes: Notes::new(),
        }
    }

    /// All numbers of a column of a binary file, in the unit of its name; `None` for a column of a text or of labels.
    pub fn numbers(&self, column: usize) -> Option<Vec<f64>> {
        match (&self.columns.get(column)?.data, &self.packed) {
            (RawData::Real(values), _) => Some(values.clone()),
            (RawData::Packed(index), Some(packed)) => packed.decode(&[*index]).pop(),
            _ => None,
        }
    }
}
