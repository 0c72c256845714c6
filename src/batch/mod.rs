//! Many files at once: found, prepared side by side, written as bundles, listed in an index.
//!
//! A folder of cycler files becomes a folder of bundles with [`convert_all`]; a callback hears of every file and may stop the
//! run. The command line is a front end of it.

mod event;
mod fresh;
mod index;
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
    let inputs = walk::find_inputs_outside(paths, out)?;
    place::check_distinct(&inputs)?;
    std::fs::create_dir_all(out).map_err(|e| {
        let message = format!("cannot write to the output folder: {e}");
        Error::new(ErrorKind::Io, message).in_file(out.display().to_string())
    })?;
    bundle::remove_stale(out);
    let mut index = Index::for_files(out, inputs.len());
    let job = work::Job::new(options);
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
    let inputs = find_inputs(paths)?;
    if inputs.len() != 1 {
        let message = format!("a .parquet output takes one input, found {}; name a folder instead", inputs.len());
        return Err(Error::new(ErrorKind::Options, message));
    }
    if options.bundle != Default::default() {
        let message = "--plot and --bdf add to bundles, and -o FILE.parquet writes none; name a folder instead";
        return Err(Error::new(ErrorKind::Options, message));
    }
    let mut summary = run::run(&inputs, pool.as_ref(), |input| work::Job::new(options).to_file(input, file), tell);
    summary.seconds = clock.elapsed().as_secs_f64();
    Ok(summary)
}
