//! One check a file: what it finds, why it matters, what to do, and the code that finds it.

pub(super) mod columns_swapped;
pub(super) mod cumulative;
pub(super) mod current_sign;
pub(super) mod cycle_in_step;
pub(super) mod eis_columns;
pub(super) mod eis_magnitude;
pub(super) mod eis_sign;
pub(super) mod exceeds_rated;
pub(super) mod few_points;
pub(super) mod integral_mismatch;
pub(super) mod ocp_columns;
pub(super) mod row_count;
pub(super) mod same_direction;
pub(super) mod step_count;
pub(super) mod time_gap;
pub(super) mod time_missing;
pub(super) mod time_order;
pub(super) mod time_start;
pub(super) mod timing;
pub(super) mod voltage_continuity;

use crate::error::Result;
use crate::issue::ValidationIssue;
use crate::schema::Column;
use crate::validate::Context;
use crate::validate::rule::rule;

/// What every check gets to write to.
type Issues = Vec<ValidationIssue>;
