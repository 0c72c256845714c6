//! Decoded records of any version become a table: order, steps, times, cycles, names (docs/formats/neware.md).

use rayon::prelude::*;

use super::super::words::NEWARE;
use super::channel::Channel;
use super::cycle;
use super::info::{Facts, local_clock};
use super::status::{self, Direction};
use crate::binary::positive_part;
use crate::error::Place;
use crate::formats::CycleMode;
use crate::note::{Note, NoteCode, Notes};
use crate::signal::scan::{count_nan, first_where, rises};
use crate::signal::{Begin, PART, Runs};
use crate::table::{RawColumn, RawData, RawTable};
use crate::text::grid::NO_TIME;

/// Counters of capacity and energy.
#[derive(Debug)]
pub(crate) enum Counters {
    /// Charge and discharge capacity in mA.h, charge and discharge energy in mW.h.
    Pairs([Vec<f64>; 4]),
    /// The same as magnitudes.
    Sides([Vec<f64>; 4]),
    /// One counter each, whose side the status tells.
    Single([Vec<f64>; 2]),
    /// One counter each, negative in discharge.
    Signed([Vec<f64>; 2]),
}

/// What the time stamps are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    Utc,
    Local,
}

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
        let given = self.run.take();
        let (step_time, total_time) = (self.step_time.take(), self.total_time.take());
        let (chosen, asked) = modes;
        let (mode, stored) = (chosen.settle(asked, self.cycle.is_some()), self.cycle.take());
        let counters = std::mem::replace(&mut self.counters, Counters::Signed([Vec::new(), Vec::new()]));
        let this = &self;
        // Both read the status, neither knows of the other.
        let (
            (run, step_time, total_time),
            ([charge, discharge, charge_energy, discharge_energy], (codes, names), cycle),
        ) = rayon::join(
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
                (pairs(counters, &this.status, &this.current), labels(&this.status), cycle)
            },
        );
        if mode.is_some() {
            notes.say(NoteCode::CyclesCounted, "cycles were counted from the changes between charge and discharge");
        }
        stamp(&mut table, self.stamps, &total_time, &facts, notes);
        let nameless = count_nan(&self.status);
        if nameless > 0 {
            let message = format!("{nameless} record(s) belong to no step of the list of steps; they have no status");
            notes.push(Note::new(NoteCode::LabelsUnknown, message).count(nameless));
        }
        doubts(&self.step, &total_time, notes);
        let reals = [
            ("Cycle Index", cycle),
            ("Step Index", self.step),
            ("Step Number", run),
            ("Step Time(s)", step_time),
            ("Total Time(s)", total_time),
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
        table.columns.push(RawColumn { name: "Step Type".to_owned(), data: RawData::Label(codes, names) });
        for channel in self.beside {
            table.columns.push(RawColumn { name: channel.header(), data: RawData::Real(channel.values) });
        }
        let number = self.number;
        self.channels.sort_by_key(|channel| (channel.quantity, channel.number));
        for channel in self.channels {
            let name = channel.header();
            let (values, orphans) = channel.join(&number);
            if orphans > 0 {
                let message = format!("{orphans} value(s) of {name} belong to no record and were dropped");
                notes.push(Note::new(NoteCode::RowsDropped, message).count(orphans));
            }
            table.columns.push(RawColumn { name, data: RawData::Real(values) });
        }
        table.columns.insert(0, RawColumn { name: "DataPoint".to_owned(), data: RawData::Real(number) });
        facts.put(&mut table);
        table
    }
}

/// Step time and total time in seconds. Sums are taken over whole ticks, so that nothing drifts
/// (docs/formats/neware.md#test-time-and-step-time).
fn times(step: Option<Vec<f64>>, total: Option<Vec<f64>>, run: &[f64], ticks: f64) -> (Vec<f64>, Vec<f64>) {
    let in_seconds = |column: &mut Vec<f64>| column.par_iter_mut().with_min_len(PART).for_each(|t| *t /= ticks);
    let runs = Runs::of_columns(run.len(), &[(run, Begin::Change)]);
    let mut made = vec![f64::NAN; run.len()];
    match (step, total) {
        (Some(mut step), Some(mut total)) => {
            in_seconds(&mut step);
            in_seconds(&mut total);
            (step, total)
        }
        (Some(mut step), None) => {
            // A run begins where the last record of the one before ended.
            let lasts = runs.iter().map(|rows| step.get(rows.end - 1).copied().unwrap_or(f64::NAN));
            let before = lasts.scan(0.0, |sum, last| Some(std::mem::replace(sum, *sum + last)));
            let before: Vec<f64> = before.collect();
            runs.fill(&mut made, |run, _, rows, piece| {
                let before = before.get(run).copied().unwrap_or(f64::NAN);
                let step = step.get(rows).unwrap_or_default();
                piece.iter_mut().zip(step).for_each(|(total, step)| *total = (before + step) / ticks);
            });
            in_seconds(&mut step);
            (step, made)
        }
        (None, Some(mut total)) => {
            // The last total of the run before is where this one began.
            runs.fill(&mut made, |_, first, rows, piece| {
                let start = first.checked_sub(1).map_or(Some(0.0), |last| total.get(last).copied()).unwrap_or(f64::NAN);
                let total = total.get(rows).unwrap_or_default();
                piece.iter_mut().zip(total).for_each(|(step, total)| *step = (total - start) / ticks);
            });
            in_seconds(&mut total);
            (made, total)
        }
        (None, None) => (made.clone(), made),
    }
}

/// A counter of one side, as a magnitude, for each direction (docs/formats/neware.md#capacity-and-energy-counters).
fn pairs(counters: Counters, status: &[f64], current: &[f64]) -> [Vec<f64>; 4] {
    match counters {
        Counters::Pairs(mut pairs) => {
            // Discharge counters may be stored negative.
            pairs.par_iter_mut().for_each(|side| side.iter_mut().for_each(|v| *v = v.abs()));
            pairs
        }
        Counters::Sides(sides) => sides,
        Counters::Signed([capacity, energy]) => {
            let side = |values: &[f64], sign: f64| values.iter().map(|v| positive_part(sign * v)).collect();
            [side(&capacity, 1.0), side(&capacity, -1.0), side(&energy, 1.0), side(&energy, -1.0)]
        }
        Counters::Single([capacity, energy]) => {
            // Without a direction of the step, the current tells; where there is none, the row before.
            let mut last = Direction::Charge;
            let sides = status.iter().zip(current).map(|(code, current)| {
                last = match status::direction(*code as u8) {
                    Direction::Neither if *current > 0.0 => Direction::Charge,
                    Direction::Neither if *current < 0.0 => Direction::Discharge,
                    Direction::Neither => last,
                    known => known,
                };
                last == Direction::Charge
            });
            let sides: Vec<bool> = sides.collect();
            let side = |values: &[f64], charge: bool| {
                // A counter that is not there is on neither side.
                let of_side = |v: f64, is_charge: bool| if is_charge == charge || v.is_nan() { v.abs() } else { 0.0 };
                values.iter().zip(&sides).map(|(v, is_charge)| of_side(*v, *is_charge)).collect()
            };
            [side(&capacity, true), side(&capacity, false), side(&energy, true), side(&energy, false)]
        }
    }
}

/// Time stamps; where they are in UTC and the header has the local start, the offset between the two
/// (docs/formats/neware.md#clock-readings).
fn stamp(
    table: &mut RawTable,
    stamps: Option<(Vec<f64>, Clock)>,
    total_time: &[f64],
    facts: &Facts,
    notes: &mut Notes,
) {
    const QUARTER: f64 = 900_000.0;
    let start = facts.start.as_deref().and_then(local_clock);
    let (stamps, clock) = match (stamps, start) {
        (Some(stamps), _) => stamps,
        (None, Some(start)) => {
            // The first record begins with the test.
            (total_time.iter().map(|t| (start as f64 + t * 1000.0).round()).collect(), Clock::Local)
        }
        (None, None) => return,
    };
    if clock == Clock::Utc {
        let first = stamps.iter().copied().find(|t| !t.is_nan());
        let offset = first.zip(start).map(|(first, start)| ((start as f64 - first) / QUARTER).round() * 15.0);
        table.utc_offset = Some(match offset {
            Some(minutes) if minutes.abs() <= 14.0 * 60.0 => minutes as i16,
            Some(_) => {
                let message = "the header's local start and the records' clock are more than 14 hours apart; times are shown in UTC";
                notes.push(Note::new(NoteCode::ClockDisagrees, message));
                0
            }
            None => 0,
        });
    }
    let whole = |t: &f64| if t.is_nan() { NO_TIME } else { *t as i64 };
    let stamps = stamps.par_iter().with_min_len(PART).map(whole).collect();
    table.columns.push(RawColumn { name: "Date".to_owned(), data: RawData::Stamp(stamps) });
}

/// Codes become labels: a number for each row and the text of each number.
fn labels(status: &[f64]) -> (Vec<u32>, Vec<String>) {
    let mut names = vec![String::new()];
    let mut known = [0u32; 256];
    let code = |status: &f64| {
        if status.is_nan() {
            return 0;
        }
        let code = *status as u8;
        let slot = known.get_mut(usize::from(code)).map(|slot| {
            if *slot == 0 {
                *slot = names.len() as u32;
                names.push(status::name(code));
            }
            *slot
        });
        slot.unwrap_or(0)
    };
    let codes = status.iter().map(code).collect();
    (codes, names)
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
