//! docs/validator.md#start-and-end.

use jiff::Timestamp;

use super::{Context, Issues, Result, ValidationIssue, rule};
use crate::error::{Error, ErrorKind};
use crate::issue::{IssueCode, Payload};
use crate::signal::stats;

rule! {
    /// **What it finds.** A start time that has not come yet.
    ///
    /// **Why it matters.** The cycler's clock or the zone is wrong.
    ///
    /// **What to do.** Give the right `timezone`, or correct the start time.
    START_FUTURE = StartTimeInFuture, Warning, None, "start-and-end";
    /// **What it finds.** An end time that has not come yet.
    ///
    /// **Why it matters.** The cycler's clock or the zone is wrong.
    ///
    /// **What to do.** Give the right `timezone`, or correct the end time.
    END_FUTURE = EndTimeInFuture, Warning, None, "start-and-end";
    /// **What it finds.** The end time is before the start time.
    ///
    /// **Why it matters.** One of them belongs to another test.
    ///
    /// **What to do.** Check both against the file's header.
    END_BEFORE_START = EndTimeBeforeStartTime, Warning, None, "start-and-end";
    /// **What it finds.** The wall clock between start and end differs from the span of `Time [s]` by more than a minute and
    /// more than 5 %.
    ///
    /// **Why it matters.** The time column has another unit, or the test was paused.
    ///
    /// **What to do.** Check the unit of the file's time column; a paused test is fine.
    DURATION = DurationMismatch, Warning, None, "start-and-end";
}

/// An instant that an option names.
pub(in crate::validate) fn instant(text: Option<&str>, name: &str) -> Result<Option<Timestamp>> {
    let Some(text) = text else { return Ok(None) };
    let parsed = text.parse().map_err(|_| {
        let message = format!("expected {name} as ISO 8601 with offset such as 2024-03-01T08:00:00Z, found {text:?}");
        Error::new(ErrorKind::Options, message)
    });
    parsed.map(Some)
}

pub(in crate::validate) fn run(context: &Context<'_>, issues: &mut Issues) -> Result<()> {
    let start = instant(context.options.start_time.as_deref(), "start time")?;
    let end = instant(context.options.end_time.as_deref(), "end time")?;
    let now = Timestamp::now();
    let mut warn = |code, payload, message: String| issues.push(ValidationIssue::warning(code, payload, message));
    if let Some(start) = start.filter(|t| *t > now) {
        let payload = Payload::StartTime { start_time: start.to_string() };
        warn(
            IssueCode::StartTimeInFuture,
            payload,
            format!("the start time {start} is in the future; check clock and zone"),
        );
    }
    if let Some(end) = end.filter(|t| *t > now) {
        let payload = Payload::EndTime { end_time: end.to_string() };
        warn(IssueCode::EndTimeInFuture, payload, format!("the end time {end} is in the future; check clock and zone"));
    }
    let (Some(start), Some(end)) = (start, end) else { return Ok(()) };
    if end < start {
        let payload = Payload::Times { start_time: start.to_string(), end_time: end.to_string() };
        warn(
            IssueCode::EndTimeBeforeStartTime,
            payload,
            format!("the end time {end} is before the start time {start}"),
        );
        return Ok(());
    }
    let time = context.time.as_deref().unwrap_or_default();
    let span = stats::max(time) - stats::min(time);
    let wall = end.duration_since(start).as_secs_f64();
    let tolerance = 60f64.max(0.05 * span);
    if (wall - span).abs() > tolerance {
        let payload =
            Payload::Duration { wall_clock_seconds: wall, data_span_seconds: span, tolerance_seconds: tolerance };
        warn(IssueCode::DurationMismatch, payload, format!("the wall clock says {wall} s, the data span {span} s"));
    }
    Ok(())
}
