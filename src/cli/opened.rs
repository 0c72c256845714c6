//! What `prep plot` and `prep view` are given: a cycler file, a bundle or a table; and where what they make goes.

use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;

use super::voice::people;
use crate::batch::part_name;
use crate::bundle::Report;
use crate::error::{Error, ErrorKind, Result};
use crate::load;
use crate::measurement::Measurement;
use crate::prepare::{PrepareOptions, prepare_all};
use crate::source::Source;
use crate::summary::{StepOptions, summarize_cycles, summarize_steps};

/// A table that has the schema's columns, with its steps and cycles.
pub struct Table {
    pub path: PathBuf,
    pub time_series: DataFrame,
    pub steps: DataFrame,
    pub cycles: DataFrame,
    /// The bundle that it is of.
    pub bundle: Option<PathBuf>,
}

impl Table {
    /// The report of the bundle.
    pub fn report(&self) -> Option<Report> {
        Report::read(self.bundle.as_deref()?).ok()
    }

    /// The name of the bundle, else of the file.
    pub fn title(&self) -> String {
        let named = self.bundle.as_deref().unwrap_or(&self.path);
        named.file_name().unwrap_or(named.as_os_str()).to_string_lossy().into_owned()
    }
}

pub enum Opened {
    Table(Box<Table>),
    File(Source),
}

/// Opens a path. The tables beside a bundle's time series are used; without them, steps and cycles are found anew where that is
/// possible.
pub fn open(input: &Path, options: &PrepareOptions) -> Result<Opened> {
    let bundle = input.join("time_series.parquet");
    let path = if bundle.is_file() { bundle } else { input.to_path_buf() };
    if path.is_dir() && path.join("report.json").is_file() {
        return Err(without_tables(&path));
    }
    let source = Source::open(&path, options.limits())?;
    let Some(time_series) = load::load_frame(&source)?.filter(load::is_of_schema) else {
        return Ok(Opened::File(source));
    };
    let beside = |name: &str| load::load_frame_file(path.with_file_name(name), options.limits()).ok();
    let is_bundle = path.file_name().is_some_and(|name| name == "time_series.parquet");
    let steps = if is_bundle { beside("steps.parquet") } else { None };
    let steps = steps.or_else(|| summarize_steps(&time_series, &StepOptions::default()).ok()).unwrap_or_default();
    let cycles = if is_bundle { beside("cycles.parquet") } else { None };
    let cycles = cycles.or_else(|| summarize_cycles(&steps).ok()).unwrap_or_default();
    let bundle = if is_bundle { path.parent().map(Path::to_path_buf) } else { None };
    Ok(Opened::Table(Box::new(Table { path, time_series, steps, cycles, bundle })))
}

/// A bundle without tables is what is kept of a measurement that is not valid.
fn without_tables(bundle: &Path) -> Error {
    let source = Report::read(bundle).ok().map(|report| report.source.name);
    let source = source.map_or_else(|| "its source".to_owned(), |name| format!("{name:?}"));
    let message = format!(
        "expected the tables of a bundle, found a report alone: the measurement is not valid. Name the file that it was made of, {source}, or convert that with --keep-invalid"
    );
    Error::new(ErrorKind::Options, message).in_file(bundle.display().to_string())
}

/// Writes something of each test of a cycler file: `write` gets a test and the name of its file.
pub fn each_part(
    source: Source,
    output: &Path,
    options: &PrepareOptions,
    write: impl Fn(&Measurement, &Path) -> Result<()>,
) -> Result<()> {
    let measurements = prepare_all(source, options)?;
    let several = measurements.len() > 1;
    for measurement in measurements {
        let target = match &measurement.report.part {
            Some(part) if several => with_part(output, part),
            _ => output.to_path_buf(),
        };
        write(&measurement, &target).map_err(|error| error.in_file(target.display().to_string()))?;
        if several {
            people::say(&format!("wrote {}", target.display()));
        }
    }
    Ok(())
}

/// `cell.svg` of channel 3 is `cell-3.svg`.
fn with_part(output: &Path, part: &str) -> PathBuf {
    let (stem, extension) = (output.file_stem().unwrap_or_default(), output.extension().unwrap_or_default());
    let name = format!("{}-{}.{}", stem.to_string_lossy(), part_name(part).display(), extension.to_string_lossy());
    output.with_file_name(name)
}
