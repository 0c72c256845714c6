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
