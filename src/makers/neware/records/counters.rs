//! Counters of capacity and energy, whatever a layout holds of them (docs/formats/neware.md#capacity-and-energy-counters).

use rayon::prelude::*;

use super::status::{self, Direction};
use crate::binary::positive_part;

/// Counters of capacity and energy.
#[derive(Debug)]
pub(crate) enum Counters {
    /// Charge and discharge capacity in mA.h, charge and discharge energy in mW.h.
    Pairs([Vec<f64>; 4]),
    /// The same as magnitudes.
    Sides([Vec<f64>; 4]),
    /// One counter each, whose side the status tells.
    Single([Vec<f64>; 2]),
    /// One counter each, negative in discharge.
    Signed([Vec<f64>; 2]),
}

/// A counter of one side, as a magnitude, for each direction (docs/formats/neware.md#capacity-and-energy-counters).
pub(super) fn pairs(counters: Counters, status: &[f64], current: &[f64]) -> [Vec<f64>; 4] {
    match counters {
        Counters::Pairs(mut pairs) => {
            // Discharge counters may be stored negative.
            pairs.par_iter_mut().for_each(|side| side.iter_mut().for_each(|v| *v = v.abs()));
            pairs
        }
        Counters::Sides(sides) => sides,
        Counters::Signed([capacity, energy]) => {
            let side = |values: &[f64], sign: f64| values.iter().map(|v| positive_part(sign * v)).collect();
            [side(&capacity, 1.0), side(&capacity, -1.0), side(&energy, 1.0), side(&energy, -1.0)]
        }
        Counters::Single([capacity, energy]) => {
            // Without a direction of the step, the current tells; where there is none, the row before.
            let mut last = Direction::Charge;
            let sides = status.iter().zip(current).map(|(code, current)| {
                last = match status::direction(*code as u8) {
                    Direction::Neither if *current > 0.0 => Direction::Charge,
                    Direction::Neither if *current < 0.0 => Direction::Discharge,
                    Direction::Neither => last,
                    known => known,
                };
                last == Direction::Charge
            });
            let sides: Vec<bool> = sides.collect();
            let side = |values: &[f64], charge: bool| {
                // A counter that is not there is on neither side.
                let of_side = |v: f64, is_charge: bool| if is_charge == charge || v.is_nan() { v.abs() } else { 0.0 };
                values.iter().zip(&sides).map(|(v, is_charge)| of_side(*v, *is_charge)).collect()
            };
            [side(&capacity, true), side(&capacity, false), side(&energy, true), side(&energy, false)]
        }
    }
}
