//! Transforms in a row: the standard order, or one's own (docs/decisions.md#order-of-work).

use polars::prelude::DataFrame;

use super::step_count::recount_sign_runs;
use super::{
    AccumulateOptions, CapacitySource, CurrentSignOptions, ShortSteps, StepCountOptions, TimeOptions,
    blank_untimed_impedance_rows, derive_impedance_components, fix_swapped_charge_discharge_columns, join_short_steps,
    offset_duplicate_times, repair_time, reset_time, resign_power_from_current, set_capacity, set_cycle_count,
    set_energy, set_positive_current_for_discharge, set_power, set_step_count,
};
use crate::error::{Error, ErrorKind, Result};
use crate::note::{NoteCode, Notes};
use crate::schema::Column;

/// Options of all steps of a [`Pipeline`].
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::transform::PipelineOptions;
/// use cyclerprep::{Notes, Pipeline};
///
/// // The clock starts anew at the third row: the rows behind it go on 1 s after the second.
/// let mut options = PipelineOptions::default();
/// options.time.offset_fix = Some(1.0);
/// let time = Pipeline::empty().then(Pipeline::step("reset_time").unwrap());
/// let frame = time.run(df!("Time [s]" => [0.0, 10.0, 0.0, 10.0])?, &options, &mut Notes::new())?;
/// let time: Vec<Option<f64>> = frame.column("Time [s]")?.f64()?.iter().collect();
/// assert_eq!(time, [Some(0.0), Some(10.0), Some(11.0), Some(21.0)]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct PipelineOptions {
    /// Time that runs backwards.
    pub time: TimeOptions,
    /// The sign of the current; `None` leaves it as it is, because something surer than the voltage has settled it.
    pub sign: Option<CurrentSignOptions>,
    /// What makes a step.
    pub steps: StepCountOptions,
    /// What becomes of steps of one row.
    pub short_steps: ShortSteps,
    /// Where capacities and energies come from.
    pub accumulate: AccumulateOptions,
}

type Run = fn(DataFrame, &PipelineOptions, &mut Notes) -> Result<DataFrame>;

/// A named transform with the columns that it needs and gives.
///
/// ```
/// let step = cyclerprep::Pipeline::step("set_cycle_count").expect("it is a step");
/// assert_eq!(step.gives, [cyclerprep::Column::CycleCount]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Name of the function.
    pub name: &'static str,
    /// Columns without which it fails.
    pub needs: &'static [Column],
    /// Columns that it adds.
    pub gives: &'static [Column],
    run: Run,
}

use Column as C;

#[rustfmt::skip]
static STANDARD: &[Step] = &[
    Step { name: "repair_time", needs: &[C::Time], gives: &[], run: |f, o, n| repair_time(f, &o.steps, n) },
    Step { name: "reset_time", needs: &[C::Time], gives: &[], run: |f, o, n| reset_time(f, &o.time, n) },
    Step { name: "offset_duplicate_times", needs: &[C::Time], gives: &[], run: |f, _, n| offset_duplicate_times(f, n) },
    // The vote is taken step by step, so the steps come first; the validator then sees the same steps.
    Step { name: "set_step_count", needs: &[], gives: &[C::StepCount], run: |f, o, _| set_step_count(f, &o.steps) },
    Step { name: "set_positive_current_for_discharge", needs: &[C::Time, C::Current, C::Voltage], gives: &[], run: sign },
    Step { name: "resign_power_from_current", needs: &[C::Current, C::Voltage], gives: &[], run: |f, _, _| resign_power_from_current(f) },
    Step { name: "derive_impedance_components", needs: &[], gives: &[], run: |f, _, _| derive_impedance_components(f) },
    Step { name: "recount_sign_runs", needs: &[], gives: &[], run: |f, o, _| recount_sign_runs(f, &o.steps) },
    Step { name: "set_cycle_count", needs: &[], gives: &[C::CycleCount], run: |f, _, _| set_cycle_count(f) },
    Step { name: "join_short_steps", needs: &[C::Time, C::StepCount], gives: &[], run: short_steps },
    Step { name: "set_capacity_and_energy", needs: &[C::Time, C::Current, C::Voltage, C::StepCount], gives: &[C::DischargeCapacity, C::ChargeCapacity, C::DischargeEnergy, C::ChargeEnergy], run: capacity_and_energy },
    Step { name: "set_power", needs: &[C::Current, C::Voltage], gives: &[C::Power], run: |f, _, _| set_power(f) },
    Step { name: "blank_untimed_impedance_rows", needs: &[], gives: &[], run: |f, _, _| blank_untimed_impedance_rows(f) },
];

fn short_steps(frame: DataFrame, options: &PipelineOptions, notes: &mut Notes) -> Result<DataFrame> {
    match options.short_steps {
        ShortSteps::Keep => Ok(frame),
        ShortSteps::Join => join_short_steps(frame, notes),
    }
}

fn sign(frame: DataFrame, options: &PipelineOptions, notes: &mut Notes) -> Result<DataFrame> {
    match &options.sign {
        Some(sign) => set_positive_current_for_discharge(frame, sign, notes),
        None => Ok(frame),
    }
}

/// Capacity, then energy. Labels are looked at only when a reported column does not hold: then an exchange may mend it, and
/// both are taken again.
fn capacity_and_energy(frame: DataFrame, options: &PipelineOptions, notes: &mut Notes) -> Result<DataFrame> {
    let both = |frame: DataFrame, notes: &mut Notes| {
        let frame = set_capacity(frame, &options.accumulate, notes)?;
        set_energy(frame, &options.accumulate, notes)
    };
    let mut told = Notes::new();
    let done = both(frame.clone(), &mut told)?;
    let doubt = options.accumulate.source == CapacitySource::Automatic && told.has(NoteCode::CapacityIntegrated);
    if doubt {
        let mut exchanged = Notes::new();
        let fixed = fix_swapped_charge_discharge_columns(frame, &mut exchanged)?;
        if exchanged.has(NoteCode::LabelsSwapped) {
            exchanged.into_vec().into_iter().for_each(|note| notes.push(note));
            return both(fixed, notes);
        }
    }
    told.into_vec().into_iter().for_each(|note| notes.push(note));
    Ok(done)
}

/// A list of steps that is checked before it runs.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::{Notes, Pipeline};
///
/// let frame = df!(
///     "Time [s]" => [10.0, 20.0, 30.0], "Current [A]" => [1.0, 1.0, 1.0], "Voltage [V]" => [4.0, 3.9, 3.8],
///     "Step from cycler" => [1i64, 1, 1]
/// )?;
/// let frame = Pipeline::standard().run(frame, &Default::default(), &mut Notes::new())?;
/// assert!(frame.column("Discharge capacity [A.h]").is_ok() && frame.column("Power [W]").is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Pipeline {
    steps: Vec<Step>,
}

impl Pipeline {
    /// No steps.
    ///
    /// ```
    /// assert!(cyclerprep::Pipeline::empty().check(&[]).is_ok());
    /// ```
    pub fn empty() -> Self {
        Self { steps: Vec::new() }
    }

    /// All steps of docs/decisions.md#order-of-work in their order.
    ///
    /// ```
    /// use cyclerprep::{Column, Pipeline};
    ///
    /// assert!(Pipeline::standard().check(&[Column::Time, Column::Current, Column::Voltage]).is_ok());
    /// ```
    pub fn standard() -> Self {
        Self { steps: STANDARD.to_vec() }
    }

    /// The step of that name, to build a pipeline of one's own.
    ///
    /// ```
    /// let step = cyclerprep::Pipeline::step("set_power").expect("it is a step");
    /// assert_eq!(step.needs, [cyclerprep::Column::Current, cyclerprep::Column::Voltage]);
    /// assert!(cyclerprep::Pipeline::step("set_sails").is_none());
    /// ```
    pub fn step(name: &str) -> Option<Step> {
        STANDARD.iter().find(|step| step.name == name).copied()
    }

    /// With one more step.
    ///
    /// ```
    /// use cyclerprep::{Column, Pipeline};
    ///
    /// let short = Pipeline::empty().then(Pipeline::step("reset_time").unwrap()).then(Pipeline::step("set_power").unwrap());
    /// assert!(short.check(&[Column::Time, Column::Current, Column::Voltage]).is_ok());
    /// assert!(short.check(&[Column::Current, Column::Voltage]).is_err(), "the first step needs a time");
    /// ```
    #[must_use]
    pub fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Whether every step finds what it needs among `have` and what the steps before it give.
    ///
    /// ```
    /// use cyclerprep::{Column, ErrorKind, Pipeline};
    ///
    /// let error = Pipeline::standard().check(&[Column::Time]).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::MissingColumn);
    /// assert!(error.message().contains("Current [A]"), "{error}");
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::MissingColumn`], which names the step and the column.
    pub fn check(&self, have: &[Column]) -> Result<()> {
        let mut have = have.to_vec();
        for step in &self.steps {
            if let Some(column) = step.needs.iter().find(|column| !have.contains(column)) {
                let message =
                    format!("{} needs a column {:?}, which nothing before it gives", step.name, column.name());
                return Err(Error::new(ErrorKind::MissingColumn, message));
            }
            have.extend(step.gives);
        }
        Ok(())
    }

    /// Runs all steps.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use polars::df;
    /// use cyclerprep::{Notes, Pipeline};
    ///
    /// let frame = df!("Current [A]" => [2.0], "Voltage [V]" => [3.5])?;
    /// let power = Pipeline::empty().then(Pipeline::step("set_power").unwrap());
    /// let frame = power.run(frame, &Default::default(), &mut Notes::new())?;
    /// assert_eq!(frame.column("Power [W]")?.f64()?.get(0), Some(7.0));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`check`](Self::check) and of the steps.
    pub fn run(&self, mut frame: DataFrame, options: &PipelineOptions, notes: &mut Notes) -> Result<DataFrame> {
        let have: Vec<Column> = frame.get_column_names().iter().filter_map(|name| Column::from_name(name)).collect();
        self.check(&have)?;
        for step in &self.steps {
            frame = (step.run)(frame, options, notes)?;
        }
        Ok(frame)
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;
    use crate::signal::{real_series, reals};

    /// Charge, rest, discharge of a cell whose voltage follows its charge, with the current as `log` writes it.
    pub(in crate::transform) fn cell_test(log: impl Fn(f64) -> f64) -> DataFrame {
        let (mut t, mut soc) = (0.0, 0.2);
        let (mut time, mut current, mut voltage, mut step) = (vec![], vec![], vec![], vec![]);
        for (number, i) in [(1.0, -1.0), (2.0, 0.0), (3.0, 1.5)] {
            for _ in 0..40 {
                time.push(t);
                current.push(log(i));
                voltage.push(3.0 + soc - 0.02 * i);
                step.push(number);
                t += 30.0;
                soc -= i * 30.0 / 3600.0;
            }
        }
        let columns = vec![
            real_series("Time [s]", time),
            real_series("Current [A]", current),
            real_series("Voltage [V]", voltage),
            real_series("Step from cycler", step),
        ];
        DataFrame::new_infer_height(columns).unwrap()
    }

    pub(in crate::transform) fn currents(frame: &DataFrame) -> Vec<f64> {
        reals(frame, Column::Current).unwrap().unwrap().into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_is_missing_before_anything_runs() {
        let error = Pipeline::standard().check(&[Column::Time, Column::Current]).unwrap_err();
        insta::assert_snapshot!(error, @r#"set_positive_current_for_discharge needs a column "Voltage [V]", which nothing before it gives"#);
    }

    #[test]
    fn a_second_run_changes_nothing() {
        let options = PipelineOptions { sign: Some(CurrentSignOptions::default()), ..Default::default() };
        let run = |f| Pipeline::standard().run(f, &options, &mut Notes::new()).unwrap();
        let once = run(testing::cell_test(|i| -i));
        assert!(run(once.clone()).equals(&once));
        assert_eq!(testing::currents(&once), testing::currents(&testing::cell_test(|i| i)));
    }
}
