//! The simulated test under plain names, with a row of units in which a cell is strange: one file a maker.

use super::books::{names, number};
use super::cell::test;
use super::dialects::{clock, maccor_mode, neware_mode, stamp, text};
use super::fixture::{Fixture, fixture};
use super::xlsx::{self, Cell, n, t};
use std::fmt::Write;

/// `date` among the units of an Arbin csv, milliampere under a name that says nothing.
fn arbin() -> Vec<u8> {
    text(|o| {
        o.push_str("Data_Point,Date_Time,Test_Time,Step_Time,Step_Index,Cycle_Index,Current,Voltage\n#,date,min,min,,-,mA,[mV]\n");
        for (i, r) in test().iter().enumerate() {
            writeln!(
                o,
                "{},{},{:.8},{:.8},{},{},{:.3},{:.2}",
                i + 1,
                stamp(r.time, "%m/%d/%Y %H:%M:%S%.3f"),
                r.time / 60.0,
                r.step_time / 60.0,
                r.step,
                r.cycle,
                r.current * 1e3,
                r.voltage * 1e3
            )
            .unwrap();
        }
    })
}

/// The same in a workbook whose sheet is not named by MITS.
fn arbin_workbook() -> Vec<u8> {
    let head = [names("Data_Point|Test_Time|Step_Index|Cycle_Index|Current|Voltage"), names("[Cnt]|s||-|mA|V")];
    let row = |(i, r): (usize, super::cell::Record)| {
        let cells = [number(i as u32 + 1), n(r.time, 4), number(r.step), number(r.cycle)];
        [&cells[..], &[n(r.current * 1e3, 3), n(r.voltage, 5)]].concat()
    };
    let rows: Vec<Vec<Cell>> = test().into_iter().enumerate().map(row).collect();
    xlsx::workbook(&[("Sheet1".to_owned(), [&head[..], &rows].concat())])
}

/// `[Cnt]` under the record number and `-` under the state.
fn maccor() -> Vec<u8> {
    text(|o| {
        o.push_str("Rec#\tCyc#\tStep\tTest Time\tStep Time\tCapacity\tEnergy\tCurrent\tVoltage\tState\tDPt Time\n");
        o.push_str("[Cnt]\t\t\ts\ts\tmAh\tmWh\tmA\tV\t-\tdate\n");
        for (i, r) in test().iter().enumerate() {
            writeln!(
                o,
                "{}\t{}\t{}\t{:.2}\t{:.2}\t{:.5}\t{:.5}\t{:.3}\t{:.5}\t{}\t{}",
                i + 1,
                r.cycle,
                r.step,
                r.time,
                r.step_time,
                r.capacity * 1e3,
                r.energy * 1e3,
                r.current.abs() * 1e3,
                r.voltage,
                maccor_mode(r.mode),
                stamp(r.time, "%m/%d/%Y %H:%M:%S"),
            )
            .unwrap();
        }
    })
}

/// The same in a workbook; a second sheet repeats names and units.
fn maccor_workbook() -> Vec<u8> {
    let head = [names("Rec#|Cyc#|Step|Test Time|Current|Voltage|State|DPt Time"), names("#|||min|mA|V||date")];
    let row = |(i, r): (usize, super::cell::Record)| {
        let cells = [number(i as u32 + 1), number(r.cycle), number(r.step), n(r.time / 60.0, 8)];
        let values = [n(r.current.abs() * 1e3, 3), n(r.voltage, 5), t(maccor_mode(r.mode))];
        [&cells[..], &values, &[t(stamp(r.time, "%m/%d/%Y %H:%M:%S"))]].concat()
    };
    let rows: Vec<Vec<Cell>> = test().into_iter().enumerate().map(row).collect();
    let (first, rest) = rows.split_at(60);
    xlsx::workbook(&[("one".to_owned(), [&head[..], first].concat()), ("two".to_owned(), [&head[..], rest].concat())])
}

/// Units of a Neware csv, whose names have to have one.
fn neware() -> Vec<u8> {
    text(|o| {
        o.push_str("DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current,Voltage,Date\n");
        o.push_str("#,,,-,hh:mm:ss,hh:mm:ss,mA,V,date\n");
        for (i, r) in test().iter().enumerate() {
            writeln!(
                o,
                "{},{},{},{},{},{},{:.3},{:.5},{}",
                i + 1,
                r.cycle,
                r.step,
                neware_mode(r.mode),
                clock(r.step_time),
                clock(r.time),
                r.current * 1e3,
                r.voltage,
                stamp(r.time, "%Y-%m-%d %H:%M:%S%.3f"),
            )
            .unwrap();
        }
    })
}

/// A units row that names a unit which nobody knows.
fn unknown() -> Vec<u8> {
    let rows =
        "Data_Point,Test_Time,Step_Index,Cycle_Index,Current,Voltage\n,s,,,furlong,V\n1,0,1,1,1,4.0\n2,10,1,1,1,3.99\n";
    rows.as_bytes().to_vec()
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![
        fixture("arbin/units_row.csv", arbin()),
        fixture("arbin/units_row.xlsx", arbin_workbook()),
        fixture("maccor/units_row.txt", maccor()),
        fixture("maccor/units_row.xlsx", maccor_workbook()),
        fixture("neware/units_row.csv", neware()),
        fixture("bad/units_row.csv", unknown()),
    ]
}
