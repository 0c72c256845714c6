//! What only BioLogic's spec knows (docs/formats/biologic.md#from-columns-to-the-schema).

use rayon::prelude::*;

use crate::binary::positive_part;
use crate::error::{Error, ErrorKind, Result};
use crate::map::Context;
use crate::map::cells::Cells;
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::scan::first_where;
use crate::signal::{Begin, PART, Runs};
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    derive(cells, &context.table.run_starts, context.notes)
}

fn derive(cells: &mut Cells, loops: &[usize], notes: &mut Notes) -> Result<()> {
    flags(cells, notes);
    current(cells, loops, notes)?;
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
        cells.put(Column::CycleFromCycler, half);
        cells.update(Role::Column(Column::CycleFromCycler), |h| (h / 2.0).trunc());
    }
    sequences(cells, loops);
    Ok(())
}

/// A new sequence or loop is a new step, even where Ns and mode repeat (docs/formats/biologic.md#steps-and-cycles).
fn sequences(cells: &mut Cells, loops: &[usize]) {
    let starts = cells.take(Role::SequenceStart);
    let marks = starts.as_deref().map(|starts| (starts, Begin::One));
    let marked = Runs::of_columns(cells.rows, marks.as_slice());
    let mut begins: Vec<usize> = marked.iter().map(|run| run.start).chain(loops.iter().copied()).collect();
    begins.sort_unstable();
    begins.dedup();
    let runs = Runs::at(begins, cells.rows);
    if runs.len() > 1 {
        cells.put(Column::StepRun, runs.numbers());
    }
}

/// Some programs export the flags byte itself under each flag's name (docs/formats/mpr.md#flags): its bits say the rest.
fn flags(cells: &mut Cells, notes: &mut Notes) {
    let mode = Role::Column(Column::ControlMode);
    let modes = cells.reals(mode).unwrap_or_default();
    if first_where(modes, |v| v > 3.0 && v <= 255.0).is_none() {
        return;
    }
    let bits = |mask: u8, shift: u8| move |v: f64| if v.is_nan() { v } else { f64::from((v as u8 & mask) >> shift) };
    cells.update(mode, bits(0x03, 0));
    cells.update(Role::SequenceStart, bits(0x20, 5));
    notes.say(NoteCode::UnitConverted, "the flag columns hold the whole flags byte; its bits were taken apart");
}

/// `I/mA` or `<I>/mA`; else the charge, as increments or as a running sum; none at all is an open-circuit technique.
fn current(cells: &mut Cells, loops: &[usize], notes: &mut Notes) -> Result<()> {
    let increments = cells.take(Role::ChargeIncrement);
    let running = cells.take(Role::RunningCharge);
    if cells.column(Column::Current).is_some() {
        return Ok(());
    }
    let charge = match (increments, running) {
        (Some(increments), _) => Some((increments, "dq")),
        (None, Some(running)) => Some((differences(&running, loops, notes), "d(Q-Qo)")),
        (None, None) => None,
    };
    let derived = match (charge, cells.column(Column::Time)) {
        (Some((dq, name)), Some(time)) => {
            let rate = |i: usize| {
                let dt = if i == 0 { 0.0 } else { time[i] - time[i - 1] };
                // Positive charges in the file; 0 on the first record and where no time passes
                // (docs/formats/mpr.md#derived-columns).
                if dt == 0.0 { 0.0 } else { -3600.0 * dq[i] / dt }
            };
            let message = format!("no current column; the current is 3600·{name}/dt");
            notes.push(Note::new(NoteCode::CapacityIntegrated, message));
            (0..dq.len()).map(rate).collect()
        }
        _ => {
            is_open_circuit(cells)?;
            let message = "no current column: an open-circuit technique, the current is 0";
            notes.push(Note::new(NoteCode::SignChanged, message));
            vec![0.0; cells.rows]
        }
    };
    cells.put(Column::Current, derived);
    Ok(())
}

/// Steps of a running sum: 0 on the first record and where the sum begins anew, at a loop or by returning to 0.
fn differences(running: &[f64], loops: &[usize], notes: &mut Notes) -> Vec<f64> {
    let restarts = |i: usize| running[i] != running[i - 1] && (running[i] == 0.0 || loops.binary_search(&i).is_ok());
    let count = (1..running.len()).filter(|i| restarts(*i)).count();
    if count > 0 {
        let message = format!("(Q-Qo) begins anew on {count} record(s), whose current is not known: 0 was taken");
        notes.push(Note::new(NoteCode::CapacityIntegrated, message).count(count));
    }
    let step = |i: usize| if i == 0 || restarts(i) { 0.0 } else { running[i] - running[i - 1] };
    (0..running.len()).map(step).collect()
}

/// A current of 0 is made up only where the instrument says nothing else: control mode 1 and 2 drive a current
/// (docs/formats/mpr.md#flags).
fn is_open_circuit(cells: &Cells) -> Result<()> {
    let Some(mode) = cells.column(Column::ControlMode) else { return Ok(()) };
    let driven = mode.iter().filter(|mode| **mode == 1.0 || **mode == 2.0).count();
    if driven == 0 {
        return Ok(());
    }
    let message = format!(
        "expected a current, found none of I/mA, <I>/mA, dq/mA.h and (Q-Qo)/mA.h, and on {driven} of {} records the mode \
         says that current or voltage was controlled; export the file with one of these columns",
        mode.len()
    );
    Err(Error::new(ErrorKind::MissingColumn, message))
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
        let discharge = signed.par_iter().with_min_len(PART).map(|q| positive_part(-q)).collect();
        cells.put(Column::DischargeCapacity, discharge);
        cells.put(Column::ChargeCapacity, signed);
        cells.update(Role::Column(Column::ChargeCapacity), positive_part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(role: Role, values: &[f64]) -> Cells {
        let mut cells = Cells::default();
        cells.rows = values.len();
        cells.put_numbered(role, vec![(0, values.to_vec())]);
        cells.put(Column::Current, vec![0.0; values.len()]);
        cells
    }

    #[test]
    fn a_half_cycle_that_cannot_be_read_is_no_cycle_0() {
        let mut cells = cells(Role::HalfCycle, &[0.0, 1.0, 2.0, f64::NAN, 3.0]);
        derive(&mut cells, &[], &mut Notes::new()).unwrap();
        let cycles = cells.column(Column::CycleFromCycler).unwrap();
        assert_eq!(cycles[..3], [0.0, 0.0, 1.0]);
        assert!(cycles[3].is_nan());
        assert_eq!(cycles[4], 1.0);
    }

    #[test]
    fn sequences_and_loops_begin_runs() {
        let mut both = cells(Role::SequenceStart, &[1.0, 0.0, 1.0, 0.0, f64::NAN, 0.0]);
        sequences(&mut both, &[0, 2, 5, 9]);
        assert_eq!(both.column(Column::StepRun).unwrap(), [1.0, 1.0, 2.0, 2.0, 2.0, 3.0]);
        let mut none = cells(Role::SequenceStart, &[1.0, 0.0]);
        sequences(&mut none, &[0]);
        assert!(none.column(Column::StepRun).is_none());
        let mut loops_alone = cells(Role::HalfCycle, &[0.0; 3]);
        sequences(&mut loops_alone, &[1]);
        assert_eq!(loops_alone.column(Column::StepRun).unwrap(), [1.0, 2.0, 2.0]);
    }
}
