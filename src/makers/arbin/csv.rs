//! Arbin csv exports (docs/formats/arbin.md#kinds-of-files, docs/formats/arbin.md#csv-exports).
//!
//! Seen in: MITS Pro 7, 8 and 10 exports and database extracts, dialects A–C of docs/formats/arbin.md#csv-dialects.

use super::info::Info as Info8;
use super::parts;
use super::streamed;
use super::words::ARBIN;
use crate::error::Result;
use crate::formats::delimited::{self, Header};
use crate::formats::{Format, Info, ReadOptions, Sealed, labels};
use crate::note::Notes;
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawTable, StartHint};
use crate::text::encoding::Encoding;
use crate::text::line;
use crate::text::timestamp::{Civil, Order};
use crate::vocab::Folded;

static INFO: Info = Info {
    id: "arbin_csv",
    name: "Arbin csv",
    maker: &crate::makers::arbin::ARBIN,
    extensions: &["csv"],
    software: "MITS Pro 7, 8, 10",
};

/// The reader.
#[derive(Debug)]
pub(super) struct ArbinCsv;

impl Sealed for ArbinCsv {}

impl Format for ArbinCsv {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        if let Some(line) = streamed::first_line(&text.bytes, 0) {
            return Score::yes(99, format!("line {} is File Format Type: ArbinCsvFormat1", line.number));
        }
        match locate(&text.bytes, 0, text.detected.encoding) {
            Some(header) => {
                let names = if numbers_steps(&header) { "Step Index" } else { "no columns but Data Point" };
                Score::yes(90, format!("line {} has {names}, Test Time, Current and Voltage", header.line))
            }
            None => Score::no("no line at the top has Step Index, Test Time, Current and Voltage together"),
        }
    }

    fn read_with(&self, source: &Source) -> Option<String> {
        parts::first_of(source)
    }

    fn reads_pieces(&self) -> bool {
        true
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let mut opened = delimited::open(source, options, notes)?;
        if streamed::first_line(&opened.bytes, opened.start).is_some() {
            if !opened.bytes.is_whole() {
                return Err(delimited::needs_whole(&opened.bytes));
            }
            return Ok(vec![streamed::read(opened, source, options, notes)?]);
        }
        let header = locate(&opened.bytes, opened.start, opened.encoding)
            .ok_or_else(|| delimited::no_header("Step Index, Test Time, Current and Voltage", delimited::PREAMBLE))?;
        parts::join(&mut opened, &header, source, notes)?;
        let mut table = RawTable::new(&ARBIN, dialect(&header));
        // Arbin writes US order; only a first number above 12 says otherwise (docs/formats/arbin.md#dates-in-text).
        table.date_order = Some(Order::MonthDayYear);
        describe(&mut table, source);
        companions(&mut table, source);
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

/// docs/formats/arbin.md#kinds-of-files: a statistics table has the same names and these besides.
pub(super) fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    delimited::find_header(bytes, start, encoding, &ARBIN, delimited::PREAMBLE, |cells: &[Folded]| {
        let has = |key: &str| cells.iter().any(|cell| cell.key == key);
        let statistics =
            has("charge time") || has("v max on cycle") || has("vmax on cycle") || has("coulombic efficiency");
        // The Battery Data Format writes "Voltage / V"; a table of it may keep an Arbin table's columns beside its own.
        let converted = cells.iter().any(|cell| cell.key.contains(" / "));
        let needed = has("test time") && has("current") && has("voltage") && !statistics && !converted;
        needed && (has("step index") || is_cut_down(cells))
    })
}

/// A drive cycle that somebody cut out of a test: the record number, and what is measured, alone
/// (docs/formats/arbin.md#tables-without-step-columns).
fn is_cut_down(cells: &[Folded]) -> bool {
    let all = ["data point", "test time", "current", "voltage"];
    let names = || cells.iter().map(|cell| cell.key.as_str()).filter(|key| !key.is_empty());
    all.iter().all(|key| names().any(|name| name == *key))
        && names().all(|name| all.contains(&name) || name == "date time")
}

fn numbers_steps(header: &Header) -> bool {
    header.cells.iter().any(|cell| (ARBIN.fold)(cell).key == "step index")
}

fn dialect(header: &Header) -> &'static str {
    let has = |cell: &str| header.cells.iter().any(|c| c == cell);
    match () {
        () if !numbers_steps(header) => "no step columns",
        () if has("Test Time (s)") => "MITS 8 and 10 export",
        () if has("Test_Time(s)") => "MITS 7 export",
        () if has("Test_Time") => "database extract",
        () => "other spelling",
    }
}

/// Facts that stand in a file beside this one (docs/formats/arbin.md#metadata-csv, docs/formats/arbin.md#globalinfo-csv);
/// where there is none, nothing is said.
fn companions(table: &mut RawTable, source: &Source) {
    let stem = source.stem();
    if let Some(at) = stem.to_ascii_lowercase().rfind("_wb_") {
        let test = stem.get(..at).unwrap_or(stem);
        let info = ["CSV", "csv"].iter().find_map(|e| source.side_file(&format!("{test}_GlobalInfo.{e}")));
        if let Some(bytes) = info {
            let channel = table.metadata.test_setup.channel_number.as_ref().and_then(|c| c.parse().ok());
            Info8::of_csv(&String::from_utf8_lossy(&bytes)).describe(channel, table);
        }
    }
    if let Some(bytes) = source.side_file(&format!("{stem}_Metadata.csv")) {
        extract_metadata(table, &String::from_utf8_lossy(&bytes));
    }
}

/// One line of names, one of values; names in any case.
fn extract_metadata(table: &mut RawTable, text: &str) {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let fields = |line: &str| -> Vec<String> {
        line::fields(line.as_bytes(), b',')
            .map(|f| String::from_utf8_lossy(f).trim().trim_matches('"').to_owned())
            .collect()
    };
    let (Some(names), Some(values)) = (lines.next().map(fields), lines.next().map(fields)) else { return };
    let facts: Vec<(String, String)> =
        names.into_iter().zip(values).filter(|(n, v)| !n.is_empty() && !v.is_empty()).collect();
    let get = |label: &str| labels::get(&facts, label).map(str::to_owned);
    super::info::protocol(get("Schedule_File_Name"), table);
    let setup = &mut table.metadata.test_setup;
    // The file's own name says the channel from 1, the database from 0.
    let from_database = get("IV_Ch_ID").and_then(|c| c.parse::<u32>().ok()).map(|c| (c + 1).to_string());
    setup.channel_number = setup.channel_number.take().or(from_database);
    setup.barcode_comment = get("Item_ID").filter(|v| v != "0");
    setup.source_file_id = get("Test_ID");
    setup.software_version = get("Schedule_Version");
    if let Some(start) = get("First_Start_DateTime").and_then(|s| s.parse::<i64>().ok()) {
        let civil = Civil { milliseconds: start.saturating_mul(1000), has_time: true };
        // The start of the test, where its rows' clock has no fractions of a second.
        table.start = Some(StartHint { civil, is_time_origin: false });
    }
    table.facts.extend(facts);
}

/// The channel is part of the file's name (`…_Channel_2_Wb_1.CSV`, `…_CH33.csv`).
pub(super) fn describe(table: &mut RawTable, source: &Source) {
    let stem = source.stem();
    let number_behind = |mark: &str| {
        let at = stem.to_ascii_lowercase().rfind(mark)? + mark.len();
        let digits: String = stem.get(at..)?.chars().take_while(char::is_ascii_digit).collect();
        (!digits.is_empty()).then_some(digits)
    };
    let setup = &mut table.metadata.test_setup;
    setup.channel_number = number_behind("_channel_").or_else(|| number_behind("_ch"));
    setup.test_name = Some(stem.to_owned());
}
