//! Maccor impedance side files, `<test>.EDA<nnnn>.<channel>` (docs/formats/maccor.md#spectrum-files).
//!
//! Seen in: one spectrum of 2016.

use super::words::MACCOR;
use crate::error::Result;
use crate::formats::delimited::{self, Header};
use crate::formats::{Format, Info, ReadOptions, Sealed, labels};
use crate::note::{Note, NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawTable, StartHint};
use crate::text::encoding::Encoding;
use crate::text::line::{self, Line};
use crate::text::timestamp::{self, Order};
use crate::vocab::Folded;

/// Lines that are searched for the header.
const LINES: usize = 30 + delimited::PREAMBLE;

static INFO: Info = Info {
    id: "maccor_fra",
    name: "Maccor impedance",
    maker: &crate::makers::maccor::MACCOR,
    extensions: &["###", "txt"],
    software: "MIMS with FRA",
};

/// The reader.
#[derive(Debug)]
pub(super) struct MaccorSpectrum;

impl Sealed for MaccorSpectrum {}

impl Format for MaccorSpectrum {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        if own(&text.bytes).is_none() {
            return Score::no("first line is not \"MACCOR, INC.\" with \"Impedance\"");
        }
        match locate(&text.bytes, 0, text.detected.encoding) {
            Some(header) => {
                Score::yes(97, format!("first line is Maccor's, impedance columns in line {}", header.line))
            }
            None => Score::no("first line is Maccor's impedance, but no header with Freq(Hz) follows"),
        }
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let header = locate(&opened.bytes, opened.start, opened.encoding)
            .ok_or_else(|| delimited::no_header("Freq(Hz) and the impedance", LINES))?;
        let own = opened.start + own(opened.bytes.get(opened.start..).unwrap_or_default()).unwrap_or_default();
        let head = opened.encoding.decode(opened.bytes.get(own..header.start).unwrap_or_default()).0.into_owned();
        let mut table = RawTable::new(&MACCOR, "impedance spectrum");
        describe(&mut table, &head, source);
        let mut table = delimited::build(table, opened, header, options, notes)?;
        if let Some(grid) = &mut table.grid {
            // The header has 24 names, the rows 13 fields.
            grid.pads = true;
        }
        // Only the first columns are what their labels say; behind them stand other quantities than the header's.
        let surplus: Vec<String> = table.columns.drain(7.min(table.columns.len())..).map(|c| c.name).collect();
        let message = format!(
            "columns behind the impedance are not what their labels say and were left out: {}",
            surplus.join(", ")
        );
        notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(surplus.len()));
        Ok(vec![table])
    }
}

/// Where the line begins by which the program shows itself; people may have put lines before it.
fn own(bytes: &[u8]) -> Option<usize> {
    let is_it = |line: &Line<'_>| {
        line.bytes.starts_with(b"MACCOR, INC.") && memchr::memmem::find(line.bytes, b"Impedance").is_some()
    };
    line::lines(bytes, 0).take(delimited::PREAMBLE).find(is_it).map(|line| line.start)
}

fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    delimited::find_header(bytes, start, encoding, &MACCOR, LINES, |cells: &[Folded]| {
        let has = |key: &str| cells.iter().any(|cell| cell.key == key);
        has("freq") && has("z'") && has("z''")
    })
}

/// Lines 3 and 4 are the procedure and the file; the start is `Wednesday, November 2, 2016` and a time of day.
fn describe(table: &mut RawTable, head: &str, source: &Source) {
    let lines: Vec<&str> = head.lines().map(str::trim).collect();
    let line = |i: usize| lines.get(i).filter(|l| !l.is_empty()).map(|l| (*l).to_owned());
    if let Some(procedure) = line(2) {
        table.metadata.protocol.name = Some(procedure.split(".000").next().unwrap_or_default().trim().to_owned());
        table.facts.push(("Procedure".to_owned(), procedure));
    }
    if let Some(file) = line(3) {
        table.metadata.test_setup.source_file_path = Some(file);
    }
    let channel = source.extension().trim_start_matches('0');
    if !channel.is_empty() && channel.bytes().all(|b| b.is_ascii_digit()) {
        table.metadata.test_setup.channel_number = Some(channel.to_owned());
    }
    let facts = labels::scan(&lines.join(" "), &["Start Date", "Start Time", "Frequency Sweep"]);
    if let (Some(date), Some(time)) = (labels::get(&facts, "Start Date"), labels::get(&facts, "Start Time")) {
        // The name of the day says nothing new.
        let date = date.split_once(", ").map_or(date, |(_, rest)| rest);
        let time = time.split_whitespace().next().unwrap_or_default();
        let civil = timestamp::parse(format!("{date} {time}").as_bytes(), Order::MonthDayYear);
        table.start = civil.map(|civil| StartHint { civil, is_time_origin: false });
    }
    table.facts.extend(facts);
}

/// The number of a side file, `<test>.EDA<nnnn>.<channel>`; its spectrum is that of the sweep with this number.
pub(super) fn number(file_name: &str) -> Option<usize> {
    let name = file_name.to_ascii_uppercase();
    let digits = name.rsplit_once(".EDA")?.1.split('.').next()?;
    digits.parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_side_files() {
        assert_eq!(number("cell.EDA0002.041"), Some(2));
        assert_eq!(number("x/cell.eda0001.041"), Some(1));
        assert_eq!(number("cell.041"), None);
    }
}
