//! The simulated test as PEC's LifeTest exports it (docs/formats/pec.md).

use std::fmt::Write;

use super::cell::{Mode, counters, test};
use super::dialects::{clock, stamp, text};
use super::fixture::{Fixture, fixture};

/// The rows of the test on one position.
fn rows(o: &mut String, position: u32) {
    let records = test();
    let sums = counters(&records);
    for (r, sum) in records.iter().zip(&sums) {
        let instruction = match r.mode {
            Mode::Rest => "Idle",
            Mode::Charge => "I Charge",
            Mode::ConstantVoltage => "V Charge",
            Mode::Discharge => "I Disch.",
        };
        writeln!(
            o,
            "4711,{position},ACT4,014,{position},0229_{position},{},{instruction},{},{},{},{},{},{},{},{},{:.7},{:.5},{:.5},{:.5},{:.5},{:.5},30,0,,,{:.2},,",
            r.step, r.cycle, clock(r.time), clock(r.time), r.step_time, clock(0.0), clock(0.0),
            stamp(r.time, "%m/%d/%Y %H:%M:%S"), stamp(0.0, "%m/%d/%Y %H:%M:%S"), r.voltage, r.current, sum[0] * 1e3,
            sum[1] * 1e3, sum[2] * 1e3, sum[3] * 1e3, r.temperature,
        )
        .unwrap();
    }
}

/// docs/formats/pec.md#layout: many facts, clocks in words, milliunits of counters.
fn export(positions: u32) -> Vec<u8> {
    text(|o| {
        o.push_str("Request Year:,2024\nTest:,4711\nTest Description:,\nTestRegime Name:,two cycles\nTestRegime CellSize:,2500 mAh\n");
        (0..30).for_each(|k| writeln!(o, "Project Group Memo {k}:,").unwrap());
        o.push_str("LotID:,839\nPart Name:,<NONE>\nProduction Date:,02/28/2024 17:46:18\nFinish Date:,01/01/0001 00:00:00\nRequestor:,vie\nProduct ID:,demo cell\nStart Time:,03/01/2024 07:55:00\nEnd Time:,03/01/2024 12:00:00\n");
        o.push_str("Test,Cell,Rack,Shelf,Position,Cell ID,Step,Instruction Name,Cycle,Total Time (Hours in hh:mm:ss.xxx),Load On Time (Hours in hh:mm:ss.xxx),Step Time (Seconds),Cycle Charge Time (Hours in hh:mm:ss.xxx),Cycle Discharge Time (Hours in hh:mm:ss.xxx),Real Time,Position Start Time,Voltage (V),Current (A),Charge Capacity (mAh),Discharge Capacity (mAh),Charge Energy (mWh),Discharge Energy (mWh),ReasonCode,Charge Energy Density (Wh/kg),Internal Resistance 1 (mOhm),Internal Resistance 2 (mOhm),Temp (°C),Station Temperature (°C),\n");
        (1..=positions).for_each(|position| rows(o, position));
    })
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![fixture("pec/export.csv", export(1)), fixture("bad/two_cells_pec.csv", export(2))]
}
