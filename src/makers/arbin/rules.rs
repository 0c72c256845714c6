//! What only Arbin's spec knows (docs/formats/arbin.md#what-the-numbers-mean).

use super::segments::{pauses, segments, step_runs};
use super::words::ARBIN;
use crate::error::Result;
use crate::map::cells::Cells;
use crate::map::{Context, need_rows};
use crate::note::NoteCode;
use crate::schema::Column;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    let borders = segments(cells, &context.table.run_starts, context.notes);
    // 0 = not measured yet (docs/formats/arbin.md#internal-resistance).
    let resistances = [Role::Column(Column::DcResistance), Role::Column(Column::AcResistance)];
    for resistance in resistances {
        cells.update(resistance, |r| if r == 0.0 { f64::NAN } else { r });
        cells.drop_if_empty(resistance);
    }
    // Database extracts may leave step and cycle blank throughout (docs/formats/arbin.md#csv-dialects).
    for role in [Role::Column(Column::StepFromCycler), Role::Column(Column::CycleFromCycler)] {
        cells.drop_if_empty(role);
    }
    occasional(cells);
    pauses(cells, &borders, context.notes);
    if cells.rows > 0 && cells.column(Column::StepFromCycler).is_none() {
        let message = "the file numbers no steps: they are the runs of one sign of the current";
        context.notes.say(NoteCode::StepsCounted, message);
    }
    step_runs(cells, &borders);
    Ok(())
}

/// Columns that most files have and few use: 0 or blank throughout, they are left out (docs/formats/arbin.md#other-columns).
fn occasional(cells: &mut Cells) {
    let key = |name: &str| (ARBIN.fold)(name).key;
    let is_one = |name: &str| ["aci phase angle", "pulsestageindex", "pulsestagetime"].contains(&key(name).as_str());
    cells.extra_labels.retain(|(name, labels)| !is_one(name) || labels.names.iter().any(|text| !text.is_empty()));
    cells.extra_reals.retain(|(name, values)| !is_one(name) || values.iter().any(|v| *v != 0.0 && !v.is_nan()));
    for (name, _) in &mut cells.extra_reals {
        if key(name) == "aci phase angle" {
            "AC phase from cycler [deg]".clone_into(name);
        }
    }
}
