//! A reported power against V·I.

use rayon::prelude::*;

use super::Evidence;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::{PART, stats};

/// Share of the largest power by which a row may differ, and share of rows that may.
const TOLERANCE: f64 = 0.10;
const ROWS: f64 = 0.01;

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    if !evidence.power_is_reported {
        return Ok(());
    }
    let get = |column| evidence.reals(column);
    let (Some(power), Some(current), Some(voltage)) =
        (get(Column::Power)?, get(Column::Current)?, get(Column::Voltage)?)
    else {
        return Ok(());
    };
    let largest = stats::max_abs(&power);
    // The signs are settled elsewhere; here only the sizes count.
    let product = |i: usize| (current[i] * voltage[i]).abs();
    let in_part = |part: usize| {
        let rows = part * PART..power.len().min((part + 1) * PART);
        let (power, current, voltage) = (&power[rows.clone()], &current[rows.clone()], &voltage[rows.clone()]);
        let rows = power.iter().zip(current).zip(voltage);
        let differs = |((p, i), v): ((&f64, &f64), &f64)| (p.abs() - (i * v).abs()).abs() > TOLERANCE * largest;
        let count = rows.clone().map(|row| usize::from(differs(row))).sum::<usize>();
        let first = if count > 0 { rows.map(differs).position(|differs| differs) } else { None };
        (count, first.map(|row| part * PART + row))
    };
    let parts: Vec<_> = (0..power.len().div_ceil(PART)).into_par_iter().map(in_part).collect();
    let count: usize = parts.iter().map(|(count, _)| count).sum();
    let Some(first) = parts.iter().find_map(|(_, first)| *first) else { return Ok(()) };
    if count as f64 > ROWS * power.len() as f64 {
        let message = format!(
            "the reported power differs from voltage × current in {count} of {} rows: {} W against {} W in the first",
            power.len(),
            power[first].abs(),
            product(first)
        );
        notes.push(Note::new(NoteCode::PowerDisagrees, message).count(count).at(Place::Row(first as u64)));
    }
    Ok(())
}
