//! Tables of no maker: the test under names that people use (docs/formats/generic.md), and in the schema's own columns.

use std::fmt::Write;

use polars::prelude::{DataFrame, IntoColumn, NamedFrom, Series};

use super::cell::{Mode, Record, test};
use super::dialects::{stamp, text};
use super::fixture::{Fixture, fixture};

/// Pairs that restart with each step: charge and discharge in A·h and W·h.
pub fn pairs(r: &Record) -> [f64; 4] {
    if r.mode == Mode::Discharge { [0.0, r.capacity, 0.0, r.energy] } else { [r.capacity, 0.0, r.energy, 0.0] }
}

/// Units in brackets, current in mA, positive charges; a unit that is unknown, and a column that nobody knows.
fn brackets() -> Vec<u8> {
    text(|o| {
        o.push_str("Test Time [h],Cycle,Step,U [mV],I [mA],T [°C],Thickness,Q [mAh/g]\n");
        for r in test() {
            writeln!(
                o,
                "{:.9},{},{},{:.2},{:.2},{:.2},0.35,{:.3}",
                r.time / 3600.0,
                r.cycle,
                r.run,
                r.voltage * 1e3,
                r.current * 1e3,
                r.temperature,
                r.capacity * 70.0
            )
            .unwrap();
        }
    })
}

/// Units behind an underscore, positive discharges, rows with the number that pandas writes.
fn underscores() -> Vec<u8> {
    text(|o| {
        o.push_str(
            ",t_s,voltage_V,current_ma,temp_C,step_index,cycle_number,charge_capacity_in_Ah,discharge_capacity_in_Ah\n",
        );
        for (i, r) in test().iter().enumerate() {
            let [charged, discharged, ..] = pairs(r);
            let current = -r.current * 1e3;
            writeln!(
                o,
                "{i},{},{:.5},{current:.2},{:.2},{},{},{charged:.8},{discharged:.8}",
                r.time, r.voltage, r.temperature, r.run, r.cycle
            )
            .unwrap();
        }
    })
}

/// German words, semicolons, decimal commas, a clock instead of a test time, remarks above.
fn clock() -> Vec<u8> {
    let body = text(|o| {
        o.push_str("Datum;Spannung (V);Strom (A);Schritt;Zyklus\n");
        for r in test() {
            let row = format!(
                "{};{:.5};{:.5};{};{}\n",
                stamp(r.time, "%d.%m.%Y %H:%M:%S%.3f"),
                r.voltage,
                r.current,
                r.run,
                r.cycle
            );
            // Only the numbers have commas; the date keeps its points.
            let (date, rest) = row.split_once(';').unwrap();
            write!(o, "{date};{}", rest.replace('.', ",")).unwrap();
        }
    });
    [&b"Messung vom Labor;;;;\nZelle 7;;;;\n\n"[..], &body].concat()
}

/// Magnitudes of the current, whose direction a label tells; plain names over a row of units.
fn magnitudes() -> Vec<u8> {
    text(|o| {
        o.push_str("time\tvoltage\tcurrent\tstate\tcycle\nmin\tV\tmA\t\t\n");
        for r in test() {
            let state = match r.mode {
                Mode::Rest => "resting",
                Mode::Charge | Mode::ConstantVoltage => "charging",
                Mode::Discharge => "discharging",
            };
            let current = r.current.abs() * 1e3;
            writeln!(o, "{:.8}\t{:.5}\t{current:.2}\t{state}\t{}", r.time / 60.0, r.voltage, r.cycle).unwrap();
        }
    })
}

/// A column of numbers.
pub fn real(name: &str, value: impl Fn(&Record) -> f64) -> polars::prelude::Column {
    Series::new(name.into(), test().iter().map(value).collect::<Vec<f64>>()).into_column()
}

/// A column of whole numbers.
pub fn whole(name: &str, value: impl Fn(&Record) -> i64) -> polars::prelude::Column {
    Series::new(name.into(), test().iter().map(value).collect::<Vec<i64>>()).into_column()
}

pub fn parquet(columns: Vec<polars::prelude::Column>) -> Vec<u8> {
    let frame = DataFrame::new_infer_height(columns).unwrap();
    cyclerprep::bundle::parquet_bytes(&frame, &Default::default()).unwrap()
}

fn frame() -> Vec<u8> {
    let label = |r: &Record| if r.mode == Mode::Discharge { "D" } else { "C" };
    let labels: Vec<&str> = test().iter().map(label).collect();
    parquet(vec![
        real("time_s", |r| r.time),
        real("Ewe/V", |r| r.voltage),
        real("<I>/mA", |r| r.current * 1e3),
        whole("cycle", |r| i64::from(r.cycle)),
        whole("step", |r| i64::from(r.run)),
        Series::new("note".into(), labels).into_column(),
    ])
}

/// The schema's own columns: positive current discharges.
fn schema() -> Vec<polars::prelude::Column> {
    vec![
        real("Time [s]", |r| r.time),
        real("Current [A]", |r| 0.0 - r.current),
        real("Voltage [V]", |r| r.voltage),
        whole("Step count", |r| i64::from(r.run) - 1),
        whole("Cycle count", |r| i64::from(r.cycle) - 1),
        real("Discharge capacity [A.h]", |r| pairs(r)[1]),
        real("Charge capacity [A.h]", |r| pairs(r)[0]),
        real("Discharge energy [W.h]", |r| pairs(r)[3]),
        real("Charge energy [W.h]", |r| pairs(r)[2]),
        real("Power [W]", |r| (0.0 - r.current) * r.voltage),
        whole("Cycle from cycler", |r| i64::from(r.cycle)),
        real("Pressure [kPa]", |r| 101.0 + r.voltage),
    ]
}

fn schema_csv() -> Vec<u8> {
    text(|o| {
        o.push_str(
            "Time [s],Current [A],Voltage [V],Step count,Cycle count,Discharge capacity [A.h],Charge capacity [A.h]\n",
        );
        for r in test() {
            let [charged, discharged, ..] = pairs(&r);
            let (current, step, cycle) = (0.0 - r.current, r.run - 1, r.cycle - 1);
            writeln!(o, "{},{current},{},{step},{cycle},{discharged},{charged}", r.time, r.voltage).unwrap();
        }
    })
}

/// All fixtures of this file.
pub fn all() -> Vec<Fixture> {
    vec![
        // Hours with nine digits.
        fixture("generic/brackets.csv", brackets()).voltage(6e-6),
        fixture("generic/underscores.csv", underscores()),
        fixture("generic/clock.csv", clock()),
        // Constant current and constant voltage are one step, and the half second between them counts: 2 A · 0.5 s.
        fixture("generic/magnitudes.tsv", magnitudes()).charge(3e-4),
        fixture("generic/frame.parquet", frame()),
        fixture("generic/schema.csv", schema_csv()),
        fixture("generic/schema.parquet", parquet(schema())),
        fixture(
            "bad/two_voltages.csv",
            b"t [s],Ewe/V,Ecell/V,I/mA\n0,3.7,3.6,1\n10,3.71,3.61,1\n20,3.72,3.62,1\n".to_vec(),
        ),
        fixture("bad/no_units.csv", b"time,voltage,current\n0,3.7,1\n10,3.71,1\n20,3.72,1\n".to_vec()),
        fixture(
            "bad/steps_of_a_bundle.parquet",
            parquet(vec![
                real("Start index", |r| r.time),
                real("End index", |r| r.time),
                whole("Step count", |r| i64::from(r.run)),
                whole("Cycle count", |r| i64::from(r.cycle)),
                real("Voltage [V]", |r| r.voltage),
            ]),
        ),
    ]
}
