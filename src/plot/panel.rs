//! What each part of the picture shows, taken from the frames.

use std::borrow::Cow;
use std::collections::HashSet;

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::decimate::{Pieces, decimate};
use super::phases::Rows;
use super::scale::{self, Shown};
use super::shade::{self, Kind};
use crate::error::Result;
use crate::schema::Column;
use crate::signal::frame::{reals, reals_by_name};

/// A quantity over time.
#[derive(Debug)]
pub struct TimePanel {
    /// Name and unit.
    pub label: String,
    /// Lines in the shown unit over time in s.
    pub pieces: Pieces,
    /// Of the values, with room.
    pub range: (f64, f64),
    /// Position in the palette.
    pub color: usize,
}

/// Values with their name and units.
type Quantity<'f> = (Cow<'f, [f64]>, &'static str, &'static [Shown]);

/// Quantities that are drawn over time: the column, its name, its units.
static OVER_TIME: &[(Column, &str, &[Shown])] = &[
    (Column::Voltage, "Voltage", &[Shown { unit: "V", times: 1.0 }]),
    (Column::Current, "Current", scale::AMPERE),
    (Column::CurrentDensity, "Current density", &[Shown { unit: "mA/cm²", times: 1.0 }]),
    (Column::Temperature, "Temperature", &[Shown { unit: "°C", times: 1.0 }]),
];

/// The time's range in s, and a panel for each quantity that has a value.
pub fn over_time(frame: &DataFrame, columns: usize) -> Result<((f64, f64), Vec<TimePanel>)> {
    let Some(time) = reals(frame, Column::Time)? else { return Ok(((0.0, 0.0), Vec::new())) };
    let range = scale::extent(time.iter().copied()).unwrap_or((0.0, 0.0));
    let mut quantities: Vec<Quantity<'_>> = Vec::new();
    for (column, name, units) in OVER_TIME {
        if let Some(values) = reals(frame, *column)? {
            quantities.push((values, name, units));
        }
    }
    let panel = |(color, (values, name, units)): (usize, Quantity<'_>)| {
        let mut pieces = decimate(&time, &values, range, columns);
        let (low, high) = scale::extent(pieces.iter().flatten().map(|(_, y)| *y))?;
        let shown = scale::pick(units, low.abs().max(high.abs()));
        pieces.iter_mut().flatten().for_each(|(_, y)| *y *= shown.times);
        let more = if name.starts_with("Current") { ", discharge > 0" } else { "" };
        Some(TimePanel {
            label: format!("{name} [{}]{more}", shown.unit),
            pieces,
            range: scale::padded(low * shown.times, high * shown.times),
            color,
        })
    };
    let panels = quantities.into_par_iter().enumerate().map(panel).collect::<Vec<_>>();
    Ok((range, panels.into_iter().flatten().collect()))
}

/// When each step begins, and its kind; steps without a time are left out. A step that holds its voltage after its current
/// gives two.
pub fn kinds(steps: &DataFrame, time_series: &DataFrame) -> Result<Vec<(f64, Kind)>> {
    let (Some(start), Ok(types)) = (reals_by_name(steps, "Start time [s]")?, steps.column("Step type")) else {
        return Ok(Vec::new());
    };
    let Ok(types) = types.str() else { return Ok(Vec::new()) };
    let (low, high) = (reals_by_name(steps, "Min current [A]")?, reals_by_name(steps, "Max current [A]")?);
    let range = |row: usize| Some((low.as_ref()?[row], high.as_ref()?[row]));
    let largest = (0..start.len()).filter_map(range).fold(0f64, |most, (a, b)| most.max(a.abs()).max(b.abs()));
    let (first, last) = (reals_by_name(steps, "Start index")?, reals_by_name(steps, "End index")?);
    let rows = Rows::of(time_series)?;
    let mut kinds = Vec::new();
    for (step, step_type) in types.iter().enumerate().filter(|(step, _)| !start[*step].is_nan()) {
        let step_type = step_type.unwrap_or_default();
        let kind = Kind::of(step_type, range(step), largest);
        kinds.push((start[step], kind));
        let held = first.as_ref().zip(last.as_ref()).zip(rows.as_ref()).filter(|_| !shade::is_named(step_type));
        if let Some(((first, last), rows)) = held
            && let Some(time) = rows.voltage_is_held_from(first[step] as usize..last[step] as usize + 1)
        {
            kinds.extend(kind.held().map(|kind| (time, kind)));
        }
    }
    Ok(kinds)
}

/// Points over the cycles.
#[derive(Debug)]
pub struct CyclePanel {
    /// Name and unit.
    pub label: String,
    /// The series: name, points.
    pub series: Vec<(&'static str, Vec<(f64, f64)>)>,
    /// What counts the cycles.
    pub x_name: &'static str,
    /// Of the cycles' numbers, with room.
    pub x: (f64, f64),
    /// Of the values, with room.
    pub y: (f64, f64),
    /// Points that lie outside of `y`.
    pub outside: usize,
}

/// Efficiencies that a cell can have, in %, generously; anything else is a half cycle or a formation and would flatten the rest.
const EFFICIENCY: (f64, f64) = (50.0, 120.0);

/// Leaves out points that would be drawn where one already is.
fn thin(points: &mut Vec<(f64, f64)>, x: (f64, f64), y: (f64, f64)) {
    let cell = |value: f64, range: (f64, f64), cells: f64| ((value - range.0) / (range.1 - range.0) * cells) as i64;
    let mut drawn = HashSet::new();
    points.retain(|(c, v)| drawn.insert((cell(*c, x, 1000.0), cell(*v, y, 500.0))));
}

/// Numbers of cycles, and what counts them.
type Numbers<'f> = (Cow<'f, [f64]>, &'static str);

fn is_rising(numbers: &[f64]) -> bool {
    numbers.windows(2).all(|two| two[0] < two[1])
}

/// Whether the cycler's numbers of cycles are known and count on.
pub fn counts_on(cycles: &DataFrame) -> Result<bool> {
    let numbers = reals(cycles, Column::CycleFromCycler)?;
    Ok(numbers.is_some_and(|numbers| numbers.iter().all(|number| number.is_finite()) && is_rising(&numbers)))
}

/// The numbers of the cycles: those of the cycler where it counts on, which people know, else ours.
fn numbers(cycles: &DataFrame) -> Result<Option<Numbers<'_>>> {
    if let Some(numbers) = reals(cycles, Column::CycleFromCycler)?.filter(|numbers| is_rising(numbers)) {
        return Ok(Some((numbers, "Cycle from cycler")));
    }
    Ok(reals(cycles, Column::CycleCount)?.map(|numbers| (numbers, "Cycle count")))
}

/// Name of a cycle's capacity, as the axis writes it with its unit.
pub const CAPACITY: &str = "Capacity of the cycle";
/// Name of the coulombic efficiency in %, with what is divided.
pub const EFFICIENCY_NAME: &str = "Efficiency [%], discharge ÷ charge";

/// A value of each cycle, over the numbers of the cycles.
pub type Points = Vec<(f64, f64)>;

/// What a test's cycles show.
#[derive(Debug)]
pub struct OverCycles {
    /// What counts the cycles.
    pub x_name: &'static str,
    /// Of all cycles, the numbers.
    pub cycle: Vec<f64>,
    /// In A·h.
    pub discharge: Points,
    /// In A·h.
    pub charge: Points,
    /// In %, where a cell can have it.
    pub efficiency: Points,
    /// Efficiencies that no cell can have.
    pub outside: usize,
}

/// Capacities, and efficiency where a cycle has both directions; `None` without numbers of cycles.
pub fn over_cycles(cycles: &DataFrame) -> Result<Option<OverCycles>> {
    let Some((cycle, x_name)) = numbers(cycles)? else { return Ok(None) };
    let capacity = |column| -> Result<Points> {
        let Some(values) = reals(cycles, column)? else { return Ok(Points::new()) };
        // A cycle without a charge is not one with a charge of 0.
        Ok(cycle.iter().copied().zip(values.iter().copied()).filter(|(_, q)| *q > 0.0).collect())
    };
    let (discharge, charge) = (capacity(Column::DischargeCapacity)?, capacity(Column::ChargeCapacity)?);
    let mut efficiency = Points::new();
    if let Some(values) = reals_by_name(cycles, "Coulombic efficiency")? {
        let all = cycle.iter().zip(values.iter()).map(|(c, e)| (*c, 100.0 * e));
        efficiency = all.filter(|(_, e)| e.is_finite() && *e > 0.0).collect();
    }
    let all = efficiency.len();
    efficiency.retain(|(_, e)| (EFFICIENCY.0..=EFFICIENCY.1).contains(e));
    let outside = all - efficiency.len();
    Ok(Some(OverCycles { x_name, cycle: cycle.into_owned(), discharge, charge, efficiency, outside }))
}

/// Capacity, and efficiency where a cycle has both directions. None for a test of a single cycle.
pub fn per_cycle(cycles: &DataFrame) -> Result<Vec<CyclePanel>> {
    let Some(OverCycles { x_name, cycle, discharge, charge, mut efficiency, outside }) = over_cycles(cycles)? else {
        return Ok(Vec::new());
    };
    if cycle.len() < 2 {
        return Ok(Vec::new());
    }
    let mut panels = Vec::new();
    let x = scale::extent(cycle.iter().copied()).map_or((0.0, 1.0), |(low, high)| scale::padded(low, high));
    let mut series = vec![("discharge", discharge), ("charge", charge)];
    series.retain(|(_, points)| !points.is_empty());
    if let Some((low, high)) = scale::extent(series.iter().flat_map(|(_, points)| points).map(|(_, q)| *q)) {
        let shown = scale::pick(scale::AMPERE_HOUR, high);
        series.iter_mut().flat_map(|(_, points)| points).for_each(|(_, q)| *q *= shown.times);
        let label = format!("{CAPACITY} [{}]", shown.unit);
        let (low, high) = (low * shown.times, high * shown.times);
        // A fade of some percent is to be seen; a cycle that is cut short starts the axis at 0.
        let y = if low > 0.5 * high { scale::padded(low, high) } else { (0.0, 1.06 * high) };
        series.iter_mut().for_each(|(_, points)| thin(points, x, y));
        panels.push(CyclePanel { label, series, x_name, x, y, outside: 0 });
    }
    if let Some((low, high)) = scale::extent(efficiency.iter().map(|(_, e)| *e)) {
        let y = scale::padded(low, high);
        thin(&mut efficiency, x, y);
        let series = vec![("", efficiency)];
        panels.push(CyclePanel { label: EFFICIENCY_NAME.to_owned(), series, x_name, x, y, outside });
    }
    Ok(panels)
}
