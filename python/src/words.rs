//! What the library knows of itself: formats, codes, columns, options; and its command line.

use std::io::Write;

use cyclerprep::readers::READERS;
use cyclerprep::{COLUMNS, ErrorKind, IssueCode, NoteCode, STRICT_CHECK_NAMES, cli};
use pyo3::prelude::*;
use serde_json::json;

use crate::{errors, json as python};

/// The library's version.
#[pyfunction]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Runs `prep` with these arguments, the program's name first.
#[pyfunction]
pub fn main(py: Python<'_>, args: Vec<std::ffi::OsString>) -> u8 {
    // It listens to Ctrl-C itself, and Python's handler would wait for it to end.
    py.detach(|| {
        let code = cli::main(args);
        // A library has nobody who flushes at the end; a reader that went away is no failure.
        let _ = std::io::stdout().flush();
        code
    })
}

/// The table of formats.
#[pyfunction]
pub fn formats(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let rows = READERS.iter().map(|reader| {
        let info = reader.info();
        json!({"id": info.id, "name": info.name, "maker": info.maker.name(), "extensions": info.extensions, "software": info.software})
    });
    python::to_python(py, &rows.collect())
}

/// The text of a code, or the list of all.
#[pyfunction]
#[pyo3(signature = (code = None))]
pub fn explain(py: Python<'_>, code: Option<&str>) -> PyResult<String> {
    cli::explain(code).map_err(|error| errors::raise(py, &error))
}

/// The codes of findings, notes and errors, and the names of strict checks.
#[pyfunction]
pub fn codes(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let issues: Vec<_> = IssueCode::ALL.iter().map(|code| code.as_str()).collect();
    let notes: Vec<_> = NoteCode::ALL.iter().map(|code| code.as_str()).collect();
    let kinds: Vec<_> = ErrorKind::ALL.iter().map(|kind| kind.as_str()).collect();
    python::to_python(py, &json!({"issues": issues, "notes": notes, "errors": kinds, "checks": STRICT_CHECK_NAMES}))
}

/// The columns of the schema.
#[pyfunction]
pub fn columns(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let rows = COLUMNS.iter().map(|spec| {
        let kind = match spec.kind {
            cyclerprep::schema::Kind::Real => "float64",
            cyclerprep::schema::Kind::Count => "int64",
            cyclerprep::schema::Kind::Text => "string",
            cyclerprep::schema::Kind::DateTime => "datetime[ms]",
            cyclerprep::schema::Kind::Instant => "datetime[us, UTC]",
        };
        json!({"name": spec.name, "dtype": kind, "required": spec.required, "doc": spec.doc})
    });
    python::to_python(py, &rows.collect())
}

/// The options of the command line, as it declares them.
#[pyfunction]
pub fn options(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let rows = cli::options().into_iter().map(|option| {
        json!({
            "name": option.name,
            "group": option.group,
            "takes_value": option.takes_value,
            "repeats": option.repeats,
            "values": option.values,
            "help": option.help,
        })
    });
    python::to_python(py, &rows.collect())
}
