//! Values that no cycler measures.

use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::signal::frame::put;
use crate::signal::{PART, real_series, reals};

/// Largest magnitudes that an instrument measures: volts, amperes, a hundred years, a million ampere-hours, 10 GHz, 1 PΩ.
static LARGEST: &[(Column, f64)] = &[
    (Column::Voltage, 2000.0),
    (Column::Current, 10_000.0),
    (Column::Time, 100.0 * 365.25 * 86_400.0),
    (Column::DischargeCapacity, 1e6),
    (Column::ChargeCapacity, 1e6),
    (Column::Frequency, 1e10),
    (Column::ZRe, 1e15),
    (Column::ZIm, 1e15),
];

/// Temperatures that a sensor at a cell can have.
const TEMPERATURES: std::ops::RangeInclusive<f64> = -100.0..=300.0;

/// How many values are so; counted on all threads.
fn count(values: &[f64], is: impl Fn(&f64) -> bool + Sync) -> usize {
    let count = |part: &[f64]| part.iter().map(|v| usize::from(is(v))).sum::<usize>();
    values.par_chunks(PART).map(count).sum()
}

/// Blanks impossible temperatures with a note; refuses other impossible values unless they are allowed.
pub(super) fn gate(mut frame: DataFrame, allowed: &[NoteCode], notes: &mut Notes) -> Result<DataFrame> {
    for (column, largest) in LARGEST {
        let Some(values) = reals(&frame, *column)? else { continue };
        // NaN is a null here, not a value.
        let outside = |v: &f64| v.abs() > *largest;
        let count = count(&values, outside);
        if count == 0 {
            continue;
        }
        let row = values.iter().position(outside).unwrap_or_default();
        let message = format!(
            "{:?}: {count} value(s) beyond ±{largest}, which no cycler measures, the first {}",
            column.name(),
            values[row]
        );
        if !allowed.contains(&NoteCode::ImplausibleValues) {
            let message = format!(
                "expected values that a cycler can measure, found {message}; `--allow implausible_values` takes them"
            );
            return Err(Error::new(ErrorKind::Implausible, message).at(Place::Row(row as u64)));
        }
        notes.push(Note::new(NoteCode::ImplausibleValues, message).count(count).at(Place::Row(row as u64)));
    }
    let names: Vec<String> = frame.get_column_names().iter().map(|n| n.to_string()).collect();
    for name in names.iter().filter(|name| name.ends_with("[degC]")) {
        let Some(values) = crate::signal::frame::reals_by_name(&frame, name)? else { continue };
        let outside = |v: &f64| !v.is_nan() && !TEMPERATURES.contains(v);
        let count = count(&values, outside);
        if count == 0 {
            continue;
        }
        let row = values.iter().position(outside).unwrap_or_default();
        let message = format!("{name:?}: {count} value(s) outside −100…300 °C became null, the first {}", values[row]);
        notes.push(Note::new(NoteCode::ImplausibleValues, message).count(count).at(Place::Row(row as u64)));
        let kept = values.iter().map(|v| if outside(v) { f64::NAN } else { *v }).collect();
        put(&mut frame, real_series(name, kept))?;
    }
    Ok(frame)
}
