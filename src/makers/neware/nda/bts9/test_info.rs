//! Test information of BTS 9 (docs/formats/nda.md#test-information-of-bts-9).

use super::super::test_info::text;
use crate::binary::at;
use crate::makers::neware::records::Facts;

/// Places in the head of the file: active mass in µg, and where the software's version stands.
const MASS: usize = 330;
const SOFTWARE: std::ops::Range<usize> = 242..300;

/// From this version of its own on the block keeps strings in fixed places.
const FIXED_SINCE: u16 = 8;

/// Places and lengths of strings in a block with fixed places.
const CREATOR: (usize, usize) = (8, 32);
const PART: (usize, usize) = (40, 32);
const SCHEDULE: (usize, usize) = (200, 64);
const REMARKS: (usize, usize) = (264, 64);
const MODEL: (usize, usize) = (328, 32);

/// Where the tail of such a block begins, by the version of the records.
fn tail(record_version: u16) -> usize {
    if record_version == 42 { 552 } else { 424 }
}

/// Places in the tail: test id, number of records, then start and end.
const TAIL_RECORDS: usize = 4;
const TAIL_TIMES: usize = 8;

/// A block without fixed places: a mask of what is there, then strings of one length, one for each of these bits.
const MASK: usize = 4;
const STRINGS: usize = 12;
const STRING: usize = 128;
const STRING_BITS: std::ops::RangeInclusive<u32> = 2..=5;
/// The bit that says that the number of records is there, and its distance from the end of the strings.
const RECORDS_BIT: u32 = 30;
const MASKED_RECORDS: usize = 20;
/// Distance of the times from the end of the strings, behind the test id.
const MASKED_TIMES: usize = 4;

/// Start and end that can be believed: 2005 to 2035 in µs.
const PLAUSIBLE: std::ops::Range<u64> = 1_104_537_600_000_000..2_051_222_400_000_000;

/// What the block says.
#[derive(Debug, Default)]
pub(super) struct TestInfo {
    pub(super) facts: Facts,
    /// Number of records that it states.
    pub(super) records: Option<u32>,
}

pub(super) fn read(bytes: &[u8], block: &[u8], record_version: u16) -> TestInfo {
    let sure =
        || Facts { software: version_text(bytes), mass: at::<u32>(bytes, MASS).map(f64::from), ..Facts::default() };
    let mut info = TestInfo { facts: sure(), records: None };
    let own = at::<u16>(block, 0).unwrap_or(0);
    let (id, times) =
        if own >= FIXED_SINCE { fixed(block, record_version, &mut info) } else { masked(block, &mut info) };
    let (start, end) = (at::<u64>(block, times), at::<u64>(block, times + 8));
    match (start, end) {
        (Some(start), Some(end)) if PLAUSIBLE.contains(&start) && PLAUSIBLE.contains(&end) && end >= start => {
            info.facts.test_id = at::<u32>(block, id).map(|id| id.to_string());
            let utc = |micros: u64| jiff::Timestamp::from_microsecond(micros as i64).ok().map(|at| at.to_string());
            info.facts.more.extend(utc(start).map(|at| ("Start time (UTC)".to_owned(), at)));
            info.facts.end = utc(end);
            info
        }
        // A block of another kind: nothing of it is sure.
        _ => TestInfo { facts: sure(), records: None },
    }
}

/// Takes the strings of a block with fixed places. Returns the places of the test id and of the times.
fn fixed(block: &[u8], record_version: u16, info: &mut TestInfo) -> (usize, usize) {
    info.facts.creator = text(block, CREATOR);
    info.facts.part = text(block, PART);
    info.facts.schedule = text(block, SCHEDULE);
    info.facts.remarks = text(block, REMARKS);
    info.facts.more.extend(text(block, MODEL).map(|model| ("Battery model".to_owned(), model)));
    let tail = tail(record_version);
    info.records = at::<u32>(block, tail + TAIL_RECORDS);
    (tail, tail + TAIL_TIMES)
}

/// The same of a block with a mask.
fn masked(block: &[u8], info: &mut TestInfo) -> (usize, usize) {
    let mask = at::<u32>(block, MASK).unwrap_or(0);
    let is_set = |bit: u32| mask & (1 << bit) != 0;
    let mut place = STRINGS;
    for bit in STRING_BITS.filter(|bit| is_set(*bit)) {
        let found = text(block, (place, STRING));
        match bit {
            2 => info.facts.creator = found,
            3 => info.facts.part = found,
            4 => info.facts.remarks = found,
            // Nobody knows what the last one is.
            _ => {}
        }
        place += STRING;
    }
    if is_set(RECORDS_BIT) {
        info.records = at::<u32>(block, place + MASKED_RECORDS);
    }
    (place, place + MASKED_TIMES)
}

/// The first run of digits with at least four dots where the software's version stands.
fn version_text(bytes: &[u8]) -> Option<String> {
    let area = bytes.get(SOFTWARE)?;
    let mut runs = area.split(|b| !(b.is_ascii_alphanumeric() || *b == b'.'));
    let is_version =
        |run: &&[u8]| run.iter().filter(|b| **b == b'.').count() >= 4 && run.first().is_some_and(u8::is_ascii_digit);
    Some(format!("BTS {}", String::from_utf8_lossy(runs.find(is_version)?)))
}
