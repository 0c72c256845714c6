//! The simulated test as Novonix' programs export it (docs/formats/novonix.md).

use std::fmt::Write;

use super::cell::{Mode, counters, test};
use super::dialects::{stamp, text};
use super::fixture::{Fixture, fixture};

/// docs/formats/novonix.md#step-types: the two halves of one line of the protocol have types of their own.
fn kind(mode: Mode) -> &'static str {
    match mode {
        Mode::Rest => "0",
        Mode::Charge => "7",
        Mode::ConstantVoltage => "8",
        Mode::Discharge => "2",
    }
}

/// CC and CV are one step, of two types.
fn number(step: u32) -> u32 {
    if step > 2 { step - 1 } else { step }
}

/// Rows of both dialects, each with what `end` adds.
fn rows(date: &str, end: impl Fn(f64) -> String) -> Vec<String> {
    let records = test();
    let sums = counters(&records);
    let of_row = |i: usize| {
        let (r, sum) = (&records[i], sums[i]);
        let same = |other: Option<&super::cell::Record>| {
            other.is_some_and(|o| (number(o.step), o.cycle) == (number(r.step), r.cycle))
        };
        // 3 where an end is reached, 2 on the last record behind it.
        let next = |k: usize| same(records.get(i + k));
        let position = match (i > 0 && same(records.get(i - 1)), next(1), next(2)) {
            (false, ..) => 1,
            (true, false, _) => 2,
            (true, true, false) => 3,
            (true, true, true) => 0,
        };
        // The step's time goes on from CC to CV.
        let begin = records.iter().find(|o| (number(o.step), o.cycle) == (number(r.step), r.cycle)).unwrap().time;
        format!(
            "{},{},{},{:.7},{:.7},{:.10},{:.8},{:.10},{:.8},23.3,{:.10},0.0000000,0.0000000,{},{position}{}",
            stamp(r.time, date),
            r.cycle,
            kind(r.mode),
            r.time / 3600.0,
            (r.time - begin) / 3600.0,
            r.current,
            r.voltage,
            sum[0] - sum[1],
            r.temperature,
            sum[2] - sum[3],
            number(r.step),
            end(r.current * r.voltage),
        )
    };
    (0..records.len()).map(of_row).collect()
}

/// docs/formats/novonix.md#lines-in-quotes: each line behind the protocol is one quoted cell, the protocol many lines.
fn quoted() -> Vec<u8> {
    text(|o| {
        o.push_str("[Summary]\nNovonix HPC data file\nNovonix\nChannel: 07\nCell: demo_CH07.csv\nSerial Number: \n");
        o.push_str(
            "Description: Enter description here...\nProtocol: demo.pro1\nMass (g): 1.000\nCapacity (Ah): 2.5\n",
        );
        o.push_str(
            "Area (cm2): 1.000\nDC Offset Voltage (V): 0.00000\nStarted: 2024-03-01 8:00:00 AM\nVersion: 2.2.1.6\n",
        );
        o.push_str("[End Summary]\n[Protocol]\nProtocol: demo.pro1\n");
        for k in 0..20 {
            writeln!(
                o,
                "[{}: Open_circuit_storage:]\n\"   [During CV, Save data when \u{394}t > {k} seconds]\"",
                k % 7
            )
            .unwrap();
        }
        o.push_str("[End Protocol]\n[Data]\n\"Date and Time,Cycle Number,Step Type,Run Time (h),Step Time (h),Current (A),Potential (V),Capacity (Ah),Temperature (°C),Circuit Temperature (°C),Energy (Wh),dVdt (I/h),dIdt (V/h),Step Number,Step position\"\n");
        for row in rows("%Y-%m-%d %-I:%M:%S %p", |_| String::new()) {
            writeln!(o, "\"{row}\"").unwrap();
        }
    })
}

/// A protocol of one line, power, and a serial number.
fn plain() -> Vec<u8> {
    text(|o| {
        o.push_str(
            "[Summary]\nNovonix UHPC data file\nNovonix\nChannel: 01\nCell: demo_CH01.csv\nSerial Number: U-0815\n",
        );
        o.push_str("Description: two cycles\nProtocol:\nMass (g): 2.140\nCapacity (Ah): 2.5\nArea (cm2): 1.000\nCellID: 0229\n");
        o.push_str("DC Offset Voltage (V): 0.00000\nStarted: 2024-03-01 08:00:00\nVersion: 2.13.0\n[End Summary]\n[Protocol]\n");
        o.push_str("{\"Version\":\"demo\",\"ProtocolStepList\":[");
        (0..400).for_each(|k| write!(o, "{{\"StepType\":{},\"Voltage\":\"4.2\"}},", k % 7).unwrap());
        o.push_str("]}\n[End Protocol]\n[Data]\nDate and Time,Cycle Number,Step Type,Run Time (h),Step Time (h),Current (A),Potential (V),Capacity (Ah),Temperature (°C),Circuit Temperature (°C),Energy (Wh),dVdt (V/h),dIdt (A/h),Step Number,Step position,Power(W)\n");
        for row in rows("%Y-%m-%d %H:%M:%S", |power| format!(",{power:.8}")) {
            writeln!(o, "{row}").unwrap();
        }
    })
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![fixture("novonix/quoted.csv", quoted()), fixture("novonix/plain.csv", plain())]
}
