//! The simulated test as Repower's software exports it (docs/formats/repower.md).

use std::fmt::Write;

use super::cell::{Mode, test};
use super::dialects::{stamp, text};
use super::fixture::{Fixture, fixture};

fn state(mode: Mode) -> &'static str {
    match mode {
        Mode::Rest => "Rest",
        Mode::Charge => "CC Charge",
        Mode::ConstantVoltage => "CV Charge",
        Mode::Discharge => "CC DisCharge",
    }
}

/// The time of the step, counters in pairs, resistances and temperatures as people's encodings left them.
fn seconds() -> Vec<u8> {
    text(|o| {
        o.push_str("Cycle ID,Step ID,Record ID,Step State,Test Event,System Time,Relative Time(Sec),Voltage(V),Current(A),Capacity(Ah),Energy(Wh),Charge Capacity(Ah),Discharge Capacity(Ah),Charge Energy(Wh),Discharge Energy(Wh),DCIR(mO),POWER(W),Battery_Temperature(?)\n");
        for (i, r) in test().iter().enumerate() {
            let side = |value: f64, is_mine: bool| if is_mine { value } else { 0.0 };
            let down = r.mode == Mode::Discharge;
            writeln!(
                o,
                "{},{},{},{},,{},{:.3},{:.5},{:.5},{:.7},{:.7},{:.7},{:.7},{:.7},{:.7},{},{:.5},{:.2}",
                r.cycle,
                r.step,
                i + 1,
                state(r.mode),
                stamp(r.time, "%Y-%m-%d %H:%M:%S"),
                r.step_time,
                r.voltage,
                r.current,
                r.capacity,
                r.energy,
                side(r.capacity, !down),
                side(r.capacity, down),
                side(r.energy, !down),
                side(r.energy, down),
                if down { 40 } else { 0 },
                r.current * r.voltage,
                r.temperature,
            )
            .unwrap();
        }
    })
}

/// The time of the test in hours, one counter.
fn hours() -> Vec<u8> {
    text(|o| {
        o.push_str("Cycle ID,Step ID,Step State,System Time,Relative Time(Hour),Voltage(V),Current(A),Capacity(Ah),Energy(Wh)\n");
        for r in test() {
            writeln!(
                o,
                "{},{},{},{},{:.8},{:.5},{:.5},{:.7},{:.7}",
                r.cycle,
                r.step,
                state(r.mode),
                stamp(r.time, "%Y-%m-%d %H:%M:%S"),
                r.time / 3600.0,
                r.voltage,
                r.current,
                r.capacity,
                r.energy,
            )
            .unwrap();
        }
    })
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![fixture("repower/seconds.csv", seconds()).without_gaps(), fixture("repower/hours.csv", hours())]
}
