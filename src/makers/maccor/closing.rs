//! Rows that the tester writes between measurements: suspended, paused and closing ones (docs/formats/maccor.md#modes).

use crate::map::cells::{Cells, record};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::vocab::Role;

/// A closing row prints the time of the row before and a step of its own, and its counters hold what was counted up to the end.
/// That growth belongs to the step that ended: its last row, which stands at the same instant, takes it
/// (docs/formats/maccor.md#modes).
pub(super) fn close_counters(cells: &mut Cells, notes: &mut Notes) {
    let (Some(labels), Some(time), Some(current)) =
        (cells.labels(Column::Mode), cells.column(Column::Time), cells.column(Column::Current))
    else {
        return;
    };
    let is_closing = labels.map(|name| name.eq_ignore_ascii_case("O"));
    let closes = |i: usize| labels.codes.get(i).is_some_and(|code| is_closing.get(*code as usize) == Some(&true));
    let step = cells.column(Column::StepFromCycler);
    let ends: Vec<(usize, f64)> = (1..cells.rows)
        .filter(|i| closes(*i) && time[*i] == time[*i - 1] && step.is_none_or(|step| step[*i] != step[*i - 1]))
        .map(|i| {
            // What can have flowed since the last record: twice the record's current over the longest wait of its step.
            let begin =
                (0..i).rev().take_while(|k| step.is_none_or(|step| step[*k] == step[i - 1])).last().unwrap_or(i - 1);
            let longest = time[begin..i].windows(2).map(|pair| pair[1] - pair[0]).fold(1.0, f64::max);
            (i, 2.0 * current[i - 1].abs() * longest / 3600.0)
        })
        .collect();
    let mut moved: Vec<(usize, f64)> = Vec::new();
    for (column, energy) in [(Column::Capacity, false), (Column::Energy, true)] {
        let Some(counter) = cells.column(column) else { continue };
        let volts = cells.column(Column::Voltage);
        let mut counter = counter.to_vec();
        for (i, charge) in &ends {
            let growth = counter[*i] - counter[*i - 1];
            let most = if energy { charge * volts.map_or(0.0, |v| v[*i - 1].abs()) } else { *charge };
            if growth > 0.0 && growth <= most {
                counter[*i - 1] = counter[*i];
                if !energy {
                    moved.push((*i, growth));
                }
            }
        }
        cells.put(column, counter);
    }
    if let Some((row, growth)) = moved.first() {
        let message = format!(
            "{} closing row(s) hold charge that was counted after the last record of their step, the first {growth:e} A.h; that record, at the same instant, takes it",
            moved.len()
        );
        notes.push(Note::new(NoteCode::CounterClosed, message).count(moved.len()).at(record(*row)));
    }
}

/// Leaves out rows of modes `P`, `S` and `O` without a current. The last ones of a step leave what their counters hold to the row
/// before them.
pub(super) fn measured_rows(cells: &mut Cells, notes: &mut Notes) {
    let (Some(labels), Some(current)) = (cells.labels(Column::Mode), cells.column(Column::Current)) else { return };
    let between = labels.map(|name| matches!(name.to_uppercase().as_str(), "P" | "S" | "O"));
    let is_between = |i: usize| labels.codes.get(i).is_some_and(|code| between.get(*code as usize) == Some(&true));
    let keep: Vec<bool> = (0..cells.rows).map(|i| !(is_between(i) && current[i] == 0.0)).collect();
    let same_step = |a: usize, b: usize| {
        let columns = [Column::StepFromCycler, Column::CycleFromCycler];
        columns.into_iter().filter_map(|column| cells.column(column)).all(|values| values[a] == values[b])
    };
    // Each dropped row goes with the kept row before it; the last of them before another step holds what the step counted.
    let mut heirs: Vec<(usize, usize)> = Vec::new();
    let (mut last_kept, mut pending): (Option<usize>, Option<(usize, usize)>) = (None, None);
    for (i, is_kept) in keep.iter().enumerate() {
        if *is_kept {
            heirs.extend(pending.take().filter(|(heir, _)| !same_step(*heir, i)));
            last_kept = Some(i);
        } else if let Some(heir) = last_kept.filter(|heir| same_step(*heir, i)) {
            pending = Some((heir, i));
        }
    }
    heirs.extend(pending);
    for column in [Column::Capacity, Column::Energy] {
        if let Some(mut counter) = cells.take(Role::Column(column)) {
            heirs.iter().for_each(|(heir, from)| counter[*heir] = counter[*heir].max(counter[*from]));
            cells.put(column, counter);
        }
    }
    cells.keep_rows(&keep, "suspended, paused and closing rows that print no current, as asked for", notes);
}
