//! Step time, total time and the clock of the records (docs/formats/neware.md#test-time-and-step-time,
//! docs/formats/neware.md#clock-readings).

use rayon::prelude::*;

use super::info::{Facts, local_clock};
use crate::note::{Note, NoteCode, Notes};
use crate::signal::{Begin, PART, Runs};
use crate::table::{RawColumn, RawData, RawTable};
use crate::text::grid::NO_TIME;

/// What the time stamps are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    Utc,
    Local,
}

/// Step time and total time in seconds. Sums are taken over whole ticks, so that nothing drifts
/// (docs/formats/neware.md#test-time-and-step-time).
pub(super) fn times(step: Option<Vec<f64>>, total: Option<Vec<f64>>, run: &[f64], ticks: f64) -> (Vec<f64>, Vec<f64>) {
    let in_seconds = |column: &mut Vec<f64>| column.par_iter_mut().with_min_len(PART).for_each(|t| *t /= ticks);
    let runs = Runs::of_columns(run.len(), &[(run, Begin::Change)]);
    // Filled run by run.
    let mut made = vec![0.0; run.len()];
    match (step, total) {
        (Some(mut step), Some(mut total)) => {
            in_seconds(&mut step);
            in_seconds(&mut total);
            (step, total)
        }
        (Some(mut step), None) => {
            // A run begins where the last record of the one before ended.
            let lasts = runs.iter().map(|rows| step.get(rows.end - 1).copied().unwrap_or(f64::NAN));
            let before = lasts.scan(0.0, |sum, last| Some(std::mem::replace(sum, *sum + last)));
            let before: Vec<f64> = before.collect();
            runs.fill(&mut made, |run, _, rows, piece| {
                let before = before.get(run).copied().unwrap_or(f64::NAN);
                let step = step.get(rows).unwrap_or_default();
                piece.iter_mut().zip(step).for_each(|(total, step)| *total = (before + step) / ticks);
            });
            in_seconds(&mut step);
            (step, made)
        }
        (None, Some(mut total)) => {
            // The last total of the run before is where this one began.
            runs.fill(&mut made, |_, first, rows, piece| {
                let start = first.checked_sub(1).map_or(Some(0.0), |last| total.get(last).copied()).unwrap_or(f64::NAN);
                let total = total.get(rows).unwrap_or_default();
                piece.iter_mut().zip(total).for_each(|(step, total)| *step = (total - start) / ticks);
            });
            in_seconds(&mut total);
            (made, total)
        }
        (None, None) => (vec![f64::NAN; run.len()], vec![f64::NAN; run.len()]),
    }
}

/// Time stamps; where they are in UTC and the header has the local start, the offset between the two
/// (docs/formats/neware.md#clock-readings).
pub(super) fn stamp(
    table: &mut RawTable,
    stamps: Option<(Vec<f64>, Clock)>,
    total_time: &[f64],
    facts: &Facts,
    notes: &mut Notes,
) {
    const QUARTER: f64 = 900_000.0;
    let start = facts.start.as_deref().and_then(local_clock);
    let (stamps, clock) = match (stamps, start) {
        (Some(stamps), _) => stamps,
        (None, Some(start)) => {
            // The first record begins with the test.
            (total_time.iter().map(|t| (start as f64 + t * 1000.0).round()).collect(), Clock::Local)
        }
        (None, None) => return,
    };
    if clock == Clock::Utc {
        let first = stamps.iter().copied().find(|t| !t.is_nan());
        let offset = first.zip(start).map(|(first, start)| ((start as f64 - first) / QUARTER).round() * 15.0);
        table.utc_offset = Some(match offset {
            Some(minutes) if minutes.abs() <= 14.0 * 60.0 => minutes as i16,
            Some(_) => {
                let message = "the header's local start and the records' clock are more than 14 hours apart; times are shown in UTC";
                notes.push(Note::new(NoteCode::ClockDisagrees, message));
                0
            }
            None => 0,
        });
    }
    let whole = |t: f64| if t.is_nan() { NO_TIME } else { t as i64 };
    // The integers take the place of the numbers.
    let mut stamps = stamps;
    let in_place = |t: &mut f64| *t = f64::from_bits(whole(*t).cast_unsigned());
    stamps.par_chunks_mut(PART).for_each(|part| part.iter_mut().for_each(in_place));
    let stamps = bytemuck::allocation::cast_vec(stamps);
    table.columns.push(RawColumn { name: "Date".to_owned(), data: RawData::Stamp(stamps) });
}
