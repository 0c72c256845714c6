//! The points of a spectrum against each other: a cell answers smoothly over the frequency, and how its impedance grows follows
//! from the phase.
//!
//! The law is the logarithmic Hilbert transform, which holds for every system that is linear, stable and causal: between
//! neighbouring frequencies ln |Z| changes by 2/π · φ · Δ ln ω − π/6 · Δ(dφ / d ln ω).

use std::f64::consts::PI;
use std::ops::Range;

use super::Evidence;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::stats;

/// Fewer points make no line.
const FEW: usize = 8;

/// A point leaves the line through its neighbours by this share of the impedance and this multiple of what is usual in the
/// spectrum, and its neighbours leave the line without it by no more than this share of that.
const SHARE: f64 = 0.05;
const TIMES: f64 = 15.0;
const WITHOUT: f64 = 0.25;

/// Part of the intervals that go one way in a spectrum of one direction.
const MOST: f64 = 0.8;

/// A spectrum contradicts itself where so many of its intervals are further from the law than this, per unit of ln ω, or where
/// its modulus answers to its phase with another factor than that of the law, if the phase asks for so much at all.
const MANY: f64 = 0.5;
const LAW: f64 = 0.3;
const FACTOR: Range<f64> = 0.3..2.5;
const ASKED: f64 = 0.3;

/// A point as the natural logarithm of its frequency and its impedance.
#[derive(Debug, Clone, Copy)]
struct Point {
    row: usize,
    at: f64,
    z: [f64; 2],
}

impl Point {
    fn size(&self) -> f64 {
        self.z[0].hypot(self.z[1])
    }

    /// How far a part is from the line between two others.
    fn off(&self, before: &Self, after: &Self, part: usize) -> f64 {
        let between = (self.at - before.at) / (after.at - before.at);
        if !(0.0..=1.0).contains(&between) {
            return 0.0;
        }
        (self.z[part] - before.z[part] - between * (after.z[part] - before.z[part])).abs()
    }
}

pub(super) fn look(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<()> {
    let get = |column| evidence.reals(column);
    let (Some(f), Some(re), Some(im)) = (evidence.frequency()?, get(Column::ZRe)?, get(Column::ZIm)?) else {
        return Ok(());
    };
    let points = |rows: Range<usize>| -> Vec<Point> {
        let measured = rows.filter(|row| f[*row] > 0.0 && !(re[*row] + im[*row]).is_nan());
        measured.map(|row| Point { row, at: f[row].ln(), z: [re[row], im[row]] }).collect()
    };
    // Without steps all rows are one.
    let whole = std::iter::once(0..f.len()).filter(|_| evidence.steps.iter().next().is_none());
    let spectra = whole.chain(evidence.steps.iter());
    let (mut leaps, mut order, mut zeros) = ([Vec::new(), Vec::new()], Vec::new(), [Vec::new(), Vec::new()]);
    let mut against: Option<(Against, usize)> = None;
    for points in spectra.map(points).filter(|points| points.len() >= FEW) {
        order.extend(out_of_order(&points));
        for part in 0..2 {
            leaps[part].extend(leaving(&points, part));
            zeros[part].extend(points.iter().filter(|point| point.z[part] == 0.0).map(|point| point.row));
        }
        if let Some(found) = Against::of(&points) {
            against = Some(against.map_or((found, 1), |(first, count)| (first, count + 1)));
        }
    }
    let push = |notes: &mut Notes, code, message: String, rows: &[usize]| {
        if let Some(first) = rows.first() {
            notes.push(Note::new(code, message).count(rows.len()).at(Place::Row(*first as u64)));
        }
    };
    for (part, (column, values)) in [(Column::ZRe, &re), (Column::ZIm, &im)].into_iter().enumerate() {
        if let Some(first) = leaps[part].first() {
            let (rows, z, f) = (leaps[part].len(), values[*first], f[*first]);
            let message = format!(
                "{:?}: {rows} point(s) leave the line through the points beside them, which agree; first row {first} with {z} at \
                 {f} Hz. The values were kept",
                column.name()
            );
            push(notes, NoteCode::SingleRowLeaps, message, &leaps[part]);
        }
        let message =
            format!("{:?} is exactly 0 in {} point(s), which nothing measures", column.name(), zeros[part].len());
        push(notes, NoteCode::ImpedanceDisagrees, message, &zeros[part]);
    }
    if let Some(first) = order.first() {
        // Rows that are no points may stand between.
        let before = f[..*first].iter().rev().find(|f| **f > 0.0).copied().unwrap_or(f64::NAN);
        let message = format!(
            "the frequency turns back or stands in {} row(s) of a spectrum that goes one way; first row {first} with {} Hz behind {} \
             Hz. Rows may be swapped, twice there or of another spectrum",
            order.len(),
            f[*first],
            before
        );
        push(notes, NoteCode::RecordOrder, message, &order);
    }
    if let Some((Against { row, part, factor }, count)) = against {
        let message = format!(
            "in {count} spectrum(s) the modulus does not follow from the phase: in the first it answers {factor:.2} times as the \
             logarithmic Hilbert transform asks, and leaves it in {:.0} % of the intervals. A part may be in another unit, of the \
             other sign or exchanged, or the cell changed while it was measured",
            100.0 * part
        );
        notes.push(Note::new(NoteCode::ImpedanceDisagrees, message).count(count).at(Place::Row(row as u64)));
    }
    Ok(())
}

/// Rows whose frequency does not go on from the row before as nearly all do.
fn out_of_order(points: &[Point]) -> Vec<usize> {
    let steps = || points.windows(2).map(|pair| pair[1].at - pair[0].at);
    let ups = steps().filter(|step| *step > 0.0).count() as f64;
    let downs = steps().filter(|step| *step < 0.0).count() as f64;
    if ups.max(downs) <= MOST * (points.len() - 1) as f64 {
        return Vec::new();
    }
    let goes_on = |step: f64| if ups > downs { step > 0.0 } else { step < 0.0 };
    steps().zip(points.iter().skip(1)).filter(|(step, _)| !goes_on(*step)).map(|(_, point)| point.row).collect()
}

/// Rows of which a part alone leaves the line through its neighbours.
fn leaving(points: &[Point], part: usize) -> Vec<usize> {
    let off = |of: usize, before: usize, after: usize| points[of].off(&points[before], &points[after], part);
    let share = |of: usize, before: usize, after: usize| {
        let size = points[before].size().max(points[after].size());
        if size > 0.0 { off(of, before, after) / size } else { 0.0 }
    };
    let mut usual: Vec<f64> = (1..points.len() - 1).map(|k| share(k, k - 1, k + 1)).collect();
    let least = SHARE.max(TIMES * stats::quantile(&mut usual, 0.5));
    let is_alone = |k: &usize| {
        let k = *k;
        let size = share(k, k - 1, k + 1);
        size > least && share(k - 1, k - 2, k + 1).max(share(k + 1, k - 1, k + 2)) < WITHOUT * size
    };
    (2..points.len() - 2).filter(is_alone).map(|k| points[k].row).collect()
}

/// A spectrum that is against the law.
struct Against {
    row: usize,
    /// Part of its intervals.
    part: f64,
    /// By what the modulus answers to the phase; 1 in the law.
    factor: f64,
}

impl Against {
    fn of(points: &[Point]) -> Option<Self> {
        let modulus: Vec<f64> = points.iter().map(|point| point.size().ln()).collect();
        let mut phase: Vec<f64> = points.iter().map(|point| point.z[1].atan2(point.z[0])).collect();
        for k in 1..phase.len() {
            let turns = ((phase[k] - phase[k - 1]) / (2.0 * PI)).round();
            phase[k] -= turns * 2.0 * PI;
        }
        let slope = |k: usize| {
            let (a, b) = (k.saturating_sub(1), (k + 1).min(points.len() - 1));
            (phase[b] - phase[a]) / (points[b].at - points[a].at)
        };
        let (mut off, mut sums, mut asked_in_all) = (0, (0.0, 0.0), 0.0);
        for k in 0..points.len() - 1 {
            let (width, grown) = (points[k + 1].at - points[k].at, modulus[k + 1] - modulus[k]);
            let asked = (phase[k] + phase[k + 1]) / PI * width;
            let bend = PI / 6.0 * (slope(k + 1) - slope(k));
            off += usize::from((grown - asked + bend).abs() > LAW * width.abs());
            if grown.is_finite() {
                sums = (sums.0 + grown * asked, sums.1 + asked * asked);
                asked_in_all += asked.abs();
            }
        }
        let part = off as f64 / (points.len() - 1) as f64;
        let factor = if asked_in_all > ASKED { sums.0 / sums.1 } else { 1.0 };
        let is_against = part >= MANY || !FACTOR.contains(&factor);
        is_against.then_some(Self { row: points.first()?.row, part, factor })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 20 mOhm in series with 30 mOhm beside 1 F, 10 kHz to 10 mHz, six points a decade; `change` may spoil it.
    fn spectrum(change: impl Fn(&mut Vec<Point>)) -> Vec<Point> {
        let point = |row: usize| {
            let f = 1e4 * 10f64.powf(-(row as f64) / 6.0);
            let x = 2.0 * PI * f * 0.03;
            let (re, im) = (0.02 + 0.03 / (1.0 + x * x), -0.03 * x / (1.0 + x * x));
            Point { row, at: f.ln(), z: [re, im] }
        };
        let mut points: Vec<Point> = (0..=36).map(point).collect();
        change(&mut points);
        points
    }

    #[test]
    fn a_cell_keeps_the_law() {
        let points = spectrum(|_| {});
        assert!(Against::of(&points).is_none() && out_of_order(&points).is_empty());
        assert!(leaving(&points, 0).is_empty() && leaving(&points, 1).is_empty());
    }

    #[test]
    fn parts_in_another_unit_or_of_another_sign_break_it() {
        let scaled =
            |part: usize, by: f64| move |points: &mut Vec<Point>| points.iter_mut().for_each(|p| p.z[part] *= by);
        for (part, by) in [(1, -1.0), (1, 1e3), (0, 1e-3), (0, -1.0)] {
            assert!(Against::of(&spectrum(scaled(part, by))).is_some(), "part {part} times {by}");
        }
        assert!(Against::of(&spectrum(|points| points.iter_mut().for_each(|p| p.z.swap(0, 1)))).is_some());
        // Both parts in another unit are another cell.
        let both = |points: &mut Vec<Point>| points.iter_mut().for_each(|p| p.z = p.z.map(|z| 1e3 * z));
        assert!(Against::of(&spectrum(both)).is_none());
    }

    #[test]
    fn a_lone_point_and_a_turn_are_seen() {
        let points = spectrum(|points| points[20].z[0] *= 10.0);
        assert_eq!((leaving(&points, 0), leaving(&points, 1)), (vec![20], vec![]));
        let points = spectrum(|points| points.swap(20, 21));
        assert_eq!(out_of_order(&points), [20]);
        let points = spectrum(|points| {
            let again = points[20];
            points.insert(21, again);
        });
        assert_eq!(out_of_order(&points), [20]);
        // There and back again is no turn inside a spectrum of one direction.
        assert!(out_of_order(&spectrum(|points| points.extend(points.clone().into_iter().rev()))).is_empty());
    }
}
