//! Framework's data files, `.DTA` (docs/formats/gamry.md).
//!
//! Seen in: Framework 6.25, 7.07 and 7.8 files of EISPOT, CV, CHRONOA, CORPOT and PWR800 scripts.

use super::head;
use super::tables::{self, Table};
use super::words::{CURVE, GAMRY};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::formats::delimited;
use crate::formats::{Format, Info, ReadOptions, Sealed};
use crate::note::{Note, NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::RawTable;
use crate::text::line;

static INFO: Info = Info {
    id: "gamry_dta",
    name: "Gamry data file",
    maker: &crate::makers::gamry::GAMRY,
    extensions: &["dta"],
    software: "Framework",
};

/// The reader.
#[derive(Debug)]
pub(super) struct GamryDta;

impl Sealed for GamryDta {}

impl Format for GamryDta {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        let tables = tables::find(&text.bytes, 0, text.detected.encoding);
        let Some(test) = tables::of_test(&tables).first().and_then(|i| tables.get(*i)) else {
            return Score::no(
                "no table with T and Vf or with Freq, Zreal and Zimag below a line such as \"CURVE TABLE\"",
            );
        };
        let opens = |line: &line::Line<'_>| line.bytes.trim_ascii() == b"EXPLAIN";
        let points =
            if line::lines(&text.bytes, 0).take(delimited::PREAMBLE).any(|line| opens(&line)) { 98 } else { 90 };
        Score::yes(points, format!("table {} in line {}", test.name, test.names_line.saturating_sub(1)))
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let mut opened = delimited::open(source, options, notes)?;
        let tables = tables::find(&opened.bytes, opened.start, opened.encoding);
        let chosen = tables::of_test(&tables);
        let test: Vec<&Table> = chosen.iter().filter_map(|i| tables.get(*i)).collect();
        let Some((first, last)) = test.first().zip(test.last()) else {
            let message = "expected a table with T and Vf, or with Freq, Zreal and Zimag, below a line such as \"CURVE TABLE\", \
                           found none; export the test from Framework again";
            return Err(Error::new(ErrorKind::Malformed, message));
        };
        let mut table = RawTable::new(&GAMRY, if first.is_spectrum() { "impedance" } else { "time series" });
        head::describe(&mut table, &opened, source, notes);
        let counts = first.columns.iter().any(|(name, _)| (GAMRY.fold)(name).key == "cycle");
        tell_tables(&tables, &chosen, counts, notes);
        tell_counts(&test, notes);
        if test.len() > 1 {
            let text = tables::joined(&opened.bytes, &test, first.columns.len(), (!counts).then_some(CURVE));
            opened.bytes = text.into();
        } else {
            let end = last.rows.end.max(last.rows.start);
            opened.bytes = opened.bytes.get(..end).unwrap_or_default().to_vec().into();
        }
        let names = line::lines(&opened.bytes, first.names_at).next();
        let header = names.map(|names| {
            delimited::header_of(line::Line { number: first.names_line, ..names }, b'\t', opened.encoding)
        });
        let Some(header) = header else {
            return Err(Error::new(ErrorKind::Malformed, "expected names of columns, found the end of the file"));
        };
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

/// Which tables are left out, and which are one test.
fn tell_tables(tables: &[Table], chosen: &[usize], counts: bool, notes: &mut Notes) {
    for (_, table) in tables.iter().enumerate().filter(|(i, table)| !chosen.contains(i) && table.count > 0) {
        let what = match table {
            table if table.is_open_circuit() => "the open circuit before the test",
            _ => "another table than that of the test",
        };
        let message = format!("the table {} of {} row(s) was left out: {what}", table.name, table.count);
        notes.push(Note::new(NoteCode::RowsDropped, message).count(table.count).at(Place::line(table.names_line)));
    }
    let without_rows = tables.iter().enumerate().filter(|(i, table)| !chosen.contains(i) && table.count == 0);
    for (_, table) in without_rows.filter(|(_, table)| table.is_spectrum() || table.is_series()) {
        let message = format!("the table {} has no rows: what is read stands in another", table.name);
        notes.push(Note::new(NoteCode::PartialFile, message).at(Place::line(table.names_line)));
    }
    if chosen.len() > 1 {
        let name = |i: Option<&usize>| i.and_then(|i| tables.get(*i)).map_or("", |table| table.name.as_str());
        let message = format!(
            "{} tables, {} to {}, are one test: their rows stand behind each other, and {} the cycles",
            chosen.len(),
            name(chosen.first()),
            name(chosen.last()),
            if counts { "their own column counts" } else { "their numbers count" }
        );
        notes.push(Note::new(NoteCode::CyclesCounted, message).count(chosen.len()));
    }
}

/// A table that has fewer rows than its first line promises was cut, or the test was stopped.
fn tell_counts(test: &[&Table], notes: &mut Notes) {
    for table in test {
        let Some(stated) = table.stated.filter(|stated| *stated != table.count) else { continue };
        let message = format!("the table {} promises {stated} row(s) and has {}", table.name, table.count);
        notes.push(Note::new(NoteCode::DamagedFile, message).at(Place::line(table.names_line.saturating_sub(1))));
    }
}
