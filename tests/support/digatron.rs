//! The simulated test as Digatron's programs export it (docs/formats/digatron.md).

use std::fmt::Write;

use super::cell::{Mode, counters, test};
use super::dialects::{clock, stamp, text, windows_1252};
use super::fixture::{Fixture, fixture};

fn state(mode: Mode, german: bool) -> &'static str {
    match (mode, german) {
        (Mode::Rest, _) => "PAU",
        (Mode::Charge | Mode::ConstantVoltage, false) => "CHA",
        (Mode::Charge | Mode::ConstantVoltage, true) => "LAD",
        (Mode::Discharge, false) => "DCH",
        (Mode::Discharge, true) => "ELA",
    }
}

/// docs/formats/digatron.md#row-of-units: facts above, units in brackets below, a message of the log in the middle.
fn row_of_units() -> Vec<u8> {
    let records = test();
    let sums = counters(&records);
    text(|o| {
        o.push_str("\nMeasurement ID,557,,,,,,,,,,,,,\nBattery Name,cell 7,,,,,,,,,,,,,\nNominal Capacity, 2.5,,,,,,,,,,,,,\nStart Time,3/1/2024 8:00:00 AM,,,,,,,,,,,,,\n");
        (0..20).for_each(|k| writeln!(o, "Registration {k},,,,,,,,,,,,,,").unwrap());
        o.push_str("Time Stamp,Step,Status,Prog Time,Step Time,Cycle,Cycle Level,Procedure,Voltage,Current,Temperature,Capacity,WhAccu,Cnt,\n");
        o.push_str(",,,,,,,,[V],[A],[C],[Ah],[Wh],[Cnt],\n");
        for (i, (r, sum)) in records.iter().zip(&sums).enumerate() {
            let stamp = stamp(r.time, "%-m/%-d/%Y %-I:%M:%S %p");
            if i == 40 {
                writeln!(
                    o,
                    "{stamp},{},MSG,{},{},{},0,demo,,,,,,,",
                    r.step,
                    clock(r.time),
                    clock(r.step_time),
                    r.cycle
                )
                .unwrap();
            }
            writeln!(
                o,
                "{stamp},{},{},{},{},{},0,demo,{:.5},{:.5},{:.2},{:.7},{:.7},{}.00000,",
                r.step,
                state(r.mode, false),
                clock(r.time),
                clock(r.step_time),
                r.cycle,
                r.voltage,
                r.current,
                r.temperature,
                sum[0] - sum[1],
                sum[2] - sum[3],
                i,
            )
            .unwrap();
        }
    })
}

/// docs/formats/digatron.md#german-names: semicolons, decimal commas, windows-1252, sums of both sides beside the balance.
fn german() -> Vec<u8> {
    let records = test();
    let sums = counters(&records);
    let shown = text(|o| {
        o.push_str("Zeitstempel;Schritt;Zustand;Programmdauer;Schrittdauer;Zyklus;Zyklusebene;Prozedur;Prozedurebene;Spannung;Strom;AhAkku;AhLad;AhEla;AhStep;Energie;WhStep;Temp1\r\n");
        o.push_str(";;;;;;;;;[V];[mA];[Ah];[Ah];[Ah];[Ah];[Wh];[Wh];[°C]\r\n");
        for (r, sum) in records.iter().zip(&sums) {
            let numbers = format!(
                "{:.5};{:.2};{:.7};{:.7};{:.7};{:.7};{:.7};{:.7};{:.2}",
                r.voltage,
                r.current * 1e3,
                sum[0] - sum[1],
                sum[0],
                sum[1],
                r.capacity,
                sum[2] - sum[3],
                r.energy,
                r.temperature
            );
            writeln!(
                o,
                "{};{};{};{};{};{};0;demo;0;{}\r",
                stamp(r.time, "%d.%m.%Y %H:%M:%S"),
                r.step,
                state(r.mode, true),
                clock(r.time),
                clock(r.step_time),
                r.cycle,
                numbers.replace('.', ","),
            )
            .unwrap();
        }
    });
    windows_1252(&String::from_utf8(shown).unwrap())
}

/// docs/formats/digatron.md#units-behind-a-hash: an instant in UTC for a time, no numbers of cycles.
fn hashed() -> Vec<u8> {
    text(|o| {
        o.push_str("Timestamp,Step,Status,Voltage#V,Current#A,Temp1#C\n");
        for r in test() {
            writeln!(
                o,
                "{}+00:00,{},{},{:.5},{:.5},{:.2}",
                stamp(r.time, "%Y-%m-%d %H:%M:%S%.6f"),
                r.step,
                state(r.mode, false),
                r.voltage,
                r.current,
                r.temperature
            )
            .unwrap();
        }
    })
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![
        fixture("digatron/row_of_units.csv", row_of_units()),
        fixture("digatron/german.txt", german()),
        fixture("digatron/hashed.csv", hashed()).without_cycles(),
    ]
}
