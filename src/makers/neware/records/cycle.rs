//! Cycle numbers, stored or counted (docs/formats/neware.md#cycles).

use super::status::{Direction, direction};
use crate::formats::CycleMode;

/// Counts from 1; only statuses with a direction count.
pub(super) fn count(status: &[f64], mode: CycleMode) -> Vec<f64> {
    let first = status.iter().map(|code| direction(*code as u8)).find(|d| *d != Direction::Neither);
    let begins = match (mode, first) {
        (CycleMode::DischargeFirst, _) | (CycleMode::Auto, Some(Direction::Discharge)) => Direction::Discharge,
        _ => Direction::Charge,
    };
    let (mut cycle, mut before) = (1.0, Direction::Neither);
    // Codes repeat for thousands of rows.
    let (mut last, mut now) = (f64::NAN, Direction::Neither);
    let next = |code: &f64| {
        if *code != last {
            (last, now) = (*code, direction(*code as u8));
            if now != Direction::Neither {
                if now == begins && before != begins && before != Direction::Neither {
                    cycle += 1.0;
                }
                before = now;
            }
        }
        cycle
    };
    status.iter().map(next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting() {
        // rest, charge, rest, discharge, rest, charge, discharge
        let codes = [4.0, 1.0, 4.0, 2.0, 4.0, 1.0, 2.0];
        assert_eq!(count(&codes, CycleMode::ChargeFirst), [1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0]);
        assert_eq!(count(&codes, CycleMode::DischargeFirst), [1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 3.0]);
        assert_eq!(count(&codes, CycleMode::Auto), count(&codes, CycleMode::ChargeFirst));
        assert_eq!(count(&codes[3..], CycleMode::Auto), [1.0, 1.0, 1.0, 2.0]);
    }
}
