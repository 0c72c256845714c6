//! Text files that the BaSyTec software converts (docs/formats/basytec.md#text-files).
//!
//! Seen in: a file of 2023 with tabs and seconds; headers with hours, semicolons and blanks in public descriptions.

use super::words::BASYTEC;
use crate::error::Result;
use crate::formats::delimited::{self, Header, Opened};
use crate::formats::{Format, Info, ReadOptions, Sealed, labels};
use crate::note::Notes;
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawTable, StartHint};
use crate::text::encoding::Encoding;
use crate::text::timestamp::{self, Order};
use crate::vocab::Folded;

static INFO: Info = Info {
    id: "basytec_text",
    name: "BaSyTec text",
    maker: &crate::makers::basytec::BASYTEC,
    extensions: &["txt", "csv"],
    software: "BaSyTec battery test software",
};

/// The reader.
#[derive(Debug)]
pub(super) struct BasytecText;

impl Sealed for BasytecText {}

impl Format for BasytecText {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        let tabbed = tabbed(&text.bytes);
        match locate(tabbed.as_deref().unwrap_or(&text.bytes), 0, text.detected.encoding) {
            Some(header) => {
                Score::yes(95, format!("line {} has Time, U[V], I[A] and columns of a BaSyTec test plan", header.line))
            }
            None => Score::no("no line at the top has Time, U[V], I[A] and DataSet, Line, Command or t-Step"),
        }
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let mut opened = delimited::open(source, options, notes)?;
        let own = opened.bytes.get(opened.start..).unwrap_or_default();
        let dialect = if let Some(bytes) = tabbed(own) {
            opened = Opened { bytes: bytes.into(), start: 0, encoding: opened.encoding };
            "columns between blanks"
        } else {
            "text"
        };
        let header = locate(&opened.bytes, opened.start, opened.encoding)
            .ok_or_else(|| delimited::no_header("Time, U[V] and I[A]", delimited::PREAMBLE))?;
        let preamble = opened.bytes.get(opened.start..header.start).unwrap_or_default();
        let (preamble, _) = opened.encoding.decode(preamble);
        let mut table = RawTable::new(&BASYTEC, dialect);
        describe(&mut table, &preamble);
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

/// docs/formats/basytec.md#text-files
fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    let header =
        delimited::find_header(bytes, start, encoding, &BASYTEC, delimited::PREAMBLE, |cells: &[Folded]| {
            let unit = |key: &str| cells.iter().any(|cell| cell.key == key && cell.unit.is_some());
            unit("time") && unit("u") && unit("i")
        })?;
    let plan = ["dataset", "line", "command", "t-step", "t-set", "cyc-count"];
    let is_own = |cell: &String| cell.starts_with("~Time[") || plan.contains(&(BASYTEC.fold)(cell).key.as_str());
    header.cells.iter().any(is_own).then_some(header)
}

/// The text with tabs between columns, where blanks stand between the names (docs/formats/basytec.md#separators). A date and
/// its time of day are one column then.
fn tabbed(bytes: &[u8]) -> Option<Vec<u8>> {
    let lines = || bytes.split_inclusive(|b| *b == b'\n');
    let head = bytes.get(..1 << 16).unwrap_or(bytes);
    let is_names = |line: &[u8]| {
        let separated = line.iter().any(|b| matches!(b, b'\t' | b';' | b','));
        line.starts_with(b"~Time[") && !separated && line.contains(&b' ')
    };
    let names = head.split_inclusive(|b| *b == b'\n').find(|line| is_names(line))?;
    let is_date = |word: &[u8]| word.eq_ignore_ascii_case(b"datetime") || word.eq_ignore_ascii_case(b"date/time");
    let date = names.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).position(is_date);
    let mut out = Vec::new();
    let mut is_body = false;
    for line in lines() {
        is_body |= is_names(line);
        if !is_body {
            out.extend_from_slice(line);
            continue;
        }
        for (k, word) in line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).enumerate() {
            // A time of day behind its date; a row that lacks a cell stays short.
            let joins = date.is_some_and(|date| k == date + 1) && word.contains(&b':');
            if k > 0 {
                out.push(if joins { b' ' } else { b'\t' });
            }
            out.extend_from_slice(word);
        }
        out.extend(line.last().filter(|b| **b == b'\n'));
    }
    Some(out)
}

/// docs/formats/basytec.md#metadata.
fn describe(table: &mut RawTable, preamble: &str) {
    table.facts = labels::lines(preamble, &[':']);
    let facts = &table.facts;
    let get = |label: &str| labels::get(facts, label).map(str::to_owned);
    let setup = &mut table.metadata.test_setup;
    setup.test_name = get("Name of Test");
    setup.cell_label = get("Battery");
    setup.operator = get("Operator (Test)");
    setup.export_date = get("Date and Time of Data Converting");
    setup.end_time = get("End of Test");
    // `1814 CH14 XCTS_40`.
    let channel = get("Testchannel");
    let number = |channel: &str| {
        let digits = channel.split_whitespace().find_map(|word| word.strip_prefix("CH"))?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.trim_start_matches('0').to_owned())
    };
    setup.channel_number = channel.as_deref().and_then(number).filter(|n| !n.is_empty()).or_else(|| channel.clone());
    setup.instrument = channel;
    table.metadata.protocol.name = get("Testplan");
    // A German program: the day stands first.
    table.date_order = Some(Order::DayMonthYear);
    let start = get("Start of Test").and_then(|start| timestamp::parse(start.as_bytes(), Order::DayMonthYear));
    table.start = start.map(|civil| StartHint { civil, is_time_origin: true });
}
