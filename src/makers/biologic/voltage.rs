//! Which column is the voltage of the cell (docs/formats/biologic.md#voltage).

use rayon::prelude::*;

use crate::formats::labels;
use crate::map::Context;
use crate::map::cells::{Cells, record};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::PART;
use crate::vocab::Role;

const VOLTAGE: Role = Role::Column(Column::Voltage);

/// The name of the difference in EC-Lab's exports.
pub(super) const DIFFERENCE: &str = "Ewe-Ece/V";

/// Settles the voltage: the electrode's, or the difference of both where the test controls that.
pub(super) fn settle(cells: &mut Cells, context: &mut Context<'_>) {
    let controlled = labels::get(&context.table.facts, "Potential control") == Some("Ewe-Ece");
    let is_asked_for = context.plan.is_user_mapped(VOLTAGE);
    let name = cells.header(Role::ElectrodeDifference).map(str::to_owned);
    let (difference, counter) = (cells.take(Role::ElectrodeDifference), cells.take(Role::CounterVoltage));
    if !is_asked_for {
        let has_changed = choose(cells, controlled, (difference, name.as_deref()), counter, context.notes);
        if has_changed {
            leave_out_electrode(cells, context);
        }
    }
    not_measured(cells, context.notes);
}

/// Says whether the voltage is another one now than that of the working electrode.
fn choose(
    cells: &mut Cells,
    controlled: bool,
    (difference, name): (Option<Vec<f64>>, Option<&str>),
    counter: Option<Vec<f64>>,
    notes: &mut Notes,
) -> bool {
    let used = cells.header(VOLTAGE).map(|header| format!("{header:?}"));
    let Some(used) = used.filter(|_| cells.reals(VOLTAGE).is_some()) else {
        // The difference alone is a voltage too.
        if let Some(difference) = difference {
            cells.put(Column::Voltage, difference);
        }
        return false;
    };
    if controlled {
        let computed = || {
            let pairs = cells.reals(VOLTAGE)?.iter().zip(counter.as_ref()?);
            Some(pairs.map(|(working, counter)| working - counter).collect())
        };
        let Some(difference) = difference.or_else(computed) else { return false };
        let how = name.map_or("Ewe-Ece, computed from its two columns,".to_owned(), |name| format!("{name:?}"));
        let message = format!("the test controls Ewe-Ece: {how} is the voltage, not {used}, which is one electrode's");
        cells.put(Column::Voltage, difference);
        notes.push(Note::new(NoteCode::VoltageChosen, message));
        return true;
    }
    if difference.is_none() && counter.is_none() {
        return false;
    }
    // Advice that works on this file: a column that is there, in volts.
    let advice = match name.filter(|name| name.ends_with("/V")) {
        Some(name) => format!("; `--map '{name}=Voltage [V]'` takes it"),
        None => format!(", which this file has no column of: export it with {DIFFERENCE} to take it"),
    };
    let message = format!(
        "{used} is the voltage; the counter electrode was recorded too, so the terminal voltage is Ewe-Ece{advice}"
    );
    notes.push(Note::new(NoteCode::VoltageChosen, message));
    false
}

/// Power and energies that EC-Lab made of the electrode's voltage are not the cell's.
fn leave_out_electrode(cells: &mut Cells, context: &mut Context<'_>) {
    let mut left_out = Vec::new();
    for column in [Column::Power, Column::ChargeEnergy, Column::DischargeEnergy] {
        let role = Role::Column(column);
        if !context.plan.is_user_mapped(role) && cells.take(role).is_some() {
            left_out.push(format!("{:?}", cells.header(role).unwrap_or(column.name())));
        }
    }
    if !left_out.is_empty() {
        let message = format!("of the working electrode, not of the cell, and left out: {}", left_out.join(", "));
        context.notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(left_out.len()));
    }
}

/// Some exports print a voltage of 0 where power and current say otherwise: that was not measured.
fn not_measured(cells: &mut Cells, notes: &mut Notes) {
    let columns = (cells.column(Column::Voltage), cells.column(Column::Power), cells.column(Column::Current));
    let (Some(voltage), Some(power), Some(current)) = columns else { return };
    let flows = |value: f64| value != 0.0 && !value.is_nan();
    let is_false = |row: usize| voltage[row] == 0.0 && flows(power[row]) && flows(current[row]);
    let parts = (0..cells.rows).into_par_iter().step_by(PART);
    let first = parts.find_map_first(|from| (from..cells.rows.min(from + PART)).find(|row| is_false(*row)));
    let Some(first) = first else { return };
    let mut kept = voltage.to_vec();
    let false_rows: Vec<usize> = (first..cells.rows).filter(|row| is_false(*row)).collect();
    false_rows.iter().for_each(|row| kept[*row] = f64::NAN);
    let count = false_rows.len();
    let message = format!(
        "{:?} is exactly 0 on {count} row(s) where power and current are not, and P/I is {} V on the first: not a \
         measurement, it became null",
        cells.header(VOLTAGE).unwrap_or(Column::Voltage.name()),
        power[first] / current[first]
    );
    notes.push(Note::new(NoteCode::PowerDisagrees, message).count(count).at(record(first)));
    cells.put(Column::Voltage, kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voltage_of_0_beside_power_is_none() {
        let mut cells = Cells::default();
        cells.rows = 4;
        // 3 V and 2 A are 6 W; a cell at 0 V has no power; without a current the voltage of 0 may be true.
        cells.put(Column::Voltage, vec![3.0, 0.0, 0.0, 0.0]);
        cells.put(Column::Power, vec![6.0, 6.0, 0.0, 1.0]);
        cells.put(Column::Current, vec![2.0, 2.0, 2.0, 0.0]);
        let mut notes = Notes::new();
        not_measured(&mut cells, &mut notes);
        let voltage = cells.column(Column::Voltage).unwrap();
        assert!(voltage[0] == 3.0 && voltage[1].is_nan() && voltage[2] == 0.0 && voltage[3] == 0.0, "{voltage:?}");
        let [note] = notes.as_slice() else { panic!("{notes:?}") };
        assert_eq!((note.code, note.count), (NoteCode::PowerDisagrees, Some(1)));
        assert!(note.message.contains("P/I is 3 V"), "{}", note.message);
    }
}
