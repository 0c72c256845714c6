//! Positive current discharges (docs/decisions.md#current-sign).

use polars::prelude::DataFrame;

use super::modes::Modes;
use crate::error::{Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::frame::{need, put, real_series, reals, runs_of};
use crate::signal::vote::{self, Ballot};
use crate::signal::{Runs, stats};
use crate::vocab::Direction;

/// Share of the vote from which the validator doubts a sign.
const DOUBT: f64 = 0.25;

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
    /// Whether the sign is the instrument's own, as its format defines it. Then the voltage only checks it: it is kept unless
    /// at least three steps move the voltage by 50 mV or more and 90 % of the vote is against it
    /// (docs/decisions.md#current-sign). Default: no.
    pub is_signed_by_instrument: bool,
}

impl Default for CurrentSignOptions {
    fn default() -> Self {
        Self { mode_column: None, direction: default_direction, may_be_magnitude: true, is_signed_by_instrument: false }
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
/// assert_eq!(notes[0].code.as_str(), "sign_changed");
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

    let fewer = positive.min(total - positive);
    let one_sign = options.may_be_magnitude && fewer == 0;
    // A row or two of the other sign make no signed column of logged magnitudes, if the labels know both directions.
    let nearly = options.may_be_magnitude && fewer <= total / 1000;
    let modes = if nearly {
        Modes::of(&frame, options.mode_column.as_deref(), options.direction)?
            .filter(|modes| modes.trusted(above().map(|(i, _)| i)))
            .filter(|modes| one_sign || modes.share_a_sign(above()))
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
    } else if one_sign && !options.is_signed_by_instrument {
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
    let said = signed.as_ref().map(|_| message);
    let (values, message) = match (signed, said) {
        (Some(values), Some(message)) => (values, message),
        _ => {
            let ballot = vote::ballot(vote_time, &current, &voltage, &runs, vote::threshold(&current));
            let Some(message) = verdict(&ballot, &current, &voltage, &runs, options, notes) else { return Ok(frame) };
            // 0 − x, so that 0 stays 0 and does not become −0.
            (current.iter().map(|x| 0.0 - x).collect(), message)
        }
    };
    let changed = |(a, b): (&f64, &f64)| a != b && !a.is_nan();
    let count = values.iter().zip(current.iter()).filter(|pair| changed(*pair)).count();
    if count > 0 {
        let first = values.iter().zip(current.iter()).position(changed).unwrap_or_default();
        notes.push(Note::new(NoteCode::SignChanged, message).count(count).at(Place::Row(first as u64)));
    }
    put(&mut frame, real_series(Column::Current.name(), values))?;
    Ok(frame)
}

/// Why the whole column is negated, if it is; a vote that is against an instrument and does not outweigh it is a note.
fn verdict(
    ballot: &Ballot,
    current: &[f64],
    voltage: &[f64],
    runs: &Runs,
    options: &CurrentSignOptions,
    notes: &mut Notes,
) -> Option<String> {
    let share = ballot.tally.charge_share()?;
    let said = format!(
        "{} step(s) voted, and with {:.1} % of the weight the voltage rises while the current column says discharge",
        ballot.steps,
        100.0 * share
    );
    if !options.is_signed_by_instrument {
        return (ballot.tally.charge > ballot.tally.discharge).then(|| format!("{said}: the current was negated"));
    }
    if share < DOUBT {
        return None;
    }
    let at_once = vote::jumps_discharge(current, voltage, runs);
    if ballot.is_strong() && !at_once {
        return Some(format!(
            "{said}; {} of them move the voltage by 50 mV or more, which outweighs the instrument's sign: the current was negated",
            ballot.swinging
        ));
    }
    let why = if at_once {
        "but the voltage answers at once, where the current changes, as the instrument's sign has it".to_owned()
    } else {
        format!(
            "{} of them move the voltage by 50 mV or more; to outweigh the instrument it takes 3 such steps and 90 %",
            ballot.swinging
        )
    };
    notes.say(NoteCode::SignVote, format!("{said}; {why}. The instrument's sign was kept"));
    None
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
        assert!(notes[0].message.contains("Mode from cycler"));
    }

    #[test]
    fn a_signed_cycler_is_only_negated_as_a_whole() {
        let options = CurrentSignOptions { may_be_magnitude: false, ..CurrentSignOptions::default() };
        let frame = set_positive_current_for_discharge(cell_test(f64::abs), &options, &mut Notes::new()).unwrap();
        let got = currents(&frame);
        assert!(got.iter().all(|i| *i >= 0.0) || got.iter().all(|i| *i <= 0.0));
    }

    #[test]
    fn one_row_of_the_other_sign_makes_no_signed_column() {
        // 4,000 rows of magnitudes with labels; one cell lost its sign.
        let rows = 4000;
        let is_charge = |row: usize| row < rows / 2;
        let mut current = vec![1.0; rows];
        current[17] = -1.0;
        let labels: Vec<&str> = (0..rows).map(|row| if is_charge(row) { "C" } else { "D" }).collect();
        let columns = vec![
            real_series("Time [s]", (0..rows).map(|row| row as f64).collect()),
            real_series("Current [A]", current),
            real_series("Voltage [V]", vec![3.7; rows]),
            PolarsColumn::new("Mode from cycler".into(), labels),
        ];
        let (got, notes) = sign(DataFrame::new_infer_height(columns).unwrap());
        assert!(got.iter().enumerate().all(|(row, i)| *i == if is_charge(row) { -1.0 } else { 1.0 }));
        assert!(notes.has(NoteCode::SignChanged));
    }

    /// What an instrument signed, and `sign` wrong by construction.
    fn checked(frame: DataFrame) -> (bool, Notes) {
        let options = CurrentSignOptions { is_signed_by_instrument: true, ..CurrentSignOptions::default() };
        let mut notes = Notes::new();
        let before = currents(&frame);
        let frame = set_positive_current_for_discharge(frame, &options, &mut notes).unwrap();
        (currents(&frame) != before, notes)
    }

    #[test]
    fn an_instrument_is_overruled_by_three_steps_that_swing_and_by_nothing_less() {
        let join = |times: usize| {
            // The test again and again: each has one charge and one discharge, of 0.33 and 0.5 V.
            let mut all = cell_test(|i| -i);
            for number in 1..times {
                let mut next = cell_test(|i| -i);
                let shift = |name: &str, by: f64| {
                    let values = need(&next, Column::from_name(name).unwrap()).unwrap();
                    real_series(name, values.iter().map(|v| v + by * number as f64).collect())
                };
                let (time, step) = (shift("Time [s]", 3600.0), shift("Step from cycler", 3.0));
                next.with_column(time).unwrap();
                next.with_column(step).unwrap();
                all.vstack_mut(&next).unwrap();
            }
            crate::transform::set_step_count(all, &Default::default()).unwrap()
        };
        let (turned, notes) = checked(join(1));
        assert!(!turned && notes.has(NoteCode::SignVote), "two steps are not enough");
        assert!(notes[0].message.contains("2 step(s) voted, and with 100.0 %"), "{notes:?}");
        let (turned, notes) = checked(join(2));
        assert!(turned && notes.has(NoteCode::SignChanged));
        assert!(notes[0].message.contains("4 step(s) voted"), "{notes:?}");
    }

    #[test]
    fn a_voltage_that_relaxes_against_the_current_turns_no_instrument() {
        // A symmetric cell: 100 mV of resistance at 1 mA, and a nucleation peak of 120 mV that decays over each step.
        let (mut time, mut current, mut voltage, mut step) = (vec![], vec![], vec![], vec![]);
        for number in 0..8 {
            let i: f64 = if number % 2 == 0 { 1e-3 } else { -1e-3 };
            for k in 0..60 {
                time.push(f64::from(60 * number + k));
                current.push(i);
                voltage.push(-i.signum() * (0.1 + 0.12 * (-f64::from(k) / 10.0).exp()));
                step.push(f64::from(number));
            }
        }
        let columns = vec![
            real_series("Time [s]", time),
            real_series("Current [A]", current),
            real_series("Voltage [V]", voltage),
            real_series("Step count", step),
        ];
        let (turned, notes) = checked(DataFrame::new_infer_height(columns).unwrap());
        assert!(!turned && notes.has(NoteCode::SignVote), "{notes:?}");
        assert!(notes[0].message.contains("at once"), "{notes:?}");
    }

    #[test]
    fn a_hold_turns_no_instrument() {
        // Ten holds of a cell at rest: the voltage moves by 0.2 mV.
        let rows = 400;
        let columns = vec![
            real_series("Time [s]", (0..rows).map(f64::from).collect()),
            real_series("Current [A]", (0..rows).map(|_| 0.01).collect()),
            real_series("Voltage [V]", (0..rows).map(|k| 3.7 + 5e-6 * f64::from(k % 40)).collect()),
            real_series("Step count", (0..rows).map(|k| f64::from(k / 40)).collect()),
        ];
        let (turned, notes) = checked(DataFrame::new_infer_height(columns).unwrap());
        assert!(!turned && notes.has(NoteCode::SignVote), "{notes:?}");
    }

    #[test]
    fn no_current_is_left_alone() {
        let (got, notes) = sign(cell_test(|_| 0.0));
        assert!(got.iter().all(|i| *i == 0.0) && notes.is_empty());
    }
}
