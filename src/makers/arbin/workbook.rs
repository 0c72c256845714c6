//! Arbin workbooks (docs/formats/arbin.md#workbooks).
//!
//! Seen in: MITS 7 and MITS 8 exports; MITS 4 by its description.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::csv;
use super::words::ARBIN;
use crate::error::Result;
use crate::formats::workbook::{self, Found};
use crate::formats::{Format, Info, ReadOptions, Sealed};
use crate::note::{Note, NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::RawTable;
use crate::text::timestamp::Order;

static INFO: Info = Info {
    id: "arbin_workbook",
    name: "Arbin workbook",
    maker: &crate::makers::arbin::ARBIN,
    extensions: &["xlsx", "xls"],
    software: "MITS Pro 4, 7, 8, 10",
};

/// docs/formats/arbin.md#sheets: data acquisition unit, channel, part.
#[allow(clippy::expect_used)]
static CHANNEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^channel[_-](?:(\d+)-)?(\d+)(?:_(\d+))?$").expect("the pattern is constant, a test compiles it")
});

/// The reader.
#[derive(Debug)]
pub(super) struct ArbinWorkbook;

impl Sealed for ArbinWorkbook {}

impl Format for ArbinWorkbook {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        workbook::sniff(probe, csv::locate, "Step Index, Test Time, Current and Voltage")
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let mut book = source.workbook()?;
        let found = workbook::find(&mut book, options, csv::locate, 3, |name| !is_chart(name))?;
        let info = super::info::Info::read(&mut book)?;
        let spectra = super::spectra::Spectra::read(&mut book, notes)?;
        drop(book);
        let mut groups = group(found);
        if options.sheet.is_none() {
            let listed = info.channels();
            let is_found = |channel: &u32| groups.keys().any(|series| series.channel == Some(*channel));
            let absent: Vec<String> = listed.iter().filter(|c| !is_found(c)).map(u32::to_string).collect();
            if !absent.is_empty() && groups.keys().any(|series| series.channel.is_some()) {
                let message =
                    format!("channel(s) {} of the info sheet have no sheet of records here", absent.join(", "));
                notes.push(Note::new(NoteCode::PartialFile, message).count(absent.len()));
            }
        }
        without_unstarted(&mut groups, notes);
        let mut tables = Vec::new();
        for (series, mut parts) in groups {
            parts.sort_by_key(|(part, _)| *part);
            let mut told = Notes::new();
            missing_parts(&series, &parts, options, &mut told);
            let is_empty = !parts.iter().any(|(_, found)| found.has_rows());
            let sheets: Vec<Found> = parts.into_iter().map(|(_, found)| found).collect();
            let has_flags = sheets.first().is_some_and(|f| f.header.cells.iter().any(|c| c == "Power(W)"));
            let dialect = if has_flags { "MITS 8 workbook" } else { "MITS 4 or 7 workbook" };
            let mut table = RawTable::new(&ARBIN, dialect);
            table.date_order = Some(Order::MonthDayYear);
            csv::describe(&mut table, source);
            if let Some(channel) = series.channel {
                table.metadata.test_setup.channel_number = Some(channel.to_string());
            }
            table.part = Some(series.name.clone());
            info.describe(series.channel, &mut table);
            // A workbook is whole or cannot be opened, so it has not lost its rows.
            table.empty_by_design =
                is_empty.then_some("the channel's sheet has a header and no rows: it was not started");
            let mut table = workbook::build(table, sheets, options, &mut told)?;
            spectra.insert(series.channel, &mut table, &mut told)?;
            table.notes = told;
            tables.push(table);
        }
        workbook::name_parts(&mut tables, notes);
        Ok(tables)
    }
}

/// Beside channels with rows, those without are told and left out.
fn without_unstarted(groups: &mut BTreeMap<Series, Vec<(u32, Found)>>, notes: &mut Notes) {
    let is_empty = |parts: &Vec<(u32, Found)>| !parts.iter().any(|(_, found)| found.has_rows());
    let empty: Vec<Series> = groups.iter().filter(|(_, parts)| is_empty(parts)).map(|(s, _)| s.clone()).collect();
    if empty.is_empty() || empty.len() == groups.len() {
        return;
    }
    groups.retain(|series, _| !empty.contains(series));
    let names: Vec<&str> = empty.iter().map(|series| series.name.as_str()).collect();
    let message = format!("sheets with a header and no rows, of channels that were not started: {}", names.join(", "));
    notes.push(Note::new(NoteCode::SeveralTests, message).count(names.len()));
}

/// Parts are numbered from 1 without gaps; one that is not there has lost its rows.
fn missing_parts(series: &Series, parts: &[(u32, Found)], options: &ReadOptions, notes: &mut Notes) {
    let has = |number: &u32| parts.iter().any(|(part, _)| part == number);
    let last = parts.iter().map(|(part, _)| *part).max().unwrap_or(0);
    let missing: Vec<String> = (1..=last.min(10_000)).filter(|number| !has(number)).map(|n| n.to_string()).collect();
    if !missing.is_empty() && options.sheet.is_none() {
        let message = format!(
            "{} goes up to part {last}, and part(s) {} are not in the workbook",
            series.name,
            missing.join(", ")
        );
        notes.push(Note::new(NoteCode::PartialFile, message).count(missing.len()));
    }
}

/// Charts carry `Channel` in their names too.
fn is_chart(name: &str) -> bool {
    name.to_ascii_lowercase().contains("chart")
}

/// Sheets of one channel.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Series {
    daq: Option<u32>,
    channel: Option<u32>,
    /// The sheets' name without the part number.
    name: String,
}

/// Groups sheets by channel, each with its part number. A sheet of another name is a series of its own.
fn group(found: Vec<Found>) -> BTreeMap<Series, Vec<(u32, Found)>> {
    let mut groups: BTreeMap<Series, Vec<(u32, Found)>> = BTreeMap::new();
    for found in found {
        let name = found.sheet.name.clone();
        let captures = CHANNEL.captures(&name);
        let number = |i: usize| captures.as_ref().and_then(|c| c.get(i)).and_then(|m| m.as_str().parse::<u32>().ok());
        let (daq, channel, part) = (number(1), number(2), number(3));
        let label = match (&captures, part) {
            (Some(_), Some(_)) => name.rsplit_once('_').map_or(name.as_str(), |(head, _)| head).to_owned(),
            _ => name.clone(),
        };
        groups.entry(Series { daq, channel, name: label }).or_default().push((part.unwrap_or(0), found));
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names() {
        let f = |name: &str| {
            CHANNEL.captures(name).map(|c| [1, 2, 3].map(|i| c.get(i).map_or("-", |m| m.as_str()).to_owned()).join(" "))
        };
        assert_eq!(f("Channel_1-008").as_deref(), Some("1 008 -"));
        assert_eq!(f("Channel_1-017_2").as_deref(), Some("1 017 2"));
        assert_eq!(f("Channel_11_1").as_deref(), Some("- 11 1"));
        assert_eq!(f("Channel-7_1").as_deref(), Some("- 7 1"));
        assert_eq!(f("Statistics_1-008"), None);
        assert!(is_chart("ChartVolCur_Channel-1_1") && is_chart("Channel_Chart"));
    }
}
