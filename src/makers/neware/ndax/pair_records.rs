//! Main records of two numbers, voltage and current: versions 8, 9, 11 to 14, 16 and 17
//! (docs/formats/ndax.md#records-of-two-numbers).

use super::container::Ndc;
use crate::binary::{at, in_parts};

/// Places in a record of [`LENGTH`] bytes.
const VOLTAGE: usize = 0;
const CURRENT: usize = 4;
const LENGTH: usize = 8;

/// Pages that one thread takes at once.
const PAGES: usize = 64;

/// What a version stores in which unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Units {
    /// Stored voltage over this is V.
    volts: f64,
    /// Stored current times this is mA.
    milliamperes: f64,
    /// Stored counters of the run information times this, over [`over`](Self::over), are mA.h and mW.h.
    pub(super) counters: f64,
    pub(super) over: f64,
}

/// The units of a version whose records are two numbers; none for others.
pub(super) fn units(version: u8) -> Option<Units> {
    match version {
        14 | 17 | 8 | 12 => Some(Units { volts: 1.0, milliamperes: 1e3, counters: 1e3, over: 1.0 }),
        16 | 9 | 11 | 13 => Some(Units { volts: 1e4, milliamperes: 1.0, counters: 1.0, over: 3600.0 }),
        _ => None,
    }
}

/// Whether a version was seen with data.
pub(super) fn is_verified(version: u8) -> bool {
    matches!(version, 14 | 16 | 17)
}

/// The records of a main file, in its order.
#[derive(Debug, Default)]
pub(super) struct PairRecords {
    /// Ordinals of the slots, which rise.
    pub(super) number: Vec<f64>,
    /// V.
    pub(super) voltage: Vec<f64>,
    /// mA.
    pub(super) current: Vec<f64>,
}

pub(super) fn read(ndc: &Ndc<'_>, units: Units) -> PairRecords {
    let counts = ndc.counts(LENGTH);
    let parts: Vec<usize> = counts.chunks(PAGES).map(|counts| counts.iter().sum()).collect();
    let slots = ndc.slots(LENGTH);
    let columns = in_parts(3, &parts, |part, slices| {
        let [numbers, voltage, current] = slices else { return };
        let mut rows = numbers.iter_mut().zip(voltage.iter_mut()).zip(current.iter_mut());
        for (page, bytes) in ndc.pages().enumerate().skip(part * PAGES).take(PAGES) {
            // The record is asked for first, so that no row is lost where a page ends.
            for ((slot, record), ((n, to_v), to_i)) in ndc.marked(bytes, LENGTH).zip(&mut rows) {
                let real = |place| at::<f32>(record, place).unwrap_or(f32::NAN);
                *n = (page * slots + slot + 1) as f64;
                *to_v = f64::from(real(VOLTAGE)) / units.volts;
                *to_i = f64::from(real(CURRENT)) * units.milliamperes;
            }
        }
    });
    let [number, voltage, current] = <[Vec<f64>; 3]>::try_from(columns).unwrap_or_default();
    PairRecords { number, voltage, current }
}
