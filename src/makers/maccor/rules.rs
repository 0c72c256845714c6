//! What only Maccor's spec knows (docs/formats/maccor.md#auxiliary-columns, docs/formats/maccor.md#durations,
//! docs/formats/maccor.md#rows).

use super::closing::{close_counters, measured_rows};
use super::time_unit::infer_time_unit;
use super::words::MACCOR;
use crate::error::{Error, ErrorKind, Result};
use crate::map::cells::{Cells, Labels, record};
use crate::map::{Context, need_rows};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::scan::{any, pairs_where};
use crate::signal::{Runs, stats};
use crate::vocab::{Direction, Role};

/// Temperatures beyond this are a disconnected thermocouple.
const TEMPERATURES: std::ops::RangeInclusive<f64> = -80.0..=250.0;

/// Applies the rules.
pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    infer_time_unit(cells, context);
    let notes = &mut *context.notes;
    one_test(cells)?;
    drop_rows(cells, notes);
    for column in [Column::DcResistance, Column::AcResistance, Column::ChamberTemperature] {
        // 0 = no reading, no sensor.
        if column != Column::ChamberTemperature || cells.column(column).is_some_and(|v| stats::max_abs(v) == 0.0) {
            cells.update(Role::Column(column), |v| if v == 0.0 { f64::NAN } else { v });
        }
        cells.drop_if_empty(Role::Column(column));
    }
    for pair in [[Column::ChargeCapacity, Column::DischargeCapacity], [Column::ChargeEnergy, Column::DischargeEnergy]] {
        let is_known = |column: &Column| cells.column(*column).is_some_and(|v| v.iter().any(|v| !v.is_nan()));
        if !pair.iter().any(is_known) {
            // Waveform counters of a test without waveforms (docs/formats/maccor.md#capacity-and-energy).
            pair.into_iter().for_each(|column| cells.drop_if_empty(Role::Column(column)));
        }
    }
    temperatures(cells, notes);
    frames(cells);
    step_runs(cells);
    close_counters(cells, notes);
    if context.measured_rows_only {
        measured_rows(cells, notes);
    }
    context.sign_is_settled = settle_sign(cells, notes);
    Ok(())
}

/// Two tests in one file would be one plausible wrong test (docs/formats/maccor.md#test-time).
fn one_test(cells: &Cells) -> Result<()> {
    let (Some(records), Some(time)) = (cells.column(Column::Record), cells.column(Column::Time)) else { return Ok(()) };
    let begins = pairs_where(records, |before, at| (at < before) & (at <= 1.0));
    let Some(row) = begins.into_iter().find(|row| time[*row] < time[*row - 1]) else { return Ok(()) };
    let message = format!(
        "expected one test, found a second that begins where the record number falls from {} to {} and the time from {} s to {} s; split the file there",
        records[row - 1],
        records[row],
        time[row - 1],
        time[row]
    );
    Err(Error::new(ErrorKind::Malformed, message).at(record(row)))
}

/// Log messages, and all but the first row of an impedance sweep that holds no impedance (docs/formats/maccor.md#units-row,
/// docs/formats/maccor.md#sweeps-in-the-test).
fn drop_rows(cells: &mut Cells, notes: &mut Notes) {
    let Some(labels) = cells.labels(Column::Mode) else { return };
    let unknown: Vec<String> = labels
        .names
        .iter()
        .filter(|name| !name.is_empty() && (MACCOR.direction)(name) == Direction::Unknown)
        .cloned()
        .collect();
    if !unknown.is_empty() {
        let note = Note::new(NoteCode::LabelsUnknown, "mode codes that are not known carry no direction");
        notes.push(note.count(unknown.len()).examples(unknown.into_iter().take(3)));
    }
    let (message, sweep) = (rows_labelled(labels, "MSG"), rows_labelled(labels, "FRA"));
    if message.is_none() && sweep.is_none() {
        return;
    }
    let is = |rows: &Option<Vec<bool>>, i: usize| rows.as_ref().is_some_and(|rows| rows.get(i) == Some(&true));
    let repeats = |i: usize| i > 0 && is(&sweep, i) && is(&sweep, i - 1);
    let keep: Vec<bool> = (0..cells.rows).map(|i| !is(&message, i) && !repeats(i)).collect();
    cells.keep_rows(
        &keep,
        "log messages, or repeated rows of an impedance sweep whose points are in a file of their own",
        notes,
    );
}

/// Which rows have a mode code, in capitals; `None` where the file has none with it.
fn rows_labelled(labels: &Labels, code: &str) -> Option<Vec<bool>> {
    let is_it = labels.map(|name| name.to_uppercase() == code);
    let row = |code: &u32| is_it.get(*code as usize) == Some(&true);
    is_it.contains(&true).then(|| labels.codes.iter().map(row).collect())
}

fn temperatures(cells: &mut Cells, notes: &mut Notes) {
    let mut numbered = cells.numbered(Role::Temperature);
    let mut bad = 0;
    let mut dead = Vec::new();
    numbered.retain_mut(|(number, values)| {
        let outside = |v: &f64| !v.is_nan() && !TEMPERATURES.contains(v);
        bad += values.iter().filter(|v| outside(v)).count();
        values.iter_mut().filter(|v| outside(v)).for_each(|v| *v = f64::NAN);
        let alive = values.iter().any(|v| !v.is_nan());
        if !alive && !values.is_empty() {
            dead.push(number.to_string());
        }
        alive
    });
    if bad > 0 {
        let message = format!("{bad} temperature(s) outside −80…250 °C (a disconnected thermocouple) became null");
        notes.push(Note::new(NoteCode::CellsUnreadable, message).count(bad));
    }
    if !dead.is_empty() {
        let message = format!("auxiliary temperature(s) {} hold no value and were left out", dead.join(", "));
        notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(dead.len()));
    }
    cells.put_numbered(Role::Temperature, numbered);
}

/// Sub-procedure calls (docs/formats/maccor.md#steps-cycles-and-frames): P then S calls, O returns. Only emitted when there
/// is a call.
fn frames(cells: &mut Cells) {
    let Some(labels) = cells.labels(Column::Mode) else { return };
    let kinds = labels.map(|name| name.to_uppercase());
    if !["P", "S"].iter().all(|call| kinds.iter().any(|kind| kind == call)) {
        return;
    }
    let kind = |i: usize| labels.codes.get(i).and_then(|code| kinds.get(*code as usize)).map_or("", String::as_str);
    let rows = cells.rows;
    let mut frames = Vec::new();
    let (mut stack, mut count) = (vec![0u32], 0);
    let mut enter_at = usize::MAX;
    for i in 0..rows {
        if i == enter_at {
            count += 1;
            stack.push(count);
        }
        frames.push(f64::from(stack.last().copied().unwrap_or(0)));
        if kind(i) == "P" && i + 1 < rows && kind(i + 1) == "S" {
            enter_at = i + 2;
        } else if kind(i) == "O" && stack.len() > 1 {
            stack.pop();
        }
    }
    if count > 0 {
        cells.put(Column::Frame, frames);
    }
}

/// A step time that falls while the step number stays: a step that loops onto itself
/// (docs/formats/maccor.md#steps-cycles-and-frames).
fn step_runs(cells: &mut Cells) {
    let (Some(time), Some(step)) = (cells.column(Column::StepTime), cells.column(Column::StepFromCycler)) else {
        return;
    };
    let is_sweep = |i: usize| cells.labels(Column::Mode).is_some_and(|labels| labels.at(i) == "FRA");
    let falls = pairs_where(time, |before, at| at < before).into_iter();
    let begins = falls.filter(|i| step[*i] == step[*i - 1] && !is_sweep(*i) && !is_sweep(*i - 1));
    let runs = Runs::at(begins, cells.rows);
    if runs.len() > 1 {
        cells.put(Column::StepRun, runs.numbers());
    }
}

/// docs/formats/maccor.md#current-sign: negative currents on the discharge rows show a signed column, positive = charge.
/// Otherwise the column
/// holds magnitudes and the mode gives the sign.
fn settle_sign(cells: &mut Cells, notes: &mut Notes) -> bool {
    let Some(labels) = cells.labels(Column::Mode) else { return false };
    let Some(current) = cells.column(Column::Current) else { return false };
    let directions = labels.map(|name| (MACCOR.direction)(name));
    // The rows of one label, with its direction.
    let runs = Runs::of(&labels.codes);
    let labelled = || {
        let direction = |row: usize| labels.codes.get(row).and_then(|code| directions.get(*code as usize));
        runs.iter().map(move |run| (direction(run.start).copied().unwrap_or(Direction::Unknown), run))
    };
    let threshold = stats::rest_threshold(current);
    let flows = |wanted: Direction| {
        let rows = labelled().filter(move |(direction, _)| *direction == wanted);
        rows.flat_map(|(_, run)| &current[run]).filter(|i| i.abs() > threshold)
    };
    if flows(Direction::Charge).next().is_none() && flows(Direction::Discharge).next().is_none() {
        return false;
    }
    // More than half of the rows labelled discharge: one wrong row turns no file.
    let discharges = flows(Direction::Discharge);
    let (negative, all) = discharges.fold((0usize, 0usize), |(n, all), i| (n + usize::from(*i < 0.0), all + 1));
    let is_signed = 2 * negative > all;
    if !is_signed && any(current, |i| i < -threshold) {
        let odd: Vec<usize> = (0..current.len()).filter(|row| current[*row] < -threshold).collect();
        let first = odd.first().copied().unwrap_or_default();
        let message = format!(
            "{} row(s) of a column of magnitudes have a sign; as on the others the mode column says which way they go, the first is {} A",
            odd.len(),
            current[first]
        );
        notes.push(Note::new(NoteCode::CurrentDisagrees, message).count(odd.len()).at(record(first)));
    }
    let mut signed = current.to_vec();
    if is_signed {
        signed.iter_mut().for_each(|i| *i = -*i);
    } else {
        // An impedance step has the direction of the charge or discharge before it.
        let mut last = Direction::Neither;
        for (direction, run) in labelled() {
            if matches!(direction, Direction::Charge | Direction::Discharge) {
                last = direction;
            }
            let side = if last == Direction::Charge { -1.0 } else { 1.0 };
            signed[run].iter_mut().for_each(|i| *i = side * i.abs());
        }
    }
    let differs = |(a, b): (&f64, &f64)| u64::from((a < b) | (a > b));
    let changed = signed.iter().zip(current).map(differs).sum::<u64>() as usize;
    // −0 is 0.
    signed.iter_mut().for_each(|i| *i = if *i == 0.0 { 0.0 } else { *i });
    if changed > 0 {
        let why = if is_signed {
            "rows labelled discharge have negative current, so positive charges: negated"
        } else {
            "the file logs magnitudes; the mode column says which rows charge"
        };
        notes.push(Note::new(NoteCode::SignChanged, why).count(changed));
    }
    cells.put(Column::Current, signed);
    true
}
