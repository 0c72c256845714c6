//! The first and the last row of a piece: what a seam is judged by.

use polars::prelude::DataType;

use crate::error::{Error, Result};
use crate::map::Mapped;
use crate::note::Notes;
use crate::schema::Column;
use crate::series::Piece;
use crate::signal::frame::reals;
use crate::wall_clock::{self, Clocks};
use crate::zone::Zone;

/// First and last known value of a column, and its range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Span {
    pub(super) first: f64,
    pub(super) last: f64,
    pub(super) min: f64,
    pub(super) max: f64,
}

impl Span {
    fn of(values: &[f64]) -> Option<Self> {
        let known = || values.iter().copied().filter(|v| !v.is_nan());
        let (first, last) = (known().next()?, known().next_back()?);
        let (min, max) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
        Some(Self { first, last, min, max })
    }

    pub(super) fn shifted(self, by: f64) -> Self {
        Self { first: self.first + by, last: self.last + by, min: self.min + by, max: self.max + by }
    }

    pub(super) fn followed_by(self, other: Self) -> Self {
        Self { first: self.first, last: other.last, min: self.min.min(other.min), max: self.max.max(other.max) }
    }
}

/// Counters that may begin anew with a piece.
pub(super) const COUNTERS: [Column; 6] = [
    Column::DischargeCapacity,
    Column::ChargeCapacity,
    Column::DischargeEnergy,
    Column::ChargeEnergy,
    Column::Capacity,
    Column::Energy,
];

/// What is known of the ends of a piece, or of all pieces so far.
#[derive(Debug, Clone)]
pub(crate) struct Ends {
    pub(crate) piece: Piece,
    /// Which program of the test it ran, by its name.
    pub(super) program: Option<u32>,
    /// Its time in the file's own origin.
    pub(super) time: Option<Span>,
    /// What was added to the time of the last piece.
    pub(super) time_shift: f64,
    pub(super) voltage: Option<Span>,
    pub(super) step: Option<Span>,
    pub(super) cycle: Option<Span>,
    pub(super) step_run: Option<Span>,
    pub(super) step_time: Option<Span>,
    pub(super) counters: [Option<Span>; 6],
    pub(super) clock_is_utc: bool,
    /// Facts that may differ between pieces: name and value.
    pub(super) facts: Vec<(&'static str, String)>,
    /// Whether any current flows in it.
    pub(super) is_driven: bool,
    /// Mean time between rows, in s.
    pub(super) interval: f64,
}

impl Ends {
    pub(crate) fn of(source: &str, reader: &str, mapped: &Mapped, zone: Option<&Zone>) -> Result<Self> {
        let frame = &mapped.frame;
        let span = |column: Column| -> Result<Option<Span>> { Ok(reals(frame, column)?.and_then(|v| Span::of(&v))) };
        let setup = &mapped.metadata.test_setup;
        let Clock { start, second, end } = clocks(mapped, zone)?;
        let time = reals(frame, Column::Time)?.and_then(|time| without_dips(&time, start.zip(second)));
        let records = span(Column::Record)?.map(|records| (records.first as i64, records.last as i64));
        let piece = Piece {
            source: source.to_owned(),
            part: None,
            maker: setup.cycler.clone().unwrap_or_default(),
            reader: reader.to_owned(),
            channel: setup.channel_number.clone(),
            test: setup.test_name.clone(),
            barcode: setup.barcode_comment.clone(),
            start,
            end,
            times: time.map(|time| (time.first, time.last)),
            records,
            rows: frame.height() as u64,
        };
        let current = reals(frame, Column::Current)?;
        let mut counters = [None; 6];
        for (span_of, column) in counters.iter_mut().zip(COUNTERS) {
            *span_of = span(column)?;
        }
        let facts = [
            ("schedule", mapped.metadata.protocol.name.clone()),
            ("operator", setup.operator.clone()),
            ("test name", setup.test_name.clone()),
        ];
        Ok(Self {
            program: piece.named().map(|named| named.program),
            interval: piece.interval(),
            piece,
            time,
            time_shift: 0.0,
            voltage: span(Column::Voltage)?,
            step: span(Column::StepFromCycler)?,
            cycle: span(Column::CycleFromCycler)?,
            step_run: span(Column::StepRun)?,
            step_time: span(Column::StepTime)?,
            counters,
            clock_is_utc: mapped.clock_is_utc,
            facts: facts.into_iter().filter_map(|(name, fact)| Some((name, fact?))).collect(),
            is_driven: current.is_some_and(|current| current.iter().any(|i| i.abs() > 0.0)),
        })
    }

    pub(crate) fn rows(&self) -> usize {
        self.piece.rows as usize
    }

    pub(super) fn file_name(&self) -> &str {
        self.piece.file_name()
    }
}

/// The time of a piece. Some programs write 0 into the first record of each step (docs/decisions.md#time): it does not stand for
/// the time of the piece, and is mended when the whole is known.
fn without_dips(time: &[f64], clocks: Option<(i64, i64)>) -> Option<Span> {
    let span = Span::of(time)?;
    let mut first = span.first;
    if let (Some(&[zero, next]), Some((start, second))) = (time.get(..2), clocks) {
        let passed = (second - start) as f64 / 1000.0;
        if zero == 0.0 && next - zero > passed + DIP {
            first = next - passed;
        }
    }
    Some(Span { first, last: span.max, ..span })
}

/// A time falls to 0 by more than this, in s, where it is a dip.
const DIP: f64 = 60.0;

/// Instants of the first two rows and of the last, in milliseconds.
#[derive(Default)]
struct Clock {
    start: Option<i64>,
    second: Option<i64>,
    end: Option<i64>,
}

/// By the rows' clock, else by the start and the time since.
fn clocks(mapped: &Mapped, zone: Option<&Zone>) -> Result<Clock> {
    let clocks = Clocks { is_asked: false, is_utc: mapped.clock_is_utc, is_time: false, zone, start: None };
    let frame = &mapped.frame;
    let wanted = [Column::Time.name(), Column::Timestamp.name()];
    let wanted: Vec<&str> = wanted.into_iter().filter(|name| frame.column(name).is_ok()).collect();
    let few = frame.select(wanted).map_err(Error::polars)?;
    if few.height() == 0 {
        return Ok(Clock::default());
    }
    let mut ends = few.head(Some(2)).vstack(&few.tail(Some(1))).map_err(Error::polars)?;
    wall_clock::add(&mut ends, &clocks, &mut Notes::new())?;
    if let Ok(instants) = ends.column(Column::WallClock.name()) {
        let instants = instants.cast(&DataType::Int64).map_err(Error::polars)?;
        let instants = instants.i64().map_err(Error::polars)?;
        let at = |row: usize| instants.get(row).map(|at| at.div_euclid(1000));
        let (first, second, last) = (at(0), at(1).filter(|_| few.height() > 1), at(instants.len() - 1));
        if first.is_some() && last.is_some() {
            return Ok(Clock { start: first, second, end: last });
        }
    }
    // Without a clock beside the rows, or at an end: the start of the file and the time since.
    let start = mapped.first_clock;
    let time = reals(frame, Column::Time)?.and_then(|time| Span::of(&time));
    let took = time.map(|time| ((time.last - time.first) * 1000.0).round() as i64);
    Ok(Clock { start, second: None, end: start.zip(took).map(|(start, took)| start.saturating_add(took)) })
}
