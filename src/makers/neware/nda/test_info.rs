//! Test information of versions 1 to 29 (docs/formats/nda.md#test-information).

use std::ops::{Range, RangeInclusive};

use crate::binary::{at, gb18030, until_nul};
use crate::makers::neware::records::Facts;

/// Where one version of an entry keeps its strings: place and length.
struct Entry {
    versions: RangeInclusive<u8>,
    size: usize,
    start: (usize, usize),
    end: Option<(usize, usize)>,
    creator: (usize, usize),
    part: (usize, usize),
    remarks: (usize, usize),
    barcode: Option<(usize, usize)>,
    name: Option<(usize, usize)>,
    schedule: Option<(usize, usize)>,
}

const LATE: Entry = Entry {
    versions: 11..=15,
    size: 327,
    start: (37, 20),
    end: Some((57, 20)),
    creator: (77, 60),
    part: (137, 90),
    remarks: (227, 100),
    barcode: None,
    name: None,
    schedule: None,
};

static ENTRIES: [Entry; 5] = [
    Entry {
        versions: 1..=10,
        size: 211,
        start: (36, 20),
        end: None,
        creator: (76, 15),
        part: (91, 20),
        remarks: (111, 100),
        ..LATE
    },
    LATE,
    Entry { versions: 16..=16, size: 343, ..LATE },
    Entry { versions: 17..=28, size: 383, barcode: Some((343, 40)), ..LATE },
    Entry {
        versions: 29..=29,
        size: 503,
        barcode: Some((343, 40)),
        name: Some((383, 60)),
        schedule: Some((443, 60)),
        ..LATE
    },
];

/// Places in an entry of any version: device, unit and channel, a byte each; test id, u32.
const CHANNEL: [usize; 3] = [0, 1, 2];
const TEST_ID: usize = 3;

/// Places in the head of the file: name and version of the old server; the offset of three strings of [`VERSION_LENGTH`]
/// bytes.
const OLD_SERVER: (usize, usize) = (112, 30);
const VERSIONS: usize = 196;
const VERSION_LENGTH: usize = 50;

/// A string of fixed width, at a place and of a length.
pub(super) fn text(entry: &[u8], (place, length): (usize, usize)) -> Option<String> {
    gb18030(until_nul(entry, place, length))
}

/// `block` holds one entry for each start of the test; the last counts.
pub(super) fn read(bytes: &[u8], version: u8, block: Option<Range<usize>>) -> Facts {
    let mut facts = Facts { software: software(bytes), mass: mass(bytes, version), ..Facts::default() };
    let Some(layout) = ENTRIES.iter().find(|entry| entry.versions.contains(&version)) else { return facts };
    let block = block.and_then(|block| bytes.get(block.start..block.end.min(bytes.len()))).unwrap_or_default();
    let entries: Vec<&[u8]> = block.chunks_exact(layout.size).collect();
    let Some(entry) = entries.last() else { return facts };
    let [device, unit, channel] = CHANNEL.map(|place| at::<u8>(entry, place).unwrap_or(0));
    facts.channel = Some(format!("{device}-{unit}-{channel}"));
    facts.test_id = at::<u32>(entry, TEST_ID).map(|id| id.to_string());
    // The first start is when the records begin.
    facts.start = entries.first().and_then(|first| text(first, layout.start));
    facts.end = layout.end.and_then(|place| text(entry, place));
    facts.creator = text(entry, layout.creator);
    facts.part = text(entry, layout.part);
    facts.remarks = text(entry, layout.remarks);
    facts.barcode = layout.barcode.and_then(|place| text(entry, place));
    facts.test_name = layout.name.and_then(|place| text(entry, place));
    facts.schedule = layout.schedule.and_then(|place| text(entry, place));
    let later = entries.iter().skip(1).filter_map(|entry| text(entry, layout.start));
    facts.more.extend(later.map(|start| ("Restarted".to_owned(), start)));
    facts
}

/// Active mass in µg.
fn mass(bytes: &[u8], version: u8) -> Option<f64> {
    let place = match version {
        0..=7 => 80,
        8 => 144,
        _ => 152,
    };
    at::<u32>(bytes, place).map(f64::from)
}

/// The version strings of server and client; older files have the server's alone.
fn software(bytes: &[u8]) -> Option<String> {
    let directory = at::<u32>(bytes, VERSIONS).and_then(|place| usize::try_from(place).ok()).filter(|place| *place > 0);
    let strings = directory
        .map(|place| [0, 1, 2].map(|k| text(bytes, (place.saturating_add(k * VERSION_LENGTH), VERSION_LENGTH))));
    let mut known: Vec<String> =
        strings.into_iter().flatten().flatten().filter(|text| text.starts_with("BTS")).collect();
    known.dedup();
    if known.is_empty() { text(bytes, OLD_SERVER) } else { Some(known.join(", ")) }
}
