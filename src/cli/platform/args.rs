//! `prep upload`, `prep fetch`, `prep platform`, declared.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use crate::cli::choices;
use crate::cli::values::window;

/// Which platform, and how it is told of.
#[derive(Debug, Default, ClapArgs)]
#[command(next_help_heading = "Platform")]
pub struct PlatformArgs {
    /// Address of the platform [default: IONWORKS_API_URL, or the public one]; the key is IONWORKS_API_KEY, both may stand in .env
    #[arg(long, value_name = "URL")]
    pub api_url: Option<String>,
    /// Machine output: one JSON document on stdout
    #[arg(long)]
    pub json: bool,
    /// Say nothing about what went well
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  prep upload out/cell.034 --cell-spec 'NMC 622' --cell 'cell 7'\n  prep upload --plan-template out > plan.csv    a line a bundle; fill in specification and cell\n  prep upload --plan plan.csv --extend          again each night: nothing is sent twice"
)]
pub struct Upload {
    /// Bundles, or folders with bundles in them
    #[arg(value_name = "BUNDLE", required_unless_present_any = ["plan", "plan_template"])]
    pub bundles: Vec<PathBuf>,
    /// What goes where: a csv with the columns bundle, specification, lot, cell, name, notes, protocol, ambient temperature
    #[arg(long, value_name = "CSV", conflicts_with_all = ["bundles", "cell_spec", "cell_spec_id", "cell", "cell_id", "lot", "name", "notes"])]
    pub plan: Option<PathBuf>,
    /// Print a plan for the bundles of this folder, to be filled in
    #[arg(long, value_name = "OUT", conflicts_with_all = ["bundles", "plan"])]
    pub plan_template: Option<PathBuf>,
    /// Name of the cell's specification; there has to be one, or `--form-factor` makes it
    #[arg(long, value_name = "NAME")]
    pub cell_spec: Option<String>,
    /// Id of the cell's specification
    #[arg(long, value_name = "ID", conflicts_with = "cell_spec")]
    pub cell_spec_id: Option<String>,
    /// Make the specification when there is none of that name, with this form factor and `--rated-capacity`
    #[arg(long, value_name = "NAME")]
    pub form_factor: Option<String>,
    /// Name of the cell; it is made when there is none
    #[arg(long, value_name = "NAME")]
    pub cell: Option<String>,
    /// Id of the cell
    #[arg(long, value_name = "ID", conflicts_with_all = ["cell", "cell_spec", "cell_spec_id", "lot"])]
    pub cell_id: Option<String>,
    /// Lot of a cell that is made; it is made too when there is none
    #[arg(long, value_name = "NAME")]
    pub lot: Option<String>,
    /// Name of the measurement, instead of the bundle's
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Notes, instead of the bundle's
    #[arg(long, value_name = "TEXT")]
    pub notes: Option<String>,
    /// Add the rows that a test has grown by, when the platform has its beginning
    #[arg(long)]
    pub extend: bool,
    /// Replace an upload of that name that somebody else began and did not finish
    #[arg(long)]
    pub take_over: bool,
    /// Let the platform find the steps
    #[arg(long)]
    pub no_steps: bool,
    /// Do not wait until the platform has processed the measurements
    #[arg(long)]
    pub no_wait: bool,
    /// Check the bundles and say what would be sent; send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Leave a strict check out (repeatable)
    #[arg(long, value_name = "CHECK", value_parser = choices::CHECK, hide_possible_values = true)]
    pub skip: Vec<String>,
    /// Rated capacity in A.h, for the checks and for a specification that is made
    #[arg(long, value_name = "AH")]
    pub rated_capacity: Option<f64>,
    /// Lowest and highest cell voltage in V, for the checks
    #[arg(long, value_name = "MIN,MAX", value_parser = window)]
    pub voltage_window: Option<(f64, f64)>,
    /// Bundles that are sent at the same time
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub jobs: usize,
    /// Show no progress bar (there is none when stderr is no terminal)
    #[arg(long)]
    pub no_progress: bool,
    #[command(flatten)]
    pub platform: PlatformArgs,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  prep fetch 0f3c… -o back        back/<name>/ with time_series.parquet, steps, cycles, measurement.json"
)]
pub struct Fetch {
    /// Ids of measurements
    #[arg(required = true, value_name = "MEASUREMENT_ID")]
    pub ids: Vec<String>,
    /// Folder for the bundles
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
    /// Replace bundles that are there, also those that were made of a cycler's file
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub platform: PlatformArgs,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  prep platform list specifications --name graphite\n  prep platform list measurements CELL_ID --type time_series --json\n  prep platform delete measurement ID --yes"
)]
pub struct Platform {
    #[command(subcommand)]
    pub action: Action,
}

#[derive(Debug, Subcommand)]
pub enum Action {
    /// List specifications, the lots or cells of one, or the measurements of a cell
    List(Box<List>),
    /// Show one record as JSON
    Get(One),
    /// Delete one record with all that belongs to it
    Delete(Delete),
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Kind {
    #[value(alias = "specification")]
    Specifications,
    #[value(alias = "lot")]
    Lots,
    #[value(alias = "cell")]
    Cells,
    #[value(alias = "measurement")]
    Measurements,
}

#[derive(Debug, ClapArgs)]
pub struct List {
    /// What to list
    pub kind: Kind,
    /// Id of the specification, or of the cell for measurements
    #[arg(value_name = "ID")]
    pub of: Option<String>,
    /// Names with this part
    #[arg(long, value_name = "PART")]
    pub name: Option<String>,
    /// Exactly this name
    #[arg(long, value_name = "NAME")]
    pub name_exact: Option<String>,
    /// Form factor of specifications
    #[arg(long, value_name = "NAME")]
    pub form_factor: Option<String>,
    /// Cells of this lot
    #[arg(long, value_name = "ID")]
    pub lot_id: Option<String>,
    /// Measurements of this type: time_series, properties, file
    #[arg(long = "type", value_name = "TYPE")]
    pub measurement_type: Option<String>,
    /// Measurements with this tag (repeatable: with all of them)
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// Part of the address of who made it
    #[arg(long, value_name = "PART")]
    pub created_by: Option<String>,
    /// Made after this time, ISO 8601 with a zone
    #[arg(long, value_name = "TIME")]
    pub created_after: Option<String>,
    /// Made before this time
    #[arg(long, value_name = "TIME")]
    pub created_before: Option<String>,
    /// Changed after this time
    #[arg(long, value_name = "TIME")]
    pub updated_after: Option<String>,
    /// Changed before this time
    #[arg(long, value_name = "TIME")]
    pub updated_before: Option<String>,
    /// Measurements that started after this time
    #[arg(long, value_name = "TIME")]
    pub started_after: Option<String>,
    /// Measurements that started before this time
    #[arg(long, value_name = "TIME")]
    pub started_before: Option<String>,
    /// Sort by name, created_at, updated_at or start_time
    #[arg(long, value_name = "COLUMN", value_parser = ["name", "created_at", "updated_at", "start_time"])]
    pub order_by: Option<String>,
    /// The last first
    #[arg(long, requires = "order_by")]
    pub descending: bool,
    /// So many of them [default: all]
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Leave out so many
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: usize,
    #[command(flatten)]
    pub platform: PlatformArgs,
}

#[derive(Debug, ClapArgs)]
pub struct One {
    /// What it is
    pub kind: Kind,
    /// Its id
    pub id: String,
    #[command(flatten)]
    pub platform: PlatformArgs,
}

#[derive(Debug, ClapArgs)]
pub struct Delete {
    #[command(flatten)]
    pub one: One,
    /// It is meant: nothing is asked
    #[arg(long)]
    pub yes: bool,
}
