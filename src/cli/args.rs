//! The command line, declared.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use super::choices;
#[cfg(feature = "platform")]
use super::platform::args as platform;
use super::values::window;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::{CycleMode, ReadOptions, SheetChoice};
use crate::limits::Limits;
use crate::map::MapOptions;
use crate::prepare::PrepareOptions;
use crate::text::encoding::Encoding;
use crate::transform::{CapacitySource, ShortSteps, StepIdentity};
use crate::validate::{DataType, ValidateOptions};
use crate::{load, plot, witness};

/// Turns battery cycler files into validated measurement bundles.
#[derive(Debug, Parser)]
#[command(name = "prep", version, about, max_term_width = 100)]
#[command(
    after_help = "Examples:\n  prep convert data/ -o out --strict --plot     a folder of cycler files, checked, with pictures\n  prep inspect cell.034                         what a file is and what its columns become\n  prep explain current_sign_reversed            what a finding means and what to do\n\nExit code: 0 all prepared or valid, 1 at least one invalid, 2 at least one unreadable or wrong usage, 130 interrupted."
)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prepare cycler files: one bundle folder a file
    Convert(Convert),
    /// Check a time series or a cycler file and write nothing
    Validate(Validate),
    /// Say what a file is and what its columns become, and write nothing
    Inspect(Inspect),
    /// Draw an overview picture of a cycler file, a bundle or a time series
    Plot(Plot),
    /// Write a page to look into a measurement, which opens in a browser
    View(View),
    #[cfg(feature = "platform")]
    /// Send bundles to the platform; nothing is sent twice
    Upload(Box<platform::Upload>),
    #[cfg(feature = "platform")]
    /// Read measurements of the platform back as bundles
    Fetch(platform::Fetch),
    #[cfg(feature = "platform")]
    /// List, show and delete what is in the platform
    Platform(Box<platform::Platform>),
    /// Explain a code of an issue or a note
    Explain(Explain),
    /// Show which formats are read
    Formats(Formats),
    /// Print a completion script for a shell
    Completions {
        /// bash, zsh, fish, elvish or powershell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  prep convert cell.034 -o out\n  prep convert data/ -o out --strict --timezone Europe/Berlin\n  prep convert cell.mpt -o cell.parquet\n  prep convert cell_01_OCV_C01.mpr cell_02_GCPL_C01.mpr -o out --join\n  find . -name '*.mpt' | prep convert - -o out"
)]
pub struct Convert {
    /// Files, folders (searched through), patterns, or `-` for a list of paths on stdin
    #[arg(required = true, value_name = "IN")]
    pub inputs: Vec<PathBuf>,
    /// Folder for the bundles; a single input may be written to a FILE.parquet alone
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
    /// Make every bundle anew, also those that are fresh: of the same source and the same options
    #[arg(long, conflicts_with = "keep")]
    pub force: bool,
    /// Make no bundle anew that is there, however old
    #[arg(long)]
    pub keep: bool,
    /// Write the whole bundle of a measurement that is not valid, not only its report
    #[arg(long)]
    pub keep_invalid: bool,
    /// Make one measurement of files that are pieces of one test: all that are named, and in folders those that belong together
    #[arg(long)]
    pub join: bool,
    /// Add an overview picture to each bundle
    #[arg(long, value_parser = picture_format(), value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "svg")]
    pub plot: Option<plot::Format>,
    /// Add a page to look into the measurement, `overview.html`, to each bundle
    #[arg(long)]
    pub pages: bool,
    /// Add `<file name>.bdf.parquet` to each bundle: the time series in the Battery Data Format
    #[arg(long)]
    pub bdf: bool,
    /// Tell in each report how long each stage took; without it reports are the same from run to run
    #[arg(long)]
    pub timings: bool,
    #[command(flatten)]
    pub read: ReadArgs,
    #[command(flatten)]
    pub check: CheckArgs,
    #[command(flatten)]
    pub output_args: OutputArgs,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  prep validate time_series.parquet --strict --steps steps.parquet\n  prep validate cell.mpt --rated-capacity 2.5 --voltage-window 2.8,4.2"
)]
pub struct Validate {
    /// Parquet or csv with the schema's columns, bundles, or cycler files
    #[arg(required = true, value_name = "IN")]
    pub inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub read: ReadArgs,
    #[command(flatten)]
    pub check: CheckArgs,
    #[command(flatten)]
    pub output_args: OutputArgs,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  prep inspect cell.034\n  prep inspect data/                            a line a file, what belongs together, what is there twice\n  prep inspect book.xlsx --sheet Channel_1-008 --json\n  prep inspect --anonymous cell.txt > report.json"
)]
pub struct Inspect {
    /// Files or folders
    #[arg(required = true, value_name = "IN")]
    pub inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub read: ReadArgs,
    /// Machine output: one JSON document on stdout
    #[arg(long)]
    pub json: bool,
    /// One JSON object a file as soon as it is done, then the summary
    #[arg(long, conflicts_with = "json")]
    pub json_lines: bool,
    /// Every file in full, however many there are
    #[arg(short, long)]
    pub verbose: bool,
    /// Files that are worked on at the same time [default: cores]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// A report to send to the maintainers: the file's shape as JSON, without names, values, dates and comments
    #[arg(long)]
    pub anonymous: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Explain {
    /// Code such as `current_sign_reversed`; without it, the list
    #[arg(value_parser = choices::CODE, hide_possible_values = true)]
    pub code: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub struct Formats {
    /// Machine output
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  prep plot cell.mpr -o cell.svg\n  prep plot out/cell.034 -o cell.png")]
pub struct Plot {
    /// A cycler file, a bundle, or a time series (Parquet or csv with the schema's columns)
    #[arg(value_name = "IN")]
    pub input: PathBuf,
    /// The picture, .svg or .png; a file with several tests gives one picture each, `FILE-<part>.svg`
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    #[command(flatten)]
    pub read: ReadArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  prep view out/cell.034\n  prep view cell.mpr -o cell.html")]
pub struct View {
    /// A cycler file, a bundle, or a time series (Parquet or csv with the schema's columns)
    #[arg(value_name = "IN")]
    pub input: PathBuf,
    /// The page, .html; a file with several tests gives one page each, `FILE-<part>.html`. Without it the page is served to a
    /// browser of this machine, with every sample
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Print the address and open no browser
    #[arg(long, conflicts_with = "output")]
    pub no_open: bool,
    /// Listen on this port of 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0, conflicts_with = "output")]
    pub port: u16,
    #[command(flatten)]
    pub read: ReadArgs,
}

/// `svg` or `png`.
fn picture_format() -> impl TypedValueParser<Value = plot::Format> {
    PossibleValuesParser::new(["svg", "png"]).try_map(|name| plot::Format::of_name(&name).ok_or("expected svg or png"))
}

/// How people and programs are told.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Machine output: one JSON document on stdout
    #[arg(long)]
    pub json: bool,
    /// One JSON object a file as soon as it is done, then the summary
    #[arg(long, conflicts_with = "json")]
    pub json_lines: bool,
    /// Say nothing about files that went well
    #[arg(short, long)]
    pub quiet: bool,
    /// Show every note
    #[arg(short, long, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Files that are worked on at the same time [default: cores]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Show no progress bar (there is none when stderr is no terminal)
    #[arg(long)]
    pub no_progress: bool,
}

/// How files are read.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Reading")]
pub struct ReadArgs {
    /// Use this reader instead of detecting one (see `prep formats`)
    #[arg(long, value_name = "ID", value_parser = choices::READER, hide_possible_values = true)]
    reader: Option<String>,
    /// Zone of clock readings that state none, such as Europe/Berlin [default: UTC]
    #[arg(long, value_name = "ZONE", value_parser = choices::ZONE, hide_possible_values = true)]
    timezone: Option<String>,
    /// Leave out rows that the cycler wrote between measurements (suspended, paused, closing), as far as they print no current
    #[arg(long)]
    measured_rows_only: bool,
    /// Take a column of the file under another name (repeatable)
    #[arg(long, value_name = "HEADER=COLUMN", value_parser = pair)]
    map: Vec<(String, String)>,
    /// Unit of a column of the file, such as mA, instead of what its header states (repeatable)
    #[arg(long, value_name = "HEADER=UNIT", value_parser = pair)]
    unit: Vec<(String, String)>,
    /// Add a constant column (repeatable)
    #[arg(long, value_name = "COLUMN=VALUE", value_parser = pair)]
    constant: Vec<(String, String)>,
    /// Replace backward time steps by this many seconds instead of failing
    #[arg(long, value_name = "SECONDS")]
    time_offset_fix: Option<f64>,
    /// Where capacities and energies come from
    #[arg(long, value_enum, default_value_t = Capacity::Auto)]
    capacity: Capacity,
    /// What makes a step
    #[arg(long, value_enum, default_value_t = Identity::Full)]
    step_identity: Identity,
    /// What becomes of steps of one row
    #[arg(long, value_enum, default_value_t = ShortStepsArg::Keep)]
    short_steps: ShortStepsArg,
    /// Add `Timestamp`, the instant of each row in UTC (it is always there when the file's rows have a clock)
    #[arg(long)]
    wall_clock: bool,
    /// Keep the schema's required columns only
    #[arg(long)]
    required_columns_only: bool,
    /// Encoding of text files, such as gb18030
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Sheets of a workbook: a name, a pattern in slashes, or `all`
    #[arg(long, value_name = "NAME|/REGEX/|all")]
    sheet: Option<String>,
    /// How cycles are counted in .nda and .ndax files: btsda (as its viewer shows them), stored, charge-first,
    /// discharge-first, auto.
    #[arg(long, value_name = "MODE")]
    cycle_mode: Option<String>,
    /// Multiplier of the integers of a current range in .nda and .ndax files: raw number × multiplier = mA.
    #[arg(long, value_name = "CODE=MULTIPLIER", allow_hyphen_values = true)]
    current_range: Vec<String>,
    /// Impedance side file (.EDA0001.041) whose points go to the step of the test that measured them (repeatable)
    #[arg(long, value_name = "FILE")]
    with_fra: Vec<PathBuf>,
    /// Pass a gate, such as implausible_values (repeatable)
    #[arg(long, value_name = "CODE", value_parser = choices::GATE, hide_possible_values = true)]
    allow: Vec<String>,
    /// File with these options (TOML, the same names); the command line wins
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// `none` switches the limits on sizes off
    #[arg(long, value_enum)]
    limits: Option<LimitsArg>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Capacity {
    Auto,
    Reported,
    Integrated,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Identity {
    Full,
    StepColumn,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ShortStepsArg {
    /// They stay as the cycler wrote them
    Keep,
    /// They join the step before them
    Join,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LimitsArg {
    None,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum DataTypeArg {
    Ocp,
    Eis,
}

/// What is checked.
#[derive(Debug, Default, ClapArgs)]
#[command(next_help_heading = "Validation")]
pub struct CheckArgs {
    /// Also run the strict checks
    #[arg(long)]
    strict: bool,
    /// Leave a strict check out (repeatable)
    #[arg(long, value_name = "CHECK", value_parser = choices::CHECK, hide_possible_values = true)]
    skip: Vec<String>,
    /// Rated capacity in A.h
    #[arg(long, value_name = "AH")]
    rated_capacity: Option<f64>,
    /// Lowest and highest cell voltage in V
    #[arg(long, value_name = "MIN,MAX", value_parser = window)]
    voltage_window: Option<(f64, f64)>,
    /// The table is not a cycling test
    #[arg(long, value_enum)]
    data_type: Option<DataTypeArg>,
    /// Steps table (Parquet or csv) for the checks that need it
    #[arg(long, value_name = "FILE")]
    steps: Option<PathBuf>,
    /// Wall clock of the start, ISO 8601 with offset
    #[arg(long, value_name = "TIME")]
    start_time: Option<String>,
    /// Wall clock of the end, ISO 8601 with offset
    #[arg(long, value_name = "TIME")]
    end_time: Option<String>,
    /// Check the row limit of tables that are sent inside a request
    #[arg(long)]
    inline: bool,
}

fn pair(text: &str) -> std::result::Result<(String, String), String> {
    let (a, b) = text.rsplit_once('=').ok_or("expected NAME=VALUE")?;
    Ok((a.to_owned(), b.to_owned()))
}

fn current_range(text: &str) -> Result<(i32, f64)> {
    let parsed =
        text.split_once('=').and_then(|(code, times)| Some((code.trim().parse().ok()?, times.trim().parse().ok()?)));
    parsed.filter(|(_, times): &(i32, f64)| times.is_finite() && *times > 0.0).ok_or_else(|| {
        let message = format!("expected CODE=MULTIPLIER such as -1000000=1e-7, found {text:?}");
        Error::new(ErrorKind::Options, message)
    })
}

impl CheckArgs {
    pub fn options(&self, limits: &Limits) -> Result<ValidateOptions> {
        Ok(ValidateOptions {
            strict: self.strict,
            skip: self.skip.clone(),
            rated_capacity: self.rated_capacity,
            voltage_window: self.voltage_window,
            data_type: match self.data_type {
                None => DataType::TimeSeries,
                Some(DataTypeArg::Ocp) => DataType::Ocp,
                Some(DataTypeArg::Eis) => DataType::Eis,
            },
            steps: self.steps.as_ref().map(|path| load::load_frame_file(path, limits)).transpose()?,
            start_time: self.start_time.clone(),
            end_time: self.end_time.clone(),
            inline: self.inline,
        })
    }
}

impl ReadArgs {
    pub fn options(&self, check: &CheckArgs) -> Result<PrepareOptions> {
        let read = self.read_options()?;
        Ok(PrepareOptions {
            reader: self.reader.as_deref().map(str::parse).transpose()?,
            validate: check.options(&read.limits)?,
            read,
            map: MapOptions {
                map: self.map.clone(),
                units: self.unit.clone(),
                constants: self.constant.clone(),
                timezone: self.timezone.as_deref().map(str::parse).transpose()?,
                is_open_circuit: false,
                measured_rows_only: self.measured_rows_only,
            },
            capacity: match self.capacity {
                Capacity::Auto => CapacitySource::Automatic,
                Capacity::Reported => CapacitySource::Reported,
                Capacity::Integrated => CapacitySource::Integrated,
            },
            step_identity: match self.step_identity {
                Identity::Full => StepIdentity::Full,
                Identity::StepColumn => StepIdentity::StepColumn,
            },
            short_steps: match self.short_steps {
                ShortStepsArg::Keep => ShortSteps::Keep,
                ShortStepsArg::Join => ShortSteps::Join,
            },
            time_offset_fix: self.time_offset_fix,
            with_fra: self.with_fra.clone(),
            allow: self.allow.iter().map(|name| witness::gate(name)).collect::<Result<_>>()?,
            wall_clock: self.wall_clock,
            required_columns_only: self.required_columns_only,
            parts_with_first: false,
            timings: false,
        })
    }

    fn read_options(&self) -> Result<ReadOptions> {
        let encoding = |name: &str| {
            Encoding::from_label(name).ok_or_else(|| {
                let message = format!("expected utf-8, utf-16le, utf-16be, gb18030 or windows-1252, found {name:?}");
                Error::new(ErrorKind::Options, message)
            })
        };
        Ok(ReadOptions {
            limits: if self.limits.is_some() { Limits::none() } else { Limits::default() },
            encoding: self.encoding.as_deref().map(encoding).transpose()?,
            sheet: self.sheet.as_deref().map(SheetChoice::parse).transpose()?,
            cycle_mode: self.cycle_mode.as_deref().map(CycleMode::parse).transpose()?.unwrap_or_default(),
            current_ranges: self.current_range.iter().map(|text| current_range(text)).collect::<Result<_>>()?,
            ..ReadOptions::default()
        })
    }
}
