//! Each of voltage, current, temperature and the counters against the rows on both sides: a row that leaves and returns.

use rayon::prelude::*;

use super::Evidence;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::scan::threes_where;
use crate::signal::stats;

/// A leap is this many times the median difference of its step, and this share of the column's range.
const TIMES: f64 = 20.0;
const SHARE: f64 = 0.01;

/// How far the neighbours may be from each other, as a share of the leap.
const RETURN: f64 = 0.1;

/// A step that leaps in more than two rows and than this share of them is noisy.
const OFTEN: f64 = 0.005;

/// How far the lines from both sides may be from each other, as a share of the leap.
const MEET: f64 = 0.25;

/// Smaller numbers are no measurements but other bytes read as one.
const TINY: f64 = 1e-30;

/// What is looked at, what it may flicker by whatever the range of the column, and as a share of what the neighbours have.
const LOOKED_AT: [(Column, f64, f64); 3] =
    [(Column::Voltage, 2e-3, 0.0), (Column::Current, 0.0, 0.4), (Column::Temperature, 0.5, 0.0)];

/// Counters as the file has them.
const COUNTERS: [Column; 6] = [
    Column::DischargeCapacity,
    Column::ChargeCapacity,
    Column::Capacity,
    Column::DischargeEnergy,
    Column::ChargeEnergy,
    Column::Energy,
];

/// A value that is further from all others than these are from each other, and than so many volts or degrees, stands alone
/// even at the border of a step.
const FEW: usize = 5;
const ALONE: [(Column, f64); 2] = [(Column::Voltage, 1.0), (Column::Temperature, 5.0)];

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    let frequency = evidence.frequency()?;
    let is_impedance = |row: usize| frequency.as_ref().is_some_and(|f| !f[row].is_nan());
    let voltage = evidence.reals(Column::Voltage)?;
    let current = evidence.reals(Column::Current)?;
    let measured = |(column, flicker, share): (Column, f64, f64)| {
        let mut notes = Notes::new();
        let Some(values) = evidence.reals(column)? else { return Ok(notes) };
        let other = match column {
            Column::Voltage => current.as_deref(),
            Column::Current => voltage.as_deref(),
            _ => None,
        };
        let goes_on = column == Column::Temperature;
        let extremes = (stats::min(&values), stats::max(&values));
        let mut rows = find(evidence, &values, extremes, flicker, goes_on, |row| {
            is_impedance(row)
                || (values[row] - values[row - 1]).abs() < share * values[row - 1].abs()
                || other.is_some_and(|other| answers(evidence, &values, other, row))
        });
        let far = ALONE.iter().find(|(alone, _)| *alone == column);
        if let Some(row) = far
            .filter(|(_, least)| may_have_one_alone(&values, extremes, *least))
            .and_then(|(_, least)| alone(values.iter().copied().enumerate(), values.len(), *least))
            .filter(|row| !is_impedance(*row))
        {
            rows.push(row);
            rows.sort_unstable();
            rows.dedup();
        }
        tell(column, &values, &rows, &mut notes);
        tiny(column, &values, &mut notes);
        Ok(notes)
    };
    let counted = |column: Column| {
        let mut notes = Notes::new();
        let Some(values) = evidence.reported(column)? else { return Ok(notes) };
        let extremes = (stats::min(&values), stats::max(&values));
        tell(column, &values, &find(evidence, &values, extremes, 0.0, false, is_impedance), &mut notes);
        Ok(notes)
    };
    // The columns say nothing of each other, and in this order.
    let told: Vec<Result<Notes>> =
        LOOKED_AT.into_par_iter().map(measured).chain(COUNTERS.into_par_iter().map(counted)).collect();
    for notes_of_one in told {
        notes_of_one?.into_vec().into_iter().for_each(|note| notes.push(note));
    }
    Ok(())
}

fn tell(column: Column, values: &[f64], rows: &[usize], notes: &mut Notes) {
    let Some(row) = rows.first().copied() else { return };
    let message = format!(
        "{:?}: {} row(s) leave the rows before and after, which agree; first row {row} with {}, between {}. The values were kept",
        column.name(),
        rows.len(),
        values[row],
        beside(values, row)
    );
    notes.push(Note::new(NoteCode::SingleRowLeaps, message).count(rows.len()).at(Place::Row(row as u64)));
}

fn tiny(column: Column, values: &[f64], notes: &mut Notes) {
    let is_tiny = |v: &f64| (*v != 0.0) & (v.abs() < TINY);
    let count = values.iter().map(|v| usize::from(is_tiny(v))).sum::<usize>();
    if count > 0 {
        let row = values.iter().position(is_tiny).unwrap_or_default();
        let message = format!(
            "{:?}: {count} value(s) are too small to be measured: first row {row} with {:e}. They were kept",
            column.name(),
            values[row]
        );
        notes.push(Note::new(NoteCode::SingleRowLeaps, message).count(count).at(Place::Row(row as u64)));
    }
}

/// How far a row is from both neighbours, on one side of them; 0 where it lies between them or they disagree.
fn leap(values: &[f64], row: usize) -> f64 {
    let (before, at, after) = (values[row - 1], values[row], values[row + 1]);
    let (a, b) = (at - before, at - after);
    let size = a.abs().min(b.abs());
    if a * b > 0.0 && (after - before).abs() <= RETURN * size { size } else { 0.0 }
}

/// How far a row is from the line through its neighbours, where the lines through the two rows before it and the two rows after
/// it meet that one: a slope is no leap, nor is a knee. 0 elsewhere.
fn off_the_line(values: &[f64], row: usize) -> f64 {
    let (Some(first), Some(last)) = (row.checked_sub(2).and_then(|i| values.get(i)), values.get(row + 2)) else {
        return 0.0;
    };
    let (before, after) = (values[row - 1], values[row + 1]);
    let expected = (before + after) / 2.0;
    let size = (values[row] - expected).abs();
    let meets = |line: f64| (line - expected).abs() <= MEET * size;
    if meets(2.0 * before - first) && meets(2.0 * after - last) { size } else { 0.0 }
}

/// Median differences of a step's values, and of these differences.
#[derive(Default)]
struct Usual {
    rows: std::ops::Range<usize>,
    change: f64,
    bend: f64,
}

impl Usual {
    fn of(rows: std::ops::Range<usize>, values: &[f64]) -> Self {
        let values = &values[rows.clone()];
        let changes: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
        Self { rows, change: stats::median_difference(values), bend: stats::median_difference(&changes) }
    }
}

fn find(
    evidence: &Evidence<'_>,
    values: &[f64],
    (low, high): (f64, f64),
    flicker: f64,
    goes_on: bool,
    is_explained: impl Fn(usize) -> bool,
) -> Vec<usize> {
    let range = high - low;
    let least = (SHARE * range).max(flicker);
    let mut found = Vec::new();
    if range.is_nan() || range <= 0.0 {
        return found;
    }
    // Few rows get further than the first look; those of one step share its medians.
    let mut usual = Usual::default();
    let counts_steps = evidence.frame.column(Column::StepFromCycler.name()).is_err();
    let mut own_steps = Vec::new();
    // Few rows are this far from the middle of their neighbours.
    for row in threes_where(values, |before, at, after| (at - (before + after) / 2.0).abs() >= least) {
        let (leap, off) = (leap(values, row), off_the_line(values, row));
        if leap.max(off) < least {
            continue;
        }
        if !usual.rows.contains(&row) {
            quiet(&mut found, &usual.rows);
            let step = evidence.steps.around(row);
            // What changes slowly goes on over the borders of its steps.
            let rows = if goes_on { step.start.saturating_sub(2)..(step.end + 2).min(values.len()) } else { step };
            usual = Usual::of(rows, values);
        }
        let has_room = |rows: usize| row >= usual.rows.start + rows && row + rows < usual.rows.end;
        let leaps = has_room(1) && leap >= least && leap >= TIMES * usual.change;
        let bends = has_room(2) && off >= least && off >= TIMES * usual.bend;
        if (leaps || bends) && !is_explained(row) {
            found.push(row);
        } else if counts_steps && usual.rows.len() == 1 && leap >= least && !is_explained(row) {
            own_steps.push(row);
        }
    }
    quiet(&mut found, &usual.rows);
    // Where steps are the runs of one sign, a wrong row is a step of its own; many of them are pulses.
    if own_steps.len() as f64 <= (OFTEN * values.len() as f64).max(2.0) {
        found.extend(own_steps);
        found.sort_unstable();
    }
    found
}

/// Forgets the leaps of a step that leaps often: that is noise.
fn quiet(found: &mut Vec<usize>, step: &std::ops::Range<usize>) {
    let first = found.partition_point(|row| *row < step.start);
    if (found.len() - first) as f64 > (OFTEN * step.len() as f64).max(2.0) {
        found.truncate(first);
    }
}

/// The values on both sides of a row.
fn beside(values: &[f64], row: usize) -> String {
    let text = |row: Option<usize>| {
        row.and_then(|row| values.get(row)).map_or_else(|| "the border".to_owned(), ToString::to_string)
    };
    format!("{} and {}", text(row.checked_sub(1)), text(Some(row + 1)))
}

/// Whether there can be a value that is [`alone`]: not where two values each are above and below the middle, which mostly the
/// first rows show.
fn may_have_one_alone(values: &[f64], (low, high): (f64, f64), least: f64) -> bool {
    let (middle, digits) = ((low + high) / 2.0, 1e-6 * (high - low));
    let has_two = |is: fn(f64, f64) -> bool, at: f64| values.iter().filter(|v| is(**v, at)).nth(1).is_some();
    high - low >= least && !(has_two(|v, at| v > at, middle + digits) && has_two(|v, at| v < at, middle - digits))
}

/// The row whose value is far from all others, if there is one, out of so many rows.
pub(super) fn alone(values: impl Iterator<Item = (usize, f64)>, rows: usize, least: f64) -> Option<usize> {
    // The two lowest and the two highest with their rows.
    let (mut low, mut high) = ([(f64::INFINITY, 0); 2], [(f64::NEG_INFINITY, 0); 2]);
    for (row, v) in values {
        if v < low[1].0 {
            low[1] = (v, row);
            if v < low[0].0 {
                low.swap(0, 1);
            }
        }
        if v > high[1].0 {
            high[1] = (v, row);
            if v > high[0].0 {
                high.swap(0, 1);
            }
        }
    }
    let (above, below) = (high[0].0 - high[1].0, low[1].0 - low[0].0);
    if rows < FEW {
        return None;
    }
    if above >= least && above > high[1].0 - low[0].0 {
        Some(high[0].1)
    } else if below >= least && below > high[0].0 - low[1].0 {
        Some(low[0].1)
    } else {
        None
    }
}

/// Whether voltage and current leap in one row, the way a resistance does it: a pulse.
fn answers(evidence: &Evidence<'_>, values: &[f64], other: &[f64], row: usize) -> bool {
    let size = leap(other, row);
    let opposite = (values[row] - values[row - 1]) * (other[row] - other[row - 1]) < 0.0;
    size > 0.0 && opposite && size >= TIMES / 4.0 * stats::median_difference(&other[evidence.steps.around(row)])
}
