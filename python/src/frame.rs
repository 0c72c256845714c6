//! A table as the package holds it: rows of the library, or taken from somebody else's frame.

use std::collections::BTreeMap;
use std::sync::Arc;

use cyclerprep::schema::{COLUMNS, Kind};
use cyclerprep::{Error, ErrorKind, Result, Source, bundle, load};
use polars::prelude::{Column, DataFrame, DataType, Series, TimeUnit};
use polars_arrow::array::{Array, BinaryViewArray, BooleanArray, PrimitiveArray, StructArray, Utf8ViewArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::datatypes::{ArrowDataType, Field, TimeUnit as ArrowUnit};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDict, PyType};

use crate::dtype::{self, Kept};
use crate::{errors, export, foreign, in_schema, numpy, work};

/// Columns of equal length. It speaks the Arrow stream protocol, so that polars, pyarrow, pandas, duckdb take it as it is.
#[pyclass(frozen, module = "cyclerprep._native")]
pub struct Frame {
    pub data: DataFrame,
    pub kept: Kept,
    /// Text is handed over as views.
    views: bool,
}

impl Frame {
    /// A table of the library. Its instants are in UTC and say so outside only.
    pub fn new(data: DataFrame) -> Self {
        let instant = DataType::Datetime(TimeUnit::Microseconds, None);
        let utc = ArrowDataType::Timestamp(ArrowUnit::Microsecond, Some("UTC".into()));
        let instants = COLUMNS.iter().filter(|spec| spec.kind == Kind::Instant);
        let instants = instants.filter(|spec| data.column(spec.name).is_ok_and(|column| *column.dtype() == instant));
        let kept = instants.map(|spec| (spec.name.to_owned(), utc.clone())).collect();
        Self { data, kept: Arc::new(kept), views: false }
    }

    /// A result of what this frame was: columns of the same name and storage get their type back.
    pub fn next(&self, data: DataFrame) -> Self {
        Self { data, kept: self.kept.clone(), views: false }
    }
}

/// Columns of all batches, in one piece each.
fn from_batches(batches: Vec<Box<dyn Array>>, fields: &[Field]) -> Result<Frame> {
    let wrong = |e: polars::error::PolarsError| Error::new(ErrorKind::Frame, e.to_string());
    let mut columns: Vec<Vec<Box<dyn Array>>> = fields.iter().map(|_| Vec::new()).collect();
    let (mut rows, mut kept) = (0, BTreeMap::new());
    for batch in batches {
        let batch = batch.as_any().downcast_ref::<StructArray>().cloned();
        let batch = batch.ok_or_else(|| Error::new(ErrorKind::Frame, "expected a table, found a single column"))?;
        rows += batch.len();
        let (_, _, values, _) = batch.into_data();
        for ((column, array), field) in columns.iter_mut().zip(values).zip(fields) {
            let (array, outside) = dtype::taken(array)?;
            kept.extend(outside.map(|outside| (field.name.to_string(), outside)));
            column.push(array);
        }
    }
    let make = |(field, mut arrays): (&Field, Vec<Box<dyn Array>>)| -> Result<Column> {
        if arrays.is_empty() {
            let (array, _) = dtype::taken(polars_arrow::array::new_empty_array(field.dtype.clone()))?;
            arrays.push(array);
        }
        let series = Series::try_from((field.name.clone(), arrays)).map_err(wrong)?;
        // A column of nothing is one of numbers that are not there.
        let series =
            if series.dtype() == &DataType::Null { series.cast(&DataType::Float64).map_err(wrong)? } else { series };
        Ok(series.rechunk().into())
    };
    let columns = fields.iter().zip(columns).map(make).collect::<Result<Vec<_>>>()?;
    let data = DataFrame::new(rows, columns).map_err(wrong)?;
    Ok(Frame { data, kept: Arc::new(kept), views: false })
}

fn fields_of(field: &Field) -> Result<Vec<Field>> {
    let ArrowDataType::Struct(fields) = &field.dtype else {
        let message = format!("expected a table, found a stream of {:?}", field.dtype);
        return Err(Error::new(ErrorKind::Frame, message));
    };
    let mut names: Vec<_> = fields.iter().map(|field| &field.name).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        let message = format!("expected columns of different names, found {:?} twice", twice[0]);
        return Err(Error::new(ErrorKind::Frame, message));
    }
    fields.iter().try_for_each(dtype::check)?;
    Ok(fields.clone())
}

/// The values of a column that comes as bytes, with the rows that are null.
fn array_of(kind: &str, bytes: &[u8], null: Option<&[u8]>) -> Option<Box<dyn Array>> {
    fn primitive<T: polars_arrow::types::NativeType, const N: usize>(
        bytes: &[u8],
        null: Option<Bitmap>,
        read: fn([u8; N]) -> T,
    ) -> Box<dyn Array> {
        let (values, _) = bytes.as_chunks::<N>();
        let values: Vec<T> = values.iter().map(|value| read(*value)).collect();
        PrimitiveArray::new(T::PRIMITIVE.into(), values.into(), null).boxed()
    }
    let valid = null.map(|null| Bitmap::from_iter(null.iter().map(|null| *null == 0)));
    Some(match kind {
        "f8" => primitive(bytes, valid, f64::from_ne_bytes),
        "f4" => primitive(bytes, valid, f32::from_ne_bytes),
        "i8" => primitive(bytes, valid, i64::from_ne_bytes),
        "i4" => primitive(bytes, valid, i32::from_ne_bytes),
        "i2" => primitive(bytes, valid, i16::from_ne_bytes),
        "i1" => primitive(bytes, valid, i8::from_ne_bytes),
        "u8" => primitive(bytes, valid, u64::from_ne_bytes),
        "u4" => primitive(bytes, valid, u32::from_ne_bytes),
        "u2" => primitive(bytes, valid, u16::from_ne_bytes),
        "u1" => primitive(bytes, valid, u8::from_ne_bytes),
        "b1" => {
            let values = Bitmap::from_iter(bytes.iter().map(|yes| *yes != 0));
            BooleanArray::new(ArrowDataType::Boolean, values, valid).boxed()
        }
        _ => return None,
    })
}

/// A column in parts: its name, `text` or `bytes` and a list, or a kind of number, its bytes, which rows are null, and the word of
/// the type that the numbers stand for.
type Parts<'py> = (String, String, Bound<'py, PyAny>, Option<Vec<u8>>, Option<String>);

/// What is pickled: the rows as Parquet, and the types to restore.
type State<'py> = (Bound<'py, PyBytes>, Vec<(String, String)>);

#[pymethods]
impl Frame {
    /// A frame of anything that speaks the Arrow stream protocol.
    #[classmethod]
    fn of(_: &Bound<'_, PyType>, object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = object.py();
        let capsule = object.call_method0("__arrow_c_stream__")?.cast_into::<PyCapsule>()?;
        let taken = foreign::take(&capsule)?;
        let work = move || {
            let fields = std::cell::RefCell::new(Vec::new());
            let batches = foreign::batches(taken, |field| {
                *fields.borrow_mut() = fields_of(field)?;
                Ok(())
            })?;
            from_batches(batches, &fields.into_inner())
        };
        // A stream may belong to the thread that made it, so it is read on this one.
        let made = py.detach(|| std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)));
        match made {
            Ok(frame) => frame.map_err(|error| errors::raise(py, &error)),
            Err(_) => Err(errors::internal(py)),
        }
    }

    /// A frame of columns in parts, for frames of numpy.
    #[classmethod]
    fn from_parts(_: &Bound<'_, PyType>, rows: usize, parts: Vec<Parts<'_>>) -> PyResult<Self> {
        let (mut arrays, mut fields) = (Vec::new(), Vec::new());
        for (name, kind, values, null, time) in parts {
            let array = if kind == "text" {
                Utf8ViewArray::from_slice(values.extract::<Vec<Option<String>>>()?).boxed()
            } else if kind == "bytes" {
                BinaryViewArray::from_slice(values.extract::<Vec<Option<Vec<u8>>>>()?).boxed()
            } else {
                let bytes = values.cast::<PyBytes>()?.as_bytes();
                let array = array_of(&kind, bytes, null.as_deref());
                array.ok_or_else(|| {
                    PyTypeError::new_err(format!("expected numbers or text in {name:?}, found {kind}"))
                })?
            };
            let array = match time.as_deref() {
                Some(word) => {
                    let known = dtype::of_code(word);
                    let wrong =
                        || PyTypeError::new_err(format!("expected the word of a type in {name:?}, found {word}"));
                    dtype::with_dtype(array, &known.ok_or_else(wrong)?)
                }
                None => array,
            };
            fields.push(Field::new(name.as_str().into(), array.dtype().clone(), true));
            arrays.push(array);
        }
        let batch = StructArray::new(ArrowDataType::Struct(fields.clone()), rows, arrays, None).boxed();
        Python::attach(|py| from_batches(vec![batch], &fields).map_err(|error| errors::raise(py, &error)))
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A wish that a producer may pass over, and this one does.
        let _ = requested_schema;
        export::stream(py, &self.data, &self.kept, self.views)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        export::schema(py, &self.data, &self.kept, self.views)
    }

    /// The same frame, whose text is handed over as views.
    fn views(&self) -> Self {
        Self { data: self.data.clone(), kept: self.kept.clone(), views: true }
    }

    #[getter]
    fn columns(&self) -> Vec<String> {
        self.data.get_column_names().into_iter().map(|name| name.to_string()).collect()
    }

    #[getter]
    fn height(&self) -> usize {
        self.data.height()
    }

    #[getter]
    fn width(&self) -> usize {
        self.data.width()
    }

    /// Column names and what they are stored as.
    #[getter]
    fn dtypes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for column in self.data.columns() {
            let name = column.name().as_str();
            let stored = match self.kept.get(name) {
                Some(dtype) => format!("{dtype:?}"),
                None => column.dtype().to_string(),
            };
            dict.set_item(name, stored)?;
        }
        Ok(dict)
    }

    fn __len__(&self) -> usize {
        self.data.height()
    }

    /// These columns in this order.
    fn select(&self, py: Python<'_>, names: Vec<String>) -> PyResult<Self> {
        let chosen = self.data.select(&names).map_err(|e| Error::new(ErrorKind::MissingColumn, e.to_string()));
        chosen.map(|data| self.next(data)).map_err(|error| errors::raise(py, &error))
    }

    /// Rows of this range.
    fn slice(&self, from: usize, rows: usize) -> Self {
        self.next(self.data.slice(from as i64, rows))
    }

    /// Every column of the schema in its order, null where the file has none; others are left out.
    fn in_schema(&self, py: Python<'_>) -> PyResult<Self> {
        let rows = self.data.height();
        let columns = COLUMNS.iter().map(|spec| match self.data.column(spec.name) {
            Ok(column) => in_schema::column(spec, column, self.kept.get(spec.name)),
            Err(_) => Ok(in_schema::absent(spec, rows)),
        });
        let made = columns
            .collect::<Result<Vec<_>>>()
            .and_then(|all| DataFrame::new(rows, all).map_err(|e| Error::new(ErrorKind::Frame, e.to_string())));
        made.map(Self::new).map_err(|error| errors::raise(py, &error))
    }

    /// A column for numpy: what it is, its values, which rows are null, and its unit of time.
    fn numpy<'py>(&self, py: Python<'py>, name: &str) -> PyResult<numpy::Parts<'py>> {
        let column = self.data.column(name).map_err(|e| Error::new(ErrorKind::MissingColumn, e.to_string()));
        let column = column.map_err(|error| errors::raise(py, &error))?;
        numpy::parts(py, column, self.kept.get(name))
    }

    /// As the bytes of a Parquet file.
    fn parquet<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let data = self.data.clone();
        let bytes = work::run(py, false, move || bundle::parquet_bytes(&data, &Default::default()))?;
        bytes.map(|bytes| PyBytes::new(py, &bytes)).map_err(|error| errors::raise(py, &error))
    }

    /// Writes a Parquet file, whole or not at all.
    fn write_parquet(&self, py: Python<'_>, path: std::path::PathBuf) -> PyResult<()> {
        let data = self.data.clone();
        let write = move || {
            bundle::write_file_atomically(path, |target| bundle::write_parquet(&data, &Default::default(), target))
        };
        work::run(py, true, write)?.map_err(|error| errors::raise(py, &error))
    }

    /// A frame of the bytes of a Parquet file or a csv with the schema's columns.
    #[classmethod]
    fn load(_: &Bound<'_, PyType>, bytes: &Bound<'_, PyBytes>) -> PyResult<Self> {
        let (py, bytes) = (bytes.py(), bytes.as_bytes().to_vec());
        let loaded = work::run(py, false, move || load::load_frame(&Source::from_bytes("table.parquet", bytes)))?;
        match loaded.map_err(|error| errors::raise(py, &error))? {
            Some(data) => Ok(Self::new(data)),
            None => Err(PyTypeError::new_err("expected the bytes of a Parquet file")),
        }
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, State<'py>)> {
        let (py, this) = (slf.py(), slf.get());
        let load = py.import("cyclerprep._frames")?.getattr("unpickled")?;
        let kept = this.kept.iter().map(|(name, dtype)| (name.clone(), dtype::code(dtype))).collect();
        Ok((load, (this.parquet(py)?, kept)))
    }

    /// The same frame with the types that were kept, for pickles.
    fn with_kept(&self, kept: Vec<(String, String)>) -> Self {
        let kept = kept.into_iter().filter_map(|(name, code)| Some((name, dtype::of_code(&code)?))).collect();
        Self { data: self.data.clone(), kept: Arc::new(kept), views: false }
    }
}
