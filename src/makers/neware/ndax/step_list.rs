//! The executed steps of an archive (docs/formats/ndax.md#steps-of-an-archive).

use super::container::Ndc;
use super::run_info::Anchor;
use crate::binary::at;

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
pub(super) struct StepList(Vec<Step>);

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
        Self(steps)
    }

    pub(super) fn get(&self, index: usize) -> Option<&Step> {
        self.0.get(index)
    }

    /// How many steps, from this one on, have begun at a record.
    pub(super) fn begun(&self, from: usize, record: u32) -> usize {
        self.0.get(from..).map_or(0, |rest| rest.partition_point(|step| step.first <= record))
    }

    fn at_record(&self, record: u32) -> Option<&Step> {
        self.get(self.begun(0, record).checked_sub(1)?)
    }

    /// The steps by their numbers.
    pub(super) fn by_run(mut self) -> Vec<Step> {
        self.0.sort_by_key(|step| step.run);
        self.0
    }

    /// The step of an anchor: by the number that it states, else by its record.
    pub(super) fn of_anchor(&self, anchor: &Anchor) -> Step {
        let stated = usize::try_from(anchor.run).unwrap_or(usize::MAX);
        let own = stated.checked_sub(1).and_then(|index| self.get(index)).filter(|step| step.run == stated);
        let nameless = Step { run: stated, first: 0, cycle: f64::NAN, program: f64::NAN, status: f64::NAN };
        own.or_else(|| self.at_record(anchor.number)).copied().unwrap_or(nameless)
    }

    /// The first anchor whose step is not the one that the list has: its record, its step, and the list's.
    pub(super) fn disagreement(&self, anchors: &[Anchor]) -> Option<(u32, u32, usize)> {
        anchors.iter().find_map(|anchor| {
            let run = self.at_record(anchor.number)?.run;
            (anchor.run != 0 && run as u32 != anchor.run).then_some((anchor.number, anchor.run, run))
        })
    }
}
