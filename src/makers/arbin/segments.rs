//! Segments of a test that was resumed, its pauses, and loops of one line
//! (docs/formats/arbin.md#order-of-rows-and-several-tests).

use crate::map::cells::{Cells, record};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::Runs;
use crate::signal::scan::{BLOCK, pairs_where};
use crate::text::grid::NO_TIME;

/// Seconds by which the wall clock may jump ahead of the test time without a word.
const PAUSE: f64 = 60.0;

/// A test that is paused keeps its own time while the wall clock goes on. That is kept, and told
/// (docs/formats/arbin.md#test-time-and-clocks).
pub(super) fn pauses(cells: &Cells, borders: &[usize], notes: &mut Notes) {
    let (Some(stamps), Some(time)) = (&cells.stamps, cells.column(Column::Time)) else { return };
    let mut found = (0usize, 0.0, 0.0f64, 0usize);
    let rows = time.len().min(stamps.len());
    // A reading that is missing makes a difference that means nothing; such rows are left out when they are looked at.
    let may_jump = |((c0, c1), (t0, t1)): ((&i64, &i64), (&f64, &f64))| {
        u64::from(c1.wrapping_sub(*c0) as f64 / 1000.0 - (t1 - t0) > PAUSE)
    };
    for from in (1..rows).step_by(BLOCK) {
        let (before, at) = (from - 1..rows.min(from + BLOCK) - 1, from..rows.min(from + BLOCK));
        let clocks = stamps[before.clone()].iter().zip(&stamps[at.clone()]);
        let tests = time[before].iter().zip(&time[at.clone()]);
        if clocks.zip(tests).map(may_jump).sum::<u64>() == 0 {
            continue;
        }
        for i in at.filter(|i| stamps[i - 1] != NO_TIME && stamps[*i] != NO_TIME) {
            let (wall, own) = ((stamps[i] - stamps[i - 1]) as f64 / 1000.0, time[i] - time[i - 1]);
            let jump = wall - own;
            if jump > PAUSE && jump > PAUSE + 1e-4 * wall.abs().min(own.abs()) && borders.binary_search(&i).is_err() {
                if jump > found.2 {
                    (found.2, found.3) = (jump, i);
                }
                (found.0, found.1) = (found.0 + 1, found.1 + jump);
            }
        }
    }
    let (count, sum, most, row) = found;
    if count > 0 {
        let message = format!(
            "the wall clock jumps {count} time(s) by {sum:.0} s in all, {most:.0} s at most, while the test's own time carries on: the test was paused, which takes no time here"
        );
        notes.push(Note::new(NoteCode::TestPaused, message).count(count).at(record(row)));
    }
}

/// Where a later segment begins.
struct Border {
    /// Its first row.
    row: usize,
    /// The row before it that has a time.
    before: usize,
}

/// A later segment begins where the reader says so, and where the test time falls: a test that was resumed, in a new file of the
/// database or with a new `Test_ID`. A single row that falls and that the next does not follow is no segment.
fn borders(time: &[f64], starts: &[usize]) -> Vec<Border> {
    let mut borders = Vec::new();
    let mut before: Option<usize> = None;
    // A reader's start may be a row without a time; the next that has one counts.
    let mut starts = starts.iter().copied().peekable();
    for row in (0..time.len()).filter(|row| !time[*row].is_nan()) {
        let mut begins = false;
        while starts.next_if(|start| *start <= row).is_some() {
            begins = true;
        }
        if let Some(before) = before {
            let after = || time[row + 1..].iter().find(|t| !t.is_nan());
            let falls = time[row] < time[before] && !after().is_some_and(|after| *after >= time[before]);
            if begins || falls {
                borders.push(Border { row, before });
            }
        }
        before = Some(row);
    }
    borders
}

/// Puts segments behind each other. What passes across a border is what the rows' clock passes there, else one interval
/// (docs/formats/arbin.md#order-of-rows-and-several-tests). Returns the first rows of the later segments.
pub(super) fn segments(cells: &mut Cells, starts: &[usize], notes: &mut Notes) -> Vec<usize> {
    let Some(time) = cells.column(Column::Time) else { return Vec::new() };
    // Nearly always there is nothing to do; a missing time hides a fall from this look.
    if starts.is_empty() && time.is_sorted() {
        return Vec::new();
    }
    let borders = borders(time, starts);
    let Some(first) = borders.first() else { return Vec::new() };
    // Without any clock nothing says that this was resumed, unless the file counts its tests: the fall stays, and is refused later.
    if starts.is_empty() && cells.stamps.is_none() {
        return Vec::new();
    }
    let stamps = cells.stamps.as_deref().unwrap_or_default();
    let clock = |row: usize| stamps.get(row).filter(|stamp| **stamp != NO_TIME).map(|stamp| *stamp as f64 / 1000.0);
    let mut shifted = time.to_vec();
    let mut without_clock = 0usize;
    for (k, Border { row, before }) in borders.iter().enumerate() {
        let end = borders.get(k + 1).map_or(time.len(), |next| next.row);
        let passed = match (clock(*row), clock(*before)) {
            (Some(after), Some(before)) if after >= before => after - before,
            _ => {
                without_clock += 1;
                let next = time[row + 1..end].iter().find(|t| !t.is_nan());
                next.map_or(0.0, |next| (next - time[*row]).max(0.0))
            }
        };
        let shift = shifted[*before] + passed - time[*row];
        shifted[*row..end].iter_mut().for_each(|t| *t += shift);
    }
    let how = match without_clock {
        0 => String::new(),
        all if all == borders.len() => ", taken as one interval because the clock is missing or falls".to_owned(),
        some => format!(", of {some} of them taken as one interval because the clock is missing or falls"),
    };
    let message = format!(
        "the test goes on in {} further segment(s), the first from {} s to {} s; each was put behind the one before it by what the rows' clock passes across the border{how}",
        borders.len(),
        time[first.before],
        time[first.row]
    );
    notes.push(Note::new(NoteCode::TimeRepaired, message).count(borders.len()).at(record(first.row)));
    cells.put(Column::Time, shifted);
    borders.into_iter().map(|border| border.row).collect()
}

/// A step time that falls while both indices stay: a one-line loop (docs/formats/arbin.md#steps-and-cycles).
pub(super) fn step_runs(cells: &mut Cells, borders: &[usize]) {
    let (time, step) = (cells.column(Column::StepTime), cells.column(Column::StepFromCycler));
    let mut begins = match (time, step) {
        (Some(time), Some(step)) => pairs_where(time, |before, at| at < before)
            .into_iter()
            .filter(|row| step[*row] == step[row - 1])
            .chain(borders.iter().copied())
            .collect(),
        _ => borders.to_vec(),
    };
    begins.sort_unstable();
    begins.dedup();
    let runs = Runs::at(begins, cells.rows);
    if runs.len() > 1 {
        cells.put(Column::StepRun, runs.numbers());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Times and clocks (in s) and the times that come out, without the first.
    fn placed(time: &[f64], clock: &[f64], starts: &[usize]) -> (Vec<f64>, usize) {
        let mut cells = Cells::default();
        cells.rows = time.len();
        cells.put(Column::Time, time.to_vec());
        cells.stamps = Some(clock.iter().map(|c| if c.is_nan() { NO_TIME } else { (c * 1000.0) as i64 }).collect());
        let mut notes = Notes::new();
        segments(&mut cells, starts, &mut notes);
        (cells.column(Column::Time).unwrap().to_vec(), notes.len())
    }

    #[test]
    fn the_clock_is_taken_across_the_border() {
        // A pause of 900 s inside the first segment takes no test time; the border takes the 12 s that the clock passes there.
        let got = placed(&[10.0, 20.0, 30.0, 1.0, 2.0], &[10.0, 920.0, 930.0, 942.0, 943.0], &[]);
        assert_eq!(got, (vec![10.0, 20.0, 30.0, 42.0, 43.0], 1));
    }

    #[test]
    fn without_a_clock_one_interval_passes() {
        let got = placed(&[10.0, 20.0, 5.0, 12.0], &[f64::NAN; 4], &[]);
        assert_eq!(got.0, [10.0, 20.0, 27.0, 34.0]);
        // The clock was set back between the two.
        let got = placed(&[10.0, 20.0, 5.0, 12.0], &[100.0, 110.0, 50.0, 57.0], &[]);
        assert_eq!(got.0, [10.0, 20.0, 27.0, 34.0]);
    }

    #[test]
    fn a_later_test_need_not_begin_before_the_end_of_the_first() {
        let got = placed(&[10.0, 20.0, 30.0, 40.0], &[0.0, 10.0, 110.0, 120.0], &[2]);
        assert_eq!(got.0, [10.0, 20.0, 120.0, 130.0]);
    }

    #[test]
    fn one_row_that_falls_is_no_segment() {
        let got = placed(&[10.0, 20.0, -84.8, 30.0], &[0.0; 4], &[]);
        assert_eq!(got, (vec![10.0, 20.0, -84.8, 30.0], 0));
    }

    #[test]
    fn rows_without_a_time_hide_no_border() {
        let got = placed(&[10.0, 20.0, f64::NAN, 1.0, 2.0], &[0.0, 10.0, f64::NAN, 15.0, 16.0], &[]);
        assert_eq!(got.0[3..], [25.0, 26.0]);
    }
}
