//! Findings of the validator: a stable code, a severity, a sentence and named values (docs/validator.md#order-and-modes).

use std::borrow::Cow;
use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

impl<'de> Deserialize<'de> for IssueCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let found = Self::ALL.iter().copied().find(|code| code.as_str() == name);
        found.ok_or_else(|| D::Error::custom(format!("expected the code of a finding, found {name:?}")))
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
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)] // each finding has keys of its own, so these say which it is
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
        column: Cow<'static, str>,
        available_columns: Vec<String>,
    },
    StepStart {
        column: Cow<'static, str>,
        observed_first: Number,
    },
    StepSequence {
        column: Cow<'static, str>,
        num_violations: u64,
        examples: Vec<StepJump>,
    },
    NotReset {
        column: Cow<'static, str>,
        step_index: u64,
        observed: f64,
        tolerance: f64,
    },
    Decreased {
        column: Cow<'static, str>,
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
        cycle_column: Cow<'static, str>,
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
        direction: Cow<'static, str>,
        previous_step: Number,
        current_step: Number,
        threshold_capacity: f64,
        rated_capacity: f64,
    },
    ExceedsRated {
        total_count: u64,
        first_step: Number,
        first_column: Cow<'static, str>,
        first_value: f64,
        threshold_capacity: f64,
        rated_capacity: f64,
    },
    Integral {
        column: Cow<'static, str>,
        source_column: Cow<'static, str>,
        unit: Cow<'static, str>,
        worst_row_index: u64,
        reported_at_worst: f64,
        integrated_at_worst: f64,
        max_scale: f64,
        relative_error: f64,
        tolerance: f64,
    },
    Swapped {
        discharge_column: Cow<'static, str>,
        charge_column: Cow<'static, str>,
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
        candidates: Vec<Cow<'static, str>>,
        available_columns: Vec<String>,
    },
    EisColumns {
        required: Vec<Cow<'static, str>>,
        missing: Vec<Cow<'static, str>>,
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of each kind of finding, as the platform names them.
    const PAYLOADS: [&str; 23] = [
        r#"{"charge_fraction":0.9}"#,
        r#"{"row_index":3,"num_rows":2}"#,
        r#"{"observed":5.5,"tolerance":0.000001}"#,
        r#"{"row_index":3,"previous_time":2.5,"current_time":1.5,"num_violations":1}"#,
        r#"{"column":"Step count","available_columns":["Time [s]"]}"#,
        r#"{"column":"Step count","observed_first":2}"#,
        r#"{"column":"Step count","num_violations":1,"examples":[{"row_index":0,"from":0,"to":1.5,"diff":1.5}]}"#,
        r#"{"column":"Charge capacity [A.h]","step_index":1,"observed":0.5,"tolerance":0.000001}"#,
        r#"{"column":"Charge capacity [A.h]","step_index":1,"row_index":7,"previous_value":0.5,"current_value":0.25}"#,
        r#"{"step_index":1,"num_points":1,"min_points":2}"#,
        r#"{"step_index":1,"cycle_column":"Cycle count","cycles":[0,1]}"#,
        r#"{"row_index":1,"gap_seconds":20000.5,"max_gap_seconds":18000.0,"num_violations":1}"#,
        r#"{"bad_count":1,"total_pairs":9,"bad_fraction":0.1,"threshold_volts":0.5,"voltage_window":[2.5,4.25]}"#,
        r#"{"direction":"charge","previous_step":1,"current_step":3,"threshold_capacity":2.5,"rated_capacity":1.25}"#,
        r#"{"total_count":1,"first_step":4,"first_column":"Charge capacity [A.h]","first_value":9.5,"threshold_capacity":5.5,"rated_capacity":1.5}"#,
        r#"{"column":"Charge energy [W.h]","source_column":"Power [W]","unit":"W.h","worst_row_index":4,"reported_at_worst":2.5,"integrated_at_worst":1.5,"max_scale":2.5,"relative_error":0.4,"tolerance":0.1}"#,
        r#"{"discharge_column":"D","charge_column":"C","swapped_fraction":0.9,"n_steps_considered":9,"n_steps_swapped":8,"example_steps":[1,2],"threshold":0.75}"#,
        r#"{"available_columns":["SOC"]}"#,
        r#"{"candidates":["SOC"],"available_columns":[]}"#,
        r#"{"required":["Frequency [Hz]"],"missing":["Frequency [Hz]"],"available_columns":[]}"#,
        r#"{"positive_fraction":0.9,"r0":0.5,"n_capacitive_points":5}"#,
        r#"{"r0":0.5,"r_expected":0.25,"band_low":0.0025,"band_high":25.5,"factor":100.5,"r_times_q":0.5,"rated_capacity":1.5}"#,
        r#"{"n_rows":1001,"max_rows":1000}"#,
    ];

    const TIMES: [&str; 4] = [
        r#"{"start_time":"2030-01-01T00:00:00Z"}"#,
        r#"{"end_time":"2030-01-01T00:00:00Z"}"#,
        r#"{"start_time":"2030-01-01T00:00:00Z","end_time":"2029-01-01T00:00:00Z"}"#,
        r#"{"wall_clock_seconds":9.5,"data_span_seconds":1.5,"tolerance_seconds":60.5}"#,
    ];

    #[test]
    fn the_keys_of_a_finding_say_which_it_is() {
        let mut kinds = Vec::new();
        for text in PAYLOADS.iter().chain(&TIMES) {
            let payload: Payload = serde_json::from_str(text).unwrap();
            let written = serde_json::to_value(&payload).unwrap();
            assert_eq!(written, serde_json::from_str::<serde_json::Value>(text).unwrap());
            let kind = std::mem::discriminant(&payload);
            assert!(!kinds.contains(&kind), "{text}");
            kinds.push(kind);
        }
    }

    #[test]
    fn codes_and_severities_are_read_by_their_names() {
        for code in IssueCode::ALL {
            assert_eq!(serde_json::from_value::<IssueCode>(code.as_str().into()).unwrap(), *code);
        }
        assert_eq!(serde_json::from_str::<Severity>("\"warning\"").unwrap(), Severity::Warning);
        assert!(serde_json::from_str::<IssueCode>("\"nonsense\"").is_err());
    }
}
