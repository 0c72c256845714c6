//! Reads a picture back: its panels with their ticks, lines, spots and bands, in pixels.

use std::fmt::Write;

use quick_xml::events::{BytesStart, Event};

/// A picture as its SVG has it.
#[derive(Debug, Default)]
pub struct Drawn {
    /// Texts of the head, and of legends.
    pub words: Vec<String>,
    /// Colours of the bands with their words.
    pub legend: Vec<(String, String)>,
    pub panels: Vec<Panel>,
}

/// One chart.
#[derive(Debug, Default)]
pub struct Panel {
    /// Of the vertical axis.
    pub name: String,
    /// Of the horizontal axis; a panel over another has none.
    pub x_name: String,
    /// Pixel and number of each label. A tick without a number has no label.
    pub x: Vec<(f64, f64)>,
    pub y: Vec<(f64, f64)>,
    /// Upper and lower end of the vertical axis.
    pub frame: (f64, f64),
    pub lines: Vec<Vec<(f64, f64)>>,
    /// Colour and place.
    pub spots: Vec<(String, (f64, f64))>,
    /// Colour, left and right.
    pub bands: Vec<(String, f64, f64)>,
}

/// Number at a pixel of an axis, by its outer labels. All labels between must lie within a pixel of the line through them.
pub fn value(ticks: &[(f64, f64)], pixel: f64) -> f64 {
    let ((p0, v0), (p1, v1)) = (ticks[0], *ticks.last().unwrap());
    assert!(p0 != p1 && v0 != v1, "an axis has two labels: {ticks:?}");
    let at = |p: f64| v0 + (p - p0) * (v1 - v0) / (p1 - p0);
    for (p, v) in ticks {
        let off = (at(*p) - v).abs() / pixel_size(ticks);
        assert!(off <= 1.0, "the label {v} stands {off} pixels away from its value: {ticks:?}");
    }
    at(pixel)
}

/// Where an axis shows a number.
pub fn pixel(ticks: &[(f64, f64)], number: f64) -> f64 {
    let (from, _) = ticks[0];
    let slope = value(ticks, from + 1.0) - value(ticks, from);
    from + (number - value(ticks, from)) / slope
}

/// What a pixel of an axis is worth.
pub fn pixel_size(ticks: &[(f64, f64)]) -> f64 {
    let ((p0, v0), (p1, v1)) = (ticks[0], *ticks.last().unwrap());
    ((v1 - v0) / (p1 - p0)).abs()
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> String {
    tag.try_get_attribute(name).unwrap().map(|found| found.value.into_owned()).unwrap_or_default()
}

fn number(tag: &BytesStart<'_>, name: &str) -> f64 {
    attribute(tag, name).parse().unwrap()
}

/// The grey of the axes.
const AXIS: &str = "#666666";

impl Drawn {
    /// Reads a picture; it must be well-formed.
    pub fn read(svg: &str) -> Self {
        let mut reader = quick_xml::Reader::from_str(svg);
        let mut drawn = Self::default();
        let mut bands = Vec::new();
        let mut text: Option<(BytesStart<'static>, String)> = None;
        loop {
            match reader.read_event().unwrap() {
                Event::Start(tag) if tag.name().as_ref() == "text" => text = Some((tag.into_owned(), String::new())),
                Event::Text(piece) => text.iter_mut().for_each(|(_, text)| text.push_str(&piece)),
                Event::GeneralRef(name) => text.iter_mut().for_each(|(_, text)| match &*name {
                    "gt" => text.push('>'),
                    "lt" => text.push('<'),
                    "amp" => text.push('&'),
                    other => panic!("&{other};"),
                }),
                Event::End(_) => {
                    if let Some((tag, text)) = text.take() {
                        drawn.text(&tag, text.trim(), &mut bands);
                    }
                }
                Event::Empty(tag) => drawn.shape(&tag, &mut bands),
                Event::Eof => return drawn,
                _ => {}
            }
        }
    }

    fn text(&mut self, tag: &BytesStart<'_>, text: &str, bands: &mut Vec<(String, f64, f64)>) {
        let (x, y) = (number(tag, "x"), number(tag, "y"));
        let anchor = attribute(tag, "text-anchor");
        if !attribute(tag, "transform").is_empty() {
            let bands = std::mem::take(bands);
            self.panels.push(Panel { name: text.to_owned(), bands, ..Panel::default() });
            return;
        }
        if anchor == "start" {
            // A band in the legend stands before its word.
            self.legend.extend(bands.pop().map(|(color, ..)| (color, text.to_owned())));
            self.words.push(text.to_owned());
            return;
        }
        let panel = self.panels.last_mut().unwrap();
        if anchor == "middle" && attribute(tag, "dy") == "-0.5ex" {
            panel.x_name = text.to_owned();
        } else if !text.is_empty() {
            let label = text.parse().unwrap_or_else(|_| panic!("a label that is no number: {text:?}"));
            if anchor == "end" { panel.y.push((y, label)) } else { panel.x.push((x, label)) }
        }
    }

    fn shape(&mut self, tag: &BytesStart<'_>, bands: &mut Vec<(String, f64, f64)>) {
        match tag.name().as_ref() {
            "rect" if number(tag, "x") > 0.0 => {
                let (left, width) = (number(tag, "x"), number(tag, "width"));
                bands.push((attribute(tag, "fill"), left, left + width));
            }
            "polyline" => {
                let points: Vec<(f64, f64)> = attribute(tag, "points")
                    .split_whitespace()
                    .map(|xy| xy.split_once(',').unwrap())
                    .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
                    .collect();
                let panel = self.panels.last_mut().unwrap();
                if attribute(tag, "stroke") != AXIS {
                    panel.lines.push(points);
                } else if points[0].0 == points[1].0 && (points[1].1 - points[0].1).abs() > 100.0 {
                    panel.frame = (points[0].1, points[1].1);
                }
            }
            "circle" => {
                let panel = self.panels.last_mut().unwrap();
                let place = (number(tag, "cx"), number(tag, "cy"));
                let fill = attribute(tag, "fill");
                let color = if fill == "none" { attribute(tag, "stroke") } else { fill };
                // The legend stands above the panel.
                if place.1 >= panel.frame.0 {
                    panel.spots.push((color, place));
                }
            }
            _ => {}
        }
    }

    /// What a person sees, with its places in units of the picture (two pixels), rounded to whole ones.
    pub fn show(&self) -> String {
        let unit = |pixel: f64| (pixel / 2.0).round();
        let place = |(x, y): (f64, f64)| format!("{},{}", unit(x), unit(y));
        let ticks = |ticks: &[(f64, f64)]| {
            ticks.iter().map(|(pixel, value)| format!("{value}@{}", unit(*pixel))).collect::<Vec<_>>().join(" ")
        };
        let mut out = self.words.join(" | ") + "\n";
        for panel in &self.panels {
            writeln!(out, "{}: {}", panel.name, ticks(&panel.y)).unwrap();
            if !panel.x.is_empty() {
                writeln!(out, "  {}: {}", panel.x_name, ticks(&panel.x)).unwrap();
            }
            for (color, left, right) in &panel.bands {
                let word = self.legend.iter().find(|(known, _)| known == color).map_or("?", |(_, word)| word);
                writeln!(out, "  {} to {} {word}", unit(*left), unit(*right)).unwrap();
            }
            for line in &panel.lines {
                let ends = (place(line[0]), place(*line.last().unwrap()));
                let by_height = |a: &&(f64, f64), b: &&(f64, f64)| f64::total_cmp(&a.1, &b.1);
                let (high, low) = (line.iter().min_by(by_height).unwrap(), line.iter().max_by(by_height).unwrap());
                let range = (place(*low), place(*high));
                writeln!(out, "  line from {} to {}, lowest {}, highest {}", ends.0, ends.1, range.0, range.1).unwrap();
            }
            if !panel.spots.is_empty() {
                let spots = panel.spots.iter().map(|(color, at)| format!("{} {color}", place(*at)));
                writeln!(out, "  spots {}", spots.collect::<Vec<_>>().join(", ")).unwrap();
            }
        }
        out
    }
}
