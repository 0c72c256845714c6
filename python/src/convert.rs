//! Many files to bundles.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cyclerprep::batch::{
    Event, Input, Record, Summary, convert_all, convert_one as one_input, convert_source, convert_to_file, find_inputs,
    find_inputs_outside,
};
use cyclerprep::{Result, Source, cli};
use pyo3::prelude::*;
use serde_json::{Value, json};

use crate::work::{self, Said};
use crate::{errors, json as python};

/// Records as they are told, with whether the user named the file: only then it is a failure that no reader knows it.
fn told(records: &[Record]) -> Value {
    let told = records.iter().map(|record| {
        let mut told = serde_json::to_value(record).unwrap_or_default();
        told["named"] = record.named.into();
        told
    });
    told.collect()
}

fn event(event: &Event<'_>) -> Value {
    match event {
        Event::Found(inputs) => {
            let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |meta| meta.len());
            let bytes: u64 = inputs.iter().map(|input| size(&input.path)).sum();
            json!({"event": "found", "files": inputs.len(), "bytes": bytes})
        }
        Event::Started(input) => json!({"event": "started", "source": input.path}),
        Event::Ended(input) => {
            let bytes = std::fs::metadata(&input.path).map_or(0, |meta| meta.len());
            json!({"event": "ended", "source": input.path, "bytes": bytes})
        }
        Event::Done { input, records } => json!({"event": "done", "source": input.path, "files": told(records)}),
        _ => Value::Null,
    }
}

/// Converts files and all files of folders. `tell` is called with each event on the caller's thread, and ends the run when it
/// returns `False`: what has begun is finished.
#[pyfunction]
#[pyo3(signature = (inputs, out, args, tell))]
pub fn convert<'py>(
    py: Python<'py>,
    inputs: Vec<PathBuf>,
    out: PathBuf,
    args: Vec<String>,
    tell: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let stop = Arc::new(AtomicBool::new(false));
    let is_stopped = {
        let stop = stop.clone();
        move || stop.load(Ordering::Relaxed) || work::STOP.load(Ordering::Relaxed)
    };
    let work = move |news: &dyn Fn(Value)| -> Result<Summary> {
        let options = cli::batch_options(args)?;
        let inputs = cli::expand(&inputs)?;
        let tell = |told: Event<'_>| {
            news(event(&told));
            if is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        if out.extension().is_some_and(|extension| extension == "parquet") {
            convert_to_file(&inputs, &out, &options, tell)
        } else {
            convert_all(&inputs, &out, &options, tell)
        }
    };
    let receive = work::start(true, work)?;
    let mut files: Vec<Value> = Vec::new();
    let mut raised = None;
    loop {
        let said = work::next(py, &receive).inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
        match said {
            Said::News(told) => {
                if let (Some("done"), Some(records)) = (told["event"].as_str(), told["files"].as_array()) {
                    files.extend(records.iter().cloned());
                }
                let answer = match (tell, &raised) {
                    (Some(tell), None) => tell.call1((python::to_python(py, &told)?,)),
                    _ => continue,
                };
                // Its own error ends the run as well, and is raised when what has begun is written.
                match answer.and_then(|answer| answer.extract::<Option<bool>>().or(Ok(None))) {
                    Ok(Some(false)) => stop.store(true, Ordering::Relaxed),
                    Ok(_) => {}
                    Err(error) => {
                        stop.store(true, Ordering::Relaxed);
                        raised = Some(error);
                    }
                }
            }
            Said::Over(result) => {
                if let Some(error) = raised {
                    return Err(error);
                }
                let summary = result.map_err(|error| errors::raise(py, &error))?;
                let mut told = serde_json::to_value(summary).unwrap_or_default();
                told["left"] = summary.left.into();
                return python::to_python(py, &json!({"files": files, "summary": told}));
            }
        }
    }
}

/// Whether some file can satisfy these arguments; raises when none can.
#[pyfunction]
pub fn check(py: Python<'_>, args: Vec<String>) -> PyResult<()> {
    let checked = cli::batch_options(args).and_then(|options| options.check());
    checked.map_err(|error| errors::raise(py, &error))
}

/// A file to work on: where it is, the place of its output, and whether it was named.
type Place = (PathBuf, PathBuf, bool);

/// The files that paths, patterns and folders mean; with `out` those of a run that writes below it.
#[pyfunction]
#[pyo3(signature = (paths, out = None))]
pub fn find(py: Python<'_>, paths: Vec<PathBuf>, out: Option<PathBuf>) -> PyResult<Vec<Place>> {
    let work = move || {
        let paths = cli::expand(&paths)?;
        match out {
            Some(out) => find_inputs_outside(&paths, out),
            None => find_inputs(&paths),
        }
    };
    let found = work::run(py, false, work)?.map_err(|error| errors::raise(py, &error))?;
    Ok(found.into_iter().map(|input| (input.path, input.relative, input.named)).collect())
}

/// Converts one file, or with `content` what is in memory under the name of the path, to its bundles below `out`.
#[pyfunction]
#[pyo3(signature = (place, content, out, args))]
pub fn convert_one<'py>(
    py: Python<'py>,
    place: Place,
    content: Option<Vec<u8>>,
    out: PathBuf,
    args: Vec<String>,
) -> PyResult<Bound<'py, PyAny>> {
    let (path, relative, named) = place;
    let work = move || {
        let options = cli::batch_options(args)?;
        match content {
            Some(content) => {
                convert_source(Source::from_bytes(path.to_string_lossy(), content), relative, out, &options)
            }
            None => {
                let mut input = Input::named(path);
                (input.relative, input.named) = (relative, named);
                one_input(&input, out, &options)
            }
        }
    };
    let records = work::run(py, true, work)?.map_err(|error| errors::raise(py, &error))?;
    python::to_python(py, &told(&records))
}
