//! A small cell: open-circuit voltage by state of charge and a series resistance, cycled with rest, CC and CV.

/// One record of the simulated test. Positive current charges, as cyclers write it.
#[derive(Debug, Clone, Copy)]
pub struct Record {
    /// Seconds since the start of the test.
    pub time: f64,
    /// Seconds since the start of the step.
    pub step_time: f64,
    /// A, positive = charge.
    pub current: f64,
    /// V.
    pub voltage: f64,
    /// °C.
    pub temperature: f64,
    /// Line of the schedule, from 1.
    pub step: u32,
    /// Executed step, from 1.
    pub run: u32,
    /// From 1.
    pub cycle: u32,
    pub mode: Mode,
    /// A.h in this step, positive.
    pub capacity: f64,
    /// W.h in this step, positive.
    pub energy: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Rest,
    Charge,
    ConstantVoltage,
    Discharge,
}

/// Capacity of the cell in A.h.
pub const RATED: f64 = 2.5;

const RESISTANCE: f64 = 0.04;

fn ocv(soc: f64) -> f64 {
    3.05 + 1.05 * soc - 0.12 * (-18.0 * soc).exp() + 0.04 * (6.0 * soc).sin()
}

/// Two cycles of rest, CC charge, CV charge, rest and CC discharge with a record every two minutes or so. Values are rounded
/// as a cycler prints them, so that every dialect can say the same.
pub fn test() -> Vec<Record> {
    let mut records = Vec::new();
    let (mut t, mut soc, mut run) = (0.0f64, 0.12f64, 0);
    for cycle in 1..=2 {
        for (step, mode, rows, dt) in [
            (1, Mode::Rest, 5, 60.0),
            (2, Mode::Charge, 18, 120.0),
            (3, Mode::ConstantVoltage, 10, 60.0),
            (4, Mode::Rest, 5, 60.0),
            (5, Mode::Discharge, 18, 120.0),
        ] {
            run += 1;
            let start = t;
            let (mut charge, mut energy, mut last): (f64, f64, Option<(f64, f64)>) = (0.0, 0.0, None);
            for k in 0..rows {
                let current = match mode {
                    Mode::Rest => 0.0,
                    Mode::Charge => 2.0,
                    Mode::ConstantVoltage => 2.0 * (-f64::from(k) / 5.0).exp(),
                    Mode::Discharge => -2.1,
                };
                let current = (current * 1e5).round() / 1e5;
                if k > 0 {
                    t += dt;
                    let mean = (current + last.map_or(current, |(i, _)| i)) / 2.0;
                    soc += mean * dt / 3600.0 / RATED;
                }
                let ripple = 2e-5 * (f64::from(k * 7 + step) * 1.3).sin();
                let voltage = ((ocv(soc) + RESISTANCE * current + ripple) * 1e5).round() / 1e5;
                if let Some((i0, v0)) = last {
                    charge += (i0.abs() + current.abs()) / 2.0 * dt / 3600.0;
                    energy += (i0.abs() * v0 + current.abs() * voltage) / 2.0 * dt / 3600.0;
                }
                last = Some((current, voltage));
                let temperature = ((25.0 + 0.4 * current.abs() + 0.01 * f64::from(k)) * 100.0).round() / 100.0;
                let (capacity, energy) = (charge, energy);
                records.push(Record {
                    time: t,
                    step_time: t - start,
                    current,
                    voltage,
                    temperature,
                    step,
                    run,
                    cycle,
                    mode,
                    capacity,
                    energy,
                });
            }
            t += 0.5;
        }
    }
    records
}

/// Running charge and discharge sums over the whole test: (charge A.h, discharge A.h, charge W.h, discharge W.h).
pub fn counters(records: &[Record]) -> Vec<[f64; 4]> {
    let (mut base, mut now, mut run) = ([0.0; 4], [0.0; 4], 0);
    records
        .iter()
        .map(|r| {
            if r.run != run {
                (base, run) = (now, r.run);
            }
            let side = usize::from(r.mode == Mode::Discharge);
            now[side] = base[side] + r.capacity;
            now[2 + side] = base[2 + side] + r.energy;
            now
        })
        .collect()
}
