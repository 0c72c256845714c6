//! What a frame of the schema lacks is made; what it has stays as it is.

use polars::prelude::DataFrame;

use super::{
    CapacitySource, PipelineOptions, ShortSteps, derive_impedance_components, join_short_steps, reset_time,
    set_capacity, set_cycle_count, set_energy, set_power, set_step_count,
};
use crate::error::Result;
use crate::note::Notes;
use crate::schema::Column;
use crate::signal::frame::put;

/// Adds the counts, counters and the power that are not there. What the caller asks for besides is done: steps of one row,
/// times that run backwards, capacities from integrals.
///
/// # Errors
/// Those of the transforms.
pub(crate) fn complete(mut frame: DataFrame, options: &PipelineOptions, notes: &mut Notes) -> Result<DataFrame> {
    let has = |frame: &DataFrame, column: Column| frame.column(column.name()).is_ok();
    if options.time.offset_fix.is_some() {
        frame = reset_time(frame, &options.time, notes)?;
    }
    if !has(&frame, Column::StepCount) {
        frame = set_step_count(frame, &options.steps)?;
    }
    if !has(&frame, Column::CycleCount) {
        frame = set_cycle_count(frame)?;
    }
    frame = derive_impedance_components(frame)?;
    if options.short_steps == ShortSteps::Join {
        frame = join_short_steps(frame, notes)?;
    }
    for (charge, discharge, is_energy) in [
        (Column::ChargeCapacity, Column::DischargeCapacity, false),
        (Column::ChargeEnergy, Column::DischargeEnergy, true),
    ] {
        let kept: Vec<_> = [charge, discharge].iter().filter_map(|c| frame.column(c.name()).ok().cloned()).collect();
        let is_asked = options.accumulate.source == CapacitySource::Integrated;
        if kept.len() == 2 && !is_asked {
            continue;
        }
        frame = if is_energy {
            set_energy(frame, &options.accumulate, notes)?
        } else {
            set_capacity(frame, &options.accumulate, notes)?
        };
        if !is_asked {
            kept.into_iter().try_for_each(|column| put(&mut frame, column))?;
        }
    }
    if has(&frame, Column::Power) { Ok(frame) } else { set_power(frame) }
}
