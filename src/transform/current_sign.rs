//! Positive current discharges (docs/decisions.md#current-sign).

use polars::prelude::DataFrame;

use crate::error::Result;
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::frame::{need, put, real_series, reals, runs_of};
use crate::signal::{Runs, stats, vote};
use crate::vocab::Direction;

/// How the sign is settled.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::transform::CurrentSignOptions;
/// use cyclerprep::{Notes, set_positive_current_for_discharge};
///
/// // Magnitudes: a column of labels says which rows charge.
/// let frame = df!(
///     "Time [s]" => [0.0, 10.0, 20.0, 30.0],
///     "Current [A]" => [1.0, 1.0, 1.0, 1.0],
///     "Voltage [V]" => [3.6, 3.7, 3.6, 3.5],
///     "My labels" => ["CHARGE", "CHARGE", "DISCHARGE", "DISCHARGE"]
/// )?;
/// let mut options = CurrentSignOptions::default();
/// options.mode_column = Some("My labels".to_owned());
/// let frame = set_positive_current_for_discharge(frame, &options, &mut Notes::new())?;
/// let current: Vec<Option<f64>> = frame.column("Current [A]")?.f64()?.iter().collect();
/// assert_eq!(current, [Some(-1.0), Some(-1.0), Some(1.0), Some(1.0)]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CurrentSignOptions {
    /// Text column with mode or status labels. Default: `Mode from cycler`, else `Status from cycler`.
    pub mode_column: Option<String>,
    /// What a label means. Default: [`default_direction`].
    pub direction: fn(&str) -> Direction,
    /// Whether a current of one sign may be a logged magnitude. Default: yes. A cycler that always signs its current is only
    /// negated as a whole: a noisy step of a test that discharges throughout is then not turned into a charge.
    pub may_be_magnitude: bool,
}

impl Default for CurrentSignOptions {
    fn default() -> Self {
        Self { mode_column: None, direction: default_direction, may_be_magnitude: true }
    }
}

/// Labels of charge and discharge that are not a single maker's: whole words after trimming and upper-casing.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::transform::default_direction;
/// use cyclerprep::Direction;
///
/// assert_eq!(default_direction("CC_DChg"), Direction::Discharge);
/// assert_eq!(default_direction("Rest"), Direction::Neither);
/// # Ok(())
/// # }
/// ```
pub fn default_direction(text: &str) -> Direction {
    let upper = text.trim().to_uppercase().replace('_', " ");
    let last = upper.rsplit(' ').next().unwrap_or_default();
    match last {
        "D" | "DCH" | "DCHG" | "DISCHARGE" | "DISCHG" => Direction::Discharge,
        "C" | "CHA" | "CHG" | "CHARGE" => Direction::Charge,
        "R" | "REST" | "PAUSE" | "PAU" | "P" | "S" | "O" | "" => Direction::Neither,
        _ => Direction::Unknown,
    }
}

/// Makes positive current discharge and negative current charge, in `Current [A]` alone.
///
/// A column of one sign is a cycler that logs magnitudes: the mode column tells which rows charge, or else the voltage's
/// answer does, step by step. A column of both signs is negated as a whole when the voltage says that positive charges.
/// Rows of impedance take no part.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::Notes;
///
/// // The voltage rises with positive current and falls with negative: in this file positive charges.
/// let frame = df!(
///     "Time [s]" => [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0],
///     "Current [A]" => [1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0],
///     "Voltage [V]" => [3.60, 3.65, 3.69, 3.74, 3.66, 3.61, 3.57, 3.52],
///     "Step count" => [0i64, 0, 0, 0, 1, 1, 1, 1]
/// )?;
/// let mut notes = Notes::new();
/// let frame = cyclerprep::set_positive_current_for_discharge(frame, &Default::default(), &mut notes)?;
/// assert_eq!(frame.column("Current [A]")?.f64()?.get(0), Some(-1.0));
/// assert_eq!(notes.as_slice()[0].code.as_str(), "sign_changed");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::MissingColumn`](crate::ErrorKind::MissingColumn) without time, current or voltage.
pub fn set_positive_current_for_discharge(
    mut frame: DataFrame,
    options: &CurrentSignOptions,
    notes: &mut Notes,
) -> Result<DataFrame> {
    let time = need(&frame, Column::Time)?;
    let current = need(&frame, Column::Current)?;
    let voltage = need(&frame, Column::Voltage)?;
    let frequency = reals(&frame, Column::Frequency)?;
    let is_eis = |i: usize| frequency.as_ref().is_some_and(|f| f[i] > 1e-8);
    let threshold = stats::rest_threshold(&current);
    let above = || current.iter().enumerate().filter(|(i, x)| x.abs() > threshold && !is_eis(*i));
    let (positive, total) = if frequency.is_some() {
        (above().filter(|(_, x)| **x > 0.0).count(), above().count())
    } else {
        current.iter().fold((0, 0), |(positive, total), x| {
            (positive + usize::from(*x > threshold), total + usize::from(x.abs() > threshold))
        })
    };
    if total == 0 {
        return Ok(frame);
    }

    let one_sign = options.may_be_magnitude && (positive == 0 || positive == total);
    let modes = if one_sign {
        Modes::of(&frame, options)?.filter(|modes| modes.trusted(above().map(|(i, _)| i)))
    } else {
        None
    };
    let runs = match runs_of(&frame, Column::StepCount)? {
        Some(runs) => runs,
        None => Runs::of_sign(&current),
    };
    // Impedance rows have no vote: without a time they drop out of every sum.
    let masked: Vec<f64> = if frequency.is_some() {
        time.iter().enumerate().map(|(i, t)| if is_eis(i) { f64::NAN } else { *t }).collect()
    } else {
        Vec::new()
    };
    let vote_time: &[f64] = if frequency.is_some() { &masked } else { &time };

    let mut signed: Option<Vec<f64>> = None;
    let mut message = String::new();
    if let Some(modes) = modes {
        let values = current.iter().enumerate().map(|(i, x)| match modes.direction(i) {
            Direction::Charge => -x.abs(),
            Direction::Discharge => x.abs(),
            _ => *x,
        });
        signed = Some(values.collect());
        message = format!("the file logs magnitudes; column {:?} says which rows charge", modes.name);
    } else if one_sign {
        let charges: Vec<bool> = runs
            .iter()
            .filter(|run| stats::mean(&current[run.clone()]).abs() > threshold)
            .map(|run| vote::opinion(&vote_time[run.clone()], &current[run.clone()], &voltage[run]).is_charge)
            .collect();
        if charges.contains(&true) && charges.contains(&false) {
            let mut values = current.to_vec();
            let mut charges = charges.into_iter();
            for run in runs.iter().filter(|run| stats::mean(&current[run.clone()]).abs() > threshold) {
                if charges.next() == Some(true) {
                    values[run].iter_mut().for_each(|x| *x = -*x);
                }
            }
            signed = Some(values);
            "the file logs one sign and has no mode column to trust; the voltage says which steps charge"
                .clone_into(&mut message);
        }
    }
    if signed.is_none() {
        let tally = vote::tally(vote_time, &current, &voltage, &runs, vote::threshold(&current));
        if tally.charge > tally.discharge {
            // 0 − x, so that 0 stays 0 and does not become −0.
            signed = Some(current.iter().map(|x| 0.0 - x).collect());
            let share = tally.charge_share().unwrap_or(1.0);
            message = format!("the voltage rises with positive current (charge share of the vote {share:.3}): negated");
        }
    }
    if let Some(values) = signed {
        let count = values.iter().zip(current.iter()).filter(|(a, b)| a != b && !a.is_nan()).count();
        if count > 0 {
            notes.push(Note::new(NoteCode::SignChanged, message).count(count));
        }
        put(&mut frame, real_series(Column::Current.name(), values))?;
    }
    Ok(frame)
}

/// A mode column with the meaning of each label.
struct Modes {
    name: String,
    rows: Vec<Direction>,
}

impl Modes {
    fn of(frame: &DataFrame, options: &CurrentSignOptions) -> Result<Option<Self>> {
        let default = [Column::Mode.name(), Column::Status.name()];
        let names = options.mode_column.as_deref().map_or(default.to_vec(), |name| vec![name]);
        let Some(name) = names.into_iter().find(|name| frame.column(name).is_ok()) else { return Ok(None) };
        let column = frame.column(name).map_err(crate::Error::polars)?;
        let Ok(texts) = column.as_materialized_series().str().cloned() else { return Ok(None) };
        let mut last: Option<(&str, Direction)> = None;
        let mut rows = Vec::new();
        for text in texts.iter() {
            let text = text.unwrap_or_default();
            let direction = match last {
                Some((same, direction)) if same == text => direction,
                _ if text.is_empty() => Direction::Neither,
                _ => (options.direction)(text),
            };
            last = Some((text, direction));
            rows.push(direction);
        }
        Ok(Some(Self { name: name.to_owned(), rows }))
    }

    fn direction(&self, row: usize) -> Direction {
        self.rows.get(row).copied().unwrap_or(Direction::Unknown)
    }

    /// Some row has a direction, and when only one direction is labelled, no row above the threshold is unknown.
    fn trusted(&self, above: impl Iterator<Item = usize>) -> bool {
        let (mut charge, mut discharge, mut unknown) = (false, false, false);
        for row in above {
            match self.direction(row) {
                Direction::Charge => charge = true,
                Direction::Discharge => discharge = true,
                Direction::Unknown => unknown = true,
                Direction::Neither => {}
            }
        }
        (charge && discharge) || ((charge || discharge) && !unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transform::pipeline::testing::{cell_test, currents};
    use polars::prelude::Column as PolarsColumn;

    fn sign(frame: DataFrame) -> (Vec<f64>, Notes) {
        let mut notes = Notes::new();
        let frame = set_positive_current_for_discharge(frame, &CurrentSignOptions::default(), &mut notes).unwrap();
        (currents(&frame), notes)
    }

    #[test]
    fn either_sign_leads_to_the_same_result() {
        let right = currents(&cell_test(|i| i));
        for frame in [cell_test(|i| i), cell_test(|i| -i), cell_test(f64::abs), cell_test(|i| -i.abs())] {
            assert_eq!(sign(frame).0, right);
        }
        assert!(sign(cell_test(|i| i)).1.as_slice().is_empty());
    }

    #[test]
    fn mode_labels_outrank_the_voltage_when_magnitudes_are_logged() {
        let mut frame = cell_test(f64::abs);
        let labels: Vec<&str> = currents(&cell_test(|i| i))
            .iter()
            .map(|i| {
                if *i > 0.0 {
                    "D"
                } else if *i < 0.0 {
                    "C"
                } else {
                    "R"
                }
            })
            .collect();
        frame.with_column(PolarsColumn::new("Mode from cycler".into(), labels)).unwrap();
        let (got, notes) = sign(frame);
        assert_eq!(got, currents(&cell_test(|i| i)));
        assert!(notes.as_slice()[0].message.contains("Mode from cycler"));
    }

    #[test]
    fn a_signed_cycler_is_only_negated_as_a_whole() {
        let options = CurrentSignOptions { may_be_magnitude: false, ..CurrentSignOptions::default() };
        let frame = set_positive_current_for_discharge(cell_test(f64::abs), &options, &mut Notes::new()).unwrap();
        let got = currents(&frame);
        assert!(got.iter().all(|i| *i >= 0.0) || got.iter().all(|i| *i <= 0.0));
    }

    #[test]
    fn no_current_is_left_alone() {
        let (got, notes) = sign(cell_test(|_| 0.0));
        assert!(got.iter().all(|i| *i == 0.0) && notes.as_slice().is_empty());
    }
}
