//! Decoded records of any version become a table: order, steps, cycles, names (docs/formats/neware.md).

use super::super::words::NEWARE;
use super::channel::Channel;
use super::counters::{Counters, pairs};
use super::info::Facts;
use super::times::{Clock, stamp, times};
use super::{cycle, status};
use crate::error::Place;
use crate::formats::CycleMode;
use crate::note::{Note, NoteCode, Notes};
use crate::signal::scan::{count_nan, first_where, rises};
use crate::signal::{Begin, Runs};
use crate::table::{RawColumn, RawData, RawTable};

/// Records in file order. Times are whole ticks, so that sums are exact.
#[derive(Debug)]
pub(crate) struct Records {
    pub(crate) number: Vec<f64>,
    /// Line of the schedule.
    pub(crate) step: Vec<f64>,
    pub(crate) status: Vec<f64>,
    /// Counts executed steps modulo 256.
    pub(crate) jump: Option<Vec<f64>>,
    /// Executed step, where the file states it.
    pub(crate) run: Option<Vec<f64>>,
    /// As stored, from 1.
    pub(crate) cycle: Option<Vec<f64>>,
    /// Ticks since the step began; absent where only the total is stored.
    pub(crate) step_time: Option<Vec<f64>>,
    /// Ticks since the test began, where it is stored and more than a sum of steps.
    pub(crate) total_time: Option<Vec<f64>>,
    /// Ticks of a second.
    pub(crate) ticks: f64,
    /// V.
    pub(crate) voltage: Vec<f64>,
    /// mA, positive charges.
    pub(crate) current: Vec<f64>,
    pub(crate) counters: Counters,
    /// Milliseconds since 1970, NaN without one.
    pub(crate) stamps: Option<(Vec<f64>, Clock)>,
    /// Channels that are joined by the numbers of the records.
    pub(crate) channels: Vec<Channel>,
    /// Channels with one value for each record, in their order.
    pub(crate) beside: Vec<Channel>,
}

impl Records {
    fn columns(&mut self) -> Vec<&mut Vec<f64>> {
        let mut all = vec![&mut self.number, &mut self.step, &mut self.status, &mut self.voltage, &mut self.current];
        let more = [&mut self.jump, &mut self.run, &mut self.cycle, &mut self.step_time, &mut self.total_time];
        all.extend(more.into_iter().flatten());
        match &mut self.counters {
            Counters::Pairs(counters) | Counters::Sides(counters) => all.extend(counters),
            Counters::Single(counters) | Counters::Signed(counters) => all.extend(counters),
        }
        all.extend(self.stamps.as_mut().map(|(stamps, _)| stamps));
        all.extend(self.beside.iter_mut().map(|channel| &mut channel.values));
        all
    }

    /// Sorted by record number; of records with one number the first stays (docs/formats/neware.md#order-of-records).
    fn sort(&mut self, notes: &mut Notes) {
        if rises(&self.number) {
            return;
        }
        let number = |i: usize| self.number.get(i).copied().unwrap_or(f64::NAN);
        let mut order: Vec<usize> = (0..self.number.len()).collect();
        order.sort_by(|a, b| number(*a).total_cmp(&number(*b)));
        let moved = order.iter().enumerate().filter(|(at, from)| at != *from).count();
        order.dedup_by(|later, first| number(*later) == number(*first));
        let repeated = self.number.len() - order.len();
        for column in self.columns() {
            *column = order.iter().filter_map(|i| column.get(*i).copied()).collect();
        }
        if moved > 0 {
            let message = format!("{moved} record(s) were not in the order of their numbers and were sorted");
            notes.push(Note::new(NoteCode::RecordOrder, message).count(moved));
        }
        if repeated > 0 {
            let message = format!("{repeated} record(s) repeat a number; the first of each stays");
            notes.push(Note::new(NoteCode::RowsDropped, message).count(repeated));
        }
    }

    /// Executed steps: the program step changes, the jump byte changes, or the step time falls
    /// (docs/formats/neware.md#steps).
    fn runs(&self, step_time: Option<&[f64]>) -> Vec<f64> {
        let mut columns: Vec<(&[f64], Begin)> = vec![(&self.step, Begin::Change)];
        columns.extend(self.jump.as_deref().map(|jump| (jump, Begin::Change)));
        columns.extend(step_time.map(|time| (time, Begin::Fall)));
        Runs::of_columns(self.number.len(), &columns).numbers()
    }

    /// The table that stands for the records, under the headers of BTSDA's own export.
    pub(crate) fn finish(
        mut self,
        dialect: &'static str,
        facts: Facts,
        modes: (CycleMode, CycleMode),
        notes: &mut Notes,
    ) -> RawTable {
        self.sort(notes);
        let mut table = RawTable::new(&NEWARE, dialect);
        let made = self.derive(modes, notes);
        stamp(&mut table, self.stamps.take(), &made.total_time, &facts, notes);
        let nameless = count_nan(&self.status);
        if nameless > 0 {
            let message = format!("{nameless} record(s) belong to no step of the list of steps; they have no status");
            notes.push(Note::new(NoteCode::LabelsUnknown, message).count(nameless));
        }
        doubts(&self.step, &made.total_time, notes);
        self.put(made, &mut table, notes);
        facts.put(&mut table);
        table
    }

    /// What follows from the records: runs, times, cycles, counters of both sides, labels.
    fn derive(&mut self, (chosen, asked): (CycleMode, CycleMode), notes: &mut Notes) -> Made {
        let given = self.run.take();
        let (step_time, total_time) = (self.step_time.take(), self.total_time.take());
        let (mode, stored) = (chosen.settle(asked, self.cycle.is_some()), self.cycle.take());
        if mode.is_some() {
            notes.say(NoteCode::CyclesCounted, "cycles were counted from the changes between charge and discharge");
        }
        let counters = std::mem::replace(&mut self.counters, Counters::Signed([Vec::new(), Vec::new()]));
        let this = &*self;
        // Both read the status, neither knows of the other.
        let ((run, step_time, total_time), (counters, labels, cycle)) = rayon::join(
            || {
                let run = given.unwrap_or_else(|| this.runs(step_time.as_deref()));
                let (step_time, total_time) = times(step_time, total_time, &run, this.ticks);
                (run, step_time, total_time)
            },
            || {
                let cycle = match (mode, stored) {
                    (None, Some(cycle)) => cycle,
                    (mode, _) => cycle::count(&this.status, mode.unwrap_or(CycleMode::Auto)),
                };
                (pairs(counters, &this.status, &this.current), status::labels(&this.status), cycle)
            },
        );
        Made { run, cycle, step_time, total_time, counters, labels }
    }

    /// Puts the columns into the table.
    fn put(mut self, made: Made, table: &mut RawTable, notes: &mut Notes) {
        let [charge, discharge, charge_energy, discharge_energy] = made.counters;
        let reals = [
            ("Cycle Index", made.cycle),
            ("Step Index", self.step),
            ("Step Number", made.run),
            ("Step Time(s)", made.step_time),
            ("Total Time(s)", made.total_time),
            ("Current(mA)", self.current),
            ("Voltage(V)", self.voltage),
            ("Chg. Cap.(mAh)", charge),
            ("DChg. Cap.(mAh)", discharge),
            ("Chg. Energy(mWh)", charge_energy),
            ("DChg. Energy(mWh)", discharge_energy),
        ];
        // Old versions count no energy.
        let is_there = |v: &[f64]| v.is_empty() || !v.iter().all(|v| v.is_nan());
        for (name, values) in reals.into_iter().filter(|(_, v)| is_there(v)) {
            table.columns.push(RawColumn { name: name.to_owned(), data: RawData::Real(values) });
        }
        let (codes, names) = made.labels;
        table.columns.push(RawColumn { name: "Step Type".to_owned(), data: RawData::Label(codes, names) });
        for channel in self.beside {
            table.columns.push(RawColumn { name: channel.header(), data: RawData::Real(channel.values) });
        }
        self.channels.sort_by_key(|channel| (channel.quantity, channel.number));
        for channel in self.channels {
            let name = channel.header();
            let (values, orphans) = channel.join(&self.number);
            if orphans > 0 {
                let message = format!("{orphans} value(s) of {name} belong to no record and were dropped");
                notes.push(Note::new(NoteCode::RowsDropped, message).count(orphans));
            }
            table.columns.push(RawColumn { name, data: RawData::Real(values) });
        }
        table.columns.insert(0, RawColumn { name: "DataPoint".to_owned(), data: RawData::Real(self.number) });
    }
}

/// What follows from the records.
struct Made {
    run: Vec<f64>,
    cycle: Vec<f64>,
    /// Seconds.
    step_time: Vec<f64>,
    /// Seconds.
    total_time: Vec<f64>,
    /// Charge and discharge capacity in mA.h, charge and discharge energy in mW.h.
    counters: [Vec<f64>; 4],
    /// Status: a number for each row and the text of each number.
    labels: (Vec<u32>, Vec<String>),
}

/// What no healthy file holds (docs/formats/neware.md#limits-and-doubts).
fn doubts(step: &[f64], total_time: &[f64], notes: &mut Notes) {
    if let Some(row) = first_where(step, |step| step == 0.0) {
        let message = "a program step is 0, which no schedule has";
        notes.push(Note::new(NoteCode::UnitDoubt, message).at(Place::Record(row as u64 + 1)));
    }
    const TWENTY_YEARS: f64 = 20.0 * 365.25 * 86_400.0;
    if let Some(row) = first_where(total_time, |t| t > TWENTY_YEARS) {
        let message = "the test time passes 20 years";
        notes.push(Note::new(NoteCode::UnitDoubt, message).at(Place::Record(row as u64 + 1)));
    }
}
