//! The simulated test and its spectrum as Gamry's Framework saves them (docs/formats/gamry.md).

use std::fmt::Write;

use super::cell::{Record, test};
use super::dialects::{text, windows_1252};
use super::dialects_text::spectrum;
use super::fixture::{Fixture, fixture};

/// Objects above the table.
fn head(tag: &str, title: &str, date: &str, more: &str) -> String {
    format!(
        "EXPLAIN\r\nTAG\t{tag}\r\nTITLE\tLABEL\t{title}\tTest &Identifier\r\nDATE\tLABEL\t{date}\tDate\r\nTIME\tLABEL\t08:00:00\tTime\r\n\
         NOTES\tNOTES\t2\t&Notes...\r\n\tdemo cell 7\r\n\t\r\nPSTAT\tPSTAT\tREF3000-00007\tPotentiostat\r\n{more}\
         PSTATSERIALNO\tLABEL\t00007\tPstat Serial Number\r\nCONVENTION\tIQUANT\t1\tCurrent Convention\r\n\
         DCCALDATE\tLABEL\t1/31/2024\tDC Calibration Date\r\nFRAMEWORKVERSION\tLABEL\t7.8.2\tFramework Version\r\n"
    )
}

/// Seven digits, as Framework prints them: `3.70000E+000`.
fn e(value: f64) -> String {
    let text = format!("{value:.6E}");
    let (digits, power) = text.split_once('E').unwrap();
    let power: i32 = power.parse().unwrap();
    format!("{digits}E{}{:03}", if power < 0 { '-' } else { '+' }, power.abs())
}

const SERIES: &str = "\tPt\tT\tVf\tIm\tVu\tPwr\tSig\tAch\tTemp\tIERange\tOver\r\n\
                      \t#\ts\tV vs. Ref.\tA\tV\tW\tV\tV\tdeg C\t#\tbits\r\n";

fn row(o: &mut String, number: usize, r: &Record, temperature: &str) {
    let (i, v) = (e(r.current), e(r.voltage));
    let time = (r.time * 1e6).round() / 1e6;
    let power = e(r.current * r.voltage);
    write!(
        o,
        "\t{number}\t{time}\t{v}\t{i}\t{}\t{power}\t{}\t{}\t{temperature}\t10\t..........a\r\n",
        e(0.0),
        e(1.9948),
        e(3.4e-3)
    )
    .unwrap();
}

/// docs/formats/gamry.md#tables: two tables whose `Cycle` counts, and an open circuit between them.
fn counted() -> Vec<u8> {
    text(|o| {
        o.push_str(&head("PWR800_CYCLE", "Cyclic Charge Discharge", "3/1/2024", ""));
        let (names, units) = SERIES.split_once("\r\n").unwrap();
        for cycle in 1..=2 {
            write!(o, "CURVE{cycle}\tTABLE\r\n{names}\tCycle\r\n{}\t#\r\n", units.trim_end()).unwrap();
            for (number, r) in test().iter().enumerate().filter(|(_, r)| r.cycle == cycle) {
                let mut line = String::new();
                row(&mut line, number, r, "25.00");
                write!(o, "{}\t{}\r\n", line.trim_end_matches("\r\n"), cycle - 1).unwrap();
            }
            if cycle == 1 {
                o.push_str("OCVCURVE\tTABLE\r\n\tPt\tT\tVf\tVm\tAch\r\n\t#\ts\tV vs. Ref.\tV\tV\r\n");
                o.push_str("\t0\t0.5\t3.3\t3.3\t0\r\n\t1\t1\t3.3\t3.3\t0\r\n");
            }
        }
        o.push_str("STOPREASON\tLABEL\tCycle Limit\tStop Reason\r\n");
    })
}

/// docs/formats/gamry.md#tables: a table a cycle, which is one test.
fn curves() -> Vec<u8> {
    text(|o| {
        o.push_str(&head(
            "PWR800_CYCLE",
            "Cyclic Charge Discharge",
            "3/1/2024",
            "CAPACITY\tQUANT\t2.50000E+000\tCapacity (A-hr)\r\n",
        ));
        for cycle in 1..=2 {
            write!(o, "CURVE{cycle}\tTABLE\r\n{SERIES}").unwrap();
            for (number, r) in test().iter().enumerate().filter(|(_, r)| r.cycle == cycle) {
                row(o, number, r, &format!("{:.2}", r.temperature));
            }
        }
        o.push_str("STOPREASON\tLABEL\tCycle Limit\tStop Reason\r\n");
    })
}

/// docs/formats/gamry.md#tables: one table, decimal commas, no thermocouple, the day before the month.
fn commas() -> Vec<u8> {
    let points = text(|o| {
        o.push_str(
            &head("PWR800_GALVANOSTATIC", "Galvanostatic", "1/3/2024", "AREA\tQUANT\t1.00000E+000\t&Area (cm^2)\r\n")
                .replace("1/31/2024", "31/1/2024"),
        );
        write!(o, "CURVE\tTABLE\t{}\r\n{SERIES}", test().len()).unwrap();
        for (number, r) in test().iter().enumerate() {
            row(o, number, r, "-327.62");
        }
    });
    let points = String::from_utf8(points).unwrap();
    points
        .lines()
        .map(|line| {
            if line.starts_with('\t') && line.contains("E+") {
                line.replace('.', ",") + "\r\n"
            } else {
                line.to_owned() + "\r\n"
            }
        })
        .collect::<String>()
        .into_bytes()
}

/// docs/formats/gamry.md#rows: an open circuit that is the test, without a current.
fn open_circuit() -> Vec<u8> {
    text(|o| {
        o.push_str(&head(
            "CORPOT",
            "Open Circuit Potential",
            "3/1/2024",
            "TIMEOUT\tQUANT\t1.80000E+003\tTotal &Time (s)\r\n",
        ));
        o.push_str("CURVE\tTABLE\t20\r\n\tPt\tT\tVf\tVm\tAch\tOver\tTemp\r\n\t#\ts\tV vs. Ref.\tV\tV\tbits\tdeg C\r\n");
        o.push_str(&open_rows(20));
    })
}

fn open_rows(rows: u32) -> String {
    let mut o = String::new();
    for k in 0..rows {
        let (t, v) = (f64::from(k) * 5.0 + 5.0, e(3.7 - 1e-4 * f64::from(k)));
        write!(o, "\t{k}\t{t}\t{v}\t{v}\t{}\t..........a\t24.5\r\n", e(1.6e-3)).unwrap();
    }
    o
}

/// docs/formats/gamry.md#impedance: behind an open circuit, with a degree sign in windows-1252, stopped before its end.
fn impedance() -> Vec<u8> {
    let points = text(|o| {
        o.push_str(&head(
            "EISPOT",
            "Potentiostatic EIS",
            "3/1/2024",
            "VDC\tPOTEN\t0.00000E+000\tT\tDC &Voltage (V)\r\nAREA\tQUANT\t1.00000E+000\t&Area (cm^2)\r\n",
        ));
        write!(
            o,
            "OCVCURVE\tTABLE\t8\r\n\tPt\tT\tVf\tVm\tAch\tOver\tTemp\r\n\t#\ts\tV vs. Ref.\tV\tV\tbits\tdeg C\r\n{}",
            open_rows(8)
        )
        .unwrap();
        o.push_str("EOC\tQUANT\t3.6992\tOpen Circuit (V)\r\nZCURVE\tTABLE\r\n");
        o.push_str("\tPt\tTime\tFreq\tZreal\tZimag\tZsig\tZmod\tZphz\tIdc\tVdc\tIERange\r\n\t#\ts\tHz\tohm\tohm\tV\tohm\t\u{b0}\tA\tV\t#\r\n");
        for (k, (f, re, im)) in spectrum().into_iter().enumerate() {
            let (modulus, phase) = (re.hypot(im), im.atan2(re).to_degrees());
            write!(
                o,
                "\t{k}\t{}\t{f}\t{re}\t{im}\t1\t{modulus:.7}\t{phase:.5}\t{}\t3.6992\t9\r\n",
                2 * k + 1,
                e(2.2e-5)
            )
            .unwrap();
        }
        o.push_str("EXPERIMENTABORTED\tTOGGLE\tT\tExperiment Aborted\r\n");
    });
    windows_1252(&String::from_utf8(points).unwrap())
}

/// docs/formats/gamry.md#other-files: the summary of a cyclic charge and discharge.
fn summary() -> Vec<u8> {
    text(|o| {
        o.push_str(&head(
            "PWR800_CYCLICCHARGEDISCHARGE",
            "Capacity Curve",
            "3/1/2024",
            "CYCLES\tIQUANT\t1\tCycles (#)\r\n",
        ));
        o.push_str("CAPACITYCURVE\tTABLE\r\n\tPt\tTime\tType\tCycle\tCharge\tDuration\tVstart\tVend\tEnergy\tOver\r\n\t#\ts\t#\t#\tC\ts\tV\tV\tJ\tbits\r\n");
        o.push_str("\t1\t2640\t0\t1\t4800\t2640\t3.05\t4.1\t17500\t...........\r\n\t2\t5000\t1\t1\t4300\t2100\t4.0\t3.1\t-15200\t...........\r\n");
    })
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![
        fixture("gamry/curves.dta", curves()).without_steps(),
        fixture("gamry/counted.dta", counted()).without_steps(),
        fixture("gamry/commas.dta", commas()).without_cycles().without_steps(),
        fixture("gamry/open_circuit.dta", open_circuit()).other("an open circuit"),
        fixture("gamry/impedance.dta", impedance()).other("an impedance sweep alone"),
        fixture("bad/summary.dta", summary()).other("a summary, one row a half cycle"),
    ]
}
