//! What is to stand in the tables over all measurements, and what of it is not there yet.

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Bound;
use std::path::PathBuf;
use std::time::SystemTime;

use polars::prelude::{ParquetReader, SerReader};

use super::{Key, Member};
use crate::guard;

/// What is to stand in a table of one measurement.
#[derive(Debug)]
pub(super) struct Wanted<'m> {
    pub(super) member: &'m Member,
    pub(super) file: PathBuf,
    pub(super) rows: u64,
    pub(super) modified: SystemTime,
}

impl Wanted<'_> {
    /// Rows of the bundle's own table: where a newer result is invalid, the tables of the older one stay.
    pub(super) fn height(&self) -> Option<u64> {
        let read = || ParquetReader::new(File::open(&self.file).ok()?).num_rows().ok();
        guard::guarded(read).flatten().map(|rows| rows as u64)
    }

    pub(super) fn owner(&self) -> [Option<&str>; 3] {
        let (source, part) = &self.member.key;
        [Some(source), part.as_deref(), self.member.name.as_deref()]
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0 && self.height() == Some(0)
    }
}

/// Bundles that are still to be read, in order.
pub(super) struct Pending<'w> {
    pending: BTreeMap<&'w Key, &'w Wanted<'w>>,
}

impl<'w> Pending<'w> {
    pub(super) fn new(pending: BTreeMap<&'w Key, &'w Wanted<'w>>) -> Self {
        Self { pending }
    }

    /// Those before a key.
    pub(super) fn before(&mut self, key: &Key) -> Vec<&'w Wanted<'w>> {
        let mut before = Vec::new();
        while let Some(first) = self.pending.first_entry().filter(|entry| *entry.key() < key) {
            before.push(first.remove());
        }
        before
    }

    pub(super) fn is_any_until(&self, key: &Key) -> bool {
        self.pending.range::<Key, _>((Bound::Unbounded, Bound::Included(key))).next().is_some()
    }

    pub(super) fn all(self) -> Vec<&'w Wanted<'w>> {
        self.pending.into_values().collect()
    }
}
