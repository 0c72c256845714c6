//! Running charge and discharge columns that restart at each step: what capacity and energy share
//! (docs/decisions.md#counters-and-integrals).

use std::borrow::Cow;
use std::sync::OnceLock;

use polars::prelude::DataFrame;

use super::accumulate_notes::Told;
use super::default_direction;
use super::modes::Modes;
use super::quantities::Quantities;
use crate::error::Result;
use crate::note::Notes;
use crate::schema::Column;
use crate::signal::counter::{self, Counted, Flow, Rows};
use crate::signal::frame::{missing, need, put, real_series, reals, runs_of};
use crate::signal::integral::{Disagreement, check_reported, per_step};
use crate::signal::near::is_surely_near;
use crate::signal::scan::has_nan;
use crate::signal::stats;
use crate::signal::trial::{self, Verdict, Why};
use crate::vocab::Direction;

/// Relative disagreement with the integral from which a reported column has to stand a trial.
const TOLERANCE: f64 = 0.10;

/// Where capacities and energies come from.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::PrepareOptions;
/// use cyclerprep::transform::CapacitySource;
///
/// let mut options = PrepareOptions::default();
/// options.capacity = CapacitySource::Integrated;
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &options)?;
/// // 34 minutes of 2.1 A.
/// let discharged = cell.cycles.column("Discharge capacity [A.h]")?.f64()?.get(0).unwrap();
/// assert!((discharged - 2.1 * 34.0 / 60.0).abs() < 1e-6);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CapacitySource {
    /// What the file reports, unless its own rows contradict it (docs/decisions.md#which-one-is-used); else the integral.
    #[default]
    Automatic,
    /// What the file reports, whatever the check says.
    Reported,
    /// The integral of current or power.
    Integrated,
}

/// Options of [`set_capacity`](super::set_capacity) and [`set_energy`](super::set_energy).
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use polars::df;
/// use cyclerprep::transform::{AccumulateOptions, CapacitySource};
/// use cyclerprep::{Notes, set_capacity};
///
/// // An hour of 2 A, of which the file reports 1.95 A·h.
/// let frame = df!(
///     "Time [s]" => [0.0, 3600.0],
///     "Current [A]" => [2.0, 2.0],
///     "Step count" => [0i64, 0],
///     "Discharge capacity [A.h]" => [0.0, 1.95],
///     "Charge capacity [A.h]" => [0.0, 0.0]
/// )?;
/// let mut options = AccumulateOptions::default();
/// let reported = set_capacity(frame.clone(), &options, &mut Notes::new())?;
/// assert_eq!(reported.column("Discharge capacity [A.h]")?.f64()?.get(1), Some(1.95));
///
/// options.source = CapacitySource::Integrated;
/// let integrated = set_capacity(frame, &options, &mut Notes::new())?;
/// assert_eq!(integrated.column("Discharge capacity [A.h]")?.f64()?.get(1), Some(2.0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AccumulateOptions {
    /// Where the numbers come from.
    pub source: CapacitySource,
    /// What a mode label means; asked where a single counter grows while the rows print no current. Default:
    /// [`default_direction`](super::default_direction).
    pub direction: fn(&str) -> Direction,
    /// Whether the current of a row is the mean since the row before, as one that was made from increments of charge. Then the
    /// integral takes each row for its interval instead of the trapezoid. Default: no.
    pub current_is_mean: bool,
    /// The last digit of the current as it was printed, in A. An integral is no better than half of it
    /// (docs/decisions.md#which-one-is-used). Default: not known.
    pub current_digit: Option<f64>,
}

impl Default for AccumulateOptions {
    fn default() -> Self {
        Self {
            source: CapacitySource::default(),
            direction: default_direction,
            current_is_mean: false,
            current_digit: None,
        }
    }
}

/// Sets the pair from reported columns or the integral of `rate` (positive = discharge), and drops the single column.
/// `current` is given where the rate is not the current.
pub(super) fn accumulate(
    mut frame: DataFrame,
    quantities: &Quantities,
    rate: &[f64],
    current: Option<&[f64]>,
    options: &AccumulateOptions,
    notes: &mut Notes,
) -> Result<DataFrame> {
    let time = need(&frame, Column::Time)?;
    let runs = runs_of(&frame, Column::StepCount)?.ok_or_else(|| missing(&frame, Column::StepCount.name()))?;
    let labels = Labels { frame: &frame, direction: options.direction, modes: OnceLock::new() };
    let frequency = reals(&frame, Column::Frequency)?;
    // On impedance rows the current is what is left of a wave: they say nothing for or against a counter.
    let masked: Option<Vec<f64>> = frequency
        .as_ref()
        .map(|f| rate.iter().zip(f.iter()).map(|(rate, f)| if *f > 1e-8 { f64::NAN } else { *rate }).collect());
    let asked = masked.as_deref().unwrap_or(rate);
    let is_free = options.source == CapacitySource::Automatic && !options.current_is_mean;
    let of = |column: Column| -> Result<_> {
        if options.source == CapacitySource::Integrated { Ok(None) } else { Reported::of(&frame, quantities, column) }
    };
    let sides = [(quantities.discharge, 1.0), (quantities.charge, -1.0)];
    let reported = [of(quantities.discharge)?, of(quantities.charge)?];
    let flow = |side: f64| Flow { time: &time, rate: asked, runs: &runs, side };
    // Nearly every counter rises in every step and agrees with the integral. One that falls may give to the other side.
    let glance = |k: usize| match &reported[k] {
        Some(Reported::Pair(values)) if is_free => Glance::of(values, &flow(sides[k].1)),
        _ => Glance::default(),
    };
    let glances = rayon::join(|| glance(0), || glance(1));
    let is_plain = glances.0.is_plain && glances.1.is_plain;
    let rounding = options.current_digit.map(|digit| Rounding { digit, rate: asked, current });
    let side = |k: usize| {
        let mut notes = Notes::new();
        let (column, side) = sides[k];
        let integral = || per_step(&time, |i| rate[i], &runs, side, options.current_is_mean);
        let agrees = if k == 0 { glances.0.agrees } else { glances.1.agrees };
        let (values, standing) = match (&reported[k], &reported[1 - k]) {
            // Nothing is reported, or it is not wanted: the integral is the only source.
            (None, _) => (integral(), Standing::Sure),
            (Some(Reported::Pair(values)), _) if is_plain && agrees => (counter::rebase(values, &runs), Standing::Sure),
            (Some(reported), other) => {
                let told = Told { column, quantities };
                let by_current = current.and_then(|current| by_direction(asked, current));
                let by_current = by_current.as_deref().map(|rate| Flow { rate, ..flow(side) });
                let other = other.as_ref();
                let trial = Trial { reported, other, flow: flow(side), by_current, labels: &labels, rounding };
                trial.choose(is_free, integral, &told, &mut notes)
            }
        };
        (values, standing, notes)
    };
    // The sides do not know of each other.
    let (mut discharge, mut charge) = rayon::join(|| side(0), || side(1));
    let is_contradicted = [&discharge, &charge].map(|(_, standing, _)| matches!(standing, Standing::Contradicted));
    for (k, (values, standing, told)) in [&mut discharge, &mut charge].into_iter().enumerate() {
        if let Standing::Weak(weak) = standing {
            let column = Told { column: sides[k].0, quantities };
            if is_contradicted[1 - k] {
                // What stands only because little speaks against it falls with the other column of the pair.
                column.tell_fallen(values, &weak.integrated, weak.apart, told);
                *values = std::mem::take(&mut weak.integrated);
            } else {
                column.tell(&weak.verdict, values, &weak.integrated, weak.apart, told);
                column.tell_many_set(&weak.counted, told);
            }
        }
    }
    let mut results = Vec::new();
    for (k, (values, _, told)) in [discharge, charge].into_iter().enumerate() {
        results.push(real_series(sides[k].0.name(), values));
        told.into_iter().for_each(|note| notes.push(note));
    }
    for column in results {
        put(&mut frame, column)?;
    }
    if frame.column(quantities.single.name()).is_ok() {
        frame = frame.drop(quantities.single.name()).map_err(crate::Error::polars)?;
    }
    Ok(frame)
}

/// What a file reports of one side.
enum Reported<'f> {
    /// A column of its own.
    Pair(Cow<'f, [f64]>),
    /// A column of its own that is known on some steps, and a counter of both sides for the others.
    Both(Cow<'f, [f64]>, Cow<'f, [f64]>),
    /// A counter of both sides.
    Single(Cow<'f, [f64]>),
}

impl<'f> Reported<'f> {
    fn of(frame: &'f DataFrame, quantities: &Quantities, column: Column) -> Result<Option<Self>> {
        let single = reals(frame, quantities.single)?;
        if let Some(values) = reals(frame, column)? {
            return Ok(Some(match single {
                Some(single) => Self::Both(values, single),
                None => Self::Pair(values),
            }));
        }
        let other = if column == quantities.discharge { quantities.charge } else { quantities.discharge };
        if reals(frame, other)?.is_some() {
            return Ok(None);
        }
        Ok(single.map(Self::Single))
    }

    fn of_side(&self) -> Option<&[f64]> {
        match self {
            Self::Pair(values) | Self::Both(values, _) => Some(values),
            Self::Single(_) => None,
        }
    }

    /// As a column that restarts with each step.
    fn count(&self, other: Option<&Self>, flow: &Flow<'_>, labels: &Labels<'_>) -> Counted {
        let split = |single: &[f64]| counter::split(single, flow, |row| labels.sign(row));
        let other = other.and_then(Self::of_side);
        match self {
            Self::Pair(values) => counter::count(values, other, flow),
            Self::Single(single) => split(single),
            Self::Both(values, single) => {
                let mut counted = counter::count(values, other, flow);
                let unknown = |run: &std::ops::Range<usize>| values[run.clone()].iter().all(|v| v.is_nan());
                let missing: Vec<_> = flow.runs.iter().filter(unknown).collect();
                if !missing.is_empty() {
                    counted.blanks = Rows::default();
                    let split = split(single).values;
                    missing.into_iter().for_each(|run| counted.values[run.clone()].copy_from_slice(&split[run]));
                }
                counted
            }
        }
    }
}

/// A single counter that is set back inside a step shows as a sum that is far off: counted again without the resets.
fn count_again(reported: &Reported<'_>, flow: &Flow<'_>, labels: &Labels<'_>) -> Option<Counted> {
    let Reported::Single(single) = reported else { return None };
    let (values, resets) = counter::without_resets(single, flow)?;
    let counted = counter::split(&values, flow, |row| labels.sign(row));
    let holds = apart(&counted.values, flow).is_none_or(|d| d.relative <= TOLERANCE);
    holds.then_some(Counted { resets, ..counted })
}

/// The mode labels, read when they are asked for.
struct Labels<'f> {
    frame: &'f DataFrame,
    direction: fn(&str) -> Direction,
    modes: OnceLock<Option<Modes>>,
}

impl Labels<'_> {
    /// 1 for a row labelled discharge, −1 for charge, else 0.
    fn sign(&self, row: usize) -> f64 {
        let modes = self.modes.get_or_init(|| Modes::of(self.frame, None, self.direction).ok().flatten());
        match modes.as_ref().map(|modes| modes.direction(row)) {
            Some(Direction::Discharge) => 1.0,
            Some(Direction::Charge) => -1.0,
            _ => 0.0,
        }
    }
}

fn apart(values: &[f64], flow: &Flow<'_>) -> Option<Disagreement> {
    check_reported(flow.time, flow.rate, flow.runs, flow.side, values, f64::INFINITY).0
}

/// Whether a few instructions a row tell that a counter has all values, never falls inside a step and agrees.
fn is_surely(values: &[f64], flow: &Flow<'_>) -> bool {
    is_surely_near(flow.time, flow.rate, flow.runs, flow.side, values, true, TOLERANCE)
}

fn is_near(apart: Option<Disagreement>) -> bool {
    apart.is_none_or(|d| d.relative <= TOLERANCE)
}

/// How well a counter stands.
enum Standing {
    /// It agrees, or what differs is explained.
    Sure,
    /// Too little can be compared to speak against it. What becomes of it is not told yet.
    Weak(Box<Weak>),
    /// The integral is used.
    Contradicted,
}

/// What there is to tell of a counter that stands or falls with the other one of its pair.
struct Weak {
    verdict: Verdict,
    /// Without its values.
    counted: Counted,
    integrated: Vec<f64>,
    apart: Option<Disagreement>,
}

/// What one look at a counter shows.
#[derive(Default)]
struct Glance {
    /// It has a value in every row and never falls inside a step.
    is_plain: bool,
    /// It agrees with the integral.
    agrees: bool,
}

impl Glance {
    fn of(values: &[f64], flow: &Flow<'_>) -> Self {
        if is_surely(values, flow) {
            return Self { is_plain: true, agrees: true };
        }
        let (apart, falls) =
            check_reported(flow.time, flow.rate, flow.runs, flow.side, values, counter::digits(values));
        Self { is_plain: falls.is_none() && !has_nan(values), agrees: is_near(apart) }
    }
}

/// A power with the direction of the current: some instruments count energy so where the voltage is below 0 V. `None` where it
/// is the same.
fn by_direction(power: &[f64], current: &[f64]) -> Option<Vec<f64>> {
    // A block without a branch at a time.
    let differs = |p: &[f64], i: &[f64]| p.iter().zip(i).map(|(p, i)| u64::from(p * i < 0.0)).sum::<u64>() > 0;
    let ((powers, power_rest), (currents, current_rest)) = (power.as_chunks::<32>(), current.as_chunks::<32>());
    (powers.iter().zip(currents).any(|(p, i)| differs(p, i)) || differs(power_rest, current_rest))
        .then(|| power.iter().zip(current).map(|(p, i)| if *i == 0.0 { *p } else { p.abs() * i.signum() }).collect())
}

/// A counter that one look does not settle.
struct Trial<'a> {
    reported: &'a Reported<'a>,
    other: Option<&'a Reported<'a>>,
    flow: Flow<'a>,
    /// The flow by the direction of the current, where it differs.
    by_current: Option<Flow<'a>>,
    labels: &'a Labels<'a>,
    rounding: Option<Rounding<'a>>,
}

/// How finely the current was printed.
#[derive(Clone, Copy)]
struct Rounding<'a> {
    digit: f64,
    rate: &'a [f64],
    current: Option<&'a [f64]>,
}

impl Rounding<'_> {
    /// Half of the last digit, as a rate: of a power by the voltage at which most of it flows.
    fn half(&self) -> f64 {
        let sum = |values: &[f64]| values.iter().filter(|v| !v.is_nan()).map(|v| v.abs()).sum::<f64>();
        let voltage = self.current.map_or(1.0, |current| sum(self.rate) / sum(current));
        if voltage.is_finite() { self.digit / 2.0 * voltage } else { 0.0 }
    }
}

impl Trial<'_> {
    /// The reported column, or the integral where the file's own rows contradict it.
    fn choose(
        &self,
        is_free: bool,
        integral: impl Fn() -> Vec<f64>,
        told: &Told<'_>,
        notes: &mut Notes,
    ) -> (Vec<f64>, Standing) {
        let Self { reported, other, flow, by_current, labels, rounding } = self;
        let mut counted = reported.count(*other, flow, labels);
        told.tell_repairs(&counted, flow, notes);
        if !is_free {
            told.tell_many_set(&counted, notes);
            return (counted.values, Standing::Sure);
        }
        if counted.falls.count == 0 && is_surely(&counted.values, flow) {
            return (counted.values, Standing::Sure);
        }
        let apart_by = apart(&counted.values, flow);
        if counted.falls.count == 0 && is_near(apart_by) {
            return (counted.values, Standing::Sure);
        }
        if let Some(counted) = count_again(reported, flow, labels) {
            return (counted.values, Standing::Sure);
        }
        let integrated = integral();
        let mut verdict = trial::judge(&counted, flow, stats::rest_threshold(flow.rate));
        if let (Verdict::Contradicted(Why::Steady(sums, _)), Some(rounding)) = (&verdict, rounding) {
            verdict = sums.within(rounding.half()).map_or(verdict, Verdict::Kept);
        }
        if let (Verdict::Contradicted(_), Some(flow)) = (&verdict, by_current) {
            let counted = reported.count(*other, flow, labels);
            let holds = counted.falls.count == 0 && is_near(apart(&counted.values, flow));
            let again = trial::judge(&counted, flow, stats::rest_threshold(flow.rate));
            if holds || matches!(again, Verdict::Kept(_)) {
                verdict = Verdict::Kept(Why::Direction);
                told.tell(&verdict, &counted.values, &integrated, apart_by, notes);
                told.tell_many_set(&counted, notes);
                return (counted.values, Standing::Sure);
            }
        }
        if matches!(verdict, Verdict::Kept(Why::Bounds(_))) {
            let values = std::mem::take(&mut counted.values);
            return (values, Standing::Weak(Box::new(Weak { verdict, counted, integrated, apart: apart_by })));
        }
        told.tell(&verdict, &counted.values, &integrated, apart_by, notes);
        match verdict {
            Verdict::Kept(_) => {
                told.tell_many_set(&counted, notes);
                (counted.values, Standing::Sure)
            }
            Verdict::Contradicted(_) => (integrated, Standing::Contradicted),
        }
    }
}

/// How far the pair is from the integral of `rate`, as it stands and with its labels exchanged; `None` when either column is
/// absent or there is nothing to compare.
pub(super) fn swap_errors(
    frame: &DataFrame,
    quantities: &Quantities,
    rate: &[f64],
    current: &[f64],
) -> Result<Option<(f64, f64)>> {
    let (Some(d), Some(c)) = (reals(frame, quantities.discharge)?, reals(frame, quantities.charge)?) else {
        return Ok(None);
    };
    let (Some(time), Some(runs)) = (reals(frame, Column::Time)?, runs_of(frame, Column::StepCount)?) else {
        return Ok(None);
    };
    let error = |rate: &[f64], side: f64, column: &[f64], other: &[f64]| {
        let flow = Flow { time: &time, rate, runs: &runs, side };
        // A counter that is set back inside a step is compared by what it gained.
        apart(&counter::count(column, Some(other), &flow).values, &flow).map_or(0.0, |d| d.relative)
    };
    let errors = |rate: &[f64], d: &[f64], c: &[f64]| {
        let (d, c) = rayon::join(|| error(rate, 1.0, d, c), || error(rate, -1.0, c, d));
        d.max(c)
    };
    let mut as_is = errors(rate, &d, &c);
    if as_is > TOLERANCE
        && let Some(rate) = by_direction(rate, current)
    {
        as_is = as_is.min(errors(&rate, &d, &c));
    }
    if as_is <= TOLERANCE {
        // Nobody exchanges labels that are right, so how wrong the others would be need not be known.
        return Ok(Some((as_is, f64::INFINITY)));
    }
    if stats::max_abs(&d) == 0.0 && stats::max_abs(&c) == 0.0 {
        return Ok(None);
    }
    Ok(Some((as_is, errors(rate, &c, &d))))
}
