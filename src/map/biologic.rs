//! What only BioLogic's spec knows (biologic.md §8).

use super::cells::Cells;
use crate::binary::positive_part;
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, loops: &[usize], notes: &mut Notes) {
    flags(cells, notes);
    current(cells, notes);
    if cells.reals(Role::CounterVoltage).is_some() {
        let used = cells.header(Role::Column(Column::Voltage)).unwrap_or("Ewe/V");
        let message = format!(
            "{used:?} is the voltage; the counter electrode was recorded too, so the terminal voltage is Ewe-Ece/V \
             (`--map 'Ewe-Ece/V=Voltage [V]'` takes it)"
        );
        notes.push(Note::new(NoteCode::VoltageChosen, message));
    }
    impedance(cells);
    capacities(cells);
    if cells.column(Column::CycleFromCycler).is_none()
        && let Some(half) = cells.take(Role::HalfCycle)
    {
        cells.put(Column::CycleFromCycler, half.iter().map(|h| ((h / 2.0) as i64) as f64).collect());
    }
    // A new sequence or loop is a new step, even where Ns and mode repeat (§8.4).
    let starts = cells.reals(Role::SequenceStart);
    let begins = |i: usize| starts.is_some_and(|s| s[i] == 1.0) || loops.binary_search(&i).is_ok();
    if (1..cells.rows).any(begins) {
        let runs = cells.count_runs(begins);
        cells.put(Column::StepRun, runs);
    }
}

/// Some programs export the flags byte itself under each flag's name (biologic.md §2.3): its bits say the rest.
fn flags(cells: &mut Cells, notes: &mut Notes) {
    let mode = Role::Column(Column::ControlMode);
    if !cells.reals(mode).is_some_and(|v| v.iter().any(|v| *v > 3.0 && *v <= 255.0)) {
        return;
    }
    let bits = |mask: u8, shift: u8| move |v: f64| if v.is_nan() { v } else { f64::from((v as u8 & mask) >> shift) };
    cells.update(mode, bits(0x03, 0));
    cells.update(Role::SequenceStart, bits(0x20, 5));
    notes.say(NoteCode::UnitConverted, "the flag columns hold the whole flags byte; its bits were taken apart");
}

/// `I/mA` or `<I>/mA`; else the charge increments; none at all is an open-circuit technique.
fn current(cells: &mut Cells, notes: &mut Notes) {
    let increments = cells.take(Role::ChargeIncrement);
    if cells.column(Column::Current).is_some() {
        return;
    }
    let derived = match (&increments, cells.column(Column::Time)) {
        (Some(dq), Some(time)) => {
            let rate = |i: usize| {
                let dt = if i == 0 { 0.0 } else { time[i] - time[i - 1] };
                // Positive charges in the file; 0 on the first record and where no time passes (§6).
                if dt == 0.0 { 0.0 } else { -3600.0 * dq[i] / dt }
            };
            notes.push(Note::new(NoteCode::CapacityIntegrated, "no current column; the current is 3600·dq/dt"));
            (0..dq.len()).map(rate).collect()
        }
        _ => {
            notes.push(Note::new(
                NoteCode::SignChanged,
                "no current column: an open-circuit technique, the current is 0",
            ));
            vec![0.0; cells.rows]
        }
    };
    cells.put(Column::Current, derived);
}

/// A frequency of 0 marks a record that is not impedance; its impedance columns mean nothing.
fn impedance(cells: &mut Cells) {
    let frequency = Role::Column(Column::Frequency);
    cells.update(frequency, |f| if f == 0.0 { f64::NAN } else { f });
    let parts = [Column::ZRe, Column::ZIm, Column::ZMod, Column::ZPhase];
    match cells.reals(frequency).map(<[f64]>::to_vec) {
        Some(f) if f.iter().any(|f| !f.is_nan()) || f.is_empty() => {
            for part in parts {
                if let Some(values) = cells.take(Role::Column(part)) {
                    let blank = |(v, f): (f64, &f64)| if f.is_nan() { f64::NAN } else { v };
                    cells.put(part, values.into_iter().zip(&f).map(blank).collect());
                }
            }
        }
        _ => {
            for part in parts.into_iter().chain([Column::Frequency]) {
                cells.take(Role::Column(part));
            }
        }
    }
}

/// The pair from `Q charge/discharge` where the file has no pair.
fn capacities(cells: &mut Cells) {
    let Some(signed) = cells.take(Role::SignedCapacity) else { return };
    if cells.column(Column::ChargeCapacity).is_none() && cells.column(Column::DischargeCapacity).is_none() {
        cells.put(Column::ChargeCapacity, signed.iter().map(|q| positive_part(*q)).collect());
        cells.put(Column::DischargeCapacity, signed.iter().map(|q| positive_part(-q)).collect());
    }
}
