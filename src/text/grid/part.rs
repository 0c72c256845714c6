//! The columns' vectors while they are filled: all threads take the next piece of the body and the places of its rows.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::super::held::BLOCK;
use super::feed::{Fed, Feed, count_lines};
use super::lane::Slot;
use super::piece::{PieceOut, Reading};
use super::{Grid, Want};
use crate::error::{Error, Result};
use crate::limits::Limits;

/// A column's vector.
pub(super) enum Column {
    Number(Vec<f64>),
    Code(Vec<u32>),
    Time(Vec<i64>),
}

impl Column {
    /// Memory that nobody has touched yet costs nothing.
    fn zeroed(want: Want, rows: usize) -> Self {
        match want {
            Want::Number | Want::Duration { .. } => Self::Number(vec![0.0; rows]),
            Want::Label => Self::Code(vec![0; rows]),
            Want::Timestamp(_) => Self::Time(vec![0; rows]),
        }
    }

    fn slot(&mut self) -> Slot<'_> {
        match self {
            Self::Number(v) => Slot::Number(v),
            Self::Code(v) => Slot::Code(v),
            Self::Time(v) => Slot::Time(v),
        }
    }

    fn truncate(&mut self, rows: usize) {
        match self {
            Self::Number(v) => v.truncate(rows),
            Self::Code(v) => v.truncate(rows),
            Self::Time(v) => v.truncate(rows),
        }
    }

    fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Number(v), Self::Number(other)) => v.extend(other),
            (Self::Code(v), Self::Code(other)) => v.extend(other),
            (Self::Time(v), Self::Time(other)) => v.extend(other),
            _ => {}
        }
    }
}

/// Room for a number of rows, and the pieces that were read into it.
pub(super) struct Part<'t, 's> {
    reading: Reading<'t>,
    feed: Feed<'t>,
    /// A piece for which there was no room.
    waiting: Option<Fed<'t>>,
    slots: Vec<Slot<'s>>,
    room: usize,
    counts: Vec<usize>,
    done: Vec<(usize, PieceOut)>,
    failed: Option<Error>,
}

/// Columns, what each piece told, and the lines of each.
pub(super) type AllRead = (Vec<Column>, Vec<PieceOut>, Vec<usize>);

impl<'t> Part<'t, '_> {
    /// Reads the body as far as `end`.
    ///
    /// # Errors
    /// When it cannot be read, or has too many rows.
    pub(super) fn read_all(reading: Reading<'t>, end: usize) -> Result<AllRead> {
        let grid = reading.grid;
        let feed = Feed::new(&grid.bytes, grid.start, end, grid.first_line);
        let (mut feed, mut waiting) = (Some(feed), None);
        let (mut columns, mut done, mut counts) = (Vec::<Column>::new(), Vec::new(), Vec::new());
        let mut room = room(grid, end)?;
        while let Some(from) = feed.take() {
            let mut own: Vec<Column> = reading.wants.iter().map(|(_, want)| Column::zeroed(*want, room)).collect();
            let part = Part {
                reading,
                feed: from,
                waiting,
                slots: own.iter_mut().map(Column::slot).collect(),
                room,
                counts: Vec::new(),
                done: Vec::new(),
                failed: None,
            };
            let mut read = part.read()?;
            let rows: usize = read.counts.iter().sum();
            read.done.sort_by_key(|(index, _)| *index);
            done.extend(read.done.into_iter().map(|(_, out)| out));
            counts.extend(read.counts);
            waiting = read.waiting;
            if let Some(waits) = &waiting {
                // Lines became shorter than they were at the ends. More than the limit are never needed: the next piece is refused.
                let most = usize::try_from(grid.most_rows).unwrap_or(usize::MAX);
                room = rows.saturating_mul(2).min(most).max(waits.lines);
                feed = Some(read.feed);
            }
            drop(read.slots);
            own.iter_mut().for_each(|column| column.truncate(rows));
            if columns.is_empty() {
                columns = own;
            } else {
                columns.iter_mut().zip(own).for_each(|(column, more)| column.append(more));
            }
        }
        Ok((columns, done, counts))
    }

    /// Fills the room on all threads.
    fn read(self) -> Result<Self> {
        let must_be_utf8 = !self.reading.grid.bytes.is_whole() && std::str::from_utf8(&self.reading.grid.bytes).is_ok();
        let (reading, part) = (self.reading, Mutex::new(self));
        let work = || {
            let mut buffer = Vec::new();
            loop {
                let Some((index, fed, slots)) = lock(&part).claim(buffer) else { return };
                if must_be_utf8 && fed.is_new && !is_utf8(fed.text()) {
                    reading.grid.bytes.ask_whole();
                    return;
                }
                let out = reading.read(&fed, slots);
                lock(&part).done.push((index, out));
                buffer = fed.into_buffer();
            }
        };
        // A short text is one piece, for which nobody else is asked.
        let pieces = usize::try_from(reading.grid.bytes.length()).unwrap_or(usize::MAX).div_ceil(BLOCK);
        rayon::scope(|scope| {
            for _ in 1..rayon::current_num_threads().min(pieces) {
                scope.spawn(|_| work());
            }
            work();
        });
        let mut part = part.into_inner().unwrap_or_else(PoisonError::into_inner);
        match part.failed.take() {
            Some(error) => Err(error),
            None => Ok(part),
        }
    }
}

impl<'t, 's> Part<'t, 's> {
    /// The next piece, its number, and where its rows go; `None` when there is none, or no room for it.
    fn claim(&mut self, buffer: Vec<u8>) -> Option<(usize, Fed<'t>, Vec<Slot<'s>>)> {
        if self.failed.is_some() || self.reading.grid.bytes.needs_whole() {
            return None;
        }
        let fed = match self.waiting.take() {
            Some(fed) => fed,
            None => match self.feed.next(buffer) {
                Ok(fed) => fed?,
                Err(error) => {
                    self.failed = Some(Error::io("cannot read", error));
                    return None;
                }
            },
        };
        let lines = fed.lines;
        if lines > self.room {
            self.waiting = Some(fed);
            return None;
        }
        self.room -= lines;
        self.counts.push(lines);
        let rows = fed.first_line - self.reading.grid.first_line + lines as u64;
        if let Err(error) = Limits::check("rows", rows, self.reading.grid.most_rows) {
            self.failed = Some(error);
            return None;
        }
        let slots = self.slots.iter_mut().map(|slot| slot.take_front(lines)).collect();
        Some((self.counts.len() - 1, fed, slots))
    }
}

fn lock<T>(part: &Mutex<T>) -> MutexGuard<'_, T> {
    part.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_utf8(piece: &[u8]) -> bool {
    piece.is_ascii() || std::str::from_utf8(piece).is_ok()
}

/// Rows for which there is room at first: all lines of a text in memory, else as many as the lines at its ends make likely.
///
/// # Errors
/// When a text in memory has too many.
fn room(grid: &Grid, end: usize) -> Result<usize> {
    let body = grid.bytes.get(grid.start..end).unwrap_or_default();
    let ends: usize = body.par_chunks(BLOCK).map(|block| memchr::memchr_iter(b'\n', block).count()).sum();
    let lines = ends + usize::from(!body.is_empty() && !body.ends_with(b"\n"));
    if grid.bytes.is_whole() {
        Limits::check("rows", lines as u64, grid.most_rows)?;
        return Ok(lines);
    }
    let part = body.len() / 8;
    let shortest = [body.get(..part), body.get(body.len() - part..)]
        .into_iter()
        .flatten()
        .map(|part| part.len() as f64 / count_lines(part).max(1) as f64)
        .fold(f64::INFINITY, f64::min);
    let likely = grid.bytes.length() as f64 / shortest.max(1.0) * 1.02;
    Ok(usize::try_from(grid.most_rows).unwrap_or(usize::MAX).min(likely as usize).max(lines) + SPARE)
}

/// So many rows more than are likely: short files differ most.
const SPARE: usize = 4 << 10;
