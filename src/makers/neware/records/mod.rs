//! What Neware's binary files share: codes, scales, steps, times and cycles (docs/formats/neware.md#what-the-numbers-mean).
//!
//! Seen in: `.nda` 8, 22, 23, 26, 29 and 130, `.ndax` with ndc 2, 5, 14, 16 and 17.

mod channel;
mod columns;
mod counters;
mod cycle;
mod info;
mod places;
mod scale;
mod status;
mod times;

pub(super) use crate::formats::CycleMode;
pub(super) use channel::{Channel, Quantity};
pub(super) use columns::Records;
pub(super) use counters::Counters;
pub(super) use info::Facts;
pub(super) use places::Places;
pub(super) use scale::Scale;
pub(super) use times::Clock;
