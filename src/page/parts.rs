//! Steps, cycles and what the cell was doing, as the page lists and shades them.

use polars::prelude::DataFrame;
use serde_json::{Value, json};

use super::table::{Blobs, Column};
use crate::error::Result;
use crate::plot;
use crate::schema;
use crate::signal::frame::reals_by_name;

/// Columns of the steps table that the page lists: how its script calls them, and their names.
static STEPS: &[(&str, &str)] = &[
    ("first", "Start index"),
    ("last", "End index"),
    ("time", "Start time [s]"),
    ("end", "End time [s]"),
    ("number", "Step count"),
    ("cycle", "Cycle count"),
    ("from", "Start voltage [V]"),
    ("to", "End voltage [V]"),
    ("mean", "Mean current [A]"),
    ("discharge", "Discharge capacity [A.h]"),
    ("charge", "Charge capacity [A.h]"),
];

static CYCLES: &[(&str, &str)] = &[
    ("count", "Cycle count"),
    ("cycler", "Cycle from cycler"),
    ("time", "Start time [s]"),
    ("duration", "Cycle duration [s]"),
    ("discharge", "Discharge capacity [A.h]"),
    ("charge", "Charge capacity [A.h]"),
    ("efficiency", "Coulombic efficiency"),
];

fn columns(table: &DataFrame, wanted: &[(&'static str, &str)]) -> Result<Vec<Column>> {
    let mut columns = Vec::new();
    for (key, name) in wanted {
        if let Some(values) = reals_by_name(table, name)? {
            columns.push(Column { key, values: values.into_owned() });
        }
    }
    Ok(columns)
}

/// The steps, with their types in words.
pub fn steps(table: &DataFrame, blobs: &mut Blobs) -> Result<Value> {
    let mut columns = columns(table, STEPS)?;
    let mut types: Vec<&str> = Vec::new();
    if let Ok(Ok(words)) = table.column("Step type").map(|column| column.str()) {
        let codes = words.iter().map(|word| {
            let word = word.unwrap_or_default();
            let known = types.iter().position(|known| *known == word).unwrap_or_else(|| {
                types.push(word);
                types.len() - 1
            });
            known as f64
        });
        let values = codes.collect();
        columns.push(Column { key: "type", values });
    }
    Ok(json!({ "rows": table.height(), "columns": blobs.add_together(&columns)?, "types": types }))
}

/// The cycles; they are called by the cycler's numbers where these count on, as in the pictures.
pub fn cycles(table: &DataFrame, blobs: &mut Blobs) -> Result<Value> {
    let columns = columns(table, CYCLES)?;
    let counts_on = plot::counts_on(table)?;
    let name = if counts_on { schema::Column::CycleFromCycler } else { schema::Column::CycleCount }.name();
    Ok(
        json!({ "rows": table.height(), "columns": blobs.add_together(&columns)?, "name": name, "from_cycler": counts_on }),
    )
}

/// What the cell was doing from when on.
pub fn phases(steps: &DataFrame, time_series: &DataFrame, blobs: &mut Blobs) -> Result<Value> {
    let phases = plot::phases(steps, time_series)?;
    let mut kinds: Vec<(&str, String)> = Vec::new();
    let mut codes = Vec::new();
    for (_, name, color) in &phases {
        let known = kinds.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            kinds.push((name, color.clone()));
            kinds.len() - 1
        });
        codes.push(known as f64);
    }
    let times = phases.iter().map(|(time, ..)| *time).collect();
    let columns =
        blobs.add_together(&[Column { key: "time", values: times }, Column { key: "kind", values: codes }])?;
    let kinds: Vec<Value> = kinds.into_iter().map(|(name, color)| json!({ "name": name, "color": color })).collect();
    Ok(json!({ "rows": phases.len(), "columns": columns, "kinds": kinds }))
}
