//! Neware workbooks (docs/formats/neware.md#workbooks).
//!
//! Seen in: BTSDA 8 and 9 (`record` sheets), old BTS exports (`Detail_d_u_c` sheets).

mod info;
mod side;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::words::NEWARE;
use super::{csv, layered};
use crate::error::Result;
use crate::formats::workbook::{self, Found};
use crate::formats::{Format, Info, ReadOptions, Sealed};
use crate::note::{NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::RawTable;

static INFO: Info = Info {
    id: "neware_workbook",
    name: "Neware workbook",
    maker: &crate::makers::neware::NEWARE,
    extensions: &["xlsx", "xls"],
    software: "BTSDA 8, 9, old BTS",
};

/// Rows of a sheet that hold the last row of their format: a longer test goes on elsewhere.
static FULL: [u64; 2] = [1_048_576, 65_536];

/// `Detail_14_1_3_2`: device, unit, channel, part.
#[allow(clippy::expect_used)]
static DETAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[^_]+_(\d+_\d+_\d+)(?:_(\d+))?$").expect("the pattern is constant, a test compiles it")
});

/// The reader.
#[derive(Debug)]
pub(crate) struct NewareWorkbook;

impl Sealed for NewareWorkbook {}

impl Format for NewareWorkbook {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        workbook::sniff(probe, csv::locate_in_sheet, "a current, a voltage and a time as BTSDA names them")
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let mut book = source.workbook()?;
        let found = workbook::find(&mut book, options, csv::locate_in_sheet, 25, |_| true)?;
        let mut is_layered = false;
        let mut sheets = Vec::new();
        for found in found {
            let flat = layered::of_sheet(&found).transpose()?;
            is_layered |= flat.is_some();
            sheets.push(flat.unwrap_or(found));
        }
        let mut tables = Vec::new();
        for (channel, mut parts) in group(sheets) {
            parts.sort_by_key(|(part, _)| *part);
            let sheets: Vec<Found> = parts.into_iter().map(|(_, found)| found).collect();
            if let Some(full) = sheets.last().filter(|f| FULL.contains(&f.sheet.rows)) {
                let message = format!(
                    "sheet {:?} ends at the last row that a sheet can have; the test may go on in another file",
                    full.sheet.name
                );
                notes.say(NoteCode::PartialFile, message);
            }
            let dialect = match &channel {
                _ if is_layered => "workbook with layered sheets",
                Some(_) => "workbook with Detail sheets",
                None => "workbook with record sheets",
            };
            let mut table = RawTable::new(&NEWARE, dialect);
            table.metadata.test_setup.test_name = Some(source.stem().to_owned());
            table.metadata.test_setup.channel_number = channel.as_ref().map(|c| c.replace('_', "-"));
            table.part = channel.clone();
            info::describe(&mut book, &mut table)?;
            let mut told = Notes::new();
            side::attach(&mut book, channel.as_deref(), &mut table, &mut told)?;
            let mut table = workbook::build(table, sheets, options, &mut told)?;
            table.notes = told;
            tables.push(table);
        }
        workbook::name_parts(&mut tables, notes);
        Ok(tables)
    }
}

/// Sheets by channel, where their names tell it; others belong together in the order of the book.
fn group(found: Vec<Found>) -> BTreeMap<Option<String>, Vec<(u32, Found)>> {
    let mut groups: BTreeMap<Option<String>, Vec<(u32, Found)>> = BTreeMap::new();
    for (order, found) in found.into_iter().enumerate() {
        let captures = DETAIL.captures(&found.sheet.name);
        let channel = captures.as_ref().and_then(|c| c.get(1)).map(|m| m.as_str().to_owned());
        let stated = captures.as_ref().and_then(|c| c.get(2)).and_then(|m| m.as_str().parse().ok());
        let part = if channel.is_some() { stated.unwrap_or(0) } else { order as u32 };
        groups.entry(channel).or_default().push((part, found));
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names() {
        let f = |name: &str| {
            DETAIL.captures(name).map(|c| [1, 2].map(|i| c.get(i).map_or("-", |m| m.as_str()).to_owned()).join(" "))
        };
        assert_eq!(f("Detail_14_1_3").as_deref(), Some("14_1_3 -"));
        assert_eq!(f("Detail_14_1_3_2").as_deref(), Some("14_1_3 2"));
        assert_eq!(f("record"), None);
    }
}
