//! Cycle numbers, stored or counted (neware.md §2.6).

use super::status::{Direction, direction};
use crate::error::{Error, ErrorKind, Result};

/// How the cycles of a Neware file are counted.
///
/// ```
/// let mut options = cyclerprep::PrepareOptions::default();
/// options.read.cycle_mode = cyclerprep::readers::CycleMode::ChargeFirst;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CycleMode {
    /// As BTSDA shows them: the mode that the file asks for, else the stored number, else [`Auto`](Self::Auto).
    #[default]
    AsBtsda,
    /// As the cycler stored them, counted where a loop jumps back.
    Stored,
    /// A cycle begins with a charge that follows a discharge.
    ChargeFirst,
    /// A cycle begins with a discharge that follows a charge.
    DischargeFirst,
    /// Charge first if the test begins with a charge, else discharge first.
    Auto,
}

/// Names on the command line.
static MODES: [(&str, CycleMode); 5] = [
    ("btsda", CycleMode::AsBtsda),
    ("stored", CycleMode::Stored),
    ("charge-first", CycleMode::ChargeFirst),
    ("discharge-first", CycleMode::DischargeFirst),
    ("auto", CycleMode::Auto),
];

impl CycleMode {
    /// Reads `btsda`, `stored`, `charge-first`, `discharge-first` or `auto`.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use cyclerprep::readers::CycleMode;
    ///
    /// assert_eq!(CycleMode::parse("charge-first")?, CycleMode::ChargeFirst);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Options`] for another word.
    pub fn parse(text: &str) -> Result<Self> {
        MODES.iter().find(|(name, _)| *name == text).map(|(_, mode)| *mode).ok_or_else(|| {
            let names: Vec<&str> = MODES.iter().map(|(name, _)| *name).collect();
            Error::new(
                ErrorKind::Options,
                format!("expected a way to count cycles ({}), found {text:?}", names.join(", ")),
            )
        })
    }

    /// The mode to count by; `None` takes what is stored.
    pub(super) fn settle(self, asked: Self, has_stored: bool) -> Option<Self> {
        let mode = if self == Self::AsBtsda { asked } else { self };
        match mode {
            Self::ChargeFirst | Self::DischargeFirst | Self::Auto => Some(mode),
            Self::AsBtsda | Self::Stored if has_stored => None,
            Self::AsBtsda | Self::Stored => Some(Self::Auto),
        }
    }
}

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
