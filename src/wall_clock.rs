//! `Timestamp`: the instant of each row in UTC (docs/schema.md#columns).

use std::ops::Range;

use jiff::tz::{AmbiguousOffset, TimeZone};
use polars::prelude::{
    Column as PolarsColumn, DataFrame, DataType, Int64Chunked, IntoColumn, NewChunkedArray, TimeUnit,
};
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::note::{NoteCode, Notes};
use crate::schema::Column;
use crate::signal::PART;
use crate::signal::frame::{put, reals};
use crate::signal::scan::has_nan;
use crate::text::timestamp::UNSET;
use crate::zone::Zone;

/// What is known of the clocks of a file.
#[derive(Debug)]
pub(crate) struct Clocks<'c> {
    /// Whether the caller wants the column in any case.
    pub(crate) is_asked: bool,
    /// Whether the rows' clock is told in UTC already, because the file states an offset.
    pub(crate) is_utc: bool,
    /// Whether the test time is the rows' clock less the first reading.
    pub(crate) is_time: bool,
    pub(crate) zone: Option<&'c Zone>,
    /// Wall clock of the first row, ISO 8601 with offset.
    pub(crate) start: Option<&'c str>,
}

/// Adds the column where the rows have a clock, and where the caller asks for it. A column of this name that is there stays.
pub(crate) fn add(frame: &mut DataFrame, clocks: &Clocks<'_>, notes: &mut Notes) -> Result<()> {
    if frame.column(Column::WallClock.name()).is_ok() {
        return Ok(());
    }
    let instants = {
        let time = reals(frame, Column::Time)?.unwrap_or_default();
        match stamps(frame)? {
            Some(stamps) => Some(in_utc(&stamps, &time, clocks)),
            None if clocks.is_time || clocks.is_asked => counted(&time, clocks),
            None => None,
        }
    };
    match instants {
        Some(instants) => put(frame, column(instants)),
        None if clocks.is_asked => {
            let message = "no `Timestamp`: the file states neither the clock of its rows nor when the test began";
            notes.say(NoteCode::StartTimeAssumed, message);
            Ok(())
        }
        None => Ok(()),
    }
}

/// The rows' clock as it was written, in ms; `None` without one that was set.
fn stamps(frame: &DataFrame) -> Result<Option<Int64Chunked>> {
    let Ok(column) = frame.column(Column::Timestamp.name()) else { return Ok(None) };
    let values = column.cast(&DataType::Int64).map_err(Error::polars)?;
    let values = values.i64().map_err(Error::polars)?;
    Ok(values.iter().flatten().next().is_some_and(|first| first >= UNSET).then(|| values.clone()))
}

/// The start and the test time, in µs.
fn counted(time: &[f64], clocks: &Clocks<'_>) -> Option<Int64Chunked> {
    let start = clocks.start?.parse::<jiff::Timestamp>().ok()?.as_microsecond();
    let first = time.iter().copied().find(|t| !t.is_nan())?;
    let at = |t: &f64| start.saturating_add(((t - first) * 1e6).round() as i64);
    let validity = has_nan(time).then(|| time.iter().map(|t| !t.is_nan()).collect());
    let instants = time.par_iter().with_min_len(PART).map(at).collect();
    Some(Int64Chunked::from_vec_validity(Column::WallClock.name().into(), instants, validity))
}

/// What a clock can mean for a while: one offset, or one of two while it is turned back.
#[derive(Clone, Copy)]
enum Offset {
    One(i64),
    Either(i64, i64),
}

/// Time in which no zone changes its offset: a quarter of an hour, in ms.
const WHILE: i64 = 900_000;

/// Local readings in ms as instants in µs.
fn in_utc(stamps: &Int64Chunked, time: &[f64], clocks: &Clocks<'_>) -> Int64Chunked {
    let zone = clocks.zone.filter(|_| !clocks.is_utc).map_or(TimeZone::UTC, Zone::time_zone);
    if let (true, Ok(stamps)) = (zone == TimeZone::UTC, stamps.cont_slice()) {
        let instants = stamps.par_iter().with_min_len(PART).map(|stamp| stamp.saturating_mul(1000)).collect();
        return Int64Chunked::from_vec(Column::WallClock.name().into(), instants);
    }
    let mut local = Local { zone, time, known: 0..0, offset: Offset::One(0), before: None };
    match stamps.cont_slice() {
        Ok(stamps) => Int64Chunked::from_vec(Column::WallClock.name().into(), local.instants(stamps)),
        Err(_) => {
            let instants = stamps.iter().enumerate().map(|(row, stamp)| Some(local.instant(row, stamp?)));
            Int64Chunked::from_iter_options(Column::WallClock.name().into(), instants)
        }
    }
}

/// A clock on a wall, row after row.
struct Local<'t> {
    zone: TimeZone,
    time: &'t [f64],
    /// Readings, in ms, for which `offset` is known.
    known: Range<i64>,
    offset: Offset,
    /// The row before and its instant in ms.
    before: Option<(usize, i64)>,
}

impl Local<'_> {
    /// The instants of all rows. Rows follow each other within the while of one offset: they are told together.
    fn instants(&mut self, stamps: &[i64]) -> Vec<i64> {
        let mut instants = Vec::new();
        instants.reserve_exact(stamps.len());
        while let Some(stamp) = stamps.get(instants.len()) {
            let row = instants.len();
            instants.push(self.instant(row, *stamp));
            let Offset::One(offset) = self.offset else { continue };
            let is_plain = self.known.end.saturating_sub(offset).checked_mul(1000).is_some()
                && self.known.start.saturating_sub(offset).checked_mul(1000).is_some();
            let rest = &stamps[row + 1..];
            // One comparison: what lies before the start wraps around to more than any while.
            let start = self.known.start;
            let is_known = |stamp: &&i64| (stamp.wrapping_sub(start) as u64) < WHILE as u64;
            let length = if is_plain { rest.iter().take_while(is_known).count() } else { 0 };
            if let Some(last) = rest[..length].last() {
                instants.extend(rest[..length].iter().map(|stamp| (stamp - offset) * 1000));
                self.before = Some((row + length, last - offset));
            }
        }
        instants
    }

    /// The instant of a row in µs. An hour that comes twice is told by the test time: the reading is meant that lies nearer to
    /// where the row before and the time between them say.
    fn instant(&mut self, row: usize, stamp: i64) -> i64 {
        if !self.known.contains(&stamp) {
            let from = stamp.div_euclid(WHILE).saturating_mul(WHILE);
            self.known = from..from.saturating_add(WHILE);
            self.offset = offset_of(&self.zone, stamp);
        }
        let utc = match self.offset {
            Offset::One(offset) => stamp.saturating_sub(offset),
            Offset::Either(first, second) => self.nearer(row, stamp, first, second),
        };
        self.before = Some((row, utc));
        utc.saturating_mul(1000)
    }

    fn nearer(&self, row: usize, stamp: i64, first: i64, second: i64) -> i64 {
        let expected = self.before.map(|(last, at)| {
            let passed = self.time.get(row).zip(self.time.get(last)).map_or(0.0, |(b, a)| b - a);
            at + if passed.is_nan() { 0 } else { (passed * 1000.0) as i64 }
        });
        let away = |offset: i64| expected.map_or(0, |expected| (stamp - offset - expected).abs());
        stamp - if away(second) < away(first) { second } else { first }
    }
}

fn offset_of(zone: &TimeZone, stamp: i64) -> Offset {
    let milliseconds = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * 1000;
    let civil = jiff::Timestamp::from_millisecond(stamp).map(|at| at.to_zoned(TimeZone::UTC).datetime());
    match civil.map(|civil| zone.to_ambiguous_timestamp(civil).offset()) {
        Ok(AmbiguousOffset::Unambiguous { offset }) => Offset::One(milliseconds(offset)),
        // A reading that no clock of this zone shows: it was not set forward.
        Ok(AmbiguousOffset::Gap { before, .. }) => Offset::One(milliseconds(before)),
        Ok(AmbiguousOffset::Fold { before, after }) => Offset::Either(milliseconds(before), milliseconds(after)),
        Err(_) => Offset::One(0),
    }
}

/// UTC without saying so: a frame with a zone cannot be printed without the zones of polars. Files say it.
fn column(instants: Int64Chunked) -> PolarsColumn {
    instants.into_datetime(TimeUnit::Microseconds, None).into_column()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clocks(zone: Option<&Zone>) -> Clocks<'_> {
        Clocks { is_asked: false, is_utc: false, is_time: false, zone, start: None }
    }

    fn utc(stamps: &[Option<i64>], time: &[f64], clocks: &Clocks<'_>) -> Vec<Option<i64>> {
        in_utc(&Int64Chunked::from_slice_options("".into(), stamps), time, clocks).iter().collect()
    }

    fn at(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn an_hour_that_comes_twice_is_told_by_the_test_time() {
        // Berlin turns its clocks back at 01:00 UTC on 27 October 2024: 02:30 is 00:30 UTC, then 01:30 UTC.
        let zone: Zone = "Europe/Berlin".parse().unwrap();
        let local = ["2024-10-27T01:30:00Z", "2024-10-27T02:30:00Z", "2024-10-27T02:30:00Z", "2024-10-27T03:30:00Z"];
        let stamps: Vec<Option<i64>> = local.iter().map(|text| Some(at(text))).collect();
        let got = utc(&stamps, &[0.0, 3600.0, 7200.0, 10_800.0], &clocks(Some(&zone)));
        let start = at("2024-10-26T23:30:00Z") * 1000;
        assert_eq!(got, [0, 1, 2, 3].map(|hour| Some(start + hour * 3_600_000_000)));
        // Half a second apart all through the night, as one column and with a row without a clock, which goes row by row.
        let rows = 0..60_000i64;
        let time: Vec<f64> = rows.clone().map(|row| row as f64 / 2.0).collect();
        let local = |row: i64| at("2024-10-27T01:30:00Z") + row * 500 - if row < 10_800 { 0 } else { 3_600_000 };
        let want: Vec<Option<i64>> = rows.clone().map(|row| Some(start + row * 500_000)).collect();
        let mut stamps: Vec<Option<i64>> = rows.map(|row| Some(local(row))).collect();
        assert!(utc(&stamps, &time, &clocks(Some(&zone))) == want);
        stamps[59_999] = None;
        assert!(utc(&stamps, &time, &clocks(Some(&zone)))[..59_999] == want[..59_999]);
    }

    #[test]
    fn a_clock_that_states_its_offset_and_one_without_a_zone_are_utc() {
        let zone: Zone = "Europe/Berlin".parse().unwrap();
        let stamps = [Some(at("2024-07-01T12:00:00Z")), None];
        let in_utc = Clocks { is_utc: true, ..clocks(Some(&zone)) };
        assert_eq!(utc(&stamps, &[], &in_utc), [Some(at("2024-07-01T12:00:00Z") * 1000), None]);
        assert_eq!(utc(&stamps, &[], &clocks(None)), utc(&stamps, &[], &in_utc));
        let whole = utc(&[Some(1), Some(-2), Some(i64::MAX)], &[], &clocks(None));
        assert_eq!(whole, [Some(1000), Some(-2000), Some(i64::MAX)]);
        assert_eq!(utc(&stamps, &[], &clocks(Some(&zone)))[0], Some(at("2024-07-01T10:00:00Z") * 1000));
    }

    #[test]
    fn without_a_clock_the_start_and_the_time_tell() {
        let asked = Clocks { is_asked: true, start: Some("2024-03-01T08:00:00+01:00"), ..clocks(None) };
        let got: Vec<Option<i64>> = counted(&[0.0, 0.5, f64::NAN], &asked).unwrap().iter().collect();
        let start = at("2024-03-01T07:00:00Z") * 1000;
        assert_eq!(got, [Some(start), Some(start + 500_000), None]);
    }
}
