//! Fields of the records of BTS 9, and what becomes of each.

use crate::binary::Scalar::{self, U32};
use crate::binary::{BLOCK, in_blocks, positive_part};
use crate::makers::neware::records::Places;

/// A field of a record and what becomes of it.
pub(super) type Field = (Scalar, usize, Then);

/// Quotients are rounded once, products with a reciprocal twice.
#[derive(Debug, Clone, Copy)]
pub(super) enum Then {
    AsIs,
    /// One more: counted from 0 in the file.
    Next,
    /// Seconds become hours.
    Hours,
    /// Seconds become hours of this sign, as a magnitude.
    Side(f64),
    /// Microseconds become whole milliseconds.
    Milliseconds,
    /// Seconds and, at this place, nanoseconds become nanoseconds.
    Nanoseconds(usize),
    /// Seconds and, at this place, nanoseconds become milliseconds: the nearest, which is at most the next second.
    Stamp(usize),
}

/// Columns of some fields.
pub(super) fn columns(bytes: &[u8], places: &Places, size: usize, fields: &[Field]) -> Vec<Vec<f64>> {
    fn each(values: &mut [f64], f: impl Fn(f64) -> f64) {
        values.iter_mut().for_each(|v| *v = f(*v));
    }
    in_blocks(fields.len(), places.len(), |part, slices| {
        let records = places.records(bytes, part * BLOCK, BLOCK, size);
        let with = |values: &mut [f64], place: usize, f: fn(f64, f64) -> f64| {
            let mut nanos = vec![0.0; values.len()];
            U32.gather(&records, size, place, &mut nanos);
            values.iter_mut().zip(nanos).for_each(|(v, nanos)| *v = f(*v, nanos));
        };
        for (slice, (scalar, place, then)) in slices.iter_mut().zip(fields) {
            scalar.gather(&records, size, *place, slice);
            match *then {
                Then::AsIs => {}
                Then::Next => each(slice, |v| v + 1.0),
                Then::Hours => each(slice, |v| v / 3600.0),
                Then::Side(sign) => each(slice, |v| positive_part(sign * (v / 3600.0))),
                Then::Milliseconds => each(slice, |v| (v / 1e3).round()),
                Then::Nanoseconds(place) => with(slice, place, |s, nanos| s * 1e9 + nanos),
                Then::Stamp(place) => with(slice, place, |s, nanos| s * 1e3 + ((nanos / 1e6 + 0.5) as i64) as f64),
            }
        }
    })
}
