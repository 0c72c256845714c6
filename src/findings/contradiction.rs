//! Where the voltage contradicts the sign of the current: the steps whose vote goes against it
//! (docs/validator.md#current-sign).

use std::ops::Range;

use crate::signal::{Runs, vote};

/// A step says nothing when its own fit is less sure than this (0 = sure, 1 = no idea).
const SURE: f64 = 0.5;

/// The rows of the steps in which the voltage rises with a positive current. Steps that say nothing, such as a rest, are taken
/// with those around them while these agree.
pub fn rows(time: &[f64], current: &[f64], voltage: &[f64], steps: &Runs) -> Vec<Range<usize>> {
    let least = vote::threshold(current);
    let mut found: Vec<Range<usize>> = Vec::new();
    // Whether the last step that said something was against the sign.
    let mut is_against = false;
    for step in steps.iter() {
        let (t, i, v) = (&time[step.clone()], &current[step.clone()], &voltage[step.clone()]);
        let mean = i.iter().sum::<f64>() / i.len() as f64;
        if i.len() < 2 || mean.is_nan() || mean.abs() < least {
            continue;
        }
        let opinion = vote::opinion(t, i, v);
        if opinion.p > SURE {
            continue;
        }
        match found.last_mut() {
            Some(last) if opinion.is_charge && is_against => last.end = step.end,
            _ if opinion.is_charge => found.push(step),
            _ => {}
        }
        is_against = opinion.is_charge;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps of 20 rows: a rest, or a current with a voltage that rises or falls by 0.3 V.
    fn test(steps: &[(f64, f64)]) -> (Vec<f64>, Vec<f64>, Vec<f64>, Runs) {
        let rows = 20 * steps.len();
        let time = (0..rows).map(|k| 60.0 * k as f64).collect();
        let current = steps.iter().flat_map(|(current, _)| [*current; 20]).collect();
        let voltage =
            steps.iter().flat_map(|(_, way)| (0..20).map(move |k| 3.6 + way * 0.015 * f64::from(k))).collect();
        (time, current, voltage, Runs::at((0..rows).step_by(20), rows))
    }

    #[test]
    fn only_the_steps_that_contradict_are_marked() {
        let (discharge, charge, rest) = ((1.0, -1.0), (-1.0, 1.0), (0.0, 0.0));
        let (turned, other) = ((1.0, 1.0), (-1.0, -1.0));
        let spans = |steps: &[(f64, f64)]| {
            let (time, current, voltage, runs) = test(steps);
            rows(&time, &current, &voltage, &runs)
        };
        assert!(spans(&[rest, charge, rest, discharge]).is_empty());
        assert_eq!(
            spans(&[charge, turned, rest, other, discharge]),
            vec![Range { start: 20, end: 80 }],
            "with the rest between"
        );
        assert_eq!(spans(&[turned, discharge, turned]), [0..20, 40..60]);
    }
}
