//! The simulated test as Landt's programs export it (docs/formats/landt.md).

use std::fmt::Write;

use super::books::names;
use super::cell::{Mode, counters, test};
use super::dialects::{stamp, text};
use super::fixture::{Fixture, fixture};
use super::xlsx::{self, Cell, n, t};

/// docs/formats/landt.md#csv-export: units behind underscores, counters of the step in pairs, sensors that are not there.
fn export() -> Vec<u8> {
    text(|o| {
        for label in ["cell model:demo", "cell id: cell 7", "test: two cycles", "checkpoint: "] {
            writeln!(o, "{label},,,,,,,,,,,,,,").unwrap();
        }
        o.push_str("channel_index,cycle_index,step_index,date_time_iso_string,test_time_s,step_time_s,current_A,voltage_V,discharge_capacity_Ah,charge_capacity_Ah,discharge_energy_Wh,charge_energy_Wh,Pressure_Psi,temperature_1_C,temperature_2_C,step_name\n");
        for (i, r) in test().iter().enumerate() {
            let (charged, discharged) = if r.mode == Mode::Discharge { (0.0, r.capacity) } else { (r.capacity, 0.0) };
            let (up, down) = if r.mode == Mode::Discharge { (0.0, r.energy) } else { (r.energy, 0.0) };
            let name = match r.mode {
                Mode::Rest => "rest",
                Mode::Charge => "charge CC",
                Mode::ConstantVoltage => "charge CV",
                Mode::Discharge => "discharge CC",
            };
            writeln!(
                o,
                "{},{},{},{},{:.3},{:.3},{:.5},{:.5},{discharged:.7},{charged:.7},{down:.7},{up:.7},0,{:.2},0,{name},",
                i + 1,
                r.cycle,
                r.step,
                stamp(r.time, "%m/%d/%Y %H:%M:%S"),
                r.time,
                r.step_time,
                r.current,
                r.voltage,
                r.temperature,
            )
            .unwrap();
        }
    })
}

/// docs/formats/landt.md#workbooks: a sheet of cycles and one of records, dashes for sensors, an empty column, whole seconds.
fn workbook() -> Vec<u8> {
    let records = test();
    let mut last = (0.0, 0.0);
    let row = |(i, r): (usize, &super::cell::Record)| {
        // On a rest stands what the step before it came to.
        if r.mode != Mode::Rest {
            last = (r.capacity, r.energy);
        }
        let state = match r.mode {
            Mode::Rest => "R",
            Mode::Charge => "C_CC",
            Mode::ConstantVoltage => "C_CV",
            Mode::Discharge => "RateD",
        };
        vec![
            Cell::Number(i as f64 + 1.0),
            n(r.time, 1),
            n(r.step_time, 1),
            n(r.current * 1e3, 3),
            n(last.0 * 1e3, 5),
            n(last.0 * 1e6 / 12.0, 3),
            Cell::Number(0.0),
            n(r.voltage, 5),
            n(last.1 * 1e3, 5),
            t("-"),
            t("-"),
            t(stamp(r.time, "%Y-%m-%d %H:%M:%S")),
            Cell::Blank,
            Cell::Number(f64::from(r.cycle)),
            Cell::Number(f64::from(r.step)),
            t(state),
        ]
    };
    let mut rows = vec![names(
        "Record|TestTime/Sec|StepTime/Sec|Current/mA|Capacity/mAh|SpeCap/mAh/g|SOC\u{a6}DOD/%|Voltage/V|Energy/mWh|AuxTemp/dC.|AuxVolt/V|SysTime||Cycle-Index|Step-Index|Step-State",
    )];
    rows.extend(records.iter().enumerate().map(row));
    let sums = counters(&records);
    let total = sums[sums.len() - 1];
    let cycles = vec![
        names("Cycle|CapC/mAh|CapD/mAh|Efficiency/%|EnergyC/mWh|EnergyD/mWh"),
        vec![
            Cell::Number(2.0),
            n(total[0] * 1e3, 5),
            n(total[1] * 1e3, 5),
            n(98.0, 1),
            n(total[2] * 1e3, 5),
            n(total[3] * 1e3, 5),
        ],
    ];
    xlsx::workbook(&[("Cycle-Tab".to_owned(), cycles), ("Record-Tab".to_owned(), rows)])
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![fixture("landt/export.csv", export()), fixture("landt/workbook.xlsx", workbook())]
}
