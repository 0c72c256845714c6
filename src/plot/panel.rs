//! What each part of the picture shows, taken from the frames.

use std::borrow::Cow;
use std::collections::HashSet;

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::decimate::{Pieces, decimate};
use super::scale::{self, Shown};
use super::shade::Kind;
use crate::error::Result;
use crate::schema::Column;
use crate::signal::Runs;
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

/// When each step begins, and its kind; steps without a time are left out.
pub fn kinds(steps: &DataFrame) -> Result<Vec<(f64, Kind)>> {
    let (Some(start), Ok(types)) = (reals_by_name(steps, "Start time [s]")?, steps.column("Step type")) else {
        return Ok(Vec::new());
    };
    let Ok(types) = types.str() else { return Ok(Vec::new()) };
    let (low, high) = (reals_by_name(steps, "Min current [A]")?, reals_by_name(steps, "Max current [A]")?);
    let range = |row: usize| Some((low.as_ref()?[row], high.as_ref()?[row]));
    let kind = |(row, kind): (usize, Option<&str>)| Kind::of(kind.unwrap_or_default(), range(row));
    let all = start.iter().copied().zip(types.iter().enumerate().map(kind));
    Ok(all.filter(|(start, _)| !start.is_nan()).collect())
}

/// Points over the cycle count.
#[derive(Debug)]
pub struct CyclePanel {
    /// Name and unit.
    pub label: String,
    /// The series: name, points.
    pub series: Vec<(&'static str, Vec<(f64, f64)>)>,
    /// Of the cycle counts, with room.
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

/// Capacity, and efficiency where a cycle has both directions. None for a test of a single cycle.
pub fn per_cycle(cycles: &DataFrame) -> Result<Vec<CyclePanel>> {
    let Some(cycle) = reals(cycles, Column::CycleCount)? else { return Ok(Vec::new()) };
    if cycle.len() < 2 {
        return Ok(Vec::new());
    }
    let mut panels = Vec::new();
    let x = scale::extent(cycle.iter().copied()).map_or((0.0, 1.0), |(low, high)| scale::padded(low, high));
    let mut series = Vec::new();
    for (column, name) in [(Column::DischargeCapacity, "discharge"), (Column::ChargeCapacity, "charge")] {
        if let Some(values) = reals(cycles, column)? {
            // A cycle without a charge is not one with a charge of 0.
            let points: Vec<_> = cycle.iter().copied().zip(values.iter().copied()).filter(|(_, q)| *q > 0.0).collect();
            series.push((name, points));
        }
    }
    series.retain(|(_, points)| !points.is_empty());
    if let Some((low, high)) = scale::extent(series.iter().flat_map(|(_, points)| points).map(|(_, q)| *q)) {
        let shown = scale::pick(scale::AMPERE_HOUR, high);
        series.iter_mut().flat_map(|(_, points)| points).for_each(|(_, q)| *q *= shown.times);
        let label = format!("Capacity of the cycle [{}]", shown.unit);
        let (low, high) = (low * shown.times, high * shown.times);
        // A fade of some percent is to be seen; a cycle that is cut short starts the axis at 0.
        let y = if low > 0.5 * high { scale::padded(low, high) } else { (0.0, 1.06 * high) };
        series.iter_mut().for_each(|(_, points)| thin(points, x, y));
        panels.push(CyclePanel { label, series, x, y, outside: 0 });
    }
    if let Some(values) = reals_by_name(cycles, "Coulombic efficiency")? {
        let known = |(_, e): &(f64, f64)| e.is_finite() && *e > 0.0;
        let all: Vec<(f64, f64)> =
            cycle.iter().zip(values.iter()).map(|(c, e)| (*c, 100.0 * e)).filter(known).collect();
        let mut points: Vec<_> =
            all.iter().copied().filter(|(_, e)| (EFFICIENCY.0..=EFFICIENCY.1).contains(e)).collect();
        let outside = all.len() - points.len();
        if let Some((low, high)) = scale::extent(points.iter().map(|(_, e)| *e)) {
            let (label, y) = ("Coulombic efficiency [%]".to_owned(), scale::padded(low, high));
            thin(&mut points, x, y);
            panels.push(CyclePanel { label, series: vec![("", points)], x, y, outside });
        }
    }
    Ok(panels)
}

/// Spectra in the complex plane.
#[derive(Debug)]
pub struct NyquistPanel {
    /// The unit of both axes.
    pub unit: &'static str,
    /// One line a spectrum: real part, negative imaginary part.
    pub spectra: Vec<Vec<(f64, f64)>>,
    /// Of the real parts.
    pub x: (f64, f64),
    /// Of the negative imaginary parts.
    pub y: (f64, f64),
}

/// Spectra beyond this number are drawn in steps of several, first and last always.
const SPECTRA: usize = 200;

/// Neighbouring frequencies of one sweep differ by less than this factor.
const SWEEP: f64 = 20.0;

/// The Nyquist plot of a time series that has impedance.
pub fn nyquist(frame: &DataFrame) -> Result<Option<NyquistPanel>> {
    let (Some(re), Some(im)) = (reals(frame, Column::ZRe)?, reals(frame, Column::ZIm)?) else { return Ok(None) };
    let step = reals(frame, Column::StepCount)?;
    let frequency = reals(frame, Column::Frequency)?;
    let begins = |row: usize| {
        let jumps = |f: &[f64]| row > 0 && !(1.0 / SWEEP..=SWEEP).contains(&(f[row] / f[row - 1]));
        let steps = |step: &[f64]| row > 0 && step[row] != step[row - 1];
        step.as_deref().is_some_and(steps) || frequency.as_deref().is_some_and(jumps)
    };
    let runs = Runs::new(re.len(), begins);
    let known = |row: usize| Some((re[row], -im[row])).filter(|(a, b)| a.is_finite() && b.is_finite());
    let mut spectra: Vec<Vec<(f64, f64)>> =
        runs.iter().map(|run| run.filter_map(known).collect::<Vec<_>>()).filter(|points| !points.is_empty()).collect();
    let all = || spectra.iter().flatten();
    let (Some(x), Some(y)) = (scale::extent(all().map(|p| p.0)), scale::extent(all().map(|p| p.1))) else {
        return Ok(None);
    };
    let largest = [x.0, x.1, y.0, y.1].into_iter().fold(0f64, |a, v| a.max(v.abs()));
    let shown = scale::pick(scale::OHM, largest);
    spectra.iter_mut().flatten().for_each(|p| *p = (p.0 * shown.times, p.1 * shown.times));
    let every = spectra.len().div_ceil(SPECTRA).max(1);
    let last = spectra.len().saturating_sub(1);
    let spectra =
        spectra.into_iter().enumerate().filter(|(k, _)| k % every == 0 || *k == last).map(|(_, s)| s).collect();
    let padded = |(low, high): (f64, f64)| scale::padded(low * shown.times, high * shown.times);
    Ok(Some(NyquistPanel { unit: shown.unit, spectra, x: padded(x), y: padded(y) }))
}
