//! `prep validate`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use cyclerprep::validate::ValidateOptions;
use cyclerprep::{PrepareOptions, Result, Source, load, validate_measurement_data};

use crate::args::Validate;
use crate::convert::{prepare, set_jobs, voice};
use crate::exit::Exit;
use crate::inputs::{self, Input};
use crate::report::{self, FileReport, Status, Summary};

pub fn run(args: &Validate) -> Result<Exit> {
    let clock = Instant::now();
    set_jobs(&args.output_args)?;
    let options = args.read.options(&args.check)?;
    let mut files = Vec::new();
    for argument in &args.inputs {
        // A bundle is validated as the measurement that it is.
        let bundle = argument.join("time_series.parquet");
        let found = if bundle.is_file() {
            vec![Input { path: bundle, relative: PathBuf::new(), named: true }]
        } else {
            let mut found = inputs::collect(std::slice::from_ref(argument))?;
            found.retain(|input| input.named || !is_summary(&input.path));
            found
        };
        for input in found {
            files.extend(check(&input, &options)?);
        }
    }
    let summary = Summary::of(&files, clock.elapsed().as_secs_f64());
    Ok(report::finish(&files, &summary, voice(&args.output_args)))
}

/// A bundle's steps and cycles, and the list of bundles, are no measurements of their own.
fn is_summary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    let beside = |other: &str| path.with_file_name(other).is_file();
    match name.to_str() {
        Some("steps.parquet" | "cycles.parquet") => beside("time_series.parquet"),
        Some("index.parquet") => beside("index.json"),
        _ => false,
    }
}

/// Options that make no sense are an `Err`; what is wrong with the file is in its report.
fn check(input: &Input, options: &PrepareOptions) -> Result<Vec<FileReport>> {
    let failed = |error: &cyclerprep::Error| {
        vec![FileReport::failed(input.path.clone(), Status::Unreadable, input.named, error)]
    };
    let frame = match Source::open(&input.path, options.limits()).and_then(|source| load::load_frame(&source)) {
        Ok(frame) => frame,
        Err(error) => return Ok(failed(&error)),
    };
    let status = |valid| if valid { Status::Valid } else { Status::Invalid };
    let Some(frame) = frame else {
        let measurements = match prepare(input, options) {
            Ok(measurements) => measurements,
            Err(report) => return Ok(vec![*report]),
        };
        let report = |m: &cyclerprep::Measurement| {
            FileReport::new(input.path.clone(), status(m.is_valid()), input.named).with_measurement(m)
        };
        return Ok(measurements.iter().map(report).collect());
    };
    let mut validate: ValidateOptions = options.validate.clone();
    let beside = input.path.with_file_name("steps.parquet");
    let is_bundle = input.path.file_name().is_some_and(|n| n == "time_series.parquet");
    if validate.steps.is_none() && is_bundle && beside.is_file() {
        validate.steps = load::load_frame_file(&beside, options.limits()).ok();
    }
    match validate_measurement_data(&frame, &validate) {
        Ok(found) => {
            let mut report = FileReport::new(input.path.clone(), status(found.is_valid()), input.named);
            report.rows = frame.height();
            report.issues = found.issues;
            Ok(vec![report])
        }
        Err(error) if error.kind() == cyclerprep::ErrorKind::Options => Err(error),
        Err(error) => Ok(failed(&error)),
    }
}
