//! The steps and cycles tables (docs/schema.md#steps-table, docs/schema.md#cycles-table), each one pass over the rows.

mod cycles;
pub(crate) mod layout;
mod steps;

pub use cycles::summarize_cycles;
pub use steps::{StepOptions, summarize_steps};
