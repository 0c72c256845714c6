//! Transforms, summaries and the validator on frames of any origin.

use cyclerprep::schema::Column;
use cyclerprep::summary::{StepOptions, summarize_cycles, summarize_steps};
use cyclerprep::transform::{self as t, CapacitySource, ShortSteps, StepIdentity};
use cyclerprep::{Error, ErrorKind, Notes, PrepareOptions, Result, cli, validate_measurement_data};
use polars::prelude::DataFrame;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::frame::Frame;
use crate::{errors, json, work};

/// What a transform may be told; each takes of it what it knows.
#[derive(Debug, Default)]
struct Told {
    capacity: CapacitySource,
    current_is_mean: bool,
    mode_column: Option<String>,
    may_be_magnitude: Option<bool>,
    is_signed_by_instrument: bool,
    offset_fix: Option<f64>,
    identity: StepIdentity,
    also: Vec<String>,
    short_steps: ShortSteps,
    sign: Option<bool>,
    number: Option<f64>,
    column: Option<String>,
    extra: Vec<String>,
}

/// What the command line makes of one of its options: the words are written there.
fn option(name: &str, value: &str) -> Result<PrepareOptions> {
    Ok(cli::batch_options([format!("--{}={value}", name.replace('_', "-"))])?.prepare)
}

impl Told {
    fn of(py: Python<'_>, options: &Bound<'_, PyDict>) -> PyResult<Self> {
        let mut told = Self::default();
        let fail = |error: Error| errors::raise(py, &error);
        for (name, value) in options.iter() {
            let name: String = name.extract()?;
            match name.as_str() {
                "capacity" => told.capacity = option(&name, value.extract()?).map_err(fail)?.capacity,
                "step_identity" => told.identity = option(&name, value.extract()?).map_err(fail)?.step_identity,
                "short_steps" => told.short_steps = option(&name, value.extract()?).map_err(fail)?.short_steps,
                "current_is_mean" => told.current_is_mean = value.extract()?,
                "mode_column" => told.mode_column = value.extract()?,
                "may_be_magnitude" => told.may_be_magnitude = value.extract()?,
                "is_signed_by_instrument" => told.is_signed_by_instrument = value.extract()?,
                "time_offset_fix" => told.offset_fix = value.extract()?,
                "also" => told.also = value.extract()?,
                "sign" => told.sign = value.extract()?,
                "area" | "rated_capacity" => told.number = value.extract()?,
                "column" => told.column = value.extract()?,
                "extra" => told.extra = value.extract()?,
                _ => return Err(pyo3::exceptions::PyTypeError::new_err(format!("no transform knows {name:?}"))),
            }
        }
        Ok(told)
    }

    fn accumulate(&self) -> t::AccumulateOptions {
        let mut options = t::AccumulateOptions::default();
        (options.source, options.current_is_mean) = (self.capacity, self.current_is_mean);
        options
    }

    fn signs(&self) -> t::CurrentSignOptions {
        let mut options = t::CurrentSignOptions::default();
        options.mode_column.clone_from(&self.mode_column);
        options.may_be_magnitude = self.may_be_magnitude.unwrap_or(options.may_be_magnitude);
        options.is_signed_by_instrument = self.is_signed_by_instrument;
        options
    }

    fn steps(&self) -> t::StepCountOptions {
        let mut options = t::StepCountOptions::default();
        (options.identity, options.also) = (self.identity, self.also.clone());
        options
    }

    fn time(&self) -> t::TimeOptions {
        let mut options = t::TimeOptions::default();
        options.offset_fix = self.offset_fix;
        options
    }

    fn number(&self) -> Result<f64> {
        self.number.ok_or_else(|| Error::new(ErrorKind::Options, "expected a number"))
    }
}

fn apply(name: &str, frame: DataFrame, told: &Told, notes: &mut Notes) -> Result<DataFrame> {
    match name {
        "blank_untimed_impedance_rows" => t::blank_untimed_impedance_rows(frame),
        "convert_current_density_to_total_current" => {
            t::convert_current_density_to_total_current(frame, told.number()?)
        }
        "convert_total_current_to_current_density" => {
            t::convert_total_current_to_current_density(frame, told.number()?)
        }
        "cumulative_net_capacity" => t::cumulative_net_capacity(frame),
        "derive_impedance_components" => t::derive_impedance_components(frame),
        "fix_swapped_charge_discharge_columns" => t::fix_swapped_charge_discharge_columns(frame, notes),
        "join_short_steps" => t::join_short_steps(frame, notes),
        "keep_required_columns" => t::keep_required_columns(frame, &told.extra),
        "offset_duplicate_times" => t::offset_duplicate_times(frame, notes),
        "remove_outliers" => t::remove_outliers(frame, told.column.as_deref().unwrap_or(Column::Voltage.name()), notes),
        "repair_time" => t::repair_time(frame, &told.steps(), notes),
        "reset_time" => t::reset_time(frame, &told.time(), notes),
        "resign_power_from_current" => t::resign_power_from_current(frame),
        "set_capacity" => t::set_capacity(frame, &told.accumulate(), notes),
        "set_cycle_count" => t::set_cycle_count(frame),
        "set_energy" => t::set_energy(frame, &told.accumulate(), notes),
        "set_net_capacity" => t::set_net_capacity(frame),
        "set_nominal_soc" => t::set_nominal_soc(frame, told.number()?),
        "set_positive_current_for_discharge" => t::set_positive_current_for_discharge(frame, &told.signs(), notes),
        "set_power" => t::set_power(frame),
        "set_step_count" => t::set_step_count(frame, &told.steps()),
        "standard" => {
            let mut options = t::PipelineOptions::default();
            (options.time, options.steps, options.accumulate) = (told.time(), told.steps(), told.accumulate());
            options.short_steps = told.short_steps;
            options.sign = told.sign.unwrap_or(true).then(|| told.signs());
            t::Pipeline::standard().run(frame, &options, notes)
        }
        _ => Err(Error::new(ErrorKind::Options, format!("expected the name of a transform, found {name:?}"))),
    }
}

/// A transform of this name; the result and the notes that were made.
#[pyfunction]
pub fn transform<'py>(
    py: Python<'py>,
    name: String,
    frame: &Frame,
    options: &Bound<'py, PyDict>,
) -> PyResult<(Frame, Bound<'py, PyAny>)> {
    let (told, data) = (Told::of(py, options)?, frame.data.clone());
    let work = move || {
        let mut notes = Notes::new();
        apply(&name, data, &told, &mut notes).map(|frame| (frame, notes))
    };
    let (data, notes) = work::run(py, false, work)?.map_err(|error| errors::raise(py, &error))?;
    Ok((frame.next(data), json::told(py, &notes)?))
}

/// The steps table of a time series.
#[pyfunction]
pub fn steps(py: Python<'_>, frame: &Frame, rated_capacity: Option<f64>) -> PyResult<Frame> {
    let (data, mut options) = (frame.data.clone(), StepOptions::default());
    options.rated_capacity = rated_capacity;
    let made = work::run(py, false, move || summarize_steps(&data, &options))?;
    made.map(Frame::new).map_err(|error| errors::raise(py, &error))
}

/// The cycles table of a steps table.
#[pyfunction]
pub fn cycles(py: Python<'_>, steps: &Frame) -> PyResult<Frame> {
    let data = steps.data.clone();
    let made = work::run(py, false, move || summarize_cycles(&data))?;
    made.map(Frame::new).map_err(|error| errors::raise(py, &error))
}

/// The validator's findings.
#[pyfunction]
#[pyo3(signature = (frame, steps, args))]
pub fn validate<'py>(
    py: Python<'py>,
    frame: &Frame,
    steps: Option<&Frame>,
    args: Vec<String>,
) -> PyResult<Bound<'py, PyAny>> {
    let (data, steps) = (frame.data.clone(), steps.map(|steps| steps.data.clone()));
    let work = move || {
        let mut options = cli::batch_options(args)?.prepare.validate;
        options.steps = steps.or(options.steps);
        validate_measurement_data(&data, &options)
    };
    let report = work::run(py, false, work)?.map_err(|error| errors::raise(py, &error))?;
    json::told(py, &report.issues)
}
