//! `prep plot`.

use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;

use super::args::{CheckArgs, Plot};
use super::exit::Exit;
use super::voice::people;
use crate::batch::part_name;
use crate::error::{Error, Result};
use crate::load;
use crate::plot::{Format, Picture};
use crate::prepare::{PrepareOptions, prepare_all};
use crate::source::Source;
use crate::summary::{StepOptions, summarize_cycles, summarize_steps};

pub fn run(args: &Plot) -> Result<Exit> {
    Format::of_path(&args.output)?;
    let options = args.read.options(&CheckArgs::default())?;
    let bundle = args.input.join("time_series.parquet");
    let path = if bundle.is_file() { &bundle } else { &args.input };
    let source = Source::open(path, options.limits())?;
    match load::load_frame(&source)?.filter(load::is_of_schema) {
        Some(frame) => of_table(frame, path, &options)?.write(&args.output)?,
        None => of_cycler_file(source, &args.output, &options)?,
    }
    Ok(Exit::Good)
}

/// The tables beside a bundle's time series are used; without them, steps and cycles are found anew where that is possible.
fn of_table(frame: DataFrame, path: &Path, options: &PrepareOptions) -> Result<Picture> {
    let beside = |name: &str| load::load_frame_file(path.with_file_name(name), options.limits()).ok();
    let is_bundle = path.file_name().is_some_and(|name| name == "time_series.parquet");
    let steps = if is_bundle { beside("steps.parquet") } else { None };
    let steps = steps.or_else(|| summarize_steps(&frame, &StepOptions::default()).ok()).unwrap_or_default();
    let cycles = if is_bundle { beside("cycles.parquet") } else { None };
    let cycles = cycles.or_else(|| summarize_cycles(&steps).ok()).unwrap_or_default();
    let named = if is_bundle { path.parent().unwrap_or(path) } else { path };
    let title = named.file_name().unwrap_or(named.as_os_str()).to_string_lossy();
    let subtitle = format!("{} rows, {} steps, {} cycles", frame.height(), steps.height(), cycles.height());
    Picture::new(title, subtitle, &frame, &steps, &cycles).map_err(|error| error.in_file(path.display().to_string()))
}

fn of_cycler_file(source: Source, output: &Path, options: &PrepareOptions) -> Result<()> {
    let measurements = prepare_all(source, options)?;
    let several = measurements.len() > 1;
    for measurement in measurements {
        let target = match &measurement.report.part {
            Some(part) if several => with_part(output, part),
            _ => output.to_path_buf(),
        };
        measurement.picture()?.write(&target).map_err(|error: Error| error.in_file(target.display().to_string()))?;
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
