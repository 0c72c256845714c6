//! Maccor files with rows between the records: suspended, paused, closing; and clocks that say what nothing else does.

use std::fmt::Write;

use super::cell::{Mode, Record, test};
use super::dialects::{maccor_mode, stamp, text};
use super::fixture::{Fixture, fixture};

/// Charge in A.h that the tester counted behind the last record of the interrupted step, and behind that of the last one.
pub const SUSPENDED: f64 = 0.001_56;
pub const CLOSED: f64 = 0.009_1;

const HEAD: &str = "Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\n";

fn line(o: &mut String, rec: &mut usize, r: &Record, extra: f64, mode: &str, step: u32, current: f64) {
    *rec += 1;
    writeln!(
        o,
        "{rec}\t{}\t{step}\t{:.4}\t{:.4}\t{:.10}\t{:.10}\t{:.10}\t{:.8}\t{mode}\t1\t{}",
        r.cycle,
        r.time,
        r.step_time,
        r.capacity + extra,
        r.energy + extra * r.voltage,
        current.abs(),
        r.voltage,
        stamp(r.time, "%m/%d/%Y %H:%M:%S"),
    )
    .unwrap();
}

/// The first charge is suspended behind its fifth record and goes on: an `S` row and a `P` row with the step's numbers, printed
/// with a current of 0, while the counters hold what flowed until then. A closing row behind the last record holds more charge.
fn suspended() -> Vec<u8> {
    text(|o| {
        o.push_str("Today's Date 03/04/2024  Date of Test:\t03/01/2024\t Filename:\tC:\\Data\\demo.034 Procedure: demo.000\tComment/Barcode: 7\n");
        o.push_str(HEAD);
        let (mut rec, mut extra) = (0, 0.0);
        let records = test();
        let first = records.iter().position(|r| r.mode == Mode::Charge).unwrap();
        for (i, r) in records.iter().enumerate() {
            if r.run != records[first].run {
                extra = 0.0;
            }
            line(o, &mut rec, r, extra, maccor_mode(r.mode), r.step, r.current);
            if i == first + 4 {
                extra = SUSPENDED;
                for (k, mode) in ["S", "P"].iter().enumerate() {
                    let later = (k + 1) as f64;
                    let row = Record { time: r.time + later, step_time: r.step_time + later, ..*r };
                    line(o, &mut rec, &row, extra, mode, r.step, 0.0);
                }
            }
        }
        let last = records.last().unwrap();
        line(o, &mut rec, last, CLOSED, "O", last.step + 1, 0.0);
    })
}

/// Seven records whose times state no unit while the clock, in whole seconds, runs for five: minutes.
fn short_minutes() -> Vec<u8> {
    text(|o| {
        o.push_str("Rec#\tCyc#\tStep\tTestTime\tStepTime\tAmps\tVolts\tState\tDPt Time\n");
        for k in 0..7 {
            let seconds = f64::from(k) * 5.0 / 6.0;
            let minutes = seconds / 60.0;
            writeln!(
                o,
                "{}\t1\t1\t{minutes:.6}\t{minutes:.6}\t1.0\t{:.4}\tD\t{}",
                k + 1,
                4.0 - 0.001 * f64::from(k),
                stamp(seconds, "%m/%d/%Y %H:%M:%S")
            )
            .unwrap();
        }
    })
}

/// The rows' dates (the 3rd of April, day first) do not tell day and month apart; the date of the export does.
fn day_first() -> Vec<u8> {
    text(|o| {
        o.push_str("Today's Date 28/04/2024  Date of Test:\t03/04/2024\t Filename:\tC:\\Data\\demo.034 Procedure: demo.000\tComment/Barcode: 7\n");
        o.push_str(HEAD);
        let mut rec = 0;
        for r in test().iter().take(20) {
            line(o, &mut rec, r, 0.0, maccor_mode(r.mode), r.step, r.current);
        }
        *o = o.replace("03/01/2024 ", "03/04/2024 ");
    })
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![
        fixture("odd/suspended.034", suspended()),
        fixture("odd/short_minutes.txt", short_minutes()),
        fixture("odd/day_first.034", day_first()),
    ]
}
