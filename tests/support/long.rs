//! Long tests for benches: a cell cycled once a second, with the noise of a converter in the last bits.

use super::cell::{Mode, Record};

/// Rows of each step: rest, charge, hold, rest, discharge.
const STEPS: [(Mode, u32); 5] =
    [(Mode::Rest, 60), (Mode::Charge, 1500), (Mode::ConstantVoltage, 400), (Mode::Rest, 60), (Mode::Discharge, 1500)];

/// Rows of a cycle.
pub const CYCLE: usize = 3520;

/// One cycle after another, a record a second.
pub fn records(rows: usize) -> impl Iterator<Item = Record> {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut noise = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 40) as f64 / f64::from(1u32 << 24) - 0.5
    };
    let (mut row, mut run, mut soc, mut capacity, mut energy) = (0u32, 0, 0.1f64, 0.0f64, 0.0f64);
    let steps =
        (0u32..).flat_map(|cycle| (0u32..).zip(STEPS).map(move |(step, (mode, rows))| (cycle, step, mode, rows)));
    steps.flat_map(move |(cycle, step, mode, rows)| (0..rows).map(move |k| (cycle, step, mode, k))).take(rows).map(
        move |(cycle, step, mode, k)| {
            if k == 0 {
                run += 1;
                (capacity, energy) = (0.0, 0.0);
            }
            let current = match mode {
                Mode::Rest => 0.0,
                Mode::Charge => 2.0 + 1e-4 * noise(),
                Mode::ConstantVoltage => 2.0 * (-f64::from(k) / 120.0).exp() + 1e-4 * noise(),
                Mode::Discharge => -2.2 + 1e-4 * noise(),
            };
            soc = (soc + current / 3600.0 / 2.5).clamp(0.0, 1.0);
            let voltage = 3.1 + soc + 0.04 * current + 2e-4 * noise();
            capacity += current.abs() / 3600.0;
            energy += current.abs() * voltage / 3600.0;
            let time = f64::from(row) + 0.5 * f64::from(run - 1);
            row += 1;
            Record {
                time,
                step_time: f64::from(k),
                current,
                voltage,
                temperature: 25.0 + 0.2 * current.abs(),
                step: step + 1,
                run,
                cycle: cycle + 1,
                mode,
                capacity,
                energy,
            }
        },
    )
}
