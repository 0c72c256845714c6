//! A prepared measurement: its tables, its report, what can be written of it.

use std::path::PathBuf;
use std::sync::Arc;

use cyclerprep::plot::Format;
use cyclerprep::{BundleOptions, Error, ErrorKind, Measurement, Report};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::frame::Frame;
use crate::{errors, json, work};

/// A measurement of the library.
#[pyclass(frozen, module = "cyclerprep._native")]
pub struct Prepared(pub Arc<Measurement>);

fn picture_format(name: &str) -> cyclerprep::Result<Format> {
    let unknown = || Error::new(ErrorKind::Options, format!("expected svg or png, found {name:?}"));
    Format::of_name(name).ok_or_else(unknown)
}

#[pymethods]
impl Prepared {
    fn time_series(&self) -> Frame {
        Frame::new(self.0.time_series.clone())
    }

    fn steps(&self) -> Frame {
        Frame::new(self.0.steps.clone())
    }

    fn cycles(&self) -> Frame {
        Frame::new(self.0.cycles.clone())
    }

    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::told(py, &self.0.report)
    }

    fn metadata<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::told(py, &self.0.metadata)
    }

    fn is_valid(&self) -> bool {
        self.0.is_valid()
    }

    /// Code and sentence of each note: what warnings are made of, without the rest of the report.
    fn told(&self) -> Vec<(&'static str, String)> {
        self.0.report.notes.iter().map(|note| (note.code.as_str(), note.message.to_string())).collect()
    }

    /// The overview picture, `svg` or `png`.
    fn picture<'py>(&self, py: Python<'py>, format: &str) -> PyResult<Bound<'py, PyBytes>> {
        let (measurement, format) = (self.0.clone(), picture_format(format));
        let drawn = work::run(py, false, move || format.and_then(|format| measurement.picture()?.bytes(format)))?;
        drawn.map(|bytes| PyBytes::new(py, &bytes)).map_err(|error| errors::raise(py, &error))
    }

    /// Writes the bundle, whole or not at all, and tells what could not be put in.
    #[pyo3(signature = (folder, picture = None, bdf = false))]
    fn write_bundle<'py>(
        &self,
        py: Python<'py>,
        folder: PathBuf,
        picture: Option<&str>,
        bdf: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (measurement, mut options) = (self.0.clone(), BundleOptions::default());
        let picture = picture.map(picture_format).transpose().map_err(|error| errors::raise(py, &error))?;
        (options.picture, options.bdf) = (picture, bdf);
        let written = work::run(py, true, move || measurement.write_bundle_with(folder, &options))?;
        json::told(py, &written.map_err(|error| errors::raise(py, &error))?)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, State)> {
        let (py, cell) = (slf.py(), &slf.get().0);
        let text =
            |told: serde_json::Result<String>| told.map_err(|e| pyo3::exceptions::PyValueError::new_err(e.to_string()));
        let cloned = cell.clone();
        let tables = work::run(py, false, move || {
            [&cloned.time_series, &cloned.steps, &cloned.cycles]
                .map(|frame| cyclerprep::bundle::parquet_bytes(frame, &Default::default()))
        })?;
        let mut bytes = Vec::new();
        for table in tables {
            bytes.push(PyBytes::new(py, &table.map_err(|error| errors::raise(py, &error))?).unbind());
        }
        let facts = (text(serde_json::to_string(&cell.metadata))?, text(serde_json::to_string(&cell.report))?);
        Ok((py.import("cyclerprep._native")?.getattr("restore")?, (bytes, facts.0, facts.1)))
    }
}

/// What is pickled: three tables as Parquet, the facts and the report as JSON.
type State = (Vec<Py<PyBytes>>, String, String);

/// The measurement of a pickle.
#[pyfunction]
pub fn restore(py: Python<'_>, tables: Vec<Vec<u8>>, metadata: String, report: String) -> PyResult<Prepared> {
    let made = work::run(py, false, move || {
        let wrong =
            |e: serde_json::Error| Error::new(ErrorKind::Malformed, format!("expected a pickled measurement: {e}"));
        let load = |bytes: Vec<u8>| {
            let loaded = cyclerprep::load::load_frame(&cyclerprep::Source::from_bytes("table.parquet", bytes))?;
            loaded.ok_or_else(|| Error::new(ErrorKind::Malformed, "expected a table of a pickled measurement"))
        };
        let tables = tables.into_iter().map(load).collect::<cyclerprep::Result<Vec<_>>>()?;
        let [time_series, steps, cycles] = <[_; 3]>::try_from(tables)
            .map_err(|_| Error::new(ErrorKind::Malformed, "expected three tables of a pickled measurement"))?;
        let report: Report = serde_json::from_str(&report).map_err(wrong)?;
        let metadata = serde_json::from_str(&metadata).map_err(wrong)?;
        Ok(Measurement::from_parts(time_series, steps, cycles, metadata, report))
    })?;
    made.map(|cell| Prepared(Arc::new(cell))).map_err(|error: Error| errors::raise(py, &error))
}
