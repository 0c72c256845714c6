//! Witnesses: a wrong number is usually seen only beside a second source (docs/decisions.md#witnesses).
//!
//! Each compares two things that a file says of one quantity, once for a measurement, and speaks only where they differ. A
//! gate stops the export unless the caller passes it by name.

mod blanks;
mod clock;
mod counters;
mod current;
mod evidence;
mod first_record;
mod impedance;
mod intervals;
mod leaps;
mod plausible;
mod power;
mod record_order;
mod scale;
mod spectrum;
mod step_numbers;
mod step_time;
mod time_gap;

use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::error::{Error, ErrorKind, Result};
use crate::names;
use crate::note::{NoteCode, Notes};
pub(crate) use evidence::{Evidence, hold};

type Look = fn(&Evidence<'_>, &mut Notes) -> Result<()>;

/// All witnesses in the order in which they speak.
static WITNESSES: &[Look] = &[
    power::look,
    current::look,
    leaps::look,
    clock::look,
    record_order::look,
    first_record::look,
    time_gap::look,
    step_time::look,
    step_numbers::look,
    scale::look,
    blanks::look,
    impedance::look,
    spectrum::look,
];

/// Codes of the gates.
///
/// ```
/// use cyclerprep::{NoteCode, witness::GATES};
///
/// assert!(GATES.contains(&NoteCode::ImplausibleValues));
/// ```
pub static GATES: &[NoteCode] = &[NoteCode::ImplausibleValues];

/// The gate of this name.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::prepare;
///
/// let mut options = cyclerprep::PrepareOptions::default();
/// assert!(prepare("fixtures/bad/implausible.csv", &options).is_err());
/// options.allow.push(cyclerprep::witness::gate("implausible_values")?);
/// assert!(prepare("fixtures/bad/implausible.csv", &options).is_ok());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Options`] for a name that is no gate.
pub fn gate(name: &str) -> Result<NoteCode> {
    GATES.iter().copied().find(|code| code.as_str() == name).ok_or_else(|| {
        let all = GATES.iter().map(|code| code.as_str());
        Error::new(ErrorKind::Options, names::unknown("the name of a gate", name, all, true))
    })
}

/// The names of all gates.
#[cfg(feature = "cli")]
pub(crate) fn gates() -> impl Iterator<Item = &'static str> {
    GATES.iter().map(|code| code.as_str())
}

/// Closes the gates; gives the frame back, with impossible temperatures blanked.
///
/// # Errors
/// [`ErrorKind::Implausible`] when a gate that is not in `allowed` closes.
pub(crate) fn close_gates(frame: DataFrame, allowed: &[NoteCode], notes: &mut Notes) -> Result<DataFrame> {
    plausible::gate(frame, allowed, notes)
}

/// Asks all witnesses.
pub(crate) fn ask(evidence: &Evidence<'_>) -> Result<Notes> {
    let mut notes = Notes::new();
    let told: Vec<Result<Notes>> = WITNESSES
        .par_iter()
        .map(|look| {
            let mut notes = Notes::new();
            look(evidence, &mut notes).map(|()| notes)
        })
        .collect();
    for notes_of_one in told {
        notes_of_one?.into_vec().into_iter().for_each(|note| notes.push(note));
    }
    Ok(notes)
}
