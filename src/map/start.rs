//! When the test began: the wall clock of the first row, with a zone.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::MapOptions;
use super::cells::Cells;
use super::conventions::{Conventions, RowOrder, StartClock};
use super::plan::Plan;
use super::sample::date_order;
use crate::error::{Error, ErrorKind, Result};
use crate::note::{Note, NoteCode, Notes};
use crate::schema::Column;
use crate::table::{RawData, RawTable};
use crate::text::grid::NO_TIME;
use crate::text::timestamp::{self, Civil};
use crate::vocab::Role;
use crate::zone::Zone;

/// The first and the last clock reading of the rows.
#[derive(Debug, Default)]
pub(crate) struct ClockEnds {
    pub(crate) first: Option<Civil>,
    pub(crate) last: Option<Civil>,
    /// Whether the cells show the order of day and month.
    pub(crate) order_is_sure: bool,
}

/// Looks at the ends of the time stamp column.
pub(crate) fn clock_ends(table: &RawTable, conventions: &Conventions, plan: &Plan, cells: &Cells) -> ClockEnds {
    if let Some(first) = cells.absolute_start {
        let last =
            cells.column(Column::Time).and_then(|t| t.iter().rev().copied().find(|t| !t.is_nan())).unwrap_or(0.0);
        let civil = |ms: i64| Some(Civil { milliseconds: ms, has_time: true });
        return ClockEnds { first: civil(first), last: civil(first + (last * 1000.0) as i64), order_is_sure: true };
    }
    if let Some(stamps) = &cells.stamps
        && (conventions.rows != RowOrder::AsWritten || table.grid.is_none())
    {
        let civil = |ms: &i64| Civil { milliseconds: *ms, has_time: true };
        let mut known = stamps.iter().filter(|ms| **ms != NO_TIME);
        let first = known.next().map(civil);
        let last = known.next_back().map(civil).or(first);
        // A single reading may be a whole second by chance.
        let is_coarse = stamps.iter().filter(|ms| **ms != NO_TIME).take(100).all(|ms| ms % 1000 == 0);
        if conventions.start == StartClock::FirstRowLessItsTime && is_coarse && table.start.is_some() {
            return ClockEnds { order_is_sure: true, ..ClockEnds::default() };
        }
        return ClockEnds { first, last, order_is_sure: true };
    }
    let claim = plan.get(Role::Column(Column::Timestamp));
    let (Some(claim), Some(grid)) = (claim, &table.grid) else { return ClockEnds::default() };
    let RawData::Field(field) = table.columns[claim.column].data else { return ClockEnds::default() };
    let (order, order_is_sure) = date_order(table, field);
    let sample = grid.sample(field, 50);
    // A time of day alone has the date of the header.
    let midnight = table.start.map(|hint| hint.civil.milliseconds.div_euclid(86_400_000) * 86_400_000);
    let time_of_day = |cell: &&[u8]| {
        let milliseconds = midnight?.checked_add(timestamp::time_of_day(cell)?)?;
        Some(Civil { milliseconds, has_time: true })
    };
    let parse = |cell: &&[u8]| timestamp::parse_or_number(cell, order).or_else(|| time_of_day(cell));
    ClockEnds { first: sample.first().and_then(parse), last: sample.last().and_then(parse), order_is_sure }
}

/// Offset from UTC in minutes that the first row's clock states; its column is in UTC then.
pub(super) fn stated_offset(table: &RawTable, plan: &Plan, cells: &Cells) -> Option<i16> {
    let grid = table.grid.as_ref()?;
    let column = if cells.absolute_start.is_some() { Column::Time } else { Column::Timestamp };
    let RawData::Field(field) = table.columns.get(plan.get(Role::Column(column))?.column)?.data else { return None };
    grid.sample(field, 5).first().and_then(|cell| timestamp::zone(cell))
}

/// When a test began.
#[derive(Debug)]
pub(crate) struct Start {
    /// ISO 8601 with offset.
    pub(crate) text: String,
    /// Whether only the date is known, so that midnight is shown.
    pub(crate) is_date: bool,
    /// Whether it is the origin of the test time, which the first row may be behind.
    pub(crate) is_origin: bool,
}

impl Start {
    /// The clock of the first row in ms since 1970, where its test time is this, in s.
    pub(crate) fn first_row(&self, time: Option<f64>) -> Option<i64> {
        let start: jiff::Timestamp = self.text.parse().ok().filter(|_| !self.is_date)?;
        let behind = if self.is_origin { (time? * 1000.0).round() as i64 } else { 0 };
        Some(start.as_millisecond().saturating_add(behind))
    }
}

/// The start time.
pub(crate) fn settle(
    table: &RawTable,
    conventions: &Conventions,
    ends: &ClockEnds,
    cells: &Cells,
    options: &MapOptions,
    notes: &mut Notes,
) -> Result<Option<Start>> {
    let first_time = cells.column(Column::Time).and_then(|t| t.iter().copied().find(|t| !t.is_nan())).unwrap_or(0.0);
    let shift = |civil: Civil, seconds: f64| Civil {
        milliseconds: civil.milliseconds.saturating_add((seconds * 1000.0).round() as i64),
        ..civil
    };
    let is_origin = conventions.start == StartClock::FirstRowLessItsTime;
    let (civil, source) = match (ends.first, table.start) {
        (Some(first), _) if conventions.start == StartClock::FirstRowLessItsTime => {
            (shift(first, -first_time), "the first row's clock")
        }
        (Some(first), _) => (first, "the first row's clock"),
        (None, Some(hint)) if hint.is_time_origin && hint.civil.has_time => {
            (shift(hint.civil, first_time), "the header's acquisition start and the first row's time")
        }
        (None, Some(hint)) => (hint.civil, "the header's date of the test"),
        (None, None) => return Ok(None),
    };
    if civil.milliseconds < timestamp::UNSET {
        notes.push(Note::new(
            NoteCode::StartTimeAssumed,
            "the clock was not set (a date before 1998); there is no start time",
        ));
        return Ok(None);
    }
    if let Some(minutes) = table.utc_offset {
        let text = from_utc(civil.milliseconds, minutes, options)?;
        return Ok(Some(Start { text, is_date: !civil.has_time, is_origin }));
    }
    let zone = options.timezone.as_ref().map_or(TimeZone::UTC, Zone::time_zone);
    if options.timezone.is_none() {
        let message =
            format!("start time from {source}, which states no zone: taken as UTC; `--timezone` names the cycler's");
        notes.push(Note::new(NoteCode::StartTimeAssumed, message));
    }
    if !civil.has_time {
        notes.push(Note::new(
            NoteCode::StartTimeAssumed,
            "the start is a date without a time of day: midnight is shown",
        ));
    } else if !ends.order_is_sure && ends.first.is_some() {
        notes.push(Note::new(
            NoteCode::StartTimeAssumed,
            "day and month of the row's dates cannot be told apart; month first was assumed",
        ));
    }
    let datetime =
        jiff::Timestamp::from_millisecond(civil.milliseconds).ok().map(|t| t.to_zoned(TimeZone::UTC).datetime());
    let zoned = datetime.and_then(|d: DateTime| d.to_zoned(zone).ok());
    Ok(zoned.as_ref().map(|zoned| Start { text: text(zoned), is_date: !civil.has_time, is_origin }))
}

/// An instant that the file states in UTC, shown in the caller's zone, else at the cycler's own offset.
fn from_utc(milliseconds: i64, minutes: i16, options: &MapOptions) -> Result<String> {
    let offset = jiff::tz::Offset::from_seconds(i32::from(minutes) * 60).unwrap_or(jiff::tz::Offset::UTC);
    let zone = options.timezone.as_ref().map_or_else(|| TimeZone::fixed(offset), Zone::time_zone);
    let instant = jiff::Timestamp::from_millisecond(milliseconds);
    let instant =
        instant.map_err(|e| Error::new(ErrorKind::Malformed, format!("the start time is out of range: {e}")))?;
    Ok(text(&instant.to_zoned(zone)))
}

fn text(z: &jiff::Zoned) -> String {
    z.strftime(if z.millisecond() == 0 { "%Y-%m-%dT%H:%M:%S%:z" } else { "%Y-%m-%dT%H:%M:%S%.3f%:z" }).to_string()
}
