//! What only Maccor's spec knows (maccor.md §3.5, §4.1, §5).

use super::cells::{Cells, Labels, record};
use super::plan::Plan;
use super::start::ClockEnds;
use crate::error::Result;
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::stats;
use crate::vocab::{Direction, MACCOR, Role};

/// Temperatures beyond this are a disconnected thermocouple.
const TEMPERATURES: std::ops::RangeInclusive<f64> = -80.0..=250.0;

/// Applies the rules; says whether the mode column settled the current's sign.
pub(super) fn apply(cells: &mut Cells, plan: &Plan, ends: &ClockEnds, notes: &mut Notes) -> Result<bool> {
    infer_time_unit(cells, plan, ends, notes);
    drop_rows(cells, notes);
    record_order(cells, notes);
    for column in [Column::DcResistance, Column::AcResistance, Column::ChamberTemperature] {
        // 0 = no reading, no sensor.
        if column != Column::ChamberTemperature || cells.column(column).is_some_and(|v| stats::max_abs(v) == 0.0) {
            cells.update(Role::Column(column), |v| if v == 0.0 { f64::NAN } else { v });
        }
        cells.drop_if_empty(Role::Column(column));
    }
    temperatures(cells, notes);
    frames(cells);
    step_runs(cells);
    Ok(settle_sign(cells, notes))
}

/// A bare number without a unit is seconds, minutes or hours: the wall clock tells (maccor.md §4.1).
fn infer_time_unit(cells: &mut Cells, plan: &Plan, ends: &ClockEnds, notes: &mut Notes) {
    for role in [Role::Column(Column::Time), Role::Column(Column::StepTime)] {
        let Some(claim) = plan.get(role) else { continue };
        if claim.unit_is_stated || cells.is_clock(role) {
            continue;
        }
        let Some(time) = cells.column(Column::Time) else { continue };
        let span = stats::max(time) - stats::min(time);
        let wall = match (ends.first, ends.last) {
            (Some(a), Some(b)) => (b.milliseconds - a.milliseconds) as f64 / 1000.0,
            _ => 0.0,
        };
        let distance = |unit: f64| (span * unit / wall).ln().abs();
        let best = [1.0, 60.0, 3600.0].into_iter().min_by(|a, b| distance(*a).total_cmp(&distance(*b))).unwrap_or(1.0);
        let header = cells.header(role).unwrap_or_default().to_owned();
        if wall >= 60.0 && distance(best) <= 2f64.ln() {
            if best != 1.0 {
                // Time is judged before it is changed: step time uses the same unit.
                let message = format!("{header:?} states no unit; the wall clock says × {best}");
                notes.push(Note::new(NoteCode::TimeRepaired, message));
                cells.update(role, |t| t * best);
                if role == Role::Column(Column::Time) {
                    cells.update(Role::Column(Column::StepTime), |t| t * best);
                    return;
                }
            }
        } else if role == Role::Column(Column::Time) {
            let message =
                format!("{header:?} states no unit and there is no wall clock to compare with: taken as seconds");
            notes.push(Note::new(NoteCode::UnverifiedLayout, message));
        }
    }
}

/// Log messages, and all but the first row of an impedance sweep that holds no impedance (maccor.md §2.7, §8.2).
fn drop_rows(cells: &mut Cells, notes: &mut Notes) {
    let Some(labels) = cells.labels(Column::Mode) else { return };
    let kinds = labels.map(|name| name.to_uppercase());
    let kind = |i: usize| labels.codes.get(i).and_then(|code| kinds.get(*code as usize)).map_or("", String::as_str);
    let unknown: Vec<String> = labels
        .names
        .iter()
        .filter(|name| !name.is_empty() && (MACCOR.direction)(name) == Direction::Unknown)
        .cloned()
        .collect();
    let message: Vec<bool> = (0..cells.rows).map(|i| kind(i) != "MSG").collect();
    let sweep: Vec<bool> = (0..cells.rows).map(|i| !(i > 0 && kind(i) == "FRA" && kind(i - 1) == "FRA")).collect();
    if !unknown.is_empty() {
        let note = Note::new(NoteCode::LabelsUnknown, "mode codes that are not known carry no direction");
        notes.push(note.count(unknown.len()).examples(unknown.into_iter().take(3)));
    }
    let keep: Vec<bool> = message.iter().zip(&sweep).map(|(a, b)| *a && *b).collect();
    cells.keep_rows(
        &keep,
        "log messages, or repeated rows of an impedance sweep whose points are in a file of their own",
        notes,
    );
}

fn record_order(cells: &Cells, notes: &mut Notes) {
    let Some(records) = cells.column(Column::Record) else { return };
    let odd = |i: &usize| records[*i] - records[*i - 1] != 1.0 && !records[*i].is_nan() && !records[*i - 1].is_nan();
    let mut rows = (1..records.len()).filter(odd);
    if let Some(first) = rows.next() {
        let count = 1 + rows.count();
        let message = format!(
            "record numbers do not rise by one at {count} place(s): {} follows {}",
            records[first],
            records[first - 1]
        );
        notes.push(Note::new(NoteCode::RecordOrder, message).count(count).at(record(first)));
    }
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

/// Sub-procedure calls (maccor.md §5.2): P then S calls, O returns. Only emitted when there is a call.
fn frames(cells: &mut Cells) {
    let Some(labels) = cells.labels(Column::Mode) else { return };
    let kinds = labels.map(|name| name.to_uppercase());
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

/// A step time that falls while the step number stays: a step that loops onto itself (maccor.md §5.2).
fn step_runs(cells: &mut Cells) {
    let (Some(time), Some(step)) = (cells.column(Column::StepTime), cells.column(Column::StepFromCycler)) else {
        return;
    };
    let is_sweep = |i: usize| cells.labels(Column::Mode).is_some_and(|labels| labels.at(i) == "FRA");
    let begins = |i: usize| time[i] < time[i - 1] && step[i] == step[i - 1] && !is_sweep(i) && !is_sweep(i - 1);
    if (1..cells.rows).any(begins) {
        let runs = cells.count_runs(begins);
        cells.put(Column::StepRun, runs);
    }
}

/// maccor.md §5.5: any negative current on a discharge row shows a signed column, positive = charge. Otherwise the column
/// holds magnitudes and the mode gives the sign.
fn settle_sign(cells: &mut Cells, notes: &mut Notes) -> bool {
    let Some(labels) = cells.labels(Column::Mode) else { return false };
    let Some(current) = cells.column(Column::Current) else { return false };
    let directions = labels.map(|name| (MACCOR.direction)(name));
    let modes: Vec<Direction> = direction_of_rows(labels, &directions);
    let threshold = stats::rest_threshold(current);
    let has = |wanted: Direction| modes.iter().zip(current).any(|(d, i)| *d == wanted && i.abs() > threshold);
    if !has(Direction::Charge) && !has(Direction::Discharge) {
        return false;
    }
    let is_signed = modes.iter().zip(current).any(|(d, i)| *d == Direction::Discharge && *i < -threshold);
    let signed: Vec<f64> = if is_signed {
        current.iter().map(|i| -i).collect()
    } else {
        // An impedance step has the direction of the charge or discharge before it.
        let mut last = Direction::Neither;
        let sign = |(d, i): (&Direction, &f64)| {
            if matches!(d, Direction::Charge | Direction::Discharge) {
                last = *d;
            }
            match last {
                Direction::Charge => -i.abs(),
                _ => i.abs(),
            }
        };
        modes.iter().zip(current).map(sign).collect()
    };
    let changed = signed.iter().zip(current).filter(|(a, b)| a != b && !a.is_nan()).count();
    if changed > 0 {
        let why = if is_signed {
            "rows labelled discharge have negative current, so positive charges: negated"
        } else {
            "the file logs magnitudes; the mode column says which rows charge"
        };
        notes.push(Note::new(NoteCode::SignChanged, why).count(changed));
    }
    cells.put(Column::Current, signed.iter().map(|i| if *i == 0.0 { 0.0 } else { *i }).collect());
    true
}

fn direction_of_rows(labels: &Labels, directions: &[Direction]) -> Vec<Direction> {
    labels.codes.iter().map(|code| directions.get(*code as usize).copied().unwrap_or(Direction::Unknown)).collect()
}
