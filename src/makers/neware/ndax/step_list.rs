//! The executed steps of an archive (docs/formats/ndax.md#steps-of-an-archive).

use rayon::prelude::*;

use super::container::Ndc;
use super::run_info::{Anchor, Anchors};
use crate::binary::at;
use crate::signal::PART;

/// Places in an entry.
const CYCLE: usize = 0;
const PROGRAM: usize = 4;
const STATUS: usize = 24;
const FIRST: usize = 33;

/// One executed step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// Its number: the ordinal of its entry.
    pub(super) run: usize,
    /// Number of its first record.
    pub(super) first: u32,
    /// From 1.
    pub(super) cycle: f64,
    /// Line of the schedule.
    pub(super) program: f64,
    pub(super) status: f64,
}

/// Steps by their first record, which is mostly the order of their entries.
#[derive(Debug, Default)]
pub(super) struct StepList {
    steps: Vec<Step>,
    /// The largest number of a step.
    pub(super) last: usize,
}

impl StepList {
    pub(super) fn read(ndc: &Ndc<'_>) -> Self {
        let size = if matches!(ndc.version, 16 | 17) { 100 } else { 37 };
        let step = |(run, r): (usize, &[u8])| Step {
            run,
            first: at::<u32>(r, FIRST).unwrap_or(0),
            cycle: at::<u32>(r, CYCLE).map_or(f64::NAN, f64::from) + 1.0,
            program: at::<u32>(r, PROGRAM).map_or(f64::NAN, f64::from),
            status: at::<u8>(r, STATUS).map_or(f64::NAN, f64::from),
        };
        let mut steps: Vec<Step> = ndc.records(size).map(step).collect();
        steps.sort_by_key(|step| (step.first, step.run));
        let last = steps.iter().map(|step| step.run).max().unwrap_or(0);
        Self { steps, last }
    }

    pub(super) fn get(&self, index: usize) -> Option<&Step> {
        self.steps.get(index)
    }

    /// How many steps, from this one on, have begun at a record.
    pub(super) fn begun(&self, from: usize, record: u32) -> usize {
        let rest = self.steps.get(from..).unwrap_or_default();
        // Mostly none has.
        if rest.first().is_none_or(|step| step.first > record) {
            return 0;
        }
        rest.partition_point(|step| step.first <= record)
    }

    fn at_record(&self, record: u32) -> Option<&Step> {
        self.get(self.begun(0, record).checked_sub(1)?)
    }

    /// The steps by their numbers.
    pub(super) fn by_run(mut self) -> Vec<Step> {
        self.steps.sort_by_key(|step| step.run);
        self.steps
    }

    /// The step of an anchor: by the number that it states, else by its record. Steps behind the end of the list have no
    /// more than their number.
    pub(super) fn of_anchor(&self, anchor: &Anchor) -> Step {
        let stated = usize::try_from(anchor.run).unwrap_or(usize::MAX);
        let own = stated.checked_sub(1).and_then(|index| self.get(index)).filter(|step| step.run == stated);
        let is_behind = stated > self.last;
        let nameless = Step { run: stated, first: 0, cycle: f64::NAN, program: f64::NAN, status: f64::NAN };
        own.or_else(|| self.at_record(anchor.number).filter(|_| !is_behind)).copied().unwrap_or(nameless)
    }

    /// The first anchor whose step is not the one that the list has: its record, its step, and the list's.
    pub(super) fn disagreement(&self, anchors: &Anchors<'_>) -> Option<(u32, u32, usize)> {
        anchors.marks().par_chunks(PART).find_map_first(|part| {
            // Both rise, so they are gone through side by side.
            let mut begun = 0;
            part.iter().find_map(|(number, stated, _)| {
                begun += self.begun(begun, *number);
                let run = self.get(begun.checked_sub(1)?)?.run;
                // Steps behind the end of the list are another matter.
                let is_other = *stated != 0 && *stated as usize <= self.last && run as u32 != *stated;
                is_other.then_some((*number, *stated, run))
            })
        })
    }
}
