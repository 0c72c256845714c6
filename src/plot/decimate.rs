//! Millions of points become what a picture can show of them, and no extreme is lost.

use crate::signal::scan::{has_nan, never_falls};
use crate::signal::stats;

/// A line in pieces; it is broken where values are missing.
pub type Pieces = Vec<Vec<(f64, f64)>>;

/// Share of the axis over which a line goes on although values are missing: sparse columns stay lines.
const BRIDGE: f64 = 0.01;

/// What one pixel column shows: the first, the lowest, the highest and the last point, each with its row.
#[derive(Clone, Copy)]
struct Bin {
    first: (usize, f64, f64),
    low: (usize, f64, f64),
    high: (usize, f64, f64),
    last: (usize, f64, f64),
}

impl Bin {
    fn new(point: (usize, f64, f64)) -> Self {
        Self { first: point, low: point, high: point, last: point }
    }

    fn add(&mut self, point: (usize, f64, f64)) {
        if point.2 < self.low.2 {
            self.low = point;
        }
        if point.2 > self.high.2 {
            self.high = point;
        }
        self.last = point;
    }

    fn push(self, piece: &mut Vec<(f64, f64)>) {
        let mut points = [self.first, self.low, self.high, self.last];
        points.sort_by_key(|point| point.0);
        let mut before = None;
        for (row, x, y) in points {
            if before != Some(row) {
                piece.push((x, y));
            }
            before = Some(row);
        }
    }
}

/// The points of `y` over `x` that a picture with `columns` pixel columns over `range` needs: at most four a column, with
/// every extreme. NaN is a missing value. One pass.
pub fn decimate(x: &[f64], y: &[f64], range: (f64, f64), columns: usize) -> Pieces {
    let span = range.1 - range.0;
    let scale = if span > 0.0 { columns as f64 / span } else { 0.0 };
    if x.len() == y.len() && x.len() > MANY * columns && never_falls(x) && !has_nan(y) {
        return in_order(x, y, |x| ((x - range.0) * scale) as usize);
    }
    let (mut pieces, mut piece, mut bin) = (Pieces::new(), Vec::new(), None::<(usize, Bin)>);
    let (mut last, mut is_missing) = (f64::NAN, false);
    for (row, (&x, &y)) in x.iter().zip(y).enumerate() {
        if x.is_nan() {
            continue;
        }
        if y.is_nan() {
            is_missing = true;
            continue;
        }
        if is_missing && x - last > BRIDGE * span {
            bin.take().into_iter().for_each(|(_, bin)| bin.push(&mut piece));
            pieces.extend(Some(std::mem::take(&mut piece)).filter(|piece| !piece.is_empty()));
        }
        (last, is_missing) = (x, false);
        let column = ((x - range.0) * scale) as usize;
        match &mut bin {
            Some((at, bin)) if *at == column => bin.add((row, x, y)),
            _ => {
                if let Some((_, full)) = bin.replace((column, Bin::new((row, x, y)))) {
                    full.push(&mut piece);
                }
            }
        }
    }
    bin.into_iter().for_each(|(_, bin)| bin.push(&mut piece));
    pieces.extend(Some(piece).filter(|piece| !piece.is_empty()));
    pieces
}

/// So many points a column, and no point is asked for its column by itself.
const MANY: usize = 16;

/// Points that go to the right and of which none is missing: the columns' ends are searched for, and of the points between them
/// only the lowest and the highest are.
fn in_order(x: &[f64], y: &[f64], column: impl Fn(f64) -> usize) -> Pieces {
    let (mut piece, mut from) = (Vec::new(), 0);
    while let (Some(rest), Some(first)) = (x.get(from..), x.get(from)) {
        let at = column(*first);
        let length = rest.partition_point(|x| column(*x) <= at);
        let (xs, ys) = (&rest[..length], &y[from..from + length]);
        let (low, high) = (stats::min(ys), stats::max(ys));
        let point = |row: usize| (from + row, xs[row], ys[row]);
        let row_of = |value: f64| ys.iter().position(|y| *y == value).unwrap_or_default();
        let last = length - 1;
        let bin = Bin { first: point(0), low: point(row_of(low)), high: point(row_of(high)), last: point(last) };
        bin.push(&mut piece);
        from += length;
    }
    Some(piece).filter(|piece| !piece.is_empty()).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_order_become_what_any_points_become() {
        let x: Vec<f64> = (0..5000).map(|k| f64::from(k / 3)).collect();
        let y: Vec<f64> = (0..5000u32).map(|k| f64::from(k.wrapping_mul(2_654_435_761) % 97)).collect();
        // A point without a place at the end makes that each is looked at by itself.
        let (mut more_x, mut more_y) = (x.clone(), y.clone());
        more_x.push(f64::NAN);
        more_y.push(1.0);
        for range in [(0.0, 1666.0), (-100.0, 700.0), (300.0, 5000.0), (0.0, 0.0)] {
            assert_eq!(decimate(&x, &y, range, 50), decimate(&more_x, &more_y, range, 50), "{range:?}");
        }
    }

    #[test]
    fn every_extreme_of_a_column_is_kept_in_the_order_of_its_rows() {
        let x: Vec<f64> = (0..1000).map(f64::from).collect();
        let mut y = vec![1.0; 1000];
        (y[507], y[508]) = (9.0, -9.0);
        let pieces = decimate(&x, &y, (0.0, 999.0), 10);
        assert_eq!(pieces.len(), 1);
        assert!(pieces[0].len() <= 40);
        let at = pieces[0].iter().position(|point| *point == (507.0, 9.0)).unwrap();
        assert_eq!(pieces[0][at + 1], (508.0, -9.0));
    }

    #[test]
    fn few_points_stay_as_they_are() {
        let pieces = decimate(&[0.0, 1.0, 2.0], &[3.0, 1.0, 2.0], (0.0, 2.0), 100);
        assert_eq!(pieces, [vec![(0.0, 3.0), (1.0, 1.0), (2.0, 2.0)]]);
    }

    #[test]
    fn a_line_breaks_where_values_are_missing_for_long() {
        let x: Vec<f64> = (0..=1000).map(f64::from).collect();
        let y = |k: usize| if k.is_multiple_of(3) && !(300..400).contains(&k) { 1.0 } else { f64::NAN };
        let y: Vec<f64> = (0..=1000).map(y).collect();
        let pieces = decimate(&x, &y, (0.0, 1000.0), 1000);
        assert_eq!(pieces.len(), 2, "every third row is a line, a hundred missing rows are a gap");
        assert_eq!((pieces[0].last(), pieces[1].first()), (Some(&(297.0, 1.0)), Some(&(402.0, 1.0))));
    }

    #[test]
    fn nothing_is_nothing() {
        assert!(decimate(&[], &[], (0.0, 0.0), 10).is_empty());
        assert!(decimate(&[f64::NAN], &[1.0], (0.0, 1.0), 10).is_empty());
        assert_eq!(decimate(&[5.0], &[1.0], (5.0, 5.0), 10), [vec![(5.0, 1.0)]]);
    }
}
