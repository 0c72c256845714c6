//! `prep validate`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::args::Validate;
use super::exit::Exit;
use super::inputs;
use super::voice::{Teller, Voice};
use crate::batch::{Input, Record, Status, Summary, pool, prepare_input};
use crate::error::{Error, ErrorKind, Result};
use crate::load;
use crate::measurement::Measurement;
use crate::prepare::PrepareOptions;
use crate::source::Source;
use crate::validate::{ValidateOptions, validate_measurement_data};

pub fn run(args: &Validate) -> Result<Exit> {
    let clock = Instant::now();
    let pool = pool(args.output_args.jobs)?;
    let options = args.read.options(&args.check)?;
    let inputs = inputs_of(&args.inputs)?;
    let (mut teller, mut exit) = (Teller::new(Voice::of(&args.output_args), "valid"), Exit::Good);
    let mut summary = Summary::default();
    teller.expect(inputs.len());
    for input in &inputs {
        let check = || check(input, &options);
        for record in pool.as_ref().map_or_else(check, |pool| pool.install(check))? {
            teller.record(&record);
            exit = exit.max(Exit::of(&record));
            summary.add(&record);
        }
    }
    summary.seconds = clock.elapsed().as_secs_f64();
    teller.end(&summary);
    Ok(exit)
}

fn inputs_of(arguments: &[PathBuf]) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for argument in arguments {
        // A bundle is validated as the measurement that it is.
        let bundle = argument.join("time_series.parquet");
        if bundle.is_file() {
            inputs.push(Input::named(&bundle));
        } else {
            let mut found = inputs::collect(std::slice::from_ref(argument))?;
            found.retain(|input| input.named || !is_summary(&input.path));
            inputs.extend(found);
        }
    }
    Ok(inputs)
}

/// A bundle's steps and cycles, and the list of bundles, are no measurements of their own.
fn is_summary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    let beside = |other: &str| path.with_file_name(other).is_file();
    match name.to_str() {
        Some("steps.parquet" | "cycles.parquet") => beside("time_series.parquet") || beside("index.json"),
        Some("index.parquet") => beside("index.json"),
        _ => false,
    }
}

/// Options that make no sense are an `Err`; what is wrong with the file is in its record.
fn check(input: &Input, options: &PrepareOptions) -> Result<Vec<Record>> {
    let failed = |error: &Error| vec![Record::failed(input, Status::Unreadable, error)];
    let frame = match Source::open(&input.path, options.limits()).and_then(|source| load::load_frame(&source)) {
        Ok(frame) => frame,
        Err(error) => return Ok(failed(&error)),
    };
    let status = |valid| if valid { Status::Valid } else { Status::Invalid };
    if !frame.as_ref().is_some_and(load::is_of_schema) {
        let record = |m: &Measurement| Record::new(input, status(m.is_valid())).with_measurement(m);
        match prepare_input(input, options) {
            Ok(measurements) => return Ok(measurements.iter().map(record).collect()),
            // Parquet of whatever else is told what it lacks.
            Err(_) if frame.is_some() => {}
            Err(record) => return Ok(vec![*record]),
        }
    }
    let frame = frame.unwrap_or_default();
    let mut validate: ValidateOptions = options.validate.clone();
    let beside = input.path.with_file_name("steps.parquet");
    let is_bundle = input.path.file_name().is_some_and(|n| n == "time_series.parquet");
    if validate.steps.is_none() && is_bundle && beside.is_file() {
        validate.steps = load::load_frame_file(&beside, options.limits()).ok();
    }
    match validate_measurement_data(&frame, &validate) {
        Ok(found) => {
            let record = Record::new(input, status(found.is_valid()));
            Ok(vec![Record { rows: frame.height(), issues: found.issues, ..record }])
        }
        Err(error) if error.kind() == ErrorKind::Options => Err(error),
        Err(error) => Ok(failed(&error)),
    }
}
