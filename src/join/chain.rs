//! The ends of all pieces so far.

use super::ends::{Ends, Span};
use super::seam::Seam;
use crate::series::Piece;

impl Ends {
    /// The ends of all pieces so far, where the next one follows.
    pub(crate) fn followed_by(self, next: &Self, seam: &Seam) -> Self {
        let both = |a: Option<Span>, b: Option<Span>, by: f64| match (a, b.map(|b| b.shifted(by))) {
            (Some(a), Some(b)) => Some(a.followed_by(b)),
            (a, b) => b.or(a),
        };
        // The time is that of the last piece that has one, in its own origin: the shift is kept beside it.
        let (time, time_shift) = match next.time {
            Some(time) => (Some(time), seam.time_shift),
            None => (self.time, self.time_shift),
        };
        let before = self.piece;
        let piece = Piece {
            channel: next.piece.channel.clone().or(before.channel),
            test: next.piece.test.clone().or(before.test),
            barcode: next.piece.barcode.clone().or(before.barcode),
            start: next.piece.start.or(before.start),
            end: next.piece.end.or(before.end),
            times: next.piece.times.or(before.times),
            records: next.piece.records.or(before.records),
            ..next.piece.clone()
        };
        Self {
            program: next.program,
            interval: next.interval,
            piece,
            time,
            time_shift,
            voltage: both(self.voltage, next.voltage, 0.0),
            step: both(self.step, next.step, seam.steps_by),
            cycle: both(self.cycle, next.cycle, seam.cycles_by),
            step_run: both(self.step_run, next.step_run, seam.step_runs_by),
            step_time: next.step_time,
            counters: next.counters,
            clock_is_utc: next.clock_is_utc,
            facts: next.facts.clone(),
            is_driven: self.is_driven || next.is_driven,
        }
    }
}
