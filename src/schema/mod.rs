//! The Ionworks column schema (docs/schema.md#columns): which columns there are, in which unit and order.

mod column;
mod metadata;
mod unit;

pub use column::{COLUMNS, Column, ColumnSpec, Kind};
pub use metadata::{CellFacts, MeasurementMetadata, Protocol, TestSetup};
pub use unit::{Quantity, UNITS, Unit, UnitSpec};
