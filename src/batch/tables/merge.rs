//! Old rows that hold, and rows of bundles that are new, put together in the order of their owners.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::SystemTime;

use polars::prelude::{DataFrame, ParallelStrategy, ParquetReader, PolarsError, SerReader};
use rayon::prelude::*;

use super::kept::{self, Found};
use super::stored::{Group, Stored};
use super::wanted::{Pending, Wanted};
use super::{Key, in_one_piece, whole};
use crate::bundle::{self, ParquetFacts, RowGroups, SCHEMA_VERSION};
use crate::error::{Error, ErrorKind, Result};
use crate::guard;
use crate::summary::layout::{Place, complete, owned, owned_in_turn};

/// Rows of a row group that are enough: it is written when it has as many.
const ROWS: usize = 16 << 10;

/// Rows of a row group that are too few: it is put together with what follows when the table is written anyway.
const FEW: usize = ROWS / 4;

/// A table of a few rows costs as much memory as thousands of rows: so many are put together to one.
const MANY: usize = 256;

/// Bundles that are opened side by side. A thread that waits for one may begin another on the same stack, so they are few.
const AT_ONCE: usize = 8;

/// Makes the table at `path` hold the rows of what is wanted. Nothing is written when it does already.
pub(super) fn merge(
    path: &Path,
    places: &'static [Place],
    wanted: &BTreeMap<Key, Wanted<'_>>,
    kept: Found,
) -> Result<()> {
    let stored = Stored::open(path, places);
    let (fresh, changed) = judge(stored.as_ref(), wanted, &kept);
    let pending: BTreeMap<&Key, &Wanted<'_>> =
        wanted.iter().filter(|(key, want)| !fresh.contains(*key) && !want.is_empty()).collect();
    if stored.is_some() && !changed && pending.is_empty() {
        return Ok(());
    }
    let target = |to: &mut (dyn Write + Send)| {
        let schema = empty(places)?;
        let facts = ParquetFacts(vec![("cyclerprep.schema_version".to_owned(), SCHEMA_VERSION.to_owned())]);
        let groups = RowGroups::new(schema.schema(), &facts, to)?;
        let is_alone = wanted.len() == 1;
        let mut table = Table { groups, places, kept, is_alone, block: None, rows: Vec::new(), height: 0 };
        let mut left = Pending::new(pending);
        for (number, group) in stored.iter().flat_map(|stored| stored.groups.iter().enumerate()) {
            let Some(stored) = &stored else { continue };
            table.group(stored, number, group, &fresh, &mut left)?;
        }
        table.bundles(left.all())?;
        table.finish()
    };
    bundle::write_file_atomically(path, target)?;
    stamp(path, wanted);
    Ok(())
}

/// The table is as old as the youngest bundle in it: one that is younger later was made after it.
fn stamp(path: &Path, wanted: &BTreeMap<Key, Wanted<'_>>) {
    let youngest = wanted.values().map(|want| want.modified).max().unwrap_or(SystemTime::UNIX_EPOCH);
    // Where it cannot be set, the time of writing says nearly the same.
    let _ = File::options().write(true).open(path).and_then(|file| file.set_modified(youngest));
}

/// Measurements whose rows in the table hold, and whether others are in it.
fn judge<'w>(stored: Option<&Stored>, wanted: &'w BTreeMap<Key, Wanted<'_>>, kept: &Found) -> (HashSet<&'w Key>, bool) {
    let mut found: HashMap<&Key, u64> = HashMap::new();
    for (key, rows) in stored.iter().flat_map(|stored| &stored.groups).flat_map(|group| &group.runs) {
        *found.entry(key).or_default() += *rows as u64;
    }
    let made = stored.map_or(SystemTime::UNIX_EPOCH, |stored| stored.modified);
    let holds = |key: &Key, want: &Wanted<'_>| {
        !kept.is_made(key)
            && want.modified <= made
            && found.get(key).is_some_and(|rows| *rows == want.rows || Some(*rows) == want.height())
    };
    let fresh: HashSet<&Key> = wanted.iter().filter(|(key, want)| holds(key, want)).map(|(key, _)| key).collect();
    let changed = found.keys().any(|key| !fresh.contains(*key));
    (fresh, changed)
}

/// Rows of no measurement.
fn empty(places: &[Place]) -> Result<DataFrame> {
    owned(&complete(&DataFrame::empty(), places)?, [None; 3])
}

/// A bundle, and where its rows are kept.
type Placed<'w> = (&'w Wanted<'w>, Option<kept::Place>);

/// The table that is being written.
struct Table<W: Write> {
    groups: RowGroups<W>,
    places: &'static [Place],
    kept: Found,
    /// Whether it is of a single bundle.
    is_alone: bool,
    /// The block of kept rows that was asked for last.
    block: Option<(usize, DataFrame)>,
    /// Rows that are not enough for a row group yet.
    rows: Vec<DataFrame>,
    height: usize,
}

impl<W: Write> Table<W> {
    /// Takes over a row group of the table that is there, with what is new in and before it.
    fn group(
        &mut self,
        stored: &Stored,
        number: usize,
        group: &Group,
        fresh: &HashSet<&Key>,
        left: &mut Pending<'_>,
    ) -> Result<()> {
        let (Some((first, _)), Some((last, _))) = (group.runs.first(), group.runs.last()) else { return Ok(()) };
        self.bundles(left.before(first))?;
        let is_whole = group.runs.iter().all(|(key, _)| fresh.contains(key)) && !left.is_any_until(last);
        if is_whole && group.rows.len() >= FEW {
            self.flush()?;
            let pages = guard::guarded(|| stored.pages(number)).unwrap_or_else(|| Err(damaged())).map_err(fail)?;
            return self.groups.write(group.rows.len() as u64, &pages);
        }
        let rows = guard::guarded(|| stored.slice(group.rows.clone(), None));
        let rows = rows.unwrap_or_else(|| Err(damaged())).map_err(fail)?;
        let mut from = 0;
        for (key, count) in &group.runs {
            self.bundles(left.before(key))?;
            if fresh.contains(key) {
                self.push(rows.slice(from as i64, *count))?;
            }
            from += count;
        }
        Ok(())
    }

    /// Rows of bundles: long tables as they are, the others put together.
    fn bundles(&mut self, bundles: Vec<&Wanted<'_>>) -> Result<()> {
        let is_alone = self.is_alone;
        let is_whole = |want: &Wanted<'_>| is_alone || want.rows >= FEW as u64;
        for some in bundles.chunk_by(|a, b| !is_whole(a) && !is_whole(b)) {
            match some {
                [one] if is_whole(one) && self.whole(one)? => {}
                some => self.together(some)?,
            }
        }
        Ok(())
    }

    /// The table of a bundle as it is, under the name of the bundle. `false` where that cannot be.
    fn whole(&mut self, want: &Wanted<'_>) -> Result<bool> {
        let press = self.groups.press();
        let Some(groups) = guard::guarded(|| whole::row_groups(&want.file, want.owner(), &press, ROWS)).flatten()
        else {
            return Ok(false);
        };
        self.flush()?;
        groups.iter().try_for_each(|(rows, pages)| self.groups.write(*rows, pages))?;
        Ok(true)
    }

    /// Rows that are at hand, and those of bundles that are opened.
    fn together(&mut self, bundles: &[&Wanted<'_>]) -> Result<()> {
        let placed: Vec<_> = bundles.iter().map(|want| (*want, self.kept.place(want))).collect();
        let is_one_run = |(_, a): &Placed<'_>, (_, b): &Placed<'_>| match (a, b) {
            (Some(a), Some(b)) => a.is_followed_by(*b),
            (a, b) => a.is_none() && b.is_none(),
        };
        for run in placed.chunk_by(is_one_run) {
            match run.first().and_then(|(_, place)| *place).map(|first| self.at_hand(first, run)) {
                Some(Ok(rows)) => self.push(rows)?,
                _ => self.opened(&run.iter().map(|(want, _)| *want).collect::<Vec<_>>())?,
            }
        }
        Ok(())
    }

    /// Kept rows that follow each other.
    fn at_hand(&mut self, first: kept::Place, run: &[Placed<'_>]) -> Result<DataFrame> {
        let block = match self.block.take() {
            Some((number, block)) if number == first.block => block,
            _ => self.kept.block(first.block).map_err(fail)?,
        };
        let heights = || run.iter().map(|(_, place)| place.map_or(0, |place| place.rows));
        let rows = block.slice(first.from as i64, heights().sum());
        self.block = Some((first.block, block));
        owned_in_turn(&rows, run.iter().map(|(want, _)| want.owner()).zip(heights()))
    }

    /// Rows that stand in bundles.
    fn opened(&mut self, bundles: &[&Wanted<'_>]) -> Result<()> {
        for some in bundles.chunks(AT_ONCE) {
            let read: Vec<Result<DataFrame>> = some.par_iter().map(|want| read(want, self.places)).collect();
            for rows in read {
                self.push(rows?)?;
            }
        }
        Ok(())
    }

    fn push(&mut self, rows: DataFrame) -> Result<()> {
        let mut from = 0;
        while from < rows.height() {
            let count = (ROWS - self.height).min(rows.height() - from);
            self.rows.push(rows.slice(from as i64, count));
            self.height += count;
            from += count;
            if self.height >= ROWS {
                self.flush()?;
            } else if self.rows.len() >= MANY {
                self.rows = in_one_piece(std::mem::take(&mut self.rows)).map_err(fail)?.into_iter().collect();
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let Some(all) = in_one_piece(std::mem::take(&mut self.rows)).map_err(fail)? else { return Ok(()) };
        self.height = 0;
        let pages = self.groups.press().pages(&all)?;
        self.groups.write(all.height() as u64, &pages)
    }

    fn finish(mut self) -> Result<()> {
        self.flush()?;
        self.groups.finish()
    }
}

/// The rows of a bundle. One of another version may lack columns; they are null then.
fn read(want: &Wanted<'_>, places: &[Place]) -> Result<DataFrame> {
    let read = || {
        File::open(&want.file)
            .map_err(PolarsError::from)
            .and_then(|file| ParquetReader::new(file).read_parallel(ParallelStrategy::None).finish())
    };
    let rows = guard::guarded(read).unwrap_or_else(|| Err(damaged()));
    let rows = rows.map_err(|error| fail(error).in_file(want.file.display().to_string()))?;
    owned(&complete(&rows, places)?, want.owner())
}

fn damaged() -> PolarsError {
    PolarsError::ComputeError("damaged pages".into())
}

fn fail(error: PolarsError) -> Error {
    Error::new(ErrorKind::Io, format!("cannot put the tables of the bundles together: {error}")).because(error)
}
