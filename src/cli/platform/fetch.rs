//! `prep fetch`: measurements of the platform as bundles.

use std::io::Write;
use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;
use serde_json::{Value, json};

use super::args::Fetch;
use super::client;
use crate::batch::part_name;
use crate::bundle::{BundleFile, write_folder_atomically, write_parquet};
use crate::cli::exit::Exit;
use crate::cli::interrupt;
use crate::cli::voice::people;
use crate::error::{Error, ErrorKind, Result};
use crate::platform::{Client, Record};

pub fn run(args: &Fetch) -> Result<Exit> {
    interrupt::listen()?;
    let client = client(&args.platform)?;
    let (mut rows, mut exit, mut made, mut left) = (Vec::new(), Exit::Good, Vec::new(), 0);
    for (done, id) in args.ids.iter().enumerate() {
        if interrupt::is_stopped() {
            left = args.ids.len() - done;
            break;
        }
        match one(&client, id, args, &made) {
            Ok(folder) => {
                made.push((folder.clone(), id.as_str()));
                if !args.platform.json && !args.platform.quiet {
                    people::say(&format!("fetched {id} → {}", folder.display()));
                }
                rows.push(json!({"measurement_id": id, "status": "fetched", "output": folder, "error": null}));
            }
            Err(error) => {
                exit = exit.max(Exit::Failed);
                if !args.platform.json {
                    people::say(&format!("failed {id}: {error}"));
                }
                let error = json!({"kind": error.kind(), "message": error.to_string()});
                rows.push(json!({"measurement_id": id, "status": "failed", "output": null, "error": error}));
            }
        }
    }
    if args.platform.json {
        let document = json!({"schema": "prep-fetch-run/1", "files": rows});
        let _ = writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&document).unwrap_or_default());
    }
    if left > 0 {
        let message = format!("stopped with {} left", people::count(left, "measurement"));
        return Err(Error::new(ErrorKind::Interrupted, message));
    }
    Ok(exit)
}

/// `made`: what this run wrote where.
fn one(client: &Client, id: &str, args: &Fetch, made: &[(PathBuf, &str)]) -> Result<PathBuf> {
    let record = client.measurements("-").get(id)?;
    let name = if record.name().is_empty() { id } else { record.name() };
    let folder = args.output.join(part_name(name));
    if let Some((_, other)) = made.iter().find(|(other, of)| *other == folder && *of != id) {
        let message =
            format!("{other} of this run is there, whose name is the same here; fetch it into another folder");
        return Err(Error::new(ErrorKind::Io, message).in_file(folder.display().to_string()));
    }
    free(&folder, id, args.force)?;
    match record.text("measurement_type") {
        Some("file") => files(client, &record, &folder)?,
        Some("properties") => write_folder_atomically(&folder, vec![("measurement.json", stored(&record))])?,
        _ => tables(client, &record, &folder)?,
    }
    Ok(folder)
}

/// A place where nothing is, or this measurement as it was fetched before.
fn free(folder: &Path, id: &str, is_forced: bool) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let stored = std::fs::read(folder.join("measurement.json")).ok();
    let stored: Option<Value> = stored.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let is_fetched = stored.as_ref().is_some_and(|stored| stored.get("id").and_then(Value::as_str) == Some(id));
    let is_bundle = stored.is_some();
    if is_fetched || (is_forced && is_bundle) {
        return Ok(());
    }
    let message = if is_bundle {
        "a bundle of something else is there; --force replaces it"
    } else {
        "something is there that is no bundle; choose another folder"
    };
    Err(Error::new(ErrorKind::Io, message).in_file(folder.display().to_string()))
}

fn stored<'r>(record: &'r Record) -> crate::bundle::WriteFile<'r> {
    Box::new(move |target| {
        let text = serde_json::to_string_pretty(record).unwrap_or_default() + "\n";
        target.write_all(text.as_bytes()).map_err(|error| Error::io("cannot write", error))
    })
}

fn tables(client: &Client, record: &Record, folder: &Path) -> Result<()> {
    let id = record.id().to_owned();
    let (steps, cycles) = client.steps_and_cycles(&id)?;
    let table = |frame: DataFrame| -> crate::bundle::WriteFile<'static> {
        Box::new(move |target| write_parquet(&frame, &Default::default(), target))
    };
    let files: Vec<BundleFile<'_>> = vec![
        ("time_series.parquet", Box::new(|target| Ok(client.copy_time_series(&id, target).map(|_| ())?))),
        ("steps.parquet", table(steps)),
        ("cycles.parquet", table(cycles)),
        ("measurement.json", stored(record)),
    ];
    write_folder_atomically(folder, files)
}

fn files(client: &Client, record: &Record, folder: &Path) -> Result<()> {
    let names = client.files(record.id())?;
    // A name of the platform must not leave the folder.
    let safe: Vec<String> = names.iter().map(|name| part_name(name).display().to_string()).collect();
    let mut files: Vec<BundleFile<'_>> = vec![("measurement.json", stored(record))];
    for (name, safe) in names.iter().zip(&safe) {
        // Names that differ may be one here, on some disks also by the case of letters alone.
        if files.iter().any(|(other, _)| other.eq_ignore_ascii_case(safe)) {
            let message = format!("{name:?} and another file of the measurement have one name here, {safe:?}");
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        files.push((safe, Box::new(|target| Ok(client.copy_file(record.id(), name, target).map(|_| ())?))));
    }
    write_folder_atomically(folder, files)
}
