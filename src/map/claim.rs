//! A column of a file that serves a role.

use crate::schema::Unit;
use crate::vocab::{Read, Role};

/// One column that is read.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    /// Index into the table's columns.
    pub(crate) column: usize,
    pub(crate) role: Role,
    /// Number in the name; 0 without one.
    pub(crate) number: u32,
    pub(crate) read: Read,
    pub(crate) unit: Unit,
    /// Whether the header states the unit.
    pub(crate) unit_is_stated: bool,
    /// Which of two columns for one role is used: the lower.
    pub(super) rank: usize,
}
