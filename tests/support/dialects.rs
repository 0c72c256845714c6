//! The simulated test as each maker's software exports it. One function a fixture; the table at the end names them.

use std::fmt::Write;

use super::cell::{Mode, Record, counters, test};
use super::fixture::{Fixture, fixture};

/// `2024-03-01 08:00:00` plus a number of seconds, in the given strftime format.
pub(super) fn stamp(seconds: f64, format: &str) -> String {
    let start = jiff::civil::date(2024, 3, 1).at(8, 0, 0, 0);
    let ms = (seconds * 1000.0).round() as i64;
    start.checked_add(jiff::Span::new().milliseconds(ms)).unwrap().strftime(format).to_string()
}

pub(super) fn clock(seconds: f64) -> String {
    let ms = (seconds * 1000.0).round() as u64;
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}

pub(super) fn maccor_mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Rest => "R",
        Mode::Charge | Mode::ConstantVoltage => "C",
        Mode::Discharge => "D",
    }
}

pub(super) fn neware_mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Rest => "Rest",
        Mode::Charge => "CC_Chg",
        Mode::ConstantVoltage => "CV_Chg",
        Mode::Discharge => "CC_DChg",
    }
}

pub(super) fn text(f: impl FnOnce(&mut String)) -> Vec<u8> {
    let mut out = String::new();
    f(&mut out);
    out.into_bytes()
}

pub(super) fn windows_1252(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1252.encode(text).0.into_owned()
}

fn is_last(records: &[Record], i: usize) -> bool {
    records.get(i + 1).is_none_or(|next| next.run != records[i].run)
}

/// docs/formats/maccor.md#flat-line: magnitudes, seconds, the long tail of columns.
pub(super) fn maccor_flat() -> Vec<u8> {
    let records = test();
    text(|o| {
        o.push_str("Today's Date 03/04/2024  Date of Test:\t03/01/2024\t Filename:\tC:\\Data\\MIMS\\Backup\\demo_000229.034 Procedure: demo_000229.000\tComment/Barcode: 000229\r\n");
        o.push_str("Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\tLoop1\tACImp/Ohms\tDCIR/Ohms\tWF Chg Cap\tVAR1\r\n");
        for (i, r) in records.iter().enumerate() {
            let es = if is_last(&records, i) { 129 } else { i32::from(r.step_time > 0.0) };
            writeln!(
                o,
                "{}\t{}\t{}\t{:.4}\t{:.4}\t{:.10}\t{:.10}\t{:.10}\t{:.8}\t{}\t{es}\t{}\t{}\t0.00000\t0.00000\tN/A\t0.00000\r",
                i + 1, r.cycle - 1, r.step, r.time, r.step_time, r.capacity, r.energy, r.current.abs(), r.voltage,
                maccor_mode(r.mode), stamp(r.time, "%m/%d/%Y %H:%M:%S"), r.cycle - 1,
            )
            .unwrap();
        }
    })
}

/// docs/formats/maccor.md#flat-line with a signed current and minutes.
fn maccor_signed_minutes() -> Vec<u8> {
    text(|o| {
        o.push_str("Today's Date 03/04/2024  Date of Test:\t03/01/2024\t Filename:\tC:\\Data\\demo.062 Procedure: demo.0005C pulses, 3.0-4.2V\tComment/Barcode: [12345] EC:DEC 30:70\n");
        o.push_str("Rec#\tCyc#\tStep\tTest (Min)\tStep (Min)\tmAmp-hr\tmWatt-hr\tmAmps\tVolts\tState\tES\tDPt Time\n");
        for (i, r) in test().iter().enumerate() {
            writeln!(
                o,
                "{}\t{}\t{}\t{:.4}\t{:.4}\t{:.7}\t{:.7}\t{:.7}\t{:.8}\t{}\t1\t{}",
                i + 1,
                r.cycle,
                r.step,
                r.time / 60.0,
                r.step_time / 60.0,
                r.capacity * 1e3,
                r.energy * 1e3,
                r.current * 1e3,
                r.voltage,
                maccor_mode(r.mode),
                stamp(r.time, "%m/%d/%Y %H:%M:%S"),
            )
            .unwrap();
        }
    })
}

/// docs/formats/maccor.md#clock-readings: a clock without dates, as the second file of a pair has it; the test passes
/// midnight.
fn maccor_time_of_day() -> Vec<u8> {
    text(|o| {
        o.push_str("Today's Date 03/04/2024  Date of Test:\t03/01/2024\t Filename:\tC:\\Data\\demo.002 Procedure: demo.000\tComment/Barcode: 1\n");
        o.push_str("Rec#\tCyc#\tStep\tTest (Min)\tStep (Min)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\n");
        for (i, r) in test().iter().enumerate() {
            let clock = stamp(r.time + 15.0 * 3600.0, "%H:%M:%S");
            writeln!(
                o,
                "{}\t{}\t{}\t{:.4}\t{:.4}\t{:.10}\t{:.10}\t{:.7}\t{:.8}\t{}\t1\t{clock}",
                i + 1,
                r.cycle,
                r.step,
                r.time / 60.0,
                r.step_time / 60.0,
                r.capacity,
                r.energy,
                r.current.abs(),
                r.voltage,
                maccor_mode(r.mode),
            )
            .unwrap();
        }
    })
}

/// docs/formats/maccor.md#long-date: durations with days, auxiliary pairs of which one is a disconnected thermocouple, a
/// blank last column.
fn maccor_long_date() -> Vec<u8> {
    let compact = |s: f64| {
        format!(
            "  {}d {:02}:{:02}:{}",
            (s / 86_400.0) as u32,
            (s / 3600.0) as u32 % 24,
            (s / 60.0) as u32 % 60,
            s % 60.0
        )
    };
    text(|o| {
        o.push_str("Today's Date:\t4 march 2024\tDate of Test:\t1 march 2024, 8:00:00 AM\n");
        o.push_str("Filename:\tdemo_0deg_01\tTester Channel:\t11\nProcedure:\tdemo.000\tDescription:\t5m rest, CC C/20 to 4.2V\nComment:\tformation\n");
        o.push_str("Rec\tCycle\tStep\tTest Time\tStep Time\tCapacity\tEnergy\tCurrent\tVoltage\tMD\tES\tDPT Time\tAux #1\t Units\tAux #2\t Units\tAux #3\t Units\t\n");
        for (i, r) in test().iter().enumerate() {
            writeln!(
                o,
                "{}\t{}\t{}\t{}\t{}\t{:.5}\t{:.5}\t{:.5}\t{:.5}\t{}\t0\t{}\t-2501.71411\t C  \t{:.2}\t C  \t0.00042\t V  \t",
                i + 1, r.cycle, r.step, compact(r.time), compact(r.step_time), r.capacity, r.energy, r.current.abs(),
                r.voltage, maccor_mode(r.mode), stamp(r.time, "%m/%d/%Y %H:%M:%S"), r.temperature,
            )
            .unwrap();
        }
    })
}

/// docs/formats/maccor.md#keys-and-values: minutes without a unit, decimal comma, a blank line under the header, a
/// suspended row and an end row.
fn maccor_key_value() -> Vec<u8> {
    let records = test();
    let comma = |text: String| text.replace('.', ",");
    let head = "Name:\tdemo.081\nChannel:\t81\nTester\tMaccor #4\nProcedure\tdemo.000\nDescription\t\nStarted\t3/1/2024 8:00:00 AM\nSCap\t0.0\nC Rate\t0.0\nCh. max. V\t5.00 V\nDisCh. min. V\t0.00 V\nCh. max. I\t5.00 A\nDisCh. max. I\t5.00 A\n\n";
    text(|o| {
        o.push_str(head);
        o.push_str("Rec\tCycle P\tCycle C\tStep\tTestTime\tStepTime\tCap. [Ah]\tEner. [Wh]\tCurrent [A]\tVoltage [V]\tMd\tES\tDPT Time\n\n");
        let row = |o: &mut String, r: &Record, rec: usize, step: u32, mode: &str, es: u32, current: f64| {
            let cells = format!(
                "{rec}\t{}\t{}\t{step}\t{:.6}\t{:.6}\t{:.7}\t{:.7}\t{:.6}\t{:.5}\t{mode}\t{es}\t",
                r.cycle - 1,
                r.cycle,
                r.time / 60.0,
                r.step_time / 60.0,
                r.capacity,
                r.energy,
                current,
                r.voltage
            );
            writeln!(o, "{}{}\t", comma(cells), stamp(r.time, "%-m/%-d/%Y %-I:%M:%S %p")).unwrap();
        };
        for (i, r) in records.iter().enumerate() {
            row(o, r, i + 1, r.step, maccor_mode(r.mode), 1, r.current.abs());
        }
        let last = Record { capacity: 0.0, energy: 0.0, step_time: 0.0, ..*records.last().unwrap() };
        row(o, &last, records.len() + 1, last.step + 1, "O", 193, 0.0);
    })
}

/// docs/formats/maccor.md#commas: commas, signed current, no mode column.
fn maccor_comma() -> Vec<u8> {
    text(|o| {
        o.push_str("Today's Date ,04-Mar-24\nDate of Test:,01-Mar-24 8:00:00 AM\n");
        o.push_str(
            "Rec,Cycle C,Step,Test Time (sec),Step Time (sec),Capacity,Energy,Current,Voltage,DPT Time,Temp 1\n",
        );
        for (i, r) in test().iter().enumerate() {
            let when = stamp(r.time, "%d-%b-%y %-I:%M:%S %p");
            writeln!(
                o,
                "{},{},{},{:.2},{:.2},{:.7},{:.7},{:.6},{:.5},{when},{:.1}",
                i + 1,
                r.cycle,
                r.step,
                r.time,
                r.step_time,
                r.capacity,
                r.energy,
                r.current,
                r.voltage,
                r.temperature,
            )
            .unwrap();
        }
    })
}

pub(super) const ECLAB_HEAD: &str = "Galvanostatic Cycling with Potential Limitation\r\n\r\nRun on channel : 8 (SN 21637)\r\nUser : demo\r\nEwe ctrl range : min = -2.50 V, max = 5.00 V\r\nAcquisition started on : 03/01/2024 08:00:00.250\r\nLoaded Setting File :  NONE\r\nSaved on :\r\n\tFile : demo_02_GCPL_C08.mpr\r\n\tDirectory : C:\\Data\\\r\n\tHost : 192.0.2.1\r\nDevice : VMP3 (SN 0858)\r\nEC-LAB for windows v11.50 (software)\r\nComments : made by a simulation\r\nComments : second line\r\nMass of active material : 0.790 mg\r\nBattery capacity : 2.500 A.h\r\nElectrode surface area : 0.001 cm\u{b2}\r\nCycle Definition : Charge/Discharge alternance\r\nNs                  0                   1                   \r\nIs                  2.000               -2.100              \r\n";

pub(super) fn eclab(head: &str, names: &str, rows: impl FnOnce(&mut String)) -> String {
    let lines = 3 + head.matches('\n').count() + 2;
    let mut out = format!(
        "EC-Lab ASCII FILE\r\nNb header lines : {lines}                          \r\n\r\n{head}\r\n{names}\r\n"
    );
    rows(&mut out);
    out
}

pub(super) fn eclab_rows(o: &mut String, comma: bool) {
    let records = test();
    let sums = counters(&records);
    for (i, r) in records.iter().enumerate() {
        let mode = match r.mode {
            Mode::Rest => 3,
            Mode::ConstantVoltage => 2,
            _ => 1,
        };
        let (ns, half) = (r.step - 1, 2 * (r.cycle - 1) + u32::from(r.step == 5));
        let first = i == 0 || records[i - 1].step != r.step;
        // Restarts at each half cycle; positive charges.
        let base =
            sums[..i].iter().zip(&records).rev().find(|(_, p)| 2 * (p.cycle - 1) + u32::from(p.step == 5) != half);
        let base = base.map_or([0.0; 4], |(s, _)| *s);
        let q = (sums[i][0] - base[0]) - (sums[i][1] - base[1]);
        let line = format!(
            "{mode}\t{}\t0\t0\t{}\t0\t{ns}\t{:.15E}\t{:.7E}\t{:.7E}\t{:.15E}\t{:.15E}\t{half}\t{:.15E}\t{:.7E}",
            u32::from(r.current > 0.0),
            u32::from(first),
            120.0 + r.time,
            r.current * 1e3,
            r.voltage,
            r.current * 1e3,
            q * 1e3,
            f64::from(half / 2),
            r.temperature,
        );
        let line = exponents(&line);
        writeln!(o, "{}\r", if comma { line.replace('.', ",") } else { line }).unwrap();
    }
}

/// Rust writes `1.5E2`, EC-Lab `1.5E+002`.
pub(super) fn exponents(line: &str) -> String {
    let cells = line.split('\t').map(|cell| match cell.split_once('E') {
        Some((mantissa, exponent)) => {
            let e: i32 = exponent.parse().unwrap();
            format!("{mantissa}E{}{:03}", if e < 0 { '-' } else { '+' }, e.abs())
        }
        None => cell.to_owned(),
    });
    cells.collect::<Vec<_>>().join("\t")
}

pub(super) const ECLAB_NAMES: &str = "mode\tox/red\terror\tcontrol changes\tNs changes\tcounter inc.\tNs\ttime/s\tcontrol/V/mA\tEwe/V\t<I>/mA\tQ charge/discharge/mA.h\thalf cycle\tcycle number\tTemperature/\u{b0}C\t";

/// docs/formats/biologic.md#text-exports: settings, windows-1252, `time/s` that does not begin at 0, control modes inside a
/// sequence.
fn biologic_eclab() -> Vec<u8> {
    windows_1252(&eclab(ECLAB_HEAD, ECLAB_NAMES, |o| eclab_rows(o, false)))
}

/// The same with a decimal comma.
fn biologic_comma() -> Vec<u8> {
    windows_1252(&eclab(ECLAB_HEAD, ECLAB_NAMES, |o| eclab_rows(o, true)))
}

/// docs/formats/biologic.md#head-and-names with N = 3: the names follow at once.
fn biologic_names_only() -> Vec<u8> {
    let mut out = format!(
        "BT-Lab ASCII FILE\r\nNb header lines : 3                          \r\n{}\r\n",
        ECLAB_NAMES.replace("Ewe/V", "Ecell/V")
    );
    eclab_rows(&mut out, false);
    out.into_bytes()
}

/// docs/formats/biologic.md#sources: no current column, only charge increments; text cells for what is not available.
fn biologic_increments() -> Vec<u8> {
    let records = test();
    windows_1252(&eclab(ECLAB_HEAD, "mode\tNs changes\tNs\ttime/s\tdq/mA.h\tEwe/V\tEfficiency/%\tP/W\t", |o| {
        for (i, r) in records.iter().enumerate() {
            let dq = if i == 0 { 0.0 } else { r.current * (r.time - records[i - 1].time) / 3.6 };
            let line = format!(
                "1\t{}\t{}\t{:.15E}\t{dq:.15E}\t{:.7E}\tXXX\t{:.7E}",
                u32::from(r.step_time == 0.0),
                r.step,
                r.time,
                r.voltage,
                r.current * r.voltage
            );
            writeln!(o, "{}\r", exponents(&line)).unwrap();
        }
    }))
}

/// docs/formats/biologic.md#sources, and what another program keeps of it: no current and no increments, the running charge.
fn biologic_running_charge() -> Vec<u8> {
    let (records, mut charge) = (test(), 0.0);
    let mut out = "time/s\tmode\tCapacity/mA.h\t(Q-Qo)/mA.h\tEwe/V\t\r\n".to_owned();
    for (i, r) in records.iter().enumerate() {
        charge += if i == 0 { 0.0 } else { r.current * (r.time - records[i - 1].time) / 3.6 };
        let line = format!("{:.15E}\t1\t{:.15E}\t{charge:.15E}\t{:.7E}", r.time, f64::abs(charge), r.voltage);
        writeln!(out, "{}\r", exponents(&line)).unwrap();
    }
    out.into_bytes()
}

/// docs/formats/biologic.md#characters-of-units, docs/formats/biologic.md#sources: a counter electrode beside the working
/// one; an empty name, and a last name without data.
fn biologic_electrodes() -> Vec<u8> {
    let names = "mode\tNs\ttime/s\tEwe/V\tI/mA\tcycle number\tEce/V\tRwe-ce/Ohm\t\tEwe-Ece/V";
    windows_1252(&eclab(ECLAB_HEAD, names, |o| {
        for r in test() {
            let mode = match r.mode {
                Mode::Rest => 3,
                Mode::ConstantVoltage => 2,
                _ => 1,
            };
            let line = format!(
                "{mode}\t{}\t{:.15E}\t{:.7E}\t{:.15E}\t{:.15E}\t{:.7E}\t{:.7E}",
                r.step - 1,
                r.time,
                r.voltage,
                r.current * 1e3,
                f64::from(r.cycle),
                0.1 - 0.01 * r.current,
                0.04,
            );
            writeln!(o, "{}\r", exponents(&line)).unwrap();
        }
    }))
}

/// An open-circuit technique: time and voltage alone.
fn biologic_ocv() -> Vec<u8> {
    let head =
        "Open Circuit Voltage\r\n\r\nRun on channel : 1 (SN 1)\r\nAcquisition started on : 03/01/2024 08:00:00\r\n";
    windows_1252(&eclab(head, "mode\terror\ttime/s\tEwe/V\t", |o| {
        for k in 0..20 {
            writeln!(
                o,
                "{}\r",
                exponents(&format!(
                    "3\t0\t{:.15E}\t{:.7E}",
                    f64::from(k) * 10.0,
                    3.7 - 0.001 * (-f64::from(k) / 5.0).exp()
                ))
            )
            .unwrap();
        }
    }))
}

/// A waiting technique writes names and no record.
fn biologic_no_rows() -> Vec<u8> {
    windows_1252(&eclab("Wait\r\n\r\nRun on channel : 1 (SN 1)\r\n", "mode\ttime/s\tEwe/V\tI/mA\t", |_| {}))
}

/// docs/formats/biologic.md#sources: an impedance sweep between a discharge and a rest; 0 Hz on all other records.
fn biologic_impedance() -> Vec<u8> {
    let names =
        "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t|Z|/Ohm\tPhase(Z)/deg\ttime/s\t<Ewe>/V\t<I>/mA\tmode\tNs\tcycle number\t";
    windows_1252(&eclab(ECLAB_HEAD, names, |o| {
        let mut row = |z: Option<(f64, f64, f64)>, t: f64, v: f64, i: f64, mode: u32, ns: u32| {
            let (f, re, im) = z.unwrap_or_default();
            let (modulus, phase) = (re.hypot(im), im.atan2(re).to_degrees());
            let line = format!(
                "{f:.7E}\t{re:.7E}\t{:.7E}\t{modulus:.7E}\t{phase:.7E}\t{t:.15E}\t{v:.7E}\t{i:.7E}\t{mode}\t{ns}\t{:.15E}",
                -im, 1.0
            );
            writeln!(o, "{}\r", exponents(&line)).unwrap();
        };
        for k in 0..20 {
            let t = f64::from(k) * 60.0;
            row(None, t, 4.0 - t / 6000.0 - 0.08, -2000.0, 1, 0);
        }
        for k in 0..12 {
            let f = 10f64.powf(4.0 - f64::from(k) * 0.5);
            let w = std::f64::consts::TAU * f * 0.01;
            // R0 + R/(1 + iωRC)
            let (re, im) = (0.02 + 0.03 / (1.0 + w * w), -0.03 * w / (1.0 + w * w));
            row(Some((f, re, im)), 1200.0 + f64::from(k), 3.82, 0.0, 2, 1);
        }
        for k in 0..10 {
            row(None, 1220.0 + f64::from(k) * 30.0, 3.82, 0.0, 3, 2);
        }
    }))
}

/// docs/formats/arbin.md#parts-of-one-test: the same test in several files, each with the header.
fn arbin_part(rows: std::ops::Range<usize>) -> Vec<u8> {
    let whole = String::from_utf8(arbin_mits8()).unwrap();
    let (header, body) = whole.split_once('\n').unwrap();
    let lines = body.split_inclusive('\n').skip(rows.start).take(rows.end - rows.start);
    format!("{header}\n{}", lines.collect::<String>()).into_bytes()
}

/// docs/formats/arbin.md#csv-dialects: byte order mark, a TAB before quoted dates, blank resistance, a schedule counter, an
/// auxiliary channel.
fn arbin_mits8() -> Vec<u8> {
    let records = test();
    let sums = counters(&records);
    text(|o| {
        o.push_str("\u{feff}Data Point,Date Time,Test Time (s),Step Time (s),Cycle Index,Step Index,TC_Counter1,Current (A),Voltage (V),Power (W),Charge Capacity (Ah),Discharge Capacity (Ah),Charge Energy (Wh),Discharge Energy (Wh),ACR (Ohm),dV/dt (V/s),Internal Resistance (Ohm),dQ/dV (Ah/V),Aux_Temperature_1 (C),Aux_dT/dt_1 (C/s)\r\n");
        for (i, (r, s)) in records.iter().zip(&sums).enumerate() {
            let ir = if r.step == 5 && r.step_time == 0.0 { "0.0401" } else { "" };
            writeln!(
                o,
                "{},\"\t{}\",{:.4},{:.4},{},{},0,{:.6},{:.6},{:.6},{:.8},{:.8},{:.8},{:.8},,0,{ir},,{:.5},0\r",
                i + 1,
                stamp(r.time + 30.0, "%m/%d/%Y %H:%M:%S%.3f"),
                r.time + 30.0,
                r.step_time + 0.001,
                r.cycle,
                r.step,
                r.current,
                r.voltage,
                r.current * r.voltage,
                s[0],
                s[1],
                s[2],
                s[3],
                r.temperature,
            )
            .unwrap();
            if i == 10 {
                // MITS writes some records twice.
                let line = o.trim_end().rsplit('\n').next().unwrap().to_owned();
                writeln!(o, "{line}\r").unwrap();
            }
        }
    })
}

/// docs/formats/arbin.md#csv-dialects: underscores, columns in another order, counters that restart with the cycle.
pub(super) fn arbin_mits7() -> Vec<u8> {
    let records = test();
    let sums = counters(&records);
    text(|o| {
        o.push_str("Date_Time,Test_Time(s),Step_Time(s),Step_Index,Cycle_Index,Voltage(V),Current(A),Charge_Capacity(Ah),Discharge_Capacity(Ah),Charge_Energy(Wh),Discharge_Energy(Wh),Internal Resistance(Ohm),dV/dt(V/s)\n");
        let second = records.iter().position(|r| r.cycle == 2).unwrap();
        for (i, (r, s)) in records.iter().zip(&sums).enumerate() {
            let base = if i >= second { sums[second - 1] } else { [0.0; 4] };
            let s: Vec<f64> = s.iter().zip(base).map(|(a, b)| a - b).collect();
            writeln!(
                o,
                "{},{:.4},{:.4},{},{},{:.9},{:.9},{:.9},{:.9},{:.9},{:.9},0,0",
                stamp(r.time, "%m-%d-%Y %H:%M:%S%.3f"),
                r.time,
                r.step_time,
                r.step,
                r.cycle,
                r.voltage,
                r.current,
                s[0],
                s[1],
                s[2],
                s[3],
            )
            .unwrap();
        }
    })
}

/// docs/formats/arbin.md#csv-dialects: no units, counts as floats, Unix time, a leading index column.
pub(super) fn arbin_database() -> Vec<u8> {
    let records = test();
    let sums = counters(&records);
    text(|o| {
        o.push_str(",Data_Point,Test_Time,DateTime,Step_Time,Step_Index,Cycle_Index,Current,Voltage,Charge_Capacity,Discharge_Capacity,Charge_Energy,Discharge_Energy,dV/dt,Internal_Resistance,Temperature\n");
        for (i, (r, s)) in records.iter().zip(&sums).enumerate() {
            writeln!(
                o,
                "{i},{i}.0,{:.6},{:.3},{:.6},{}.0,{}.0,{:.9},{:.9},{:.9},{:.9},{:.9},{:.9},0.0,0.0,{:.3}",
                r.time,
                1_709_280_000.0 + r.time,
                r.step_time,
                r.step,
                r.cycle,
                r.current,
                r.voltage,
                s[0],
                s[1],
                s[2],
                s[3],
                r.temperature,
            )
            .unwrap();
        }
    })
}

/// docs/formats/neware.md#flat-text: BTSDA 9, pairs and single counters, total time.
pub(super) fn neware_flat() -> Vec<u8> {
    text(|o| {
        o.push_str("DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(A),Voltage(V),Capacity(Ah),Spec. Cap.(mAh/g),Chg. Cap.(Ah),DChg. Cap.(Ah),Energy(Wh),Chg. Energy(Wh),DChg. Energy(Wh),Date,Power(W),Module start-stop switch\n");
        for (i, r) in test().iter().enumerate() {
            let on = |side: bool, x: f64| if side { x } else { 0.0 };
            let (d, c) = (r.mode == Mode::Discharge, r.current > 0.0);
            writeln!(
                o,
                "{},{},{},{},{},{},{:.6},{:.5},{:.8},0.00,{:.8},{:.8},{:.8},{:.8},{:.8},{},{:.6},Close",
                i + 1,
                r.cycle,
                r.step,
                neware_mode(r.mode),
                clock(r.step_time),
                clock(r.time),
                r.current,
                r.voltage,
                r.capacity,
                on(c, r.capacity),
                on(d, r.capacity),
                r.energy,
                on(c, r.energy),
                on(d, r.energy),
                stamp(r.time, "%Y-%m-%d %H:%M:%S%.3f"),
                r.current * r.voltage,
            )
            .unwrap();
        }
    })
}

/// docs/formats/neware.md#columns-of-an-export, docs/formats/neware.md#header-words: µA, mV, mA·s, a lost degree sign, the
/// step mark, a single counter that is negative in discharge.
fn neware_units() -> Vec<u8> {
    let records = test();
    let mut out = String::from(
        "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(\u{b5}A),Voltage(mV),Capacity(mAs),Energy(mWs),Date,Step start and end identification ,SOC/DOD(%),T1(?),t1(?)\n",
    );
    for (i, r) in records.iter().enumerate() {
        let sign = if r.mode == Mode::Discharge { -1.0 } else { 1.0 };
        let mark = if r.step_time == 0.0 {
            "0"
        } else if is_last(&records, i) {
            "1"
        } else {
            ""
        };
        writeln!(
            out,
            "{},{},{},{},{},{},{:.0},{:.2},{:.3},{:.3},{},{mark},,{:.1},25.0",
            i + 1,
            r.cycle,
            r.step,
            neware_mode(r.mode).replace('_', " "),
            clock(r.step_time),
            clock(r.time),
            r.current * 1e6,
            r.voltage * 1e3,
            sign * r.capacity * 3.6e6,
            sign * r.energy * 3.6e6,
            stamp(r.time, "%Y-%m-%d %H:%M:%S%.3f"),
            r.temperature,
        )
        .unwrap();
    }
    windows_1252(&out)
}

/// docs/formats/neware.md#column-names: Chinese names in GB18030.
fn neware_chinese() -> Vec<u8> {
    let mut out = String::from(
        "数据序号,循环号,工步号,工步类型,时间,总时间,电流(A),电压(V),容量(Ah),充电容量(Ah),放电容量(Ah),绝对时间,功率(W),接触电阻(mΩ)\r\n",
    );
    for (i, r) in test().iter().enumerate() {
        let (d, c) = (r.mode == Mode::Discharge, r.current > 0.0);
        let mode = match r.mode {
            Mode::Rest => "搁置",
            Mode::Charge => "恒流充电",
            Mode::ConstantVoltage => "恒压充电",
            Mode::Discharge => "恒流放电",
        };
        writeln!(
            out,
            "{},{},{},{mode},{},{},{:.6},{:.5},{:.8},{:.8},{:.8},{},{:.6},0\r",
            i + 1,
            r.cycle,
            r.step,
            clock(r.step_time),
            clock(r.time),
            r.current,
            r.voltage,
            r.capacity,
            if c { r.capacity } else { 0.0 },
            if d { r.capacity } else { 0.0 },
            stamp(r.time, "%Y/%m/%d %H:%M:%S"),
            r.current * r.voltage,
        )
        .unwrap();
    }
    encoding_rs::GB18030.encode(&out).0.into_owned()
}

/// docs/formats/neware.md#values-and-times: no total time and step times in minutes, so that the step times are summed;
/// magnitudes of the current.
fn neware_step_time() -> Vec<u8> {
    text(|o| {
        o.push_str("Cycle ID\tStep ID\tStep Name\tRecord ID\tTime(min)\tVoltage(V)\tCurrent(mA)\tCapacity(mAh)\tEnergy(mWh)\tRealtime\n");
        for (i, r) in test().iter().enumerate() {
            writeln!(
                o,
                "{}\t{}\t{}\t{}\t{:.6}\t{:.5}\t{:.3}\t{:.5}\t{:.5}\t{}",
                r.cycle,
                r.step,
                neware_mode(r.mode),
                i + 1,
                r.step_time / 60.0,
                r.voltage,
                r.current.abs() * 1e3,
                r.capacity * 1e3,
                r.energy * 1e3,
                stamp(r.time, "%Y-%m-%d %H:%M:%S"),
            )
            .unwrap();
        }
    })
}

/// A plain Arbin table that a case can break; columns time, step, cycle, current, voltage.
pub(super) fn broken(header: &str, rows: &[&str]) -> Vec<u8> {
    format!("{header}\n{}\n", rows.join("\n")).into_bytes()
}

const ARBIN: &str = "Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)";

/// Minutes of four decimals: half of the last one, in s.
const MINUTES: f64 = 0.003_01;

/// The fixtures.
pub fn all() -> Vec<Fixture> {
    let mut cut = arbin_mits7();
    cut.truncate(cut.len() - 70);
    let mut flat = maccor_flat();
    let nulls = String::from_utf8(flat.clone()).unwrap();
    let null_current: String = nulls
        .lines()
        .enumerate()
        .map(|(i, line)| {
            let cells: Vec<&str> =
                line.split('\t').enumerate().map(|(k, c)| if i > 1 && k == 7 { "N/A" } else { c }).collect();
            cells.join("\t") + "\n"
        })
        .collect();
    flat.truncate(nulls.match_indices('\n').nth(1).unwrap().0 + 1);
    vec![
        fixture("maccor/flat_line.034", maccor_flat()),
        fixture("maccor/signed_minutes.062", maccor_signed_minutes()).time(MINUTES),
        fixture("maccor/time_of_day.002", maccor_time_of_day()).time(MINUTES),
        fixture("maccor/long_date.txt", maccor_long_date()).charge(1e-5),
        fixture("maccor/key_value_comma.081.txt", maccor_key_value()).with_end_record(),
        fixture("maccor/comma.csv", maccor_comma()),
        fixture("biologic/eclab.mpt", biologic_eclab()),
        fixture("biologic/decimal_comma.mpt", biologic_comma()),
        fixture("biologic/names_only.txt", biologic_names_only()),
        fixture("biologic/increments.mpt", biologic_increments()).mean_current().without_cycles(),
        fixture("biologic/increments_running.txt", biologic_running_charge()).mean_current().without_cycles(),
        fixture("biologic/electrodes.mpt", biologic_electrodes()),
        fixture("biologic/open_circuit.mpt", biologic_ocv()).other("an open circuit"),
        fixture("biologic/no_rows.mpt", biologic_no_rows()).other("no records"),
        fixture("biologic/impedance.mpt", biologic_impedance()).other("an impedance sweep between two steps"),
        fixture("arbin/mits8_Channel_2_Wb_1.CSV", arbin_mits8()),
        fixture("arbin/parts_Channel_4_Wb_1.CSV", arbin_part(0..70)),
        fixture("arbin/parts_Channel_4_Wb_2.CSV", arbin_part(70..100)).other("rows 70 to 100 of the test"),
        fixture("arbin/parts_Channel_4_Wb_3.CSV", arbin_part(100..usize::MAX)).other("rows of the test from 100 on"),
        fixture("arbin/mits7.csv", arbin_mits7()),
        fixture("arbin/database_CH33.csv", arbin_database()),
        fixture("neware/flat.csv", neware_flat()),
        fixture("neware/units.csv", neware_units()),
        fixture("neware/chinese_gb18030.csv", neware_chinese()),
        fixture("neware/step_time.txt", neware_step_time()).without_gaps(),
        fixture("odd/cut_in_a_row.csv", cut),
        fixture("bad/header_only.034", flat),
        fixture(
            "odd/ragged.csv",
            broken(
                ARBIN,
                &[
                    "0,1,1,-1,4.0",
                    "10,1,1,-1,3.99,,",
                    "20,1,1,-1,3.98,7",
                    "30,1,1,-1",
                    "40,1,1,-1,3.96",
                    "50,1,1,-1,3.95",
                ],
            ),
        ),
        fixture(
            "odd/words.csv",
            broken(
                ARBIN,
                &[
                    "0,1,1,-1,4.0",
                    "10,1,1,#DIV/0!,3.99",
                    "20,one,1,-1,3.98",
                    "30,1,1,-1,high",
                    "40,1,1,-1,3.96",
                    "50,1,1,-1,3.95",
                ],
            ),
        ),
        fixture(
            "odd/repeated_header.csv",
            broken(
                ARBIN,
                &[
                    "0,1,1,-1,4.0",
                    "10,1,1,-1,3.99",
                    ARBIN,
                    "20,1,1,-1,3.98",
                    "20,1,1,-1,3.98",
                    "30,1,1,-1,3.97",
                    "40,1,1,-1,3.96",
                ],
            ),
        ),
        fixture(
            "odd/duplicate_columns.csv",
            broken(
                "Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V),Voltage(V)",
                &["0,1,1,-1,4.0,9", "10,1,1,-1,3.99,9", "20,1,1,-1,3.98,9", "30,1,1,-1,3.97,9"],
            ),
        ),
        fixture("bad/empty.txt", Vec::new()),
        fixture("bad/binary.csv", (0..2000u32).flat_map(|i| (i * 40_503).to_le_bytes()).collect()),
        fixture("bad/prose.txt", b"Dear colleague,\nhere are the results of the test.\n".to_vec()),
        fixture("bad/no_voltage.034", b"Today's Date 03/04/2024\nRec#\tStep\tTest (Sec)\tAmps\n1\t1\t0\t1\n".to_vec()),
        fixture(
            "bad/no_time.csv",
            b"DataPoint,Cycle Index,Step Index,Step Type,Current(A),Voltage(V)\n1,1,1,Rest,0,3.7\n".to_vec(),
        ),
        fixture("bad/null_current.034", null_current.into_bytes()),
        fixture("bad/time_backwards.csv", broken(ARBIN, &["0,1,1,1,4.0", "10,1,1,1,3.99", "5,1,1,1,3.98"])),
        fixture(
            "bad/unknown_unit.csv",
            broken("Test_Time(s),Step_Index,Cycle_Index,Current(furlong),Voltage(V)", &["0,1,1,1,4.0"]),
        ),
        fixture("bad/mega.034", b"Rec#\tStep\tTest (Sec)\tMAmps\tVolts\n1\t1\t0\t1\t3.7\n".to_vec()),
        fixture(
            "bad/no_unit.csv",
            b"DataPoint,Step Type,Total Time,Current,Voltage(V)\n1,Rest,00:00:00,0,3.7\n".to_vec(),
        ),
        fixture(
            "bad/header_narrower.mpt",
            eclab("Wait\r\n", "time/s\tEwe/V\tI/mA\t", |o| o.push_str("0\t1\t2\t3\r\n")).into_bytes(),
        ),
        fixture(
            "bad/driven_without_current.txt",
            b"time/s\tmode\tEwe/V\t\n0.0\t3\t3.7\n1.0\t1\t3.6\n2.0\t1\t3.5\n".to_vec(),
        ),
        fixture("bad/header_count.mpt", b"EC-Lab ASCII FILE\nNb header lines : 400\n\ntime/s\tEwe/V\n".to_vec()),
        fixture("bad/all_words.csv", broken(ARBIN, &["a,b,c,d,e", "f,g,h,i,j"])),
    ]
}
