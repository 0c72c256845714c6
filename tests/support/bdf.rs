//! The test in the Battery Data Format (docs/formats/bdf.md): positive current charges, counters run through the test, the
//! cycle or the step.

use std::fmt::Write;

use super::cell::{Record, counters, test};
use super::dialects::text;
use super::fixture::{Fixture, fixture};
use super::generic::{parquet, real, whole};
use super::resaved::gzip;

/// 2024-03-01 08:00:00 UTC.
const START: f64 = 1_709_280_000.0;

/// Preferred labels, counters through the test, as the standard asks.
fn labels() -> Vec<u8> {
    text(|o| {
        o.push_str("Test Time / s,Unix Time / s,Voltage / V,Current / A,Cycle Count / 1,Step Count / 1,Ambient Temperature / degC,Surface Temperature T1 / degC,Charging Capacity / Ah,Discharging Capacity / Ah,Charging Energy / Wh,Discharging Energy / Wh,Net Capacity / Ah,Power / W,Applied Pressure / Pa\n");
        let records = test();
        for (r, [c, d, ec, ed]) in records.iter().zip(counters(&records)) {
            let power = r.voltage * r.current;
            writeln!(
                o,
                "{},{:.1},{},{},{},{},25,{},{c:.9},{d:.9},{ec:.9},{ed:.9},{:.9},{power:.8},101325",
                r.time,
                START + r.time,
                r.voltage,
                r.current,
                r.cycle,
                r.run,
                r.temperature,
                c - d
            )
            .unwrap();
        }
    })
}

/// Names for programs, with counters of this scope.
fn names(header: &str, scope: impl Fn(&Record, [f64; 4]) -> Vec<f64>) -> Vec<u8> {
    text(|o| {
        writeln!(o, "test_time_second,voltage_volt,current_ampere,cycle_count,step_id,{header}").unwrap();
        let records = test();
        for (r, counters) in records.iter().zip(counters(&records)) {
            let more: Vec<String> = scope(r, counters).iter().map(|v| format!("{v:.9}")).collect();
            writeln!(o, "{},{},{},{},{},{}", r.time, r.voltage, r.current, r.cycle, r.step, more.join(",")).unwrap();
        }
    })
}

/// What the counters showed before the cycle began.
fn before_cycle(cycle: u32) -> [f64; 4] {
    let records = test();
    let first = records.iter().position(|r| r.cycle == cycle).unwrap();
    if first == 0 { [0.0; 4] } else { counters(&records)[first - 1] }
}

/// Labels without units; the file's name says what it is.
fn bare() -> Vec<u8> {
    text(|o| {
        o.push_str("Test Time,Voltage,Current,Cycle Count,Step Count\n");
        for r in test() {
            writeln!(o, "{},{},{},{},{}", r.time, r.voltage, r.current, r.cycle, r.run).unwrap();
        }
    })
}

/// The first draft's terms: milliseconds, a cycle without a unit.
fn first_draft() -> Vec<u8> {
    parquet(vec![
        whole("test_time_millisecond", |r| (r.time * 1e3).round() as i64),
        real("current_ampere", |r| r.current),
        real("voltage_volt", |r| r.voltage),
        whole("cycle_dimensionless", |r| i64::from(r.cycle) - 1),
        whole("date_time_millisecond", |r| ((START + r.time) * 1e3).round() as i64),
        real("ambient_temperature_celsius", |_| 25.0),
    ])
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    let cycle = names("charging_capacity_ah,discharging_capacity_ah", |r, [c, d, ..]| {
        let [c0, d0, ..] = before_cycle(r.cycle);
        vec![c - c0, d - d0]
    });
    vec![
        fixture("bdf/labels.bdf.csv", labels()),
        fixture("bdf/cycle_scope.bdf.gz", gzip(&cycle)),
        fixture("bdf/step_scope.bdf", names("step_capacity_ah,step_energy_wh", |r, _| vec![r.capacity, r.energy])),
        fixture("bdf/net.bdf.csv", names("net_capacity_ah", |_, [c, d, ..]| vec![c - d])),
        fixture("bdf/throughput.csv", names("cumulative_capacity_ah", |_, [c, d, ..]| vec![c + d])),
        fixture("odd/bare.bdf", bare()),
        // Constant current and constant voltage are one step, and the half second between them counts: 2 A · 0.5 s.
        fixture("bdf/first_draft.bdf.parquet", first_draft()).charge(3e-4),
    ]
}
