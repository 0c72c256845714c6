//! Modulus and phase of an impedance against its real and imaginary part.

use super::Evidence;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;

/// Relative difference of the modulus, and difference of the phase in rad, that printed digits explain.
const TOLERANCE: f64 = 1e-4;

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    let get = |column| evidence.reals(column);
    let (Some(re), Some(im)) = (get(Column::ZRe)?, get(Column::ZIm)?) else { return Ok(()) };
    let (modulus, phase) = (get(Column::ZMod)?, get(Column::ZPhase)?);
    let differs = |row: &usize| {
        let (re, im) = (re[*row], im[*row]);
        let size = re.hypot(im);
        let of_modulus = modulus.as_ref().is_some_and(|m| (m[*row] - size).abs() > TOLERANCE * size);
        let turn = |phase: f64| {
            let apart = (phase.to_radians() - im.atan2(re)).rem_euclid(std::f64::consts::TAU);
            apart.min(std::f64::consts::TAU - apart)
        };
        of_modulus || phase.as_ref().is_some_and(|p| turn(p[*row]) > TOLERANCE)
    };
    let mut rows = (0..re.len()).filter(differs);
    let Some(first) = rows.next() else { return Ok(()) };
    let count = 1 + rows.count();
    let at = |values: &Option<std::borrow::Cow<'_, [f64]>>| values.as_ref().map_or(f64::NAN, |v| v[first]);
    let message = format!(
        "modulus or phase of the impedance differ from its parts in {count} row(s): {} Ohm at {}° against {} and {} Ohm in the first",
        at(&modulus),
        at(&phase),
        re[first],
        im[first]
    );
    notes.push(Note::new(NoteCode::ImpedanceDisagrees, message).count(count).at(Place::Row(first as u64)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use polars::prelude::DataFrame;

    use super::*;
    use crate::signal::real_series;

    fn told(phase: f64) -> usize {
        let column = |column: Column, value: f64| real_series(column.name(), vec![f64::NAN, value]);
        let columns = vec![
            column(Column::ZRe, 3.0),
            column(Column::ZIm, -4.0),
            column(Column::ZMod, 5.0),
            column(Column::ZPhase, phase),
        ];
        let frame = DataFrame::new_infer_height(columns).unwrap();
        let evidence = Evidence::new(&frame, false, |_| crate::vocab::Direction::Unknown).unwrap();
        let mut notes = Notes::new();
        look(&evidence, &mut notes).unwrap();
        notes.len()
    }

    #[test]
    fn a_phase_of_the_other_sign_is_told() {
        assert_eq!(told(-53.1301), 0);
        assert_eq!(told(-53.1301 + 360.0), 0);
        assert_eq!(told(53.1301), 1);
    }
}
