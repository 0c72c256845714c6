//! Status codes (docs/formats/neware.md#status-codes).

use rayon::prelude::*;

use crate::signal::PART;

/// Which way a status points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Charge,
    Discharge,
    Neither,
}

use Direction::{Charge, Discharge, Neither};

/// Names as BTSDA prints them, by code.
#[rustfmt::skip]
static STATUS: [Option<(&str, Direction)>; 31] = [
    Some(("Undefined", Neither)), Some(("CC_Chg", Charge)), Some(("CC_DChg", Discharge)), Some(("CV_Chg", Charge)),
    Some(("Rest", Neither)), Some(("Cycle", Neither)), Some(("End", Neither)), Some(("CCCV_Chg", Charge)),
    Some(("CP_DChg", Discharge)), Some(("CP_Chg", Charge)), Some(("CR_DChg", Discharge)), Some(("CR_Chg", Charge)),
    Some(("IR", Neither)), Some(("Pause", Neither)), None, None,
    Some(("Pulse", Neither)), Some(("SIM", Neither)), Some(("PCCCV_Chg", Charge)), Some(("CV_DChg", Discharge)),
    Some(("CCCV_DChg", Discharge)), Some(("Control", Neither)), Some(("OCV", Neither)), Some(("SubStep", Neither)),
    Some(("Follow", Neither)), Some(("Ramp", Neither)), Some(("CPCV_DChg", Discharge)), Some(("CPCV_Chg", Charge)),
    Some(("CRCV_DChg", Discharge)), Some(("CRCV_Chg", Charge)), Some(("CyclicVoltammetry", Neither)),
];

fn known(code: u8) -> Option<(&'static str, Direction)> {
    STATUS.get(usize::from(code)).copied().flatten()
}

/// The label of a code; the number itself where nobody knows it.
pub(crate) fn name(code: u8) -> String {
    known(code).map_or_else(|| code.to_string(), |(name, _)| name.to_owned())
}

pub(crate) fn direction(code: u8) -> Direction {
    known(code).map_or(Neither, |(_, direction)| direction)
}

/// Codes become labels: a number for each row and the text of each number, by the rows in which they come first.
pub(super) fn labels(status: &[f64]) -> (Vec<u32>, Vec<String>) {
    let firsts = |part: &[f64]| {
        let (mut found, mut last) = (Vec::new(), None);
        for code in part.iter().filter(|status| !status.is_nan()).map(|status| *status as u8) {
            if last.replace(code) != Some(code) && !found.contains(&code) {
                found.push(code);
            }
        }
        found
    };
    let found: Vec<Vec<u8>> = status.par_chunks(PART).map(firsts).collect();
    let (mut names, mut known) = (vec![String::new()], [0u32; 256]);
    for code in found.into_iter().flatten() {
        if let Some(slot) = known.get_mut(usize::from(code)).filter(|slot| **slot == 0) {
            *slot = names.len() as u32;
            names.push(name(code));
        }
    }
    let label =
        |status: f64| if status.is_nan() { 0 } else { known.get(usize::from(status as u8)).copied().unwrap_or(0) };
    let mut codes = vec![0; status.len()];
    let parts = codes.par_chunks_mut(PART).zip(status.par_chunks(PART));
    parts.for_each(|(codes, part)| codes.iter_mut().zip(part).for_each(|(code, status)| *code = label(*status)));
    (codes, names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::makers::neware::words::NEWARE;
    use crate::vocab::Direction as Word;

    /// The vocabulary of the text exports gives every label the same direction.
    #[test]
    fn codes_and_labels_agree() {
        for code in 0..=u8::MAX {
            let word = (NEWARE.direction)(&name(code));
            let want = match (direction(code), known(code)) {
                (Charge, _) => Word::Charge,
                (Discharge, _) => Word::Discharge,
                (Neither, Some(_)) => Word::Neither,
                (Neither, None) => Word::Unknown,
            };
            assert_eq!(word, want, "{code} {}", name(code));
        }
    }
}
