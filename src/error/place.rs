//! Where in a file something is.

use std::fmt;

/// Where in a file something is.
///
/// ```
/// use cyclerprep::Place;
///
/// assert_eq!(Place::Line { line: 7, field: Some(3) }.to_string(), "line 7, field 3");
/// assert_eq!(Place::Row(0).to_string(), "row 0");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Place {
    /// A line of a text file, and a field in it; both count from 1.
    Line {
        /// Line number, from 1.
        line: u64,
        /// Field number, from 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<u32>,
    },
    /// A byte offset from the start of the file.
    Offset(u64),
    /// A record (data row) number, from 1.
    Record(u64),
    /// A row of a frame, from 0.
    Row(u64),
    /// A column by name.
    Column(String),
    /// A cell of a workbook; row and column count from 1.
    Cell {
        /// Name of the sheet.
        sheet: String,
        /// Row, from 1.
        row: u64,
        /// Column, from 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        column: Option<u32>,
    },
    /// A sheet of a workbook.
    Sheet(String),
    /// A member of an archive.
    Member(String),
}

impl Place {
    /// A line without a field.
    ///
    /// ```
    /// assert_eq!(cyclerprep::Place::line(7).to_string(), "line 7");
    /// ```
    pub fn line(line: u64) -> Self {
        Self::Line { line, field: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { line, field: None } => write!(f, "line {line}"),
            Self::Line { line, field: Some(field) } => write!(f, "line {line}, field {field}"),
            Self::Offset(offset) => write!(f, "byte {offset}"),
            Self::Record(record) => write!(f, "record {record}"),
            Self::Row(row) => write!(f, "row {row}"),
            Self::Column(name) => write!(f, "column {name:?}"),
            Self::Cell { sheet, row, column: None } => write!(f, "sheet {sheet:?}, row {row}"),
            Self::Cell { sheet, row, column: Some(column) } => write!(f, "sheet {sheet:?}, row {row}, column {column}"),
            Self::Sheet(name) => write!(f, "sheet {name:?}"),
            Self::Member(name) => write!(f, "member {name:?}"),
        }
    }
}
