//! What only Neware's spec knows (docs/formats/neware.md#steps, docs/formats/neware.md#test-time-and-step-time,
//! docs/formats/neware.md#capacity-and-energy-counters, docs/formats/neware.md#values-and-times).

use super::time;
use super::words::NEWARE;
use crate::error::Result;
use crate::map::Context;
use crate::map::cells::{Cells, record};
use crate::map::derive::{bare_time, step_runs, total_time, unknown_labels};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::table::Lookup;
use crate::text::grid::NO_TIME;
use crate::text::timestamp::UNSET;
use crate::vocab::{Direction, Role};

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    let direction = NEWARE.direction;
    let (lookups, notes) = (&context.table.lookups, &mut *context.notes);
    unset_clock(cells, notes);
    bare_time(cells);
    step_runs(cells);
    lookups.iter().for_each(|lookup| join(cells, lookup, notes));
    if !context.is_binary {
        time::mend_dips(cells, notes);
        total_time(cells, notes);
    }
    if cells.column(Column::StepFromCycler).is_none()
        && let Some(runs) = cells.column(Column::StepRun).map(<[f64]>::to_vec)
    {
        cells.put(Column::StepFromCycler, runs);
    }
    for (single, charge, discharge) in [
        (Column::Capacity, Column::ChargeCapacity, Column::DischargeCapacity),
        (Column::Energy, Column::ChargeEnergy, Column::DischargeEnergy),
    ] {
        split_by_status(cells, single, charge, discharge, direction);
    }
    unknown_labels(cells, Column::Status, direction, notes);
    Ok(())
}

/// Takes values from another part of the file where this one does not have them (docs/formats/neware.md#workbooks).
fn join(cells: &mut Cells, lookup: &Lookup, notes: &mut Notes) {
    let taken = match lookup.role {
        Role::Column(column) => cells.column(column).is_some(),
        _ => cells.has_numbered(lookup.role, lookup.number),
    };
    let Some(keys) = cells.column(lookup.key).filter(|_| !taken) else { return };
    if lookup.key == Column::StepRun {
        // Steps without a number of their own are counted here and there: the counts must agree.
        let here = keys.iter().copied().fold(f64::NAN, f64::max);
        let there = lookup.keys.iter().copied().fold(f64::NAN, f64::max);
        if here != there {
            let message = format!("{:?} lists {there} steps, the records show {here}; it was left out", lookup.name);
            notes.push(Note::new(NoteCode::ColumnsUnmapped, message));
            return;
        }
    }
    let known: std::collections::HashMap<u64, f64> =
        lookup.keys.iter().zip(&lookup.values).filter(|(k, _)| !k.is_nan()).map(|(k, v)| (k.to_bits(), *v)).collect();
    let found: Vec<Option<f64>> = keys.iter().map(|key| known.get(&key.to_bits()).copied()).collect();
    let is_lost = |(key, value): (&f64, &Option<f64>)| !key.is_nan() && value.is_none();
    let lost = keys.iter().zip(&found).filter(|pair| is_lost(*pair)).count();
    if lost > 0 && lost < found.len() {
        let first = keys.iter().zip(&found).position(is_lost).unwrap_or_default();
        let message = format!("{:?} has no value for {lost} of {} records", lookup.name, found.len());
        notes.push(Note::new(NoteCode::PartialFile, message).count(lost).at(record(first)));
    }
    let values: Vec<f64> = found.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect();
    if values.iter().all(|v| v.is_nan()) {
        let message = format!("{:?} has no value for any record and was left out", lookup.name);
        notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(1));
        return;
    }
    match lookup.role {
        Role::Column(column) => cells.put(column, values),
        role => cells.put_numbered(role, vec![(lookup.number, values)]),
    }
}

fn unset_clock(cells: &mut Cells, notes: &mut Notes) {
    let Some(stamps) = &mut cells.stamps else { return };
    let bad = stamps.iter().filter(|s| **s != NO_TIME && **s < UNSET).count();
    if bad > 0 {
        let first = stamps.iter().position(|s| *s != NO_TIME && *s < UNSET).unwrap_or_default();
        stamps.iter_mut().filter(|s| **s < UNSET).for_each(|s| *s = NO_TIME);
        let message = format!("{bad} time stamp(s) before 1998: the clock was not set, they became null");
        notes.push(Note::new(NoteCode::CellsUnreadable, message).count(bad).at(record(first)));
    }
}

/// A single counter belongs whole to the side of its step's label; steps without direction are left to
/// docs/decisions.md#single-counter.
fn split_by_status(
    cells: &mut Cells,
    single: Column,
    charge: Column,
    discharge: Column,
    direction: fn(&str) -> Direction,
) {
    if cells.column(charge).is_some() || cells.column(discharge).is_some() {
        // The pair says more.
        cells.take(Role::Column(single));
        return;
    }
    let (Some(labels), Some(values)) = (cells.labels(Column::Status), cells.column(single)) else { return };
    let directions = labels.map(direction);
    let of_row =
        |i: usize| labels.codes.get(i).and_then(|c| directions.get(*c as usize)).copied().unwrap_or(Direction::Unknown);
    let (mut has_direction, mut moves_without) = (false, false);
    for (i, value) in values.iter().enumerate() {
        match of_row(i) {
            Direction::Charge | Direction::Discharge => has_direction = true,
            _ => moves_without |= value.abs() > 0.0,
        }
    }
    if !has_direction || moves_without {
        return;
    }
    let side = |wanted| {
        let pick = |(i, v): (usize, &f64)| if of_row(i) == wanted { v.abs() } else { 0.0 };
        values.iter().enumerate().map(pick).collect::<Vec<f64>>()
    };
    let (c, d) = (side(Direction::Charge), side(Direction::Discharge));
    cells.take(Role::Column(single));
    cells.put(charge, c);
    cells.put(discharge, d);
}
