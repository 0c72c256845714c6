//! A reported power against V·I: over the file, and row by row where nearly all rows agree closely.

use rayon::prelude::*;

use super::Evidence;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::{PART, stats};

/// Share of the largest power by which a row may differ, and share of rows that may.
const TOLERANCE: f64 = 0.10;
const ROWS: f64 = 0.01;

/// Where this share of the rows agrees within a hundredth, a row that is off by a tenth of its own is told.
const CLOSE_ROWS: f64 = 0.98;
const CLOSE: f64 = 0.01;

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
    rows(&power, &current, &voltage, largest, notes);
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

/// Single rows, where the others show how close the two can be.
fn rows(power: &[f64], current: &[f64], voltage: &[f64], largest: f64, notes: &mut Notes) {
    let is_apart = |((p, i), v): ((&f64, &f64), &f64)| {
        let (power, product) = (p.abs(), (i * v).abs());
        let size = if product > power { product } else { power };
        ((power - product).abs() > TOLERANCE * size) & (size > 0.01 * largest)
    };
    // Where no row is, nothing has to be counted.
    if power.iter().zip(current).zip(voltage).map(|row| u64::from(is_apart(row))).sum::<u64>() == 0 {
        return;
    }
    let (mut close, mut seen, mut apart, mut first) = (0usize, 0usize, 0usize, None);
    for (row, power) in power.iter().enumerate() {
        let product = (current[row] * voltage[row]).abs();
        let size = product.max(power.abs());
        // Small powers are made of few digits.
        let is_seen = size > 0.01 * largest && !product.is_nan() && !power.is_nan();
        if !is_seen {
            continue;
        }
        seen += 1;
        let difference = (power.abs() - product).abs();
        close += usize::from(difference <= CLOSE * size);
        if difference > TOLERANCE * size {
            apart += 1;
            first = first.or(Some((row, power.abs(), product)));
        }
    }
    // Where more rows differ, the file as a whole is told.
    if let Some((row, power, product)) = first
        && close as f64 >= CLOSE_ROWS.min(1.0 - 1.5 / seen as f64) * seen as f64
        && apart as f64 <= ROWS.max(1.5 / seen as f64) * seen as f64
    {
        let message = format!(
            "{apart} row(s) have a power that is not voltage × current, in {close} others it is: first row {row} with {power} W against {product} W. All were kept"
        );
        notes.push(Note::new(NoteCode::PowerDisagrees, message).count(apart).at(Place::Row(row as u64)));
    }
}
