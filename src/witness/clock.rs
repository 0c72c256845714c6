//! The test time against the rows' wall clock.

use std::ops::Range;

use super::Evidence;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::scan::{BLOCK, all_pairs, any_pair};

/// A clock that runs ahead of the test by more than this between two rows shows a pause.
const PAUSE: f64 = 60.0;

/// Both must be exceeded before a difference is worth a word.
const SECONDS: f64 = 60.0;
const SHARE: f64 = 0.05;

/// A clock that is late by less than this share of two intervals is not told.
const LATE: f64 = 0.25;

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    let Ok(column) = evidence.frame.column(Column::Timestamp.name()) else { return Ok(()) };
    let physical = column.as_materialized_series().to_physical_repr();
    let Ok(stamps) = physical.i64() else { return Ok(()) };
    let Some(time) = evidence.reals(Column::Time)? else { return Ok(()) };
    if let Ok(stamps) = stamps.cont_slice() {
        let rows = time.len().min(stamps.len());
        compare(&stamps[..rows], &time[..rows], least(stamps), |row| row, notes);
    } else {
        // Single rows are judged where all have a clock.
        let known: Vec<(usize, i64)> =
            stamps.iter().enumerate().filter_map(|(row, stamp)| stamp.map(|s| (row, s))).collect();
        let (stamps, time): (Vec<i64>, Vec<f64>) = known.iter().map(|(row, stamp)| (*stamp, time[*row])).unzip();
        compare(&stamps, &time, None, |k| known[k].0, notes);
    }
    Ok(())
}

/// What single rows have to be apart by, in seconds, to be told; `None` for a clock of minutes.
fn least(stamps: &[i64]) -> Option<f64> {
    // What the clock is printed to: a second or a minute, often.
    let step = |milliseconds: i64| stamps.iter().all(|s| s % milliseconds == 0);
    if step(60_000) {
        None
    } else if step(1000) {
        Some(2.5)
    } else {
        Some(0.1)
    }
}

/// What is met from row to row.
#[derive(Default)]
struct Met {
    /// Seconds of pauses, and how many there are.
    paused: (f64, usize),
    /// How often the clock goes backwards, and the first row.
    back: (usize, Option<usize>),
    /// Single rows that leave and return: how many, and the first.
    lone: (usize, Option<usize>),
}

fn compare(stamps: &[i64], time: &[f64], least: Option<f64>, row_of: impl Fn(usize) -> usize, notes: &mut Notes) {
    let known = |row: &usize| !time[*row].is_nan();
    let (Some(first), Some(last)) = ((0..time.len()).find(known), (0..time.len()).rev().find(known)) else { return };
    let mut met = Met::default();
    for from in (1..time.len()).step_by(BLOCK) {
        let rows = from..time.len().min(from + BLOCK);
        if has_odd(&stamps[from - 1..rows.end], &time[from - 1..rows.end], least) {
            met.see(stamps, time, least, rows);
        }
    }
    let apart = |row: usize| stamps[row] as f64 / 1000.0 - time[row];
    if let (count, Some(row)) = met.lone {
        let message = format!(
            "{count} row(s) have a test time that leaves the rows' clock and returns: first row {row} with {} s, by {:.3} s. Both were kept",
            time[row],
            apart(row - 1) - apart(row)
        );
        notes.push(Note::new(NoteCode::ClockDisagrees, message).count(count).at(Place::Row(row as u64)));
    }
    let (pauses, paused) = met.paused;
    let (wall, test) = ((stamps[last] - stamps[first]) as f64 / 1000.0, time[last] - time[first]);
    let apart = wall - pauses - test;
    if apart.abs() > SECONDS && apart.abs() > SHARE * test.abs() {
        let message = format!(
            "the rows' clock advances {wall} s, of which {paused} pause(s) explain {pauses:.0} s, and the test time {test} s"
        );
        notes.push(Note::new(NoteCode::ClockDisagrees, message));
    }
    if let (back, Some(row)) = met.back {
        let message =
            format!("the rows' clock goes backwards {back} time(s); rows keep their order, the test time counts");
        notes.push(Note::new(NoteCode::ClockDisagrees, message).count(back).at(Place::Row(row_of(row) as u64)));
    }
}

/// Whether some row of a block, which begins with the row before it, has a clock that falls or that advances otherwise than the
/// time does.
fn has_odd(stamps: &[i64], time: &[f64], least: Option<f64>) -> bool {
    // A second less than a pause, as the difference of two large numbers has fewer digits.
    let least = least.unwrap_or(f64::INFINITY).min(PAUSE - 1.0);
    let mut apart = [0.0; BLOCK + 1];
    for ((apart, stamp), t) in apart.iter_mut().zip(stamps).zip(time) {
        *apart = *stamp as f64 / 1000.0 - t;
    }
    let apart = &apart[..time.len().min(BLOCK + 1)];
    any_pair(stamps, |before, at| at < before) || !all_pairs(apart, |before, at| (at - before).abs() <= least)
}

impl Met {
    /// Looks at each of some rows.
    fn see(&mut self, stamps: &[i64], time: &[f64], least: Option<f64>, rows: Range<usize>) {
        let known = |row: &usize| !time[*row].is_nan();
        let mut last = (0..rows.start).rev().find(known);
        for row in rows.clone().filter(known) {
            if let Some(before) = last {
                if stamps[row] < stamps[before] {
                    self.back.0 += 1;
                    self.back.1 = self.back.1.or(Some(row));
                }
                let ahead = (stamps[row] - stamps[before]) as f64 / 1000.0 - (time[row] - time[before]);
                if ahead > PAUSE {
                    self.paused.0 += ahead;
                    self.paused.1 += 1;
                }
            }
            last = Some(row);
        }
        let Some(least) = least else { return };
        for row in rows.filter(|row| row + 1 < time.len() && leaves(stamps, time, *row, least)) {
            self.lone.0 += 1;
            self.lone.1 = self.lone.1.or(Some(row));
        }
    }
}

/// Whether a row's clock and test time are apart from those of its neighbours, which agree.
fn leaves(stamps: &[i64], time: &[f64], row: usize, least: f64) -> bool {
    let apart = |row: usize| stamps[row] as f64 / 1000.0 - time[row];
    let (a, b) = (apart(row) - apart(row - 1), apart(row) - apart(row + 1));
    let size = a.abs().min(b.abs());
    // Some testers write the clock a little after the record.
    let late = LATE * (time[row + 1] - time[row - 1]);
    size > least && a * b > 0.0 && size > late && (a - b).abs() <= least.max(late).max(0.1 * size)
}
