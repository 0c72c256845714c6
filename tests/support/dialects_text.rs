//! More text dialects of the simulated test: rarer layouts, each for one fact of the specs.

use std::fmt::Write;

use super::cell::{Mode, Record, counters, test};
use super::dialects::{
    broken, clock, eclab, eclab_rows, exponents, maccor_mode, neware_mode, stamp, text, windows_1252,
};
use super::fixture::{Fixture, fixture};

/// `1234567.891` → `1,234,567.891`.
fn grouped(value: f64, digits: usize) -> String {
    let plain = format!("{value:.digits$}");
    let (whole, rest) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |w| ("-", w));
    let groups: Vec<String> =
        whole.as_bytes().rchunks(3).rev().map(|c| String::from_utf8(c.to_vec()).unwrap()).collect();
    format!("{sign}{}{rest}", groups.join(","))
}

/// docs/formats/maccor.md#doubled-apostrophe: doubled apostrophe, milli-units, and millivolts under `Volts`.
fn maccor_millivolts() -> Vec<u8> {
    text(|o| {
        o.push_str("Today''s Date\t03/04/2024 12:50:27 PM\n\nDate of Test:\t03/01/2024 8:00:00 AM\n\n");
        o.push_str("Rec#\tCyc#\tStep\tTestTime\tStepTime\tmAmp-hr\tmWatt-hr\tmAmps\tVolts\tState\tES\tDPt Time\t\n");
        for (i, r) in test().iter().enumerate() {
            let day = |s: f64| {
                format!(
                    "{}d {:02}:{:02}:{:05.2}",
                    (s / 86_400.0) as u32,
                    (s / 3600.0) as u32 % 24,
                    (s / 60.0) as u32 % 60,
                    s % 60.0
                )
            };
            let when = stamp(r.time, "%-m/%-d/%Y %-I:%M:%S %p");
            let (q, e, i_ma) = (r.capacity * 1e3, r.energy * 1e3, r.current * 1e3);
            writeln!(
                o,
                "{}\t{}\t{}\t{}\t{}\t{q:.4}\t{e:.4}\t{i_ma:.4}\t{:.4}\t{}\t1\t{when}\t",
                i + 1,
                r.cycle,
                r.step,
                day(r.time),
                day(r.step_time),
                r.voltage * 1e3,
                maccor_mode(r.mode)
            )
            .unwrap();
        }
    })
}

/// docs/formats/maccor.md#commas: no preamble, quoted thousands, a clock that holds small integers, a chamber that is not
/// there, blank
/// columns at the end of the rows only.
fn maccor_thousands() -> Vec<u8> {
    text(|o| {
        o.push_str(
            "Cyc#,Step,TestTime(s),StepTime(s),Capacity(Ah),Watt-hr,Current(A),Voltage(V),DPt Time,Temp 1,EV Temp\n",
        );
        for r in test() {
            let q = |v: f64, d| if v >= 1000.0 { format!("\"{}\"", grouped(v, d)) } else { format!("{v:.d$}") };
            writeln!(
                o,
                "{},{},{},  0d {},{:.6},{:.6},{:.5},{:.5},1,{:.2},0.0,,,,",
                r.cycle,
                r.step,
                q(r.time, 3),
                clock(r.step_time),
                r.capacity,
                r.energy,
                r.current,
                r.voltage,
                r.temperature
            )
            .unwrap();
        }
    })
}

/// docs/formats/maccor.md#numbers: thousands separators that nobody quoted.
fn maccor_unquoted_thousands() -> Vec<u8> {
    text(|o| {
        o.push_str("Today's Date ,4/14/2024\n");
        o.push_str("Test Time,Cycle C,Step,Current (A),Voltage (V),Capacity (AHr),Rec,MD,DPT Time\n");
        for (i, r) in test().iter().enumerate() {
            let when = stamp(r.time, "%-m/%-d/%Y %H:%M:%S");
            writeln!(
                o,
                "{},{},{},{:.5},{:.5},{:.6},{},{},{when}",
                grouped(r.time, 2),
                r.cycle,
                r.step,
                r.current.abs(),
                r.voltage,
                r.capacity,
                i + 1,
                maccor_mode(r.mode)
            )
            .unwrap();
        }
    })
}

/// docs/formats/maccor.md#commas: one fact a line, padded with commas; charge and discharge pairs; seconds told by nothing
/// but the charge.
fn maccor_keys() -> Vec<u8> {
    let records = test();
    let sums = counters(&records);
    text(|o| {
        for (key, value) in [
            ("Procedure", "demo.000"),
            ("Filename", "C:\\Data\\demo.021"),
            ("Comment/Barcode", "a, b"),
            ("Channel", "21"),
            ("Started", "3/1/2024 8:00:00 AM"),
        ] {
            writeln!(o, "{key},{value},,,,,,,,").unwrap();
        }
        o.push_str("Rec,Cycle P,Step,Test Time (Hr),Current (mA),Voltage (V),Chg Capacity (mAh),DChg Capacity (mAh),Chg Energy (mWh),DChg Energy (mWh)\n");
        for (i, (r, s)) in records.iter().zip(&sums).enumerate() {
            writeln!(
                o,
                "{},{},{},{:.7},{:.3},{:.5},{:.4},{:.4},{:.4},{:.4}",
                i + 1,
                r.cycle,
                r.step,
                r.time / 3600.0,
                r.current * 1e3,
                r.voltage,
                s[0] * 1e3,
                s[1] * 1e3,
                s[2] * 1e3,
                s[3] * 1e3
            )
            .unwrap();
        }
    })
}

/// docs/formats/maccor.md#keys-and-values, short form: minutes, told by the charge, because there is no clock.
fn maccor_short_form() -> Vec<u8> {
    text(|o| {
        o.push_str("Name:\tdemo\nChannel:\t8\nProcedure\tdemo.000\nDescription\tpulses\n\n");
        o.push_str("Rec#\tCyc#\tStep\tTestTime\tStepTime\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\n");
        for (i, r) in test().iter().enumerate() {
            writeln!(
                o,
                "{}\t{}\t{}\t{:.6}\t{:.6}\t{:.7}\t{:.7}\t{:.6}\t{:.5}\t{}\t1",
                i + 1,
                r.cycle,
                r.step,
                r.time / 60.0,
                r.step_time / 60.0,
                r.capacity,
                r.energy,
                r.current.abs(),
                r.voltage,
                maccor_mode(r.mode)
            )
            .unwrap();
        }
    })
}

/// docs/formats/maccor.md#durations: dates under the header of the test time, day first by the clock alone.
fn maccor_dates_as_time() -> Vec<u8> {
    text(|o| {
        o.push_str("Today's Date 03/04/2024  Date of Test:\t03/01/2024\t Filename:\tdemo.034 Procedure: demo.000\tComment/Barcode: 1\n");
        o.push_str("Rec#\tCyc#\tStep\tTestTime\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\n");
        for (i, r) in test().iter().enumerate() {
            let when = stamp(r.time, "%-m/%-d/%Y %-I:%M:%S%.3f %p");
            writeln!(
                o,
                "{}\t{}\t{}\t{when}\t{:.7}\t{:.7}\t{:.6}\t{:.5}\t{}",
                i + 1,
                r.cycle,
                r.step,
                r.capacity,
                r.energy,
                r.current.abs(),
                r.voltage,
                maccor_mode(r.mode)
            )
            .unwrap();
        }
    })
}

/// docs/formats/maccor.md#steps-cycles-and-frames, docs/formats/maccor.md#loops-registers-and-flags: a sub-procedure (P
/// then S calls, O returns), loops that pass 0 from below, registers, flags, SMBus.
fn maccor_calls() -> Vec<u8> {
    let records = test();
    let calls = records.iter().position(|r| r.cycle == 2).unwrap();
    text(|o| {
        o.push_str("Today's Date 03/04/2024  Date of Test:\t03/01/2024\t Filename:\tdemo.034 Procedure: demo.000\tComment/Barcode: 1\n");
        o.push_str("Rec#\tFull Step #\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\tLoop1\tVAR1\tFLAG1\tVoltage (0x08)\n");
        let mut rec = 0;
        let mut row = |o: &mut String, r: &Record, time: f64, state: &str, es: u32| {
            rec += 1;
            let current = if state.len() == 1 && "CDR".contains(state) { r.current.abs() } else { 0.0 };
            let rest = if current == r.current.abs() { r.voltage } else { r.voltage - 0.04 * r.current };
            writeln!(o, "{rec}\t1.{}\t{}\t{}\t{time:.4}\t{:.4}\t{:.10}\t{:.10}\t{current:.6}\t{rest:.5}\t{state}\t{es}\t{}\t65535\t{}\t1\t0xFFFF", r.step, r.cycle, r.step, r.step_time, r.capacity, r.energy, stamp(time, "%m/%d/%Y %H:%M:%S"), r.cycle).unwrap();
        };
        for (i, r) in records.iter().enumerate() {
            if i == calls {
                // The call: two rows of the caller, half a second apart, before the frame begins.
                row(o, r, r.time - 0.4, "P", 129);
                row(o, r, r.time - 0.2, "S", 192);
            }
            row(o, r, r.time, maccor_mode(r.mode), 1);
        }
        let last = records.last().unwrap();
        row(o, last, last.time, "O", 193);
    })
}

/// docs/formats/maccor.md#capacity-and-energy: a waveform step whose pulses go both ways. Only its own counters know both
/// directions; elsewhere they are
/// `N/A` and `Amp-hr` counts.
fn maccor_waveform() -> Vec<u8> {
    text(|o| {
        o.push_str("Today's Date 03/04/2024  Date of Test:\t03/01/2024\t Filename:\tdemo.034 Procedure: demo.000\tComment/Barcode: 1\n");
        o.push_str("Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\tWF Chg Cap\tWF Dis Cap\tWF Chg E\tWF Dis E\n");
        let (mut soc, mut time, mut rec) = (0.6f64, 0.0f64, 0);
        for (step, rows) in [(1, 5), (2, 61), (3, 61), (4, 5)] {
            let (mut charged, mut discharged, mut charged_energy, mut discharged_energy) = (0f64, 0f64, 0f64, 0f64);
            for k in 0..rows {
                // Positive charges here; the file writes magnitudes with the direction beside.
                let current: f64 = match step {
                    2 => -1.2,
                    3 if k % 6 < 3 => -1.5,
                    3 => 0.9,
                    _ => 0.0,
                };
                let seconds = if k == 0 { 0.0 } else { 10.0 };
                let moved = current * seconds / 3600.0;
                soc += moved / 2.5;
                let voltage = 3.2 + 0.9 * soc + 0.05 * current;
                charged += moved.max(0.0);
                discharged -= moved.min(0.0);
                charged_energy += moved.max(0.0) * voltage;
                discharged_energy -= moved.min(0.0) * voltage;
                (time, rec) = (time + if k == 0 { 0.5 } else { 10.0 }, rec + 1);
                let state = match current {
                    c if c > 0.0 => "C",
                    c if c < 0.0 => "D",
                    _ => "R",
                };
                let (counters, single) = if step == 3 {
                    let all = [charged, discharged, charged_energy, discharged_energy];
                    (all.map(|v| format!("{v:.10}")), (charged - discharged, charged_energy - discharged_energy))
                } else {
                    (
                        std::array::from_fn(|_| "N/A".to_owned()),
                        (charged + discharged, charged_energy + discharged_energy),
                    )
                };
                writeln!(
                    o,
                    "{rec}\t0\t{step}\t{time:.4}\t{:.4}\t{:.10}\t{:.10}\t{:.6}\t{voltage:.6}\t{state}\t1\t{}\t{}",
                    f64::from(k) * 10.0,
                    single.0.abs(),
                    single.1.abs(),
                    current.abs(),
                    stamp(time, "%m/%d/%Y %H:%M:%S"),
                    counters.join("\t"),
                )
                .unwrap();
            }
        }
    })
}

/// docs/formats/digatron.md#states: a short table with a row of units, status words, running balances, a log message.
fn units_row() -> Vec<u8> {
    let records = test();
    let sums = counters(&records);
    text(|o| {
        o.push_str("Step,Status,Prog Time,Cycle,Voltage,Current,AhAccu,WhAccu,Watt,LogTemp001\n,,s,,V,A,Ah,Wh,W,C\n");
        for (i, (r, s)) in records.iter().zip(&sums).enumerate() {
            let status = match r.mode {
                Mode::Rest => "PAU",
                Mode::Discharge => "DCH",
                _ => "CHA",
            };
            if i == 20 {
                writeln!(o, "{},MSG,{:.3},{},{:.5},0,0,0,0,{:.2}", r.step, r.time, r.cycle, r.voltage, r.temperature)
                    .unwrap();
            }
            writeln!(
                o,
                "{},{status},{:.3},{},{:.5},{:.6},{:.7},{:.7},{:.6},{:.2}",
                r.step,
                r.time,
                r.cycle,
                r.voltage,
                r.current,
                s[0] - s[1],
                s[2] - s[3],
                r.current * r.voltage,
                r.temperature
            )
            .unwrap();
        }
    })
}

/// A resistor and an arc: (frequency, Re, Im) from high to low frequency.
pub fn spectrum() -> Vec<(f64, f64, f64)> {
    (0..25)
        .map(|k| {
            let f = 10f64.powf(4.0 - f64::from(k) * 0.25);
            let x = std::f64::consts::TAU * f * 0.004;
            let d = 1.0 + x * x;
            ((f * 1e4).round() / 1e4, ((0.02 + 0.03 / d) * 1e6).round() / 1e6, (-0.03 * x / d * 1e6).round() / 1e6)
        })
        .collect()
}

/// docs/formats/maccor.md#sweeps-in-the-test: the main file of a sweep says one row a frequency, all alike, without
/// impedance.
fn maccor_impedance() -> Vec<u8> {
    text(|o| {
        o.push_str("Today's Date 03/04/2024  Date of Test:\t03/01/2024\t Filename:\tdemo.041 Procedure: demo.000\tComment/Barcode: 1\n");
        o.push_str("Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\n");
        let mut row =
            |rec: u32, step: u32, time: f64, step_time: f64, voltage: f64, state: &str, es: u32, clock: f64| {
                let stamp = stamp(clock, "%m/%d/%Y %H:%M:%S");
                writeln!(
                    o,
                    "{rec}\t0\t{step}\t{time:.1}\t{step_time:.1}\t0.0\t0.0\t0.0\t{voltage:.5}\t{state}\t{es}\t{stamp}"
                )
                .unwrap();
            };
        for k in 0..6 {
            let time = f64::from(k) * 2.0;
            row(k + 1, 1, time, time, 3.7 + 0.0001 * f64::from(k), "R", 1, time);
        }
        for k in 0..26 {
            row(7, 2, 10.0, 0.0, 3.7006, "FRA", 17, 10.0 + f64::from(k) * 1.5);
        }
        for k in 0..3 {
            let time = 10.0 + f64::from(k) * 5.0;
            row(8 + k, 3, time, time - 10.0, 3.7006, "R", 1, 50.0 + time);
        }
    })
}

/// docs/formats/maccor.md#spectrum-files.
fn maccor_fra() -> Vec<u8> {
    text(|o| {
        o.push_str("MACCOR, INC.    AC Impedance Test\r\nFrequency Sweep:   Open Circuit Voltage\r\nEIS 1.000FRA default\r\ndemo.EDA0001.041\r\nLine 4\r\nLine 5\r\nStart Date:  Friday, March 1, 2024 Start Time:   15:58\r\nLine 7\r\n0.0005  2  0  0  0  0  0  10  1000  1\r\n\r\n");
        o.push_str("Freq(Hz)\tPolar(V)\ttime(sec)\tZ'(a)\tZ''(b)\tPhase_Angle\tZ-Mag\tC(F)\tStatus\tirg\tVMag\tIMag\tV-DC\tisg\trc\r\n\r\n");
        for (k, (f, re, im)) in spectrum().into_iter().enumerate() {
            let (modulus, phase) = (re.hypot(im), im.atan2(re).to_degrees());
            writeln!(
                o,
                "{f:.5}\t{:.6}\t{:.6}\t{re:.6}\t{im:.6}\t{phase:.6}\t{modulus:.6}\t0.000000\t7.1\t\t\t\t3.7\r",
                std::f64::consts::TAU * f,
                k as f64 * 1.5
            )
            .unwrap();
        }
    })
}

/// docs/formats/biologic.md#absolute-time: dates in `time/s`.
fn biologic_absolute() -> Vec<u8> {
    let body = text(|o| {
        for r in test() {
            let line = format!(
                "{}\t{}\t{}\t{:.7e}\t{:.7e}",
                r.step - 1,
                r.cycle,
                stamp(r.time, "%m/%d/%Y %H:%M:%S%.3f"),
                r.voltage,
                r.current * 1e3
            );
            let cells: Vec<String> =
                line.split('\t').enumerate().map(|(i, c)| if i > 2 { exponents(c) } else { c.to_owned() }).collect();
            writeln!(o, "{}\r", cells.join("\t")).unwrap();
        }
    });
    let body = String::from_utf8(body).unwrap();
    let head = "Modulo Bat\r\n\r\nRun on channel : B1 (SN 0137)\r\nEcell ctrl range : min = 0.00 V, max = 9.00 V\r\nAcquisition started on : 03/01/2024 08:00:00.000\r\n";
    windows_1252(
        &eclab(head, "Ns\tcycle number\ttime/s\tEcell/V\tI/mA\t", |o| o.push_str(&body))
            .replace("EC-Lab ASCII", "BT-Lab ASCII"),
    )
}

/// docs/formats/biologic.md#files-without-the-head, docs/formats/biologic.md#characters-of-units: a blank line, then the
/// names; a degree sign that became something else.
fn biologic_headerless() -> Vec<u8> {
    let mut out = String::from("\r\n");
    out.push_str(&super::dialects::ECLAB_NAMES.replace("\u{b0}", "\u{f8}"));
    out.push_str("\r\n");
    eclab_rows(&mut out, false);
    windows_1252(&out)
}

/// A csv that another program made of EC-Lab's export: semicolons, the flags byte under each flag's name, quoted dates.
fn biologic_semicolons() -> Vec<u8> {
    text(|o| {
        o.push_str("mode;ox;error;time/s;Ecell/V;I/mA;cycle number;Ns changes;Ns;Q charge/mA.h;Q discharge/mA.h;Temperature/°C/°c;|Z|/Ohm\r\n");
        let records = test();
        for (i, r) in records.iter().enumerate() {
            let mode = match r.mode {
                Mode::Rest => 3u8,
                Mode::ConstantVoltage => 2,
                _ => 1,
            };
            let begins = i > 0 && records[i - 1].run != r.run;
            let flags = mode | 0x04 | if begins { 0x20 } else { 0 } | if i % 3 == 0 { 0x10 } else { 0 };
            let (c, d) = if r.mode == Mode::Discharge { (0.0, r.capacity) } else { (r.capacity, 0.0) };
            writeln!(
                o,
                "{flags};{flags};{flags};\"{}\";{:.7};{:.5};{};{flags};{};{:.6};{:.6};{:.2};\r",
                stamp(r.time, "%m/%d/%Y %H:%M:%S%.3f"),
                r.voltage,
                r.current * 1e3,
                r.cycle,
                r.step - 1,
                c * 1e3,
                d * 1e3,
                r.temperature
            )
            .unwrap();
        }
    })
}

/// docs/formats/biologic.md#files-without-the-head: names with every sign turned into an underscore.
fn biologic_derived() -> Vec<u8> {
    text(|o| {
        o.push_str("time_s,Ecell_V,I_mA,QCharge_mA_h,QDischarge_mA_h,Temperature__C,cycleNumber,Ns\n");
        for r in test() {
            let (c, d) = if r.mode == Mode::Discharge { (0.0, r.capacity) } else { (r.capacity, 0.0) };
            writeln!(
                o,
                "{:.3},{:.6},{:.4},{:.5},{:.5},{:.2},{},{}",
                r.time,
                r.voltage,
                r.current * 1e3,
                c * 1e3,
                d * 1e3,
                r.temperature,
                r.cycle,
                r.step
            )
            .unwrap();
        }
    })
}

/// docs/formats/biologic.md#cells-that-are-no-numbers: cells without a value, a header wider than the data, a last line
/// that is cut.
fn biologic_gaps() -> Vec<u8> {
    text(|o| {
        o.push_str("Ns\ttime/s\tEwe/V\tI/mA\tcycle number\tEfficiency/%\tRwe-ce/Ohm\t\tEwe-Ece/V\n");
        for (i, r) in test().iter().enumerate() {
            let odd = ["XXX", "INF", "1.#INF", "-1.#IND", ""][i % 5];
            writeln!(
                o,
                "{}\t{:.3}\t{:.5}\t{:.3}\t{}\t{odd}\t1.#QNAN",
                r.step,
                r.time,
                r.voltage,
                r.current * 1e3,
                r.cycle
            )
            .unwrap();
        }
        o.push_str("5\t6700.5\t3.4");
    })
}

/// A fit report behind the records.
fn biologic_fit_report() -> Vec<u8> {
    let mut out = eclab(super::dialects::ECLAB_HEAD, super::dialects::ECLAB_NAMES, |o| eclab_rows(o, false));
    out.push_str("\r\n\r\nZfit report\r\nEquivalent circuit : R1+Q2/R2\r\nParameter\tValue\tDeviation\r\nR1/Ohm\t12.5\t0.1\r\nQ2/F.s^(a - 1)\t1e-3\t0\r\n");
    windows_1252(&out)
}

/// docs/formats/arbin.md#csv-dialects: a re-saved 4.x workbook: semicolons, decimal commas, day numbers, unnamed index.
fn arbin_resaved() -> Vec<u8> {
    let records = test();
    let sums = counters(&records);
    text(|o| {
        o.push_str("Unnamed: 0;Data_Point;Test_Time(s);Date_Time;Step_Time(s);Step_Index;Cycle_Index;Current(A);Voltage(V);Charge_Capacity(Ah);Discharge_Capacity(Ah);Charge_Energy(Wh);Discharge_Energy(Wh);dV/dt(V/s);Internal_Resistance(Ohm);Is_FC_Data;AC_Impedance(Ohm);ACI_Phase_Angle(Deg);Reference_Voltage(Ohm);MetaCode_MV_UD1;LAST_POINT;IR_VALUE_NULL\n");
        for (i, (r, s)) in records.iter().zip(&sums).enumerate() {
            let day = 45_352.0 + (8.0 * 3600.0 + r.time) / 86_400.0;
            let line = format!(
                "{i};{};{:.4};{day:.9};{:.4};{};{};{:.6};{:.6};{:.7};{:.7};{:.7};{:.7};0;0;0;0;0;0.51;2.5;0;1",
                i + 1,
                r.time,
                r.step_time,
                r.step,
                r.cycle,
                r.current,
                r.voltage,
                s[0],
                s[1],
                s[2],
                s[3]
            );
            writeln!(o, "{}", line.replace('.', ",")).unwrap();
        }
    })
}

/// docs/formats/arbin.md#order-of-rows-and-several-tests: the test time restarts after a resume; the rows' clock says how
/// long it was.
fn arbin_resumed() -> Vec<u8> {
    let records = test();
    let sums = counters(&records);
    let second = records.iter().position(|r| r.cycle == 2).unwrap();
    text(|o| {
        o.push_str("Data_Point,Test_Time,DateTime,Step_Time,Step_Index,Cycle_Index,Current,Voltage,Charge_Capacity,Discharge_Capacity,Charge_Energy,Discharge_Energy,TC_Counter1,Aux_Voltage_1(V)\n");
        for (i, (r, s)) in records.iter().zip(&sums).enumerate() {
            let base = if i >= second { records[second].time } else { 0.0 };
            let unix = 1_709_280_000.0 + r.time;
            writeln!(
                o,
                "{},{:.4},{unix:.3},{:.4},{},{},{:.6},{:.6},{:.7},{:.7},{:.7},{:.7},{},{:.4}",
                i + 1,
                r.time - base,
                r.step_time,
                r.step,
                r.cycle,
                r.current,
                r.voltage,
                s[0],
                s[1],
                s[2],
                s[3],
                r.cycle,
                r.voltage / 2.0
            )
            .unwrap();
        }
    })
}

/// docs/formats/neware.md#layered-text: BTSDA 8; the first step stands behind the first cycle.
pub(super) fn neware_layered() -> Vec<u8> {
    let records = test();
    let line = |o: &mut String, r: &Record, i: usize| {
        let sign = if r.mode == Mode::Discharge { -1.0 } else { 1.0 };
        writeln!(
            o,
            ",,{},{},{},{:.5},{:.5},{:.8},{:.8},{},{:.2},40.1",
            i + 1,
            clock(r.step_time),
            clock(r.time),
            r.current,
            r.voltage,
            sign * r.capacity,
            sign * r.energy,
            stamp(r.time, "%Y-%m-%d %H:%M:%S"),
            r.temperature
        )
        .unwrap();
    };
    text(|o| {
        o.push_str("Cycle Index,Chg. Cap.(Ah),DChg. Cap.(Ah),Chg.-DChg. Eff(%)\n,Step Index,Step Number,Step Type,Step Time,Capacity(Ah),Energy(Wh)\n,,DataPoint,Time,Total Time,Current(A),Voltage(V),Capacity(Ah),Energy(Wh),Date,T1(?),CPU(?)\n");
        for (i, r) in records.iter().enumerate() {
            let new_cycle = i == 0 || records[i - 1].cycle != r.cycle;
            let new_step = i == 0 || records[i - 1].run != r.run;
            let step = format!("{},{},{},00:10:00,0.1,0.4", r.step, r.run, neware_mode(r.mode).replace('_', " "));
            match (new_cycle, new_step) {
                (true, _) if i == 0 => writeln!(o, "{},1.1,1.0,90.1,{step}", r.cycle).unwrap(),
                (true, _) => writeln!(o, "{},1.1,1.0,90.1\n,{step}", r.cycle).unwrap(),
                (_, true) => writeln!(o, ",{step}").unwrap(),
                _ => {}
            }
            line(o, r, i);
        }
    })
}

/// docs/formats/neware.md#layered-text: BTS 7, quoted, cells that begin with a tab; the raw step is the program step.
fn neware_layered_quoted() -> Vec<u8> {
    let records = test();
    let quote = |cells: &[String], empty: usize| {
        format!("{}{}\n", ",".repeat(empty), cells.iter().map(|c| format!("\"\t{c}\"")).collect::<Vec<_>>().join(","))
    };
    let names = |line: &str| line.split('|').map(str::to_owned).collect::<Vec<_>>();
    text(|o| {
        o.push_str(&quote(&names("Cycle ID|Cap_Chg(mAh)|Cap_DChg(mAh)|Plat_Time(h:min:s.ms)"), 0));
        o.push_str(&quote(
            &names("Step ID|Step Name|Step Time(h:min:s.ms)|Step Capacity(mAh)|Start Voltage(V)|Raw Step ID"),
            1,
        ));
        o.push_str(&quote(
            &names(
                "Record ID|Time(h:min:s.ms)|Voltage(V)|Current(mA)|Temperature(C)|Capacity(mAh)|Energy(mWh)|Realtime",
            ),
            2,
        ));
        for (i, r) in records.iter().enumerate() {
            if i == 0 || records[i - 1].cycle != r.cycle {
                o.push_str(&quote(&[r.cycle.to_string(), "1".into(), "1".into(), "-".into()], 0));
            }
            if i == 0 || records[i - 1].run != r.run {
                o.push_str(&quote(
                    &[
                        r.run.to_string(),
                        neware_mode(r.mode).into(),
                        "0:10:00.000".into(),
                        "1".into(),
                        "3.7".into(),
                        r.step.to_string(),
                    ],
                    1,
                ));
            }
            let cells = [
                (i + 1).to_string(),
                clock(r.step_time),
                format!("{:.5}", r.voltage),
                format!("{:.4}", r.current * 1e3),
                format!("{:.2}", r.temperature),
                format!("{:.5}", r.capacity * 1e3),
                format!("{:.5}", r.energy * 1e3),
                stamp(r.time, "%Y-%m-%d %H:%M:%S"),
            ];
            o.push_str(&quote(&cells, 2));
        }
    })
}

/// docs/formats/neware.md#order-of-records, docs/formats/neware.md#clock-readings: records out of order and twice, a clock
/// of 1970, auxiliary channels by case.
fn neware_shuffled() -> Vec<u8> {
    let records = test();
    let mut lines: Vec<String> = Vec::new();
    for (i, r) in records.iter().enumerate() {
        lines.push(format!(
            "{},{},{},{},{},{},{:.5},{:.5},1970-01-01 08:{:02}:{:02},{:.2},25.0,41.5,40.2",
            i + 1,
            r.cycle,
            r.step,
            neware_mode(r.mode),
            clock(r.step_time),
            clock(r.time),
            r.current,
            r.voltage,
            i / 60,
            i % 60,
            r.temperature
        ));
    }
    lines.swap(10, 11);
    let again = lines[30].clone();
    lines.insert(40, again);
    format!("DataPoint,Cycle Index,Step Index,Step Type,Step Time,Total Time,Current(A),Voltage(V),Date,T2(℃),t2(℃),H1(%),CPU(℃)\n{}\n", lines.join("\n")).into_bytes()
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    let metadata = ",Test_ID,Device_ID,IV_Ch_ID,First_Start_DateTime,Schedule_File_Name,Item_ID,Schedule_Version\n0,144,60369369,32,1709279999,tests\\demo.sdu,EL1508,Schedule Version 7.00.08\n";
    let global_info = "\u{feff},,,TEST REPORT,,\r\n,, Test Name, demo, Serial Number,, C:\\Arbin\\demo_2024_03_01,\r\n,,Export Time,03/02/2024 10:59:23,222223,,\r\nChannel,Start DateTime,Schedule File Name,Creator,Comments,Software Version,Schedule Version,MASS(g),Capacity(Ah),BarCode\r\n2,03/01/2024 08:00:00,A\\demo.sdx,admin,,Mits8 PV Build: 202110,Schedule Version 8.00.11,2,2.5,B77\r\n";
    vec![
        fixture("maccor/millivolts.txt", maccor_millivolts()),
        fixture("maccor/thousands.csv", maccor_thousands()),
        fixture("maccor/unquoted_thousands.csv", maccor_unquoted_thousands()),
        fixture("maccor/keys.csv", maccor_keys()),
        fixture("maccor/short_form.txt", maccor_short_form()),
        fixture("maccor/dates_as_time.034", maccor_dates_as_time()),
        fixture("maccor/calls.034", maccor_calls()).other("records of a sub-procedure between those of the test"),
        fixture("maccor/waveform.034", maccor_waveform()).other("a waveform step"),
        fixture("digatron/status.csv", units_row()),
        fixture("maccor/spectrum.EDA0001.041", maccor_fra()).other("an impedance sweep alone"),
        fixture("maccor/impedance.041", maccor_impedance()).other("an impedance sweep between two rests"),
        fixture("biologic/absolute_time.txt", biologic_absolute()),
        fixture("biologic/headerless.txt", biologic_headerless()),
        fixture("biologic/semicolons.csv", biologic_semicolons()),
        fixture("biologic/derived.csv", biologic_derived()),
        fixture("biologic/gaps.txt", biologic_gaps()),
        fixture("biologic/fit_report.mpt", biologic_fit_report()),
        fixture("arbin/resaved.csv", arbin_resaved()),
        fixture("arbin/resumed_CH7.csv", arbin_resumed()),
        fixture("bad/database_CH33_Metadata.csv", metadata.as_bytes().to_vec()),
        fixture("arbin/database_CH33_Metadata.csv", metadata.as_bytes().to_vec()).beside(),
        fixture("arbin/mits8_Channel_2_GlobalInfo.CSV", global_info.as_bytes().to_vec()).beside(),
        fixture("neware/layered.csv", neware_layered()),
        fixture("neware/layered_quoted.csv", neware_layered_quoted()).without_gaps(),
        fixture("neware/shuffled.csv", neware_shuffled()),
        fixture("bad/raw.034", [&[0x00, 0x00, 0xA1, 0x01, 0x00, 0x00][..], &[7; 600]].concat()),
        fixture("bad/procedure.000", b"<?xml version=\"1.0\"?>\n<?maccor-application progid=\"Maccor Procedure File\"?>\n<MaccorTestProcedure/>\n".to_vec()),
        fixture("bad/sweep.FRA", b"[General]\r\nVersion=1\r\nFRAType=2\r\n".to_vec()),
        fixture("bad/demo [STATS].txt", b"TesterID:\t4\r\nChannel Number:\t12\r\n\r\nCycle\tTest Time\tAH-IN\tAH-OUT\r\n1\t100\t1.1\t1.0\r\n".to_vec()),
        fixture("bad/demo_StatisticByCycle.CSV", b"Date_Time,Test Time (s),Step Time (s),Cycle Index,Step Index,Current (A),Voltage (V),Charge Time (s),Discharge Time (s),V_Max_On_Cycle (V)\r\n03/01/2024,1,1,1,1,0,3.7,1,1,4.2\r\n".to_vec()),
        fixture("bad/demo_Channel_2_GlobalInfo.CSV", global_info.as_bytes().to_vec()),
        fixture("bad/settings.mps", b"EC-LAB SETTING FILE\r\n\r\nNumber of linked techniques : 1\r\n".to_vec()),
        fixture("bad/two_tests.034", two_tests()),
        fixture("bad/implausible.csv", broken("Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)", &["0,1,1,1,4.0", "10,1,1,1,39900", "20,1,1,1,3.98"])),
    ]
}

fn two_tests() -> Vec<u8> {
    text(|o| {
        o.push_str("Rec#\tCyc#\tStep\tTest (Sec)\tAmps\tVolts\tState\n");
        for part in 0..2 {
            for k in 0..4 {
                writeln!(
                    o,
                    "{}\t1\t1\t{}\t1\t{:.2}\tD",
                    k + 1,
                    k * 10,
                    4.0 - 0.01 * f64::from(k) - 0.1 * f64::from(part)
                )
                .unwrap();
            }
        }
    })
}
