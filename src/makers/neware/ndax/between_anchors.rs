//! Records of two numbers, joined with times, counters and steps (docs/formats/ndax.md#records-between-anchors).

use super::container::Ndc;
use super::pair_records::{self, PairRecords};
use super::run_info::{Anchor, Anchors};
use super::step_list::{Step, StepList};
use crate::binary::{in_parts, positive_part};
use crate::error::{Error, ErrorKind, Result};
use crate::makers::neware::records::{Clock, Counters, Records};
use crate::note::{Note, NoteCode, Notes};

/// Rows that one thread takes at once; parts begin at an anchor, where every sum starts anew.
const ROWS: usize = 1 << 16;

/// The columns that a row gets, in the order of [`Walk::row`].
const COLUMNS: usize = 10;

/// The records of an archive.
pub(super) fn read(
    main_file: &Ndc<'_>,
    run_file: Option<Ndc<'_>>,
    step_file: Option<Ndc<'_>>,
    notes: &mut Notes,
) -> Result<Records> {
    let units = pair_records::units(main_file.version).ok_or_else(|| unsupported(main_file.version))?;
    let mut main = pair_records::read(main_file, units);
    let anchors = match &run_file {
        Some(file) => {
            let own_units = pair_records::units(file.version).unwrap_or(units);
            Some(Anchors::of(file, own_units).ok_or_else(|| unsupported(file.version))?)
        }
        None => None,
    };
    if main.number.is_empty() {
        return match anchors.as_ref().and_then(Anchors::last) {
            Some(last) => {
                let message = format!("expected the {last} record(s) that data_runInfo.ndc has times of, found none");
                Err(Error::new(ErrorKind::Malformed, message))
            }
            None => Ok(assemble(main, None, &StepList::default())),
        };
    }
    let anchors = anchors.ok_or_else(|| missing("data_runInfo.ndc"))?;
    let steps = StepList::read(&step_file.ok_or_else(|| missing("data_step.ndc"))?);
    tell_shorter(&main, &anchors, &steps, notes);
    let first = anchors.number(0).map(f64::from).ok_or_else(|| {
        let message = "expected records in data_runInfo.ndc, found none: the records have no time";
        Error::new(ErrorKind::Malformed, message)
    })?;
    drop_before(first, &mut main, notes);
    if let Some((number, theirs, ours)) = steps.disagreement(&anchors) {
        let message = format!(
            "record {number} is in step {theirs} by its time and in step {ours} by the list of steps; the former counts"
        );
        notes.push(Note::new(NoteCode::DamagedFile, message));
    }
    Ok(assemble(main, Some(&anchors), &steps))
}

/// One member that ends before another.
fn tell_shorter(main: &PairRecords, anchors: &Anchors<'_>, steps: &StepList, notes: &mut Notes) {
    let there = main.number.last().copied().unwrap_or(0.0);
    let promised = anchors.last().unwrap_or(0);
    if f64::from(promised) > there {
        let message = format!("data.ndc ends at record {there}, data_runInfo.ndc has times up to record {promised}");
        notes.push(Note::new(NoteCode::PartialFile, message).count((f64::from(promised) - there) as usize));
    }
    let run = anchors.marks().iter().map(|(_, run, _)| *run as usize).max().unwrap_or(0);
    if run > steps.last {
        let message = format!(
            "data_step.ndc lists {} step(s), data_runInfo.ndc shows {run}: the others have no program step, status and cycle",
            steps.last
        );
        notes.push(Note::new(NoteCode::PartialFile, message).count(run - steps.last));
    }
}

fn missing(name: &str) -> Error {
    let message = format!("expected the member {name}, without which the records have no time; it is not there");
    Error::new(ErrorKind::Malformed, message)
}

fn unsupported(version: u8) -> Error {
    Error::new(ErrorKind::Unsupported, format!("expected a known version of the ndc files, found {version}"))
}

/// Records before the first anchor have no time.
fn drop_before(first: f64, main: &mut PairRecords, notes: &mut Notes) {
    let early = main.number.partition_point(|n| *n < first);
    if early > 0 {
        let message = format!("{early} record(s) stand before the first time of the test and were dropped");
        notes.push(Note::new(NoteCode::RowsDropped, message).count(early));
        for column in [&mut main.number, &mut main.voltage, &mut main.current] {
            column.drain(..early);
        }
    }
}

/// Rows of each part and the index of its first anchor.
fn parts(number: &[f64], anchors: Option<&Anchors<'_>>) -> Vec<(usize, usize)> {
    let (mut parts, mut start, mut first) = (Vec::new(), 0, 0);
    // The first anchor behind enough rows.
    let next = |start: usize, first: usize| {
        let (anchors, last) = (anchors?, number.get(start + ROWS - 1)?);
        let index = anchors.behind(first + 1, *last);
        anchors.number(index).map(|record| (index, f64::from(record)))
    };
    while let Some((index, record)) = next(start, first) {
        let row = start + number.get(start..).map_or(0, |rest| rest.partition_point(|n| *n < record));
        parts.push((row - start, first));
        (start, first) = (row, index);
    }
    parts.push((number.len() - start, first));
    parts
}

/// Goes through the records with the anchor and the step that each has.
struct Walk<'a> {
    anchors: Option<&'a Anchors<'a>>,
    steps: &'a StepList,
    /// The first record that has another anchor or another step.
    border: f64,
    /// Index of the anchor, and the anchor.
    index: usize,
    anchor: Anchor,
    step: Step,
    /// Index of the step of the list that comes next.
    next: usize,
    /// Sums since the anchor, in mA·ms and mW·ms.
    charge: f64,
    energy: f64,
}

impl<'a> Walk<'a> {
    fn from(index: usize, anchors: Option<&'a Anchors<'a>>, steps: &'a StepList) -> Self {
        let anchor = anchors.and_then(|anchors| anchors.get(index)).unwrap_or_default();
        let (step, next) = (steps.of_anchor(&anchor), steps.begun(0, anchor.number));
        Self { anchors, steps, border: f64::NEG_INFINITY, index, anchor, step, next, charge: 0.0, energy: 0.0 }
    }

    fn next_anchor(&self) -> Option<f64> {
        self.anchors?.number(self.index + 1).map(f64::from)
    }

    /// Goes on to the anchor and the step of a record.
    fn advance(&mut self, number: f64) {
        while self.next_anchor().is_some_and(|later| later <= number) {
            self.index += 1;
            self.anchor = self.anchors.and_then(|anchors| anchors.get(self.index)).unwrap_or_default();
            self.step = self.steps.of_anchor(&self.anchor);
            self.next += self.steps.begun(self.next, self.anchor.number);
            (self.charge, self.energy) = (0.0, 0.0);
        }
        while let Some(begun) = self.steps.get(self.next).filter(|step| f64::from(step.first) <= number) {
            (self.step, self.next) = (*begun, self.next + 1);
        }
        let next_step = self.steps.get(self.next).map_or(f64::INFINITY, |step| f64::from(step.first));
        self.border = self.next_anchor().unwrap_or(f64::INFINITY).min(next_step);
    }

    /// Program step, status, step run, cycle, step time, the four counters and the clock of the next record.
    fn row(&mut self, number: f64, volts: f64, milliamperes: f64) -> [f64; COLUMNS] {
        if number >= self.border {
            self.advance(number);
        }
        let Anchor { interval, step_time, clock, counters: [qc, qd, ec, ed], .. } = self.anchor;
        let k = number - f64::from(self.anchor.number);
        if k > 0.0 {
            // The anchor's own values count for it; what follows is summed from it.
            self.charge += interval * milliamperes;
            self.energy += interval * volts * milliamperes;
        }
        let (q, e) = (self.charge / 3.6e6, self.energy / 3.6e6);
        [
            self.step.program,
            self.step.status,
            self.step.run as f64,
            self.step.cycle,
            step_time + k * interval,
            qc.abs() + positive_part(q),
            qd.abs() + positive_part(-q),
            ec.abs() + positive_part(e),
            ed.abs() + positive_part(-e),
            clock + k * interval,
        ]
    }
}

fn assemble(main: PairRecords, anchors: Option<&Anchors<'_>>, steps: &StepList) -> Records {
    let PairRecords { number, voltage, current } = main;
    let parts = parts(&number, anchors);
    let lengths: Vec<usize> = parts.iter().map(|(rows, _)| *rows).collect();
    let starts: Vec<usize> = lengths.iter().scan(0, |sum, n| Some(std::mem::replace(sum, *sum + n))).collect();
    let columns = in_parts(COLUMNS, &lengths, |part, slices| {
        let (Some(start), Some((rows, anchor))) = (starts.get(part).copied(), parts.get(part).copied()) else {
            return;
        };
        let span = start..start + rows;
        let inputs = number.get(span.clone()).zip(voltage.get(span.clone())).zip(current.get(span));
        let Some(((numbers, volts), milliamperes)) = inputs else { return };
        let mut walk = Walk::from(anchor, anchors, steps);
        for (row, ((number, v), i)) in numbers.iter().zip(volts).zip(milliamperes).enumerate() {
            for (slice, value) in slices.iter_mut().zip(walk.row(*number, *v, *i)) {
                if let Some(slot) = slice.get_mut(row) {
                    *slot = value;
                }
            }
        }
    });
    let mut columns = columns.into_iter();
    let mut next = || columns.next().unwrap_or_default();
    Records {
        number,
        step: next(),
        status: next(),
        jump: None,
        run: Some(next()),
        cycle: Some(next()),
        step_time: Some(next()),
        total_time: None,
        ticks: 1e3,
        voltage,
        current,
        counters: Counters::Sides([next(), next(), next(), next()]),
        stamps: Some((next(), Clock::Utc)),
        channels: Vec::new(),
        beside: Vec::new(),
    }
}
