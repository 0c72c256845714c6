//! A column of labels: texts that repeat from row to row.

use polars::prelude::{ChunkTake, Column, IdxCa, IntoColumn, NewChunkedArray, StringChunked};
use polars_arrow::array::MutableBinaryViewArray;

use super::cells::Labels;
use crate::error::{Error, Result};
use crate::signal::scan::changes;

/// The distinct texts, taken by code: no text is looked at more than once.
pub(super) fn text(name: &str, labels: Labels) -> Result<Column> {
    let changes = changes(&labels.codes);
    if changes.len() < labels.codes.len() / 8 {
        return Ok(text_in_runs(name, &labels, &changes));
    }
    let names = labels.names.iter().map(|name| (!name.is_empty()).then_some(name.as_str()));
    let names = StringChunked::from_iter_options(name.into(), names);
    let codes = IdxCa::from_vec("codes".into(), labels.codes);
    names.take(&codes).map(IntoColumn::into_column).map_err(Error::polars)
}

/// Labels that stand still over many rows: each run of them at once. `changes` are the rows whose code differs from the one before.
fn text_in_runs(name: &str, labels: &Labels, changes: &[usize]) -> Column {
    let rows = labels.codes.len();
    let mut texts = MutableBinaryViewArray::<str>::with_capacity(rows);
    let mut from = 0;
    for end in changes.iter().copied().chain([rows]) {
        let (text, length) = (labels.at(from), end.saturating_sub(from));
        if text.is_empty() {
            texts.extend_null(length)
        } else {
            texts.extend_constant(length, Some(text))
        }
        from = end;
    }
    StringChunked::with_chunk(name.into(), texts.freeze()).into_column()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_in_runs_are_those_row_by_row() {
        let long = "a label that is longer than a view holds";
        let names: Vec<String> = ["", "Rest", long].map(str::to_owned).into();
        // Runs of a hundred rows, and the same with a change in each row.
        for length in [100, 1] {
            let codes: Vec<u32> = (0..500).map(|row| row / length % 3).collect();
            let want: Vec<Option<&str>> =
                codes.iter().map(|code| [None, Some("Rest"), Some(long)][*code as usize]).collect();
            let made = text("n", Labels { codes, names: names.clone() }).unwrap();
            assert_eq!(made.str().unwrap().iter().collect::<Vec<_>>(), want);
        }
        assert_eq!(text("n", Labels { codes: Vec::new(), names }).unwrap().len(), 0);
    }
}
