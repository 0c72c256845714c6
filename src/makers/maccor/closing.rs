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
    if !is_closing.contains(&true) {
        return;
    }
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
    if ends.is_empty() {
        return;
    }
    for (column, unit) in [(Column::Capacity, "A.h"), (Column::Energy, "W.h")] {
        let volts = cells.column(Column::Voltage).map(<[f64]>::to_vec);
        let Some(mut counter) = cells.take(Role::Column(column)) else { continue };
        let (mut moved, mut first) = (0usize, None);
        for (i, charge) in &ends {
            let (before, after) = (counter[*i - 1], counter[*i]);
            let volts = if column == Column::Energy { volts.as_ref().map_or(0.0, |v| v[*i - 1].abs()) } else { 1.0 };
            let growth = after - before;
            if growth > 0.0 && growth <= charge * volts {
                counter[*i - 1] = after;
                moved += 1;
                first.get_or_insert((*i, before, after));
            }
        }
        cells.put(column, counter);
        let Some((row, before, after)) = first else { continue };
        let message = format!(
            "{:?}: {moved} closing row(s) hold what was counted after the last record of their step; that record, at the same instant, takes it: first record {row} with {after:.6e} {unit} for {before:.6e} {unit}",
            column.name()
        );
        notes.push(Note::new(NoteCode::CounterClosed, message).count(moved).at(record(row - 1)));
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
        let Some(mut counter) = cells.take(Role::Column(column)) else { continue };
        let (mut taken, mut first) = (0usize, None);
        for (heir, from) in &heirs {
            let (before, after) = (counter[*heir], counter[*from]);
            if after > before {
                counter[*heir] = after;
                taken += 1;
                first.get_or_insert((*heir, *from, before, after));
            }
        }
        cells.put(column, counter);
        let Some((heir, from, before, after)) = first else { continue };
        let message = format!(
            "{:?}: {taken} record(s) take what the row that is left out behind them holds: first record {} with {after:.6e} of record {} for {before:.6e}",
            column.name(),
            heir + 1,
            from + 1
        );
        notes.push(Note::new(NoteCode::CounterClosed, message).count(taken).at(record(heir)));
    }
    cells.keep_rows(&keep, "suspended, paused and closing rows that print no current, as asked for", notes);
}
