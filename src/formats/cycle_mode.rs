//! The ways to count cycles that a caller can choose, where the format leaves the choice.

use crate::error::{Error, ErrorKind, Result};

/// How cycles are counted in the binary files that leave the choice (`.nda`, `.ndax`).
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// use cyclerprep::{prepare, readers::CycleMode};
///
/// // Two times charge and discharge: counted from each discharge, the first charge is a cycle of its own.
/// let mut options = cyclerprep::PrepareOptions::default();
/// options.read.cycle_mode = CycleMode::DischargeFirst;
/// assert_eq!(prepare("fixtures/neware/ndc14.ndax", &options)?.cycles.height(), 3);
/// options.read.cycle_mode = CycleMode::ChargeFirst;
/// assert_eq!(prepare("fixtures/neware/ndc14.ndax", &options)?.cycles.height(), 2);
/// # Ok(())
/// # }
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
    /// The word that [`parse`](Self::parse) reads.
    pub(crate) fn as_str(self) -> &'static str {
        MODES.iter().find(|(_, mode)| *mode == self).map_or("", |(name, _)| name)
    }

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
    pub(crate) fn settle(self, asked: Self, has_stored: bool) -> Option<Self> {
        let mode = if self == Self::AsBtsda { asked } else { self };
        match mode {
            Self::ChargeFirst | Self::DischargeFirst | Self::Auto => Some(mode),
            Self::AsBtsda | Self::Stored if has_stored => None,
            Self::AsBtsda | Self::Stored => Some(Self::Auto),
        }
    }
}
