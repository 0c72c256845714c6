//! Workbooks behind a guard. Newer ones are read as their XML is inflated; calamine reads the old ones, after their declared
//! sizes were checked.
//!
//! A sheet becomes tab-separated text, line k for row k, so that everything behind it (headers, decimal signs, durations,
//! dates) is the same code as for text files. Numbers are written with as many digits as they need to come back exactly.

mod biff;
mod cells;
mod field;
mod xlsx;

use std::io::Cursor;
use std::sync::Arc;

use calamine::{Reader as _, Xls, XlsOptions};

use crate::archive::Shared;
use crate::error::{Error, ErrorKind, Result};
use crate::guard;
use crate::limits::Limits;
use cells::Text;

/// First bytes of an OLE2 file, which old workbooks are.
pub const OLE2: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Part that every newer workbook has.
const PART: &str = "xl/workbook.xml";

/// Whether the bytes may be a workbook: an OLE2 file, or a zip archive with a workbook part. Without the archive's list of
/// members (it was cut off) the part's name is looked for among the bytes.
pub fn is_workbook(bytes: &[u8], members: &[String]) -> bool {
    if !bytes.starts_with(b"PK\x03\x04") {
        return bytes.starts_with(&OLE2);
    }
    // A workbook that was stored in an archive has the name among its bytes too.
    members.iter().any(|name| name.eq_ignore_ascii_case(PART))
        || (members.is_empty() && memchr::memmem::rfind(bytes, PART.as_bytes()).is_some())
}

/// A sheet as tab-separated text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// One line a row; blanks at the end of a row are left out.
    pub text: Vec<u8>,
    /// Number of the last row, from 1.
    pub rows: u64,
}

enum Book {
    Xlsx(Box<xlsx::Book>),
    Xls(Box<Xls<Cursor<Shared>>>),
}

/// An opened workbook.
pub struct Workbook {
    book: Book,
    names: Vec<String>,
    limits: Limits,
}

impl std::fmt::Debug for Workbook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Workbook({:?})", self.names)
    }
}

impl Workbook {
    /// Opens a workbook after its declared sizes were checked.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] for sizes beyond the limits, [`ErrorKind::Malformed`] for a broken workbook.
    pub fn open(bytes: Arc<Vec<u8>>, limits: &Limits) -> Result<Self> {
        let (book, names) = if bytes.starts_with(&OLE2) {
            biff::check(&bytes, limits)?;
            let reader = Cursor::new(Shared(bytes));
            let open = || Xls::new_with_options(reader, XlsOptions::default()).map_err(broken);
            let book = guarded("the workbook", open)?;
            let names = book.sheet_names();
            Limits::check("sheets of the workbook", names.len() as u64, limits.members)?;
            (Book::Xls(Box::new(book)), names)
        } else {
            let book = xlsx::Book::open(&bytes, limits)?;
            let names = book.names();
            (Book::Xlsx(Box::new(book)), names)
        };
        Ok(Self { book, names, limits: limits.clone() })
    }

    /// Names of the sheets in their order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The first rows of a sheet.
    ///
    /// # Errors
    /// Those of [`sheet`](Self::sheet).
    pub fn head(&mut self, name: &str, rows: u32) -> Result<Sheet> {
        let sheet = match &mut self.book {
            Book::Xlsx(book) => book.head(name, rows),
            Book::Xls(book) => old(book, name, rows, &self.limits),
        };
        sheet.map_err(|error| error.at_sheet(name))
    }

    /// A whole sheet.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] for more rows or columns than allowed, or cells so far apart that the sheet is mostly nothing;
    /// [`ErrorKind::Malformed`] for a broken sheet.
    pub fn sheet(&mut self, name: &str) -> Result<Sheet> {
        let sheet = match &mut self.book {
            Book::Xlsx(book) => book.sheet(name),
            Book::Xls(book) => old(book, name, u32::MAX, &self.limits),
        };
        sheet.map_err(|error| error.at_sheet(name))
    }
}

/// A sheet of an old workbook.
fn old(book: &mut Xls<Cursor<Shared>>, name: &str, rows: u32, limits: &Limits) -> Result<Sheet> {
    let mut text = Text::new(limits);
    guarded(name, || {
        let range = book.worksheet_range(name).map_err(broken)?;
        let (top, left) = range.start().unwrap_or((0, 0));
        for (row, column, value) in range.used_cells() {
            let row = top.saturating_add(row as u32);
            if row >= rows {
                break;
            }
            text.put(row, left.saturating_add(column as u32), value)?;
        }
        Ok(())
    })?;
    Ok(text.finish(name))
}

fn broken(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Malformed, format!("expected a workbook, found a broken one: {error}")).because(error)
}

/// The workbook library is not ours: should it panic on bytes that nobody thought of, that is an error of the file.
fn guarded<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    guard::guarded(work).unwrap_or_else(|| {
        let message = format!("expected a workbook, found one that cannot be followed in {what:?}");
        Err(Error::new(ErrorKind::Malformed, message))
    })
}
