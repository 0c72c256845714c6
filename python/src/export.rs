//! A frame as an Arrow stream that others take without a copy.

use std::ffi::CStr;

use polars::prelude::{CompatLevel, DataFrame, PolarsResult};
use polars_arrow::array::{Array, StructArray};
use polars_arrow::datatypes::{ArrowDataType, Field};
use polars_arrow::ffi;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::dtype::{Kept, with_dtype};

pub const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";

/// Text as large strings, which every consumer can compute with, or as views, which polars takes as they are.
fn level(views: bool) -> CompatLevel {
    if views { CompatLevel::newest() } else { CompatLevel::oldest() }
}

fn field(frame: &DataFrame, kept: &Kept, views: bool) -> Field {
    let fields = frame.columns().iter().map(|column| {
        let mut field = column.field().to_arrow(level(views));
        if let Some(dtype) = kept.get(field.name.as_str()) {
            field.dtype = dtype.clone();
        }
        field
    });
    Field::new("".into(), ArrowDataType::Struct(fields.collect()), false)
}

/// The stream of one batch, in a capsule.
pub fn stream<'py>(py: Python<'py>, frame: &DataFrame, kept: &Kept, views: bool) -> PyResult<Bound<'py, PyCapsule>> {
    let field = field(frame, kept, views);
    // A column in one piece is handed over as it is.
    let columns = frame.rechunk_to_arrow(level(views));
    let columns: Vec<Box<dyn Array>> = frame
        .get_column_names()
        .into_iter()
        .zip(columns)
        .map(|(name, array)| match kept.get(name.as_str()) {
            Some(dtype) => with_dtype(array, dtype),
            None => array,
        })
        .collect();
    let batch = StructArray::new(field.dtype.clone(), frame.height(), columns, None).boxed();
    let batches: Vec<PolarsResult<Box<dyn Array>>> = vec![Ok(batch)];
    PyCapsule::new_with_value(py, ffi::export_iterator(Box::new(batches.into_iter()), field), STREAM)
}

/// The schema alone, in a capsule.
pub fn schema<'py>(py: Python<'py>, frame: &DataFrame, kept: &Kept, views: bool) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new_with_value(py, ffi::export_field_to_c(&field(frame, kept, views)), SCHEMA)
}
