//! `Step count`: +1 at each new step of the test (docs/decisions.md#steps-and-cycles).

use polars::prelude::DataFrame;

use crate::error::Result;
use crate::schema::Column;
use crate::signal::frame::{self, count_marks, integer_series, put, reals};
use crate::signal::runs::signs;

/// What makes two rows belong to different steps.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::set_step_count;
/// use cyclerprep::transform::{StepCountOptions, StepIdentity};
///
/// // The last row repeats the step in the next cycle.
/// let frame = df!("Step from cycler" => [1i64, 2, 2], "Cycle from cycler" => [1i64, 1, 2])?;
/// let mut options = StepCountOptions::default();
/// assert_eq!(set_step_count(frame.clone(), &options)?.column("Step count")?.i64()?.get(2), Some(2));
/// options.identity = StepIdentity::StepColumn;
/// assert_eq!(set_step_count(frame, &options)?.column("Step count")?.i64()?.get(2), Some(1));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StepIdentity {
    /// Step, cycle, frame and what the maker's spec adds.
    #[default]
    Full,
    /// `Step from cycler` alone, as the reference does.
    StepColumn,
}

/// Options of [`set_step_count`].
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::set_step_count;
/// use cyclerprep::transform::StepCountOptions;
///
/// let frame = df!("Step from cycler" => [1i64, 1, 1], "Loop 1 from cycler" => [0i64, 0, 1])?;
/// let mut options = StepCountOptions::default();
/// options.also.push("Loop 1 from cycler".to_owned());
/// assert_eq!(set_step_count(frame, &options)?.column("Step count")?.i64()?.get(2), Some(1));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct StepCountOptions {
    /// How much of the identity counts.
    pub identity: StepIdentity,
    /// Further columns whose changes make a step. Default: none beyond step, cycle, frame, step run and control mode.
    pub also: Vec<String>,
}

/// Counts again where the steps are runs of the current's sign, after that sign was settled.
pub(super) fn recount_sign_runs(frame: DataFrame, options: &StepCountOptions) -> Result<DataFrame> {
    let has = |name: &str| frame.column(name).is_ok_and(|c| c.null_count() < c.len());
    if names(options).iter().any(|name| has(name)) { Ok(frame) } else { set_step_count(frame, options) }
}

/// The rows at which a column of the identity changes; `None` where there is no such column.
pub(super) fn boundaries(frame: &DataFrame, options: &StepCountOptions) -> Result<Option<Vec<bool>>> {
    let mut begins = Vec::new();
    begins.resize(frame.height(), false);
    let mut known = false;
    for name in names(options) {
        known |= frame::mark_changes(frame, &name, &mut begins)?;
    }
    Ok(known.then_some(begins))
}

/// The columns that make the identity.
fn names(options: &StepCountOptions) -> Vec<String> {
    let full = [Column::StepFromCycler, Column::CycleFromCycler, Column::Frame, Column::StepRun, Column::ControlMode];
    match options.identity {
        StepIdentity::Full => full.iter().map(|c| c.name().to_owned()).chain(options.also.iter().cloned()).collect(),
        StepIdentity::StepColumn => vec![Column::StepFromCycler.name().to_owned()],
    }
}

/// Adds `Step count` (i64, from 0). Without any identity column, runs of the current's sign are the steps. A run of impedance
/// rows is one step whatever its signs; a null makes no boundary.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
///
/// let frame = df!("Step from cycler" => [1i64, 1, 2, 1])?;
/// let frame = cyclerprep::set_step_count(frame, &Default::default())?;
/// assert_eq!(frame.column("Step count")?.i64()?.get(3), Some(2));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Frame`](crate::ErrorKind::Frame) when an identity column is not numeric.
pub fn set_step_count(mut frame: DataFrame, options: &StepCountOptions) -> Result<DataFrame> {
    let known = boundaries(&frame, options)?;
    let (known, mut begins) = (known.is_some(), known.unwrap_or_else(|| [false].repeat(frame.height())));
    let frequency = reals(&frame, Column::Frequency)?;
    let is_eis = |i: usize| frequency.as_ref().is_some_and(|f| f[i] > 1e-8);
    if !known && let Some(current) = reals(&frame, Column::Current)? {
        // Inside impedance the sign means nothing.
        let mut last = None;
        for (_, (begin, sign)) in begins.iter_mut().zip(signs(&current)).enumerate().filter(|(i, _)| !is_eis(*i)) {
            *begin |= last.is_some_and(|last| last != sign);
            last = Some(sign);
        }
    }
    if frequency.is_some() {
        for (i, begin) in begins.iter_mut().enumerate().skip(1) {
            *begin |= is_eis(i) != is_eis(i - 1);
        }
    }
    let column = integer_series(Column::StepCount.name(), count_marks(&begins));
    put(&mut frame, column)?;
    Ok(frame)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::real_series;

    fn steps(columns: &[(&str, &[f64])], identity: StepIdentity) -> Vec<f64> {
        let columns = columns.iter().map(|(name, values)| real_series(name, values.to_vec())).collect();
        let frame = DataFrame::new_infer_height(columns).unwrap();
        let options = StepCountOptions { identity, also: Vec::new() };
        let frame = set_step_count(frame, &options).unwrap();
        reals(&frame, Column::StepCount).unwrap().unwrap().into_owned()
    }

    #[test]
    fn identity_and_signs() {
        let null = f64::NAN;
        let step: (&str, &[f64]) = ("Step from cycler", &[1.0, 1.0, null, 1.0, 2.0]);
        let cycle: (&str, &[f64]) = ("Cycle from cycler", &[0.0, 0.0, 0.0, 1.0, 1.0]);
        assert_eq!(steps(&[step, cycle], StepIdentity::Full), [0.0, 0.0, 0.0, 1.0, 2.0]);
        assert_eq!(steps(&[step, cycle], StepIdentity::StepColumn), [0.0, 0.0, 0.0, 0.0, 1.0]);
        assert_eq!(steps(&[("Current [A]", &[0.0, 1.0, 1.0, -1.0])], StepIdentity::Full), [0.0, 1.0, 1.0, 2.0]);
        let eis: (&str, &[f64]) = ("Frequency [Hz]", &[null, 1e3, 1e2, null]);
        assert_eq!(steps(&[("Current [A]", &[1.0, 1.0, -1.0, 1.0]), eis], StepIdentity::Full), [0.0, 1.0, 1.0, 2.0]);
    }
}
