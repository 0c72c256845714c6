//! What a list of many measurements shows of one.

use polars::prelude::DataFrame;

use crate::bundle::Overview;
use crate::error::Result;
use crate::schema::{Column, MeasurementMetadata};
use crate::signal;
use crate::signal::frame::reals_by_name;
use crate::signal::stats;

/// Of what the largest cycle charged or discharged a cycle needs this much to have done so at all.
const SOME: f64 = 0.01;

/// What the last cycle of a test has to reach, of what the one before reached, to count as complete when nothing follows.
const MOST: f64 = 0.98;

pub(crate) fn of(
    frame: &DataFrame,
    steps: &DataFrame,
    cycles: &DataFrame,
    metadata: &MeasurementMetadata,
) -> Result<Overview> {
    let time = signal::reals(frame, Column::Time)?;
    let duration_seconds = time.as_deref().and_then(|time| {
        let mut known = time.iter().copied().filter(|t| !t.is_nan());
        let first = known.next()?;
        Some(known.next_back().unwrap_or(first) - first)
    });
    let [min_voltage, max_voltage] = range(steps, "Min voltage [V]", "Max voltage [V]")?;
    let [min_current, max_current] = range(steps, "Min current [A]", "Max current [A]")?;
    let discharged = signal::reals(cycles, Column::DischargeCapacity)?.unwrap_or_default();
    let charged = signal::reals(cycles, Column::ChargeCapacity)?.unwrap_or_default();
    let complete = complete(&discharged, &charged, steps)?;
    let at = |values: &[f64], cycle: Option<&usize>| cycle.and_then(|cycle| values.get(*cycle)).copied();
    let setup = &metadata.test_setup;
    Ok(Overview {
        name: Some(metadata.name.clone()),
        maker: None,
        start_time: metadata.start_time.clone(),
        end_time: end(metadata, duration_seconds),
        duration_seconds,
        first_discharge_capacity: at(&discharged, complete.first()),
        last_discharge_capacity: at(&discharged, complete.last()),
        first_charge_capacity: at(&charged, complete.first()),
        last_charge_capacity: at(&charged, complete.last()),
        min_voltage,
        max_voltage,
        min_current,
        max_current,
        test_name: setup.test_name.clone(),
        channel: setup.channel_number.clone(),
        schedule: metadata.protocol.name.clone(),
        operator: setup.operator.clone(),
        barcode: setup.barcode_comment.clone(),
        voltage_outline: None,
    })
}

/// The smallest of the one and the largest of the other column of the steps.
fn range(steps: &DataFrame, low: &str, high: &str) -> Result<[Option<f64>; 2]> {
    let of = |name: &str, statistic: fn(&[f64]) -> f64| -> Result<Option<f64>> {
        Ok(reals_by_name(steps, name)?.map(|values| statistic(&values)).filter(|value| !value.is_nan()))
    };
    Ok([of(low, stats::min)?, of(high, stats::max)?])
}

/// The wall clock of the last row: the start and how long it took.
fn end(metadata: &MeasurementMetadata, duration: Option<f64>) -> Option<String> {
    let start = metadata.start_time.as_deref()?;
    // With the offset that the start is told with.
    let offset = jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%:z", start).ok()?.offset()?;
    let start: jiff::Timestamp = start.parse().ok()?;
    let milliseconds = (duration? * 1000.0).round() as i64;
    let end = start.checked_add(jiff::SignedDuration::from_millis(milliseconds)).ok()?;
    let end = end.to_zoned(jiff::tz::TimeZone::fixed(offset));
    Some(
        end.strftime(if end.millisecond() == 0 { "%Y-%m-%dT%H:%M:%S%:z" } else { "%Y-%m-%dT%H:%M:%S%.3f%:z" })
            .to_string(),
    )
}

/// The cycles that charged and discharged, without a last one that was cut.
fn complete(discharged: &[f64], charged: &[f64], steps: &DataFrame) -> Result<Vec<usize>> {
    let largest = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    let (most_out, most_in) = (largest(discharged), largest(charged));
    let did = |cycle: &usize| {
        let has = |values: &[f64], most: f64| most > 0.0 && values.get(*cycle).is_some_and(|q| *q >= SOME * most);
        has(discharged, most_out) && has(charged, most_in)
    };
    let mut complete: Vec<usize> = (0..discharged.len()).filter(did).collect();
    let (Some(last), before) = (complete.last().copied(), complete.iter().rev().nth(1).copied()) else {
        return Ok(complete);
    };
    let is_end = last + 1 == discharged.len();
    if let (true, Some(before)) = (is_end, before) {
        let reaches = |values: &[f64]| values.get(last).zip(values.get(before)).is_some_and(|(a, b)| *a >= MOST * b);
        let is_as_far = reaches(discharged) && reaches(charged);
        if !is_as_far && !rests_at_its_end(steps)? {
            complete.pop();
        }
    }
    Ok(complete)
}

/// Whether the test went on after the last step with a current.
fn rests_at_its_end(steps: &DataFrame) -> Result<bool> {
    let current = reals_by_name(steps, "Mean current [A]")?.unwrap_or_default();
    let most = stats::max_abs(&current);
    Ok(current.last().is_some_and(|i| i.abs() <= 1e-3 * most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::df;

    fn of(discharged: &[f64], charged: &[f64], last: f64) -> Vec<usize> {
        complete(discharged, charged, &df!("Mean current [A]" => [2.0, last]).unwrap()).unwrap()
    }

    #[test]
    fn a_cycle_is_complete_when_it_did_both_and_the_test_went_on() {
        // The first only charges (formation), the last is cut in its discharge.
        assert_eq!(of(&[0.001, 2.0, 1.9, 0.7], &[2.1, 2.0, 1.9, 1.8], 2.0), [1, 2]);
        assert_eq!(of(&[2.0, 1.9, 0.7], &[2.0, 1.9, 1.8], 0.0), [0, 1, 2], "a rest follows");
        assert_eq!(of(&[2.0, 1.99], &[2.0, 1.99], 2.0), [0, 1], "as far as the one before");
        assert_eq!(of(&[2.0], &[2.0], 2.0), [0], "nothing to compare with");
        assert_eq!(of(&[2.0, 2.0], &[0.0, 0.0], 2.0), Vec::<usize>::new());
    }

    #[test]
    fn the_end_is_told_with_the_offset_of_the_start() {
        let start_time = Some("2024-03-01T08:00:00+01:00".into());
        let metadata = MeasurementMetadata { start_time, ..MeasurementMetadata::default() };
        assert_eq!(end(&metadata, Some(3600.25)).as_deref(), Some("2024-03-01T09:00:00.250+01:00"));
        assert_eq!(end(&metadata, None), None);
    }
}
