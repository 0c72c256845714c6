//! Newer workbooks, which are zip archives of XML: each sheet becomes text while it is inflated, and no sheet's XML is in memory
//! as a whole.
//!
//! Everything is inflated once, when the workbook is opened: the parts that all sheets are read with, then the sheets, side by side.

mod blocks;
mod cell;
mod content;
mod formats;
mod list;
mod plain;
mod rows;
mod sheet;
mod strings;

use std::io::{BufReader, Read};
use std::sync::Arc;

use super::cells::Text;
use super::{Sheet, broken};
use crate::archive::members::{Members, not_inflated};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use formats::Shown;
use list::Listed;
use strings::Strings;

/// Texts up to this length are kept when they were handed out: facts are asked for more than once.
const SHORT: usize = 1 << 20;

/// What cells are read with.
#[derive(Default)]
struct Context {
    strings: Strings,
    formats: Vec<Shown>,
    is_1904: bool,
}

/// A sheet as far as it could be read.
struct Outcome {
    text: Text,
    /// Why it ends there.
    error: Option<Error>,
}

struct Entry {
    listed: Listed,
    /// Index of the first sheet that lies in the same member.
    same: usize,
    /// What was read of it; `None` once it was handed out, and for a sheet that is not there.
    read: Option<Outcome>,
}

/// An opened workbook.
pub(super) struct Book {
    members: Members,
    context: Context,
    sheets: Vec<Entry>,
    limits: Limits,
}

/// A part that all sheets share.
enum Part {
    Book { sheets: Vec<Listed>, is_1904: bool },
    Paths(Vec<(String, String)>),
    Formats(Vec<Shown>),
    Strings(Strings),
}

impl Book {
    /// Reads all sheets of a workbook.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] for sizes beyond the limits, [`ErrorKind::Malformed`] for an archive or a shared part that is broken. What
    /// is wrong with a sheet is told when it is asked for.
    pub(super) fn open(bytes: &Arc<Vec<u8>>, limits: &Limits) -> Result<Self> {
        let members = Members::open(bytes, limits)?;
        let (mut sheets, mut paths, mut context) = (None, Vec::new(), Context::default());
        for part in members.visit(is_shared, |name, size, from| part(name, size, from, limits))? {
            match part {
                Part::Book { sheets: listed, is_1904 } => (sheets, context.is_1904) = (Some(listed), is_1904),
                Part::Paths(found) => paths = found,
                Part::Formats(formats) => context.formats = formats,
                Part::Strings(strings) => context.strings = strings,
            }
        }
        let sheets =
            sheets.ok_or_else(|| Error::new(ErrorKind::Malformed, "expected a workbook, found no list of sheets"))?;
        Limits::check("sheets of the workbook", sheets.len() as u64, limits.members)?;
        let listed: Vec<Listed> = sheets.into_iter().map(|listed| listed.at(&paths)).collect();
        let same =
            |sheet: &Listed| listed.iter().position(|other| list::is_same(&other.path, &sheet.path)).unwrap_or(0);
        let same: Vec<usize> = listed.iter().map(same).collect();
        let mut sheets: Vec<Entry> =
            listed.into_iter().zip(same).map(|(listed, same)| Entry { listed, same, read: None }).collect();
        // All that is left is inflated too: an archive with a broken member is a broken archive.
        let read = members.visit(
            |name| !is_shared(name),
            |name, _, from| match sheets.iter().position(|entry| entry.listed.is_at(name)) {
                Some(index) => {
                    Ok(Some((index, sheet::sheet(from, &context, limits).map_err(|e| not_inflated(name, &e))?)))
                }
                None => Ok(None),
            },
        )?;
        for (index, read) in read.into_iter().flatten() {
            if let Some(sheet) = sheets.get_mut(index) {
                sheet.read = Some(read);
            }
        }
        Ok(Self { members, context, sheets, limits: limits.clone() })
    }

    /// Names of the sheets in their order.
    pub(super) fn names(&self) -> Vec<String> {
        self.sheets.iter().map(|sheet| sheet.listed.name.clone()).collect()
    }

    /// The first rows of a sheet.
    pub(super) fn head(&mut self, name: &str, rows: u32) -> Result<Sheet> {
        let read = self.get(name)?;
        match &read.error {
            Some(error) if read.text.next_row() <= rows => Err(again(error)),
            _ => Ok(read.text.head(name, rows)),
        }
    }

    /// A whole sheet; a long one is read again when it is asked for again.
    pub(super) fn sheet(&mut self, name: &str) -> Result<Sheet> {
        let read = self.get(name)?;
        if let Some(error) = &read.error {
            return Err(again(error));
        }
        if read.text.len() <= SHORT {
            return Ok(read.text.head(name, u32::MAX));
        }
        let index = self.index(name)?;
        let read = self.sheets.get_mut(index).and_then(|entry| entry.read.take());
        Ok(read.map_or_else(|| Text::new(&self.limits), |read| read.text).finish(name))
    }

    /// Index of the entry that has what was read of a sheet.
    fn index(&self, name: &str) -> Result<usize> {
        let found = self.sheets.iter().find(|entry| entry.listed.name == name);
        let missing =
            || Error::new(ErrorKind::Malformed, format!("expected a sheet {name:?}, found none of that name"));
        found.map(|entry| entry.same).ok_or_else(missing)
    }

    fn get(&mut self, name: &str) -> Result<&mut Outcome> {
        let index = self.index(name)?;
        let Self { members, context, sheets, limits } = self;
        let broken =
            |what: &str| Error::new(ErrorKind::Malformed, format!("expected a workbook, found a broken one: {what}"));
        let entry = sheets.get_mut(index).ok_or_else(|| broken("a sheet that is not listed"))?;
        if entry.read.is_none() {
            let read = |name: &str, _, from: &mut (dyn Read + Send)| {
                sheet::sheet(from, context, limits).map_err(|e| not_inflated(name, &e))
            };
            entry.read = members.visit(|name| entry.listed.is_at(name), read)?.pop();
        }
        let path = &entry.listed.path;
        entry.read.as_mut().ok_or_else(|| broken(&format!("no member {path:?}")))
    }
}

fn again(error: &Error) -> Error {
    Error::new(error.kind(), error.message().to_owned())
}

/// What a sheet is read with: the list of sheets, where they lie, number formats and strings.
static SHARED: [&str; 4] = ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml"];

fn is_shared(member: &str) -> bool {
    SHARED.iter().any(|name| list::is_same(member, name))
}

fn part(name: &str, size: u64, from: &mut (dyn Read + Send), limits: &Limits) -> Result<Part> {
    let from = BufReader::new(from);
    let end = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
    match end.as_str() {
        "workbook.xml" => list::sheets(from).map(|(sheets, is_1904)| Part::Book { sheets, is_1904 }),
        "workbook.xml.rels" => list::paths(from).map(Part::Paths),
        "styles.xml" => formats::read(from).map(Part::Formats),
        _ => Strings::read(from, name, size, limits).map(Part::Strings),
    }
}

#[cfg(test)]
mod tests;
