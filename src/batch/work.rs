//! One input: compared with what is there, read, prepared, written, recorded.

use std::fs;
use std::path::Path;

use super::fresh::Freshness;
use super::made::{INVALID_LOOKS, INVALID_MARK, INVALID_REPORT, Made, Standing};
use super::options::BatchOptions;
use super::place;
use super::record::Record;
use super::status::Status;
use super::tables::Rows;
use super::walk::Input;
use crate::bundle;
use crate::error::{Error, ErrorKind, Result};
use crate::makers;
use crate::measurement::Measurement;
use crate::note::{Note, Notes};
use crate::prepare::{PrepareOptions, prepare_all};
use crate::source::Source;

/// Reads and prepares, or says why not.
pub(crate) fn prepare_input(
    input: &Input,
    options: &PrepareOptions,
) -> std::result::Result<Vec<Measurement>, Box<Record>> {
    prepare_opened(input, Source::open_in_pieces(&input.path, options.limits()), options)
}

fn prepare_opened(
    input: &Input,
    source: Result<Source>,
    options: &PrepareOptions,
) -> std::result::Result<Vec<Measurement>, Box<Record>> {
    // In a folder, the first part of a test reads the others; whoever names one of them wants that one.
    let options = &PrepareOptions { parts_with_first: !input.named, ..options.clone() };
    let is_blank = source.as_ref().map_or_else(|_| is_blank(input), |source| source.text().is_empty());
    source.and_then(|source| prepare_all(source, options)).map_err(|error| {
        let status = match error.kind() {
            ErrorKind::SideFile => Status::SideFile,
            // The name says that it was a test; what is left of it says nothing.
            ErrorKind::UnknownFormat | ErrorKind::NotATimeSeries if !makers::is_own_name(&input.path) => {
                Status::Unknown
            }
            // An empty file of a name that nobody gives to a test.
            ErrorKind::Malformed if is_blank && !makers::is_known_name(&input.path) => Status::Unknown,
            _ => Status::Unreadable,
        };
        Box::new(Record::failed(input, status, &error))
    })
}

fn is_blank(input: &Input) -> bool {
    fs::metadata(&input.path).is_ok_and(|meta| meta.is_file() && meta.len() == 0)
}

/// A file that seemed to be a piece of a test and stays alone.
pub(super) struct Apart<'p> {
    /// Why.
    pub(super) note: Note,
    /// The files that seemed to be one test.
    pub(super) proposed: &'p [String],
}

/// What all inputs of a run share.
pub(super) struct Job<'r> {
    pub(super) options: &'r BatchOptions,
    pub(super) freshness: Freshness,
    /// Rows of the bundles that were made.
    pub(super) rows: Rows,
    /// The one input, when it is no file of this machine.
    content: Option<Source>,
    /// Whether the run has no other input.
    is_only_input: bool,
}

impl<'r> Job<'r> {
    pub(super) fn new(options: &'r BatchOptions) -> Self {
        Self { options, freshness: Freshness::new(options), rows: Rows::default(), content: None, is_only_input: false }
    }

    /// For a run of so many inputs.
    pub(super) fn of_run(options: &'r BatchOptions, inputs: usize) -> Self {
        Self { is_only_input: inputs == 1, ..Self::new(options) }
    }

    /// For an input that is no file of this machine.
    pub(super) fn of_content(options: &'r BatchOptions, content: Source) -> Self {
        let freshness = Freshness::of_content(options, &content);
        Self { freshness, content: Some(content), ..Self::new(options) }
    }

    fn prepare(&self, input: &Input) -> std::result::Result<Vec<Measurement>, Box<Record>> {
        match &self.content {
            Some(content) => prepare_opened(input, Ok(content.clone()), &self.options.prepare),
            None => prepare_input(input, &self.options.prepare),
        }
    }

    /// A bundle for each test, or one for all files of a group.
    pub(super) fn to_folder(&self, input: &Input, out: &Path) -> Vec<Record> {
        if input.with.is_empty() { self.single_to_folder(input, out, None) } else { self.group_to_folder(input, out) }
    }

    /// A bundle for each test of a file.
    pub(super) fn single_to_folder(&self, input: &Input, out: &Path, apart: Option<&Apart<'_>>) -> Vec<Record> {
        let output = out.join(&input.relative);
        let is_told = |made: &[Made]| apart.is_none_or(|apart| made.iter().all(|made| made.proposed == apart.proposed));
        let old = match Standing::of(&output) {
            Standing::Nothing => Vec::new(),
            Standing::Foreign(what) => return vec![self.foreign(input, &output, what)],
            Standing::Bundles(made) if self.options.keep => return skipped(input, made),
            Standing::Bundles(made) if self.options.force => made,
            Standing::Bundles(made) => match self.freshness.fresh(&input.path, &output, made) {
                Ok(fresh) if is_told(&fresh) => return skipped(input, fresh),
                Ok(untold) => untold,
                Err(stale) => stale,
            },
        };
        let mut measurements = match self.prepare(input) {
            Ok(measurements) => measurements,
            Err(record) => return vec![*record],
        };
        for measurement in &mut measurements {
            measurement.report.options.clone_from(self.freshness.asked());
            if let Some(apart) = apart {
                measurement.report.notes.push(apart.note.clone());
                measurement.report.proposed = apart.proposed.to_vec();
            }
        }
        self.write_all(input, &output, &old, measurements)
    }

    /// A folder or a file at the place of a bundle that is none: nothing is done to it. What no reader claims has no output, so
    /// nothing is in its way.
    fn foreign(&self, input: &Input, output: &Path, what: &str) -> Record {
        if let Err(record) = self.prepare(input) {
            return *record;
        }
        Record::failed(input, Status::Unreadable, &self.in_the_way(output, what))
    }

    pub(super) fn in_the_way(&self, output: &Path, what: &str) -> Error {
        let message = format!(
            "expected nothing or a bundle of an earlier run at {}, found {what}; it was left alone: move it away, or choose another output folder",
            output.display()
        );
        Error::new(ErrorKind::Io, message)
    }

    pub(super) fn write_all(
        &self,
        input: &Input,
        output: &Path,
        old: &[Made],
        measurements: Vec<Measurement>,
    ) -> Vec<Record> {
        let is_alone = measurements.len() == 1;
        let writes_tables = |measurement: &Measurement| self.options.keep_invalid || measurement.is_valid();
        // A bundle of the whole file must not stay beside the bundles of its parts, unless it has the only tables that there are.
        let was_alone = old.first().is_some_and(|made| made.folder() == output);
        let gives_way = !is_alone && was_alone;
        let tables_stay = gives_way && old.iter().any(Made::has_tables) && !measurements.iter().any(writes_tables);
        if gives_way && !tables_stay {
            let removed = fs::remove_dir_all(output);
            if let Err(e) = removed {
                let error = Error::new(ErrorKind::Io, format!("cannot replace {}: {e}", output.display()));
                return vec![Record::failed(input, Status::Unreadable, &error)];
            }
        }
        let mut records = Vec::new();
        for measurement in measurements {
            let folder = place::of_test(output, measurement.report.part.as_deref(), is_alone);
            let mut record = prepared(input, &measurement);
            let has_old = |made: &&Made| made.folder() == folder || made.folder().starts_with(&folder);
            let old: Vec<&Made> = old.iter().filter(has_old).collect();
            if record.status == Status::Prepared && (!old.is_empty() || gives_way) {
                record.status = Status::Updated;
            }
            let written = if writes_tables(&measurement) {
                let written = measurement.write_bundle_with(&folder, &self.options.bundle);
                written.inspect(|_| self.rows.add(&input.path, &folder, &measurement))
            } else if tables_stay || old.iter().any(|made| made.has_tables()) {
                record.is_beside_tables = true;
                let folder = if tables_stay { output } else { &folder };
                self.write_beside_tables(folder, &measurement).map(|()| Notes::new())
            } else {
                measurement.write_report_with(&folder, &self.options.bundle).map(|()| Notes::new())
            };
            // Of one input alone the memory goes back while the tables of the run are made; of many before the next is begun.
            if self.is_only_input {
                rayon::spawn(move || drop(measurement));
            } else {
                drop(measurement);
            }
            records.push(match written {
                Ok(notes) => {
                    record.notes.extend(notes);
                    let folder = if tables_stay { output.to_path_buf() } else { folder };
                    Record { output: Some(folder), ..record }
                }
                Err(error) => Record::failed(input, Status::Unreadable, &error),
            });
        }
        // Parts that the file has no more.
        if !is_alone && records.iter().all(|record| record.error.is_none()) {
            let is_gone = |made: &&Made| !records.iter().any(|record| record.output.as_deref() == Some(made.folder()));
            for made in old.iter().filter(|made| made.part.is_some()).filter(is_gone) {
                // It is hidden from nobody when it stays: the index shows what it is.
                let _ = fs::remove_dir_all(made.folder());
            }
        }
        records
    }

    /// The report of a measurement that is not valid in the bundle of one that was, with what there is to look at.
    fn write_beside_tables(&self, folder: &Path, measurement: &Measurement) -> Result<()> {
        let looks = measurement.to_look_at(&self.options.bundle, INVALID_MARK)?;
        for (name, content) in &looks {
            bundle::write_file_atomically(folder.join(name), |target| {
                target.write_all(content).map_err(|e| Error::io("cannot write", e))
            })?;
        }
        // Those of an earlier run show what is no longer there.
        for name in INVALID_LOOKS.iter().filter(|name| !looks.iter().any(|(written, _)| written == *name)) {
            match fs::remove_file(folder.join(name)) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(Error::io("cannot remove", e)),
                _ => {}
            }
        }
        bundle::write_json(folder.join(INVALID_REPORT), &measurement.report)
    }

    /// The time series of the one test alone.
    pub(super) fn to_file(&self, input: &Input, file: &Path) -> Vec<Record> {
        let is_update = match Standing::of_file(file) {
            Standing::Nothing => false,
            Standing::Foreign(what) => return vec![self.foreign(input, file, what)],
            Standing::Bundles(made) => {
                let is_fresh = made.iter().all(|made| self.freshness.is_fresh_file(made, &input.path));
                if self.options.keep || (is_fresh && !self.options.force) {
                    let mut records = skipped(input, made);
                    records.iter_mut().for_each(|record| record.output = Some(file.to_path_buf()));
                    return records;
                }
                true
            }
        };
        let measurements = match prepare_input(input, &self.options.prepare) {
            Ok(measurements) => measurements,
            Err(record) => return vec![*record],
        };
        let write = |mut measurements: Vec<Measurement>| -> Result<Record> {
            let (Some(measurement), true) = (measurements.pop(), measurements.is_empty()) else {
                let message = format!("expected one test for a .parquet output, found {}", measurements.len() + 1);
                return Err(Error::new(ErrorKind::Options, message));
            };
            let mut record = prepared(input, &measurement);
            if measurement.is_valid() || self.options.keep_invalid {
                measurement.write_time_series(file)?;
                record.output = Some(file.to_path_buf());
                if is_update && record.status == Status::Prepared {
                    record.status = Status::Updated;
                }
            }
            Ok(record)
        };
        vec![write(measurements).unwrap_or_else(|error| Record::failed(input, Status::Unreadable, &error))]
    }
}

/// What is there stays, and counts as it did when it was made.
pub(super) fn skipped(input: &Input, made: Vec<Made>) -> Vec<Record> {
    let record = |made: Made| Record {
        output: Some(made.folder().to_path_buf()),
        reader: Some(made.detected.reader.clone()),
        part: made.part.clone(),
        rows: made.rows_kept,
        steps: made.steps,
        cycles: made.cycles,
        is_beside_tables: made.is_beside_tables(),
        issues: made.issues.clone(),
        ..Record::new(input, Status::Skipped)
    };
    made.into_iter().map(record).collect()
}

fn prepared(input: &Input, measurement: &Measurement) -> Record {
    let status = match (measurement.report.rows_kept, measurement.is_valid()) {
        (_, false) => Status::Invalid,
        (0, true) => Status::Empty,
        _ => Status::Prepared,
    };
    Record::new(input, status).with_measurement(measurement)
}
