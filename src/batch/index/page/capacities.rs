//! Capacities and efficiencies of all cells over their cycles, as few points as a chart shows.

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use super::Beyond;
use super::text::short;
use crate::batch::index::row::Row;
use crate::batch::tables::each_cycles;
use crate::plot::{self, OverCycles};

/// Points of one quantity of all cells together; where they are more, those with the most cycles get fewer.
const POINTS: usize = 100_000;

/// What each cell has at least.
const LEAST: usize = 20;

/// What the chart needs of the table.
const COLUMNS: [&str; 5] =
    ["Cycle count", "Cycle from cycler", "Discharge capacity [A.h]", "Charge capacity [A.h]", "Coulombic efficiency"];

/// Numbers of cycles: those that count on from one are told by it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Numbers {
    From(f64),
    All(Vec<f64>),
}

/// Numbers of cycles and their values.
type Line = Option<(Numbers, Vec<f64>)>;

#[derive(Debug, Serialize)]
pub(super) struct Cycles {
    /// What counts the cycles.
    x: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    discharge: Line,
    #[serde(skip_serializing_if = "Option::is_none")]
    charge: Line,
    #[serde(skip_serializing_if = "Option::is_none")]
    efficiency: Line,
}

/// Colours, names and units of the chart, as in the pictures.
pub(super) fn about() -> Value {
    let units: Vec<_> = plot::AMPERE_HOUR.iter().map(|shown| (shown.unit, shown.times)).collect();
    json!({
        "colors": plot::several_colors(),
        "voltage": plot::line_colors().first(),
        "capacity": plot::CAPACITY,
        "efficiency": plot::EFFICIENCY_NAME,
        "units": units,
    })
}

/// Adds what the table of all cycles has.
pub(super) fn add(rows: &[Row], out: &Path, beyond: &mut [Beyond]) {
    let most = most(rows.iter().map(|row| row.cycles as usize).collect(), POINTS);
    let places: HashMap<(&str, Option<&str>), usize> =
        rows.iter().enumerate().map(|(place, row)| ((&*row.source, row.part.as_deref()), place)).collect();
    each_cycles(out, &COLUMNS, |(source, part), cycles| {
        let beyond = places.get(&(source.as_str(), part.as_deref())).and_then(|place| beyond.get_mut(*place));
        if let (Some(beyond), Ok(Some(found))) = (beyond, plot::over_cycles(cycles)) {
            beyond.cycles = Cycles::of(found, most);
        }
    });
}

impl Cycles {
    /// `None` where there is nothing to draw: a single cycle goes nowhere.
    fn of(found: OverCycles, most: usize) -> Option<Self> {
        let line = |points: Vec<(f64, f64)>| line(points, most);
        let (discharge, charge, efficiency) = (line(found.discharge), line(found.charge), line(found.efficiency));
        let is_there = found.cycle.len() > 1 && (discharge.is_some() || charge.is_some());
        is_there.then_some(Self { x: found.x_name, discharge, charge, efficiency })
    }
}

fn line(points: Vec<(f64, f64)>, most: usize) -> Line {
    let points = if points.len() <= most { points } else { thinned(&points, most) };
    let first = points.first()?.0;
    let counts_on = points.iter().enumerate().all(|(k, (cycle, _))| *cycle == first + k as f64);
    let numbers =
        if counts_on { Numbers::From(first) } else { Numbers::All(points.iter().map(|(cycle, _)| *cycle).collect()) };
    Some((numbers, points.into_iter().map(|(_, value)| short(value)).collect()))
}

/// With every extreme, as the pictures thin their lines.
fn thinned(points: &[(f64, f64)], most: usize) -> Vec<(f64, f64)> {
    let (x, y): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    let Some(range) = x.first().copied().zip(x.last().copied()) else { return Vec::new() };
    plot::decimate(&x, &y, range, (most / 4).max(1)).into_iter().flatten().collect()
}

/// As many points a cell as all together have room for.
fn most(mut counts: Vec<usize>, room: usize) -> usize {
    counts.sort_unstable();
    let (mut left, mut cells) = (room, counts.len());
    for count in counts {
        if count * cells > left {
            return (left / cells).max(LEAST);
        }
        left -= count;
        cells -= 1;
    }
    usize::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_few_cycles_keep_them_all() {
        assert_eq!(most(vec![10, 20, 30], 100), usize::MAX);
        assert_eq!(most(vec![1000, 10, 1000], 110), 50, "100 are left for two");
        assert_eq!(most(vec![1000; 1000], 1000), LEAST);
        assert_eq!(most(vec![], 1000), usize::MAX);
    }

    #[test]
    fn thinned_lines_keep_their_extremes() {
        let mut points: Vec<(f64, f64)> = (1..=1000).map(|cycle| (f64::from(cycle), 2.0)).collect();
        points[500].1 = 0.5;
        let Some((Numbers::All(cycles), values)) = line(points, 100) else { panic!("these do not count on") };
        assert!(values.len() <= 104 && cycles.len() == values.len());
        let at = values.iter().position(|value| *value == 0.5).unwrap();
        assert_eq!(cycles[at], 501.0);
    }

    #[test]
    fn numbers_that_count_on_are_told_by_the_first() {
        let told = |numbers: &[f64]| {
            let points = numbers.iter().map(|cycle| (*cycle, 2.0)).collect();
            serde_json::to_string(&line(points, 100)).unwrap()
        };
        assert_eq!(told(&[3.0, 4.0, 5.0]), "[3.0,[2.0,2.0,2.0]]");
        assert_eq!(told(&[3.0, 5.0]), "[[3.0,5.0],[2.0,2.0]]");
        assert_eq!(told(&[]), "null");
    }
}
