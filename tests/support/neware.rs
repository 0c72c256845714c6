//! Neware files that each show one rule of docs/formats/neware.md.

use std::fmt::Write;

use super::cell::{Mode, Record, test};
use super::dialects::{clock, neware_mode, stamp, text};
use super::dialects_text::neware_layered;
use super::fixture::{Fixture, fixture};
use super::ndax::{SET_TEMPERATURE, TEMPERATURE, members, pack};
use super::xlsx::{self, Cell, n, t};
use super::{nda, ndax};

/// docs/formats/neware.md#layered-text as a sheet: each kind of row begins one column further right.
fn layered_workbook() -> Vec<u8> {
    let report = String::from_utf8(neware_layered()).unwrap();
    let cell = |cell: &str| match cell.parse::<f64>() {
        Ok(number) => Cell::Number(number),
        Err(_) if cell.is_empty() => Cell::Blank,
        Err(_) => t(cell),
    };
    let rows: Vec<Vec<Cell>> = report.lines().map(|line| line.split(',').map(cell).collect()).collect();
    xlsx::workbook(&[("sheet1".to_owned(), rows)])
}

/// docs/formats/neware.md#values-and-times: the total time is 0 on the first record of each step.
fn dips() -> Vec<u8> {
    text(|o| {
        o.push_str("DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(A),Voltage(V),Chg. Cap.(Ah),DChg. Cap.(Ah),Date\n");
        for (i, r) in test().iter().enumerate() {
            let (c, d) = if r.mode == Mode::Discharge { (0.0, r.capacity) } else { (r.capacity, 0.0) };
            let total = if r.step_time == 0.0 { 0.0 } else { r.time };
            writeln!(
                o,
                "{},{},{},{},{},{},{:.6},{:.5},{c:.8},{d:.8},{}",
                i + 1,
                r.cycle,
                r.step,
                neware_mode(r.mode),
                clock(r.step_time),
                clock(total),
                r.current,
                r.voltage,
                stamp(r.time, "%Y-%m-%d %H:%M:%S%.3f"),
            )
            .unwrap();
        }
    })
}

/// Records of the simulated test that [`short`] members hold.
pub const HELD: usize = 70;

fn replaced(name: &str, with: impl FnOnce(&[Record]) -> Vec<u8>) -> Vec<u8> {
    let records = test();
    let mut all = members(14, &records);
    let member = all.iter_mut().find(|(known, _)| *known == name).unwrap();
    member.1 = with(&records);
    pack(&all)
}

/// The member of this name of an archive of fewer records.
fn short(name: &'static str) -> Vec<u8> {
    replaced(name, |records| members(14, &records[..HELD]).into_iter().find(|(known, _)| *known == name).unwrap().1)
}

/// docs/formats/neware.md#missing-members: the channel of the cell's temperature is lost, that of another sensor is there.
fn lost_temperature() -> Vec<u8> {
    let records = test();
    let mut all = members(14, &records);
    let another = r#"<Aux3 AuxID="3" RealChlID="10" ChlType="103" TypeID="1"/>"#;
    let listed = format!("{TEMPERATURE}{SET_TEMPERATURE}");
    for (name, bytes) in &mut all {
        if *name == "TestInfo.xml" {
            let xml = encoding_rs::GB18030.decode(bytes).0.replace(&listed, &format!("{listed}{another}"));
            *bytes = encoding_rs::GB18030.encode(&xml).0.into_owned();
        }
        if *name == "data_AUX_9_3_1.ndc" {
            *name = "data_AUX_10_3_1.ndc";
        }
    }
    pack(&all)
}

/// Auxiliary temperatures of the first records alone, in a workbook.
fn short_sheet() -> Vec<u8> {
    let mut record = vec![
        "DataPoint|Cycle Index|Step Index|Step Type|Time|Total Time|Current(A)|Voltage(V)".split('|').map(t).collect(),
    ];
    let mut temperature: Vec<Vec<Cell>> = vec![vec![Cell::Blank, t("Temperature(C)")], vec![t("DataPoint"), t("T1")]];
    for (i, r) in test().iter().enumerate() {
        let number = Cell::Number(i as f64 + 1.0);
        record.push(vec![
            number.clone(),
            Cell::Number(f64::from(r.cycle)),
            Cell::Number(f64::from(r.step)),
            t(neware_mode(r.mode)),
            t(clock(r.step_time)),
            t(clock(r.time)),
            n(r.current, 6),
            n(r.voltage, 5),
        ]);
        if i < HELD {
            temperature.push(vec![number, n(r.temperature, 2)]);
        }
    }
    xlsx::workbook(&[("record".to_owned(), record), ("auxTemp".to_owned(), temperature)])
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    let records = test();
    let mut cut = nda::encode(22, &records);
    // In the middle of an auxiliary record, forty of them before the end.
    cut.truncate(cut.len() - 40 * 86 - 50);
    let mut fewer = nda::bts91(&records, 56);
    // The directory and the file end with the records that are there; the test information states all.
    nda::poke(&mut fewer, 90, &((HELD * 56) as u64).to_le_bytes());
    fewer.truncate(2048 + HELD * 56);
    vec![
        fixture("neware/layered.xlsx", layered_workbook()),
        fixture("neware/dips.csv", dips()),
        fixture("odd/cut_auxiliary.nda", cut),
        fixture("odd/fewer_records.nda", fewer),
        fixture("odd/lost_temperature.ndax", lost_temperature()),
        fixture("odd/short_channel.ndax", short("data_AUX_9_3_1.ndc")),
        fixture("odd/short_records.ndax", short("data.ndc")),
        fixture("odd/short_steps.ndax", short("data_step.ndc")),
        fixture("odd/short_sheet.xlsx", short_sheet()),
        fixture("bad/half.ndax", replaced("data.ndc", |_| ndax::container(1, 14, 8, &[], &[]))),
    ]
}
