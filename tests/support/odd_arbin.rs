//! Arbin files that were resumed, put together, cut down, never started, or that lost a part.

use std::fmt::Write;

use super::books::{ARBIN, arbin_rows, names};
use super::cell::{Record, counters, test};
use super::dialects::{arbin_database, stamp, text};
use super::fixture::{Fixture, fixture};
use super::jet::{Kind, PAGE, Table, encode};
use super::res::{self, START, auxiliary, global, normal, version};
use super::xlsx::{self, Cell, t};

/// Seconds that a pause inside the first segment lasts, and that pass across the border.
pub const PAUSE: f64 = 350_276.0;
pub const BORDER: f64 = 12.0;

/// Blocks of records out of their order.
fn blocks() -> Vec<u8> {
    let whole = String::from_utf8(arbin_database()).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    [&lines[..41], &lines[81..], &lines[41..81]].concat().concat().into_bytes()
}

/// A test that paused inside its first segment, where only the wall clock goes on, and was resumed behind it, where test time and
/// record numbers begin anew.
fn paused_and_resumed() -> Vec<u8> {
    let records = test();
    let sums = counters(&records);
    let second = records.iter().position(|r| r.cycle == 2).unwrap();
    text(|o| {
        o.push_str("Data_Point,Test_Time,DateTime,Step_Time,Step_Index,Cycle_Index,Current,Voltage,Charge_Capacity,Discharge_Capacity,Charge_Energy,Discharge_Energy\n");
        for (i, (r, s)) in records.iter().zip(&sums).enumerate() {
            let later = i >= second;
            let base = if later { records[second].time } else { 0.0 };
            let mut clock = r.time + if i >= 10 { PAUSE } else { 0.0 };
            if later {
                clock += BORDER - (records[second].time - records[second - 1].time);
            }
            writeln!(
                o,
                "{},{:.4},{:.3},{:.4},{},{},{:.6},{:.6},{:.8},{:.8},{:.8},{:.8}",
                if later { i - second } else { i } + 1,
                r.time - base,
                1_709_280_000.0 + clock,
                r.step_time,
                r.step,
                r.cycle,
                r.current,
                r.voltage,
                s[0],
                s[1],
                s[2],
                s[3],
            )
            .unwrap();
        }
    })
}

/// The four columns that somebody kept of a drive cycle.
fn cut_down() -> Vec<u8> {
    text(|o| {
        o.push_str("Data_Point,Test_Time(s),Current(A),Voltage(V)\n");
        for (i, r) in test().iter().enumerate() {
            writeln!(o, "{},{:.4},{:.6},{:.6}", i + 1, r.time, r.current, r.voltage).unwrap();
        }
    })
}

/// The same in a sheet with the name that MITS gives.
fn cut_down_sheet() -> Vec<u8> {
    let rows = arbin_rows(0.0, false);
    let kept = |row: &Vec<Cell>| [0, 2, 6, 7].map(|column| row[column].clone()).to_vec();
    let head = vec![names("Data_Point|Test_Time(s)|Current(A)|Voltage(V)")];
    xlsx::workbook(&[("Channel_1-002_1".to_owned(), [head, rows.iter().map(kept).collect()].concat())])
}

/// `1.25` as `1.250000e000`, `0.0125` as `1.250000e-002`.
fn exponent(value: f64) -> String {
    let text = format!("{value:.9e}");
    let (mantissa, power) = text.split_once('e').unwrap();
    let power: i32 = power.parse().unwrap();
    format!(" {mantissa}e{}{:03}", if power < 0 { "-" } else { "" }, power.abs())
}

/// docs/formats/arbin.md#streamed-csv: records between lines of extended and auxiliary data; the temperature is measured a
/// quarter of a second before each record.
fn streamed() -> Vec<u8> {
    let records = test();
    let sums = counters(&records);
    let ticks = |seconds: f64| ((1_709_280_000.0 + seconds) * 1e3).round() as i64 * 10_000;
    text(|o| {
        o.push_str("File Format Type:\tArbinCsvFormat1\r\nHeader Lines:\t14\r\nSerial Number:\t230111\r\nCycler Name:\tdemo\r\nChannel Id:\t5\r\n");
        o.push_str(
            "Test Name:\tstreamed demo\r\nTest ID:\t12\r\nSchedule Name:\tA\\demo.sdx\r\nTimezone:\tGMT -6:00\r\n",
        );
        o.push_str("Data Type Flag:\t{\"1\":\"Basic\"}\r\nAux Definition:\t{\"T_001\":\"C\"}\r\nData Field:\t\r\n");
        o.push_str("\"Byte Index\"\t\"Line Number\"\tData Type Flag\tData Point\tTest Time\tStep Time\tCycle Index\tStep Index\tCurrent\tVoltage\tCharge Capacity\tDischarge Capacity\tCharge Energy\tDischarge Energy\tData Flags\tData Time\tOther Information\r\n");
        o.push_str("\" \"\t\" \"\t\" \"\t\" \"\ts\ts\t\" \"\t\" \"\tA\tV\tAh\tAh\tWh\tWh\t\" \"\tDateTime\tJSON\r\n");
        let mut line = 0;
        for (i, (r, s)) in records.iter().zip(&sums).enumerate() {
            let mut put = |o: &mut String, fields: &str| {
                line += 1;
                write!(o, "{}\t{line}\t{fields}\r\n", o.len()).unwrap();
            };
            let blank = "\t".repeat(12);
            let json = format!("{{\"T_001\":{:.2},\"dTdt_001\":0.0}}", r.temperature);
            put(o, &format!("3{blank}\t{}\t{json}", ticks(r.time - 0.25)));
            let numbers: Vec<String> = [r.time, r.step_time].iter().map(|v| exponent(*v)).collect();
            let values: Vec<String> =
                [r.current, r.voltage, s[0], s[1], s[2], s[3]].iter().map(|v| exponent(*v)).collect();
            let point = format!("{}\t{}\t{}\t{}", i + 1, numbers.join("\t"), r.cycle, r.step);
            put(o, &format!("1\t{point}\t{}\t0\t{}\t", values.join("\t"), ticks(r.time)));
            if i == 30 {
                put(o, &format!("2\t{point}\t\t\t\t\t\t\t\t{}\t{{\"MV_UD1\":0.0}}", ticks(r.time)));
            }
        }
    })
}

/// A database whose channel was never started, and one whose records are cut off.
fn without_records() -> [Vec<u8>; 2] {
    let tables = |records: &[Record]| encode(&[version(), global(&[(1, 1, START)]), normal(&[(1, records)])], 0);
    let unstarted = tables(&[]);
    let whole = tables(&test());
    // Cut where the first page begins that belongs to the table of the last page, the records.
    let owner = |page: &[u8]| (page[0] == 1).then(|| page[4..8].to_vec());
    let last = whole.chunks(PAGE).filter_map(owner).next_back();
    let first = whole.chunks(PAGE).position(|page| owner(page) == last).unwrap();
    [unstarted, whole[..first * PAGE].to_vec()]
}

/// Auxiliary values end ten records early, a second channel is named and has none, and the statistics speak of more records.
fn lost_tables() -> Vec<u8> {
    let records = test();
    let [mut values, mut names] = auxiliary(&records);
    let last = records.len() as f64 - 10.0;
    values.rows.retain(|row| matches!(row[1], super::jet::Cell::Number(point) if point <= last));
    names.rows.push(vec![res::n(0), res::n(1), res::n(1), res::t("lid"), res::t("C")]);
    for row in &mut names.rows {
        row[0] = res::n(0);
    }
    let columns = vec![("Test_ID", Kind::I32), ("Data_Point", Kind::I32)];
    let rows = vec![vec![res::n(1), res::n(57)], vec![res::n(1), res::n(records.len() as f64 + 21.0)]];
    let statistics = Table { name: "Channel_Statistic_Table", columns, rows };
    let tests = [(1, 1, START), (2, 3, START)];
    encode(&[version(), global(&tests), normal(&[(1, &records)]), values, names, statistics], 0)
}

fn info(channels: &[&str]) -> Vec<Vec<Cell>> {
    let mut rows = vec![names("|||TEST REPORT"), names("|||demo|Serial Number"), names("||||5")];
    rows.push(names("Channel|Start DateTime|Schedule File Name|Creator"));
    rows.extend(channels.iter().map(|channel| vec![t(*channel), t("03/01/2024 08:00:00"), t("demo.sdx"), t("admin")]));
    rows
}

/// A workbook that lost the second of three parts and the sheet of another channel; a third channel was not started.
fn lost_sheets() -> Vec<u8> {
    let rows = arbin_rows(0.0, true);
    let part = |rows: &[Vec<Cell>]| [vec![names(ARBIN)], rows.to_vec()].concat();
    xlsx::workbook(&[
        ("Global_Info".to_owned(), info(&["11", "12", "13"])),
        ("Channel_11_1".to_owned(), part(&rows[..40])),
        ("Channel_11_3".to_owned(), part(&rows[80..])),
        ("Channel_13_1".to_owned(), part(&[])),
    ])
}

/// A workbook of a channel that was not started.
fn unstarted_sheet() -> Vec<u8> {
    let sheet = vec![names(ARBIN)];
    xlsx::workbook(&[("Global_Info".to_owned(), info(&["11"])), ("Channel_11_1".to_owned(), sheet)])
}

/// A later test of the channel that begins behind the end of the first, by its own test time.
fn later_start() -> Vec<u8> {
    let records = test();
    let half: Vec<Record> = records[..20].to_vec();
    let begin = records[20].time - 5000.0;
    let later: Vec<Record> = records[20..].iter().map(|r| Record { time: r.time - begin, ..*r }).collect();
    let mut both = normal(&[(1, &half), (2, &later)]);
    for row in &mut both.rows {
        if row[0] == res::n(2)
            && let super::jet::Cell::Number(date) = &mut row[4]
        {
            *date += begin / 86_400.0;
        }
    }
    encode(&[version(), global(&[(1, 1, START), (2, 1, START + records[20].time / 86_400.0)]), both], 0)
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    let [unstarted, cut] = without_records();
    assert!(cut.len() % PAGE == 0 && stamp(0.0, "%Y") == "2024");
    vec![
        fixture("arbin/blocks_CH9.csv", blocks()),
        fixture("arbin/streamed.csv", streamed()),
        fixture("odd/paused_and_resumed_CH7.csv", paused_and_resumed()),
        fixture("odd/cut_down.csv", cut_down()),
        fixture("odd/cut_down.xlsx", cut_down_sheet()),
        fixture("odd/lost_tables.res", lost_tables()),
        fixture("odd/lost_sheets.xlsx", lost_sheets()),
        fixture("odd/later_start.res", later_start()),
        fixture("odd/unstarted.res", unstarted),
        fixture("odd/unstarted.xlsx", unstarted_sheet()),
        fixture("bad/cut_before_records.res", cut),
        fixture(
            "bad/header_only.csv",
            format!("{}\n", "Test_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)").into_bytes(),
        ),
    ]
}
