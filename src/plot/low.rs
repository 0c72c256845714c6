//! The panels of the lower row: values of cycles, spectra.

use plotters::prelude::*;

use super::curves::Curves;
use super::look::{ABOVE, Area, GRID, INK, LABELS, LEFT, MARGIN, PALETTE, RIGHT, SCALE, SOFT, TIME_AXIS, fail, font};
use super::panel::CyclePanel;
use super::ticks::{Axis, Ticks};
use crate::error::Result;

fn spot<C>(at: C, size: u32) -> Circle<C, u32> {
    Circle::new(at, (size - 1) * SCALE - 1, PALETTE[1].filled())
}

fn ring<C>(at: C, size: u32) -> Circle<C, u32> {
    Circle::new(at, size * SCALE, PALETTE[0].stroke_width(SCALE))
}

type Chart<'a, DB> = ChartContext<'a, DB, Cartesian2d<Axis, Axis>>;

/// An empty chart of the lower row, with its axes.
fn low_chart<'a, DB: DrawingBackend>(
    area: &'a Area<DB>,
    (x, x_name): ((f64, f64), &str),
    (y, y_name): ((f64, f64), &str),
    x_ticks: &Ticks,
) -> Result<Chart<'a, DB>> {
    let y_ticks = Ticks::new(y, 6);
    let mut chart = ChartBuilder::on(area)
        .margin_top(ABOVE * SCALE)
        .margin_left(MARGIN * SCALE)
        .margin_right(RIGHT * SCALE)
        .x_label_area_size(TIME_AXIS * SCALE)
        .y_label_area_size(LABELS * SCALE)
        .build_cartesian_2d(x_ticks.axis(x), y_ticks.axis(y))
        .map_err(fail)?;
    chart
        .configure_mesh()
        .axis_style(SOFT.stroke_width(SCALE))
        .bold_line_style(GRID.stroke_width(1))
        .light_line_style(TRANSPARENT)
        .label_style(font(12, &INK))
        .axis_desc_style(font(13, &INK))
        .x_label_formatter(&|x| x_ticks.text(*x))
        .y_label_formatter(&|y| y_ticks.text(*y))
        .x_desc(x_name.to_owned() + &x_ticks.told())
        .y_desc(y_name.to_owned() + &y_ticks.told())
        .draw()
        .map_err(fail)?;
    Ok(chart)
}

/// Capacity or efficiency over the cycles.
pub fn per_cycle<DB: DrawingBackend>(panel: &CyclePanel, area: &Area<DB>) -> Result<()> {
    let mut chart = low_chart(area, (panel.x, panel.x_name), (panel.y, &panel.label), &Ticks::whole(panel.x, 6))?;
    // Discharge is a small dot in the ring of the charge, so that both are seen where they meet.
    let dot = if panel.series.iter().map(|(_, points)| points.len()).max() > Some(200) { 3 } else { 4 };
    for (name, points) in panel.series.iter().rev() {
        let points = points.iter().copied();
        match *name {
            "charge" => chart.draw_series(points.map(|at| ring(at, dot))).map_err(fail)?,
            _ => chart.draw_series(points.map(|at| spot(at, dot))).map_err(fail)?,
        };
    }
    let (mut x, y) = (((LEFT + 6) * SCALE) as i32, (12 * SCALE) as i32);
    for (name, _) in panel.series.iter().filter(|(name, _)| !name.is_empty()) {
        match *name {
            "charge" => area.draw(&ring((x, y), dot)).map_err(fail)?,
            _ => area.draw(&spot((x, y), dot)).map_err(fail)?,
        }
        let at = (x + (10 * SCALE) as i32, y - (7 * SCALE) as i32);
        area.draw(&Text::new(*name, at, font(12, &SOFT))).map_err(fail)?;
        x += (90 * SCALE) as i32;
    }
    if panel.outside > 0 {
        let text = format!("{} outside of this range", panel.outside);
        let at = (x, y - (7 * SCALE) as i32);
        area.draw(&Text::new(text, at, font(12, &SOFT))).map_err(fail)?;
    }
    Ok(())
}

/// One quantity over another.
pub fn curves<DB: DrawingBackend>(panel: &Curves, area: &Area<DB>) -> Result<()> {
    let (width, height) = area.dim_in_pixel();
    let (inner_width, inner_height) =
        (width.saturating_sub((LEFT + RIGHT) * SCALE), height.saturating_sub((ABOVE + TIME_AXIS) * SCALE));
    let (x, y) = match panel.is_plane {
        true => same_scale(panel.x, panel.y, f64::from(inner_width), f64::from(inner_height)),
        false => (panel.x, panel.y),
    };
    let mut chart = low_chart(area, (x, &panel.names.0), (y, &panel.names.1), &Ticks::new(x, 6))?;
    let many = panel.lines.len();
    for (index, points) in panel.lines.iter().enumerate() {
        // From blue to orange in the order of the test.
        let share = if many > 1 { index as f64 / (many - 1) as f64 } else { 0.0 };
        let mix = |a: u8, b: u8| (f64::from(a) + share * (f64::from(b) - f64::from(a))) as u8;
        let (from, to) = (PALETTE[0], PALETTE[1]);
        let color = RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2));
        chart.draw_series(LineSeries::new(points.iter().copied(), color.stroke_width(SCALE))).map_err(fail)?;
        if panel.has_spots {
            chart.draw_series(points.iter().map(|p| Circle::new(*p, 2 * SCALE, color.filled()))).map_err(fail)?;
        }
    }
    let (right, up) = ((4 * SCALE) as i32, -((14 * SCALE) as i32));
    let word = |(at, word): &((f64, f64), String)| {
        EmptyElement::at(*at) + Text::new(word.clone(), (right, up), font(11, &SOFT))
    };
    chart.draw_series(panel.marks.iter().map(word)).map_err(fail)?;
    Ok(())
}

/// Both ranges widened around their middle until a unit is as long on one axis as on the other: arcs stay arcs.
fn same_scale(x: (f64, f64), y: (f64, f64), width: f64, height: f64) -> ((f64, f64), (f64, f64)) {
    if width <= 0.0 || height <= 0.0 {
        return (x, y);
    }
    let per_pixel = ((x.1 - x.0) / width).max((y.1 - y.0) / height);
    let around = |(low, high): (f64, f64), pixels: f64| {
        let (middle, half) = ((low + high) / 2.0, per_pixel * pixels / 2.0);
        (middle - half, middle + half)
    };
    (around(x, width), around(y, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_as_long_on_both_axes() {
        let (x, y) = same_scale((0.0, 10.0), (0.0, 1.0), 200.0, 100.0);
        assert_eq!((x, y), ((0.0, 10.0), (-2.0, 3.0)));
    }
}
