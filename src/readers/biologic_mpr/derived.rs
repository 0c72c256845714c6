//! Columns that EC-Lab computes when it exports (biologic.md §6). Made only when somebody asks for one.

use super::records::Records;
use crate::binary::positive_part;

/// A column of the export that is not stored.
#[derive(Debug)]
pub(super) struct Derived {
    pub(super) name: &'static str,
    /// Whether the file has what it takes, and not the column itself.
    pub(super) when: fn(&Records) -> bool,
    pub(super) make: fn(&Records) -> Vec<f64>,
}

/// What the header says of the intercalation (`x`): the first value and the charge for a step of 1 in mA.h.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Intercalation {
    pub(super) first: f64,
    pub(super) charge: f64,
}

#[rustfmt::skip]
pub(super) static DERIVED: &[Derived] = &[
    Derived { name: "<I>/mA", when: |r| no_current(r) && r.has(7) && r.has(4), make: |r| mean_current(r) },
    Derived { name: "dq/mA.h", when: |r| r.has(13) && !r.has(7), make: |r| increments(r) },
    Derived { name: "cycle number", when: |r| r.has(468) && !r.has(24), make: |r| map(r, 468, |hc| ((hc / 2.0) as i64) as f64) },
    Derived { name: "Q charge/mA.h", when: |r| r.has(467), make: |r| map(r, 467, positive_part) },
    Derived { name: "Q discharge/mA.h", when: |r| r.has(467), make: |r| map(r, 467, |q| positive_part(-q)) },
    Derived { name: "Capacity/mA.h", when: |r| r.has(467), make: |r| capacity(r) },
    Derived { name: "Efficiency/%", when: |r| r.has(467) && r.has(468), make: |r| efficiency(r) },
    Derived { name: "Energy charge/W.h", when: has_energies, make: |r| energies(r).0 },
    Derived { name: "Energy discharge/W.h", when: has_energies, make: |r| energies(r).1 },
    Derived { name: "control/V", when: |r| r.has(5), make: |r| control(r, 2.0) },
    Derived { name: "control/mA", when: |r| r.has(5), make: |r| control(r, 1.0) },
    Derived { name: "P/W", when: |r| !r.has(70) && has_both(r), make: |r| both(r, |e, i| e * i / 1000.0) },
    Derived { name: "R/Ohm", when: |r| !r.has(69) && has_both(r), make: |r| both(r, resistance) },
    Derived { name: "Ewe-Ece/V", when: |r| !r.has(27) && has_voltage(r) && has_counter(r), make: |r| difference(r) },
    Derived { name: "Pce/W", when: has_counter_and_current, make: |r| of_counter(r, |_, ece, i| ece * i / 1000.0) },
    Derived { name: "Pwe-ce/W", when: has_counter_and_current, make: |r| of_counter(r, |e, ece, i| (e - ece) * i / 1000.0) },
    Derived { name: "Rce/Ohm", when: has_counter_and_current, make: |r| of_counter(r, |_, ece, i| resistance(ece, i)) },
    Derived { name: "Rwe-ce/Ohm", when: has_counter_and_current, make: |r| of_counter(r, |e, ece, i| resistance(e - ece, i)) },
    Derived { name: "Re(Z)/Ohm", when: |r| !r.has(37) && r.has(36) && r.has(35), make: |r| impedance(r, |z, phase| z * phase.cos()) },
    Derived { name: "-Im(Z)/Ohm", when: |r| !r.has(38) && r.has(36) && r.has(35), make: |r| impedance(r, |z, phase| -z * phase.sin()) },
    Derived { name: "|Y|/Ohm-1", when: has_impedance, make: |r| impedance(r, |z, _| over(1.0, z)) },
    Derived { name: "Re(Y)/Ohm-1", when: has_impedance, make: |r| impedance(r, |z, phase| over(phase.cos(), z)) },
    Derived { name: "Im(Y)/Ohm-1", when: has_impedance, make: |r| impedance(r, |z, phase| over(-phase.sin(), z)) },
    Derived { name: "Phase(Y)/deg", when: has_impedance, make: |r| impedance(r, |z, phase| if z == 0.0 { 0.0 } else { -phase.to_degrees() }) },
    Derived { name: "Re(C)/nF", when: has_capacitance, make: |r| capacitance(r, |re, _| re) },
    Derived { name: "Im(C)/nF", when: has_capacitance, make: |r| capacitance(r, |_, im| -im) },
    Derived { name: "|C|/nF", when: has_capacitance, make: |r| capacitance(r, f64::hypot) },
    Derived { name: "step time/s", when: has_step_time, make: |r| step_time(r) },
    Derived { name: "x", when: |r| r.intercalation.is_some() && r.has(13), make: |r| intercalated(r) },
];

fn map(r: &Records, id: u16, f: fn(f64) -> f64) -> Vec<f64> {
    let mut values = r.value(id).unwrap_or_default();
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

fn first(r: &Records, ids: &[u16]) -> Option<Vec<f64>> {
    ids.iter().find_map(|id| r.value(*id))
}

fn current(r: &Records) -> Vec<f64> {
    first(r, &CURRENTS).unwrap_or_else(|| mean_current(r))
}

fn both(r: &Records, f: fn(f64, f64) -> f64) -> Vec<f64> {
    let voltage = first(r, &VOLTAGES).unwrap_or_default();
    voltage.iter().zip(current(r)).map(|(e, i)| f(*e, i)).collect()
}

fn resistance(e: f64, i: f64) -> f64 {
    if i == 0.0 { 0.0 } else { (1000.0 * e / i).abs() }
}

fn difference(r: &Records) -> Vec<f64> {
    let counter = first(r, &COUNTERS).unwrap_or_default();
    first(r, &VOLTAGES).unwrap_or_default().iter().zip(counter).map(|(e, c)| e - c).collect()
}

fn of_counter(r: &Records, f: fn(f64, f64, f64) -> f64) -> Vec<f64> {
    let (working, counter) = (first(r, &VOLTAGES).unwrap_or_default(), first(r, &COUNTERS).unwrap_or_default());
    working.iter().zip(counter).zip(current(r)).map(|((e, ece), i)| f(*e, ece, i)).collect()
}

/// 3600·dq/dt; 0 on the first record and where no time passes.
fn mean_current(r: &Records) -> Vec<f64> {
    let (dq, time) = (r.value(7).unwrap_or_default(), r.value(4).unwrap_or_default());
    let mut before = None;
    dq.iter()
        .zip(time)
        .map(|(dq, t)| {
            let dt = before.replace(t).map_or(0.0, |before| t - before);
            if dt == 0.0 { 0.0 } else { 3600.0 * dq / dt }
        })
        .collect()
}

/// Differences of `(Q-Qo)`: its own first value, 0 where a later loop begins.
fn increments(r: &Records) -> Vec<f64> {
    let charge = match r.value(13) {
        Some(charge) => charge,
        None => map(r, 434, |coulombs| coulombs / 3.6),
    };
    let mut before = 0.0;
    charge
        .into_iter()
        .enumerate()
        .map(|(row, q)| {
            let step = q - std::mem::replace(&mut before, q);
            if row > 0 && r.loops.binary_search(&row).is_ok() { 0.0 } else { step }
        })
        .collect()
}

/// EC-Lab 11.50 and later print 0 where the charge is negative while the momentary current is positive.
fn capacity(r: &Records) -> Vec<f64> {
    let q = r.value(467).unwrap_or_default();
    match r.value(8).filter(|_| r.is_recent) {
        Some(current) => q.iter().zip(current).map(|(q, i)| if *q < 0.0 && i > 0.0 { 0.0 } else { q.abs() }).collect(),
        None => q.iter().map(|q| q.abs()).collect(),
    }
}

/// On the last record of an odd half cycle its charge over that of the half cycle before, in %.
fn efficiency(r: &Records) -> Vec<f64> {
    let (q, half) = (r.value(467).unwrap_or_default(), r.value(468).unwrap_or_default());
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
    !r.has(123) && r.has(467) && r.has(468) && has_voltage(r) && (r.has(7) || r.has(13) || r.has(434))
}

/// Sums of |E·dq| by the sign of dq, from 0 where an even half cycle begins.
fn energies(r: &Records) -> (Vec<f64>, Vec<f64>) {
    let voltage = first(r, &VOLTAGES).unwrap_or_default();
    let half = r.value(468).unwrap_or_default();
    let dq = r.value(7).unwrap_or_else(|| increments(r));
    let stored = r.value(74);
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
fn control(r: &Records, mode: f64) -> Vec<f64> {
    let set = r.value(5).unwrap_or_default();
    let modes = r.value(1).unwrap_or_default();
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
fn impedance(r: &Records, f: fn(f64, f64) -> f64) -> Vec<f64> {
    let (z, phase) = (r.value(36).unwrap_or_default(), r.value(35).unwrap_or_default());
    z.iter().zip(phase).map(|(z, phase)| f(*z, phase.to_radians())).collect()
}

/// c = 10⁹·Y/(2πi·f), given to `f` as real and imaginary part.
fn capacitance(r: &Records, f: fn(f64, f64) -> f64) -> Vec<f64> {
    let (z, phase) = (r.value(36).unwrap_or_default(), r.value(35).unwrap_or_default());
    let frequency = r.value(32).unwrap_or_default();
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
fn step_time(r: &Records) -> Vec<f64> {
    let (half, time) = (r.value(468).unwrap_or_default(), r.value(4).unwrap_or_default());
    let dq = r.value(7).unwrap_or_else(|| increments(r));
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

fn intercalated(r: &Records) -> Vec<f64> {
    let Some(Intercalation { first, charge }) = r.intercalation else { return Vec::new() };
    r.value(13).unwrap_or_default().iter().map(|q| first - q / charge).collect()
}
