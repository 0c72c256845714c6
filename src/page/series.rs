//! The rows of a measurement in a page: single ones while these are few, else the lowest and the highest of each so many.

use std::borrow::Cow;

use polars::prelude::DataFrame;
use serde_json::{Value, json};

use super::pyramid;
use super::table::{Blobs, Column};
use crate::error::Result;
use crate::plot::{self, Shown};
use crate::schema;
use crate::signal::frame::reals;

/// How much a page may hold.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Up to so many rows are there one by one.
    pub rows: usize,
    /// Of more, as many bins as fit so many characters.
    pub characters: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { rows: 2_000_000, characters: 8_000_000 }
    }
}

/// No level of a longer test has more bins: opening it would take longer than a second.
const MOST_BINS: usize = 1 << 21;

/// What is shown: how the script calls it, the column, its name, its units.
struct Quantity {
    key: &'static str,
    /// The highest of each bin.
    high: &'static str,
    column: schema::Column,
    name: &'static str,
    units: &'static [Shown],
}

#[rustfmt::skip]
static QUANTITIES: &[Quantity] = &[
    Quantity { key: "voltage", high: "voltage.high", column: schema::Column::Voltage, name: "Voltage", units: &[Shown { unit: "V", times: 1.0 }] },
    Quantity { key: "current", high: "current.high", column: schema::Column::Current, name: "Current", units: plot::AMPERE },
    Quantity { key: "density", high: "density.high", column: schema::Column::CurrentDensity, name: "Current density", units: &[Shown { unit: "mA/cm²", times: 1.0 }] },
    Quantity { key: "temperature", high: "temperature.high", column: schema::Column::Temperature, name: "Temperature", units: &[Shown { unit: "°C", times: 1.0 }] },
    Quantity { key: "discharge", high: "discharge.high", column: schema::Column::DischargeCapacity, name: "Discharge capacity", units: plot::AMPERE_HOUR },
    Quantity { key: "charge", high: "charge.high", column: schema::Column::ChargeCapacity, name: "Charge capacity", units: plot::AMPERE_HOUR },
    Quantity { key: "real", high: "real.high", column: schema::Column::ZRe, name: "Re Z", units: plot::OHM },
    Quantity { key: "imaginary", high: "imaginary.high", column: schema::Column::ZIm, name: "Im Z", units: plot::OHM },
    Quantity { key: "frequency", high: "frequency.high", column: schema::Column::Frequency, name: "Frequency", units: &[Shown { unit: "Hz", times: 1.0 }] },
];

/// The column that the script calls so.
#[cfg(feature = "cli")]
pub fn column(key: &str) -> Option<schema::Column> {
    let known = QUANTITIES.iter().find(|quantity| quantity.key == key).map(|quantity| quantity.column);
    known.or((key == "time").then_some(schema::Column::Time))
}

/// Puts the rows into the page, and says of them what the script has to know.
pub fn add(frame: &DataFrame, room: Room, blobs: &mut Blobs) -> Result<Value> {
    let rows = frame.height();
    let time = reals(frame, schema::Column::Time)?;
    let mut found: Vec<(&Quantity, Cow<'_, [f64]>)> = Vec::new();
    for quantity in QUANTITIES {
        let values = reals(frame, quantity.column)?;
        found.extend(values.filter(|values| values.iter().any(|v| v.is_finite())).map(|values| (quantity, values)));
    }
    let level = |bin: usize| -> Vec<Column> {
        let mut columns = Vec::new();
        if let Some(time) = &time {
            columns.push(Column { key: "time", values: pyramid::starts(time, bin) });
        }
        for (quantity, values) in &found {
            let (low, high) = pyramid::bins(values, bin);
            columns.push(Column { key: quantity.key, values: low });
            if bin > 1 {
                columns.push(Column { key: quantity.high, values: high });
            }
        }
        columns
    };
    let mut bin = 1;
    if rows > room.rows {
        bin = rows.div_ceil(MOST_BINS.min(room.rows.max(1))).next_power_of_two();
    }
    let columns = loop {
        let before = blobs.0.len();
        let told = blobs.add(&level(bin))?;
        let size: usize = blobs.0.iter().skip(before).map(String::len).sum();
        if bin == 1 || size <= room.characters || bin >= rows {
            break told;
        }
        blobs.0.truncate(before);
        bin *= 2;
    };
    let known = |time: &f64| time.is_finite();
    let first = time.iter().flat_map(|time| time.iter()).copied().find(known);
    let last = time.iter().flat_map(|time| time.iter().rev()).copied().find(known);
    let units = |quantity: &Quantity| -> Vec<Value> {
        quantity.units.iter().map(|shown| json!([shown.unit, shown.times])).collect()
    };
    let quantities: Vec<Value> = found
        .iter()
        .map(|(quantity, _)| json!({ "key": quantity.key, "name": quantity.name, "units": units(quantity) }))
        .collect();
    Ok(json!({ "rows": rows, "bin": bin, "range": [first, last], "columns": columns, "quantities": quantities }))
}

#[cfg(test)]
mod tests {
    use polars::df;

    use super::super::pack::tests::{decode, inflate};
    use super::*;

    fn column(told: &Value, blobs: &Blobs, key: &str) -> Vec<f64> {
        let about = &told["columns"][key];
        let text = &blobs.0[about["blob"].as_u64().unwrap() as usize];
        decode(&inflate(text), about["power"].as_i64().unwrap() as i32)
    }

    fn frame(rows: usize) -> DataFrame {
        let time: Vec<f64> = (0..rows).map(|row| row as f64 * 0.5).collect();
        // Without a pattern that would pack well.
        let mut state = 1u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 40
        };
        let voltage: Vec<f64> = (0..rows).map(|_| (3000 + random() % 1000) as f64 / 1000.0).collect();
        df!("Time [s]" => time, "Voltage [V]" => voltage).unwrap()
    }

    #[test]
    fn few_rows_are_there_one_by_one() {
        let (frame, mut blobs) = (frame(100), Blobs::default());
        let told = add(&frame, Room::default(), &mut blobs).unwrap();
        assert_eq!((told["rows"].as_u64(), told["bin"].as_u64()), (Some(100), Some(1)));
        assert_eq!(told["range"], json!([0.0, 49.5]));
        let voltage = reals(&frame, schema::Column::Voltage).unwrap().unwrap();
        assert_eq!(column(&told, &blobs, "voltage"), voltage.as_ref());
        assert_eq!(column(&told, &blobs, "time")[99], 49.5);
        assert!(told["columns"].get("voltage.high").is_none() && told["columns"].get("current").is_none());
    }

    #[test]
    fn many_rows_are_bins_that_fit_and_keep_every_extreme() {
        let (frame, mut blobs) = (frame(10_000), Blobs::default());
        blobs.0.push("before".to_owned());
        let room = Room { rows: 1000, characters: 1500 };
        let told = add(&frame, room, &mut blobs).unwrap();
        let bin = told["bin"].as_u64().unwrap() as usize;
        assert!(bin > 16 && bin.is_power_of_two(), "{bin}: 1,000 bins of two random numbers need more than 1,500");
        let length = |blobs: &Blobs| blobs.0.iter().map(String::len).sum::<usize>();
        assert!(length(&blobs) <= 1500 + "before".len() && blobs.0[0] == "before");
        let (low, high) = (column(&told, &blobs, "voltage"), column(&told, &blobs, "voltage.high"));
        let voltage = reals(&frame, schema::Column::Voltage).unwrap().unwrap();
        for (row, value) in voltage.iter().enumerate() {
            assert!(low[row / bin] <= *value && *value <= high[row / bin]);
        }
        // The finest: half as many rows a bin would not have fitted.
        let mut finer = Blobs::default();
        let wide = Room { rows: 10_000 / (bin / 2), characters: usize::MAX };
        assert_eq!(add(&frame, wide, &mut finer).unwrap()["bin"].as_u64(), Some(bin as u64 / 2));
        assert!(length(&finer) > 1500);
    }
}
