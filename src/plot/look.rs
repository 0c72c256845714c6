//! How pictures look: sizes, colours, the font. Every size is in units of the picture, 1,200 wide, times [`SCALE`].

use std::sync::Once;

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::error::{Error, ErrorKind};

/// The backends count whole pixels: twice as many draw smooth lines.
pub const SCALE: u32 = 2;
pub const WIDTH: u32 = 1200;
/// Space of the labels left of a panel, beside them and right of it.
pub const LABELS: u32 = 66;
pub const MARGIN: u32 = 14;
pub const LEFT: u32 = LABELS + MARGIN;
pub const RIGHT: u32 = 18;
pub const HEAD: u32 = 74;
pub const TIME_PANEL: u32 = 196;
pub const TIME_AXIS: u32 = 44;
pub const LOW_PANEL: u32 = 320;
/// Space above the lower panels, for their legend.
pub const ABOVE: u32 = 24;

/// Pixel columns of a panel over time.
pub const COLUMNS: usize = ((WIDTH - LEFT - RIGHT) * SCALE) as usize;

pub const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
pub const SOFT: RGBColor = RGBColor(0x66, 0x66, 0x66);
pub const GRID: RGBColor = RGBColor(0xd4, 0xd4, 0xd4);
/// Dark enough for print, told apart without red and green.
pub const PALETTE: [RGBColor; 4] =
    [RGBColor(0x0b, 0x4f, 0x9e), RGBColor(0xa8, 0x3c, 0x00), RGBColor(0x6a, 0x1b, 0x7a), RGBColor(0x6a, 0x1b, 0x7a)];

/// What makes a measurement invalid.
pub const MARK: RGBColor = RGBColor(0xc2, 0x10, 0x2e);

/// Red, green and blue.
type Rgb = (u8, u8, u8);

/// One of each measurement where several are in one chart: on a white and on a dark ground. Any two differ by 25 (CIE 1976) at least,
/// for people too who see no red, no green or no blue; `several_colours_are_told_apart` holds that.
pub const SEVERAL: [(Rgb, Rgb); 6] = [
    ((0x0b, 0x4f, 0x9e), (0x87, 0x6b, 0xee)),
    ((0xa8, 0x3c, 0x00), (0xce, 0x6c, 0x3f)),
    ((0x3f, 0x9b, 0xd8), (0x00, 0xd3, 0xfd)),
    ((0xd3, 0x82, 0x00), (0xf0, 0xde, 0x47)),
    ((0x22, 0x22, 0x22), (0xdd, 0xff, 0xee)),
    ((0xf8, 0x37, 0x85), (0xa2, 0x76, 0x85)),
];

const FAMILY: &str = "sans-serif";

/// Where to draw.
pub type Area<DB> = DrawingArea<DB, Shift>;

/// The crate brings its font: a cluster's nodes have none.
pub fn load_font() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let bytes = include_bytes!("DejaVuSans-subset.ttf");
        // The only error is a file that is no font; a test draws text.
        let _ = plotters::style::register_font(FAMILY, FontStyle::Normal, bytes);
    });
}

/// The error of a backend.
pub fn fail(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Io, format!("cannot draw the picture: {error}"))
}

/// Text of this height.
pub fn font(size: u32, color: &RGBColor) -> TextStyle<'static> {
    (FAMILY, (size * SCALE) as i32).into_font().color(color)
}

#[cfg(test)]
mod tests {
    use super::SEVERAL;

    type Three = [f64; 3];

    fn times(matrix: [Three; 3], v: Three) -> Three {
        matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
    }

    fn linear((r, g, b): (u8, u8, u8)) -> Three {
        [r, g, b].map(|v| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// CIE L*a*b* of linear sRGB, for the white of D65.
    fn lab(rgb: Three) -> Three {
        let xyz = times([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], rgb);
        let f = |v: f64| if v > 0.008856 { v.cbrt() } else { 7.787 * v + 16.0 / 116.0 };
        let [x, y, z] = [f(xyz[0] / 0.95047), f(xyz[1]), f(xyz[2] / 1.08883)];
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// What all people see, and those without one kind of cones: Machado, Oliveira and Fernandes (2009), severity 1.
    const SEEN: [[Three; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ];

    /// Contrast as WCAG counts it.
    fn contrast(a: (u8, u8, u8), b: (u8, u8, u8)) -> f64 {
        let light = |c| times([[0.2126, 0.7152, 0.0722]; 3], linear(c))[0] + 0.05;
        light(a).max(light(b)) / light(a).min(light(b))
    }

    #[test]
    fn several_colours_are_told_apart() {
        for (of, ground) in [(0, (0xff, 0xff, 0xff)), (1, (0x16, 0x18, 0x1c))] {
            let colors = SEVERAL.map(|(light, dark)| if of == 0 { light } else { dark });
            assert!(
                colors.iter().all(|color| contrast(*color, ground) >= 3.0 - 0.05),
                "{of}: lines need a contrast of 3"
            );
            for seen in SEEN {
                let labs = colors.map(|color| lab(times(seen, linear(color)).map(|v| v.clamp(0.0, 1.0))));
                for (k, a) in labs.iter().enumerate() {
                    for (other, b) in labs.iter().enumerate().skip(k + 1) {
                        let off: f64 = (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt();
                        assert!(off >= 25.0, "{of}: {k} and {other} differ by {off:.1}");
                    }
                }
            }
        }
    }
}
