//! A page to look into a measurement: one file that opens in a browser, without a network. Feature `plot`.
//!
//! It holds the rows themselves, packed, while there are no more than 2 million of them; of a longer test it holds the lowest and the
//! highest of each so many rows, as many as fit 8 MB, and says so. Its script is written here, beside it.

mod base64;
mod findings;
mod html;
mod pack;
mod parts;
mod pyramid;
mod series;
#[cfg(feature = "cli")]
mod served;
mod table;

use std::path::Path;

use polars::prelude::DataFrame;
use serde_json::{Value, json};

use crate::bundle::{self, Report};
use crate::error::{Error, Result};
use crate::plot;
use html::Place;
use series::Room;
#[cfg(feature = "cli")]
pub(crate) use served::ServedPage;
use table::Blobs;

/// A page of a measurement.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// use cyclerprep::page::Page;
///
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// let page = Page::new("flat.csv", &cell.time_series, &cell.steps, &cell.cycles, Some(&cell.report))?;
/// assert!(page.html().starts_with("<!doctype html>"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Page {
    html: String,
}

impl Page {
    /// The page of a time series in the schema's columns, with its steps and cycles; either may be empty. With a report it tells
    /// what the file is, and pins findings and notes to their rows.
    ///
    /// ```
    /// # fn main() -> cyclerprep::Result<()> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// let page = cyclerprep::page::Page::new("Cell 34", &cell.time_series, &cell.steps, &cell.cycles, None)?;
    /// assert!(page.html().contains("<title>Cell 34</title>"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Frame`](crate::ErrorKind::Frame) when a column that is shown is not numeric.
    pub fn new(
        title: impl Into<String>,
        time_series: &DataFrame,
        steps: &DataFrame,
        cycles: &DataFrame,
        report: Option<&Report>,
    ) -> Result<Self> {
        let title = title.into();
        let html = Self::build(&title, time_series, steps, cycles, report, Place::Disk)?;
        Ok(Self { html })
    }

    fn build(
        title: &str,
        time_series: &DataFrame,
        steps: &DataFrame,
        cycles: &DataFrame,
        report: Option<&Report>,
        place: Place,
    ) -> Result<String> {
        let mut blobs = Blobs::default();
        let mut told = json!({
            "title": title,
            "colors": plot::line_colors(),
            "series": series::add(time_series, Room::default(), &mut blobs)?,
            "steps": parts::steps(steps, &mut blobs)?,
            "cycles": parts::cycles(cycles, &mut blobs)?,
            "phases": parts::phases(steps, time_series, &mut blobs)?,
            "facts": report.map(facts).unwrap_or_default(),
            "valid": report.map(Report::is_valid),
            "findings": report.map(|report| findings::of(report, time_series)).transpose()?.unwrap_or_default(),
        });
        told["version"] = env!("CARGO_PKG_VERSION").into();
        Ok(html::write(title, &told, &blobs.0, place))
    }

    /// As text.
    ///
    /// ```
    /// # fn main() -> cyclerprep::Result<()> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// assert!(cell.page()?.html().ends_with("</html>\n"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn html(&self) -> &str {
        &self.html
    }

    /// As text that is given away.
    ///
    /// ```
    /// # fn main() -> cyclerprep::Result<()> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// assert!(cell.page()?.into_html().contains("flat.csv"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_html(self) -> String {
        self.html
    }

    /// Writes the page; the file appears whole or not at all.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
    /// let path = std::env::temp_dir().join("cyclerprep-example.html");
    /// cell.page()?.write(&path)?;
    /// assert!(path.is_file());
    /// # std::fs::remove_file(path)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) with the path.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<()> {
        bundle::write_file_atomically(path, |target| {
            target.write_all(self.html.as_bytes()).map_err(|e| Error::io("cannot write", e))
        })
    }
}

/// What the head of the page tells of the file: names and values.
fn facts(report: &Report) -> Vec<Value> {
    let overview = &report.overview;
    let mut facts = vec![("Format", report.detected.format.to_string())];
    let mut tell = |name, value: &Option<String>| facts.extend(value.clone().map(|value| (name, value)));
    tell("Start", &overview.start_time);
    tell("End", &overview.end_time);
    tell("Test", &overview.test_name);
    tell("Channel", &overview.channel);
    tell("Schedule", &overview.schedule);
    tell("Operator", &overview.operator);
    tell("Barcode", &overview.barcode);
    facts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| json!([name, value])).collect()
}
