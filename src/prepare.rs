//! The whole arrow as one call: a file in, a validated measurement out.

mod check;
mod facts;
mod joined;

pub use joined::prepare_joined;
pub(crate) use joined::{Outcome, prepare_pieces};

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::bundle::{Detected, REPORT_SCHEMA, Report, SourceFacts, Timings};
use crate::data_type;
use crate::detect;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::formats::{Format, Maker, ReadOptions};
use crate::kept;
use crate::limits::Limits;
use crate::map::{self, MapOptions};
use crate::measurement::Measurement;
use crate::note::{Note, NoteCode, Notes};
use crate::overview;
#[cfg(feature = "plot")]
use crate::plot;
use crate::probe::{Probe, Score};
use crate::reader_id::ReaderId;
use crate::schema::Column;
use crate::source::Source;
use crate::summary::{StepOptions, summarize_cycles, summarize_steps};
use crate::table::{RawTable, SheetLines};
use crate::text::held::Text;
use crate::transform::{self, CapacitySource, CurrentSignOptions, Pipeline, PipelineOptions, ShortSteps, StepIdentity};
use crate::validate::{DataType, ValidateOptions, validate_measurement_data};
use crate::wall_clock::{self, Clocks};
use crate::witness;

/// Options of [`prepare`].
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::PrepareOptions;
///
/// let mut options = PrepareOptions::default();
/// options.map.timezone = Some("Europe/Berlin".parse()?);
/// options.validate.strict = true;
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &options)?;
/// assert_eq!(cell.metadata.start_time.as_deref(), Some("2024-03-01T08:00:00+01:00"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct PrepareOptions {
    /// The reader, instead of detecting it.
    pub reader: Option<ReaderId>,
    /// Limits and encoding. The limits hold for the whole file, however its source was made.
    pub read: ReadOptions,
    /// Own mappings, constants and the zone.
    pub map: MapOptions,
    /// Where capacities and energies come from.
    pub capacity: CapacitySource,
    /// What makes a step.
    pub step_identity: StepIdentity,
    /// What becomes of steps of one row.
    pub short_steps: ShortSteps,
    /// Replaces negative time differences by this many seconds, instead of failing.
    pub time_offset_fix: Option<f64>,
    /// Files with the spectra of a test whose points go to the steps that measured them, for a single input.
    pub with_fra: Vec<PathBuf>,
    /// Gates of [`witness`] that are passed.
    pub allow: Vec<NoteCode>,
    /// Add `Timestamp`, the instant of each row in UTC. It is always there when the rows of the file have a clock.
    pub wall_clock: bool,
    /// Keep the required columns only (docs/schema.md#required-set), and the caller's own.
    pub required_columns_only: bool,
    /// Refuse a later part of a test that is read with its first part, as
    /// [`ErrorKind::SideFile`]: whoever prepares all files of a folder has its rows already.
    pub parts_with_first: bool,
    /// Tell in the report how long each stage took. Default: no, so that a report is the same from run to run.
    pub timings: bool,
    /// What the validator is told. `steps` is filled in.
    pub validate: ValidateOptions,
}

impl PrepareOptions {
    /// The limits that files are held to.
    ///
    /// ```
    /// let mut options = cyclerprep::PrepareOptions::default();
    /// options.read.limits.rows = 1_000_000;
    /// assert_eq!(options.limits().rows, 1_000_000);
    /// ```
    pub fn limits(&self) -> &Limits {
        &self.read.limits
    }

    /// What a reader is told: also what the caller says of headers.
    pub(crate) fn read_options(&self) -> ReadOptions {
        ReadOptions { named: self.map.map.clone(), ..self.read.clone() }
    }
}

/// Prepares the one test of a file.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// let cell = cyclerprep::prepare("fixtures/maccor/flat_line.034", &Default::default())?;
/// assert!(cell.time_series.column("Current [A]").is_ok());
/// assert!(cell.report.issues.is_empty());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Those of [`prepare_all`], and [`ErrorKind::Options`] when the file holds several tests.
pub fn prepare(path: impl AsRef<Path>, options: &PrepareOptions) -> Result<Measurement> {
    prepare_source(Source::open_in_pieces(path, options.limits())?, options)
}

/// [`prepare`] for bytes that are already in memory.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::{Source, prepare_source};
///
/// let bytes = std::fs::read("fixtures/neware/flat.csv")?;
/// let cell = prepare_source(Source::from_bytes("upload.csv", bytes), &Default::default())?;
/// assert_eq!(cell.report.detected.reader, "neware_csv");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Those of [`prepare`].
pub fn prepare_source(source: Source, options: &PrepareOptions) -> Result<Measurement> {
    let name = source.name().to_owned();
    let mut all = prepare_all(source, options)?;
    if all.len() > 1 {
        let parts: Vec<&str> = all.iter().filter_map(|m| m.report.part.as_deref()).collect();
        let message = format!("expected one test, found {}: {}; prepare_all gives all", all.len(), parts.join(", "));
        return Err(Error::new(ErrorKind::Options, message).in_file(name));
    }
    all.pop().ok_or_else(|| Error::new(ErrorKind::Malformed, "expected a test, found none").in_file(name))
}

/// Prepares every test of a file, mostly one.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::{Source, prepare_all};
///
/// let source = Source::open("fixtures/odd/two_channels.xlsx", &Default::default())?;
/// let cells = prepare_all(source, &Default::default())?;
/// let parts: Vec<_> = cells.iter().filter_map(|cell| cell.report.part.as_deref()).collect();
/// assert_eq!(parts, ["Channel_1-017", "Channel_1-018"]);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Of any kind, with the file's name, the format and mostly a place; then there is no measurement. Findings of the validator
/// are not errors: they are in the report.
pub fn prepare_all(source: Source, options: &PrepareOptions) -> Result<Vec<Measurement>> {
    let name = source.name().to_owned();
    prepare_named(source, options).map_err(|error| error.in_file(name))
}

fn prepare_named(source: Source, options: &PrepareOptions) -> Result<Vec<Measurement>> {
    let Opened { origin, content, title, tests, read_seconds, .. } = open(source, options)?;
    let name = origin.reader.info().name;
    // Parsing keeps all threads busy, the transforms do not: so the hash, which also needs every byte once, runs beside them.
    let (blake3, finished) = rayon::join(
        move || hash(&content),
        || tests.into_iter().map(|test| finish(test, &title, read_seconds, options)).collect::<Result<Vec<_>>>(),
    );
    let mut measurements = finished.map_err(|e| e.read_as(name))?;
    let several = measurements.len() > 1;
    let parts: Vec<String> = measurements.iter().filter(|_| several).filter_map(|m| m.report.part.clone()).collect();
    let (asked, facts) = (options.facts(), origin.facts(blake3?));
    for measurement in &mut measurements {
        let report = &mut measurement.report;
        report.source.clone_from(&facts);
        report.options.clone_from(&asked);
        report.parts.clone_from(&parts);
        origin.tell(report);
    }
    Ok(measurements)
}

/// A file that was read: its tests, and what its report will say of it.
struct Opened {
    origin: Origin,
    /// Its bytes as they lie on the disk.
    content: Text,
    title: String,
    /// The file beside it that reads it with its own rows.
    read_with: Option<String>,
    tests: Vec<Read>,
    read_seconds: f64,
}

/// Where tests come from.
struct Origin {
    /// Without the hash.
    facts: SourceFacts,
    reader: &'static dyn Format,
    score: Option<Score>,
    grown: u64,
}

impl Origin {
    fn facts(&self, blake3: String) -> SourceFacts {
        SourceFacts { blake3, ..self.facts.clone() }
    }

    /// What it is, and that it grew.
    fn tell(&self, report: &mut Report) {
        if self.grown > 0 {
            let message =
                format!("the file grew by {} bytes while it was read: what came later is not in here", self.grown);
            report.notes.say(NoteCode::PartialFile, message);
        }
        let info = self.reader.info();
        report.detected.maker = info.maker.name().into();
        report.overview.maker = Some(info.maker.name().into());
        report.detected.reader = info.id.into();
        report.detected.format = info.name.into();
        if let Some(score) = &self.score {
            report.detected.why.clone_from(&score.why);
            report.detected.score = Some(score.points);
        } else {
            "named by the caller".clone_into(&mut report.detected.why);
        }
    }
}

fn open(source: Source, options: &PrepareOptions) -> Result<Opened> {
    let packed = source.held_to(options.limits());
    let mut text = packed.text();
    let name = packed.name().to_owned();
    let content = detect::unwrapped(&packed)?;
    let (reader, score) = choose(&content, options)?;
    let info = reader.info();
    let read_with = reader.read_with(&content);
    if let Some(first) = read_with.as_ref().filter(|_| options.parts_with_first) {
        let message =
            format!("expected a whole test, found a later part of one: convert {first:?}, this one is read with it");
        return Err(Error::new(ErrorKind::SideFile, message));
    }
    let clock = Instant::now();
    let (content, tests) = read_in_pieces(reader, content, options)?;
    let mut tests = tests.map_err(|e| e.read_as(info.name))?;
    if content.text().is_whole() && !text.is_whole() {
        text = content.text();
    }
    let size = text.length();
    if !options.with_fra.is_empty() {
        let join = |test| with_spectra(test, &content, info.maker, options);
        tests = tests.into_iter().map(join).collect::<Result<_>>()?;
    }
    let ((side_files, family), modified, grown) = (content.beside(), content.modified(), content.grown());
    let facts = SourceFacts { modified, side_files, family, ..SourceFacts::new(name, size, String::new()) };
    let title = content.title().to_owned();
    let origin = Origin { facts, reader, score, grown };
    Ok(Opened { origin, content: text, title, read_with, tests, read_seconds: clock.elapsed().as_secs_f64() })
}

/// The reader that the caller names, if it agrees, else the one that fits best; with its score when it was not named. The file
/// is unwrapped.
pub(crate) fn choose(source: &Source, options: &PrepareOptions) -> Result<(&'static dyn Format, Option<Score>)> {
    let Some(id) = &options.reader else {
        let best = detect::best_of(source, &options.map.map)?;
        return Ok((best.reader, Some(best.score)));
    };
    let reader = id.reader();
    // A reader that the caller names still has to agree, or it would give wrong columns their names.
    let score = reader.sniff_with(&Probe::new(source), &options.map.map);
    if score.points == 0 && !source.text().is_empty() {
        let message = format!("expected {}: {}", reader.info().name, score.why);
        return Err(Error::new(ErrorKind::Malformed, message).read_as(reader.info().name));
    }
    Ok((reader, None))
}

fn read_tests(reader: &dyn Format, source: &Source, options: &PrepareOptions) -> Result<Vec<Read>> {
    let mut notes = Notes::new();
    let tables = reader.read(source, &options.read_options(), &mut notes)?;
    tables.into_iter().map(|table| Read::new(table, reader.info().maker, notes.clone(), options)).collect()
}

/// Reads a large text piece by piece where the reader can and the text lets it, and whole otherwise; with what was read of it.
///
/// # Errors
/// When the file cannot be read whole.
fn read_in_pieces(
    reader: &dyn Format,
    source: Source,
    options: &PrepareOptions,
) -> Result<(Source, Result<Vec<Read>>)> {
    let source = if reader.reads_pieces() { source } else { source.whole()? };
    let tests = read_tests(reader, &source, options);
    let text = source.text();
    // What the ends of a text do not show may look like a broken file; any other error is that of the whole text.
    let may_be_other =
        |error: &Error| matches!(error.kind(), ErrorKind::Malformed | ErrorKind::Io | ErrorKind::NotATimeSeries);
    if text.is_whole() || !text.needs_whole() && !tests.as_ref().is_err_and(may_be_other) {
        return Ok((source, tests));
    }
    let source = source.whole()?;
    let tests = read_tests(reader, &source, options);
    Ok((source, tests))
}

fn hash(content: &Text) -> Result<String> {
    let hash = content.hash().map_err(|e| Error::io("cannot read", e))?;
    Ok(hash.to_hex().to_string())
}

/// A table in the schema's words, with what was noted on the way.
struct Read {
    mapped: map::Mapped,
    sheets: SheetLines,
    part: Option<String>,
    dialect: &'static str,
    notes: Notes,
}

impl Read {
    fn new(table: RawTable, maker: &Maker, mut notes: Notes, options: &PrepareOptions) -> Result<Self> {
        let (part, dialect) = (table.part.clone(), table.dialect);
        let sheets = table.sheets.clone();
        notes.extend(table.notes.iter().cloned());
        let mut map = options.map.clone();
        map.is_open_circuit = options.validate.data_type == DataType::Ocp;
        let mapped =
            map::to_frame(table, &maker.rules, &map, &mut notes).map_err(|e| e.map_place(|p| sheets.place(p)))?;
        notes.map_places(|place| sheets.place(place));
        Ok(Self { mapped, sheets, part, dialect, notes })
    }
}

/// Puts the spectra that the caller names into the test.
fn with_spectra(mut read: Read, main: &Source, maker: &Maker, options: &PrepareOptions) -> Result<Read> {
    let Some(spectra) = &maker.spectra else {
        let message =
            format!("{} files hold their spectra themselves: no file with a spectrum can be joined", maker.name());
        return Err(Error::new(ErrorKind::Options, message));
    };
    for (index, path) in options.with_fra.iter().enumerate() {
        let side = Source::open(path, options.limits())?;
        main.read_with(&side);
        let side = detect::unwrapped(&side)?;
        let spectrum = read_spectrum(&side, spectra.format, options).map_err(|e| e.in_file(side.name()))?;
        read.notes.extend(spectrum.notes);
        let (frame, sweep) = (spectrum.mapped.frame, (spectra.number)(side.file_name()).unwrap_or(index + 1));
        read.mapped.frame = map::spectrum::join(read.mapped.frame, &frame, spectra.mode, sweep, &mut read.notes)?;
    }
    Ok(read)
}

fn read_spectrum(side: &Source, format: &'static dyn Format, options: &PrepareOptions) -> Result<Read> {
    let mut named = options.clone();
    named.reader = Some(format.into());
    named.map = MapOptions::default();
    let (reader, _) = choose(side, &named)?;
    let mut tests = read_tests(reader, side, &named)?;
    tests.pop().ok_or_else(|| Error::new(ErrorKind::Malformed, "expected a spectrum, found none"))
}

fn finish(read: Read, title: &str, read_seconds: f64, options: &PrepareOptions) -> Result<Measurement> {
    let Read { mut mapped, sheets, part, dialect, mut notes } = read;
    let transforming = Instant::now();
    let mut pipeline = PipelineOptions::default();
    pipeline.time.offset_fix = options.time_offset_fix;
    pipeline.accumulate.source = options.capacity;
    pipeline.accumulate.direction = mapped.direction;
    pipeline.accumulate.current_is_mean = mapped.current_is_mean;
    pipeline.accumulate.current_digit = mapped.current_digit;
    pipeline.short_steps = options.short_steps;
    pipeline.steps.identity = options.step_identity;
    pipeline.steps.also.clone_from(&mapped.identity);
    pipeline.sign = (!mapped.sign_is_settled).then(|| CurrentSignOptions {
        direction: mapped.direction,
        may_be_magnitude: mapped.may_log_magnitudes,
        is_signed_by_instrument: mapped.is_signed_by_instrument,
        ..CurrentSignOptions::default()
    });
    let power_is_reported = mapped.frame.column(Column::Power.name()).is_ok();
    witness::hold(&mut mapped.frame, &mut mapped.internal)?;
    let data_type = data_type::of(&mapped.frame, options.validate.data_type)?;
    let is_curve = data_type == DataType::Ocp;
    let transformed = if is_curve {
        data_type::as_one_step(mapped.frame)?
    } else if mapped.is_schema {
        transform::complete(mapped.frame, &pipeline, &mut notes)?
    } else {
        Pipeline::standard().run(mapped.frame, &pipeline, &mut notes)?
    };
    let mut whole = witness::close_gates(transformed, &options.allow, &mut notes)?;
    let clocks = Clocks {
        is_asked: options.wall_clock,
        is_utc: mapped.clock_is_utc,
        is_time: mapped.time_is_clock,
        zone: options.map.timezone.as_ref(),
        start: mapped.metadata.start_time.as_deref(),
    };
    let evidence = witness::Evidence::new(&whole, power_is_reported, mapped.direction)?;
    let told = witness::ask(&evidence);
    drop(evidence);
    // What only the witnesses need goes before more is made: no moment of a long test has more columns in memory.
    let internal = mapped.internal.iter().map(String::as_str);
    let (stamps, others): (Vec<&str>, Vec<&str>) = internal.partition(|name| *name == Column::Timestamp.name());
    whole = whole.drop_many(others);
    wall_clock::add(&mut whole, &clocks, &mut notes)?;
    notes.extend(told?);
    whole = whole.drop_many(stamps);
    let ordered = transform::in_export_order(whole)?;
    let steps = summarize_steps(&ordered, &StepOptions { rated_capacity: options.validate.rated_capacity })?;
    let cycles = summarize_cycles(&steps)?;
    let frame = if is_curve { data_type::without_empty(ordered) } else { ordered };
    if let Some(first) = mapped.first_line.filter(|_| frame.height() == mapped.rows_read) {
        notes.name_lines(|row| sheets.place(Place::line(first + row)));
    }
    let transform_seconds = transforming.elapsed().as_secs_f64();

    let validating = Instant::now();
    let mut validate = options.validate.clone();
    validate.data_type = data_type;
    validate.steps = Some(steps.clone());
    validate.start_time = validate.start_time.or_else(|| mapped.metadata.start_time.clone());
    let mut issues = validate_measurement_data(&frame, &validate)?.issues;
    kept::explain(&mut issues, &notes);
    kept::explain_short_steps(&mut issues, &frame)?;
    if let Some(issue) = issues.iter().find(|issue| issue.code.as_str().starts_with("current_sign_"))
        && !notes.has(NoteCode::SignVote)
    {
        let message = format!("{}; nothing was flipped a second time", issue.message);
        notes.push(Note::new(NoteCode::SignCheckFailed, message));
    }
    let validate_seconds = validating.elapsed().as_secs_f64();

    let time_series = if options.required_columns_only {
        let mut own: Vec<String> =
            options.map.map.iter().chain(&options.map.constants).flat_map(|(a, b)| [a.clone(), b.clone()]).collect();
        own.extend(options.wall_clock.then(|| Column::WallClock.name().to_owned()));
        transform::keep_required_columns(frame, &own)?
    } else {
        frame
    };
    let mut metadata = mapped.metadata;
    title.clone_into(&mut metadata.name);
    #[cfg_attr(not(feature = "plot"), expect(unused_mut, reason = "what it would show is drawn by the feature"))]
    let mut overview = overview::of(&time_series, &steps, &cycles, &metadata)?;
    #[cfg(feature = "plot")]
    {
        overview.voltage_outline = plot::outline(&time_series)?;
    }
    let report = Report {
        schema: REPORT_SCHEMA.into(),
        overview,
        library_version: env!("CARGO_PKG_VERSION").into(),
        detected: Detected { dialect: dialect.into(), ..Default::default() },
        part,
        data_type: data_type.name().into(),
        rows_read: mapped.rows_read,
        rows_kept: time_series.height(),
        steps: steps.height(),
        cycles: cycles.height(),
        notes,
        issues,
        cell: mapped.cell,
        header: mapped.facts.into_iter().collect(),
        timings: options.timings.then_some(Timings { read_seconds, transform_seconds, validate_seconds }),
        ..Default::default()
    };
    Ok(Measurement { time_series, steps, cycles, metadata, report })
}
