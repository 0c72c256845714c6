//! The numerics that transforms, summaries and checks share: plain slices in, plain values out, one pass each.
//!
//! Nulls are NaN here; [`frame`] is the only door to polars.

pub mod counter;
pub mod dips;
pub mod frame;
pub mod integral;
pub mod near;
pub mod runs;
pub mod scan;
pub mod stats;
pub mod time_unit;
pub mod trial;
pub mod vote;

pub use frame::{count_series, is_count, real_series, reals, runs_of};
pub use runs::{Begin, Runs};

/// Rows that one thread looks at in one go, where a column is looked at on all threads.
pub const PART: usize = 1 << 16;
