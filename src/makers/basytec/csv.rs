//! BaSyTec csv files of six columns (docs/formats/basytec.md#csv-files).
//!
//! Seen in: no file at hand; the layout is the one that public descriptions of an ageing study give.

use super::words::BASYTEC;
use crate::error::Result;
use crate::formats::delimited::{self, Header};
use crate::formats::{Format, Info, ReadOptions, Sealed, labels};
use crate::note::{NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawTable, StartHint};
use crate::text::encoding::Encoding;
use crate::text::timestamp::{self, Order};
use crate::vocab::Folded;

static INFO: Info = Info {
    id: "basytec_csv",
    name: "BaSyTec csv",
    maker: &crate::makers::basytec::BASYTEC,
    extensions: &["csv"],
    software: "BaSyTec battery test software",
};

/// The reader.
#[derive(Debug)]
pub(super) struct BasytecCsv;

impl Sealed for BasytecCsv {}

impl Format for BasytecCsv {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        match locate(&text.bytes, 0, text.detected.encoding) {
            Some(header) => Score::yes(95, format!("line {} has run_time, c_vol and c_cur", header.line)),
            None => Score::no("no line at the top has run_time, c_vol and c_cur"),
        }
    }

    fn reads_pieces(&self) -> bool {
        true
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let header = locate(&opened.bytes, opened.start, opened.encoding)
            .ok_or_else(|| delimited::no_header("run_time, c_vol and c_cur", delimited::PREAMBLE))?;
        let mut table = RawTable::new(&BASYTEC, "csv");
        table.metadata.test_setup.test_name = Some(source.stem().to_owned());
        if let Some(bytes) = source.side_file(&format!("{}_meta.txt", source.stem())) {
            describe(&mut table, &String::from_utf8_lossy(&bytes));
        }
        notes.say(
            NoteCode::UnverifiedLayout,
            "BaSyTec csv files are read by their description; no real one was at hand",
        );
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    delimited::find_header(bytes, start, encoding, &BASYTEC, delimited::PREAMBLE, |cells: &[Folded]| {
        ["run_time", "c_vol", "c_cur"].iter().all(|key| cells.iter().any(|cell| cell.key == *key))
    })
}

/// What stands beside it in `…_meta.txt`: facts above a line of dashes.
fn describe(table: &mut RawTable, text: &str) {
    let head = text.split("---").next().unwrap_or_default();
    table.facts = labels::lines(head, &[':']);
    let start = labels::get(&table.facts, "Measurement start date");
    let civil = start.and_then(|start| timestamp::parse(start.as_bytes(), Order::DayMonthYear));
    table.start = civil.map(|civil| StartHint { civil, is_time_origin: true });
}
