//! Version 7: the header page lists the columns of the records by code (docs/formats/ndax.md#versions-never-seen).

use super::container::Ndc;
use super::rows::{self, Meant, Row};
use crate::binary::{Scalar, at, local_fields};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::makers::neware::records::{Clock, Records, Scale};

/// Where the list begins in the header page, and how long it can be.
const LIST: usize = 13;
const LONGEST: usize = 40;

const NUMBER: i32 = 6;
const CYCLE: i32 = 7;
const STEP: i32 = 8;
const STATUS: i32 = 9;
const JUMP: i32 = 10;
const STEP_TIME: i32 = 12;
const VOLTAGE: i32 = 13;
const CURRENT: i32 = 14;
/// Charge and discharge capacity, charge and discharge energy.
const COUNTERS: [i32; 4] = [17, 18, 19, 20];
const CLOCK: i32 = 21;
const RANGE: i32 = 28;
const MILLISECONDS: i32 = 53;

/// Codes and the widths of their columns.
#[rustfmt::skip]
static WIDTHS: &[(i32, usize)] = &[
    (1, 1), (NUMBER, 4), (CYCLE, 4), (STEP, 1), (STATUS, 1), (JUMP, 1), (11, 4), (STEP_TIME, 8), (VOLTAGE, 4),
    (CURRENT, 4), (15, 2), (16, 2), (17, 8), (18, 8), (19, 8), (20, 8), (CLOCK, 7), (RANGE, 4), (29, 8), (51, 8), (52, 8),
    (MILLISECONDS, 2),
];

/// The columns of a file: their codes and places in a record, and the record's length.
struct Columns {
    places: Vec<(i32, usize)>,
    size: usize,
}

impl Columns {
    fn of(head: &[u8]) -> Result<Self> {
        let mut columns = Self { places: Vec::new(), size: 0 };
        for k in 0..LONGEST {
            let code = at::<i32>(head, LIST + 4 * k).unwrap_or(0);
            if code == 0 {
                break;
            }
            let (_, width) = WIDTHS.iter().find(|(known, _)| *known == code).ok_or_else(|| {
                let message = format!("expected known codes of columns in data.ndc, found {code}");
                Error::new(ErrorKind::Unsupported, message).at(Place::Offset((LIST + 4 * k) as u64))
            })?;
            columns.places.push((code, columns.size));
            columns.size += width;
        }
        Ok(columns)
    }

    fn place(&self, code: i32) -> Option<usize> {
        self.places.iter().find(|(known, _)| *known == code).map(|(_, place)| *place)
    }

    fn number(&self, record: &[u8], code: i32, scalar: Scalar) -> f64 {
        self.place(code).and_then(|place| scalar.read(record, place)).unwrap_or(f64::NAN)
    }

    fn row(&self, r: &[u8], scale: &Scale) -> Row {
        let range = self.place(RANGE).map(|place| at::<i32>(r, place).unwrap_or(0));
        // The current is in mA here; the counters follow the range.
        let over = range.map_or(3600.0, |range| scale.divisor(range) * 3600.0);
        let clock = self.place(CLOCK).map_or(f64::NAN, |place| local_fields(r, place));
        let milliseconds = self.place(MILLISECONDS).and_then(|place| at::<u16>(r, place)).map_or(0.0, f64::from);
        Row {
            number: self.number(r, NUMBER, Scalar::U32),
            step: self.number(r, STEP, Scalar::U8),
            status: self.number(r, STATUS, Scalar::U8),
            jump: self.number(r, JUMP, Scalar::U8),
            cycle: self.number(r, CYCLE, Scalar::U32) + 1.0,
            step_time: self.number(r, STEP_TIME, Scalar::U64),
            voltage: self.number(r, VOLTAGE, Scalar::I32) / 1e4,
            current: self.number(r, CURRENT, Scalar::I32),
            counters: COUNTERS.map(|code| self.number(r, code, Scalar::I64) / over),
            clock: clock + milliseconds,
            ..Row::NONE
        }
    }
}

pub(super) fn read(main: &Ndc<'_>, scale: &Scale) -> Result<Records> {
    let columns = Columns::of(main.head)?;
    let found: Vec<Row> = main.records(columns.size.max(1)).map(|(_, record)| columns.row(record, scale)).collect();
    Ok(rows::records(&found, Meant { ticks: 1e3, clock: Clock::Local, is_signed: false }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted() {
        assert!(WIDTHS.is_sorted_by_key(|(code, _)| *code));
    }
}
