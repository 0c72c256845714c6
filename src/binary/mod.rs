//! What the binary readers share: numbers at fixed places, columns of fixed-width records, dates.
//!
//! All numbers of the formats are little-endian. A place beyond the end gives `None`, never a panic.

mod columns;
mod scalar;
mod strings;

pub(crate) use columns::{BLOCK, in_blocks};
pub(crate) use scalar::{Scalar, at};
pub(crate) use strings::{ole_milliseconds, pascal};
