//! What a reported counter says has passed between two rows.

use std::borrow::Cow;
use std::ops::Range;

use super::Evidence;
use crate::error::Result;
use crate::schema::Column;
use crate::signal::stats;

/// The counters of charge (or energy) as the file has them.
pub(super) enum Counters<'f> {
    /// Discharge and charge: what passes has a sign.
    Pair(Cow<'f, [f64]>, Cow<'f, [f64]>),
    /// One for both: only its size counts, because some count down and some do not.
    Single(Cow<'f, [f64]>),
}

impl<'f> Counters<'f> {
    /// The pair where the file has both, else the single one.
    pub(super) fn of(
        evidence: &Evidence<'f>,
        discharge: Column,
        charge: Column,
        single: Column,
    ) -> Result<Option<Self>> {
        if let (Some(d), Some(c)) = (evidence.reported(discharge)?, evidence.reported(charge)?) {
            return Ok(Some(Self::Pair(d, c)));
        }
        Ok(evidence.reported(single)?.map(Self::Single))
    }

    /// What one step of the last digit is. Both of a pair have the same digits; the values of one may happen to need fewer.
    pub(super) fn resolution(&self) -> f64 {
        let digit = |values: &[f64]| stats::resolution(values, 1.0);
        let computed = |values: &[f64]| 1e-7 * stats::max_abs(values);
        match self {
            Self::Pair(d, c) => digit(d).min(digit(c)).max(computed(d)).max(computed(c)),
            Self::Single(q) => digit(q).max(computed(q)),
        }
    }

    pub(super) fn is_signed(&self) -> bool {
        matches!(self, Self::Pair(..))
    }

    /// What passed between a row and the one before it, positive = discharge; NaN without a value. A counter that falls has begun
    /// anew: then at least what it shows has passed.
    #[inline]
    pub(super) fn moved(&self, row: usize) -> f64 {
        match self {
            Self::Pair(d, c) => rise(d, row) - rise(c, row),
            Self::Single(q) => gone(q[row - 1], q[row]),
        }
    }

    /// [`Self::moved`] of some rows, none of which is the first.
    pub(super) fn moved_in(&self, rows: Range<usize>, moved: &mut [f64]) {
        let before = rows.start - 1..rows.end - 1;
        match self {
            Self::Pair(d, c) => {
                let d = d[before.clone()].iter().zip(&d[rows.clone()]);
                let c = c[before].iter().zip(&c[rows]);
                for ((moved, (d0, d)), (c0, c)) in moved.iter_mut().zip(d).zip(c) {
                    *moved = risen(*d0, *d) - risen(*c0, *c);
                }
            }
            Self::Single(q) => {
                for ((moved, before), after) in moved.iter_mut().zip(&q[before]).zip(&q[rows]) {
                    *moved = gone(*before, *after);
                }
            }
        }
    }

    /// The same in both directions together.
    pub(super) fn passed(&self, row: usize) -> f64 {
        match self {
            Self::Pair(d, c) => rise(d, row) + rise(c, row),
            Self::Single(_) => self.moved(row),
        }
    }

    /// All that passed within the steps.
    pub(super) fn total(&self, evidence: &Evidence<'_>) -> f64 {
        let inside = evidence.steps.iter().flat_map(|step| step.start + 1..step.end);
        inside.map(|row| self.moved(row).abs()).filter(|moved| !moved.is_nan()).sum()
    }
}

#[inline]
fn rise(values: &[f64], row: usize) -> f64 {
    risen(values[row - 1], values[row])
}

/// What one of a pair gained.
#[inline]
fn risen(before: f64, after: f64) -> f64 {
    if after < before { after } else { after - before }
}

/// By how much a counter for both directions moved.
#[inline]
fn gone(before: f64, after: f64) -> f64 {
    // Some count down; a restart leaves less behind than stood there before.
    if after.abs() < 0.5 * before.abs() { after.abs() } else { (after - before).abs() }
}
