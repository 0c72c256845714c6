//! Arbin csv exports (arbin.md §1, §5).
//!
//! Seen in: MITS Pro 7, 8 and 10 exports and database extracts, dialects A–C of arbin.md §5.3.

use super::delimited::{self, Header};
use super::{Info, ReadOptions, Reader};
use crate::error::Result;
use crate::note::Notes;
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::RawTable;
use crate::text::encoding::Encoding;
use crate::text::timestamp::Order;
use crate::vocab::{ARBIN, Folded, Maker};

static INFO: Info = Info {
    id: "arbin_csv",
    name: "Arbin csv",
    maker: Maker::Arbin,
    extensions: &["csv"],
    software: "MITS Pro 7, 8, 10",
};

/// The reader.
#[derive(Debug)]
pub(super) struct ArbinCsv;

impl Reader for ArbinCsv {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        match locate(&text.bytes, 0, text.detected.encoding) {
            Some(_) => Score::yes(90, "first line has Step Index, Test Time, Current and Voltage"),
            None => Score::no("first line has not Step Index, Test Time, Current and Voltage together"),
        }
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let header = locate(&opened.bytes, opened.start, opened.encoding)
            .ok_or_else(|| delimited::no_header("Step Index, Test Time, Current and Voltage", 1))?;
        let mut table = RawTable::new(&ARBIN, dialect(&header));
        // Arbin writes US order; only a first number above 12 says otherwise (arbin.md §5.4).
        table.date_order = Some(Order::MonthDayYear);
        describe(&mut table, source);
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

/// arbin.md §1: a statistics table has the same names and these besides.
fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    delimited::find_header(bytes, start, encoding, &ARBIN, 1, |cells: &[Folded]| {
        let has = |key: &str| cells.iter().any(|cell| cell.key == key);
        let statistics =
            has("charge time") || has("v max on cycle") || has("vmax on cycle") || has("coulombic efficiency");
        // The Battery Data Format writes "Voltage / V"; a table of it may keep an Arbin table's columns beside its own.
        let converted = cells.iter().any(|cell| cell.key.contains(" / "));
        has("step index") && has("test time") && has("current") && has("voltage") && !statistics && !converted
    })
}

fn dialect(header: &Header) -> &'static str {
    let has = |cell: &str| header.cells.iter().any(|c| c == cell);
    match () {
        () if has("Test Time (s)") => "MITS 8 and 10 export (§5.3 A)",
        () if has("Test_Time(s)") => "MITS 7 export (§5.3 B)",
        () if has("Test_Time") => "database extract (§5.3 C)",
        () => "other spelling",
    }
}

/// The channel is part of the file's name (`…_Channel_2_Wb_1.CSV`, `…_CH33.csv`).
fn describe(table: &mut RawTable, source: &Source) {
    let name = source.file_name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let number_behind = |mark: &str| {
        let at = stem.to_ascii_lowercase().rfind(mark)? + mark.len();
        let digits: String = stem.get(at..)?.chars().take_while(char::is_ascii_digit).collect();
        (!digits.is_empty()).then_some(digits)
    };
    let setup = &mut table.metadata.test_setup;
    setup.channel_number = number_behind("_channel_").or_else(|| number_behind("_ch"));
    setup.test_name = Some(stem.to_owned());
}
