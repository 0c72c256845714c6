//! Main records of two numbers, joined with times and steps: versions 8 to 17 (docs/formats/ndax.md).

use super::super::records::{Clock, Counters, Records};
use super::container::Ndc;
use crate::binary::{Scalar, at, in_parts, positive_part};
use crate::error::{Error, ErrorKind, Result};
use crate::note::{Note, NoteCode, Notes};

/// What a version stores in which unit.
#[derive(Debug, Clone, Copy)]
struct Units {
    /// Stored voltage over this is V.
    volts: f64,
    /// Stored current times this is mA.
    milliamperes: f64,
    /// Stored counters of runInfo times this over `.over` are mA.h and mW.h.
    counters: f64,
    over: f64,
}

fn units(version: u8) -> Option<Units> {
    match version {
        14 | 17 | 8 | 12 => Some(Units { volts: 1.0, milliamperes: 1e3, counters: 1e3, over: 1.0 }),
        16 | 9 | 11 | 13 => Some(Units { volts: 1e4, milliamperes: 1.0, counters: 1.0, over: 3600.0 }),
        _ => None,
    }
}

/// Whether the main file of this version holds two numbers a record.
pub(super) fn is_two(version: u8) -> bool {
    units(version).is_some()
}

/// Whether a version was seen with data.
pub(super) fn is_verified(version: u8) -> bool {
    matches!(version, 14 | 16 | 17)
}

/// Times, counters and clock of one record.
#[derive(Debug, Clone, Copy, Default)]
struct Anchor {
    number: u32,
    step_time: f64,
    counters: [f64; 4],
    interval: f64,
    clock: f64,
    run: u32,
}

/// Places of the fields of runInfo behind the counters; size, interval, clock, run, number, clock in ms.
fn run_info(version: u8) -> Option<(usize, usize, Option<usize>)> {
    match version {
        8 => Some((42, 26, None)),
        9 => Some((45, 29, None)),
        11 | 12 => Some((47, 29, Some(45))),
        13 | 14 => Some((55, 29, Some(45))),
        16 | 17 => Some((100, 29, Some(45))),
        _ => None,
    }
}

fn anchors(ndc: &Ndc<'_>, units: Units) -> Option<Vec<Anchor>> {
    let (size, interval, milliseconds) = run_info(ndc.version)?;
    let real = |r: &[u8], place| Scalar::F32.read(r, place).unwrap_or(f64::NAN) * units.counters / units.over;
    let anchor = |(_, r): (usize, &[u8])| Anchor {
        number: at::<u32>(r, interval + 12).unwrap_or(0),
        step_time: at::<u32>(r, 0).map_or(f64::NAN, f64::from),
        counters: [real(r, 5), real(r, 9), real(r, 13), real(r, 17)],
        interval: at::<i32>(r, interval).map_or(f64::NAN, f64::from),
        clock: at::<u32>(r, interval + 4).map_or(f64::NAN, |s| f64::from(s) * 1e3)
            + milliseconds.and_then(|place| at::<u16>(r, place)).map_or(0.0, f64::from),
        run: at::<u32>(r, interval + 8).unwrap_or(0),
    };
    let mut anchors: Vec<Anchor> = ndc.records(size).map(anchor).filter(|a| a.number > 0).collect();
    anchors.sort_by_key(|anchor| anchor.number);
    anchors.dedup_by_key(|anchor| anchor.number);
    Some(anchors)
}

/// One executed step.
#[derive(Debug, Clone, Copy)]
struct Step {
    /// Number of its first record.
    first: u32,
    cycle: f64,
    program: f64,
    status: f64,
}

/// The ordinal of a record is the step run; sorted by first record, which is the same order.
fn steps(ndc: &Ndc<'_>) -> Vec<(usize, Step)> {
    let size = if matches!(ndc.version, 16 | 17) { 100 } else { 37 };
    let step = |(run, r): (usize, &[u8])| {
        let step = Step {
            first: at::<u32>(r, 33).unwrap_or(0),
            cycle: at::<u32>(r, 0).map_or(f64::NAN, f64::from) + 1.0,
            program: at::<u32>(r, 4).map_or(f64::NAN, f64::from),
            status: at::<u8>(r, 24).map_or(f64::NAN, f64::from),
        };
        (run, step)
    };
    let mut steps: Vec<(usize, Step)> = ndc.records(size).map(step).collect();
    steps.sort_by_key(|(run, step)| (step.first, *run));
    steps
}

/// Pages that one thread takes at once.
const PAGES: usize = 64;

const LENGTH: usize = 8;

/// Record numbers, voltage in V, current in mA.
fn main(ndc: &Ndc<'_>, units: Units) -> [Vec<f64>; 3] {
    let counts = ndc.counts(LENGTH);
    let parts: Vec<usize> = counts.chunks(PAGES).map(|counts| counts.iter().sum()).collect();
    let slots = ndc.slots(LENGTH);
    let pages: Vec<&[u8]> = ndc.pages().collect();
    let columns = in_parts(3, &parts, |part, slices| {
        let mut row = 0;
        let [numbers, voltage, current] = slices else { return };
        for (page, bytes) in pages.iter().enumerate().skip(part * PAGES).take(PAGES) {
            for (slot, record) in ndc.marked(bytes, LENGTH) {
                let (v, i) = (at::<f32>(record, 0).unwrap_or(f32::NAN), at::<f32>(record, 4).unwrap_or(f32::NAN));
                if let (Some(n), Some(to_v), Some(to_i)) =
                    (numbers.get_mut(row), voltage.get_mut(row), current.get_mut(row))
                {
                    *n = (page * slots + slot + 1) as f64;
                    *to_v = f64::from(v) / units.volts;
                    *to_i = f64::from(i) * units.milliamperes;
                }
                row += 1;
            }
        }
    });
    <[Vec<f64>; 3]>::try_from(columns).unwrap_or_default()
}

/// The records of an archive (docs/formats/ndax.md#records-between-anchors).
pub(super) fn read(
    main_file: &Ndc<'_>,
    run_file: Option<Ndc<'_>>,
    step_file: Option<Ndc<'_>>,
    notes: &mut Notes,
) -> Result<Records> {
    let missing = |name: &str| {
        let message = format!("expected the member {name}, without which the records have no time; it is not there");
        Error::new(ErrorKind::Malformed, message)
    };
    let version = main_file.version;
    let unsupported = |version: u8| {
        Error::new(ErrorKind::Unsupported, format!("expected a known version of the ndc files, found {version}"))
    };
    let units = units(version).ok_or_else(|| unsupported(version))?;
    let [mut number, mut voltage, mut current] = main(main_file, units);
    let run_file = match run_file {
        Some(file) => file,
        None if number.is_empty() => return Ok(empty()),
        None => return Err(missing("data_runInfo.ndc")),
    };
    let anchors = anchors(&run_file, self::units(run_file.version).unwrap_or(units))
        .ok_or_else(|| unsupported(run_file.version))?;
    let steps = match step_file {
        Some(file) => steps(&file),
        None if number.is_empty() => Vec::new(),
        None => return Err(missing("data_step.ndc")),
    };
    let Some(first) = anchors.first().map(|anchor| f64::from(anchor.number)) else {
        if number.is_empty() {
            return Ok(empty());
        }
        return Err(Error::new(
            ErrorKind::Malformed,
            "expected records in data_runInfo.ndc, found none: the records have no time",
        ));
    };
    let early = number.partition_point(|n| *n < first);
    if early > 0 {
        let message = format!("{early} record(s) stand before the first time of the test and were dropped");
        notes.push(Note::new(NoteCode::RowsDropped, message).count(early));
        for column in [&mut number, &mut voltage, &mut current] {
            column.drain(..early);
        }
    }
    let disagrees = disagreement(&anchors, &steps);
    if let Some((number, theirs, ours)) = disagrees {
        let message = format!(
            "record {number} is in step {theirs} by its time and in step {ours} by the list of steps; the former counts"
        );
        notes.push(Note::new(NoteCode::DamagedFile, message));
    }
    Ok(assemble(number, voltage, current, &anchors, &steps))
}

/// The first anchor whose step is not the one that the list of steps has.
fn disagreement(anchors: &[Anchor], steps: &[(usize, Step)]) -> Option<(u32, u32, usize)> {
    anchors.iter().find_map(|anchor| {
        let known = steps.partition_point(|(_, step)| step.first <= anchor.number);
        let (run, _) = steps.get(known.checked_sub(1)?)?;
        (anchor.run != 0 && *run as u32 != anchor.run).then_some((anchor.number, anchor.run, *run))
    })
}

fn empty() -> Records {
    let none = Vec::new;
    Records {
        number: none(),
        step: none(),
        status: none(),
        jump: None,
        run: Some(none()),
        cycle: Some(none()),
        step_time: Some(none()),
        total_time: None,
        ticks: 1e3,
        voltage: none(),
        current: none(),
        counters: Counters::Pairs([none(), none(), none(), none()]),
        stamps: Some((none(), Clock::Utc)),
        channels: Vec::new(),
        beside: Vec::new(),
    }
}

/// The step of an anchor: by its own number, else by the list.
fn at_anchor(anchor: &Anchor, steps: &[(usize, Step)]) -> (usize, Step) {
    let own = (anchor.run as usize).checked_sub(1).and_then(|index| steps.get(index));
    let own = own.filter(|(run, _)| *run == anchor.run as usize);
    let by_list = || steps.get(steps.partition_point(|(_, step)| step.first <= anchor.number).checked_sub(1)?);
    let nameless = Step { first: 0, cycle: f64::NAN, program: f64::NAN, status: f64::NAN };
    own.or_else(by_list).copied().unwrap_or((anchor.run as usize, nameless))
}

/// Rows that one thread takes at once; parts begin at an anchor, where every sum starts anew.
const ROWS: usize = 1 << 16;

/// Rows of each part and the index of its first anchor.
fn parts(number: &[f64], anchors: &[Anchor]) -> Vec<(usize, usize)> {
    let (mut parts, mut start, mut first) = (Vec::new(), 0, 0);
    for (index, anchor) in anchors.iter().enumerate().skip(1) {
        let row = start + number.get(start..).map_or(0, |rest| rest.partition_point(|n| *n < f64::from(anchor.number)));
        if row - start >= ROWS {
            parts.push((row - start, first));
            (start, first) = (row, index);
        }
    }
    parts.push((number.len() - start, first));
    parts
}

fn assemble(
    number: Vec<f64>,
    voltage: Vec<f64>,
    current: Vec<f64>,
    anchors: &[Anchor],
    steps: &[(usize, Step)],
) -> Records {
    let parts = parts(&number, anchors);
    let lengths: Vec<usize> = parts.iter().map(|(rows, _)| *rows).collect();
    let starts: Vec<usize> = lengths.iter().scan(0, |sum, n| Some(std::mem::replace(sum, *sum + n))).collect();
    let columns = in_parts(10, &lengths, |part, slices| {
        let (Some(start), Some((rows, mut index))) = (starts.get(part).copied(), parts.get(part).copied()) else {
            return;
        };
        let span = start..start + rows;
        let inputs = number.get(span.clone()).zip(voltage.get(span.clone())).zip(current.get(span));
        let Some(((numbers, volts), amperes)) = inputs else { return };
        let mut anchor = anchors.get(index).copied().unwrap_or_default();
        let mut now = at_anchor(&anchor, steps);
        // The next step of the list.
        let mut next = steps.partition_point(|(_, step)| step.first <= anchor.number);
        let (mut charge, mut energy) = (0.0, 0.0);
        for (row, ((number, v), i)) in numbers.iter().zip(volts).zip(amperes).enumerate() {
            while let Some(later) = anchors.get(index + 1).filter(|later| f64::from(later.number) <= *number) {
                (anchor, index) = (*later, index + 1);
                now = at_anchor(&anchor, steps);
                next += steps.get(next..).map_or(0, |rest| rest.partition_point(|(_, s)| s.first <= anchor.number));
                (charge, energy) = (0.0, 0.0);
            }
            while let Some(begun) = steps.get(next).filter(|(_, step)| f64::from(step.first) <= *number) {
                (now, next) = (*begun, next + 1);
            }
            let k = number - f64::from(anchor.number);
            if k > 0.0 {
                // The anchor's own values count for it; what follows is summed from it.
                charge += anchor.interval * i;
                energy += anchor.interval * v * i;
            }
            let (q, e) = (charge / 3.6e6, energy / 3.6e6);
            let [qc, qd, ec, ed] = anchor.counters;
            let (run, step) = now;
            let values = [
                step.program,
                step.status,
                run as f64,
                step.cycle,
                anchor.step_time + k * anchor.interval,
                qc.abs() + positive_part(q),
                qd.abs() + positive_part(-q),
                ec.abs() + positive_part(e),
                ed.abs() + positive_part(-e),
                anchor.clock + k * anchor.interval,
            ];
            for (slice, value) in slices.iter_mut().zip(values) {
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
        counters: Counters::Pairs([next(), next(), next(), next()]),
        stamps: Some((next(), Clock::Utc)),
        channels: Vec::new(),
        beside: Vec::new(),
    }
}
