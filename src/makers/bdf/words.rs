//! The terms of the Battery Data Format, new and old (docs/formats/bdf.md#terms).
//!
//! Seen in: the terms that the Battery Data Alliance publishes, its example files, files with the first draft's terms.

use super::fold;
use crate::schema::{Column, Quantity};
use crate::vocab::Role::{Column as C, Temperature};
use crate::vocab::{Direction, Read, Term, Vocabulary, count, duration, ignored, number};

/// Names with their units.
pub(super) static BDF: Vocabulary = Vocabulary {
    maker: "Battery Data Format",
    terms: TERMS,
    fold: fold::fold,
    direction,
    unit_may_be_missing: true,
    emitted: &[Column::Mode, Column::StepTime, Column::Record, Column::ChamberTemperature, Column::NetCapacity],
    pair_outranks_single: true,
    keeps_unknown: true,
    ..Vocabulary::PLAIN
};

/// Labels without units, in a file that says by its name what it is.
pub(super) static BARE: Vocabulary = Vocabulary { fold: |cell| fold::fold_bare(cell, TERMS), ..BDF };

const fn time(key: &'static str) -> Term {
    duration(key, Column::Time)
}

const fn unix(key: &'static str) -> Term {
    Term { key, role: C(Column::Timestamp), read: Read::Plain }
}

const fn sensor(key: &'static str) -> Term {
    Term { key, role: Temperature, read: Read::Number(Quantity::Temperature) }
}

/// Charge and energy of one direction; whether they count through the test, the cycle or the step shows where they fall.
const fn charged(key: &'static str) -> Term {
    number(key, Column::ChargeCapacity, Quantity::Capacity)
}

const fn discharged(key: &'static str) -> Term {
    number(key, Column::DischargeCapacity, Quantity::Capacity)
}

const fn energy_in(key: &'static str) -> Term {
    number(key, Column::ChargeEnergy, Quantity::Energy)
}

const fn energy_out(key: &'static str) -> Term {
    number(key, Column::DischargeEnergy, Quantity::Energy)
}

#[rustfmt::skip]
static TERMS: &[Term] = &[
    time("test_time_second"), time("test_time_millisecond"),
    unix("unix_time_second"), unix("unix_time_millisecond"), unix("date_time_millisecond"),
    duration("step_time_second", Column::StepTime),
    number("voltage_volt", Column::Voltage, Quantity::Voltage), number("current_ampere", Column::Current, Quantity::Current),
    number("power_watt", Column::Power, Quantity::Power),
    count("cycle_count", Column::CycleFromCycler), count("cycle_dimensionless", Column::CycleFromCycler),
    count("step_id", Column::StepFromCycler), count("step_index", Column::StepFromCycler),
    count("step_count", Column::StepRun), count("record_index", Column::Record),
    Term { key: "step_type", role: C(Column::Mode), read: Read::Label },
    charged("charging_capacity_ah"), charged("cumulative_charging_capacity_ah"), charged("cycle_charging_capacity_ah"), charged("step_charging_capacity_ah"),
    discharged("discharging_capacity_ah"), discharged("cumulative_discharging_capacity_ah"), discharged("cycle_discharging_capacity_ah"), discharged("step_discharging_capacity_ah"),
    energy_in("charging_energy_wh"), energy_in("cumulative_charging_energy_wh"), energy_in("cycle_charging_energy_wh"), energy_in("step_charging_energy_wh"),
    energy_out("discharging_energy_wh"), energy_out("cumulative_discharging_energy_wh"), energy_out("cycle_discharging_energy_wh"), energy_out("step_discharging_energy_wh"),
    number("step_capacity_ah", Column::Capacity, Quantity::Capacity), number("cumulative_capacity_ah", Column::Capacity, Quantity::Capacity),
    Term { key: "net_capacity_ah", role: C(Column::NetCapacity), read: Read::Number(Quantity::Capacity) },
    number("step_energy_wh", Column::Energy, Quantity::Energy), number("cumulative_energy_wh", Column::Energy, Quantity::Energy),
    ignored("net_energy_wh"),
    number("surface_temperature_celsius", Column::Temperature, Quantity::Temperature),
    sensor("temperature_t1_celsius"), sensor("temperature_t2_celsius"), sensor("temperature_t3_celsius"), sensor("temperature_t4_celsius"), sensor("temperature_t5_celsius"),
    sensor("surface_temperature_t1_celsius"), sensor("surface_temperature_t2_celsius"), sensor("surface_temperature_t3_celsius"),
    sensor("surface_temperature_t4_celsius"), sensor("surface_temperature_t5_celsius"),
    number("ambient_temperature_celsius", Column::ChamberTemperature, Quantity::Temperature),
    number("internal_resistance_ohm", Column::DcResistance, Quantity::Resistance),
    number("frequency_hertz", Column::Frequency, Quantity::Frequency),
    number("real_impedance_ohm", Column::ZRe, Quantity::Resistance), number("imaginary_impedance_ohm", Column::ZIm, Quantity::Resistance),
    number("absolute_impedance_ohm", Column::ZMod, Quantity::Resistance), number("phase_degree", Column::ZPhase, Quantity::Angle),
];

/// Words that the standard's page names; it fixes none.
fn direction(text: &str) -> Direction {
    let upper = text.trim().to_uppercase();
    let has = |words: &[&str]| upper.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word));
    match () {
        () if has(&["DCH", "DCHG", "DISCHG", "DISCHARGE", "DISCHARGING"]) => Direction::Discharge,
        () if has(&["CHG", "CHA", "CHARGE", "CHARGING"]) => Direction::Charge,
        () if has(&["REST", "OCV", "EIS", "PAUSE"]) => Direction::Neither,
        () => Direction::Unknown,
    }
}

/// The terms that every file must have.
pub(super) static REQUIRED: [Column; 3] = [Column::Time, Column::Voltage, Column::Current];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_names_are_one_term() {
        for (label, name) in [
            ("Test Time / s", "test_time_second"),
            ("Voltage / V", "voltage_volt"),
            ("Charging Capacity / Ah", "charging_capacity_ah"),
            ("Cycle Count / 1", "cycle_count"),
            ("Ambient Temperature / degC", "ambient_temperature_celsius"),
            ("Phase / deg", "phase_degree"),
        ] {
            let (label, name) = ((BDF.fold)(label), (BDF.fold)(name));
            assert_eq!(label, name);
            assert!(BDF.find(&label).is_some(), "{name:?}");
        }
        assert!(BDF.find(&(BDF.fold)("Voltage")).is_none(), "a column of another program beside the standard's");
        for bare in ["Test Time", "Voltage", "Current", "Cycle Count", "Charging Capacity", "Surface Temperature T2"] {
            assert!(BARE.find(&(BARE.fold)(bare)).is_some(), "{bare}");
        }
        let (_, term, number) = BDF.find(&(BDF.fold)("Surface Temperature T2 / degC")).unwrap();
        assert_eq!((term.role, number), (Temperature, Some(2)));
    }
}
