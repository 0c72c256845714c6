//! Frames of others, through the Arrow stream protocol. The only place with `unsafe`: what is behind a capsule's pointer is the
//! word of whoever made it.

use cyclerprep::{Error, ErrorKind, Result};
use polars_arrow::array::Array;
use polars_arrow::datatypes::Field;
use polars_arrow::ffi::{ArrowArrayStream, ArrowArrayStreamReader};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::export::STREAM;

/// A stream that is taken and not yet read.
pub struct Taken(ArrowArrayStream);

/// Takes the stream out of a capsule; the capsule is empty afterwards.
pub fn take(capsule: &Bound<'_, PyCapsule>) -> PyResult<Taken> {
    let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<ArrowArrayStream>();
    // SAFETY: the capsule's name says that this is a stream of the C interface, and its maker keeps it alive as long as the
    // capsule, which we hold. An empty one in its place says that it was taken.
    Ok(Taken(unsafe { pointer.replace(ArrowArrayStream::empty()) }))
}

/// All batches of a stream, with the type of each; `check` sees the type before any batch is read.
pub fn batches(taken: Taken, check: impl Fn(&Field) -> Result<()>) -> Result<Vec<Box<dyn Array>>> {
    let fail =
        |e: polars::error::PolarsError| Error::new(ErrorKind::Frame, format!("cannot take the Arrow stream: {e}"));
    // SAFETY: a released stream is refused, and its maker vouches for the rest of the interface.
    let mut reader = unsafe { ArrowArrayStreamReader::try_new(Box::new(taken.0)) }.map_err(fail)?;
    check(reader.field())?;
    let mut all = Vec::new();
    // SAFETY: the maker vouches for the arrays as for the stream.
    while let Some(batch) = unsafe { reader.next() } {
        all.push(batch.map_err(fail)?);
    }
    Ok(all)
}
