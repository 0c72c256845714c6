//! One file: what it is, and the whole way to its measurements.

use std::path::PathBuf;
use std::sync::Arc;

use cyclerprep::inspect as look;
use cyclerprep::{PrepareOptions, Source, cli, prepare_all, prepare_source};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::prepared::Prepared;
use crate::{errors, json, work};

/// A file by its path, or by a name and its bytes.
enum Given {
    Path(PathBuf),
    Bytes(String, Vec<u8>),
}

impl Given {
    fn of(path: PathBuf, bytes: Option<&Bound<'_, PyBytes>>) -> Self {
        match bytes {
            None => Self::Path(path),
            Some(bytes) => Self::Bytes(path.to_string_lossy().into_owned(), bytes.as_bytes().to_vec()),
        }
    }

    fn open(self, options: &PrepareOptions) -> cyclerprep::Result<Source> {
        match self {
            Self::Path(path) => Source::open(path, options.limits()),
            Self::Bytes(name, bytes) => Ok(Source::from_bytes(name, bytes)),
        }
    }
}

/// The measurements of a file; with `all` off there must be one.
#[pyfunction]
#[pyo3(signature = (path, bytes, args, all))]
pub fn read(
    py: Python<'_>,
    path: PathBuf,
    bytes: Option<&Bound<'_, PyBytes>>,
    args: Vec<String>,
    all: bool,
) -> PyResult<Vec<Prepared>> {
    let given = Given::of(path, bytes);
    let work = move || {
        let options = cli::batch_options(args)?.prepare;
        let source = given.open(&options)?;
        if all { prepare_all(source, &options) } else { prepare_source(source, &options).map(|one| vec![one]) }
    };
    let read = work::run(py, false, work)?.map_err(|error| errors::raise(py, &error))?;
    Ok(read.into_iter().map(|cell| Prepared(Arc::new(cell))).collect())
}

/// What a file is; `anonymous` gives its shape without names, values, dates and comments.
#[pyfunction]
#[pyo3(signature = (path, bytes, args, anonymous))]
pub fn inspect<'py>(
    py: Python<'py>,
    path: PathBuf,
    bytes: Option<&Bound<'py, PyBytes>>,
    args: Vec<String>,
    anonymous: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let given = Given::of(path, bytes);
    let work = move || {
        let options = cli::batch_options(args)?.prepare;
        let told = match given {
            Given::Path(path) if anonymous => serde_json::to_value(look::anonymous(path, &options)?),
            Given::Path(path) => serde_json::to_value(look::inspect(path, &options)?),
            bytes => serde_json::to_value(look::inspect_source(&bytes.open(&options)?, &options)?),
        };
        Ok(told.unwrap_or_default())
    };
    let found = work::run(py, false, work)?.map_err(|error: cyclerprep::Error| errors::raise(py, &error))?;
    json::to_python(py, &found)
}
