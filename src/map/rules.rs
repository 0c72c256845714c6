//! What only a maker knows of turning cells into columns.

use super::cells::Cells;
use super::conventions::Conventions;
use super::plan::Plan;
use super::start::ClockEnds;
use crate::error::Result;
use crate::note::Notes;
use crate::table::RawTable;

/// A maker's rules.
#[derive(Debug)]
pub struct Rules {
    /// Runs on the parsed cells, in the units of the schema and with the sign of the current settled where it is fixed.
    pub(crate) apply: fn(&mut Cells, &mut Context<'_>) -> Result<()>,
    /// Settles the unit of a test time whose header states none; `false` where nothing tells it.
    pub(crate) time_unit: Option<fn(&mut Cells, &mut Context<'_>) -> bool>,
    /// How its files are written.
    pub(crate) conventions: Conventions,
}

impl Rules {
    /// Words and units say all.
    pub(crate) const PLAIN: Self = Self { apply: |_, _| Ok(()), time_unit: None, conventions: Conventions::PLAIN };
}

/// What a maker's rules may look at beside the cells.
#[derive(Debug)]
pub struct Context<'a> {
    /// The table, without its text.
    pub(crate) table: &'a RawTable,
    /// Which column serves what.
    pub(crate) plan: &'a Plan,
    /// The first and last clock reading.
    pub(crate) ends: &'a ClockEnds,
    /// Whether the numbers were decoded rather than read from text: times and steps are exact then.
    pub(crate) is_binary: bool,
    /// Whether the caller wants no rows that the cycler wrote between measurements.
    pub(crate) measured_rows_only: bool,
    /// What is to be told.
    pub(crate) notes: &'a mut Notes,
    /// Set by the rules where the mode column has settled the current's sign for good.
    pub(crate) sign_is_settled: bool,
    /// Set by the rules where the current was made from increments of charge: it is the mean since the record before.
    pub(crate) current_is_mean: bool,
}
