//! What the witnesses look at.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use polars::prelude::DataFrame;

use crate::error::{Error, Result};
use crate::schema::Column;
use crate::signal::frame::reals_by_name;
use crate::signal::{Runs, reals, runs_of};
use crate::vocab::Direction;

/// A measurement after the standard pipeline, with what the file says of its records.
pub(crate) struct Evidence<'f> {
    pub(super) frame: &'f DataFrame,
    pub(super) steps: Runs,
    /// Whether the file reports power; otherwise it is V·I.
    pub(super) power_is_reported: bool,
    /// What the file's mode labels mean.
    pub(super) direction: fn(&str) -> Direction,
    labelled: OnceLock<Option<Vec<Labelled<'f>>>>,
}

/// Rows with one mode label, and where it points.
pub(super) struct Labelled<'f> {
    pub(super) rows: Range<usize>,
    pub(super) direction: Direction,
    pub(super) label: &'f str,
}

/// Columns that the transforms rewrite, by their name and the one under which they are kept as the file has them.
static HELD: &[(Column, &str)] = &[
    (Column::DischargeCapacity, "as reported: discharge capacity"),
    (Column::ChargeCapacity, "as reported: charge capacity"),
    (Column::Capacity, "as reported: capacity"),
    (Column::DischargeEnergy, "as reported: discharge energy"),
    (Column::ChargeEnergy, "as reported: charge energy"),
    (Column::Energy, "as reported: energy"),
];

/// Keeps the reported counters beside the columns that the transforms make of them. They are shared, not copied, and their
/// names go to `internal`, so that they are not part of the output.
pub(crate) fn hold(frame: &mut DataFrame, internal: &mut Vec<String>) -> Result<()> {
    for (column, name) in HELD {
        let Ok(values) = frame.column(column.name()) else { continue };
        let held = values.clone().with_name((*name).into());
        frame.with_column(held).map_err(Error::polars)?;
        internal.push((*name).to_owned());
    }
    Ok(())
}

impl<'f> Evidence<'f> {
    /// `frame` has the columns of [`hold`].
    pub(crate) fn new(frame: &'f DataFrame, power_is_reported: bool, direction: fn(&str) -> Direction) -> Result<Self> {
        let steps = runs_of(frame, Column::StepCount)?.unwrap_or_else(|| Runs::of::<f64>(&[]));
        Ok(Self { frame, steps, power_is_reported, direction, labelled: OnceLock::new() })
    }

    /// The steps, or all rows as one where none are counted.
    pub(super) fn steps_of(&self, rows: usize) -> Runs {
        if self.steps.len() == 0 { Runs::at([], rows) } else { self.steps.clone() }
    }

    pub(super) fn reals(&self, column: Column) -> Result<Option<Cow<'f, [f64]>>> {
        reals(self.frame, column)
    }

    /// A counter as the file has it.
    pub(super) fn reported(&self, column: Column) -> Result<Option<Cow<'f, [f64]>>> {
        let Some((_, name)) = HELD.iter().find(|(held, _)| *held == column) else { return Ok(None) };
        reals_by_name(self.frame, name)
    }

    /// Rows of impedance: their current and voltage are amplitudes.
    pub(super) fn frequency(&self) -> Result<Option<Cow<'f, [f64]>>> {
        self.reals(Column::Frequency)
    }

    /// The first row of a column.
    pub(super) fn first(&self, column: Column) -> Result<Option<f64>> {
        let head = self.frame.head(Some(1));
        let first = reals(&head, column)?.and_then(|values| values.first().copied());
        Ok(first)
    }

    /// Whether a column of the frame or a counter as the file has it has no value in some row.
    pub(super) fn has_blanks(&self, column: Column) -> bool {
        let held = HELD.iter().find(|(held, _)| *held == column).map(|(_, name)| *name);
        let found = held.and_then(|name| self.frame.column(name).ok());
        let found = found.or_else(|| self.frame.column(column.name()).ok());
        found.is_some_and(|column| column.null_count() > 0)
    }

    /// Runs of rows with one mode label, looked at once.
    pub(super) fn directions(&self) -> Option<&[Labelled<'f>]> {
        self.labelled.get_or_init(|| self.look_at_labels()).as_deref()
    }

    fn look_at_labels(&self) -> Option<Vec<Labelled<'f>>> {
        let column = [Column::Mode, Column::Status].iter().find_map(|c| self.frame.column(c.name()).ok())?;
        let texts = column.as_materialized_series().str().ok()?;
        let mut runs: Vec<Labelled<'f>> = Vec::new();
        let mut row = 0;
        for array in texts.downcast_iter() {
            let views = array.views();
            let mut from = 0;
            while let Some(view) = views.get(from) {
                // Texts with one view are one text, unless they are null.
                let same = views[from..].iter().take_while(|other| other.as_u128() == view.as_u128());
                let count = if texts.null_count() == 0 { same.count() } else { 1 };
                let label = array.get(from).unwrap_or_default();
                match runs.last_mut() {
                    Some(run) if run.label == label => run.rows.end = row + count,
                    _ => {
                        let direction = if label.is_empty() { Direction::Neither } else { (self.direction)(label) };
                        runs.push(Labelled { rows: row..row + count, direction, label });
                    }
                }
                (from, row) = (from + count, row + count);
            }
        }
        Some(runs)
    }
}
