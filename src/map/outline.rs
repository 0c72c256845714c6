//! What a table would become, without making it.

use serde::Serialize;

use super::cells::Cells;
use super::plan::{self, Plan};
use super::rules::{Context, Rules};
use super::{MapOptions, start};
use crate::error::Result;
use crate::note::Notes;
use crate::schema::{CellFacts, Column, MeasurementMetadata};
use crate::table::RawTable;
use crate::vocab::{Read, Role};

/// What becomes of one column of a file.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ColumnUse {
    /// As the file writes it.
    pub header: String,
    /// The schema's column, or what else it serves; `None` when it is not read.
    pub target: Option<String>,
    /// How its numbers are converted.
    pub conversion: Option<String>,
}

/// A table, outlined.
#[derive(Debug)]
pub struct Outline {
    /// Rows that were parsed.
    pub rows: usize,
    /// First and last test time in s.
    pub first_time: Option<f64>,
    /// Last test time in s.
    pub last_time: Option<f64>,
    /// First and last record number.
    pub records: Option<(i64, i64)>,
    /// Clock of the first row in ms since 1970; `None` where only the date is known.
    pub first_clock: Option<i64>,
    /// The columns in file order.
    pub columns: Vec<ColumnUse>,
    /// Facts of the header as written.
    pub facts: Vec<(String, String)>,
    /// The same in the platform's words.
    pub metadata: MeasurementMetadata,
    /// Facts about the cell.
    pub cell: CellFacts,
}

/// Outlines a table: columns, facts, first and last time.
///
/// # Errors
/// Those of [`to_frame`](super::to_frame) that the header alone causes.
pub fn outline(mut table: RawTable, rules: &Rules, options: &MapOptions, notes: &mut Notes) -> Result<Outline> {
    let plan = plan::make(&table, options, notes)?;
    let mut cells = Cells::read(&mut table, &plan, &mut Notes::new())?;
    table.utc_offset = table.utc_offset.or_else(|| start::stated_offset(&table, &plan, &cells));
    let ends = start::clock_ends(&table, &rules.conventions, &plan, &cells);
    let is_binary = table.grid.is_none();
    let mut context = Context {
        table: &table,
        plan: &plan,
        ends: &ends,
        is_binary,
        measured_rows_only: options.measured_rows_only,
        notes: &mut *notes,
        sign_is_settled: false,
        current_is_mean: false,
    };
    let unit_is_known = rules.time_unit.is_none_or(|settle| settle(&mut cells, &mut context));
    let start = start::settle(&table, &rules.conventions, &ends, &cells, options, notes)?;
    let known = |values: &[f64], last: bool| {
        let mut known = values.iter().copied().filter(|v| !v.is_nan());
        if last { known.next_back() } else { known.next() }
    };
    // Minutes that are shown as seconds would be worse than nothing.
    let time = cells.column(Column::Time).filter(|_| unit_is_known);
    let first_time = time.and_then(|t| known(t, false));
    let first_clock = start.as_ref().and_then(|start| start.first_row(first_time));
    table.metadata.start_time = start.map(|start| start.text);
    let record =
        |last| cells.column(Column::Record).and_then(|records| known(records, last)).map(|record| record as i64);
    let columns = table.columns.iter().enumerate().map(|(i, column)| use_of(i, &column.name, &plan)).collect();
    Ok(Outline {
        rows: cells.rows,
        first_time,
        last_time: time.and_then(|t| known(t, true)),
        records: record(false).zip(record(true)),
        first_clock,
        columns,
        facts: table.facts,
        metadata: table.metadata,
        cell: table.cell,
    })
}

fn use_of(index: usize, header: &str, plan: &Plan) -> ColumnUse {
    let header = header.to_owned();
    if let Some(extra) = plan.extras.iter().find(|extra| extra.column == index) {
        return ColumnUse { header, target: Some(extra.name.clone()), conversion: None };
    }
    let Some(claim) = plan.claims.iter().find(|claim| claim.column == index) else {
        return ColumnUse { header, target: None, conversion: None };
    };
    let target = match claim.role {
        Role::Column(column) => column.name().to_owned(),
        other if claim.number > 0 => format!("{} {}", other.name(), claim.number),
        other => other.name().to_owned(),
    };
    let mut how = claim.unit.describe();
    if matches!(claim.read, Read::Negated(_)) {
        how.push_str(" × −1");
    }
    ColumnUse { header, target: Some(target), conversion: Some(how).filter(|how| !how.is_empty()) }
}
