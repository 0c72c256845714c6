//! The Voltaiq data format (docs/formats/voltaiq.md#layout).
//!
//! Seen in: a file of version 3.0 of 2022.

use super::words::VOLTAIQ;
use crate::error::Result;
use crate::formats::delimited::{self, Header};
use crate::formats::{Format, Info, ReadOptions, Sealed, labels};
use crate::note::{Note, NoteCode, Notes};
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::{RawTable, StartHint};
use crate::text::encoding::Encoding;
use crate::text::timestamp::{self, Order};
use crate::vocab::Folded;
use crate::zone::Zone;

/// The line in front of the names.
const MARK: &[u8] = b"[DATA START]";

static INFO: Info = Info {
    id: "voltaiq_vdf",
    name: "Voltaiq data format",
    maker: &crate::makers::voltaiq::VOLTAIQ,
    extensions: &["csv", "vdf"],
    software: "whatever writes VDF 3",
};

/// The reader.
#[derive(Debug)]
pub(super) struct VoltaiqVdf;

impl Sealed for VoltaiqVdf {}

impl Format for VoltaiqVdf {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn sniff(&self, probe: &Probe<'_>) -> Score {
        let Some(text) = &probe.text else { return Score::no("not text") };
        match locate(&text.bytes, 0, text.detected.encoding) {
            Some(header) => {
                Score::yes(95, format!("line {} behind [DATA START] has Test Time, Current and Potential", header.line))
            }
            None => Score::no("no line [DATA START] with Test Time, Current and Potential behind it"),
        }
    }

    fn reads_pieces(&self) -> bool {
        true
    }

    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>> {
        let opened = delimited::open(source, options, notes)?;
        let header = locate(&opened.bytes, opened.start, opened.encoding)
            .ok_or_else(|| delimited::no_header("Test Time, Current and Potential behind [DATA START]", 3))?;
        let preamble = opened.bytes.get(opened.start..header.start).unwrap_or_default();
        let (preamble, _) = opened.encoding.decode(preamble);
        let mut table = RawTable::new(&VOLTAIQ, "VDF");
        describe(&mut table, &preamble, source, notes);
        Ok(vec![delimited::build(table, opened, header, options, notes)?])
    }
}

fn locate(bytes: &[u8], start: usize, encoding: Encoding) -> Option<Header> {
    let text = bytes.get(start..)?;
    let at = memchr::memmem::find(text, MARK)?;
    let lines = memchr::memchr_iter(b'\n', text.get(..at)?).count() as u64;
    let mut header = delimited::find_header(bytes, start + at, encoding, &VOLTAIQ, 3, |cells: &[Folded]| {
        let has = |key: &str| cells.iter().any(|cell| cell.key == key);
        has("test time") && has("current") && (has("potential") || has("voltage"))
    })?;
    header.line += lines;
    Some(header)
}

/// docs/formats/voltaiq.md#metadata.
fn describe(table: &mut RawTable, preamble: &str, source: &Source, notes: &mut Notes) {
    table.facts = labels::lines(preamble, &[':']);
    let facts = &table.facts;
    let get = |label: &str| labels::get(facts, label).map(str::to_owned);
    let setup = &mut table.metadata.test_setup;
    // The format is no cycler.
    setup.cycler = get("Tester Type").or_else(|| get("Tester"));
    setup.instrument = get("Tester ID");
    setup.channel_number = get("Channel Number");
    setup.test_name = get("Test Name").or_else(|| Some(source.stem().to_owned()));
    setup.operator = get("Operator");
    setup.cell_label = get("Device Name").or_else(|| get("Cell ID"));
    table.metadata.protocol.name = get("Protocol Name").or_else(|| get("Protocol"));
    let start = get("Start Time").and_then(|start| timestamp::parse_or_number(start.as_bytes(), Order::YearMonthDay));
    table.start = start.map(|civil| StartHint { civil, is_time_origin: true });
    // Times are in UTC. The offset of the place is that at the start, and none where the place is not known.
    let place = get("Timezone").unwrap_or_default();
    let stated = timestamp::zone(format!("00:00 {place}").as_bytes());
    let at = start.and_then(|civil| jiff::Timestamp::from_millisecond(civil.milliseconds).ok());
    let of_place = || {
        let zone: Zone = place.parse().ok()?;
        i16::try_from(zone.time_zone().to_offset(at?).seconds() / 60).ok()
    };
    let offset = stated.or_else(of_place);
    if offset.is_none() && !place.is_empty() {
        let message =
            format!("the place {place:?} has no known clock: the start is shown in UTC, in which the file has it");
        notes.push(Note::new(NoteCode::MetadataIgnored, message));
    }
    table.utc_offset = Some(offset.unwrap_or(0));
}
