//! What the binary readers share: numbers at fixed places, columns of fixed-width records, dates.
//!
//! All numbers of the formats are little-endian. A place beyond the end gives `None`, never a panic.

mod columns;
mod scalar;
mod strings;

pub(crate) use columns::{BLOCK, in_blocks, in_parts};
pub(crate) use scalar::{Le, Scalar, at, positive_part, whole_part};
pub(crate) use strings::{gb18030, local_fields, ole_milliseconds, pascal, until_nul};
