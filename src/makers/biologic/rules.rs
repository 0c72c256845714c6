//! What only BioLogic's spec knows (docs/formats/biologic.md#from-columns-to-the-schema).

use rayon::prelude::*;

use super::{borders, sequence_charge, voltage};
use crate::binary::{positive_part, whole_part};
use crate::error::{Error, ErrorKind, Result};
use crate::map::Context;
use crate::map::cells::{Cells, record};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::scan::first_where;
use crate::signal::{Begin, PART, Runs, stats};
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    let counters = [Column::ChargeCapacity, Column::DischargeCapacity, Column::Capacity];
    let keeps_counters = counters.iter().any(|column| context.plan.is_user_mapped(Role::Column(*column)));
    context.current_is_mean = derive(cells, &context.table.run_starts, keeps_counters, context.notes)?;
    voltage::settle(cells, context);
    Ok(())
}

/// `keeps_counters` where the caller's own mapping gave the counters. Says whether the current was made from charge, so that it
/// is the mean since the record before.
fn derive(cells: &mut Cells, loops: &[usize], keeps_counters: bool, notes: &mut Notes) -> Result<bool> {
    flags(cells, notes);
    sequence_charge::to_increments(cells, loops);
    let charge = charge_of_records(cells, loops);
    let current_is_mean = current(cells, charge.as_ref(), notes)?;
    impedance(cells);
    capacities(cells);
    if let Some(charge) = charge.filter(|_| !keeps_counters)
        && is_whole(cells, &charge, notes)
    {
        counters(cells, &charge.gained);
    }
    if cells.column(Column::CycleFromCycler).is_none()
        && let Some(half) = cells.take(Role::HalfCycle)
    {
        cells.put(Column::CycleFromCycler, half);
        cells.update(Role::Column(Column::CycleFromCycler), |h| whole_part(h / 2.0));
    }
    borders::settle(cells, loops, notes);
    sequences(cells, loops, notes);
    Ok(current_is_mean)
}

/// A new sequence or loop is a new step, even where Ns and mode repeat (docs/formats/biologic.md#steps-and-cycles).
fn sequences(cells: &mut Cells, loops: &[usize], notes: &mut Notes) {
    let starts = cells.take(Role::SequenceStart);
    let changes = starts.as_deref().unwrap_or_default().iter().skip(1).filter(|start| **start == 1.0).count();
    if changes > 0 && cells.column(Column::StepFromCycler).is_some_and(|ns| ns.windows(2).all(|w| w[0] == w[1])) {
        let message = format!("{changes} row(s) say that Ns changes, and it never does. The steps follow the flags");
        notes.push(Note::new(NoteCode::StepNumbersDoubt, message).count(changes));
    }
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

/// Charge in A.h since the record before, positive = charge.
struct Charge {
    gained: Vec<f64>,
    /// What it was made of, for messages.
    name: &'static str,
    /// Records at which a running sum begins anew, so that the time in which its value was gained is not known.
    anew: Vec<usize>,
}

/// EC-Lab's own integral: the increments, else the differences of the running sum.
fn charge_of_records(cells: &mut Cells, loops: &[usize]) -> Option<Charge> {
    let increments = cells.take(Role::ChargeIncrement);
    let running = cells.take(Role::RunningCharge);
    if let Some(gained) = increments {
        return Some(Charge { gained, name: "dq", anew: Vec::new() });
    }
    let running = running?;
    let restarts = |i: &usize| running[*i] != running[*i - 1] && (running[*i] == 0.0 || loops.binary_search(i).is_ok());
    let anew: Vec<usize> = (1..running.len()).filter(restarts).collect();
    let mut gained = running.clone();
    for (gained, pair) in gained.iter_mut().skip(1).zip(running.windows(2)) {
        *gained = pair[1] - pair[0];
    }
    gained.iter_mut().take(1).for_each(|first| *first = 0.0);
    for row in &anew {
        gained[*row] = running[*row];
    }
    Some(Charge { gained, name: "d(Q-Qo)", anew })
}

/// `I/mA` or `<I>/mA`; else the charge, as increments or as a running sum; none at all is an open-circuit technique. Says
/// whether it was made from the charge.
fn current(cells: &mut Cells, charge: Option<&Charge>, notes: &mut Notes) -> Result<bool> {
    if cells.column(Column::Current).is_some() {
        return Ok(false);
    }
    let derived = match (charge, cells.column(Column::Time)) {
        (Some(Charge { gained, name, anew }), Some(time)) => {
            let rate = |i: usize| {
                let dt = if i == 0 { 0.0 } else { time[i] - time[i - 1] };
                // Positive charges in the file; 0 on the first record and where no time passes
                // (docs/formats/mpr.md#derived-columns).
                if dt == 0.0 { 0.0 } else { -3600.0 * gained[i] / dt }
            };
            if let Some(first) = anew.first() {
                let count = anew.len();
                let message =
                    format!("(Q-Qo) begins anew on {count} record(s), whose current is not known: 0 was taken");
                notes.push(Note::new(NoteCode::CapacityIntegrated, message).count(count).at(record(*first)));
            }
            let message = format!("no current column; the current is 3600·{name}/dt");
            notes.push(Note::new(NoteCode::CapacityIntegrated, message));
            let mut rates: Vec<f64> = (0..gained.len()).map(rate).collect();
            anew.iter().for_each(|row| rates[*row] = 0.0);
            (rates, true)
        }
        _ => {
            is_open_circuit(cells)?;
            let message = "no current column: an open-circuit technique, the current is 0";
            notes.push(Note::new(NoteCode::SignChanged, message));
            (vec![0.0; cells.rows], false)
        }
    };
    cells.put(Column::Current, derived.0);
    Ok(derived.1)
}

/// Intervals that are looked at.
const LOOKS: usize = 1000;

/// Whether the charge of the records is what EC-Lab's own pair gains from record to record. An export from which records were
/// left out has not all increments, but each counter.
fn is_whole(cells: &Cells, charge: &Charge, notes: &mut Notes) -> bool {
    let (Some(charged), Some(discharged)) =
        (cells.column(Column::ChargeCapacity), cells.column(Column::DischargeCapacity))
    else {
        return true;
    };
    let every = (charge.gained.len() / LOOKS).max(1);
    let ratio = |row: usize| {
        let gain = |values: &[f64]| values[row] - values[row - 1];
        // Where one falls, a half cycle begins.
        let (charged, discharged) = (gain(charged), gain(discharged));
        let gained = charge.gained[row].abs();
        let is_clear = charged >= 0.0 && discharged >= 0.0 && charged + discharged > 0.0 && gained > 0.0;
        is_clear.then(|| (charged + discharged) / gained)
    };
    let mut ratios: Vec<f64> = (1..charge.gained.len()).step_by(every).filter_map(ratio).collect();
    let usual = stats::quantile(&mut ratios, 0.5);
    if ratios.is_empty() || (0.5..=2.0).contains(&usual) {
        return true;
    }
    let message = format!(
        "Q charge and Q discharge gain {usual:.3e} times the charge of the records ({}): records were left out of the file, and the two counters are used",
        charge.name
    );
    notes.push(Note::new(NoteCode::ReportedCapacityDisagrees, message));
    false
}

/// The running sums of what was charged and what was discharged (docs/formats/biologic.md): EC-Lab's own pair falls to 0 with each half
/// cycle.
fn counters(cells: &mut Cells, gained: &[f64]) {
    let side = |side: f64| {
        let mut sum = 0.0;
        let add = |gain: &f64| {
            sum += positive_part(side * gain);
            sum
        };
        let sums: Vec<f64> = gained.iter().map(add).collect();
        if !sum.is_nan() {
            return sums;
        }
        // What is missing makes all behind it so, and has to be left out.
        let mut sum = 0.0;
        let add = |gain: &f64| {
            sum += positive_part(side * if gain.is_nan() { 0.0 } else { *gain });
            if gain.is_nan() { f64::NAN } else { sum }
        };
        gained.iter().map(add).collect()
    };
    let (charge, discharge) = rayon::join(|| side(1.0), || side(-1.0));
    cells.put(Column::ChargeCapacity, charge);
    cells.put(Column::DischargeCapacity, discharge);
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
        "expected a current, found none of I/mA, <I>/mA, dq/mA.h, dQ/mA.h and (Q-Qo)/mA.h, and on {driven} of {} records the mode \
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
        derive(&mut cells, &[], false, &mut Notes::new()).unwrap();
        let cycles = cells.column(Column::CycleFromCycler).unwrap();
        assert_eq!(cycles[..3], [0.0, 0.0, 1.0]);
        assert!(cycles[3].is_nan());
        assert_eq!(cycles[4], 1.0);
    }

    #[test]
    fn the_charge_of_the_records_is_the_counter() {
        // mA.h are A.h here already: 1 charged, 3 discharged, 2 charged; EC-Lab's pair fell to 0 between.
        let mut of_records = cells(Role::ChargeIncrement, &[0.0, 1.0, -3.0, 2.0]);
        of_records.put(Column::ChargeCapacity, vec![0.0, 1.0, 0.0, 2.0]);
        of_records.put(Column::DischargeCapacity, vec![0.0, 0.0, 3.0, 0.0]);
        derive(&mut of_records, &[], false, &mut Notes::new()).unwrap();
        assert_eq!(of_records.column(Column::ChargeCapacity).unwrap(), [0.0, 1.0, 1.0, 3.0]);
        assert_eq!(of_records.column(Column::DischargeCapacity).unwrap(), [0.0, 0.0, 3.0, 3.0]);
        // A running sum that a loop sets back to what it gained since.
        let mut running = cells(Role::RunningCharge, &[5.0, 6.0, 1.0, 0.0]);
        derive(&mut running, &[2], false, &mut Notes::new()).unwrap();
        assert_eq!(running.column(Column::ChargeCapacity).unwrap(), [0.0, 1.0, 2.0, 2.0]);
        assert_eq!(running.column(Column::DischargeCapacity).unwrap(), [0.0; 4]);
    }

    #[test]
    fn increments_of_a_thinned_file_give_way_to_its_counters() {
        let mut thinned = cells(Role::ChargeIncrement, &[0.0, 0.1, 0.1, -0.1]);
        thinned.put(Column::ChargeCapacity, vec![0.0, 5.0, 9.0, 0.0]);
        thinned.put(Column::DischargeCapacity, vec![0.0, 0.0, 0.0, 4.0]);
        let notes = &mut Notes::new();
        derive(&mut thinned, &[], false, notes).unwrap();
        assert_eq!(thinned.column(Column::ChargeCapacity).unwrap(), [0.0, 5.0, 9.0, 0.0]);
        assert!(notes.has(NoteCode::ReportedCapacityDisagrees));
    }

    #[test]
    fn sequences_and_loops_begin_runs() {
        let mut both = cells(Role::SequenceStart, &[1.0, 0.0, 1.0, 0.0, f64::NAN, 0.0]);
        sequences(&mut both, &[0, 2, 5, 9], &mut Notes::new());
        assert_eq!(both.column(Column::StepRun).unwrap(), [1.0, 1.0, 2.0, 2.0, 2.0, 3.0]);
        let mut none = cells(Role::SequenceStart, &[1.0, 0.0]);
        sequences(&mut none, &[0], &mut Notes::new());
        assert!(none.column(Column::StepRun).is_none());
        let mut loops_alone = cells(Role::HalfCycle, &[0.0; 3]);
        sequences(&mut loops_alone, &[1], &mut Notes::new());
        assert_eq!(loops_alone.column(Column::StepRun).unwrap(), [1.0, 2.0, 2.0]);
    }
}
