//! Transforms: functions from a frame to a frame, each usable alone (docs/decisions.md#order-of-work).
//!
//! None changes a column that its documentation does not name. Those that decide something take [`Notes`](crate::Notes) and
//! say there what they did.

mod accumulate;
mod accumulate_notes;
mod capacity;
mod complete;
mod current_sign;
mod cycle_count;
mod density;
mod energy;
mod impedance;
mod modes;
mod net_capacity;
mod outliers;
mod pipeline;
mod power;
mod quantities;
mod required;
mod short_steps;
mod soc;
mod step_count;
mod swap;
mod time;
mod time_repair;

pub use accumulate::{AccumulateOptions, CapacitySource};
pub use capacity::set_capacity;
pub(crate) use complete::complete;
pub use current_sign::{CurrentSignOptions, default_direction, set_positive_current_for_discharge};
pub use cycle_count::set_cycle_count;
pub use density::{convert_current_density_to_total_current, convert_total_current_to_current_density};
pub use energy::set_energy;
pub use impedance::{blank_untimed_impedance_rows, derive_impedance_components};
pub use net_capacity::{cumulative_net_capacity, set_net_capacity};
pub use outliers::remove_outliers;
pub use pipeline::{Pipeline, PipelineOptions, Step};
pub use power::{resign_power_from_current, set_power};
pub(crate) use required::in_export_order;
pub use required::keep_required_columns;
pub use short_steps::{ShortSteps, join_short_steps};
pub use soc::set_nominal_soc;
pub use step_count::{StepCountOptions, StepIdentity, set_step_count};
pub use swap::fix_swapped_charge_discharge_columns;
pub use time::{TimeOptions, offset_duplicate_times, reset_time};
pub use time_repair::repair_time;
