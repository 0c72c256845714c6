//! Findings of the validator: a stable code, a severity, a sentence and named values (docs/validator.md#order-and-modes).

use std::fmt;

use serde::Serialize;

/// Whether a finding makes the measurement invalid.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::{Severity, validate_measurement_data};
///
/// let frame = df!("Time [s]" => [5.0, 6.0], "Step count" => [0i64, 3])?;
/// let report = validate_measurement_data(&frame, &Default::default())?;
/// assert!(report.issues.iter().all(|issue| issue.severity == Severity::Error));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The measurement is not accepted.
    Error,
    /// Worth a look; the measurement is accepted.
    Warning,
}

macro_rules! issue_codes {
    ($($variant:ident $code:literal;)*) => {
        /// What a finding is about. Codes are those of the platform; each is documented in `docs/rules.md`.
        ///
        /// ```
        /// use cyclerprep::IssueCode;
        ///
        /// assert_eq!(IssueCode::TimeNotMonotonic.to_string(), "time_not_monotonic");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[allow(missing_docs)] // `prep explain CODE` and docs/rules.md
        pub enum IssueCode { $($variant,)* }

        impl IssueCode {
            /// All codes in the order of docs/validator.md#order-and-modes.
            ///
            /// ```
            /// assert!(cyclerprep::IssueCode::ALL.iter().any(|code| code.as_str() == "time_not_monotonic"));
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it stands in reports.
            ///
            /// ```
            /// assert_eq!(cyclerprep::IssueCode::CurrentSignReversed.as_str(), "current_sign_reversed");
            /// ```
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

issue_codes! {
    CurrentSignReversed "current_sign_reversed";
    CurrentSignUnsigned "current_sign_unsigned";
    CurrentSignIndeterminate "current_sign_indeterminate";
    TimeMissingOnNonEisRow "time_missing_on_non_eis_row";
    TimeDoesNotStartAtZero "time_does_not_start_at_zero";
    TimeNotMonotonic "time_not_monotonic";
    StepCountMissing "step_count_missing";
    StepCountDoesNotStartAtZero "step_count_does_not_start_at_zero";
    StepCountNonSequential "step_count_non_sequential";
    CumulativeValueNotReset "cumulative_value_not_reset";
    CumulativeValueDecreased "cumulative_value_decreased";
    StepTooFewPoints "step_too_few_points";
    CycleChangesWithinStep "cycle_changes_within_step";
    TimeGapTooLarge "time_gap_too_large";
    VoltageContinuity "voltage_continuity";
    ConsecutiveSameDirectionFullSteps "consecutive_same_direction_full_steps";
    StepCapacityExceedsRated "step_capacity_exceeds_rated";
    DischargeCapacityIntegralMismatch "discharge_capacity_integral_mismatch";
    ChargeCapacityIntegralMismatch "charge_capacity_integral_mismatch";
    DischargeEnergyIntegralMismatch "discharge_energy_integral_mismatch";
    ChargeEnergyIntegralMismatch "charge_energy_integral_mismatch";
    ChargeDischargeCapacityColumnsSwapped "charge_discharge_capacity_columns_swapped";
    ChargeDischargeEnergyColumnsSwapped "charge_discharge_energy_columns_swapped";
    OcpVoltageColumnMissing "ocp_voltage_column_missing";
    OcpXAxisColumnMissing "ocp_x_axis_column_missing";
    EisColumnsMissing "eis_columns_missing";
    EisZimSignReversed "eis_zim_sign_reversed";
    EisImpedanceMagnitudeImplausible "eis_impedance_magnitude_implausible";
    TimeSeriesRowCountExceeded "time_series_row_count_exceeded";
    StartTimeInFuture "start_time_in_future";
    EndTimeInFuture "end_time_in_future";
    EndTimeBeforeStartTime "end_time_before_start_time";
    DurationMismatch "duration_mismatch";
}

impl fmt::Display for IssueCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for IssueCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A count that is a whole number unless the frame holds something else; serialises as an integer when it is one.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::issue::Number;
///
/// assert_eq!(serde_json::to_string(&[Number(3.0), Number(3.5)])?, "[3,3.5]");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(pub f64);

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 && self.0.abs() < 9e15 {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

/// A jump of `Step count` that is neither 0 nor 1; `row_index` is the row before the jump.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::{Payload, validate_measurement_data};
///
/// let frame = df!("Time [s]" => [5.0, 6.0], "Step count" => [0i64, 3])?;
/// let report = validate_measurement_data(&frame, &Default::default())?;
/// let jump = report.issues.iter().find_map(|issue| match &issue.payload {
///     Payload::StepSequence { examples, .. } => examples.first(),
///     _ => None,
/// });
/// assert_eq!(jump.map(|jump| (jump.row_index, jump.diff.0)), Some((0, 3.0)));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct StepJump {
    pub row_index: u64,
    pub from: Number,
    pub to: Number,
    pub diff: Number,
}

/// The named values of a finding; serialises to a flat object with the keys of docs/validator.md#order-and-modes.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::{Payload, validate_measurement_data};
///
/// let frame = df!("Time [s]" => [5.0, 6.0], "Step count" => [0i64, 3])?;
/// let report = validate_measurement_data(&frame, &Default::default())?;
/// assert_eq!(report.issues[0].payload, Payload::TimeStart { observed: 5.0, tolerance: 1e-6 });
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
#[allow(missing_docs)] // the keys are the platform's; docs/rules.md says what each check compares
pub enum Payload {
    Sign {
        charge_fraction: f64,
    },
    TimeMissing {
        row_index: u64,
        num_rows: u64,
    },
    TimeStart {
        observed: f64,
        tolerance: f64,
    },
    TimeOrder {
        row_index: u64,
        previous_time: f64,
        current_time: f64,
        num_violations: u64,
    },
    StepMissing {
        column: &'static str,
        available_columns: Vec<String>,
    },
    StepStart {
        column: &'static str,
        observed_first: Number,
    },
    StepSequence {
        column: &'static str,
        num_violations: u64,
        examples: Vec<StepJump>,
    },
    NotReset {
        column: &'static str,
        step_index: u64,
        observed: f64,
        tolerance: f64,
    },
    Decreased {
        column: &'static str,
        step_index: u64,
        row_index: u64,
        previous_value: f64,
        current_value: f64,
    },
    FewPoints {
        step_index: u64,
        num_points: u64,
        min_points: u64,
    },
    CycleInStep {
        step_index: u64,
        cycle_column: &'static str,
        cycles: Vec<Number>,
    },
    Gap {
        row_index: u64,
        gap_seconds: f64,
        max_gap_seconds: f64,
        num_violations: u64,
    },
    Continuity {
        bad_count: u64,
        total_pairs: u64,
        bad_fraction: f64,
        threshold_volts: f64,
        voltage_window: [f64; 2],
    },
    SameDirection {
        direction: &'static str,
        previous_step: Number,
        current_step: Number,
        threshold_capacity: f64,
        rated_capacity: f64,
    },
    ExceedsRated {
        total_count: u64,
        first_step: Number,
        first_column: &'static str,
        first_value: f64,
        threshold_capacity: f64,
        rated_capacity: f64,
    },
    Integral {
        column: &'static str,
        source_column: &'static str,
        unit: &'static str,
        worst_row_index: u64,
        reported_at_worst: f64,
        integrated_at_worst: f64,
        max_scale: f64,
        relative_error: f64,
        tolerance: f64,
    },
    Swapped {
        discharge_column: &'static str,
        charge_column: &'static str,
        swapped_fraction: f64,
        n_steps_considered: u64,
        n_steps_swapped: u64,
        example_steps: Vec<Number>,
        threshold: f64,
    },
    OcpVoltage {
        available_columns: Vec<String>,
    },
    OcpAxis {
        candidates: Vec<&'static str>,
        available_columns: Vec<String>,
    },
    EisColumns {
        required: Vec<&'static str>,
        missing: Vec<&'static str>,
        available_columns: Vec<String>,
    },
    EisSign {
        positive_fraction: f64,
        r0: f64,
        n_capacitive_points: u64,
    },
    EisMagnitude {
        r0: f64,
        r_expected: f64,
        band_low: f64,
        band_high: f64,
        factor: f64,
        r_times_q: f64,
        rated_capacity: f64,
    },
    RowCount {
        n_rows: u64,
        max_rows: u64,
    },
    StartTime {
        start_time: String,
    },
    EndTime {
        end_time: String,
    },
    Times {
        start_time: String,
        end_time: String,
    },
    Duration {
        wall_clock_seconds: f64,
        data_span_seconds: f64,
        tolerance_seconds: f64,
    },
}

/// One finding.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::{IssueCode, Severity, validate_measurement_data};
///
/// let frame = df!("Time [s]" => [5.0, 6.0], "Step count" => [0i64, 3])?;
/// let report = validate_measurement_data(&frame, &Default::default())?;
/// assert_eq!(report.issues[0].code, IssueCode::TimeDoesNotStartAtZero);
/// assert_eq!(report.issues[0].severity, Severity::Error);
/// assert!(report.issues[0].message.contains("5"), "it says where the time starts");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ValidationIssue {
    /// What it is about.
    pub code: IssueCode,
    /// Whether it makes the measurement invalid.
    pub severity: Severity,
    /// What was found, where and by how much, and what mends it.
    pub message: String,
    /// The numbers.
    pub payload: Payload,
}

impl ValidationIssue {
    /// A finding of severity error.
    pub(crate) fn error(code: IssueCode, payload: Payload, message: String) -> Self {
        Self { code, severity: Severity::Error, message, payload }
    }

    /// A finding of severity warning.
    pub(crate) fn warning(code: IssueCode, payload: Payload, message: String) -> Self {
        Self { code, severity: Severity::Warning, message, payload }
    }
}

impl fmt::Display for ValidationIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

/// The findings of severity error of a measurement that is not accepted.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::{validate_measurement_data};
///
/// let frame = df!("Time [s]" => [5.0, 6.0], "Step count" => [0i64, 3])?;
/// let report = validate_measurement_data(&frame, &Default::default())?;
/// let error = report.into_result().unwrap_err();
/// assert_eq!(error.errors.len(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub struct MeasurementValidationError {
    /// At least one.
    pub errors: Vec<ValidationIssue>,
}

impl MeasurementValidationError {
    /// Whether one of them has this code.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use polars::df;
    /// use cyclerprep::{IssueCode, validate_measurement_data};
    ///
    /// let frame = df!("Time [s]" => [5.0, 6.0], "Step count" => [0i64, 3])?;
    /// let report = validate_measurement_data(&frame, &Default::default())?;
    /// let error = report.into_result().unwrap_err();
    /// assert!(error.has_code(IssueCode::StepCountNonSequential));
    /// # Ok(())
    /// # }
    /// ```
    pub fn has_code(&self, code: IssueCode) -> bool {
        self.errors.iter().any(|issue| issue.code == code)
    }
}

impl fmt::Display for MeasurementValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the measurement is not valid: {} finding(s)", self.errors.len())?;
        self.errors.iter().try_for_each(|issue| write!(f, "\n  {issue}"))
    }
}
