//! What is done with a table that nobody defines, and what is said of it (docs/formats/generic.md).

use crate::error::{Error, ErrorKind, Place, Result};
use crate::map::cells::Cells;
use crate::map::{Context, need_rows};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::table::Standing;
use crate::text::grid::NO_TIME;
use crate::vocab::Role;

pub(super) fn apply(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    need_rows(cells.rows, context.table)?;
    if context.table.standing == Standing::Schema {
        return Ok(());
    }
    tell_guess(context);
    counted_clock(cells, context.notes);
    need_moments(cells, context)?;
    time_of_clock(cells, context);
    doubt_supply(cells, context);
    for role in [Role::Column(Column::StepFromCycler), Role::Column(Column::CycleFromCycler)] {
        cells.drop_if_empty(role);
    }
    let has_steps = cells.column(Column::StepFromCycler).is_some() || cells.column(Column::StepRun).is_some();
    cells.number_steps();
    if !has_steps {
        let message = "the file numbers no steps: they are the runs of one sign of the current";
        context.notes.say(NoteCode::StepsCounted, message);
    }
    Ok(())
}

/// Which headers were taken for what.
fn tell_guess(context: &mut Context<'_>) {
    let needed = [Column::Time, Column::Timestamp, Column::Voltage, Column::Current];
    let taken = needed.iter().filter_map(|column| {
        let claim = context.plan.get(Role::Column(*column))?;
        Some(format!("{:?} as {:?}", context.table.columns.get(claim.column)?.name, column.name()))
    });
    let message = format!(
        "no maker's layout: columns were taken by what people usually call them, {}; the file does not say which current \
         charges: labels or the voltage decide it",
        taken.collect::<Vec<_>>().join(", ")
    );
    context.notes.push(Note::new(NoteCode::HeadersGuessed, message));
}

/// Volts above which no single cell is.
const NO_CELL: f64 = 60.0;

/// The log of a supply, an inverter or a meter has a time, a voltage and a current too.
fn doubt_supply(cells: &Cells, context: &mut Context<'_>) {
    let Some(voltage) = cells.column(Column::Voltage) else { return };
    let known = || voltage.iter().filter(|v| !v.is_nan());
    let (least, most) = known().fold((f64::INFINITY, 0.0f64), |(a, b), v| (a.min(v.abs()), b.max(v.abs())));
    if least > NO_CELL && least.is_finite() {
        let message = format!(
            "{:?} is {least} to {most} V throughout: no single cell has that. A pack may; the log of a supply or a meter is no \
             test of a cell",
            Column::Voltage.name()
        );
        context.notes.push(Note::new(NoteCode::ScaleDoubt, message));
    }
}

/// A clock in a unit of time: its differences are the test time where there is no other.
fn counted_clock(cells: &mut Cells, notes: &mut Notes) {
    let Some(clock) = cells.take(Role::BareTime) else { return };
    let name = cells.header(Role::BareTime).unwrap_or_default().to_owned();
    if cells.column(Column::Time).is_some() {
        let message = format!("{name:?}: a clock as a number beside the test time; not part of the output");
        notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(1));
        return;
    }
    let first = clock.iter().copied().find(|t| !t.is_nan()).unwrap_or(0.0);
    let message =
        format!("no test time; {name:?} was taken for it, from its first value {first} s on. It tells no start time");
    notes.say(NoteCode::TimeRepaired, message);
    cells.put(Column::Time, clock.iter().map(|t| t - first).collect());
}

const DAY: i64 = 86_400_000;

/// Numbers without a unit may be days: then they have parts of days. Whole ones count something else.
fn need_moments(cells: &mut Cells, context: &mut Context<'_>) -> Result<()> {
    let Some(stamps) = &cells.stamps else { return Ok(()) };
    let mut known = stamps.iter().filter(|s| **s != NO_TIME);
    let Some(first) = known.next() else { return Ok(()) };
    let are_days = stamps.iter().all(|s| *s == NO_TIME || s.rem_euclid(DAY) == 0) && known.any(|s| s != first);
    if !are_days {
        return Ok(());
    }
    let name = cells.header(Role::Column(Column::Timestamp)).unwrap_or_default().to_owned();
    if cells.column(Column::Time).is_none() {
        let message = format!(
            "expected clocks or dates with times of day in {name:?}, found whole days or numbers of something else; \
             `--map '{name}=Time [s]'` with `--unit '{name}=s'` says that they are seconds"
        );
        return Err(Error::new(ErrorKind::UnknownUnit, message).at(Place::Column(name)));
    }
    let message =
        format!("{name:?}: whole days, or numbers of something else, are no clock of rows; not part of the output");
    context.notes.push(Note::new(NoteCode::ColumnsUnmapped, message).count(1));
    cells.stamps = None;
    Ok(())
}

/// Without a test time the rows' clock tells it.
fn time_of_clock(cells: &mut Cells, context: &mut Context<'_>) {
    if cells.column(Column::Time).is_some() {
        return;
    }
    let Some(stamps) = &cells.stamps else { return };
    let first = stamps.iter().copied().find(|s| *s != NO_TIME).unwrap_or(0);
    let since = |s: &i64| if *s == NO_TIME { f64::NAN } else { s.saturating_sub(first) as f64 / 1000.0 };
    let time = stamps.iter().map(since).collect();
    context.notes.say(NoteCode::TimeRepaired, "no test time; the differences of the time stamps were used");
    cells.put(Column::Time, time);
}
