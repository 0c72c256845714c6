//! The course of a voltage as a short text: what a thumbnail shows of a measurement.

use polars::prelude::DataFrame;

use super::decimate::decimate;
use super::scale;
use crate::error::Result;
use crate::schema::Column;
use crate::signal::frame::reals;
use crate::signal::scan::never_falls;

/// Columns of a thumbnail.
const COLUMNS: usize = 100;

/// Heights of a thumbnail, 0 at its bottom.
const HIGHEST: f64 = 63.0;

/// A voltage that moves less, in V, is not spread over the whole height: noise is no course.
const LEAST: f64 = 0.02;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A point: column and height.
type Spot = (i64, i64);

/// Voltage over time; `None` where one of them is missing.
///
/// A pair of digits of base 64 is a point: by how many columns of 101 it lies right of the one before, and its height, 0 to 63, from
/// the lowest to the highest voltage. `-` goes 63 columns to the right without a point, `.` ends a line. The lowest and the highest
/// of each column are in it.
pub fn outline(frame: &DataFrame) -> Result<Option<String>> {
    let (Some(time), Some(voltage)) = (reals(frame, Column::Time)?, reals(frame, Column::Voltage)?) else {
        return Ok(None);
    };
    // Where time goes on, its ends are its extent.
    let ends = || Some((*time.first()?, *time.last()?)).filter(|(a, b)| a.is_finite() && b.is_finite());
    let ends = if never_falls(&time) { ends() } else { None };
    let Some(range) = ends.or_else(|| scale::extent(time.iter().copied())) else { return Ok(None) };
    let pieces = decimate(&time, &voltage, range, COLUMNS);
    let Some((low, high)) = scale::extent(pieces.iter().flatten().map(|(_, v)| *v)) else { return Ok(None) };
    let (middle, wide) = ((low + high) / 2.0, (high - low).max(LEAST));
    let columns = if range.1 > range.0 { COLUMNS as f64 / (range.1 - range.0) } else { 0.0 };
    let spot = |&(t, v): &(f64, f64)| {
        let height = HIGHEST / 2.0 + (v - middle) / wide * HIGHEST;
        (((t - range.0) * columns) as i64, height.round().clamp(0.0, HIGHEST) as i64)
    };
    let mut at = 0;
    let lines: Vec<String> =
        pieces.iter().map(|piece| line(&piece.iter().map(spot).collect::<Vec<_>>(), &mut at)).collect();
    Ok(Some(lines.join(".")))
}

/// A line as text; `at` is the column where the last one ended.
fn line(spots: &[Spot], at: &mut i64) -> String {
    let mut kept: Vec<Spot> = Vec::new();
    for column in spots.chunk_by(|a, b| a.0 == b.0) {
        let low = column.iter().enumerate().min_by_key(|(_, spot)| spot.1);
        let high = column.iter().enumerate().max_by_key(|(_, spot)| spot.1);
        let (Some((a, low)), Some((b, high))) = (low, high) else { continue };
        let both = if a < b { [*low, *high] } else { [*high, *low] };
        for spot in both {
            add(&mut kept, spot);
        }
    }
    let digit = |value: i64| char::from(DIGITS[value.clamp(0, 63) as usize]);
    let mut text = String::new();
    for (column, height) in kept {
        while column - *at > 63 {
            text.push('-');
            *at += 63;
        }
        text.extend([digit(column - *at), digit(height)]);
        *at = column;
    }
    text
}

/// Adds a point; one that lies on the way to it is not needed.
fn add(line: &mut Vec<Spot>, spot: Spot) {
    if line.last() == Some(&spot) {
        return;
    }
    if let [.., a, b] = line[..] {
        let (first, second) = ((b.0 - a.0, b.1 - a.1), (spot.0 - b.0, spot.1 - b.1));
        let is_straight = first.0 * second.1 == first.1 * second.0 && first.0 * second.0 + first.1 * second.1 > 0;
        if is_straight {
            line.pop();
        }
    }
    line.push(spot);
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::df;

    fn of(time: &[f64], voltage: &[f64]) -> String {
        outline(&df!("Time [s]" => time, "Voltage [V]" => voltage).unwrap()).unwrap().unwrap_or_default()
    }

    #[test]
    fn a_course_is_a_few_points() {
        // From 3 V up to 4 V in half of the time, then level: (0, 0), (50, 63), (100, 63).
        let time: Vec<f64> = (0..=100).map(f64::from).collect();
        let voltage: Vec<f64> = time.iter().map(|t| 3.0 + (t / 50.0).min(1.0)).collect();
        let text = of(&time, &voltage);
        assert!(text.starts_with("AA") && text.ends_with("y/"), "{text}");
        assert_eq!(of(&[0.0, 50.0, 100.0], &[3.0, 4.0, 4.0]), "AAy/y/");
        assert_eq!(of(&[0.0, 100.0], &[3.0, 4.0]), "AA-l/", "63 + 37 columns");
        assert_eq!(of(&[5.0], &[3.7]), "Ag", "half of the height");
        assert_eq!(of(&[], &[]), "");
    }

    #[test]
    fn spikes_stay_and_noise_stays_low() {
        let time: Vec<f64> = (0..100_000).map(f64::from).collect();
        let mut voltage = vec![3.0; time.len()];
        voltage[70_001] = 4.0;
        let text = of(&time, &voltage);
        assert!(text.contains('/') && text.len() < 20, "{text}");
        let noisy: Vec<f64> = time.iter().map(|t| 3.7 + 1e-4 * (t % 2.0)).collect();
        assert!(of(&time, &noisy).bytes().all(|byte| b"-AfghijklBCD".contains(&byte)), "a hundredth of 20 mV");
    }

    #[test]
    fn it_is_short_whatever_there_is() {
        let time: Vec<f64> = (0..100_000).map(f64::from).collect();
        let voltage: Vec<f64> =
            (0..100_000u32).map(|k| f64::from(k.wrapping_mul(2_654_435_761) % 1000) / 1000.0).collect();
        let text = of(&time, &voltage);
        assert!(text.len() <= 4 * (COLUMNS + 1), "{} bytes", text.len());
    }

    #[test]
    fn a_gap_is_no_line() {
        let time: Vec<f64> = (0..=100).map(f64::from).collect();
        let voltage: Vec<f64> =
            time.iter().map(|t| if (40.0..60.0).contains(t) { f64::NAN } else { 3.0 + t / 100.0 }).collect();
        assert_eq!(of(&time, &voltage).matches('.').count(), 1);
    }
}
