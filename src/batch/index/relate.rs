//! What rows say of each other: which files have the same content, which measurements seem to belong to one test.

use std::collections::HashMap;

use super::row::Row;
use crate::series::{self, Piece};

/// What two tests have in common when one is a copy of the other: the file's content, and which of its tests it is.
type Content = (Box<str>, Option<Box<str>>);

/// Fills `duplicate_of` and `series` in rows that are sorted by their sources.
pub(super) fn relate(rows: &mut [Row]) {
    let mut first: HashMap<Content, Box<str>> = HashMap::new();
    for row in rows.iter_mut() {
        (row.duplicate_of, row.series) = (None, None);
        let Some(hash) = row.blake3.clone() else { continue };
        let known = first.entry((hash, row.part.clone())).or_insert_with(|| row.source.clone());
        if *known != row.source {
            row.duplicate_of = Some(known.clone());
        }
    }
    let (places, pieces): (Vec<usize>, Vec<Piece>) = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.blake3.is_some() && row.duplicate_of.is_none())
        .map(|(place, row)| (place, piece(row)))
        .unzip();
    for found in series::find(&pieces).series {
        let name: Box<str> = found.name.into();
        for member in found.members {
            if let Some(row) = places.get(member).and_then(|place| rows.get_mut(*place)) {
                row.series = Some(name.clone());
            }
        }
    }
}

fn piece(row: &Row) -> Piece {
    let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
    Piece {
        source: row.source.to_string(),
        part: text(&row.part),
        maker: row.maker.as_deref().unwrap_or_default().to_owned(),
        reader: row.reader.as_deref().unwrap_or_default().to_owned(),
        channel: text(&row.channel),
        test: text(&row.test_name),
        barcode: text(&row.barcode),
        start: row.start_time.map(|at| at.0),
        end: row.end_time.map(|at| at.0),
        rows: row.rows,
        ..Piece::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_content_is_told_of_all_but_the_first() {
        let row = |source: &str, hash: Option<&str>, part: Option<&str>| Row {
            source: source.into(),
            blake3: hash.map(Box::from),
            part: part.map(Box::from),
            ..Row::default()
        };
        let mut rows = [
            row("a", Some("1"), Some("x")),
            row("a", Some("1"), Some("y")),
            row("b", Some("1"), Some("y")),
            row("c", None, None),
            row("d", None, None),
        ];
        relate(&mut rows);
        let told: Vec<Option<&str>> = rows.iter().map(|row| row.duplicate_of.as_deref()).collect();
        assert_eq!(told, [None, None, Some("a"), None, None]);
    }
}
