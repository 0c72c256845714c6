//! Times, counters and the clock of some records, the anchors (docs/formats/ndax.md#run-information).

use super::container::Ndc;
use super::pair_records::Units;
use crate::binary::{Scalar, at};

/// What the run information says of one record.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Anchor {
    /// Number of the record.
    pub(super) number: u32,
    /// ms since the step began.
    pub(super) step_time: f64,
    /// Charge and discharge capacity in mA.h, charge and discharge energy in mW.h.
    pub(super) counters: [f64; 4],
    /// ms from record to record.
    pub(super) interval: f64,
    /// ms since 1970, UTC.
    pub(super) clock: f64,
    /// Executed step; 0 where it is not stated.
    pub(super) run: u32,
}

/// Where every version keeps the step time and the four counters.
const STEP_TIME: usize = 0;
const COUNTERS: [usize; 4] = [5, 9, 13, 17];

/// Distances from the sampling interval, the same in every version.
const CLOCK: usize = 4;
const RUN: usize = 8;
const NUMBER: usize = 12;

/// Where versions differ.
#[derive(Debug, Clone, Copy)]
struct Layout {
    size: usize,
    interval: usize,
    /// Milliseconds of the clock.
    milliseconds: Option<usize>,
}

fn layout(version: u8) -> Option<Layout> {
    let late = |size| Layout { size, interval: 29, milliseconds: Some(45) };
    match version {
        8 => Some(Layout { size: 42, interval: 26, milliseconds: None }),
        9 => Some(Layout { size: 45, interval: 29, milliseconds: None }),
        11 | 12 => Some(late(47)),
        13 | 14 => Some(late(55)),
        16 | 17 => Some(late(100)),
        _ => None,
    }
}

/// The anchors by the number of their record; of equal numbers the first. `None` for a version that is not known.
pub(super) fn anchors(ndc: &Ndc<'_>, units: Units) -> Option<Vec<Anchor>> {
    let Layout { size, interval, milliseconds } = layout(ndc.version)?;
    let counter = |r: &[u8], place| Scalar::F32.read(r, place).unwrap_or(f64::NAN) * units.counters / units.over;
    let anchor = |(_, r): (usize, &[u8])| Anchor {
        number: at::<u32>(r, interval + NUMBER).unwrap_or(0),
        step_time: at::<u32>(r, STEP_TIME).map_or(f64::NAN, f64::from),
        counters: COUNTERS.map(|place| counter(r, place)),
        interval: at::<i32>(r, interval).map_or(f64::NAN, f64::from),
        clock: at::<u32>(r, interval + CLOCK).map_or(f64::NAN, |s| f64::from(s) * 1e3)
            + milliseconds.and_then(|place| at::<u16>(r, place)).map_or(0.0, f64::from),
        run: at::<u32>(r, interval + RUN).unwrap_or(0),
    };
    let mut anchors: Vec<Anchor> = ndc.records(size).map(anchor).filter(|a| a.number > 0).collect();
    anchors.sort_by_key(|anchor| anchor.number);
    anchors.dedup_by_key(|anchor| anchor.number);
    Some(anchors)
}
