//! Digatron csv and text exports (docs/formats/digatron.md#layout).
//!
//! Seen in: no file at hand; the layouts are those of public data sets and of their descriptions.

use super::words::DIGATRON;
use crate::error::Result;
use crate::formats::delimited::{self, Header};
use crate::formats::{Format, Info, ReadOptions, Sealed, dates, labels};
use crate::note::{NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::schema::Column;
use crate::source::Source;
use crate::table::{RawTable, StartHint};
use crate::text::encoding::Encoding;
use crate::text::timestamp::Order;
use crate::vocab::{Folded, Role};

/// Lines that are searched for the header.
const LINES: usize = 64;

static INFO: Info = Info {
    id: "digatron_csv",
    name: "Digatron csv",
    maker: &crate::makers::digatron::DIGATRON,
    extensions: &["csv", "txt"],
    software: "BTS-600, Battery Manager",
};

/// The reader.
#[derive(Debug)]
pub(super) struct DigatronCsv;

impl Sealed for DigatronCsv {}

impl Format for DigatronCsv {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        delimited::sniff(probe, 94, locate, WHAT)
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
        let mut table = RawTable::new(&DIGATRON, dialect(&header));
        describe(&mut table, &preamble, source, notes);
        if table.dialect == GERMAN {
            table.date_order = Some(Order::DayMonthYear);
        }
        notes.say(
            NoteCode::UnverifiedLayout,
            "Digatron exports are read by their descriptions; no real one was at hand",
        );
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

/// The dialect whose dates have the day first.
const GERMAN: &str = "German names";

const WHAT: &str = "a voltage, a current, and Prog Time or Programmdauer or units behind #, as Digatron names them";

/// docs/formats/digatron.md#header-test.
fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    let header = delimited::find_header(bytes, start, encoding, &DIGATRON, LINES, |cells: &[Folded]| {
        let role = |cell: &Folded| DIGATRON.find(cell).map(|(_, term, _)| term.role);
        let has = |column| cells.iter().any(|cell| role(cell) == Some(Role::Column(column)));
        has(Column::Voltage) && has(Column::Current) && (has(Column::Time) || has(Column::Timestamp))
    })?;
    let own = |cell: &String| {
        let key = (DIGATRON.fold)(cell).key;
        let names = ["progtime", "programtime", "programduration", "programmdauer", "progdauer", "ahaccu", "ahakku"];
        names.contains(&key.as_str())
    };
    let hashed = |name: &str| header.cells.iter().any(|cell| cell.to_lowercase().starts_with(name));
    (header.cells.iter().any(own) || (hashed("voltage#") && hashed("current#"))).then_some(header)
}

fn dialect(header: &Header) -> &'static str {
    let has = |test: &dyn Fn(&str) -> bool| header.cells.iter().any(|cell| test(&cell.to_lowercase()));
    match () {
        () if has(&|cell| cell.starts_with("voltage#")) => "units behind #",
        () if has(&|cell| cell.starts_with("spannung")) => GERMAN,
        () => "row of units",
    }
}

/// docs/formats/digatron.md#metadata.
fn describe(table: &mut RawTable, preamble: &str, source: &Source, notes: &mut Notes) {
    table.facts = labels::lines(preamble, &[',', ';', '\t', ':']);
    let facts = &table.facts;
    let get = |label: &str| labels::get(facts, label).map(str::to_owned);
    let setup = &mut table.metadata.test_setup;
    setup.source_file_id = get("Measurement ID");
    setup.cell_label = get("Battery Name");
    setup.test_name = get("Test section").or_else(|| Some(source.stem().to_owned()));
    setup.channel_number = get("Circuit Number").or_else(|| get("Circuit"));
    setup.instrument = get("Cycler").or_else(|| get("Device Name"));
    table.cell.capacity = get("Nominal Capacity").map(|capacity| format!("{capacity} A.h"));
    table.metadata.protocol.name = get("Program Name").or_else(|| get("Program"));
    let date = get("Start Time");
    let evidence = dates::evidence(date.as_deref());
    table.date_order = evidence.decide();
    let start = date.and_then(|date| dates::start(&date, evidence, Order::MonthDayYear, notes));
    table.start = start.map(|civil| StartHint { civil, is_time_origin: true });
}
