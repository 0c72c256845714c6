//! Columns that EC-Lab computes when it exports (docs/formats/mpr.md#derived-columns). Made only when somebody asks for one.

use std::ops::Range;

use super::records::{Intercalation, Records};
use crate::binary::{positive_part, whole_part};

/// How the values of some records are made, of which most columns need no more than the one before.
#[derive(Debug)]
enum Make {
    /// Of a stored column, by its id, in its place.
    Of(u16, fn(&mut [f64])),
    /// Of the voltage, in its place, and the current.
    Both(fn(&mut [f64], &[f64])),
    /// Of all that the records hold.
    Rows(fn(&Records, &Range<usize>) -> Vec<f64>),
}

use Make::{Both, Of, Rows};

/// A column of the export that is not stored.
#[derive(Debug)]
pub(super) struct Derived {
    pub(super) name: &'static str,
    /// Whether the file has what it takes, and not the column itself.
    pub(super) when: fn(&Records) -> bool,
    make: Make,
    /// Whether a value depends on all before it, so that it is made for all records at once.
    pub(super) is_running: bool,
}

/// A call for each number would cost more than what it does, so a maker is called for many.
fn each(values: &mut [f64], f: impl Fn(f64) -> f64) {
    values.iter_mut().for_each(|v| *v = f(*v));
}

fn with(values: &mut [f64], others: &[f64], f: impl Fn(f64, f64) -> f64) {
    values.iter_mut().zip(others).for_each(|(v, other)| *v = f(*v, *other));
}

impl Derived {
    /// The values of some records.
    pub(super) fn fill(&self, r: &Records, rows: &Range<usize>, out: &mut [f64]) {
        match self.make {
            Of(id, f) => {
                if r.fill_by_id(id, rows.start, out) {
                    f(out);
                }
            }
            Both(f) => {
                if VOLTAGES.iter().any(|id| r.fill_by_id(*id, rows.start, out)) {
                    f(out, &current(r, rows));
                }
            }
            Rows(make) => out.iter_mut().zip(make(r, rows)).for_each(|(out, value)| *out = value),
        }
    }

    /// The values of all records.
    pub(super) fn all(&self, r: &Records) -> Vec<f64> {
        if let Rows(make) = self.make {
            return make(r, &r.all());
        }
        let mut values = vec![0.0; r.all().len()];
        self.fill(r, &r.all(), &mut values);
        values
    }
}

const fn row(name: &'static str, when: fn(&Records) -> bool, make: Make) -> Derived {
    Derived { name, when, make, is_running: false }
}

const fn running(name: &'static str, when: fn(&Records) -> bool, make: Make) -> Derived {
    Derived { name, when, make, is_running: true }
}

#[rustfmt::skip]
pub(super) static DERIVED: &[Derived] = &[
    row("<I>/mA", |r| no_current(r) && r.has(7) && r.has(4), Rows(mean_current)),
    row("dq/mA.h", |r| r.has(13) && !r.has(7), Rows(increments)),
    row("cycle number", |r| r.has(468) && !r.has(24), Of(468, |half| each(half, |hc| whole_part(hc / 2.0)))),
    row("Q charge/mA.h", |r| r.has(467), Of(467, |q| each(q, positive_part))),
    row("Q discharge/mA.h", |r| r.has(467), Of(467, |q| each(q, |q| positive_part(-q)))),
    row("Capacity/mA.h", |r| r.has(467), Rows(capacity)),
    running("Efficiency/%", |r| r.has(467) && r.has(468), Rows(efficiency)),
    running("Energy charge/W.h", has_energies, Rows(|r, rows| energies(r, rows).0)),
    running("Energy discharge/W.h", has_energies, Rows(|r, rows| energies(r, rows).1)),
    row("control/V", |r| r.has(5), Rows(|r, rows| control(r, rows, 2.0))),
    row("control/mA", |r| r.has(5), Rows(|r, rows| control(r, rows, 1.0))),
    row("P/W", |r| !r.has(70) && has_both(r), Both(|e, i| with(e, i, |e, i| e * i / 1000.0))),
    row("R/Ohm", |r| !r.has(69) && has_both(r), Both(|e, i| with(e, i, resistance))),
    row("Ewe-Ece/V", |r| !r.has(27) && has_voltage(r) && has_counter(r), Rows(difference)),
    row("Pce/W", has_counter_and_current, Rows(|r, rows| of_counter(r, rows, |_, ece, i| ece * i / 1000.0))),
    row("Pwe-ce/W", has_counter_and_current, Rows(|r, rows| of_counter(r, rows, |e, ece, i| (e - ece) * i / 1000.0))),
    row("Rce/Ohm", has_counter_and_current, Rows(|r, rows| of_counter(r, rows, |_, ece, i| resistance(ece, i)))),
    row("Rwe-ce/Ohm", has_counter_and_current, Rows(|r, rows| of_counter(r, rows, |e, ece, i| resistance(e - ece, i)))),
    row("Re(Z)/Ohm", |r| !r.has(37) && r.has(36) && r.has(35), Rows(|r, rows| impedance(r, rows, |z, phase| z * phase.cos()))),
    row("-Im(Z)/Ohm", |r| !r.has(38) && r.has(36) && r.has(35), Rows(|r, rows| impedance(r, rows, |z, phase| -z * phase.sin()))),
    row("|Y|/Ohm-1", has_impedance, Rows(|r, rows| impedance(r, rows, |z, _| over(1.0, z)))),
    row("Re(Y)/Ohm-1", has_impedance, Rows(|r, rows| impedance(r, rows, |z, phase| over(phase.cos(), z)))),
    row("Im(Y)/Ohm-1", has_impedance, Rows(|r, rows| impedance(r, rows, |z, phase| over(-phase.sin(), z)))),
    row("Phase(Y)/deg", has_impedance, Rows(|r, rows| impedance(r, rows, |z, phase| if z == 0.0 { 0.0 } else { -phase.to_degrees() }))),
    row("Re(C)/nF", has_capacitance, Rows(|r, rows| capacitance(r, rows, |re, _| re))),
    row("Im(C)/nF", has_capacitance, Rows(|r, rows| capacitance(r, rows, |_, im| -im))),
    row("|C|/nF", has_capacitance, Rows(|r, rows| capacitance(r, rows, f64::hypot))),
    running("step time/s", has_step_time, Rows(step_time)),
    row("x", |r| r.intercalation.is_some() && r.has(13), Rows(intercalated)),
];

fn map(r: &Records, rows: &Range<usize>, id: u16, f: fn(f64) -> f64) -> Vec<f64> {
    let mut values = r.value(id, rows).unwrap_or_default();
    values.iter_mut().for_each(|v| *v = f(*v));
    values
}

static VOLTAGES: [u16; 4] = [6, 174, 77, 436];
/// Counter electrode against reference.
static COUNTERS: [u16; 3] = [9, 441, 471];
static CURRENTS: [u16; 3] = [8, 11, 76];

fn no_current(r: &Records) -> bool {
    !CURRENTS.iter().any(|id| r.has(*id))
}

fn has_voltage(r: &Records) -> bool {
    VOLTAGES.iter().any(|id| r.has(*id))
}

fn has_counter(r: &Records) -> bool {
    COUNTERS.iter().any(|id| r.has(*id))
}

fn has_counter_and_current(r: &Records) -> bool {
    has_counter(r) && has_both(r)
}

fn has_both(r: &Records) -> bool {
    has_voltage(r) && (!no_current(r) || (r.has(7) && r.has(4)))
}

fn first(r: &Records, rows: &Range<usize>, ids: &[u16]) -> Option<Vec<f64>> {
    ids.iter().find_map(|id| r.value(*id, rows))
}

fn current(r: &Records, rows: &Range<usize>) -> Vec<f64> {
    first(r, rows, &CURRENTS).unwrap_or_else(|| mean_current(r, rows))
}

fn resistance(e: f64, i: f64) -> f64 {
    if i == 0.0 { 0.0 } else { (1000.0 * e / i).abs() }
}

fn difference(r: &Records, rows: &Range<usize>) -> Vec<f64> {
    let counter = first(r, rows, &COUNTERS).unwrap_or_default();
    first(r, rows, &VOLTAGES).unwrap_or_default().iter().zip(counter).map(|(e, c)| e - c).collect()
}

fn of_counter(r: &Records, rows: &Range<usize>, f: fn(f64, f64, f64) -> f64) -> Vec<f64> {
    let (working, counter) =
        (first(r, rows, &VOLTAGES).unwrap_or_default(), first(r, rows, &COUNTERS).unwrap_or_default());
    working.iter().zip(counter).zip(current(r, rows)).map(|((e, ece), i)| f(*e, ece, i)).collect()
}

/// What a column holds on the record before.
fn value_before(r: &Records, rows: &Range<usize>, id: u16) -> Option<f64> {
    let before = rows.start.checked_sub(1)?;
    r.value(id, &(before..rows.start))?.pop()
}

/// 3600·dq/dt; 0 on the first record and where no time passes.
fn mean_current(r: &Records, rows: &Range<usize>) -> Vec<f64> {
    let (dq, time) = (r.value(7, rows).unwrap_or_default(), r.value(4, rows).unwrap_or_default());
    let mut before = value_before(r, rows, 4);
    dq.iter()
        .zip(time)
        .map(|(dq, t)| {
            let dt = before.replace(t).map_or(0.0, |before| t - before);
            if dt == 0.0 { 0.0 } else { 3600.0 * dq / dt }
        })
        .collect()
}

/// Differences of `(Q-Qo)`: its own first value, 0 where a later loop begins.
fn increments(r: &Records, rows: &Range<usize>) -> Vec<f64> {
    let charge = match r.value(13, rows) {
        Some(charge) => charge,
        None => map(r, rows, 434, |coulombs| coulombs / 3.6),
    };
    let charge_before = value_before(r, rows, 13).or_else(|| value_before(r, rows, 434).map(|coulombs| coulombs / 3.6));
    let mut before = charge_before.unwrap_or(0.0);
    charge
        .into_iter()
        .zip(rows.start..)
        .map(|(q, row)| {
            let step = q - std::mem::replace(&mut before, q);
            if row > 0 && r.loops.binary_search(&row).is_ok() { 0.0 } else { step }
        })
        .collect()
}

/// EC-Lab 11.50 and later print 0 where the charge is negative while the momentary current is positive.
fn capacity(r: &Records, rows: &Range<usize>) -> Vec<f64> {
    let q = r.value(467, rows).unwrap_or_default();
    match r.value(8, rows).filter(|_| r.is_recent) {
        Some(current) => q.iter().zip(current).map(|(q, i)| if *q < 0.0 && i > 0.0 { 0.0 } else { q.abs() }).collect(),
        None => q.iter().map(|q| q.abs()).collect(),
    }
}

/// On the last record of an odd half cycle its charge over that of the half cycle before, in %.
fn efficiency(r: &Records, rows: &Range<usize>) -> Vec<f64> {
    let (q, half) = (r.value(467, rows).unwrap_or_default(), r.value(468, rows).unwrap_or_default());
    let mut before: Option<(f64, f64)> = None;
    let rows = q.iter().zip(&half).enumerate();
    rows.map(|(row, (q, h))| {
        if half.get(row + 1) == Some(h) {
            return 0.0;
        }
        let last = before.replace((*h, *q));
        match last {
            Some((of, charge)) if h % 2.0 == 1.0 && of == h - 1.0 => 100.0 * (q / charge).abs(),
            _ => 0.0,
        }
    })
    .collect()
}

fn has_energies(r: &Records) -> bool {
    // Where the net energy is stored, EC-Lab exports that alone.
    !r.has(123) && !r.has(880) && r.has(467) && r.has(468) && has_voltage(r) && (r.has(7) || r.has(13) || r.has(434))
}

/// Sums of |E·dq| by the sign of dq, from 0 where an even half cycle begins.
fn energies(r: &Records, rows: &Range<usize>) -> (Vec<f64>, Vec<f64>) {
    let voltage = first(r, rows, &VOLTAGES).unwrap_or_default();
    let half = r.value(468, rows).unwrap_or_default();
    let dq = r.value(7, rows).unwrap_or_else(|| increments(r, rows));
    let stored = r.value(74, rows);
    let (mut charge, mut discharge, mut before, mut total) = (0.0, 0.0, None, 0.0);
    let rows = voltage.iter().zip(&dq).zip(&half).enumerate();
    rows.map(|(row, ((e, dq), h))| {
        if before.replace(*h).is_some_and(|before| before != *h) && h % 2.0 == 0.0 {
            (charge, discharge) = (0.0, 0.0);
        }
        let work = match stored.as_ref().and_then(|stored| stored.get(row)) {
            // Impedance records move no charge and do not count.
            Some(now) => now - std::mem::replace(&mut total, *now),
            None => (e * dq).abs() / 1000.0,
        };
        if *dq > 0.0 {
            charge += work;
        } else if *dq < 0.0 {
            discharge += work;
        }
        (charge, discharge)
    })
    .unzip()
}

/// The set value where the mode controls it, else 0.
fn control(r: &Records, rows: &Range<usize>, mode: f64) -> Vec<f64> {
    let set = r.value(5, rows).unwrap_or_default();
    let modes = r.value(1, rows).unwrap_or_default();
    set.iter().zip(modes).map(|(set, m)| if m == mode { *set } else { 0.0 }).collect()
}

fn has_impedance(r: &Records) -> bool {
    r.has(36) && r.has(35)
}

fn has_capacitance(r: &Records) -> bool {
    has_impedance(r) && r.has(32)
}

fn over(part: f64, z: f64) -> f64 {
    if z == 0.0 { 0.0 } else { part / z }
}

/// From |Z| and the phase in radians.
fn impedance(r: &Records, rows: &Range<usize>, f: fn(f64, f64) -> f64) -> Vec<f64> {
    let (z, phase) = (r.value(36, rows).unwrap_or_default(), r.value(35, rows).unwrap_or_default());
    z.iter().zip(phase).map(|(z, phase)| f(*z, phase.to_radians())).collect()
}

/// c = 10⁹·Y/(2πi·f), given to `f` as real and imaginary part.
fn capacitance(r: &Records, rows: &Range<usize>, f: fn(f64, f64) -> f64) -> Vec<f64> {
    let (z, phase) = (r.value(36, rows).unwrap_or_default(), r.value(35, rows).unwrap_or_default());
    let frequency = r.value(32, rows).unwrap_or_default();
    let rows = z.iter().zip(phase).zip(frequency);
    rows.map(|((z, phase), hz)| {
        let scale = over(over(1e9 / std::f64::consts::TAU, *z), hz);
        let (sin, cos) = phase.to_radians().sin_cos();
        // Y = (cos φ − i sin φ)/Z, divided by i.
        f(-sin * scale, -cos * scale)
    })
    .collect()
}

fn has_step_time(r: &Records) -> bool {
    let moves = r.has(7) || r.has(13) || r.has(434);
    // How EC-Lab counts in sweeps is not known.
    r.has(468) && r.has(4) && moves && !r.has(438) && !r.is_sweep
}

/// Time since the half cycle began, 0 where no charge moves; the first half cycle of a file counts from 0 s.
fn step_time(r: &Records, rows: &Range<usize>) -> Vec<f64> {
    let (half, time) = (r.value(468, rows).unwrap_or_default(), r.value(4, rows).unwrap_or_default());
    let dq = r.value(7, rows).unwrap_or_else(|| increments(r, rows));
    let (mut start, mut before) = (0.0, None);
    let rows = half.iter().zip(&dq).zip(&time);
    rows.map(|((h, dq), t)| {
        if before.replace(*h).is_some_and(|before| before != *h) {
            start = *t;
        }
        if *dq == 0.0 { 0.0 } else { t - start }
    })
    .collect()
}

fn intercalated(r: &Records, rows: &Range<usize>) -> Vec<f64> {
    let Some(Intercalation { first, charge }) = r.intercalation else { return Vec::new() };
    r.value(13, rows).unwrap_or_default().iter().map(|q| first - q / charge).collect()
}
