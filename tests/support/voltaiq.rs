//! The simulated test in the Voltaiq data format (docs/formats/voltaiq.md).

use std::fmt::Write;

use super::cell::{counters, test};
use super::dialects::text;
use super::fixture::{Fixture, fixture};

/// 2024-03-01 08:00:00 in New York, which is 13:00 in UTC.
const START: i64 = 1_709_298_000_000;

/// Words for units below the names, milliseconds since 1970, a column of nobody's, rows that are there twice.
fn vdf() -> Vec<u8> {
    let records = test();
    let sums = counters(&records);
    text(|o| {
        writeln!(o, "Start Time: {START}\nFormat Version: 3.0\nTimezone: America/New_York\nChannel Number: 1").unwrap();
        o.push_str("Test Name: two cycles\nTester ID: rig 3\n[DATA START]\n");
        o.push_str("Datapoint Number\tTest Time\tCurrent\tPotential\tTimestamp\tCycle Number\tStep Number\tCharge Capacity\tDischarge Capacity\tAmbient Temperature\tLDC SENSOR\n");
        o.push_str("none\tsecond\tmilliamp\tvolt\tepoch\tnone\tnone\tamp_hour\tamp_hour\tcelsius\tnone\n");
        for (i, (r, sum)) in records.iter().zip(&sums).enumerate() {
            let row = format!(
                "{}\t{:.3}\t{:.2}\t{:.5}\t{}\t{}\t{}\t{:.7}\t{:.7}\t{:.2}\t{}",
                i + 1,
                r.time,
                r.current * 1e3,
                r.voltage,
                START + (r.time * 1e3).round() as i64,
                r.cycle,
                r.step,
                sum[0],
                sum[1],
                r.temperature,
                6_726_665 + i,
            );
            (0..if i % 40 == 3 { 2 } else { 1 }).for_each(|_| writeln!(o, "{row}").unwrap());
        }
    })
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![fixture("voltaiq/vdf.csv", vdf())]
}
