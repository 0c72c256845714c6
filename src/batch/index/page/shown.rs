//! A row as the page's script gets it. Texts are cut, so that a page of thousands stays small; the index has them whole.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Beyond;
use super::findings::Finding;
use super::text::{cut, short};
use crate::batch::index::row::Row;
use crate::note::{NoteCode, sentence};
use crate::validate::Rule;

/// Characters of a text of the file, and of an error.
const LONGEST: usize = 160;
const ERROR: usize = 400;

#[derive(Serialize)]
pub(super) struct Shown<'r> {
    /// Without the folder that all have.
    source: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<String>,
    status: &'r str,
    /// Kind and text.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<(&'r str, String)>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    findings: &'r [Finding],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    issues: Vec<&'r str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maker: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reader: Option<&'r str>,
    rows: u64,
    steps: u64,
    cycles: u64,
    /// First and last discharge capacity, in A·h.
    #[serde(skip_serializing_if = "Option::is_none")]
    capacity: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_charge: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    voltage: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
    /// In milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<i64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    facts: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    copy_of: Option<&'r str>,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    outline: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<&'static str>,
    #[cfg(feature = "plot")]
    #[serde(skip_serializing_if = "Option::is_none")]
    over: Option<&'r super::capacities::Cycles>,
}

impl<'r> Shown<'r> {
    pub(super) fn of(row: &'r Row, folder: &str, beyond: &'r Beyond) -> Self {
        let pair = |a: Option<f64>, b: Option<f64>| Some([short(a?), short(b?)]);
        let error = row.error.as_deref().map(|error| {
            // What was tried stands in the report of the run; here it would hide the rest.
            let text = error.split("; tried").next().unwrap_or_default();
            let (kind, text) = text.split_once(": ").unwrap_or(("", text));
            (kind, cut(text, ERROR))
        });
        let facts = [
            ("test", &row.test_name),
            ("channel", &row.channel),
            ("schedule", &row.schedule),
            ("operator", &row.operator),
            ("barcode", &row.barcode),
        ];
        let known = facts.into_iter().filter_map(|(name, fact)| Some((name, cut(fact.as_deref()?, LONGEST))));
        let own = |path: &'r str| path.strip_prefix(folder).unwrap_or(path);
        Self {
            source: own(&row.source),
            part: row.part.as_deref().map(|part| cut(part, LONGEST)),
            status: &row.status,
            error,
            findings: &beyond.findings,
            issues: row.issues.iter().collect(),
            notes: row.notes.iter().collect(),
            maker: row.maker.as_deref(),
            reader: row.reader.as_deref(),
            rows: row.rows,
            steps: row.steps,
            cycles: row.cycles,
            capacity: pair(row.first_discharge_capacity, row.last_discharge_capacity),
            first_charge: row.first_charge_capacity.map(short),
            voltage: pair(row.min_voltage, row.max_voltage),
            current: pair(row.min_current, row.max_current),
            seconds: row.duration_seconds.map(short),
            start: row.start_time.map(|at| at.0),
            facts: known.collect(),
            series: row.series.as_deref(),
            copy_of: row.duplicate_of.as_deref().map(own),
            bytes: row.bytes,
            outline: row.voltage_outline.as_deref().map(|outline| cut(outline, 1000)),
            output: row.output.as_deref(),
            page: beyond.page,
            picture: beyond.picture,
            #[cfg(feature = "plot")]
            over: beyond.cycles.as_ref(),
        }
    }
}

/// What the codes say that occur.
pub(super) fn codes(rows: &[Row]) -> BTreeMap<&str, String> {
    let all: BTreeSet<&str> = rows.iter().flat_map(|row| row.issues.iter().chain(row.notes.iter())).collect();
    let says = |code: &str| match Rule::by_code(code) {
        Some(rule) => sentence(rule.doc.trim_start_matches(" **What it finds.** ")),
        None => NoteCode::by_name(code).map(|note| sentence(note.doc())).unwrap_or_default(),
    };
    all.into_iter().map(|code| (code, says(code))).collect()
}
