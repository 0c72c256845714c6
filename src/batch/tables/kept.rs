//! Rows of the bundles that a run makes, kept until the tables over all are written: to open ten thousand files of a few rows
//! again takes longer than to make them.
//!
//! They are kept as they are stored, compressed, some hundred bundles together, and no more than a few dozen megabytes of them; the
//! last ones stay as they are. Bundles beyond that, and those with long tables, are opened at the end as any other is.

use std::collections::{HashMap, HashSet};
use std::io::Cursor;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use polars::prelude::{DataFrame, ParallelStrategy, ParquetReader, PolarsResult, SerReader};

use super::wanted::Wanted;
use super::{Key, in_one_piece};
use crate::bundle::RowGroups;
use crate::error::{Error, Result};

/// Most rows of a table that is kept: longer ones are opened for what their rows cost anyway.
const LONG: usize = 4 << 10;

/// Bundles or rows that are compressed together.
const BUNDLES: usize = 256;
const ROWS: usize = 16 << 10;

/// Bytes of compressed rows that are kept, for each table.
const BUDGET: usize = 16 << 20;

/// Rows of one of the tables; threads add to them side by side.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    waiting: Vec<Waiting>,
    height: usize,
    found: Found,
    bytes: usize,
}

/// Rows of a bundle that are not compressed yet.
#[derive(Debug)]
struct Waiting {
    key: Key,
    modified: SystemTime,
    rows: DataFrame,
}

/// All that was kept.
#[derive(Debug, Default)]
pub(super) struct Found {
    blocks: Vec<Block>,
    places: HashMap<Key, Place>,
    /// Bundles that the run made, whether or not their rows are here: no time of a file has to tell that they changed.
    made: HashSet<Key>,
}

/// Rows of some bundles, one below the other.
#[derive(Debug)]
enum Block {
    /// A Parquet file in memory.
    Compressed(Vec<u8>),
    Rows(DataFrame),
}

/// Where the rows of a bundle are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) block: usize,
    pub(super) from: usize,
    pub(super) rows: usize,
    /// When the bundle's own table was written: one that somebody wrote since holds other rows.
    modified: SystemTime,
}

impl Place {
    /// Whether what is at another place comes next.
    pub(super) fn is_followed_by(self, next: Self) -> bool {
        self.block == next.block && self.from + self.rows == next.from
    }
}

impl Kept {
    /// Keeps the rows of a bundle that was just written.
    pub(super) fn add(&self, key: Key, modified: SystemTime, rows: &DataFrame) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.found.made.insert(key.clone());
        if rows.height() > LONG || state.bytes > BUDGET {
            return;
        }
        state.height += rows.height();
        state.waiting.push(Waiting { key, modified, rows: rows.clone() });
        let is_full = state.waiting.len() >= BUNDLES || state.height >= ROWS;
        let waiting = if is_full { std::mem::take(&mut state.waiting) } else { Vec::new() };
        if !waiting.is_empty() {
            state.height = 0;
            // Others go on meanwhile.
            drop(state);
            self.store(waiting, compressed);
        }
    }

    /// All of them, when nothing is added any more.
    pub(super) fn found(self) -> Found {
        let waiting = std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).waiting);
        // They are asked for at once.
        self.store(waiting, |rows| Ok(Block::Rows(rows)));
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner).found
    }

    /// What cannot be compressed is not kept: it stands in its bundle.
    fn store(&self, mut waiting: Vec<Waiting>, as_block: impl FnOnce(DataFrame) -> Result<Block>) {
        // In the order of the table, so that rows that follow each other there do so here.
        waiting.sort_by(|a, b| a.key.cmp(&b.key));
        let rows = in_one_piece(waiting.iter().map(|next| next.rows.clone())).map_err(Error::polars);
        let Ok(block) = rows.and_then(|rows| as_block(rows.unwrap_or_default())) else { return };
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.bytes += if let Block::Compressed(bytes) = &block { bytes.len() } else { 0 };
        state.found.blocks.push(block);
        let (block, mut from) = (state.found.blocks.len() - 1, 0);
        for Waiting { key, modified, rows } in waiting {
            let rows = rows.height();
            state.found.places.insert(key, Place { block, from, rows, modified });
            from += rows;
        }
    }
}

/// The rows as a Parquet file in memory.
fn compressed(all: DataFrame) -> Result<Block> {
    let mut bytes = Vec::new();
    let mut groups = RowGroups::new(all.schema(), &Default::default(), &mut bytes)?;
    if all.height() > 0 {
        let pages = groups.press().pages(&all)?;
        groups.write(all.height() as u64, &pages)?;
    }
    groups.finish()?;
    bytes.shrink_to_fit();
    Ok(Block::Compressed(bytes))
}

impl Found {
    /// Whether the run made this bundle.
    pub(super) fn is_made(&self, key: &Key) -> bool {
        self.made.contains(key)
    }

    /// Where the rows of a bundle are, if it is still the one whose rows were kept.
    pub(super) fn place(&self, want: &Wanted<'_>) -> Option<Place> {
        self.places.get(&want.member.key).filter(|place| place.modified == want.modified).copied()
    }

    /// The rows of all bundles of a block.
    pub(super) fn block(&self, number: usize) -> PolarsResult<DataFrame> {
        let bytes = match self.blocks.get(number) {
            Some(Block::Rows(rows)) => return Ok(rows.clone()),
            Some(Block::Compressed(bytes)) => bytes.as_slice(),
            None => &[],
        };
        let mut rows = ParquetReader::new(Cursor::new(bytes)).read_parallel(ParallelStrategy::None).finish()?;
        rows.rechunk_mut();
        Ok(rows)
    }
}
