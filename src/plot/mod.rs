//! One picture of a measurement, to glance at: voltage, current and temperature over time with the steps as bands,
//! capacity and efficiency of each cycle, current over voltage of a voltammogram, a Nyquist plot where there is impedance.
//! Feature `plot`.
//!
//! A picture has a white ground and dark lines, so that it reads in print and in a dark viewer. Lines are decimated to the
//! first, lowest, highest and last point of each pixel column: no spike is lost, however many rows there are.

mod curves;
mod decimate;
mod draw;
mod look;
mod low;
mod outline;
mod panel;
mod phases;
mod scale;
mod shade;
mod ticks;

use std::path::Path;

use polars::prelude::DataFrame;

use crate::bundle::{self, Report};
use crate::error::{Error, ErrorKind, Result};
use crate::findings;
use curves::Curves;
pub(crate) use decimate::decimate;
pub(crate) use outline::outline;
pub(crate) use panel::{CAPACITY, EFFICIENCY_NAME, OverCycles, counts_on, over_cycles};
use panel::{CyclePanel, TimePanel};
pub(crate) use scale::{AMPERE, AMPERE_HOUR, OHM, Shown};
use shade::Band;

fn hex((red, green, blue): (u8, u8, u8)) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The lines' colours, for what else draws a measurement.
pub(crate) fn line_colors() -> Vec<String> {
    look::PALETTE.iter().map(|color| hex((color.0, color.1, color.2))).collect()
}

/// The colours of several measurements in one chart, each on a white and on a dark ground.
pub(crate) fn several_colors() -> Vec<(String, String)> {
    look::SEVERAL.iter().map(|(light, dark)| (hex(*light), hex(*dark))).collect()
}

/// From when on the cell did what, in which words and which colour.
pub(crate) fn phases(steps: &DataFrame, time_series: &DataFrame) -> Result<Vec<(f64, &'static str, String)>> {
    let kinds = panel::kinds(steps, time_series)?;
    Ok(kinds.into_iter().map(|(time, kind)| (time, kind.name, hex(kind.color))).collect())
}

/// How a picture is stored.
///
/// ```
/// assert_eq!(cyclerprep::plot::Format::Svg.extension(), "svg");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Lines and text that scale.
    Svg,
    /// Pixels, 2,400 wide.
    Png,
}

impl Format {
    /// The format that a path's extension names.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::path::Path;
    /// use cyclerprep::plot::Format;
    ///
    /// assert_eq!(Format::of_path(Path::new("cell.svg"))?, Format::Svg);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Options`] for any other than `svg` and `png`.
    pub fn of_path(path: &Path) -> Result<Self> {
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
        Self::of_name(&extension).ok_or_else(|| {
            let message = format!("expected a picture's name that ends in .svg or .png, found {:?}", path.display());
            Error::new(ErrorKind::Options, message)
        })
    }

    /// The format of a name.
    ///
    /// ```
    /// use cyclerprep::plot::Format;
    ///
    /// assert_eq!(Format::of_name("png"), Some(Format::Png));
    /// assert_eq!(Format::of_name("jpeg"), None);
    /// ```
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "svg" => Some(Self::Svg),
            "png" => Some(Self::Png),
            _ => None,
        }
    }

    /// The file's extension.
    ///
    /// ```
    /// assert_eq!(cyclerprep::plot::Format::Png.extension(), "png");
    /// ```
    pub fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }
}

/// What is drawn, already reduced to what a picture can show: it keeps no rows.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// use cyclerprep::plot::Picture;
///
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// let picture = Picture::new("flat.csv", "Neware", &cell.time_series, &cell.steps, &cell.cycles)?;
/// assert!(picture.svg()?.starts_with("<svg"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Picture {
    title: String,
    subtitle: String,
    /// First and last time, in s.
    range: (f64, f64),
    time: Shown,
    bands: Vec<Band>,
    /// From when to when there is what makes the measurement invalid, and what that is.
    marks: Vec<(f64, f64)>,
    marked: Vec<&'static str>,
    time_panels: Vec<TimePanel>,
    cycle_panels: Vec<CyclePanel>,
    /// A voltammogram, spectra.
    curves: Vec<Curves>,
}

impl Picture {
    /// The picture of a time series in the schema's columns, with its steps and cycles; either may be empty.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// let picture = cyclerprep::plot::Picture::new("Cell 34", "", &cell.time_series, &cell.steps, &cell.cycles)?;
    /// assert!(picture.svg()?.contains("Cell 34"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Frame`] when a column that is shown is not numeric.
    pub fn new(
        title: impl Into<String>,
        subtitle: impl Into<String>,
        time_series: &DataFrame,
        steps: &DataFrame,
        cycles: &DataFrame,
    ) -> Result<Self> {
        let (range, time_panels) = panel::over_time(time_series, look::COLUMNS)?;
        let kinds = panel::kinds(steps, time_series)?;
        Ok(Self {
            title: title.into(),
            subtitle: subtitle.into(),
            range,
            time: scale::time(range.1 - range.0),
            bands: shade::bands(&kinds, range, look::COLUMNS),
            marks: Vec::new(),
            marked: Vec::new(),
            time_panels,
            cycle_panels: panel::per_cycle(cycles)?,
            curves: curves::voltammogram(time_series, &kinds)?
                .into_iter()
                .chain(curves::nyquist(time_series)?)
                .collect(),
        })
    }

    /// With marks over the rows that the report's findings of severity error are about: a gap, a row, the steps in which the
    /// voltage contradicts the current. The picture of a valid measurement stays as it is.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use cyclerprep::{plot::Picture, validate_measurement_data};
    /// use polars::prelude::{DataFrame, df};
    ///
    /// let rows = df!("Time [s]" => [0.0, 60.0, 40.0, 120.0], "Voltage [V]" => [3.6, 3.7, 3.8, 3.9], "Step count" => [0i64; 4])?;
    /// let mut report = cyclerprep::Report::default();
    /// report.issues = validate_measurement_data(&rows, &Default::default())?.issues;
    /// let none = DataFrame::empty();
    /// let picture = Picture::new("Cell 34", "", &rows, &none, &none)?.marked(&report, &rows)?;
    /// assert!(picture.svg()?.contains("time_not_monotonic"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Frame`] when a column that is looked at is not numeric.
    pub fn marked(mut self, report: &Report, time_series: &DataFrame) -> Result<Self> {
        if report.is_valid() {
            return Ok(self);
        }
        for finding in findings::of(report, time_series)?.iter().filter(|finding| finding.kind == "error") {
            let spans = finding.spans.iter().map(|span| (span.from, span.to));
            let before = self.marks.len();
            self.marks.extend(spans.filter(|(from, to)| from.is_finite() && to.is_finite()));
            if self.marks.len() > before && !self.marked.contains(&finding.code) {
                self.marked.push(finding.code);
            }
        }
        Ok(self)
    }

    /// As a file's bytes.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// assert!(cell.picture()?.bytes(cyclerprep::plot::Format::Svg)?.starts_with(b"<svg"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when the picture cannot be drawn.
    pub fn bytes(&self, format: Format) -> Result<Vec<u8>> {
        match format {
            Format::Svg => self.svg().map(String::into_bytes),
            Format::Png => self.png(),
        }
    }

    /// As SVG.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// assert!(cell.picture()?.svg()?.trim_end().ends_with("</svg>"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when the picture cannot be drawn.
    pub fn svg(&self) -> Result<String> {
        draw::svg(self)
    }

    /// As PNG.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// assert!(cell.picture()?.png()?.starts_with(b"\x89PNG"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when the picture cannot be drawn.
    pub fn png(&self) -> Result<Vec<u8>> {
        draw::png(self)
    }

    /// Writes the picture as its name says, `.svg` or `.png`; the file appears whole or not at all.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// let path = std::env::temp_dir().join("cyclerprep-example.png");
    /// cell.picture()?.write(&path)?;
    /// assert!(std::fs::read(&path)?.starts_with(b"\x89PNG"));
    /// # std::fs::remove_file(path)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Options`] for another extension, [`ErrorKind::Io`] with the path.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let bytes = self.bytes(Format::of_path(path)?)?;
        bundle::write_file_atomically(path, |target| target.write_all(&bytes).map_err(|e| Error::io("cannot write", e)))
    }
}
