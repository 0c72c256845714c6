//! Columns from records that are read one by one: the versions without a sample.

use crate::makers::neware::records::{Clock, Counters, Records};

/// One record; NaN for what its version does not hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) number: f64,
    pub(super) step: f64,
    pub(super) status: f64,
    pub(super) jump: f64,
    pub(super) run: f64,
    /// From 1.
    pub(super) cycle: f64,
    /// Ticks.
    pub(super) step_time: f64,
    /// Ticks.
    pub(super) total_time: f64,
    /// V.
    pub(super) voltage: f64,
    /// mA.
    pub(super) current: f64,
    /// Charge and discharge capacity in mA.h, charge and discharge energy in mW.h.
    pub(super) counters: [f64; 4],
    /// ms since 1970.
    pub(super) clock: f64,
}

impl Row {
    /// A record that holds nothing.
    pub(super) const NONE: Self = Self {
        number: f64::NAN,
        step: f64::NAN,
        status: f64::NAN,
        jump: f64::NAN,
        run: f64::NAN,
        cycle: f64::NAN,
        step_time: f64::NAN,
        total_time: f64::NAN,
        voltage: f64::NAN,
        current: f64::NAN,
        counters: [f64::NAN; 4],
        clock: f64::NAN,
    };
}

/// How the numbers of the rows are meant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meant {
    /// Ticks of a second.
    pub(super) ticks: f64,
    pub(super) clock: Clock,
    /// Whether the first and the third counter are negative in discharge, and the others are not there.
    pub(super) is_signed: bool,
}

/// The rows as columns; those without any value do not exist.
pub(super) fn records(rows: &[Row], meant: Meant) -> Records {
    let column = |field: fn(&Row) -> f64| rows.iter().map(field).collect::<Vec<f64>>();
    let some = |field: fn(&Row) -> f64| Some(column(field)).filter(|column| !column.iter().all(|v| v.is_nan()));
    let [charge, discharge, charge_energy, discharge_energy] = [
        column(|row| row.counters[0]),
        column(|row| row.counters[1]),
        column(|row| row.counters[2]),
        column(|row| row.counters[3]),
    ];
    Records {
        number: column(|row| row.number),
        step: column(|row| row.step),
        status: column(|row| row.status),
        jump: some(|row| row.jump),
        run: some(|row| row.run),
        cycle: some(|row| row.cycle),
        step_time: some(|row| row.step_time),
        total_time: some(|row| row.total_time),
        ticks: meant.ticks,
        voltage: column(|row| row.voltage),
        current: column(|row| row.current),
        counters: if meant.is_signed {
            Counters::Signed([charge, charge_energy])
        } else {
            Counters::Pairs([charge, discharge, charge_energy, discharge_energy])
        },
        stamps: Some((column(|row| row.clock), meant.clock)),
        channels: Vec::new(),
        beside: Vec::new(),
    }
}

/// A number that may not be there.
pub(super) fn real<T: Into<f64>>(value: Option<T>) -> f64 {
    value.map_or(f64::NAN, Into::into)
}
