//! Test information of `.nda` files (docs/formats/nda.md#test-information, docs/formats/nda.md#test-information-of-bts-9).

use std::ops::Range;

use super::super::records::Facts;
use crate::binary::{at, gb18030, until_nul};

/// Where one version of an entry keeps its strings: place and length.
struct Entry {
    versions: std::ops::RangeInclusive<u8>,
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

fn text(entry: &[u8], (place, length): (usize, usize)) -> Option<String> {
    gb18030(until_nul(entry, place, length))
}

/// Facts of versions 1 to 29. `block` holds one entry for each start of the test; the last counts.
pub(super) fn old(bytes: &[u8], version: u8, block: Option<Range<usize>>) -> Facts {
    let mut facts = Facts { software: software(bytes), mass: mass(bytes, version), ..Facts::default() };
    let Some(layout) = ENTRIES.iter().find(|entry| entry.versions.contains(&version)) else { return facts };
    let block = block.and_then(|block| bytes.get(block.start..block.end.min(bytes.len()))).unwrap_or_default();
    let entries: Vec<&[u8]> = block.chunks_exact(layout.size).collect();
    let Some(entry) = entries.last() else { return facts };
    let byte = |place| at::<u8>(entry, place).unwrap_or(0);
    facts.channel = Some(format!("{}-{}-{}", byte(0), byte(1), byte(2)));
    facts.test_id = at::<u32>(entry, 3).map(|id| id.to_string());
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
    let directory = at::<u32>(bytes, 196).and_then(|place| usize::try_from(place).ok()).filter(|place| *place > 0);
    let strings = directory.map(|place| [0, 50, 100].map(|k| text(bytes, (place.saturating_add(k), 50))));
    let mut known: Vec<String> =
        strings.into_iter().flatten().flatten().filter(|text| text.starts_with("BTS")).collect();
    known.dedup();
    if known.is_empty() { text(bytes, (112, 30)) } else { Some(known.join(", ")) }
}

/// The block of docs/formats/nda.md#test-information-of-bts-9.
#[derive(Debug, Default)]
pub(super) struct Modern {
    pub(super) facts: Facts,
    /// Number of records that it states.
    pub(super) records: Option<u32>,
}

/// Facts of versions 129 and 130.
pub(super) fn modern(bytes: &[u8], block: &[u8], version: u16) -> Modern {
    let mut modern = Modern::default();
    modern.facts.software = version_text(bytes);
    modern.facts.mass = at::<u32>(bytes, 330).map(f64::from);
    let own = at::<u16>(block, 0).unwrap_or(0);
    let tail = if own >= 8 {
        modern.facts.creator = text(block, (8, 32));
        modern.facts.part = text(block, (40, 32));
        modern.facts.schedule = text(block, (200, 64));
        modern.facts.remarks = text(block, (264, 64));
        modern.facts.more.extend(text(block, (328, 32)).map(|model| ("Battery model".to_owned(), model)));
        let tail = if version == 42 { 552 } else { 424 };
        modern.records = at::<u32>(block, tail + 4);
        Some((tail, tail + 8))
    } else {
        let mask = at::<u32>(block, 4).unwrap_or(0);
        let mut place = 12;
        for bit in 2..=5 {
            if mask & (1 << bit) == 0 {
                continue;
            }
            let found = text(block, (place, 128));
            match bit {
                2 => modern.facts.creator = found,
                3 => modern.facts.part = found,
                4 => modern.facts.remarks = found,
                _ => {}
            }
            place += 128;
        }
        if mask & (1 << 30) != 0 {
            modern.records = at::<u32>(block, place + 20);
        }
        Some((place, place + 4))
    };
    if let Some((id, times)) = tail {
        let (start, end) = (at::<u64>(block, times), at::<u64>(block, times + 8));
        // 2005 to 2035 in µs.
        let plausible = 1_104_537_600_000_000..2_051_222_400_000_000u64;
        match (start, end) {
            (Some(start), Some(end)) if plausible.contains(&start) && plausible.contains(&end) && end >= start => {
                modern.facts.test_id = at::<u32>(block, id).map(|id| id.to_string());
                let utc = |micros: u64| jiff::Timestamp::from_microsecond(micros as i64).ok().map(|at| at.to_string());
                modern.facts.more.extend(utc(start).map(|at| ("Start time (UTC)".to_owned(), at)));
                modern.facts.end = utc(end);
            }
            // A block of another kind: nothing of it is sure.
            _ => {
                modern = Modern {
                    facts: Facts { software: modern.facts.software, mass: modern.facts.mass, ..Facts::default() },
                    records: None,
                }
            }
        }
    }
    modern
}

/// The first run of digits with at least four dots among bytes 242 to 300.
fn version_text(bytes: &[u8]) -> Option<String> {
    let area = bytes.get(242..300)?;
    let runs = area.split(|b| !(b.is_ascii_alphanumeric() || *b == b'.'));
    let run = runs
        .into_iter()
        .find(|run| run.iter().filter(|b| **b == b'.').count() >= 4 && run.first().is_some_and(u8::is_ascii_digit))?;
    Some(format!("BTS {}", String::from_utf8_lossy(run)))
}
