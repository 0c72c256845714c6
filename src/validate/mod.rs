//! The validator (docs/validator.md#order-and-modes): one table of checks, each declared once with its codes and
//! documentation.

mod checks;
mod context;
mod known;
mod rule;
mod rules;

use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::error::Result;
use crate::issue::{MeasurementValidationError, Severity, ValidationIssue};
pub(crate) use context::Context;
pub use rule::Rule;
pub use rules::{RULES, rules_markdown};

/// What kind of table is validated.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::validate::DataType;
/// use cyclerprep::{IssueCode, ValidateOptions, validate_measurement_data};
///
/// // A test's time starts at 0; spectra need no time, but a frequency.
/// let frame = df!("Time [s]" => [5.0, 6.0])?;
/// let mut options = ValidateOptions::default();
/// let first = |options: &ValidateOptions| validate_measurement_data(&frame, options).map(|report| report.issues[0].code);
/// assert_eq!(first(&options)?, IssueCode::TimeDoesNotStartAtZero);
/// options.data_type = DataType::Eis;
/// assert_eq!(first(&options)?, IssueCode::EisColumnsMissing);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DataType {
    /// A cycling test.
    #[default]
    TimeSeries,
    /// Open-circuit voltage against capacity, stoichiometry or SOC.
    Ocp,
    /// Impedance spectra.
    Eis,
}

impl DataType {
    /// The name that reports and the command line use.
    ///
    /// ```
    /// assert_eq!(cyclerprep::validate::DataType::Eis.name(), "eis");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::TimeSeries => "time_series",
            Self::Ocp => "ocp",
            Self::Eis => "eis",
        }
    }
}

/// Options of [`validate_measurement_data`].
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::{IssueCode, ValidateOptions, validate_measurement_data};
///
/// // Nothing for two days, in the middle of a step.
/// let frame = df!(
///     "Time [s]" => [0.0, 10.0, 172_800.0, 172_810.0],
///     "Current [A]" => [1.0, 1.0, 1.0, 1.0],
///     "Voltage [V]" => [3.9, 3.8, 3.7, 3.6],
///     "Step count" => [0i64, 0, 0, 0]
/// )?;
/// let mut options = ValidateOptions::default();
/// options.strict = true;
/// let has_gap = |options: &ValidateOptions| -> cyclerprep::Result<bool> {
///     let report = validate_measurement_data(&frame, options)?;
///     Ok(report.issues.iter().any(|issue| issue.code == IssueCode::TimeGapTooLarge))
/// };
/// assert!(has_gap(&options)?);
/// options.skip.push("time_gaps".to_owned());
/// assert!(!has_gap(&options)?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ValidateOptions {
    /// Also run the strict checks. Default: no.
    pub strict: bool,
    /// Names of strict checks to leave out.
    pub skip: Vec<String>,
    /// What kind of table it is. Default: a cycling test.
    pub data_type: DataType,
    /// The steps table, for the checks that need it.
    pub steps: Option<DataFrame>,
    /// Rated capacity in A.h.
    pub rated_capacity: Option<f64>,
    /// Lowest and highest cell voltage in V.
    pub voltage_window: Option<(f64, f64)>,
    /// Wall clock of the start, ISO 8601 with offset.
    pub start_time: Option<String>,
    /// Wall clock of the end, ISO 8601 with offset.
    pub end_time: Option<String>,
    /// The table is sent inside a request, which limits its rows.
    pub inline: bool,
}

/// The names that [`ValidateOptions::skip`] takes, sorted.
///
/// ```
/// assert!(cyclerprep::STRICT_CHECK_NAMES.contains(&"time_gaps"));
/// ```
pub static STRICT_CHECK_NAMES: &[&str] = &[
    "capacity_energy_from_current_power",
    "charge_discharge_column_direction",
    "consecutive_same_direction_full_steps",
    "cycle_constant_within_step",
    "eis_impedance_magnitude",
    "eis_zim_sign",
    "minimum_points_per_step",
    "step_capacity_within_rated",
    "time_gaps",
    "voltage_continuity",
];

/// Everything that the validator found, in the order of docs/validator.md#order-and-modes.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::{validate_measurement_data};
///
/// let frame = df!("Time [s]" => [5.0, 6.0], "Step count" => [0i64, 3])?;
/// let report = validate_measurement_data(&frame, &Default::default())?;
/// assert_eq!(report.issues.len(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ValidationReport {
    /// Errors and warnings.
    pub issues: Vec<ValidationIssue>,
}

impl ValidationReport {
    /// The findings that make the measurement invalid.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use polars::df;
    /// use cyclerprep::{validate_measurement_data};
    ///
    /// let frame = df!("Time [s]" => [5.0, 6.0], "Step count" => [0i64, 3])?;
    /// let report = validate_measurement_data(&frame, &Default::default())?;
    /// assert_eq!(report.errors().count(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn errors(&self) -> impl Iterator<Item = &ValidationIssue> {
        self.issues.iter().filter(|issue| issue.severity == Severity::Error)
    }

    /// Whether there is none of severity error.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use polars::df;
    /// use cyclerprep::{validate_measurement_data};
    ///
    /// let frame = df!("Time [s]" => [5.0, 6.0], "Step count" => [0i64, 3])?;
    /// let report = validate_measurement_data(&frame, &Default::default())?;
    /// assert!(!report.is_valid());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_valid(&self) -> bool {
        self.errors().next().is_none()
    }

    /// `Err` with all errors when there is any; warnings pass.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use polars::df;
    /// use cyclerprep::{IssueCode, validate_measurement_data};
    ///
    /// let frame = df!("Time [s]" => [5.0, 6.0], "Current [A]" => [0.0, 0.0], "Voltage [V]" => [3.7, 3.7], "Step count" => [0i64, 0])?;
    /// let error = validate_measurement_data(&frame, &Default::default())?.into_result().unwrap_err();
    /// assert!(error.has_code(IssueCode::TimeDoesNotStartAtZero));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The findings of severity error.
    pub fn into_result(self) -> std::result::Result<(), MeasurementValidationError> {
        let errors: Vec<_> = self.errors().cloned().collect();
        if errors.is_empty() { Ok(()) } else { Err(MeasurementValidationError { errors }) }
    }
}

/// Which tables a check is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Cycling,
    CyclingAndOcp,
    Ocp,
    Eis,
    Inline,
    Any,
}

/// One row of the table of checks.
struct Check {
    mode: Mode,
    /// Name under which it can be skipped; only strict checks have one.
    strict: Option<&'static str>,
    run: fn(&Context<'_>, &mut Vec<ValidationIssue>) -> Result<()>,
}

const fn always(mode: Mode, run: fn(&Context<'_>, &mut Vec<ValidationIssue>) -> Result<()>) -> Check {
    Check { mode, strict: None, run }
}

const fn strict(
    mode: Mode,
    name: &'static str,
    run: fn(&Context<'_>, &mut Vec<ValidationIssue>) -> Result<()>,
) -> Check {
    Check { mode, strict: Some(name), run }
}

/// All checks in the order in which their findings come out.
#[rustfmt::skip]
static CHECKS: &[Check] = &[
    always(Mode::Cycling,       checks::current_sign::run),
    always(Mode::Cycling,       checks::time_missing::run),
    always(Mode::Cycling,       checks::time_start::run),
    always(Mode::Cycling,       checks::time_order::run),
    always(Mode::Ocp,           checks::ocp_columns::run),
    always(Mode::CyclingAndOcp, checks::step_count::run),
    always(Mode::Cycling,       checks::cumulative::run),
    strict(Mode::Cycling,       "minimum_points_per_step",               checks::few_points::run),
    strict(Mode::Cycling,       "cycle_constant_within_step",            checks::cycle_in_step::run),
    strict(Mode::Cycling,       "capacity_energy_from_current_power",    checks::integral_mismatch::run),
    strict(Mode::Cycling,       "time_gaps",                             checks::time_gap::run),
    strict(Mode::Cycling,       "voltage_continuity",                    checks::voltage_continuity::run),
    strict(Mode::Cycling,       "charge_discharge_column_direction",     checks::columns_swapped::run),
    strict(Mode::Cycling,       "consecutive_same_direction_full_steps", checks::same_direction::run),
    strict(Mode::Cycling,       "step_capacity_within_rated",            checks::exceeds_rated::run),
    always(Mode::Eis,           checks::eis_columns::run),
    strict(Mode::Eis,           "eis_zim_sign",                          checks::eis_sign::run),
    strict(Mode::Eis,           "eis_impedance_magnitude",               checks::eis_magnitude::run),
    always(Mode::Inline,        checks::row_count::run),
    always(Mode::Any,           checks::timing::run),
];

/// Validates a measurement. Findings are in the report; only a frame or options that make no sense are an `Err`.
///
/// # Errors
/// [`ErrorKind::Options`](crate::ErrorKind::Options) for an unknown name in `skip` (the text lists the valid ones) or an unreadable time;
/// [`ErrorKind::Frame`](crate::ErrorKind::Frame) when a column that a check needs is not numeric.
///
/// ```
/// use cyclerprep::{IssueCode, ValidateOptions, validate_measurement_data};
/// use polars::prelude::df;
/// let frame = df!("Time [s]" => [5.0, 6.0], "Step count" => [0i64, 0]).unwrap();
/// let report = validate_measurement_data(&frame, &ValidateOptions::default()).unwrap();
/// assert_eq!(report.issues[0].code, IssueCode::TimeDoesNotStartAtZero);
/// ```
pub fn validate_measurement_data(frame: &DataFrame, options: &ValidateOptions) -> Result<ValidationReport> {
    options.check()?;
    let context = Context::new(frame, options)?;
    let wanted = |check: &&Check| {
        let fits = match check.mode {
            Mode::Any => true,
            Mode::Inline => options.inline,
            Mode::Cycling => options.data_type == DataType::TimeSeries,
            Mode::CyclingAndOcp => options.data_type != DataType::Eis,
            Mode::Ocp => options.data_type == DataType::Ocp,
            Mode::Eis => options.data_type == DataType::Eis,
        };
        fits && check.strict.is_none_or(|name| options.strict && !options.skip.iter().any(|skip| skip == name))
    };
    let run = |check: &Check| {
        let mut issues = Vec::new();
        (check.run)(&context, &mut issues).map(|()| issues)
    };
    // Checks do not know of each other; their findings are collected in the table's order.
    let found: Vec<_> = CHECKS.par_iter().filter(wanted).map(run).collect();
    let issues = found.into_iter().collect::<Result<Vec<_>>>()?.concat();
    Ok(ValidationReport { issues })
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::df;

    #[test]
    fn strict_names_are_sorted_and_are_those_of_the_table() {
        assert!(STRICT_CHECK_NAMES.is_sorted());
        let mut of_table: Vec<_> = CHECKS.iter().filter_map(|c| c.strict).collect();
        of_table.sort_unstable();
        assert_eq!(of_table, STRICT_CHECK_NAMES);
    }

    #[test]
    fn an_unknown_skip_lists_the_valid_names() {
        let frame = df!("Time [s]" => [0.0]).unwrap();
        let options = ValidateOptions { skip: vec!["time_gap".into()], ..Default::default() };
        insta::assert_snapshot!(validate_measurement_data(&frame, &options).unwrap_err(), @r#"expected the name of a strict check, found "time_gap" (did you mean "time_gaps"?); there are capacity_energy_from_current_power, charge_discharge_column_direction, consecutive_same_direction_full_steps, cycle_constant_within_step, eis_impedance_magnitude, eis_zim_sign, minimum_points_per_step, step_capacity_within_rated, time_gaps, voltage_continuity"#);
    }
}
