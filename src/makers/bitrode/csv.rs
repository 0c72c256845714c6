//! Bitrode csv exports (docs/formats/bitrode.md#layout).
//!
//! Seen in: no file at hand; the layouts are those of public descriptions.

use super::words::BITRODE;
use crate::error::Result;
use crate::formats::delimited::{self, Header};
use crate::formats::{Format, Info, ReadOptions, Sealed, dates, labels};
use crate::note::{NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawTable, StartHint};
use crate::text::encoding::Encoding;
use crate::text::timestamp::Order;
use crate::vocab::Folded;

/// Lines that are searched for the header.
const LINES: usize = 64;

static INFO: Info = Info {
    id: "bitrode_csv",
    name: "Bitrode csv",
    maker: &crate::makers::bitrode::BITRODE,
    extensions: &["csv", "txt"],
    software: "VisuaLCN",
};

/// The reader.
#[derive(Debug)]
pub(super) struct BitrodeCsv;

impl Sealed for BitrodeCsv {}

impl Format for BitrodeCsv {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        delimited::sniff(probe, 92, locate, WHAT)
    }

    fn reads_pieces(&self) -> bool {
        true
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let header =
            locate(&opened.bytes, opened.start, opened.encoding).ok_or_else(|| delimited::no_header(WHAT, LINES))?;
        let preamble = opened.bytes.get(opened.start..header.start).unwrap_or_default();
        let (preamble, _) = opened.encoding.decode(preamble);
        let with_units = header.cells.iter().any(|cell| cell.contains(", "));
        let mut table = RawTable::new(&BITRODE, if with_units { "units behind commas" } else { "plain names" });
        describe(&mut table, &preamble, source, notes);
        notes
            .say(NoteCode::UnverifiedLayout, "Bitrode exports are read by their descriptions; no real one was at hand");
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

const WHAT: &str = "Total Time, Current, Voltage, and a loop counter, a mark or a flag of Bitrode";

/// docs/formats/bitrode.md#header-test.
fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    delimited::find_header(bytes, start, encoding, &BITRODE, LINES, |cells: &[Folded]| {
        let has = |key: &str| cells.iter().any(|cell| cell.key == key);
        let own = has("loopcounter1") || has("exclude") || has("dataacquisitionflag") || has("amphours");
        has("totaltime") && has("current") && has("voltage") && own
    })
}

/// docs/formats/bitrode.md#metadata.
fn describe(table: &mut RawTable, preamble: &str, source: &Source, notes: &mut Notes) {
    table.facts = labels::lines(preamble, &['\t', ',', ':']);
    let facts = &table.facts;
    let get = |label: &str| labels::get(facts, label).map(str::to_owned);
    let setup = &mut table.metadata.test_setup;
    setup.test_name = get("Test Name").or_else(|| get("TestName")).or_else(|| Some(source.stem().to_owned()));
    setup.operator = get("Operator");
    setup.channel_number = get("Circuit").or_else(|| get("Channel"));
    setup.barcode_comment = get("Serial Number").or_else(|| get("Barcode"));
    setup.instrument = get("Unit");
    table.metadata.protocol.name = get("Program Name").or_else(|| get("Program"));
    let date = get("Test Date").or_else(|| get("Start Time")).or_else(|| get("Start Date"));
    let evidence = dates::evidence(date.as_deref());
    table.date_order = evidence.decide();
    let start = date.and_then(|date| dates::start(&date, evidence, Order::MonthDayYear, notes));
    table.start = start.map(|civil| StartHint { civil, is_time_origin: civil.has_time });
}
