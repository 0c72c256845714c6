//! What only Arbin's spec knows (docs/formats/arbin.md#what-the-numbers-mean).

use crate::error::{Error, ErrorKind, Result};
use crate::map::Context;
use crate::map::cells::{Cells, record};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::Runs;
use crate::text::grid::NO_TIME;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    let notes = &mut *context.notes;
    let borders = segments(cells, notes)?;
    // 0 = not measured yet (docs/formats/arbin.md#internal-resistance).
    let resistance = Role::Column(Column::DcResistance);
    cells.update(resistance, |r| if r == 0.0 { f64::NAN } else { r });
    // Database extracts may leave step and cycle blank throughout (docs/formats/arbin.md#csv-dialects).
    for role in [resistance, Role::Column(Column::StepFromCycler), Role::Column(Column::CycleFromCycler)] {
        cells.drop_if_empty(role);
    }
    step_runs(cells, &borders);
    Ok(())
}

/// A test time that falls begins a new segment: a test that was resumed in a new file of the database. The clock of the rows
/// says how long after the first segment it began (docs/formats/arbin.md#order-of-rows-and-several-tests). Returns the
/// first rows of the later segments.
fn segments(cells: &mut Cells, notes: &mut Notes) -> Result<Vec<usize>> {
    let time = Role::Column(Column::Time);
    let Some(values) = cells.reals(time) else { return Ok(Vec::new()) };
    let falls = values.windows(2).map(|pair| usize::from(pair[1] < pair[0])).sum::<usize>();
    if falls == 0 {
        return Ok(Vec::new());
    }
    let borders: Vec<usize> = (1..values.len()).filter(|i| values[*i] < values[i - 1]).collect();
    let Some(stamps) = &cells.stamps else { return Ok(Vec::new()) };
    // Start of a segment on the clock, in seconds.
    let origin = |row: usize| (stamps[row] != NO_TIME).then(|| stamps[row] as f64 / 1000.0 - values[row]);
    let Some(first) = origin(0) else { return Ok(Vec::new()) };
    let mut shifted = values.to_vec();
    for (k, border) in borders.iter().enumerate() {
        let end = borders.get(k + 1).copied().unwrap_or(values.len());
        let Some(start) = origin(*border) else { return Ok(Vec::new()) };
        let shift = start - first;
        if values[*border] + shift < shifted[border - 1] {
            let message = format!(
                "expected segments of a test that follow each other, found one that begins {} s before the segment above it ends",
                shifted[border - 1] - values[*border] - shift
            );
            return Err(Error::new(ErrorKind::Time, message).at(record(*border)));
        }
        shifted[*border..end].iter_mut().for_each(|t| *t += shift);
    }
    let message = format!(
        "the test time restarts {} time(s); each segment was moved to where the rows' clock has it",
        borders.len()
    );
    notes.push(Note::new(NoteCode::TimeRepaired, message).count(borders.len()).at(record(borders[0])));
    cells.put(Column::Time, shifted);
    Ok(borders)
}

/// A step time that falls while both indices stay: a one-line loop (docs/formats/arbin.md#steps-and-cycles).
fn step_runs(cells: &mut Cells, borders: &[usize]) {
    let (time, step) = (cells.column(Column::StepTime), cells.column(Column::StepFromCycler));
    let loops = |i: usize| match (time, step) {
        (Some(time), Some(step)) => time[i] < time[i - 1] && step[i] == step[i - 1],
        _ => false,
    };
    let begins = |i: usize| loops(i) || borders.binary_search(&i).is_ok();
    let runs = Runs::new(cells.rows, begins);
    if runs.len() > 1 {
        cells.put(Column::StepRun, runs.numbers());
    }
}
