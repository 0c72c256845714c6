//! Where a step goes from constant current to constant voltage.

use std::borrow::Cow;
use std::ops::Range;

use polars::prelude::DataFrame;

use crate::error::Result;
use crate::schema::Column;
use crate::signal::frame::reals;

/// A voltage that is held differs by no more than this, in V.
const HELD: f64 = 2e-3;

/// Meanwhile the current falls to less than this share.
const FALLS: f64 = 0.9;

/// The rows of a test.
pub struct Rows<'f> {
    time: Cow<'f, [f64]>,
    voltage: Cow<'f, [f64]>,
    current: Cow<'f, [f64]>,
}

impl<'f> Rows<'f> {
    /// `None` without voltage and current over time.
    pub fn of(frame: &'f DataFrame) -> Result<Option<Self>> {
        let columns = (reals(frame, Column::Time)?, reals(frame, Column::Voltage)?, reals(frame, Column::Current)?);
        let (Some(time), Some(voltage), Some(current)) = columns else { return Ok(None) };
        Ok(Some(Self { time, voltage, current }))
    }

    /// The time from which on the step's voltage is that of its end while the current falls; `None` where it is not so, or from the
    /// first row on. Costs the rows from there.
    pub fn voltage_is_held_from(&self, step: Range<usize>) -> Option<f64> {
        // The last row may be taken after the current was switched off.
        let last = step.end.checked_sub(2).filter(|last| *last > step.start)?;
        let end = *self.voltage.get(last)?;
        let held = (step.start..=last).rev().take_while(|row| (self.voltage[*row] - end).abs() <= HELD).last()?;
        let falls = self.current[last].abs() < FALLS * self.current[held].abs();
        (falls && held > step.start && held + 1 < last).then(|| self.time[held]).filter(|time| !time.is_nan())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charge_ends_at_constant_voltage() {
        let frame = |voltage: &[f64], current: &[f64]| {
            let time: Vec<f64> = (0..voltage.len()).map(|k| 10.0 * k as f64).collect();
            polars::df!("Time [s]" => time, "Voltage [V]" => voltage, "Current [A]" => current).unwrap()
        };
        let from = |voltage: &[f64], current: &[f64]| {
            let frame = frame(voltage, current);
            Rows::of(&frame).unwrap().unwrap().voltage_is_held_from(0..voltage.len())
        };
        let current = [-1.0, -1.0, -1.0, -0.7, -0.4, -0.2, 0.0];
        assert_eq!(from(&[3.9, 4.0, 4.1999, 4.2, 4.2001, 4.2, 4.15], &current), Some(20.0));
        assert_eq!(from(&[3.9, 4.0, 4.05, 4.1, 4.15, 4.2, 4.25], &current), None, "it rises");
        assert_eq!(from(&[4.2; 7], &current), None, "from the first row on");
        assert_eq!(from(&[3.9, 4.0, 4.2, 4.2, 4.2, 4.2, 4.2], &[-1.0; 7]), None, "a plateau at constant current");
        assert_eq!(from(&[3.9], &[0.0]), None);
    }
}
