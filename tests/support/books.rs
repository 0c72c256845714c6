//! The simulated test in workbooks.

use super::cell::{Mode, counters, test};
use super::dialects::{clock, maccor_mode, neware_mode, stamp};
use super::dialects_text::spectrum;
use super::fixture::{Fixture, fixture};
use super::xls;
use super::xlsx::{self, Cell, Sheet, n, t};

pub(super) fn names(line: &str) -> Vec<Cell> {
    line.split('|').map(|name| if name.is_empty() { Cell::Blank } else { t(name) }).collect()
}

pub(super) fn number(value: impl Into<f64>) -> Cell {
    Cell::Number(value.into())
}

/// Day number of `2024-03-01 08:00` plus seconds.
pub(super) fn day(seconds: f64) -> f64 {
    45_352.0 + (8.0 * 3600.0 + seconds) / 86_400.0
}

/// docs/formats/maccor.md#workbooks: a first row of facts, then the header; the second sheet goes on.
fn maccor() -> Vec<u8> {
    let header = names("Rec#|Cyc#|Step|Test (Sec)|Step (Sec)|Amp-hr|Watt-hr|Amps|Volts|State|ES|DPt Time");
    let facts = names(
        "Today's Date|03/04/2024|Date of Test:|03/01/2024|Filename:|C:\\Data\\demo.034|Procedure:|demo.000|formation|Comment/Barcode:|000229",
    );
    let rows: Vec<Vec<Cell>> = test()
        .iter()
        .enumerate()
        .map(|(i, r)| {
            vec![
                if i >= 999 { t(format!("{},{:03}", (i + 1) / 1000, (i + 1) % 1000)) } else { number(i as u32 + 1) },
                number(r.cycle),
                number(r.step),
                n(r.time, 2),
                n(r.step_time, 2),
                n(r.capacity, 7),
                n(r.energy, 7),
                n(r.current.abs(), 6),
                n(r.voltage, 5),
                t(maccor_mode(r.mode)),
                number(1u32),
                Cell::Date(day(r.time)),
            ]
        })
        .collect();
    let (first, rest) = rows.split_at(60);
    xlsx::workbook(&[
        ("Notes".to_owned(), vec![vec![t("nothing to see")]]),
        ("demo".to_owned(), [vec![facts, header.clone()], first.to_vec()].concat()),
        ("demo (2)".to_owned(), [vec![header], rest.to_vec()].concat()),
    ])
}

pub(super) fn arbin_rows(offset: f64, text_dates: bool) -> Vec<Vec<Cell>> {
    let records = test();
    let sums = counters(&records);
    records
        .iter()
        .zip(&sums)
        .enumerate()
        .map(|(i, (r, s))| {
            let date = if text_dates { t(stamp(r.time, "%m/%d/%Y %H:%M:%S%.3f")) } else { Cell::Date(day(r.time)) };
            vec![
                number(i as u32 + 1),
                date,
                n(r.time, 4),
                n(r.step_time, 4),
                number(r.step),
                number(r.cycle),
                n(r.current, 6),
                n(r.voltage + offset, 6),
                n(s[0], 7),
                n(s[1], 7),
                n(s[2], 7),
                n(s[3], 7),
                number(0u32),
            ]
        })
        .collect()
}

pub(super) const ARBIN: &str = "Data_Point|Date_Time|Test_Time(s)|Step_Time(s)|Step_Index|Cycle_Index|Current(A)|Voltage(V)|Charge_Capacity(Ah)|Discharge_Capacity(Ah)|Charge_Energy(Wh)|Discharge_Energy(Wh)|Internal_Resistance(Ohm)";

/// docs/formats/arbin.md#workbooks: MITS 7, serial dates, the sheet split in two parts that stand in the wrong order, a
/// chart and a statistics
/// sheet.
fn arbin_parts() -> Vec<u8> {
    let rows = arbin_rows(0.0, false);
    let (first, rest) = rows.split_at(70);
    let part = |rows: &[Vec<Cell>]| [vec![names(ARBIN)], rows.to_vec()].concat();
    let info = vec![
        names("|||TEST REPORT"),
        names("|||demo|Serial Number||C:\\ArbinSoftware\\demo"),
        vec![Cell::Blank, Cell::Blank, Cell::Blank, Cell::Date(45_353.0), number(206_951u32)],
        names("Channel|Start DateTime|Schedule File Name|Creator|Comments|Software Version|Schedule Version|Item ID"),
        vec![
            t("11"),
            t("03/01/2024 08:00:00"),
            t("A\\demo.sdx"),
            t("admin"),
            t("first_x000D_second"),
            t("PV7.0 Build: 180508USB"),
            t("Schedule Version 7.00.13"),
            t("0"),
        ],
    ];
    let statistics = vec![
        names("Cycle_Index|Test_Time(s)|Date_Time|Charge_Time(s)|Vmax_On_Cycle(V)"),
        vec![number(1u32), number(100u32), number(1u32), number(1u32), number(4u32)],
    ];
    xlsx::workbook(&[
        ("Global_Info".to_owned(), info),
        ("Channel_11_2".to_owned(), part(rest)),
        ("Channel_11_1".to_owned(), part(first)),
        ("Statistics_11".to_owned(), statistics),
        ("Channel_Chart".to_owned(), vec![]),
    ])
}

/// docs/formats/arbin.md#sheets, docs/formats/arbin.md#impedance-sheets: two channels, of which one has a spectrum.
fn arbin_channels() -> Vec<u8> {
    let sheet = |offset| [vec![names(ARBIN)], arbin_rows(offset, true)].concat();
    let mut eis = vec![names("Device_ID|Test_ID|Channel_ID|Cycle_ID|Step_ID|Pt|Freq|Zmod|Zphz")];
    for (k, (f, re, im)) in spectrum().into_iter().enumerate() {
        eis.push(vec![
            t("Gamry_1"),
            number(7u32),
            number(16u32),
            number(1u32),
            number(5u32),
            number(k as u32),
            n(f, 4),
            n(re.hypot(im), 6),
            n(im.atan2(re).to_degrees(), 6),
        ]);
    }
    let info = vec![
        names("|||TEST REPORT"),
        names("|||demo|||||||||C:\\Results\\demo.res"),
        vec![Cell::Blank, Cell::Blank, Cell::Blank, Cell::Date(45_353.0)],
        names(
            "Channel|Start_DateTime|Schedule_File_Name|Creator|Comments|Software Version|Serial Number|MASS|Capacity|Chan_Num|Item_ID",
        ),
        vec![
            t("1-017"),
            Cell::Date(day(0.0)),
            t("demo.sdu"),
            t("one"),
            Cell::Blank,
            t("v4"),
            t("0"),
            number(0.79),
            number(0u32),
            number(16u32),
            t("B1"),
        ],
        vec![
            t("1-018"),
            Cell::Date(day(0.0)),
            t("demo.sdu"),
            t("two"),
            Cell::Blank,
            t("v4"),
            t("0"),
            number(0u32),
            number(2.5),
            number(16u32),
            t("B2"),
        ],
    ];
    let sheets: Vec<Sheet> = vec![
        ("Info".to_owned(), info),
        ("Channel_1-017".to_owned(), sheet(0.0)),
        ("Channel_1-018".to_owned(), sheet(0.01)),
        ("ACIM_Chan17".to_owned(), eis),
    ];
    xlsx::workbook(&sheets)
}

/// docs/formats/neware.md#btsda-workbooks: no cycle and step in the records, which the step sheet has; hours as day
/// fractions; auxiliary sheets; a
/// step plan and an idle sheet that look alike.
fn neware_records() -> Vec<u8> {
    let records = test();
    let mut record = vec![names(
        "DataPoint|Step Type|Time|Total Time|Current(mA)|Voltage(V)|Chg. Cap.(mAh)|DChg. Cap.(mAh)|Date|Power(W)",
    )];
    let mut step =
        vec![names("Cycle Index|Step Index|Step Number|Step Type|Step Time|Oneset Date|End Date|Capacity(mAh)")];
    let mut temperature = vec![names("||单体温度(℃)|辅助通道温差(℃)"), names("数据序号|绝对时间|T1|辅助通道温差")];
    for (i, r) in records.iter().enumerate() {
        let (c, d) = if r.mode == Mode::Discharge { (0.0, r.capacity) } else { (r.capacity, 0.0) };
        let kind = neware_mode(r.mode).replace('_', " ");
        record.push(vec![
            number(i as u32 + 1),
            t(kind.as_str()),
            Cell::Hours(r.step_time / 86_400.0),
            Cell::Hours(r.time / 86_400.0),
            n(r.current * 1e3, 3),
            n(r.voltage, 5),
            n(c * 1e3, 5),
            n(d * 1e3, 5),
            t(stamp(r.time, "%Y-%m-%d %H:%M:%S")),
            n(r.current * r.voltage, 6),
        ]);
        if i == 0 || records[i - 1].run != r.run {
            step.push(vec![
                number(r.cycle),
                number(r.step),
                number(r.run),
                t(kind),
                t("00:10:00"),
                t("2024-03-01 08:00:00"),
                t("2024-03-01 08:10:00"),
                number(1u32),
            ]);
        }
        temperature.push(vec![
            number(i as u32 + 1),
            t(stamp(r.time, "%Y-%m-%d %H:%M:%S")),
            n(r.temperature, 2),
            number(0u32),
        ]);
    }
    let test_sheet = vec![
        names("Test information"),
        names("Start step ID||1|Volt. upper||4.25V|P/N||demo cell"),
        names("Cycle count||1|Volt. lower||2.2V|Builder||JBS"),
        names("Active material||1mg|Nominal capacity||2500mAh|Remarks||simulated"),
        vec![],
        names("Step plan"),
        names("Step Index|Step Name|Step Time(hh:mm:ss.ms)|Voltage(V)|Current(A)|Capacity(Ah)"),
        names("1|Rest|00:05:00.000||0|"),
    ];
    let unit = vec![
        names("demo.xlsx"),
        vec![t("device"), number(37u32), number(2u32), number(1u32)],
        names("Start time||2024-03-01 08:00:00||End time||2024-03-01 09:50:00"),
    ];
    let idle = vec![
        names("No.|DataPoint|Date|State|Voltage(V)|Current(A)"),
        vec![number(1u32), number(1u32), t("2024-03-01 07:00:00"), t("Rest"), number(3.7), number(0u32)],
    ];
    xlsx::workbook(&[
        ("unit".to_owned(), unit),
        ("test".to_owned(), test_sheet),
        ("step".to_owned(), step),
        ("record".to_owned(), record),
        ("idle".to_owned(), idle),
        ("auxTemp".to_owned(), temperature),
    ])
}

/// docs/formats/neware.md#btsda-workbooks: the record sheet alone, cut out of its workbook: clock cells with milliseconds,
/// no record number, no status.
fn neware_record_only() -> Vec<u8> {
    let mut record = vec![names(
        "Date|Time|Total Time|Cycle Index|Step Index|Current(mA)|Voltage(V)|Capacity(mAh)|Chg. Cap.(mAh)|DChg. Cap.(mAh)",
    )];
    for r in &test() {
        let (c, d) = if r.mode == Mode::Discharge { (0.0, r.capacity) } else { (r.capacity, 0.0) };
        record.push(vec![
            Cell::Date(day(r.time)),
            Cell::Hours(r.step_time / 86_400.0),
            Cell::Hours(r.time / 86_400.0),
            number(r.cycle),
            number(r.step),
            n(r.current * 1e3, 3),
            n(r.voltage, 5),
            n(r.capacity * 1e3, 5),
            n(c * 1e3, 5),
            n(d * 1e3, 5),
        ]);
    }
    xlsx::workbook(&[("record".to_owned(), record)])
}

/// docs/formats/neware.md#old-workbooks: an old export: the program step only in the statistics, a second part,
/// temperatures in their own sheet.
fn neware_detail() -> Vec<u8> {
    let records = test();
    let header = names(
        "Record Index|Status|JumpTo|Cycle|Step|Cur(mA)|Voltage(V)|CapaCity(mAh)|Energy(mWh)|Relative Time(h:min:s.ms)|Absolute Time",
    );
    let mut rows = Vec::new();
    let mut statistics = vec![names("Channel|CyCle|Step|Raw Step ID|Status|Start Voltage(V)|CapaCity(mAh)")];
    let mut temperature = vec![names(
        "Record ID|Step Name|Relative Time(h:min:s.ms)|Realtime|Auxiliary channel TU1 T(°C)|Gap of Temperature",
    )];
    for (i, r) in records.iter().enumerate() {
        rows.push(vec![
            number(i as u32 + 1),
            t(neware_mode(r.mode)),
            number(r.run),
            number(r.cycle),
            number(r.run),
            n(r.current * 1e3, 3),
            n(r.voltage, 5),
            n(r.capacity * 1e3, 5),
            n(r.energy * 1e3, 5),
            t(clock(r.step_time)),
            Cell::Date(day(r.time)),
        ]);
        if i == 0 || records[i - 1].run != r.run {
            statistics.push(vec![
                number(3u32),
                number(r.cycle),
                number(r.run),
                number(r.step),
                t(neware_mode(r.mode)),
                number(3.7),
                number(1u32),
            ]);
        }
        temperature.push(vec![
            number(i as u32 + 1),
            t(neware_mode(r.mode)),
            t(clock(r.step_time)),
            t("-"),
            n(r.temperature, 2),
            number(0u32),
        ]);
    }
    let info = vec![
        names("Testing Information"),
        names("demo.xls"),
        names("2024-03-02 11:41:50"),
        names("C:\\Data\\demo.xls"),
        names("Cycle Mode:Charge First"),
        names("Process Name:|formation"),
        names("Equipment|Unit|Channel|Battery of Number(P/N)|File of Step|Start time|End Time|Remark"),
        vec![
            number(14u32),
            number(1u32),
            number(3u32),
            t("M221075"),
            t("-"),
            t("2024-03-01 08:00:00"),
            Cell::Blank,
            t("simulated"),
        ],
    ];
    let (first, rest) = rows.split_at(70);
    xls::workbook(&[
        ("Info".to_owned(), info),
        ("Statis_14_1_3".to_owned(), statistics),
        ("Detail_14_1_3_2".to_owned(), [vec![header.clone()], rest.to_vec()].concat()),
        ("Detail_14_1_3_1".to_owned(), [vec![header], first.to_vec()].concat()),
        ("DetailTemp_14_1_3".to_owned(), temperature),
    ])
}

/// Sheets of another kind.
fn foreign() -> Vec<u8> {
    xlsx::workbook(&[("Cycle-Tab".to_owned(), vec![names("Cycle|CapC/mAh"), vec![number(1u32), number(2u32)]])])
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![
        fixture("maccor/workbook.xlsx", maccor()),
        fixture("arbin/parts.xlsx", arbin_parts()),
        fixture("odd/two_channels.xlsx", arbin_channels()),
        fixture("neware/records.xlsx", neware_records()),
        fixture("neware/record_only.xlsx", neware_record_only()),
        fixture("neware/detail.xls", neware_detail()).without_gaps(),
        fixture("bad/foreign.xlsx", foreign()),
    ]
}
