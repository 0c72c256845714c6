//! The columns of a quantity that is counted up: capacity or energy.

use crate::note::NoteCode;
use crate::schema::Column;

/// The columns of one quantity.
pub(super) struct Quantities {
    pub(super) discharge: Column,
    pub(super) charge: Column,
    pub(super) single: Column,
    pub(super) disagrees: NoteCode,
    /// What is integrated, for messages.
    pub(super) rate: &'static str,
}
