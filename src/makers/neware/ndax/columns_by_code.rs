//! Main files of versions that nobody has a sample of: 6, 7 and 15 (docs/formats/ndax.md#versions-never-seen).

use super::super::records::{Clock, Counters, Records, Scale};
use super::container::Ndc;
use crate::binary::{Scalar, at, local_fields};
use crate::error::{Error, ErrorKind, Place, Result};

/// Columns in the order of [`Records`]: number, step, status, jump, run, cycle, step time, total time, voltage, current, the
/// four counters, stamp.
const COLUMNS: usize = 15;

fn real<T: Into<f64>>(value: Option<T>) -> f64 {
    value.map_or(f64::NAN, Into::into)
}

fn f32_at(record: &[u8], place: usize) -> f64 {
    real(at::<f32>(record, place))
}

pub(super) fn read(main: &Ndc<'_>, step: Option<Ndc<'_>>, scale: &Scale) -> Result<Records> {
    match main.version {
        6 => six(main, step),
        7 => seven(main, scale),
        15 => fifteen(main),
        version => {
            let message = format!("expected a known version of data.ndc, found {version}");
            Err(Error::new(ErrorKind::Unsupported, message).at(Place::Member("data.ndc".to_owned())))
        }
    }
}

fn columns(rows: impl Iterator<Item = [f64; COLUMNS]>) -> [Vec<f64>; COLUMNS] {
    let mut columns: [Vec<f64>; COLUMNS] = Default::default();
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    columns
}

/// Columns without any value do not exist.
fn some(column: Vec<f64>) -> Option<Vec<f64>> {
    (!column.iter().all(|v| v.is_nan())).then_some(column)
}

fn records(columns: [Vec<f64>; COLUMNS], ticks: f64, clock: Clock, signed: bool) -> Records {
    let [number, step, status, jump, run, cycle, step_time, total_time, voltage, current, qc, qd, ec, ed, stamps] =
        columns;
    Records {
        number,
        step,
        status,
        jump: some(jump),
        run: some(run),
        cycle: some(cycle),
        step_time: some(step_time),
        total_time: some(total_time),
        ticks,
        voltage,
        current,
        counters: if signed { Counters::Signed([qc, ec]) } else { Counters::Pairs([qc, qd, ec, ed]) },
        stamps: Some((stamps, clock)),
        channels: Vec::new(),
        beside: Vec::new(),
    }
}

/// 38 bytes in SI units; program step, status and cycle come from the step file.
fn six(main: &Ndc<'_>, step: Option<Ndc<'_>>) -> Result<Records> {
    let step = step.ok_or_else(|| {
        Error::new(
            ErrorKind::Malformed,
            "expected the member data_step.ndc, without which the records have no steps; it is not there",
        )
    })?;
    let steps: Vec<(usize, [f64; 3])> = step
        .records(37)
        .map(|(run, r)| (run, [real(at::<u32>(r, 4)), real(at::<u8>(r, 24)), real(at::<u32>(r, 0)) + 1.0]))
        .collect();
    let row = |(ordinal, r): (usize, &[u8])| {
        let run = at::<u32>(r, 34).unwrap_or(0);
        let found = steps.binary_search_by_key(&(run as usize), |(run, _)| *run).ok().and_then(|i| steps.get(i));
        let [program, status, cycle] = found.map_or([f64::NAN; 3], |(_, step)| *step);
        let milli = |place| f32_at(r, place) * 1e3;
        [
            ordinal as f64,
            program,
            status,
            f64::NAN,
            f64::from(run),
            cycle,
            real(at::<u32>(r, 0)),
            f64::NAN,
            f32_at(r, 5),
            milli(9),
            milli(13),
            milli(17),
            milli(21),
            milli(25),
            real(at::<u32>(r, 30)) * 1e3,
        ]
    };
    Ok(records(columns(main.records(38).map(row)), 1e3, Clock::Utc, false))
}

/// Codes of the columns of version 7 and their widths.
#[rustfmt::skip]
static CODES: &[(i32, usize)] = &[
    (1, 1), (6, 4), (7, 4), (8, 1), (9, 1), (10, 1), (11, 4), (12, 8), (13, 4), (14, 4), (15, 2), (16, 2), (17, 8),
    (18, 8), (19, 8), (20, 8), (21, 7), (28, 4), (29, 8), (51, 8), (52, 8), (53, 2),
];

/// The header page lists the columns of the records.
fn seven(main: &Ndc<'_>, scale: &Scale) -> Result<Records> {
    let (mut places, mut size) = (Vec::new(), 0);
    for k in 0..40 {
        let code = at::<i32>(main.head, 13 + 4 * k).unwrap_or(0);
        if code == 0 {
            break;
        }
        let (_, width) = CODES.iter().find(|(known, _)| *known == code).ok_or_else(|| {
            let message = format!("expected known codes of columns in data.ndc, found {code}");
            Error::new(ErrorKind::Unsupported, message).at(Place::Offset(13 + 4 * k as u64))
        })?;
        places.push((code, size));
        size += width;
    }
    let place = |code: i32| places.iter().find(|(known, _)| *known == code).map(|(_, place)| *place);
    let read = |r: &[u8], code, scalar: Scalar| place(code).and_then(|at| scalar.read(r, at)).unwrap_or(f64::NAN);
    let row = |(_, r): (usize, &[u8])| {
        let range = place(28).and_then(|place| at::<i32>(r, place)).unwrap_or(0);
        // The current is in mA here; the counters follow the range.
        let divisor = scale.divisor(range) * 3600.0;
        let counter = |code| read(r, code, Scalar::I64) / if place(28).is_some() { divisor } else { 3600.0 };
        let stamp = place(21).map_or(f64::NAN, |place| local_fields(r, place));
        let milliseconds = place(53).and_then(|place| at::<u16>(r, place)).map_or(0.0, f64::from);
        [
            read(r, 6, Scalar::U32),
            read(r, 8, Scalar::U8),
            read(r, 9, Scalar::U8),
            read(r, 10, Scalar::U8),
            f64::NAN,
            read(r, 7, Scalar::U32) + 1.0,
            read(r, 12, Scalar::U64),
            f64::NAN,
            read(r, 13, Scalar::I32) / 1e4,
            read(r, 14, Scalar::I32),
            counter(17),
            counter(18),
            counter(19),
            counter(20),
            stamp + milliseconds,
        ]
    };
    Ok(records(columns(main.records(size.max(1)).map(row)), 1e3, Clock::Local, false))
}

/// The header page lists what stands behind the fixed part of a record.
fn fifteen(main: &Ndc<'_>) -> Result<Records> {
    let size =
        at::<u32>(main.head, 516).and_then(|size| usize::try_from(size).ok()).filter(|size| (36..=4096).contains(size));
    let size = size.ok_or_else(|| {
        let message = "expected a record length of 36 to 4096 bytes in the header of data.ndc";
        Error::new(ErrorKind::Malformed, message).at(Place::Offset(516))
    })?;
    let item = |k: usize| {
        let place = 520 + 9 * k;
        Some((at::<i32>(main.head, place)?, at::<u8>(main.head, place + 4)?, at::<i32>(main.head, place + 5)?))
    };
    let items: Vec<(i32, u8, i32)> =
        (0..300).map_while(item).take_while(|(axis, kind, _)| (*axis, *kind) != (0, 0)).collect();
    let place = |axis: i32| {
        let (.., place) = items.iter().find(|(known, ..)| *known == axis)?;
        usize::try_from(*place).ok()
    };
    let pair = |r: &[u8], place: usize| real(at::<u32>(r, place)) * 1e9 + real(at::<u32>(r, place + 4));
    let has_pairs = [5, 6, 8, 9].iter().all(|axis| place(*axis).is_some());
    let row = |(_, r): (usize, &[u8])| {
        let counter = |axis, own: usize| f32_at(r, place(axis).unwrap_or(own)) / 3600.0;
        let (qc, qd) = if has_pairs { (counter(5, 28), counter(6, 28)) } else { (f32_at(r, 28) / 3600.0, f64::NAN) };
        let (ec, ed) = if has_pairs { (counter(8, 32), counter(9, 32)) } else { (f32_at(r, 32) / 3600.0, f64::NAN) };
        let step_time = place(65).map_or(f64::NAN, |place| pair(r, place));
        let stamp = place(15).map_or(f64::NAN, |place| (pair(r, place) / 1e6).round());
        [
            real(at::<u32>(r, 8)),
            real(at::<u8>(r, 2)),
            real(at::<u8>(r, 3)),
            f64::NAN,
            f64::NAN,
            f64::NAN,
            step_time,
            pair(r, 12),
            f32_at(r, 24),
            f32_at(r, 20),
            qc,
            qd,
            ec,
            ed,
            stamp,
        ]
    };
    Ok(records(columns(main.records(size).map(row)), 1e9, Clock::Utc, !has_pairs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted() {
        assert!(CODES.is_sorted_by_key(|(code, _)| *code));
    }
}
