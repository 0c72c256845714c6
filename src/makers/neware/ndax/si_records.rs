//! Version 6: records of 38 bytes in V, A, A.h and W.h, whose steps stand in a list (docs/formats/ndax.md#versions-never-seen).

use super::container::Ndc;
use super::rows::{self, Meant, Row, real};
use super::step_list::StepList;
use crate::binary::at;
use crate::error::{Error, ErrorKind, Result};
use crate::makers::neware::records::{Clock, Records};

/// Places in a record of [`LENGTH`] bytes.
const STEP_TIME: usize = 0;
const VOLTAGE: usize = 5;
const CURRENT: usize = 9;
/// Charge and discharge capacity, charge and discharge energy.
const COUNTERS: [usize; 4] = [13, 17, 21, 25];
const CLOCK: usize = 30;
const RUN: usize = 34;
const LENGTH: usize = 38;

pub(super) fn read(main: &Ndc<'_>, step: Option<Ndc<'_>>) -> Result<Records> {
    let step = step.ok_or_else(|| {
        let message = "expected the member data_step.ndc, without which the records have no steps; it is not there";
        Error::new(ErrorKind::Malformed, message)
    })?;
    let steps = StepList::read(&step).by_run();
    let row = |(ordinal, r): (usize, &[u8])| {
        let run = at::<u32>(r, RUN).unwrap_or(0);
        let found = steps.binary_search_by_key(&u64::from(run), |step| step.run as u64);
        let step = found.ok().and_then(|index| steps.get(index));
        let milli = |place| real(at::<f32>(r, place)) * 1e3;
        Row {
            number: ordinal as f64,
            step: step.map_or(f64::NAN, |step| step.program),
            status: step.map_or(f64::NAN, |step| step.status),
            run: f64::from(run),
            cycle: step.map_or(f64::NAN, |step| step.cycle),
            step_time: real(at::<u32>(r, STEP_TIME)),
            voltage: real(at::<f32>(r, VOLTAGE)),
            current: milli(CURRENT),
            counters: COUNTERS.map(milli),
            clock: real(at::<u32>(r, CLOCK)) * 1e3,
            ..Row::NONE
        }
    };
    let found: Vec<Row> = main.records(LENGTH).map(row).collect();
    Ok(rows::records(&found, Meant { ticks: 1e3, clock: Clock::Utc, is_signed: false }))
}
