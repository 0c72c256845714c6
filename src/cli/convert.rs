//! `prep convert`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use cyclerprep::{BundleOptions, Error, ErrorKind, Measurement, PrepareOptions, Result, Source, bundle, prepare_all};

use crate::args::{Convert, OutputArgs};
use crate::batch;
use crate::exit::Exit;
use crate::index::Index;
use crate::inputs::{self, Input};
use crate::progress::Progress;
use crate::report::{self, Detail, FileReport, JsonDocument, Status, Summary, Voice};

pub fn run(args: &Convert) -> Result<Exit> {
    let clock = Instant::now();
    set_jobs(&args.output_args)?;
    let options = args.read.options(&args.check)?;
    let inputs = inputs::collect(&args.inputs)?;
    let single = args.output.extension().is_some_and(|e| e == "parquet");
    if single && inputs.len() != 1 {
        let message = format!("a .parquet output takes one input, found {}; name a folder instead", inputs.len());
        return Err(Error::new(ErrorKind::Options, message));
    }
    if single && (args.bdf || args.plot.is_some()) {
        let message = "--plot and --bdf add to bundles, and -o FILE.parquet writes none; name a folder instead";
        return Err(Error::new(ErrorKind::Options, message));
    }
    inputs::check_distinct(&inputs)?;
    if !single {
        std::fs::create_dir_all(&args.output).map_err(|e| {
            let message = format!("cannot write to the output folder: {e}");
            Error::new(ErrorKind::Io, message).in_file(args.output.display().to_string())
        })?;
        bundle::remove_stale(&args.output);
    }
    batch::stop_on_signal()?;
    let voice = voice(&args.output_args);
    let detail = Detail::for_files(inputs.len());
    let progress = Progress::new(&inputs, !args.output_args.no_progress && voice != Voice::Quiet);
    let work = |input: &Input| {
        if single { to_file(input, args, &options) } else { to_folder(input, args, &options) }
    };
    let (mut summary, mut exit, mut index) = (Summary::default(), Exit::Good, Index::for_files(inputs.len()));
    let (mut document, mut told) = (JsonDocument::default(), 0);
    batch::run(&inputs, &progress, work, |files: Vec<FileReport>| {
        for file in &files {
            match voice {
                _ if args.json_lines => report::json_line(file),
                Voice::Json => document.file(file),
                voice => report::for_people(file, voice, detail),
            }
            summary.add(file);
            exit = exit.max(file.exit());
            index.add(file, &args.output);
        }
        told += 1;
    });
    progress.finish();
    if !single {
        index.write(&args.output)?;
    }
    summary.seconds = clock.elapsed().as_secs_f64();
    match voice {
        _ if args.json_lines => report::json_line(&summary),
        Voice::Json => document.end(&summary),
        voice => report::for_people_at_the_end(&summary, "prepared", voice),
    }
    if batch::is_stopped() && told < inputs.len() {
        let message = format!("stopped with {} file(s) left; the same command goes on from here", inputs.len() - told);
        return Err(Error::new(ErrorKind::Io, message));
    }
    Ok(exit)
}

pub fn voice(args: &OutputArgs) -> Voice {
    match (args.json, args.quiet, args.verbose) {
        (true, ..) => Voice::Json,
        (_, true, _) => Voice::Quiet,
        (_, _, true) => Voice::Verbose,
        _ => Voice::Normal,
    }
}

pub fn set_jobs(args: &OutputArgs) -> Result<()> {
    let Some(jobs) = args.jobs else { return Ok(()) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
    pool.map_err(|e| Error::new(ErrorKind::Options, format!("cannot start {jobs} jobs: {e}")))
}

/// Reads and prepares, or says why not.
pub fn prepare(input: &Input, options: &PrepareOptions) -> std::result::Result<Vec<Measurement>, Box<FileReport>> {
    let source = Source::open(&input.path, options.limits());
    source.and_then(|source| prepare_all(source, options)).map_err(|error| {
        let unknown = matches!(error.kind(), ErrorKind::UnknownFormat | ErrorKind::NotATimeSeries);
        let status = if unknown { Status::Unknown } else { Status::Unreadable };
        Box::new(FileReport::failed(input.path.clone(), status, input.named, &error))
    })
}

fn to_folder(input: &Input, args: &Convert, options: &PrepareOptions) -> Vec<FileReport> {
    let output = args.output.join(&input.relative);
    if output.exists() && !args.force {
        let mut report = FileReport::new(input.path.clone(), Status::Skipped, input.named);
        report.output = Some(output);
        return vec![report];
    }
    let measurements = match prepare(input, options) {
        Ok(measurements) => measurements,
        Err(report) => return vec![*report],
    };
    let single = measurements.len() == 1;
    // A bundle of the whole file must not stay beside the bundles of its parts.
    if !single && output.join("report.json").is_file() {
        let removed = std::fs::remove_dir_all(&output);
        if let Err(error) =
            removed.map_err(|e| Error::new(ErrorKind::Io, format!("cannot replace {}: {e}", output.display())))
        {
            return vec![FileReport::failed(input.path.clone(), Status::Unreadable, input.named, &error)];
        }
    }
    let write = |measurement: Measurement| {
        let folder = match &measurement.report.part {
            Some(part) if !single => output.join(safe(part)),
            _ => output.clone(),
        };
        write_one(measurement, input, &folder, args)
    };
    measurements.into_iter().map(write).collect()
}

fn write_one(measurement: Measurement, input: &Input, folder: &Path, args: &Convert) -> FileReport {
    let valid = measurement.is_valid();
    let status = if valid { Status::Prepared } else { Status::Invalid };
    let mut report = FileReport::new(input.path.clone(), status, input.named).with_measurement(&measurement);
    let mut options = BundleOptions::default();
    (options.picture, options.bdf) = (args.plot, args.bdf);
    let written = if valid || args.keep_invalid {
        measurement.write_bundle_with(folder, &options)
    } else {
        measurement.write_report(folder).map(|()| Vec::new())
    };
    match written {
        Ok(notes) => {
            report.notes.extend(notes);
            report.output = Some(folder.to_path_buf());
        }
        Err(error) => return FileReport::failed(input.path.clone(), Status::Unreadable, input.named, &error),
    }
    report
}

/// `-o FILE.parquet`: the time series alone.
fn to_file(input: &Input, args: &Convert, options: &PrepareOptions) -> Vec<FileReport> {
    let skipped = || FileReport::new(input.path.clone(), Status::Skipped, input.named);
    if args.output.exists() && !args.force {
        return vec![FileReport { output: Some(args.output.clone()), ..skipped() }];
    }
    let mut measurements = match prepare(input, options) {
        Ok(measurements) => measurements,
        Err(report) => return vec![*report],
    };
    let fail = |error: &Error| vec![FileReport::failed(input.path.clone(), Status::Unreadable, input.named, error)];
    if measurements.len() != 1 {
        let message = format!("expected one test for a .parquet output, found {}", measurements.len());
        return fail(&Error::new(ErrorKind::Options, message));
    }
    let Some(measurement) = measurements.pop() else { return Vec::new() };
    let valid = measurement.is_valid();
    let status = if valid { Status::Prepared } else { Status::Invalid };
    let mut report = FileReport::new(input.path.clone(), status, input.named).with_measurement(&measurement);
    if valid || args.keep_invalid {
        if let Err(error) = measurement.write_time_series(&args.output) {
            return fail(&error);
        }
        report.output = Some(args.output.clone());
    }
    vec![report]
}

/// A part's name as the name of a folder.
pub fn safe(part: &str) -> PathBuf {
    let keep = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
    let name: String = part.chars().map(keep).collect();
    PathBuf::from(if name.trim_matches('.').is_empty() { "part".to_owned() } else { name })
}
