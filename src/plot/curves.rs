//! One quantity over another: spectra in the complex plane, voltammograms.

use polars::prelude::DataFrame;

use super::scale;
use super::shade::{BOTH, Kind};
use crate::error::Result;
use crate::schema::Column;
use crate::signal::Runs;
use crate::signal::frame::reals;

/// Curves of one kind.
#[derive(Debug)]
pub struct Curves {
    /// Names and units of the axes.
    pub names: (String, String),
    /// In the order of the test.
    pub lines: Vec<Vec<(f64, f64)>>,
    /// With room.
    pub x: (f64, f64),
    /// With room.
    pub y: (f64, f64),
    /// Places with a word beside them.
    pub marks: Vec<((f64, f64), String)>,
    /// Whether both axes have one unit, so that an arc is an arc.
    pub is_plane: bool,
    /// Whether each value is worth a spot.
    pub has_spots: bool,
}

/// Curves beyond this number are drawn in steps of several, first and last always.
const MOST: usize = 200;

/// So many curves have spots, and so many have words.
const SPOTTED: usize = 10;
const MARKED: usize = 3;

/// Neighbouring frequencies of one sweep differ by less than this factor.
const SWEEP: f64 = 20.0;

/// A frequency stands for a decade if it is no further away than this, as a decimal logarithm.
const DECADE: f64 = 0.12;

/// Curves, in steps of several where they are many.
fn thinned<T>(curves: Vec<T>) -> Vec<T> {
    let every = curves.len().div_ceil(MOST).max(1);
    let last = curves.len().saturating_sub(1);
    curves.into_iter().enumerate().filter(|(k, _)| k % every == 0 || *k == last).map(|(_, curve)| curve).collect()
}

/// The Nyquist plot of a time series that has impedance.
pub fn nyquist(frame: &DataFrame) -> Result<Option<Curves>> {
    let (Some(re), Some(im)) = (reals(frame, Column::ZRe)?, reals(frame, Column::ZIm)?) else { return Ok(None) };
    let step = reals(frame, Column::StepCount)?;
    let frequency = reals(frame, Column::Frequency)?;
    let begins = |row: usize| {
        let jumps = |f: &[f64]| row > 0 && !(1.0 / SWEEP..=SWEEP).contains(&(f[row] / f[row - 1]));
        let steps = |step: &[f64]| row > 0 && step[row] != step[row - 1];
        step.as_deref().is_some_and(steps) || frequency.as_deref().is_some_and(jumps)
    };
    let runs = Runs::new(re.len(), begins);
    let is_known = |row: &usize| re[*row].is_finite() && im[*row].is_finite();
    let spectra: Vec<Vec<usize>> =
        runs.iter().map(|run| run.filter(is_known).collect::<Vec<_>>()).filter(|rows| !rows.is_empty()).collect();
    let all = || spectra.iter().flatten();
    let (Some(x), Some(y)) = (scale::extent(all().map(|row| re[*row])), scale::extent(all().map(|row| -im[*row])))
    else {
        return Ok(None);
    };
    let largest = [x.0, x.1, y.0, y.1].into_iter().fold(0f64, |a, v| a.max(v.abs()));
    let shown = scale::pick(scale::OHM, largest);
    let at = |row: usize| (re[row] * shown.times, -im[row] * shown.times);
    let has_spots = spectra.len() <= SPOTTED;
    let mut marks = Vec::new();
    if let Some(frequency) = frequency.as_deref().filter(|_| spectra.len() <= MARKED) {
        let decades = spectra.iter().flat_map(|rows| decades(rows, frequency));
        marks.extend(decades.map(|(row, decade)| (at(row), scale::hertz(decade))));
    }
    let lines = thinned(spectra).into_iter().map(|rows| rows.into_iter().map(at).collect()).collect();
    let padded = |(low, high): (f64, f64)| scale::padded(low * shown.times, high * shown.times);
    let names = (format!("Re Z [{}]", shown.unit), format!("−Im Z [{}]", shown.unit));
    Ok(Some(Curves { names, lines, x: padded(x), y: padded(y), marks, is_plane: true, has_spots }))
}

/// The rows of a spectrum that stand for decades, each with the exponent.
fn decades(rows: &[usize], frequency: &[f64]) -> Vec<(usize, i32)> {
    let mut nearest: Vec<(usize, i32, f64)> = Vec::new();
    for row in rows.iter().copied().filter(|row| frequency[*row] > 0.0) {
        let exponent = frequency[row].log10();
        let (decade, off) = (exponent.round(), (exponent - exponent.round()).abs());
        match nearest.iter_mut().find(|(_, known, _)| *known == decade as i32) {
            Some(known) if off < known.2 => *known = (row, decade as i32, off),
            Some(_) => {}
            None => nearest.push((row, decade as i32, off)),
        }
    }
    nearest.into_iter().filter(|(.., off)| *off <= DECADE).map(|(row, decade, _)| (row, decade)).collect()
}

/// As many points of a voltammogram are drawn.
const POINTS: usize = 20_000;

/// Current over voltage where the current goes both ways in half of the steps; a curve a cycle.
pub fn voltammogram(frame: &DataFrame, kinds: &[(f64, Kind)]) -> Result<Option<Curves>> {
    let columns = (reals(frame, Column::Time)?, reals(frame, Column::Voltage)?, reals(frame, Column::Current)?);
    let (Some(time), Some(voltage), Some(current)) = columns else { return Ok(None) };
    let sweeps = kinds.iter().filter(|(_, kind)| *kind == BOTH).count();
    if sweeps == 0 || 2 * sweeps < kinds.len() {
        return Ok(None);
    }
    let is_known = |row: &usize| voltage[*row].is_finite() && current[*row].is_finite();
    let every = time.len().div_ceil(POINTS).max(1);
    let cycle = reals(frame, Column::CycleCount)?;
    let runs = Runs::new(time.len(), |row| row > 0 && cycle.as_ref().is_some_and(|c| c[row] != c[row - 1]));
    let rows: Vec<Vec<usize>> = runs.iter().map(|run| run.step_by(every).filter(is_known).collect()).collect();
    let all = || rows.iter().flatten();
    let (Some(x), Some(y)) =
        (scale::extent(all().map(|row| voltage[*row])), scale::extent(all().map(|row| current[*row])))
    else {
        return Ok(None);
    };
    let shown = scale::pick(scale::AMPERE, y.0.abs().max(y.1.abs()));
    let at = |row: usize| (voltage[row], current[row] * shown.times);
    let lines = thinned(rows).into_iter().map(|rows| rows.into_iter().map(at).collect()).collect();
    let names = ("Voltage [V]".to_owned(), format!("Current [{}], discharge > 0", shown.unit));
    let (x, y) = (scale::padded(x.0, x.1), scale::padded(y.0 * shown.times, y.1 * shown.times));
    Ok(Some(Curves { names, lines, x, y, marks: Vec::new(), is_plane: false, has_spots: false }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_frequency_stands_for_its_decade() {
        // Half decades, and one frequency that is near to none.
        let frequency = [1000.0, 316.0, 99.0, 101.0, 31.6, 6.0];
        assert_eq!(decades(&[0, 1, 2, 3, 4, 5], &frequency), [(0, 3), (3, 2)]);
        assert!(decades(&[0], &[f64::NAN]).is_empty() && decades(&[0], &[0.0]).is_empty());
    }
}
