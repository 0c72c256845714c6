//! Panels become lines and text.

use plotters::prelude::*;

use super::look::{
    Area, GRID, HEAD, INK, LABELS, LEFT, LOW_PANEL, MARGIN, MARK, PALETTE, RIGHT, SCALE, SOFT, TIME_AXIS, TIME_PANEL,
    WIDTH, fail, font, load_font,
};
use super::low::{curves, per_cycle};
use super::panel::TimePanel;
use super::shade::Kind;
use super::ticks::Ticks;
use super::{Format, Picture};
use crate::error::Result;

/// Over the rows of a finding: what is drawn below shows through.
const TINT: RGBAColor = RGBAColor(MARK.0, MARK.1, MARK.2, 0.16);

fn size(picture: &Picture) -> (u32, u32) {
    let panels = picture.time_panels.len() as u32;
    let time = if panels > 0 { panels * TIME_PANEL + TIME_AXIS } else { 0 };
    let low = if picture.cycle_panels.is_empty() && picture.curves.is_empty() { 0 } else { LOW_PANEL };
    let empty = if time + low == 0 { 60 } else { 12 };
    (WIDTH * SCALE, (HEAD + time + low + empty) * SCALE)
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
    let low = picture.cycle_panels.len() + picture.curves.len();
    if low > 0 {
        let areas = rest.split_evenly((1, low));
        for (panel, area) in picture.cycle_panels.iter().zip(&areas) {
            per_cycle(panel, area)?;
        }
        for (panel, area) in picture.curves.iter().zip(&areas[picture.cycle_panels.len()..]) {
            curves(panel, area)?;
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
    if !picture.marked.is_empty() {
        let ((left, top), (right, bottom)) = (at(x, 56), at(x + 18, 68));
        area.draw(&Rectangle::new([(left, top), (right, bottom)], TINT.filled())).map_err(fail)?;
        area.draw(&Rectangle::new([(left, top), (right, bottom)], MARK.stroke_width(SCALE))).map_err(fail)?;
        let text = shortened(&picture.marked.join(", "), 80);
        area.draw(&Text::new(text, at(x + 24, 56), font(12, &MARK))).map_err(fail)?;
    }
    Ok(())
}

fn color(kind: Kind) -> RGBColor {
    RGBColor(kind.color.0, kind.color.1, kind.color.2)
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
    // Panels stand above each other: the lowest has the labels of all.
    let x_ticks = if is_last { Ticks::new((x0, x1), 12) } else { Ticks::default() };
    let y_ticks = Ticks::new((y0, y1), 6);
    let mut chart = ChartBuilder::on(area)
        .margin_top(6 * SCALE)
        .margin_left(MARGIN * SCALE)
        .margin_right(RIGHT * SCALE)
        .x_label_area_size(axis * SCALE)
        .y_label_area_size(LABELS * SCALE)
        .build_cartesian_2d(x_ticks.axis((x0, x1)), y_ticks.axis((y0, y1)))
        .map_err(fail)?;
    let band = |b: &super::Band| Rectangle::new([(b.from * times, y0), (b.to * times, y1)], color(b.kind).filled());
    chart.draw_series(picture.bands.iter().map(band)).map_err(fail)?;
    let (x_labels, y_labels) = (|x: &f64| x_ticks.text(*x), |y: &f64| y_ticks.text(*y));
    let description = format!("Time [{}]{}", picture.time.unit, x_ticks.told());
    let mut mesh = chart.configure_mesh();
    mesh.axis_style(SOFT.stroke_width(SCALE))
        .bold_line_style(GRID.stroke_width(1))
        .light_line_style(TRANSPARENT)
        .label_style(font(12, &INK))
        .axis_desc_style(font(13, &INK))
        .x_label_formatter(&x_labels)
        .y_label_formatter(&y_labels)
        .y_desc(panel.label.clone() + &y_ticks.told());
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
    for (from, to) in picture.marks.iter().map(|(from, to)| (from * times, to * times)) {
        if to > from {
            chart.draw_series([Rectangle::new([(from, y0), (to, y1)], TINT.filled())]).map_err(fail)?;
        }
        let edge = |x: f64| PathElement::new(vec![(x, y0), (x, y1)], MARK.stroke_width(SCALE));
        chart.draw_series([from, to].map(edge)).map_err(fail)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(shortened("abcdefghij", 5), "ab…ij");
        assert_eq!(shortened("abc", 5), "abc");
    }
}
