//! The library's errors as exceptions, which are classes of the Python package.

use std::error::Error as _;

use cyclerprep::Error;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::json;

/// The function of the package that makes the right exception.
fn maker(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static MAKER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let make = || PyResult::Ok(py.import("cyclerprep._errors")?.getattr("make")?.unbind());
    Ok(MAKER.get_or_try_init(py, make)?.bind(py))
}

fn made(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    let place = error.place().map(|place| serde_json::to_value(place).unwrap_or_default());
    let place = place.map(|place| json::to_python(py, &place)).transpose()?;
    let cause = error.source().and_then(|cause| cause.downcast_ref::<std::io::Error>());
    let errno = cause.and_then(std::io::Error::raw_os_error);
    let facts = (error.kind().as_str(), error.to_string(), error.message(), error.file(), error.format());
    let exception = maker(py)?.call1((facts, place, error.kind().help(), errno))?;
    Ok(PyErr::from_value(exception))
}

/// The exception for an error.
pub fn raise(py: Python<'_>, error: &Error) -> PyErr {
    made(py, error).unwrap_or_else(|failed| failed)
}

/// Work ended without a result: a fault of this library.
pub fn internal(py: Python<'_>) -> PyErr {
    let message = "a fault of cyclerprep; what it said stands on stderr. Please report it with the file's shape: \
                   prep inspect --anonymous FILE";
    let facts = ("internal", message, message, None::<String>, None::<String>);
    let exception = maker(py).and_then(|make| make.call1((facts, None::<()>, "", None::<i32>)));
    exception.map_or_else(|failed| failed, PyErr::from_value)
}
