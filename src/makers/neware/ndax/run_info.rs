//! Times, counters and the clock of some records, the anchors (docs/formats/ndax.md#run-information).

use rayon::prelude::*;

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

/// Pages that one thread takes at once.
const PAGES: usize = 64;

/// An anchor that is not taken apart yet: number of its record, executed step, and its place in the pages.
type Mark = (u32, u32, usize);

/// The anchors by the number of their record; of equal numbers the first. A test may have one for each record or few, so they
/// are taken apart when they are asked for.
#[derive(Debug)]
pub(super) struct Anchors<'a> {
    file: &'a Ndc<'a>,
    units: Units,
    layout: Layout,
    marks: Vec<Mark>,
}

impl<'a> Anchors<'a> {
    /// `None` for a version that is not known.
    pub(super) fn of(file: &'a Ndc<'a>, units: Units) -> Option<Self> {
        let layout = layout(file.version)?;
        let counts = file.counts(layout.size);
        let mut marks: Vec<Mark> = vec![(0, 0, 0); counts.iter().sum()];
        let (mut rest, mut parts) = (marks.as_mut_slice(), Vec::new());
        for counts in counts.chunks(PAGES) {
            let (part, left) = rest.split_at_mut(counts.iter().sum());
            parts.push(part);
            rest = left;
        }
        parts.into_par_iter().enumerate().for_each(|(part, marks)| {
            let mut marks = marks.iter_mut();
            for (page, bytes) in file.pages().enumerate().skip(part * PAGES).take(PAGES) {
                for ((slot, record), mark) in file.marked(bytes, layout.size).zip(&mut marks) {
                    let number = |place| at::<u32>(record, layout.interval + place).unwrap_or(0);
                    *mark = (number(NUMBER), number(RUN), file.place(page, slot, layout.size));
                }
            }
        });
        let is_in_order = marks.first().is_none_or(|(number, ..)| *number > 0) && marks.is_sorted_by(|a, b| a.0 < b.0);
        if !is_in_order {
            marks.retain(|(number, ..)| *number > 0);
            marks.sort_by_key(|(number, ..)| *number);
            marks.dedup_by_key(|(number, ..)| *number);
        }
        Some(Self { file, units, layout, marks })
    }

    /// Numbers of the anchors' records, and their executed steps.
    pub(super) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// Number of an anchor's record.
    pub(super) fn number(&self, index: usize) -> Option<u32> {
        self.marks.get(index).map(|(number, ..)| *number)
    }

    /// Number of the last anchor's record.
    pub(super) fn last(&self) -> Option<u32> {
        self.marks.last().map(|(number, ..)| *number)
    }

    /// Index of the first anchor, from this one on, whose record lies behind another.
    pub(super) fn behind(&self, from: usize, record: f64) -> usize {
        let later = self.marks.get(from..).unwrap_or_default();
        from + later.partition_point(|(number, ..)| f64::from(*number) <= record)
    }

    pub(super) fn get(&self, index: usize) -> Option<Anchor> {
        let (number, run, place) = *self.marks.get(index)?;
        let Layout { size, interval, milliseconds } = self.layout;
        let r = self.file.record_at(place, size)?;
        let counter = |place| Scalar::F32.read(r, place).unwrap_or(f64::NAN) * self.units.counters / self.units.over;
        Some(Anchor {
            number,
            step_time: at::<u32>(r, STEP_TIME).map_or(f64::NAN, f64::from),
            counters: COUNTERS.map(counter),
            interval: at::<i32>(r, interval).map_or(f64::NAN, f64::from),
            clock: at::<u32>(r, interval + CLOCK).map_or(f64::NAN, |s| f64::from(s) * 1e3)
                + milliseconds.and_then(|place| at::<u16>(r, place)).map_or(0.0, f64::from),
            run,
        })
    }
}
