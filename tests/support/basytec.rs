//! The simulated test as BaSyTec's software exports it (docs/formats/basytec.md).

use std::fmt::Write;

use super::cell::{Mode, Record, counters, test};
use super::dialects::{clock, stamp, text, windows_1252};
use super::fixture::{Fixture, fixture};

fn command(mode: Mode) -> &'static str {
    match mode {
        Mode::Rest => "Pause",
        Mode::Charge | Mode::ConstantVoltage => "Charge",
        Mode::Discharge => "Discharge",
    }
}

const PREAMBLE: &str = "~Resultfile from Basytec Battery Test System\r\n~Date and Time of Data Converting: 02.03.2024 10:55:58\r\n~\r\n~Name of Test: demo\r\n~Battery: cell 7\r\n~Testplan: demo.pln\r\n~Testchannel: 1814 CH14 XCTS_40\r\n~Start of Test: 01.03.2024 08:00:00\r\n~End of Test: 01.03.2024 12:00:00\r\n~Operator (Test): basytec\r\n~Operator (Data converting): basytec\r\n~\r\n";

/// Charged and discharged in the cycle, A.h and W.h.
fn of_cycle(records: &[Record], sums: &[[f64; 4]], row: usize) -> [f64; 4] {
    let begin = records.iter().position(|r| r.cycle == records[row].cycle).unwrap();
    let base = if begin == 0 { [0.0; 4] } else { sums[begin - 1] };
    std::array::from_fn(|k| sums[row][k] - base[k])
}

/// docs/formats/basytec.md#counters: seconds, counters of cycle and step without a unit, a degree sign that was lost.
fn seconds() -> Vec<u8> {
    let records = test();
    let sums = counters(&records);
    text(|o| {
        o.push_str(PREAMBLE);
        o.push_str("~Time[s]\tDataSet\tt-Step[s]\tt-Set[s]\tt-Cyc[s]\tLine\tCommand\tU[V]\tI[A]\tP[W]\tAh[Ah]\tAh-Cyc-Charge\tAh-Cyc-Discharge\tAh-Step\tWh[Wh]\tWh-Cyc-Charge\tWh-Cyc-Discharge\tWh-Step\tT1[\u{fffd}C]\tR-AC\tR-DC\tLevel\tCyc-Count\tCount\tState\r\n");
        for (i, r) in records.iter().enumerate() {
            let (sum, cycle) = (sums[i], of_cycle(&records, &sums, i));
            // The count rises behind the first record.
            let late = if i == 0 || records[i - 1].cycle != r.cycle { r.cycle - 1 } else { r.cycle };
            let dc = if r.mode == Mode::Discharge { 0.04 } else { 0.0 };
            writeln!(
                o,
                "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t0\t{dc}\t1\t{}\t1\t{}\r",
                r.time,
                i + 1,
                r.step_time,
                r.time,
                r.time,
                r.step,
                command(r.mode),
                r.voltage,
                r.current,
                r.current * r.voltage,
                sum[0] - sum[1],
                cycle[0],
                cycle[1],
                r.capacity,
                sum[2] - sum[3],
                cycle[2],
                cycle[3],
                r.energy,
                r.temperature,
                late,
                if r.step_time == 0.0 { 3 } else { 1 },
            )
            .unwrap();
        }
    })
}

/// Hours and a decimal comma between semicolons, dates with the day first, the balance as the one counter, windows-1252.
fn hours() -> Vec<u8> {
    let records = test();
    let sums = counters(&records);
    let shown = text(|o| {
        o.push_str(PREAMBLE);
        o.push_str("~Time[h];DataSet;DateTime;t-Step[h];Line;Command;U[V];I[A];I[A/kg];Ah[Ah];Wh[Wh];T1[°C];T_12s_PT100_001[°C];Cyc-Count;State\r\n");
        for (i, r) in records.iter().enumerate() {
            let row = format!(
                "{:.8};{};{};{:.8};{};{};{:.5};{:.5};{:.5};{:.8};{:.8};{:.2};{:.2};{};1",
                r.time / 3600.0,
                i + 1,
                stamp(r.time, "%d.%m.%Y %H:%M:%S"),
                r.step_time / 3600.0,
                r.step,
                command(r.mode),
                r.voltage,
                r.current,
                r.current / 0.048,
                sums[i][0] - sums[i][1],
                sums[i][2] - sums[i][3],
                r.temperature,
                r.temperature - 1.0,
                r.cycle,
            );
            // Dates keep their points.
            let cells: Vec<String> = row
                .split(';')
                .enumerate()
                .map(|(k, cell)| if k == 2 { cell.to_owned() } else { cell.replace('.', ",") })
                .collect();
            writeln!(o, "{}\r", cells.join(";")).unwrap();
        }
    });
    windows_1252(&String::from_utf8(shown).unwrap())
}

/// docs/formats/basytec.md#separators: blanks between the columns, and inside of one.
fn blanks() -> Vec<u8> {
    let records = test();
    text(|o| {
        o.push_str(PREAMBLE);
        o.push_str(
            "~Time[h] DataSet DateTime t-Step[h] Line Command U[V] I[A] Ah-Charge Ah-Discharge Cyc-Count State\r\n",
        );
        let sums = counters(&records);
        for (i, r) in records.iter().enumerate() {
            writeln!(
                o,
                "{:.8} {} {} {:.8} {} {} {:.5} {:.5} {:.8} {:.8} {} 1\r",
                r.time / 3600.0,
                i + 1,
                stamp(r.time, "%d.%m.%Y %H:%M:%S"),
                r.step_time / 3600.0,
                r.step,
                command(r.mode),
                r.voltage,
                r.current,
                sums[i][0],
                sums[i][1],
                r.cycle,
            )
            .unwrap();
        }
    })
}

/// docs/formats/basytec.md#csv-files: six columns, no numbers of steps or cycles.
fn six_columns() -> Vec<u8> {
    text(|o| {
        o.push_str("run_time,c_vol,c_cur,c_surf_temp,amb_temp,step_type\n");
        for r in test() {
            let kind = match r.mode {
                Mode::Rest => 0,
                Mode::Charge | Mode::ConstantVoltage => 21,
                Mode::Discharge => 22,
            };
            writeln!(o, "{},{:.5},{:.5},{:.2},,{kind}", clock(r.time), r.voltage, r.current, r.temperature).unwrap();
        }
    })
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    let meta = "Cell: 7\nMeasurement start date: 01.03.2024\nTemperature setpoint: 23\n---\ncolumns follow\n";
    let no_voltage = format!("{PREAMBLE}~Time[h]\tDataSet\tT1[°C]\r\n0\t1\t25\r\n0.1\t2\t25\r\n");
    vec![
        fixture("basytec/seconds.txt", seconds()),
        fixture("basytec/hours.txt", hours()),
        fixture("basytec/blanks.txt", blanks()),
        // CC and CV have one type, so they are one step with the half second between them, at 2 A, in both cycles.
        fixture("basytec/six_columns.csv", six_columns()).charge(6e-4).without_cycles(),
        fixture("basytec/six_columns_meta.txt", meta.as_bytes().to_vec()).beside(),
        fixture("bad/no_voltage_basytec.txt", no_voltage.into_bytes()),
    ]
}
