//! `prep upload`.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Map, Value, json};

use super::args::Upload;
use super::outcome::{Outcome, Summary};
use super::plan::{self, Entry};
use super::target::{Target, Targets};
use crate::cli::exit::Exit;
use crate::cli::interrupt;
use crate::cli::voice::people::count;
use crate::error::{Error, ErrorKind, Result};
use crate::platform::{Client, Content, PlatformError, Progress, UploadOptions};

pub fn run(args: &Upload) -> Result<Exit> {
    if let Some(folder) = &args.plan_template {
        let _ = write!(std::io::stdout().lock(), "{}", plan::template(folder)?);
        return Ok(Exit::Good);
    }
    let clock = Instant::now();
    let entries = match &args.plan {
        Some(path) => plan::read(path)?,
        None => of_arguments(args)?,
    };
    entries.iter().try_for_each(|entry| entry.target.check())?;
    no_name_twice(&entries)?;
    interrupt::listen()?;
    // Without a key a dry run is as good.
    let client = if args.dry_run { None } else { Some(super::client(&args.platform)?) };
    let meter = Meter::new(&entries, !args.no_progress && !args.platform.quiet && !args.platform.json && !args.dry_run);
    let targets = client.as_ref().map(|client| Targets::new(client, args.form_factor.clone(), args.rated_capacity));
    let (next, told) = (AtomicUsize::new(0), Mutex::new((Vec::new(), Summary::default(), Exit::Good)));
    let work = || {
        while let Some(entry) = entries.get(next.fetch_add(1, Ordering::Relaxed)) {
            if interrupt::is_stopped() {
                told.lock().unwrap_or_else(PoisonError::into_inner).1.left += 1;
                continue;
            }
            let options = options(args, entry, meter.progress());
            let outcome = one(entry, &options, client.as_ref().zip(targets.as_ref()));
            let outcome = outcome.unwrap_or_else(|error| Outcome::failed(entry.bundle.clone(), error));
            let (outcomes, summary, exit) = &mut *told.lock().unwrap_or_else(PoisonError::into_inner);
            if !args.platform.json {
                meter.around(|| outcome.tell(args.platform.quiet));
                if args.dry_run && outcome.status == "would_send" && !args.platform.quiet {
                    tell_requests(entry, &options);
                }
            }
            summary.add(&outcome);
            *exit = (*exit).max(outcome.exit());
            outcomes.push(outcome);
        }
    };
    let jobs = args.jobs.clamp(1, 64).min(entries.len());
    std::thread::scope(|scope| {
        for _ in 1..jobs {
            scope.spawn(work);
        }
        work();
    });
    meter.finish();
    let (outcomes, mut summary, exit) = told.into_inner().unwrap_or_else(PoisonError::into_inner);
    (summary.seconds, summary.bytes) = (clock.elapsed().as_secs_f64(), meter.bytes());
    if args.platform.json {
        let document = json!({"schema": "prep-upload-run/1", "files": outcomes, "summary": summary});
        let _ = writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&document).unwrap_or_default());
    } else if !args.platform.quiet {
        summary.tell();
    }
    if summary.left > 0 {
        let message =
            format!("stopped with {} left; the same command goes on from here", count(summary.left, "bundle"));
        return Err(Error::new(ErrorKind::Interrupted, message));
    }
    Ok(exit)
}

/// The bundle is checked before the first request.
fn one(
    entry: &Entry,
    options: &UploadOptions,
    to: Option<(&Client, &Targets<'_>)>,
) -> std::result::Result<Outcome, PlatformError> {
    let content = Content::checked(&entry.bundle, options)?;
    let Some((client, targets)) = to else {
        return Ok(Outcome::would_send(entry.bundle.clone(), content.name(), content.rows()));
    };
    let cell = targets.cell(&entry.target)?;
    Ok(Outcome::sent(entry.bundle.clone(), client.upload(&cell, &content, options)?))
}

fn options(args: &Upload, entry: &Entry, progress: Progress) -> UploadOptions {
    let mut options = UploadOptions::default();
    options.validate.skip.clone_from(&args.skip);
    (options.validate.rated_capacity, options.validate.voltage_window) = (args.rated_capacity, args.voltage_window);
    options.facts.clone_from(&entry.facts);
    (options.with_steps, options.extends, options.takes_over) = (!args.no_steps, args.extend, args.take_over);
    (options.waits, options.progress) = (!args.no_wait, Some(progress));
    options
}

/// The requests of a dry run.
fn tell_requests(entry: &Entry, options: &UploadOptions) {
    let size = |name: &str| std::fs::metadata(entry.bundle.join(name)).map_or(0, |meta| meta.len());
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "  to {}", entry.target.display());
    let _ = writeln!(out, "  POST initiate-upload");
    let _ = writeln!(out, "  PUT time_series.parquet ({} bytes)", size("time_series.parquet"));
    if options.with_steps && size("steps.parquet") > 0 {
        let _ = writeln!(out, "  PUT steps.parquet");
    }
    let _ = writeln!(out, "  POST confirm-upload");
}

fn of_arguments(args: &Upload) -> Result<Vec<Entry>> {
    let mut bundles = Vec::new();
    for path in &args.bundles {
        let before = bundles.len();
        walk(path, &mut bundles)?;
        if bundles.len() == before {
            let message = "expected a bundle, or a folder with bundles in it: `prep convert` makes them";
            return Err(Error::new(ErrorKind::Options, message).in_file(path.display().to_string()));
        }
    }
    let mut facts: Map<String, Value> = Map::new();
    for (name, text) in [("name", &args.name), ("notes", &args.notes)] {
        facts.extend(text.as_ref().map(|text| (name.to_owned(), text.as_str().into())));
    }
    let target = Target {
        cell_id: args.cell_id.clone(),
        specification_id: args.cell_spec_id.clone(),
        ..Target::named(args.cell_spec.clone(), args.cell.clone(), args.lot.clone())
    };
    Ok(bundles.into_iter().map(|bundle| Entry { bundle, target: target.clone(), facts: facts.clone() }).collect())
}

/// Bundles at or below a path, in the order of their names.
fn walk(path: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if path.join("time_series.parquet").is_file() {
        found.push(path.to_path_buf());
        return Ok(());
    }
    if !path.is_dir() {
        return Ok(());
    }
    let entries = std::fs::read_dir(path)
        .and_then(|all| all.map(|one| one.map(|one| one.path())).collect::<std::io::Result<Vec<_>>>());
    let mut entries = entries.map_err(|error| Error::io("cannot read", error).in_file(path.display().to_string()))?;
    entries.sort();
    let is_hidden = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    // A link may lead back up.
    let is_folder = |path: &PathBuf| path.is_dir() && !path.is_symlink() && !is_hidden(path);
    entries.iter().filter(|path| is_folder(path)).try_for_each(|path| walk(path, found))
}

/// Two bundles of one name at one cell would be in each other's way: told before anything is sent.
fn no_name_twice(entries: &[Entry]) -> Result<()> {
    let mut seen = BTreeSet::new();
    for entry in entries {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let stored = std::fs::read(entry.bundle.join("measurement.json")).ok();
        let stored: Option<Value> = stored.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let name = text(entry.facts.get("name")).or_else(|| text(stored.as_ref()?.get("name"))).unwrap_or_default();
        // A cell is found by its name, whatever lot it would be made in.
        let cell = Target { lot: None, ..entry.target.clone() };
        if !seen.insert((cell.display(), name.clone())) {
            let message = format!("expected different names at {}, found {name:?} twice", entry.target.display());
            return Err(Error::new(ErrorKind::Options, message).in_file(entry.bundle.display().to_string()));
        }
    }
    Ok(())
}

/// Bytes that were sent, of all files of a run.
struct Meter {
    bar: Option<ProgressBar>,
    sent: Arc<AtomicU64>,
}

impl Meter {
    fn new(entries: &[Entry], is_wanted: bool) -> Self {
        let sent = Arc::default();
        if !is_wanted || !std::io::stderr().is_terminal() {
            return Self { bar: None, sent };
        }
        let size =
            |entry: &Entry| std::fs::metadata(entry.bundle.join("time_series.parquet")).map_or(0, |meta| meta.len());
        let bar = ProgressBar::with_draw_target(Some(entries.iter().map(size).sum()), ProgressDrawTarget::stderr());
        if let Ok(style) =
            ProgressStyle::with_template("{bar:24} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left  {wide_msg}")
        {
            bar.set_style(style);
        }
        Self { bar: Some(bar), sent }
    }

    fn progress(&self) -> Progress {
        let (bar, sent, last) = (self.bar.clone(), self.sent.clone(), AtomicU64::new(0));
        Arc::new(move |name, now, _| {
            // A file that is sent again begins at its start.
            let before = last.swap(now, Ordering::Relaxed);
            let more = now.checked_sub(before).unwrap_or(now);
            sent.fetch_add(more, Ordering::Relaxed);
            if let (Some(bar), "time_series.parquet") = (&bar, name) {
                bar.inc(more);
            }
        })
    }

    fn bytes(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Lines are written without tearing the bar.
    fn around(&self, write: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn finish(&self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
    }
}
