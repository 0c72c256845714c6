//! What the terms mean (docs/formats/bdf.md#what-the-numbers-mean).

use crate::error::Result;
use crate::map::cells::Cells;
use crate::map::{Context, need_rows};
use crate::note::{Note, NoteCode};
use crate::schema::Column;
use crate::table::{RawTable, StartHint};
use crate::text::grid::NO_TIME;
use crate::text::timestamp::Civil;
use crate::vocab::Role;

/// The instants of the rows.
pub(super) const CLOCK: Role = Role::Column(Column::Timestamp);

/// From here on, an instant is in milliseconds: as seconds it would be after the year 5000.
const MILLISECONDS: f64 = 1e11;

/// An instant in milliseconds since 1970.
fn milliseconds(instant: f64) -> i64 {
    if instant.is_nan() {
        return NO_TIME;
    }
    (if instant.abs() >= MILLISECONDS { instant } else { instant * 1000.0 }).round() as i64
}

/// The first instant is the start, in UTC.
pub(super) fn start_of(table: &mut RawTable, first: Option<f64>) {
    if let Some(first) = first {
        table.start = Some(StartHint {
            civil: Civil { milliseconds: milliseconds(first), has_time: true },
            is_time_origin: false,
        });
        table.utc_offset = Some(0);
    }
}

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    if let Some(instants) = cells.take(CLOCK) {
        cells.stamps = Some(instants.into_iter().map(milliseconds).collect());
    }
    positions(cells, context);
    charge(cells, context);
    for role in
        [Role::Column(Column::StepFromCycler), Role::Column(Column::CycleFromCycler), Role::Column(Column::StepRun)]
    {
        cells.drop_if_empty(role);
    }
    if cells.number_steps() {
        let message = "the file numbers no steps: they are the runs of one sign of the current in each cycle";
        context.notes.say(NoteCode::StepsCounted, message);
    }
    Ok(())
}

/// `step_index` is a step's number for most who write it, and by the standard's newer text the position of a row in its step,
/// which says nothing of steps.
fn positions(cells: &mut Cells, context: &mut Context<'_>) {
    let role = Role::Column(Column::StepFromCycler);
    let is_index = cells.header(role).is_some_and(|name| (context.table.vocabulary.fold)(name).key == "step_index");
    let Some(values) = cells.column(Column::StepFromCycler).filter(|_| is_index) else { return };
    let counts = |pair: &&[f64]| pair[1] == pair[0] + 1.0;
    let pairs = values.windows(2).filter(|pair| !pair[0].is_nan() && !pair[1].is_nan()).count();
    let rising = values.windows(2).filter(counts).count();
    if pairs < 2 || rising * 10 < pairs * 8 {
        return;
    }
    let message = format!(
        "the step index counts the rows of each step ({rising} of {pairs} rows are one more than the row before): it numbers no \
         steps and was left out"
    );
    context.notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(1));
    cells.take(role);
}

/// One charge for both directions, where there is no pair: a net one is taken apart; of the others the transforms do it.
fn charge(cells: &mut Cells, context: &mut Context<'_>) {
    let Some(net) = cells.take(Role::Column(Column::NetCapacity)) else { return };
    let has = |column| cells.column(column).is_some();
    if has(Column::ChargeCapacity) && has(Column::DischargeCapacity) || has(Column::Capacity) {
        let header = cells.header(Role::Column(Column::NetCapacity)).unwrap_or_default();
        let message = format!("{header:?} says what other columns say as well and is not part of the output");
        context.notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(1));
        return;
    }
    let (mut charged, mut discharged) = (Vec::new(), Vec::new());
    let (mut sums, mut last) = ((0.0f64, 0.0f64), f64::NAN);
    for value in &net {
        if value.is_nan() {
            charged.push(f64::NAN);
            discharged.push(f64::NAN);
            continue;
        }
        let change = if last.is_nan() { 0.0 } else { value - last };
        sums = (sums.0 + change.max(0.0), sums.1 + (-change).max(0.0));
        last = *value;
        charged.push(sums.0);
        discharged.push(sums.1);
    }
    context.notes.say(
        NoteCode::UnitConverted,
        "the net capacity was taken apart: what it gains was charged, what it loses was discharged",
    );
    cells.put(Column::ChargeCapacity, charged);
    cells.put(Column::DischargeCapacity, discharged);
}
