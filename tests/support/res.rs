//! The simulated test as Arbin's database (docs/formats/arbin.md#database-files).

use super::cell::{Record, counters, test};
use super::fixture::{Fixture, fixture};
use super::jet::{Cell, Kind, PAGE, Table, encode};

pub(super) fn n(value: impl Into<f64>) -> Cell {
    Cell::Number(value.into())
}

pub(super) fn t(text: &str) -> Cell {
    if text.is_empty() { Cell::Null } else { Cell::Text(text.to_owned()) }
}

/// 2024-03-01 08:00:00 as an OLE date.
pub(super) const START: f64 = 45_352.0 + 8.0 / 24.0;

/// The table of records. Current is positive in charge, counters never restart.
pub fn normal(tests: &[(i32, &[Record])]) -> Table {
    let mut rows = Vec::new();
    for (id, records) in tests {
        for (i, (r, sums)) in records.iter().zip(counters(records)).enumerate() {
            let date = START + (r.time.floor() / 86_400.0);
            rows.push(vec![
                n(*id),
                n(i as f64 + 1.0),
                n(r.time + 1.0),
                n(r.step_time),
                n(date),
                n(r.step),
                n(r.cycle),
                n(0),
                n(r.current),
                n(r.voltage),
                n(sums[0]),
                n(sums[1]),
                n(sums[2]),
                n(sums[3]),
                n(0),
                n(if i > 60 { 0.04 } else { 0.0 }),
                n(0),
                n(0),
            ]);
        }
    }
    // Rows do not lie in the order of the records.
    if rows.len() > 40 {
        rows.swap(10, 11);
        rows.swap(30, 40);
    }
    let columns = vec![
        ("Test_ID", Kind::I32),
        ("Data_Point", Kind::I32),
        ("Test_Time", Kind::F64),
        ("Step_Time", Kind::F64),
        ("DateTime", Kind::F64),
        ("Step_Index", Kind::I16),
        ("Cycle_Index", Kind::I16),
        ("Is_FC_Data", Kind::U8),
        ("Current", Kind::F32),
        ("Voltage", Kind::F32),
        ("Charge_Capacity", Kind::F64),
        ("Discharge_Capacity", Kind::F64),
        ("Charge_Energy", Kind::F64),
        ("Discharge_Energy", Kind::F64),
        ("dV/dt", Kind::F32),
        ("Internal_Resistance", Kind::F32),
        ("AC_Impedance", Kind::F32),
        ("ACI_Phase_Angle", Kind::F32),
    ];
    Table { name: "Channel_Normal_Table", columns, rows }
}

/// One row of facts a test: id, channel, start.
pub(super) fn global(tests: &[(i32, u8, f64)]) -> Table {
    let row = |(id, channel, start): &(i32, u8, f64)| {
        vec![
            n(*id),
            t("demo-1-2"),
            n(*channel),
            n(*start),
            t("demo"),
            t("made by a simulation"),
            t(r"C:\ArbinSoftware\cccv.sdu"),
            n(16),
            t("电池 7"),
            t("5.26 Build"),
            t("200119-T"),
            n(0.79),
            n(0),
            n(2.5),
        ]
    };
    let columns = vec![
        ("Test_ID", Kind::I32),
        ("Test_Name", Kind::Text),
        ("Channel_Index", Kind::I16),
        ("Start_DateTime", Kind::F64),
        ("Creator", Kind::Text),
        ("Comments", Kind::Text),
        ("Schedule_File_Name", Kind::Text),
        ("Channel_Number", Kind::I16),
        ("Item_ID", Kind::Text),
        ("Software_Version", Kind::Text),
        ("Serial_Number", Kind::Text),
        ("MASS", Kind::F32),
        ("Specific_Capacity", Kind::F32),
        ("Capacity", Kind::F32),
    ];
    Table { name: "Global_Table", columns, rows: tests.iter().map(row).collect() }
}

/// A temperature and a voltage for every record, in another order than the records, and one value of no record.
pub(super) fn auxiliary(records: &[Record]) -> [Table; 2] {
    let value =
        |i: usize, index: i32, kind: i32, value: f64| vec![n(1), n(i as f64 + 1.0), n(index), n(kind), n(value)];
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (i, r) in records.iter().enumerate().rev() {
        rows.push(value(i, 0, 1, r.temperature));
        rows.push(value(i, 0, 0, r.voltage / 2.0));
    }
    rows.push(value(9999, 0, 1, 25.0));
    let columns = vec![
        ("Test_ID", Kind::I32),
        ("Data_Point", Kind::I32),
        ("Auxiliary_Index", Kind::I16),
        ("Data_Type", Kind::I16),
        ("X", Kind::F32),
    ];
    let data = Table { name: "Auxiliary_Table", columns, rows };
    let named = |index: i32, kind: i32, nickname: &str, unit: &str| vec![n(1), n(index), n(kind), t(nickname), t(unit)];
    let columns = vec![
        ("Channel_Index", Kind::I16),
        ("Auxiliary_Index", Kind::I16),
        ("Data_Type", Kind::I16),
        ("Nickname", Kind::Text),
        ("Unit", Kind::Text),
    ];
    let rows = vec![named(0, 1, "can", "C"), named(0, 0, "", "V")];
    [data, Table { name: "Aux_Global_Data_Table", columns, rows }]
}

pub(super) fn version() -> Table {
    let columns = vec![("Version_Schema_Field", Kind::Text)];
    Table { name: "Version_Table", columns, rows: vec![vec![t("Results File 5.26")]] }
}

fn events() -> Table {
    let columns = vec![
        ("Test_ID", Kind::I32),
        ("DateTime", Kind::F64),
        ("Test_Time", Kind::F64),
        ("Event_Type", Kind::I16),
        ("Event_Describe", Kind::Text),
    ];
    let event = |at: f64, kind: i32, text: &str| vec![n(1), n(START + at / 86_400.0), n(at), n(kind), t(text)];
    let rows = vec![
        event(0.0, 0, "Test start"),
        event(5000.0, 6, "Unsafe: Channel voltage over safety limit"),
        event(10_300.0, 1, "Test end(Step 6 : Limit 1)"),
    ];
    Table { name: "Event_Table", columns, rows }
}

/// An impedance spectrum of step 6 in the first cycle.
fn spectrum() -> Table {
    let columns = vec![
        ("Device_ID", Kind::Text),
        ("Test_ID", Kind::I32),
        ("Channel_ID", Kind::I32),
        ("Cycle_ID", Kind::I32),
        ("Step_ID", Kind::I32),
        ("Pt", Kind::I32),
        ("Freq", Kind::F64),
        ("Zmod", Kind::F64),
        ("Zphz", Kind::F64),
    ];
    let point = |k: i32| {
        let f = 10f64.powf(4.0 - f64::from(k) / 2.0);
        let x = std::f64::consts::TAU * f * 0.05 * 2e-3;
        let (re, im) = (0.02 + 0.05 / (1.0 + x * x), -0.05 * x / (1.0 + x * x));
        vec![t("Gamry_1"), n(1), n(0), n(1), n(6), n(k), n(f), n(re.hypot(im)), n(im.atan2(re).to_degrees())]
    };
    Table { name: "ACIM_Table", columns, rows: (0..12).map(point).collect() }
}

/// The fixtures.
pub fn all() -> Vec<Fixture> {
    let records = test();
    let one = || vec![version(), global(&[(1, 1, START)]), normal(&[(1, &records)]), events()];
    let mut with_aux = one();
    with_aux.extend(auxiliary(&records));
    let mut with_spectrum = one();
    with_spectrum.push(spectrum());
    let whole = encode(&one(), 9);
    // The catalog's rows are gone; its page is the first behind the definitions.
    let mut lost = encode(&one(), 0);
    let catalog = (4 + one().len()) * PAGE;
    lost[catalog..catalog + PAGE].fill(0);
    let half: Vec<Record> = records[..56].to_vec();
    // The second half as a test of its own, whose clock and counters begin anew.
    let start = records[56].time;
    let later: Vec<Record> = records[56..].iter().map(|r| Record { time: r.time - start, ..*r }).collect();
    let two = vec![version(), global(&[(1, 1, START), (2, 7, START)]), normal(&[(1, &half), (2, &later)])];
    let mut segments = normal(&[(1, &half), (2, &later)]);
    for row in &mut segments.rows {
        // The rows of the second test have the clock of their own start.
        if row[0] == n(2)
            && let Cell::Number(date) = &mut row[4]
        {
            *date += start / 86_400.0;
        }
    }
    let resumed = vec![version(), global(&[(2, 1, START + start / 86_400.0), (1, 1, START)]), segments];
    let other = Table { name: "Customers", columns: vec![("Id", Kind::I32)], rows: vec![vec![n(1)]] };
    vec![
        fixture("arbin/cycling.res", whole.clone()),
        fixture("arbin/auxiliary.res", encode(&with_aux, 0)),
        fixture("arbin/impedance.res", encode(&with_spectrum, 0)).other("the test with a spectrum between its records"),
        fixture("arbin/lost_catalog.res", lost),
        fixture("odd/two_channels.res", encode(&two, 0)),
        fixture("odd/segments.res", encode(&resumed, 0)),
        fixture("odd/cut.res", whole[..whole.len() - 2 * PAGE - 100].to_vec()),
        fixture("bad/customers.res", encode(&[other], 0)),
        fixture("bad/empty.res", whole[..PAGE].to_vec()),
    ]
}
