//! Panels become lines and text. Every size is in units of the picture, 1,200 wide, times [`SCALE`].

use std::sync::Once;

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use super::panel::{CyclePanel, NyquistPanel, TimePanel};
use super::scale;
use super::shade::Kind;
use super::{Format, Picture};
use crate::error::{Error, ErrorKind, Result};

/// The backends count whole pixels: twice as many draw smooth lines.
const SCALE: u32 = 2;
const WIDTH: u32 = 1200;
/// Space of the labels left of a panel, beside them and right of it.
const LABELS: u32 = 66;
const MARGIN: u32 = 14;
const LEFT: u32 = LABELS + MARGIN;
const RIGHT: u32 = 18;
const HEAD: u32 = 74;
const TIME_PANEL: u32 = 196;
const TIME_AXIS: u32 = 44;
const LOW_PANEL: u32 = 320;
/// Space above the lower panels, for their legend.
const ABOVE: u32 = 24;

/// Pixel columns of a panel over time.
pub const COLUMNS: usize = ((WIDTH - LEFT - RIGHT) * SCALE) as usize;

const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
const SOFT: RGBColor = RGBColor(0x66, 0x66, 0x66);
const GRID: RGBColor = RGBColor(0xd4, 0xd4, 0xd4);
/// Dark enough for print, told apart without red and green.
const PALETTE: [RGBColor; 4] =
    [RGBColor(0x0b, 0x4f, 0x9e), RGBColor(0xa8, 0x3c, 0x00), RGBColor(0x6a, 0x1b, 0x7a), RGBColor(0x6a, 0x1b, 0x7a)];

const FAMILY: &str = "sans-serif";

type Area<DB> = DrawingArea<DB, Shift>;

/// The crate brings its font: a cluster's nodes have none.
fn load_font() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let bytes = include_bytes!("DejaVuSans-subset.ttf");
        // The only error is a file that is no font; a test draws text.
        let _ = plotters::style::register_font(FAMILY, FontStyle::Normal, bytes);
    });
}

fn size(picture: &Picture) -> (u32, u32) {
    let panels = picture.time_panels.len() as u32;
    let time = if panels > 0 { panels * TIME_PANEL + TIME_AXIS } else { 0 };
    let low = if picture.cycle_panels.is_empty() && picture.nyquist.is_none() { 0 } else { LOW_PANEL };
    let empty = if time + low == 0 { 60 } else { 12 };
    (WIDTH * SCALE, (HEAD + time + low + empty) * SCALE)
}

fn fail(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Io, format!("cannot draw the picture: {error}"))
}

/// As SVG, shown at its nominal size.
pub fn svg(picture: &Picture) -> Result<String> {
    load_font();
    let (width, height) = size(picture);
    let mut text = String::new();
    draw(picture, SVGBackend::with_string(&mut text, (width, height)).into_drawing_area(), Format::Svg)?;
    let (shown_width, shown_height) = (width / SCALE, height / SCALE);
    let stated = format!("<svg width=\"{width}\" height=\"{height}\"");
    let shown = format!("<svg width=\"{shown_width}\" height=\"{shown_height}\"");
    Ok(text.replacen(&stated, &shown, 1))
}

/// As PNG.
pub fn png(picture: &Picture) -> Result<Vec<u8>> {
    load_font();
    let (width, height) = size(picture);
    let mut pixels = vec![255; width as usize * height as usize * 3];
    draw(picture, BitMapBackend::with_buffer(&mut pixels, (width, height)).into_drawing_area(), Format::Png)?;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().map_err(fail)?;
    writer.write_image_data(&pixels).map_err(fail)?;
    writer.finish().map_err(fail)?;
    Ok(bytes)
}

fn font(size: u32, color: &RGBColor) -> TextStyle<'static> {
    (FAMILY, (size * SCALE) as i32).into_font().color(color)
}

fn draw<DB: DrawingBackend>(picture: &Picture, root: Area<DB>, how: Format) -> Result<()> {
    root.fill(&WHITE).map_err(fail)?;
    let (head, mut rest) = root.split_vertically(HEAD * SCALE);
    draw_head(picture, &head)?;
    let panels = picture.time_panels.len();
    for (index, panel) in picture.time_panels.iter().enumerate() {
        let is_last = index + 1 == panels;
        let height = TIME_PANEL + if is_last { TIME_AXIS } else { 0 };
        let (area, below) = rest.split_vertically(height * SCALE);
        over_time(picture, panel, &area, is_last, how)?;
        rest = below;
    }
    let low = picture.cycle_panels.len() + usize::from(picture.nyquist.is_some());
    if low > 0 {
        let areas = rest.split_evenly((1, low));
        for (panel, area) in picture.cycle_panels.iter().zip(&areas) {
            per_cycle(panel, area)?;
        }
        if let (Some(panel), Some(area)) = (&picture.nyquist, areas.last()) {
            nyquist(panel, area)?;
        }
    } else if panels == 0 {
        let at = ((LEFT * SCALE) as i32, (10 * SCALE) as i32);
        rest.draw(&Text::new("no values to draw", at, font(14, &SOFT))).map_err(fail)?;
    }
    rest.present().map_err(fail)
}

/// The text in at most `most` characters; the middle goes first, because names differ at their ends.
fn shortened(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let (front, back) = (most / 2, most - most / 2 - 1);
    text.chars().take(front).chain(['…']).chain(text.chars().skip(count - back)).collect()
}

fn draw_head<DB: DrawingBackend>(picture: &Picture, area: &Area<DB>) -> Result<()> {
    let at = |x: u32, y: u32| ((x * SCALE) as i32, (y * SCALE) as i32);
    area.draw(&Text::new(shortened(&picture.title, 90), at(LEFT, 12), font(18, &INK))).map_err(fail)?;
    area.draw(&Text::new(shortened(&picture.subtitle, 150), at(LEFT, 36), font(12, &SOFT))).map_err(fail)?;
    let mut kinds: Vec<Kind> = Vec::new();
    for band in &picture.bands {
        if !kinds.contains(&band.kind) {
            kinds.push(band.kind);
        }
    }
    let mut x = LEFT;
    for kind in kinds {
        let ((left, top), (right, bottom)) = (at(x, 56), at(x + 18, 68));
        area.draw(&Rectangle::new([(left, top), (right, bottom)], color(kind).filled())).map_err(fail)?;
        area.draw(&Text::new(kind.name, at(x + 24, 56), font(12, &SOFT))).map_err(fail)?;
        x += 46 + 7 * kind.name.len() as u32;
    }
    Ok(())
}

fn color(kind: Kind) -> RGBColor {
    RGBColor(kind.color.0, kind.color.1, kind.color.2)
}

/// A label formatter that writes as many digits as tell the labels apart.
fn labels(range: (f64, f64), count: usize) -> impl Fn(&f64) -> String {
    let digits = scale::digits(range.1 - range.0, count);
    move |value| {
        let text = format!("{value:.digits$}");
        if text.trim_start_matches('-').bytes().all(|b| matches!(b, b'0' | b'.')) { "0".to_owned() } else { text }
    }
}

fn over_time<DB: DrawingBackend>(
    picture: &Picture,
    panel: &TimePanel,
    area: &Area<DB>,
    is_last: bool,
    how: Format,
) -> Result<()> {
    let times = picture.time.times;
    let (x0, mut x1) = (picture.range.0 * times, picture.range.1 * times);
    if x1 <= x0 {
        x1 = x0 + 1.0;
    }
    let (y0, y1) = panel.range;
    let axis = if is_last { TIME_AXIS } else { 8 };
    let mut chart = ChartBuilder::on(area)
        .margin_top(6 * SCALE)
        .margin_left(MARGIN * SCALE)
        .margin_right(RIGHT * SCALE)
        .x_label_area_size(axis * SCALE)
        .y_label_area_size(LABELS * SCALE)
        .build_cartesian_2d(x0..x1, y0..y1)
        .map_err(fail)?;
    let band = |b: &super::Band| Rectangle::new([(b.from * times, y0), (b.to * times, y1)], color(b.kind).filled());
    chart.draw_series(picture.bands.iter().map(band)).map_err(fail)?;
    let (x_labels, y_labels) = (labels((x0, x1), 12), labels((y0, y1), 6));
    let description = format!("Time [{}]", picture.time.unit);
    let mut mesh = chart.configure_mesh();
    mesh.axis_style(SOFT.stroke_width(SCALE))
        .bold_line_style(GRID.stroke_width(1))
        .light_line_style(TRANSPARENT)
        .label_style(font(12, &INK))
        .axis_desc_style(font(13, &INK))
        .x_labels(if is_last { 12 } else { 0 })
        .y_labels(6)
        .x_label_formatter(&x_labels)
        .y_label_formatter(&y_labels)
        .y_desc(panel.label.as_str());
    if is_last {
        mesh.x_desc(description);
    }
    mesh.draw().map_err(fail)?;
    let color = PALETTE[panel.color % PALETTE.len()];
    for piece in &panel.pieces {
        let points: Vec<(f64, f64)> = piece.iter().map(|(x, y)| (x * times, *y)).collect();
        if let [only] = points[..] {
            chart.draw_series([Circle::new(only, 2 * SCALE, color.filled())]).map_err(fail)?;
        } else if how == Format::Svg {
            chart.draw_series(LineSeries::new(points, color.stroke_width(SCALE))).map_err(fail)?;
        } else {
            // The pixel backend gives sharp corners of a wide line long spikes; pieces of two points have no corner.
            let pieces = points.windows(2).map(|two| PathElement::new(two.to_vec(), color.stroke_width(SCALE)));
            chart.draw_series(pieces).map_err(fail)?;
        }
    }
    Ok(())
}

fn spot<C>(at: C, size: u32) -> Circle<C, u32> {
    Circle::new(at, (size - 1) * SCALE - 1, PALETTE[1].filled())
}

fn ring<C>(at: C, size: u32) -> Circle<C, u32> {
    Circle::new(at, size * SCALE, PALETTE[0].stroke_width(SCALE))
}

type Chart<'a, DB> = ChartContext<'a, DB, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// An empty chart of the lower row, with its axes.
fn low_chart<'a, DB: DrawingBackend>(
    area: &'a Area<DB>,
    (x, x_name): ((f64, f64), &str),
    (y, y_name): ((f64, f64), &str),
    x_label: &dyn Fn(&f64) -> String,
) -> Result<Chart<'a, DB>> {
    let mut chart = ChartBuilder::on(area)
        .margin_top(ABOVE * SCALE)
        .margin_left(MARGIN * SCALE)
        .margin_right(RIGHT * SCALE)
        .x_label_area_size(TIME_AXIS * SCALE)
        .y_label_area_size(LABELS * SCALE)
        .build_cartesian_2d(x.0..x.1, y.0..y.1)
        .map_err(fail)?;
    chart
        .configure_mesh()
        .axis_style(SOFT.stroke_width(SCALE))
        .bold_line_style(GRID.stroke_width(1))
        .light_line_style(TRANSPARENT)
        .label_style(font(12, &INK))
        .axis_desc_style(font(13, &INK))
        .x_labels(6)
        .y_labels(6)
        .x_label_formatter(&x_label)
        .y_label_formatter(&labels(y, 6))
        .x_desc(x_name)
        .y_desc(y_name)
        .draw()
        .map_err(fail)?;
    Ok(chart)
}

fn per_cycle<DB: DrawingBackend>(panel: &CyclePanel, area: &Area<DB>) -> Result<()> {
    let count = |x: &f64| if (x - x.round()).abs() > 1e-6 { String::new() } else { format!("{x:.0}") };
    let mut chart = low_chart(area, (panel.x, "Cycle count"), (panel.y, &panel.label), &count)?;
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

fn nyquist<DB: DrawingBackend>(panel: &NyquistPanel, area: &Area<DB>) -> Result<()> {
    let (width, height) = area.dim_in_pixel();
    let (inner_width, inner_height) =
        (width.saturating_sub((LEFT + RIGHT) * SCALE), height.saturating_sub((ABOVE + TIME_AXIS) * SCALE));
    let (x, y) = same_scale(panel.x, panel.y, f64::from(inner_width), f64::from(inner_height));
    let (x_name, y_name) = (format!("Re Z [{}]", panel.unit), format!("−Im Z [{}]", panel.unit));
    let mut chart = low_chart(area, (x, &x_name), (y, &y_name), &labels(x, 6))?;
    let many = panel.spectra.len();
    for (index, points) in panel.spectra.iter().enumerate() {
        // From blue to orange in the order of the test.
        let share = if many > 1 { index as f64 / (many - 1) as f64 } else { 0.0 };
        let mix = |a: u8, b: u8| (f64::from(a) + share * (f64::from(b) - f64::from(a))) as u8;
        let (from, to) = (PALETTE[0], PALETTE[1]);
        let color = RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2));
        chart.draw_series(LineSeries::new(points.iter().copied(), color.stroke_width(SCALE))).map_err(fail)?;
        if many <= 10 {
            chart.draw_series(points.iter().map(|p| Circle::new(*p, 2 * SCALE, color.filled()))).map_err(fail)?;
        }
    }
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

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(shortened("abcdefghij", 5), "ab…ij");
        assert_eq!(shortened("abc", 5), "abc");
    }

    #[test]
    fn labels_have_the_digits_they_need() {
        assert_eq!(labels((0.0, 1.2), 6)(&0.4), "0.4");
        assert_eq!(labels((-1.0, 1.0), 6)(&-0.0), "0");
    }
}
