//! One input: read, prepared, written, recorded.

use std::fs;
use std::path::Path;

use super::fresh::{self, Fate};
use super::options::BatchOptions;
use super::place;
use super::record::Record;
use super::status::Status;
use super::walk::Input;
use crate::error::{Error, ErrorKind, Result};
use crate::measurement::Measurement;
use crate::note::Notes;
use crate::prepare::{PrepareOptions, prepare_all};
use crate::source::Source;

/// Reads and prepares, or says why not.
pub(crate) fn prepare_input(
    input: &Input,
    options: &PrepareOptions,
) -> std::result::Result<Vec<Measurement>, Box<Record>> {
    let source = Source::open(&input.path, options.limits());
    source.and_then(|source| prepare_all(source, options)).map_err(|error| {
        let is_unknown = matches!(error.kind(), ErrorKind::UnknownFormat | ErrorKind::NotATimeSeries);
        let status = if is_unknown { Status::Unknown } else { Status::Unreadable };
        Box::new(Record::failed(input, status, &error))
    })
}

/// A bundle for each test.
pub(super) fn to_folder(input: &Input, out: &Path, options: &BatchOptions) -> Vec<Record> {
    let output = out.join(&input.relative);
    if fresh::fate(&output, options) == Fate::Kept {
        return vec![Record { output: Some(output), ..Record::new(input, Status::Skipped) }];
    }
    let measurements = match prepare_input(input, &options.prepare) {
        Ok(measurements) => measurements,
        Err(record) => return vec![*record],
    };
    let is_alone = measurements.len() == 1;
    // A bundle of the whole file must not stay beside the bundles of its parts.
    if !is_alone && output.join("report.json").is_file() {
        let removed = fs::remove_dir_all(&output);
        if let Err(error) =
            removed.map_err(|e| Error::new(ErrorKind::Io, format!("cannot replace {}: {e}", output.display())))
        {
            return vec![Record::failed(input, Status::Unreadable, &error)];
        }
    }
    let write = |measurement: Measurement| {
        let folder = place::of_test(&output, measurement.report.part.as_deref(), is_alone);
        let record = prepared(input, &measurement);
        let written = if record.status == Status::Prepared || options.keep_invalid {
            measurement.write_bundle_with(&folder, &options.bundle)
        } else {
            measurement.write_report(&folder).map(|()| Notes::new())
        };
        match written {
            Ok(notes) => {
                let mut record = Record { output: Some(folder), ..record };
                record.notes.extend(notes);
                record
            }
            Err(error) => Record::failed(input, Status::Unreadable, &error),
        }
    };
    measurements.into_iter().map(write).collect()
}

/// The time series of the one test alone.
pub(super) fn to_file(input: &Input, file: &Path, options: &BatchOptions) -> Vec<Record> {
    if fresh::fate(file, options) == Fate::Kept {
        return vec![Record { output: Some(file.to_path_buf()), ..Record::new(input, Status::Skipped) }];
    }
    let measurements = match prepare_input(input, &options.prepare) {
        Ok(measurements) => measurements,
        Err(record) => return vec![*record],
    };
    let write = |mut measurements: Vec<Measurement>| -> Result<Record> {
        let (Some(measurement), true) = (measurements.pop(), measurements.is_empty()) else {
            let message = format!("expected one test for a .parquet output, found {}", measurements.len() + 1);
            return Err(Error::new(ErrorKind::Options, message));
        };
        let mut record = prepared(input, &measurement);
        if record.status == Status::Prepared || options.keep_invalid {
            measurement.write_time_series(file)?;
            record.output = Some(file.to_path_buf());
        }
        Ok(record)
    };
    vec![write(measurements).unwrap_or_else(|error| Record::failed(input, Status::Unreadable, &error))]
}

fn prepared(input: &Input, measurement: &Measurement) -> Record {
    let status = if measurement.is_valid() { Status::Prepared } else { Status::Invalid };
    Record::new(input, status).with_measurement(measurement)
}
