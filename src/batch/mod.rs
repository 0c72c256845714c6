//! Many files at once: found, prepared side by side, written as bundles, listed in an index.
//!
//! A folder of cycler files becomes a folder of bundles with [`convert_all`]; a callback hears of every file and may stop the
//! run. The command line is a front end of it.

mod event;
mod fresh;
mod groups;
mod index;
mod joined;
mod made;
mod memory;
mod options;
mod place;
mod record;
mod run;
mod status;
mod summary;
mod tables;
mod walk;
mod work;

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

pub use event::Event;
pub use index::{INDEX_COLUMNS, Index, IndexColumn, IndexKind};
pub use options::BatchOptions;
#[cfg(feature = "cli")]
pub(crate) use place::part_name;
pub use record::{Failure, Record};
pub(crate) use run::pool;
pub use status::Status;
pub use summary::Summary;
pub use walk::{Input, find_inputs};
#[cfg(feature = "cli")]
pub(crate) use work::prepare_input;

use crate::bundle;
use crate::error::{Error, ErrorKind, Result};
use crate::source::Source;

/// Converts files and all files of folders: each becomes a bundle below `out`, or one bundle for each of its tests, and
/// `index.json`, `index.parquet` and `index.html` in `out` list them together with those of earlier runs. `cycles.parquet` and
/// `steps.parquet` in `out` hold the rows of these tables of all of them.
///
/// `tell` is called on this thread: with the inputs first, then as each begins and ends, then with the records of each in
/// their order. When it returns [`ControlFlow::Break`] no further file is started; what has begun is finished, told and
/// listed, and [`Summary::left`] says how many were not begun. The same call goes on from there.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// use std::ops::ControlFlow;
/// use cyclerprep::batch::{BatchOptions, Event, convert_all};
///
/// let out = std::env::temp_dir().join("cyclerprep-batch");
/// let mut rows = Vec::new();
/// let files = ["fixtures/neware/flat.csv", "fixtures/bad/unknown_unit.csv"];
/// let summary = convert_all(&files, &out, &BatchOptions::default(), |event| {
///     if let Event::Done { records, .. } = event {
///         rows.extend(records.iter().map(|record| (record.status.as_str(), record.rows)));
///     }
///     ControlFlow::Continue(())
/// })?;
/// assert_eq!(rows, [("prepared", 112), ("unreadable", 0)]);
/// assert_eq!((summary.prepared, summary.unreadable, summary.left), (1, 1, 0));
/// assert!(out.join("flat.csv/time_series.parquet").is_file() && out.join("index.parquet").is_file());
/// # std::fs::remove_dir_all(out).unwrap();
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Options`] when two inputs would have the same output, when the output folder is an input folder, or for an option
/// that no file can satisfy; [`ErrorKind::Io`] when a folder cannot be read or the
/// index cannot be written. What is wrong with a file is in its [`Record`].
pub fn convert_all(
    paths: &[impl AsRef<Path>],
    out: impl AsRef<Path>,
    options: &BatchOptions,
    mut tell: impl FnMut(Event<'_>) -> ControlFlow<()>,
) -> Result<Summary> {
    let (clock, out) = (Instant::now(), out.as_ref());
    let pool = pool(options.jobs)?;
    options.check()?;
    let mut inputs = find_inputs_outside(paths, out)?;
    if options.join {
        inputs = match &pool {
            Some(pool) => pool.install(|| groups::group(inputs, &options.prepare)),
            None => groups::group(inputs, &options.prepare),
        };
    }
    std::fs::create_dir_all(out).map_err(|e| {
        let message = format!("cannot write to the output folder: {e}");
        Error::new(ErrorKind::Io, message).in_file(out.display().to_string())
    })?;
    bundle::remove_stale(out);
    let mut index = Index::for_files(out, inputs.len());
    let job = work::Job::of_run(options, inputs.len());
    let work = |input: &Input| job.to_folder(input, out);
    let mut summary = run::run(&inputs, pool.as_ref(), work, |event| {
        if let Event::Done { records, .. } = &event {
            records.iter().for_each(|record| index.add(record));
        }
        tell(event)
    });
    index.write_with(job.rows)?;
    summary.seconds = clock.elapsed().as_secs_f64();
    Ok(summary)
}

/// The inputs of a run that writes below `out`, as [`convert_all`] takes them: what lies in `out` is left out, and so are bundles
/// and indexes of ours elsewhere; a file that is named twice is there once.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// use cyclerprep::batch::find_inputs_outside;
///
/// let inputs = find_inputs_outside(&["fixtures/neware/flat.csv", "fixtures/neware/flat.csv"], "fixtures/neware/out")?;
/// assert_eq!(inputs.len(), 1);
/// assert!(find_inputs_outside(&["fixtures/neware"], "fixtures/neware").is_err(), "a folder into itself");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Options`] when two inputs would have the same output, or when `out` is one of the folders; [`ErrorKind::Io`] when
/// a folder cannot be read.
pub fn find_inputs_outside(paths: &[impl AsRef<Path>], out: impl AsRef<Path>) -> Result<Vec<Input>> {
    let inputs = walk::find_inputs_outside(paths, out.as_ref())?;
    place::check_distinct(&inputs)?;
    Ok(inputs)
}

/// Converts one input as [`convert_all`] does each of its own, for runs whose files are handed out elsewhere: fresh bundles are
/// skipped, what is no bundle is left alone, what is written appears whole or not at all. No index is written.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// use cyclerprep::batch::{BatchOptions, Input, Status, convert_one};
///
/// let out = std::env::temp_dir().join("cyclerprep-batch-one");
/// let mut input = Input::named("fixtures/neware/flat.csv");
/// let options = BatchOptions::default();
/// assert_eq!(convert_one(&input, &out, &options)?[0].status, Status::Prepared);
/// assert_eq!(convert_one(&input, &out, &options)?[0].status, Status::Skipped);
/// assert!(out.join("flat.csv/report.json").is_file());
/// input.relative = "../elsewhere".into();
/// assert!(convert_one(&input, &out, &options).is_err(), "an output lies below `out`");
/// // A source that would be in the way of its own output is left alone.
/// let folder = std::env::temp_dir().join("cyclerprep-batch-one-source");
/// std::fs::create_dir_all(&folder).unwrap();
/// std::fs::copy("fixtures/neware/flat.csv", folder.join("flat.csv")).unwrap();
/// let records = convert_one(&Input::named(folder.join("flat.csv")), &folder, &options)?;
/// assert_eq!(records[0].status, Status::Unreadable);
/// assert!(folder.join("flat.csv").is_file());
/// # std::fs::remove_dir_all(out).unwrap();
/// # std::fs::remove_dir_all(folder).unwrap();
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Options`] for an option that no file can satisfy and for a place that is not below `out`. What is wrong with the
/// file is in its [`Record`].
pub fn convert_one(input: &Input, out: impl AsRef<Path>, options: &BatchOptions) -> Result<Vec<Record>> {
    one(work::Job::new(options), input, out.as_ref())
}

/// The same for what is in memory, such as an object of a store; its name stands in the report. Other files beside it are not
/// looked for.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// use cyclerprep::Source;
/// use cyclerprep::batch::{BatchOptions, Status, convert_source};
///
/// let out = std::env::temp_dir().join("cyclerprep-batch-source");
/// let bytes = std::fs::read("fixtures/neware/flat.csv").unwrap();
/// for status in [Status::Prepared, Status::Skipped] {
///     let source = Source::from_bytes("s3://lab/run/flat.csv", bytes.clone());
///     assert_eq!(convert_source(source, "run/flat.csv", &out, &BatchOptions::default())?[0].status, status);
/// }
/// let report = cyclerprep::Report::read(out.join("run/flat.csv"))?;
/// assert_eq!(report.source.name, "s3://lab/run/flat.csv");
/// # std::fs::remove_dir_all(out).unwrap();
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Those of [`convert_one`].
pub fn convert_source(
    source: Source,
    relative: impl AsRef<Path>,
    out: impl AsRef<Path>,
    options: &BatchOptions,
) -> Result<Vec<Record>> {
    let input = Input { relative: relative.as_ref().to_path_buf(), ..Input::named(source.name()) };
    one(work::Job::of_content(options, source), &input, out.as_ref())
}

fn one(job: work::Job<'_>, input: &Input, out: &Path) -> Result<Vec<Record>> {
    job.options.check()?;
    place::check_below(&input.relative)?;
    Ok(job.to_folder(input, out))
}

/// Converts the one test of one file to a Parquet file of its time series alone: no bundle, no index. `paths` may be a folder
/// that holds one file.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// use std::ops::ControlFlow;
/// use cyclerprep::batch::{BatchOptions, convert_to_file};
///
/// let file = std::env::temp_dir().join("cyclerprep-batch-alone.parquet");
/// let tell = |_: cyclerprep::batch::Event<'_>| ControlFlow::Continue(());
/// let summary = convert_to_file(&["fixtures/neware/flat.csv"], &file, &BatchOptions::default(), tell)?;
/// assert_eq!((summary.prepared, summary.rows), (1, 112));
/// assert!(convert_to_file(&["fixtures/neware"], &file, &BatchOptions::default(), tell).is_err(), "many files");
/// # std::fs::remove_file(file).unwrap();
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Options`] when there is not one input, or when something is to be added to bundles; [`ErrorKind::Io`] when a
/// folder cannot be read.
pub fn convert_to_file(
    paths: &[impl AsRef<Path>],
    file: impl AsRef<Path>,
    options: &BatchOptions,
    tell: impl FnMut(Event<'_>) -> ControlFlow<()>,
) -> Result<Summary> {
    let (clock, file) = (Instant::now(), file.as_ref());
    let pool = pool(options.jobs)?;
    options.check()?;
    if options.join {
        let message = "--join makes a bundle, and -o FILE.parquet writes none; name a folder instead";
        return Err(Error::new(ErrorKind::Options, message));
    }
    let inputs = find_inputs(paths)?;
    if inputs.len() != 1 {
        let message = format!("a .parquet output takes one input, found {}; name a folder instead", inputs.len());
        return Err(Error::new(ErrorKind::Options, message));
    }
    if options.bundle != Default::default() {
        let message = "-o FILE.parquet takes no --plot, --pages or --bdf; name a folder instead";
        return Err(Error::new(ErrorKind::Options, message));
    }
    let mut summary = run::run(&inputs, pool.as_ref(), |input| work::Job::new(options).to_file(input, file), tell);
    summary.seconds = clock.elapsed().as_secs_f64();
    Ok(summary)
}
