//! Access databases of the Jet 4 kind, page by page, as far as tables of numbers and short texts need it.
//!
//! Pages are found by their owner in one pass over the file, so a lost page list or catalog costs nothing that is still
//! there.

mod definition;
mod row;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use definition::{Column, Kind, Table};
pub(crate) use row::{Row, Rows};

use crate::binary::at;
use crate::error::{Error, ErrorKind, Place, Result};

/// Bytes of a page.
pub(crate) const PAGE: usize = 4096;

/// Page of the catalog's definition.
const CATALOG: u32 = 2;

/// Low bits of a catalog id are the page of the definition.
const PAGE_BITS: u32 = 0x00FF_FFFF;

/// Place of the engine's version in the file; 0 is Jet 3.
const ENGINE: usize = 0x14;

/// Kinds of pages, their first byte.
const DATA: u8 = 1;
const DEFINITION: u8 = 2;

/// Place in a data page of the definition's number.
const OWNER: usize = 4;

/// How such a file begins.
pub(crate) fn is_jet(head: &[u8]) -> bool {
    let name = head.get(4..19).unwrap_or_default();
    head.starts_with(&[0, 1, 0, 0]) && (name == b"Standard Jet DB" || name == b"Standard ACE DB")
}

/// An opened database.
#[derive(Debug)]
pub(crate) struct Database {
    bytes: Arc<Vec<u8>>,
    /// Data pages by the page of their table's definition.
    pages: BTreeMap<u32, Vec<u32>>,
    tables: Vec<Table>,
    /// Whether the catalog named the tables; else they were found by their definitions.
    pub(crate) has_catalog: bool,
    /// Bytes behind the last whole page.
    pub(crate) rest: usize,
}

impl Database {
    /// Finds pages and tables.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] when it is not such a file, [`ErrorKind::Unsupported`] for an older layout of pages.
    pub(crate) fn open(bytes: Arc<Vec<u8>>) -> Result<Self> {
        if !is_jet(&bytes) {
            let message = "expected an Access database (\"Standard Jet DB\"), found something else";
            return Err(Error::new(ErrorKind::Malformed, message).at(Place::Offset(4)));
        }
        if at::<u8>(&bytes, ENGINE) == Some(0) {
            let message = "expected a Jet 4 database (Access 2000 or later), found Jet 3";
            return Err(Error::new(ErrorKind::Unsupported, message).at(Place::Offset(ENGINE as u64)));
        }
        let rest = bytes.len() % PAGE;
        let mut pages: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut definitions = Vec::new();
        for (number, page) in (0u32..).zip(bytes.chunks_exact(PAGE)) {
            match page.first() {
                Some(&DATA) => {
                    let owner = at::<u32>(page, OWNER).unwrap_or(0);
                    pages.entry(owner).or_default().push(number);
                }
                Some(&DEFINITION) => definitions.push(number),
                _ => {}
            }
        }
        let mut database = Self { bytes, pages, tables: Vec::new(), has_catalog: false, rest };
        database.name_tables(&definitions);
        Ok(database)
    }

    /// Tables by the catalog; definitions that it does not name keep an empty name.
    fn name_tables(&mut self, definitions: &[u32]) {
        let mut names: BTreeMap<u32, String> = BTreeMap::new();
        if let Some(catalog) = Table::read(&self.bytes, CATALOG) {
            let rows = self.rows(&catalog);
            let column = |name: &str| catalog.columns.iter().find(|c| c.name == name);
            if let (Some(id), Some(name), Some(kind)) = (column("Id"), column("Name"), column("Type")) {
                for row in rows.iter() {
                    if row.number(kind) == Some(1.0)
                        && let (Some(id), Some(name)) = (row.number(id), row.text(name))
                    {
                        names.insert(id as i64 as u32 & PAGE_BITS, name);
                    }
                }
            }
        }
        self.has_catalog = !names.is_empty();
        for page in definitions {
            if let Some(mut table) = Table::read(&self.bytes, *page) {
                table.name = names.remove(page).unwrap_or_default();
                self.tables.push(table);
            }
        }
    }

    /// The table of this name; without case.
    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))
    }

    /// A table without a name that has all these columns; for files whose catalog is lost.
    pub(crate) fn table_with(&self, columns: &[&str]) -> Option<&Table> {
        self.tables.iter().filter(|table| table.name.is_empty()).find(|t| columns.iter().all(|c| t.column(c).is_some()))
    }

    /// Names of the tables that are not the system's own.
    pub(crate) fn names(&self) -> Vec<&str> {
        let own = |name: &&str| !name.is_empty() && !name.starts_with("MSys");
        self.tables.iter().map(|table| table.name.as_str()).filter(own).collect()
    }

    /// The rows of a table.
    pub(crate) fn rows(&self, table: &Table) -> Rows {
        let pages = self.pages.get(&table.page).cloned().unwrap_or_default();
        Rows::new(Arc::clone(&self.bytes), pages)
    }
}
