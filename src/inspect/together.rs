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
    /// Files whose names say that they belong to one test, and what speaks against it.
    pub apart: Vec<Apart>,
}

/// Two files whose names say that they belong to one test, and what speaks against it.
///
/// ```
/// use cyclerprep::inspect::{inspect, together};
///
/// let files = ["fixtures/neware/flat.csv", "fixtures/maccor/flat_line.034"];
/// let found = files.map(|path| inspect(path, &Default::default()).expect("it is read"));
/// assert!(together(&found).apart.is_empty(), "their names have nothing in common");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Apart {
    /// The files.
    pub files: [String; 2],
    /// What was found, with both numbers or names.
    pub why: String,
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
    /// The call that makes one measurement of them.
    pub command: String,
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
    let folder = |name: &str| name.rfind(['/', '\\']).map_or(String::new(), |at| name.split_at(at).0.to_owned());
    // Of copies in one folder only the first can be a piece; those in other folders may be pieces there.
    let again = |file: &Inspection| {
        let is_copy = |same: &Vec<String>| {
            let at = same.iter().position(|name| *name == file.source).unwrap_or_default();
            same.iter().take(at).any(|other| folder(other) == folder(&file.source))
        };
        duplicates.iter().any(is_copy)
    };
    let pieces: Vec<Piece> = found.iter().filter(|file| !again(file)).filter_map(piece).collect();
    let found = series::find(&pieces);
    let source = |member: usize| pieces.get(member).map(|piece| piece.source.clone());
    let series = found.series.into_iter().map(|series| {
        let files: Vec<String> = series.members.into_iter().filter_map(source).collect();
        ProposedSeries { name: series.name, why: series.why, command: command(&files), files }
    });
    let apart = found.apart.into_iter().filter_map(|apart| {
        let [a, b] = apart.members;
        Some(Apart { files: [source(a)?, source(b)?], why: apart.why })
    });
    Together { series: series.collect(), apart: apart.collect(), duplicates }
}

/// The call that joins these files.
fn command(files: &[String]) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/\\._-+=:,@%".contains(c);
    let word = |file: &String| {
        if file.chars().all(is_plain) { file.clone() } else { format!("'{}'", file.replace('\'', r"'\''")) }
    };
    let files: Vec<String> = files.iter().map(word).collect();
    format!("prep convert {} -o OUT --join", files.join(" "))
}

/// A file with one test as a piece of a longer one; a part that another file is read with is none.
fn piece(file: &Inspection) -> Option<Piece> {
    let [test] = file.tests.as_slice() else { return None };
    if test.rows == 0 || file.read_with.is_some() {
        return None;
    }
    let setup = &test.metadata.test_setup;
    let start = test.first_clock;
    let times = test.first_time.zip(test.last_time);
    let took = times.map(|(first, last)| ((last - first) * 1000.0) as i64);
    Some(Piece {
        source: file.source.clone(),
        part: None,
        maker: file.maker.to_owned(),
        reader: file.reader.to_owned(),
        channel: setup.channel_number.clone(),
        test: setup.test_name.clone(),
        barcode: setup.barcode_comment.clone(),
        start,
        end: start.zip(took).map(|(start, took)| start.saturating_add(took)),
        times,
        records: test.records,
        rows: test.rows,
    })
}
