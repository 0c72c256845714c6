//! The table that an earlier run left: whose rows are where, and its row groups as rows or as they are.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use polars::prelude::{DataFrame, ParquetReader, PolarsResult, SerReader};
use polars_parquet::read::{ColumnChunkMetadata, FileMetadata, read_metadata};

use super::Key;
use crate::bundle::{Pages, pages_as_they_are};
use crate::guard;
use crate::summary::layout::{OWNER, Place};

/// A table that is there.
pub(super) struct Stored {
    file: File,
    metadata: Arc<FileMetadata>,
    /// When it was made: bundles that are not younger are in it.
    pub(super) modified: SystemTime,
    pub(super) groups: Vec<Group>,
}

/// A row group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// Its rows in the table.
    pub(super) rows: Range<usize>,
    /// Whose rows follow each other, and how many they are.
    pub(super) runs: Vec<(Key, usize)>,
}

impl Stored {
    /// The table, if it can be read, has these columns, and its rows stand in the order of their owners. Any other is made
    /// anew from the bundles: nothing is in it that is not in them.
    pub(super) fn open(path: &Path, places: &[Place]) -> Option<Self> {
        let file = File::open(path).ok()?;
        let modified = file.metadata().and_then(|meta| meta.modified()).ok()?;
        guard::guarded(move || Self::read(file, modified, places).ok().flatten())?
    }

    fn read(mut file: File, modified: SystemTime, places: &[Place]) -> PolarsResult<Option<Self>> {
        let metadata = Arc::new(read_metadata(&mut file)?);
        let mut stored = Self { file, metadata, modified, groups: Vec::new() };
        let empty = stored.slice(0..0, None)?;
        let has = empty.columns().iter().map(|column| (column.name().as_str(), column.dtype()));
        if !has.eq(OWNER.iter().chain(places).map(|(name, kind)| (*name, kind))) {
            return Ok(None);
        }
        let mut from = 0;
        let heights: Vec<usize> = stored.metadata.row_groups.iter().map(|group| group.num_rows()).collect();
        for height in heights {
            let rows = from..from + height;
            let owners = stored.slice(rows.clone(), Some(&OWNER[..2]))?;
            from = rows.end;
            stored.groups.push(Group { rows, runs: runs(&owners)? });
        }
        let mut keys = stored.groups.iter().flat_map(|group| &group.runs).map(|(key, _)| key);
        let mut last = keys.next();
        let is_sorted = keys.all(|key| last.replace(key).is_none_or(|last| last <= key));
        Ok(is_sorted.then_some(stored))
    }

    /// Some rows, with all columns or some of them.
    pub(super) fn slice(&self, rows: Range<usize>, columns: Option<&[Place]>) -> PolarsResult<DataFrame> {
        let names = columns.map(|columns| columns.iter().map(|(name, _)| (*name).to_owned()).collect());
        let mut reader =
            ParquetReader::new(self.file.try_clone()?).with_slice(Some((rows.start, rows.len()))).with_columns(names);
        reader.set_metadata(self.metadata.clone());
        let mut frame = reader.finish()?;
        frame.rechunk_mut();
        Ok(frame)
    }

    /// A row group as it is, column by column, without looking into it.
    pub(super) fn pages(&self, group: usize) -> PolarsResult<Pages> {
        let columns = self.metadata.row_groups.get(group).map(|group| group.parquet_columns()).unwrap_or_default();
        pages_of(&mut self.file.try_clone()?, columns)
    }
}

/// The pages of some columns as they are in a file.
pub(super) fn pages_of(file: &mut File, columns: &[ColumnChunkMetadata]) -> PolarsResult<Pages> {
    let columns = columns.iter().map(|column| {
        let range = column.byte_range();
        let length = usize::try_from(range.end - range.start).unwrap_or_default();
        let mut bytes = vec![0; length];
        file.seek(SeekFrom::Start(range.start))?;
        file.read_exact(&mut bytes)?;
        pages_as_they_are(bytes, column)
    });
    columns.collect()
}

/// Whose rows follow each other.
fn runs(owners: &DataFrame) -> PolarsResult<Vec<(Key, usize)>> {
    let (sources, parts) = (owners.column("source")?.str()?, owners.column("part")?.str()?);
    let mut runs: Vec<(Key, usize)> = Vec::new();
    for (source, part) in sources.iter().zip(parts.iter()) {
        match runs.last_mut() {
            Some(((last, last_part), count)) if Some(last.as_str()) == source && last_part.as_deref() == part => {
                *count += 1;
            }
            _ => runs.push(((source.unwrap_or_default().to_owned(), part.map(str::to_owned)), 1)),
        }
    }
    Ok(runs)
}
