//! The steps and cycles tables (ionworks.md §4, §5), each one pass over the rows.

mod cycles;
mod steps;

pub use cycles::summarize_cycles;
pub use steps::{StepOptions, summarize_steps};
