//! The table of a bundle as row groups of the table over all: its pages are taken over as they are, and only whose they are is told
//! anew. What is long, or alone, is not unpacked and packed again.

use std::fs::File;
use std::path::Path;

use polars::prelude::DataFrame;
use polars_parquet::read::read_metadata;

use super::stored::pages_of;
use crate::bundle::{Pages, Press};
use crate::summary::layout::{OWNER, owned_in_turn};

/// The row groups of a bundle's table with their rows, under this owner. `None` where the table has other columns than the file
/// that the press is for, cannot be read, or has row groups of more than `most` rows.
pub(super) fn row_groups(
    table: &Path,
    owner: [Option<&str>; 3],
    press: &Press,
    most: usize,
) -> Option<Vec<(u64, Pages)>> {
    let mut file = File::open(table).ok()?;
    let metadata = read_metadata(&mut file).ok()?;
    if !press.has_columns_of(&metadata) || metadata.row_groups.iter().any(|group| group.num_rows() > most) {
        return None;
    }
    let mut group = |group: &polars_parquet::read::RowGroupMetadata| {
        let rows = group.num_rows();
        let own = owned_in_turn(&DataFrame::empty_with_height(rows), [(owner, rows)].into_iter()).ok()?;
        let mut pages = press.pages(&own).ok()?;
        pages.extend(pages_of(&mut file, group.parquet_columns().get(OWNER.len()..)?).ok()?);
        Some((rows as u64, pages))
    };
    metadata.row_groups.iter().map(&mut group).collect()
}
