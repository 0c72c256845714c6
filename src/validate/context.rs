//! What the checks share: columns as slices and the step groups, each taken from the frame once.

use std::borrow::Cow;

use polars::prelude::DataFrame;

use super::ValidateOptions;
use crate::error::Result;
use crate::schema::Column;
use crate::signal::scan::{has_nan, pairs_where};
use crate::signal::{Runs, reals, runs_of};

type Values<'f> = Option<Cow<'f, [f64]>>;

/// A frame and its options, ready to be checked.
pub(crate) struct Context<'f> {
    pub(crate) frame: &'f DataFrame,
    pub(crate) options: &'f ValidateOptions,
    pub(crate) time: Values<'f>,
    pub(crate) current: Values<'f>,
    pub(crate) voltage: Values<'f>,
    pub(crate) frequency: Values<'f>,
    pub(crate) has_step: bool,
    all_timed: bool,
    /// Runs of equal `Step count`; empty without one.
    pub(crate) groups: Runs,
}

impl<'f> Context<'f> {
    pub(crate) fn new(frame: &'f DataFrame, options: &'f ValidateOptions) -> Result<Self> {
        let time = reals(frame, Column::Time)?;
        Ok(Self {
            frame,
            options,
            all_timed: time.as_deref().is_some_and(|time| !has_nan(time)),
            time,
            current: reals(frame, Column::Current)?,
            voltage: reals(frame, Column::Voltage)?,
            frequency: reals(frame, Column::Frequency)?,
            has_step: frame.column(Column::StepCount.name()).is_ok(),
            groups: runs_of(frame, Column::StepCount)?.unwrap_or_else(|| Runs::of::<f64>(&[])),
        })
    }

    /// `Step count` row by row. Most checks ask for the groups, which need no column of floats.
    pub(crate) fn step(&self) -> Result<Values<'f>> {
        reals(self.frame, Column::StepCount)
    }

    /// Rows that have a time, in order.
    pub(crate) fn timed_rows(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let time = self.time.as_deref().unwrap_or_default();
        time.iter().copied().enumerate().filter(|(_, t)| !t.is_nan())
    }

    /// Whether all rows have a time: then nothing has to be taken out.
    pub(crate) fn all_timed(&self) -> bool {
        self.all_timed
    }

    /// Pairs of consecutive timed rows whose times stand so, in order.
    pub(crate) fn timed_pairs(&self, holds: impl Fn(f64, f64) -> bool + Sync) -> Vec<(usize, usize)> {
        if self.all_timed {
            let time = self.time.as_deref().unwrap_or_default();
            return pairs_where(time, holds).into_iter().map(|row| (row - 1, row)).collect();
        }
        let pairs = self.timed_rows().zip(self.timed_rows().skip(1));
        pairs.filter(|((_, before), (_, at))| holds(*before, *at)).map(|((before, _), (at, _))| (before, at)).collect()
    }

    pub(crate) fn columns(&self) -> Vec<String> {
        self.frame.get_column_names().iter().map(|name| name.to_string()).collect()
    }
}
