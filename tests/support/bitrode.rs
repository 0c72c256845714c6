//! The simulated test as Bitrode's VisuaLCN exports it (docs/formats/bitrode.md).

use std::fmt::Write;

use super::cell::{Mode, test};
use super::dialects::{clock, text};
use super::fixture::{Fixture, fixture};

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Rest => "REST",
        Mode::Charge | Mode::ConstantVoltage => "CHRG",
        Mode::Discharge => "DCHG",
    }
}

/// Names without units below a preamble, counters of the step.
fn plain() -> Vec<u8> {
    text(|o| {
        o.push_str(
            "Test Name\tdemo\nTest Date\t03/13/2024 08:00:00\nProgram Name\ttwo cycles\nOperator\tvie\nCircuit\t12\n\n",
        );
        o.push_str("Exclude,Total Time,Cycle,Loop Counter #1,Loop Counter #2,Step,Step Time,Current,Voltage,Power,Constant Resistance,Amp-Hours,Watt-Hours,Temperature A1,Mode,Data Acquisition Flag\n");
        for (i, r) in test().iter().enumerate() {
            let (exclude, flag) = (if i == 7 { "Yes" } else { "No" }, if r.step_time == 0.0 { "S" } else { "N" });
            writeln!(
                o,
                "{exclude},{:.3},{},{},1,{},{:.3},{:.5},{:.5},{:.5},0,{:.7},{:.7},{:.2},{},{flag}",
                r.time,
                r.cycle,
                r.cycle,
                r.step,
                r.step_time,
                r.current,
                r.voltage,
                r.current * r.voltage,
                r.capacity,
                r.energy,
                r.temperature,
                mode(r.mode),
            )
            .unwrap();
        }
    })
}

/// docs/formats/bitrode.md#columns: units behind commas inside of quotes, clocks.
fn units() -> Vec<u8> {
    text(|o| {
        o.push_str("\"Total Time, (h:m:s)\",\"Cycle\",\"Loop Counter #1\",\"Step\",\"Step Time, S\",\"Current, mA\",\"Voltage, V\",\"Power, W\",\"Amp-Hours, AH\",\"Watt-Hours, WH\",\"Mode\",\"Data Acquisition Flag\"\n");
        for r in test() {
            writeln!(
                o,
                "{},{},{},{},{:.3},{:.2},{:.5},{:.5},{:.7},{:.7},\"{}\",\"S\"",
                clock(r.time),
                r.cycle,
                r.cycle,
                r.step,
                r.step_time,
                r.current * 1e3,
                r.voltage,
                r.current * r.voltage,
                r.capacity,
                r.energy,
                mode(r.mode),
            )
            .unwrap();
        }
    })
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![fixture("bitrode/plain.csv", plain()), fixture("bitrode/units.csv", units())]
}
