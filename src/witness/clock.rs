//! The test time against the rows' wall clock.

use polars::prelude::Int64Chunked;

use super::Evidence;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;

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
    let mut first: Option<(i64, f64)> = None;
    let mut last: Option<(i64, f64)> = None;
    let (mut pauses, mut paused, mut back, mut back_at) = (0.0, 0usize, 0usize, None);
    for (row, (stamp, t)) in stamps.iter().zip(time.iter()).enumerate() {
        let (Some(stamp), false) = (stamp, t.is_nan()) else { continue };
        if let Some((before, t0)) = last {
            if stamp < before {
                back += 1;
                back_at = back_at.or(Some(row));
            }
            let ahead = (stamp - before) as f64 / 1000.0 - (t - t0);
            if ahead > PAUSE {
                pauses += ahead;
                paused += 1;
            }
        }
        first = first.or(Some((stamp, *t)));
        last = Some((stamp, *t));
    }
    lone_rows(stamps, &time, notes);
    let (Some((s0, t0)), Some((s1, t1))) = (first, last) else { return Ok(()) };
    let (wall, test) = ((s1 - s0) as f64 / 1000.0, t1 - t0);
    let apart = wall - pauses - test;
    if apart.abs() > SECONDS && apart.abs() > SHARE * test.abs() {
        let message = format!(
            "the rows' clock advances {wall} s, of which {paused} pause(s) explain {pauses:.0} s, and the test time {test} s"
        );
        notes.push(Note::new(NoteCode::ClockDisagrees, message));
    }
    if let Some(row) = back_at {
        let message =
            format!("the rows' clock goes backwards {back} time(s); rows keep their order, the test time counts");
        notes.push(Note::new(NoteCode::ClockDisagrees, message).count(back).at(Place::Row(row as u64)));
    }
    Ok(())
}

/// A single row whose clock and test time are apart from those of its neighbours, which agree.
fn lone_rows(stamps: &Int64Chunked, time: &[f64], notes: &mut Notes) {
    let Ok(stamps) = stamps.cont_slice() else { return };
    // What the clock is printed to: a second or a minute, often.
    let step = |milliseconds: i64| stamps.iter().all(|s| s % milliseconds == 0);
    let least: f64 = if step(60_000) {
        return;
    } else if step(1000) {
        2.5
    } else {
        0.1
    };
    let apart = |row: usize| stamps[row] as f64 / 1000.0 - time[row];
    let rows = time.len().min(stamps.len());
    if rows < 3 {
        return;
    }
    let (mut count, mut first) = (0usize, None);
    let (mut before, mut at) = (apart(0), apart(1));
    for row in 1..rows - 1 {
        let after = apart(row + 1);
        let (a, b) = (at - before, at - after);
        (before, at) = (at, after);
        let size = a.abs().min(b.abs());
        // Some testers write the clock a little after the record.
        if size > least && a * b > 0.0 && size > LATE * (time[row + 1] - time[row - 1]) {
            let least = least.max(LATE * (time[row + 1] - time[row - 1]));
            if (a - b).abs() <= least.max(0.1 * size) {
                count += 1;
                first = first.or(Some(row));
            }
        }
    }
    let Some(row) = first else { return };
    let message = format!(
        "{count} row(s) have a test time that leaves the rows' clock and returns: first row {row} with {} s, by {:.3} s. Both were kept",
        time[row],
        apart(row - 1) - apart(row)
    );
    notes.push(Note::new(NoteCode::ClockDisagrees, message).count(count).at(Place::Row(row as u64)));
}
