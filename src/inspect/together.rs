//! What files of a folder have to do with each other: equal content, pieces of one test.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::Inspection;
use crate::series::{self, Piece};
use crate::source::hash_of;

/// What files have to do with each other. A proposal: nothing is joined or left out because of it.
///
/// ```
/// use cyclerprep::inspect::{Together, inspect, together};
///
/// let twice = ["fixtures/neware/flat.csv", "fixtures/neware/flat.csv"];
/// let found = twice.map(|path| inspect(path, &Default::default()).expect("it is read"));
/// let Together { duplicates, series, .. } = together(&found);
/// assert!(duplicates.len() == 1 && duplicates[0] == twice && series.is_empty());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Together {
    /// Files with the same content, each group in the order in which they were given.
    pub duplicates: Vec<Vec<String>>,
    /// Files that seem to belong to one test.
    pub series: Vec<ProposedSeries>,
}

/// Files that seem to belong to one test, in the order in which they ran.
///
/// ```
/// use cyclerprep::inspect::{inspect, together};
///
/// let alone = inspect("fixtures/neware/flat.csv", &Default::default())?;
/// assert!(together(&[alone]).series.iter().all(|series| series.files.len() > 1), "one file is no series");
/// # Ok::<(), cyclerprep::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ProposedSeries {
    /// Folder and the part of the names that they have in common.
    pub name: String,
    /// The files.
    pub files: Vec<String>,
    /// What speaks for it.
    pub why: &'static str,
}

/// Looks for files with the same content, and for those that seem to belong to one test. Only files of equal size are read.
///
/// ```
/// use cyclerprep::inspect::{inspect, together};
///
/// let files = ["fixtures/neware/flat.csv", "fixtures/maccor/flat_line.034"];
/// let found = files.map(|path| inspect(path, &Default::default()).expect("it is read"));
/// assert_eq!(together(&found), Default::default(), "they have nothing to do with each other");
/// ```
pub fn together(found: &[Inspection]) -> Together {
    let mut by_size: BTreeMap<u64, Vec<&Inspection>> = BTreeMap::new();
    for file in found {
        by_size.entry(file.bytes).or_default().push(file);
    }
    let mut duplicates: Vec<Vec<String>> = Vec::new();
    for files in by_size.into_values().filter(|files| files.len() > 1) {
        let mut by_content: BTreeMap<[u8; 32], Vec<String>> = BTreeMap::new();
        for file in files {
            if let Some(hash) = hash_of(Path::new(&file.source)) {
                by_content.entry(*hash.as_bytes()).or_default().push(file.source.clone());
            }
        }
        duplicates.extend(by_content.into_values().filter(|same| same.len() > 1));
    }
    duplicates.sort();
    let again = |file: &Inspection| duplicates.iter().any(|same| same.iter().skip(1).any(|name| *name == file.source));
    let pieces: Vec<Piece> = found.iter().filter(|file| !again(file)).filter_map(piece).collect();
    let series = series::find(&pieces).into_iter().map(|found| ProposedSeries {
        name: found.name,
        files: found
            .members
            .iter()
            .filter_map(|member| pieces.get(*member))
            .map(|piece| piece.source.clone())
            .collect(),
        why: found.why,
    });
    Together { series: series.collect(), duplicates }
}

/// A file with one test as a piece of a longer one.
fn piece(file: &Inspection) -> Option<Piece> {
    let [test] = file.tests.as_slice() else { return None };
    let setup = &test.metadata.test_setup;
    let start = test.start_time.as_deref().and_then(|start| start.parse::<jiff::Timestamp>().ok());
    let start = start.map(|start| start.as_millisecond());
    let took = test.first_time.zip(test.last_time).map(|(first, last)| ((last - first) * 1000.0) as i64);
    Some(Piece {
        source: file.source.clone(),
        part: None,
        maker: file.maker.to_owned(),
        channel: setup.channel_number.clone(),
        test: setup.test_name.clone().or_else(|| setup.barcode_comment.clone()),
        start,
        end: start.zip(took).map(|(start, took)| start.saturating_add(took)),
    })
}
