//! Pieces of one test as one table (docs/decisions.md#pieces-of-one-test): where each goes on behind the one before it, and the
//! rows put behind each other. Steps, counters and the sign of the current are settled afterwards, for the whole.

mod chain;
mod ends;
mod seam;
mod stack;
mod tell;

use polars::prelude::{Column as PolarsColumn, DataFrame, IntoColumn};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::map::Mapped;
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::frame::{integer_series, put};
pub(crate) use ends::Ends;
pub(crate) use seam::{Seam, look};

/// A piece that was read.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) mapped: Mapped,
    pub(crate) ends: Ends,
}

/// Where the step identity is told that a piece begins a new step.
const PIECE: &str = "Piece of the test";

/// Puts pieces that follow each other into one table. `seams` are those between them.
///
/// # Errors
/// [`ErrorKind::Frame`](crate::ErrorKind::Frame) when columns cannot be put below each other.
pub(crate) fn join(parts: Vec<Part>, seams: &[Seam], notes: &mut Notes) -> Result<Mapped> {
    let mut parts = parts.into_iter();
    let Some(first) = parts.next() else {
        return Err(Error::new(ErrorKind::Options, "expected pieces of a test, found none"));
    };
    let (mut whole, mut last) = (first.mapped, first.ends);
    // A piece without a current has no sign to be settled.
    let (mut settled, mut driven) = (whole.sign_is_settled || !last.is_driven, last.is_driven);
    let mut frames = vec![whole.frame];
    let mut marks = vec![0; last.rows()];
    let mut mark = 0;
    for (part, seam) in parts.zip(seams) {
        let Part { mapped, ends } = part;
        let row = marks.len();
        let mut frame = mapped.frame;
        for (column, by) in seam.shifts() {
            shift(&mut frame, column, by)?;
        }
        let message = tell::seam(&last, &ends, seam);
        notes.push(Note::new(NoteCode::PiecesJoined, message).at(Place::Row(row as u64)));
        mark += i64::from(seam.begins_step);
        marks.resize(row + ends.rows(), mark);
        last = last.followed_by(&ends, seam);
        frames.push(frame);
        settled &= mapped.sign_is_settled || !ends.is_driven;
        driven |= ends.is_driven;
        whole.rows_read += mapped.rows_read;
        whole.may_log_magnitudes |= mapped.may_log_magnitudes;
        whole.is_signed_by_instrument &= mapped.is_signed_by_instrument;
        whole.current_is_mean |= mapped.current_is_mean;
        whole.current_digit = whole.current_digit.zip(mapped.current_digit).map(|(a, b)| a.max(b));
        whole.time_is_clock &= mapped.time_is_clock;
        for (own, others) in [(&mut whole.identity, mapped.identity), (&mut whole.internal, mapped.internal)] {
            others.into_iter().for_each(|name| {
                if !own.contains(&name) {
                    own.push(name)
                }
            });
        }
    }
    whole.sign_is_settled = settled && driven;
    whole.first_line = None;
    let (mut frame, mut lacking) = stack::below_each_other(frames)?;
    // Capacities, energies and power are made for all rows; what serves the steps alone is no column of the output.
    let is_made = |name: &str| ends::COUNTERS.iter().chain([&Column::Power]).any(|column| column.name() == name);
    lacking.retain(|name| !is_made(name) && !whole.internal.contains(name));
    tell::lacking(&lacking, notes);
    if mark > 0 && has_identity(&frame, &whole.identity) {
        put(&mut frame, integer_series(PIECE, marks))?;
        whole.identity.push(PIECE.to_owned());
        whole.internal.push(PIECE.to_owned());
    }
    whole.frame = frame;
    Ok(whole)
}

/// Whether steps are told apart by columns, and not by the sign of the current.
fn has_identity(frame: &DataFrame, also: &[String]) -> bool {
    let full = [Column::StepFromCycler, Column::CycleFromCycler, Column::Frame, Column::StepRun, Column::ControlMode];
    let mut names = full.iter().map(|column| column.name()).chain(also.iter().map(String::as_str));
    names.any(|name| frame.column(name).is_ok_and(|column| column.null_count() < column.len()))
}

/// Adds a number to a column, if it is there. Whole numbers stay whole.
fn shift(frame: &mut DataFrame, column: Column, by: f64) -> Result<()> {
    if by == 0.0 {
        return Ok(());
    }
    let Ok(found) = frame.column(column.name()) else { return Ok(()) };
    let series = found.as_materialized_series();
    let shifted: PolarsColumn = match series.i64() {
        Ok(_) => (series + by.round() as i64).into_column(),
        Err(_) => (series + by).into_column(),
    };
    put(frame, shifted)
}
