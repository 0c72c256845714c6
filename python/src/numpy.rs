//! Columns for numpy and pandas without pyarrow: numpy takes memory by its address, so no package is needed to hand it over.

use polars::prelude::{ChunkedArray, Column, DataType, PolarsNumericType};
use polars_arrow::array::Array;
use polars_arrow::datatypes::ArrowDataType;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyTuple};

use crate::dtype::unit_name;

/// Memory that numpy may look at as long as this lives.
#[pyclass(frozen, module = "cyclerprep._native")]
pub struct Buffer {
    /// What keeps the memory alive.
    _owner: Box<dyn Array>,
    address: usize,
    rows: usize,
    typestr: &'static str,
}

#[pymethods]
impl Buffer {
    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("shape", PyTuple::new(py, [self.rows])?)?;
        dict.set_item("typestr", self.typestr)?;
        dict.set_item("data", (self.address, true))?;
        dict.set_item("version", 3)?;
        Ok(dict)
    }

    fn __len__(&self) -> usize {
        self.rows
    }
}

/// What it is (`number`, `time`, `span`, `clock`, `truth`, `text`, `bytes`), its values, which rows are null, the unit of a time,
/// its zone.
pub type Parts<'py> =
    (&'static str, Bound<'py, PyAny>, Option<Bound<'py, PyAny>>, Option<&'static str>, Option<String>);

/// What numbers stand for, their unit and their zone.
fn meaning(dtype: &DataType, kept: Option<&ArrowDataType>) -> (&'static str, Option<&'static str>, Option<String>) {
    use ArrowDataType as T;
    match (kept, dtype) {
        (Some(T::Timestamp(unit, zone)), _) => {
            ("time", Some(unit_name(*unit)), zone.as_ref().map(|zone| zone.to_string()))
        }
        (Some(T::Duration(unit)), _) => ("span", Some(unit_name(*unit)), None),
        (Some(T::Time32(unit) | T::Time64(unit)), _) => ("clock", Some(unit_name(*unit)), None),
        (Some(T::Date32), _) => ("time", Some("D"), None),
        (Some(T::Date64), _) => ("time", Some("ms"), None),
        (_, DataType::Datetime(unit, _)) => ("time", Some(unit_name(unit.to_arrow())), None),
        _ => ("number", None, None),
    }
}

fn buffer<T: PolarsNumericType>(
    py: Python<'_>,
    column: &ChunkedArray<T>,
    typestr: &'static str,
) -> PyResult<Py<Buffer>> {
    let column = column.rechunk();
    let array = column.downcast_as_array().clone();
    let address = array.values().as_slice().as_ptr() as usize;
    Py::new(py, Buffer { address, rows: array.len(), _owner: array.boxed(), typestr })
}

/// A byte a row, 1 where it is null; `None` where none is.
fn nulls<'py>(py: Python<'py>, column: &Column) -> Option<Bound<'py, PyAny>> {
    if column.null_count() == 0 {
        return None;
    }
    let null: Vec<u8> = column.is_null().iter().map(|null| u8::from(null.unwrap_or(true))).collect();
    Some(PyBytes::new(py, &null).into_any())
}

/// A column in parts.
pub fn parts<'py>(py: Python<'py>, column: &Column, kept: Option<&ArrowDataType>) -> PyResult<Parts<'py>> {
    let physical = column.to_physical_repr();
    let series = physical.as_materialized_series();
    let (kind, unit, zone) = meaning(column.dtype(), kept);
    macro_rules! number {
        ($cast:ident, $typestr:literal) => {
            if let Ok(values) = series.$cast() {
                let values = buffer(py, values, $typestr)?.into_bound(py).into_any();
                return Ok((kind, values, nulls(py, column), unit, zone));
            }
        };
    }
    number!(f64, "<f8");
    number!(i64, "<i8");
    number!(u32, "<u4");
    number!(f32, "<f4");
    number!(i32, "<i4");
    number!(u64, "<u8");
    number!(i16, "<i2");
    number!(u16, "<u2");
    number!(i8, "|i1");
    number!(u8, "|u1");
    if let Ok(values) = series.bool() {
        let values: Vec<Option<bool>> = values.iter().collect();
        return Ok(("truth", PyList::new(py, values)?.into_any(), None, None, None));
    }
    if let Ok(values) = series.binary() {
        let values = values.iter().map(|bytes| bytes.map(|bytes| PyBytes::new(py, bytes)));
        return Ok(("bytes", PyList::new(py, values.collect::<Vec<_>>())?.into_any(), None, None, None));
    }
    let Ok(values) = series.str() else {
        let message =
            format!("expected a column that numpy has a type for, found {} in {:?}", column.dtype(), column.name());
        return Err(PyTypeError::new_err(message));
    };
    let values: Vec<Option<&str>> = values.iter().collect();
    Ok(("text", PyList::new(py, values)?.into_any(), None, None, None))
}
