//! Names of files: EC-Lab puts each technique of a test into a file of its own.

use crate::formats::PieceName;

/// `cell_02_GCPL_C04` is the second of `cell_*_C04`; one of several loops of a technique is told after it (`_loop1`).
pub(super) fn piece(stem: &str) -> Option<PieceName> {
    let (rest, round) = match stem.rsplit_once("_loop") {
        Some((rest, round)) => (rest, round.parse::<u32>().ok()?.min(98) + 1),
        None => (stem, 0),
    };
    let (rest, channel) = rest.rsplit_once('_')?;
    let is_channel = channel.strip_prefix('C').is_some_and(|number| {
        number.trim_start_matches(|c: char| c.is_ascii_uppercase()).parse::<u32>().is_ok() && number.len() <= 4
    });
    // The technique may hold separators of its own.
    let mut words = rest.match_indices('_').map(|(at, _)| at).rev();
    let at = words.find(|at| {
        let number = rest.get(at + 1..at + 3).filter(|number| number.bytes().all(|b| b.is_ascii_digit()));
        number.is_some() && rest.get(at + 3..).is_some_and(|rest| rest.starts_with('_') && rest.len() > 1)
    })?;
    let number: u32 = rest.get(at + 1..at + 3)?.parse().ok()?;
    let series = format!("{}_*_{channel}", rest.get(..at).unwrap_or_default());
    is_channel.then_some(PieceName { series, number: number * 100 + round, program: number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_technique_has_its_number() {
        let got = |stem: &str| piece(stem).map(|piece| format!("{} {}", piece.series, piece.number));
        assert_eq!(got("HAC_NH3_02_01_OCV_C04").as_deref(), Some("HAC_NH3_02_*_C04 100"));
        assert_eq!(got("x_05_2_Electrode_CA5").as_deref(), Some("x_*_CA5 500"));
        assert_eq!(
            got("Bec01_C20_loop_20170219_01_MB_C02_loop1").as_deref(),
            Some("Bec01_C20_loop_20170219_*_C02 102")
        );
        assert_eq!(piece("x_01_MB_C02_loop1").map(|piece| piece.program), Some(1), "loops are of one technique");
        assert_eq!((got("cell_12"), got("col_27_issue_74"), got("x_01_OCV_Cell")), (None, None, None));
    }
}
