//! Files that hold pieces of one test, as one measurement (docs/decisions.md#pieces-of-one-test).

use std::collections::HashMap;
use std::path::Path;

use rayon::prelude::*;
use serde_json::json;

use super::{Opened, PrepareOptions, Read, finish, open};
use crate::bundle::{PieceFacts, SourceFacts};
use crate::error::{Error, ErrorKind, Result};
use crate::join::{self, Ends, Part, Seam};
use crate::measurement::Measurement;
use crate::note::{Note, NoteCode, Notes};
use crate::source::Source;
use crate::table::SheetLines;

/// Prepares files that are pieces of one test as one measurement. Their order does not matter: clocks, test times and record
/// numbers say who follows whom.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// use cyclerprep::{NoteCode, prepare_joined};
///
/// let pieces = ["fixtures/pieces/split_2.csv", "fixtures/pieces/split_1.csv"];
/// let cell = prepare_joined(&pieces, &Default::default())?;
/// assert_eq!(cell.time_series.height(), 112);
/// let seam = cell.report.notes.iter().find(|note| note.code == NoteCode::PiecesJoined).expect("there is one");
/// assert!(seam.message.contains("records go on from 70 to 71"), "{}", seam.message);
///
/// // Two tests are not made one.
/// let error = prepare_joined(&["fixtures/pieces/split_1.csv", "fixtures/neware/flat.csv"], &Default::default());
/// assert!(error.unwrap_err().message().contains("record 70"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Those of [`prepare`](super::prepare), and [`ErrorKind::Options`] where something speaks against it: another channel or cell,
/// times that overlap, record numbers that do not go on, a voltage that is not of one cell. The message has both numbers.
pub fn prepare_joined(paths: &[impl AsRef<Path>], options: &PrepareOptions) -> Result<Measurement> {
    let sources =
        paths.iter().map(|path| Source::open_in_pieces(path, options.limits())).collect::<Result<Vec<_>>>()?;
    let outcomes = prepare_pieces(sources, options, true)?;
    let joined = outcomes.into_iter().find_map(|outcome| match outcome {
        Outcome::Joined { measurement, .. } => Some(*measurement),
        Outcome::Alone { .. } => None,
    });
    joined.ok_or_else(|| Error::new(ErrorKind::Options, "expected files with rows to join, found none"))
}

/// What becomes of files that seem to be pieces of one test.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// These, by their places in what was given and in the order in which they ran, are one measurement.
    Joined { members: Vec<usize>, measurement: Box<Measurement> },
    /// This one stands alone, and why.
    Alone { member: usize, why: String },
}

/// Files that were named and give no rows of their own, and what is told of them.
#[derive(Default)]
struct LeftOut {
    files: Vec<(usize, PieceFacts)>,
    notes: Notes,
}

/// A file that was read as a piece.
struct Piece {
    member: usize,
    opened: Opened,
    ends: Ends,
    facts: SourceFacts,
}

/// Joins what fits together. Where the caller asks for it, everything has to.
///
/// # Errors
/// Those of [`prepare_joined`] where the caller asks for it, and those of the joined measurement.
pub(crate) fn prepare_pieces(sources: Vec<Source>, options: &PrepareOptions, is_asked: bool) -> Result<Vec<Outcome>> {
    if !options.with_fra.is_empty() {
        let message =
            "expected spectra for a single file, found --with-fra with files to join: convert them one by one";
        return Err(Error::new(ErrorKind::Options, message));
    }
    let names: Vec<String> = sources.iter().map(|source| source.name().to_owned()).collect();
    let read: Vec<(usize, Result<Piece>)> =
        sources.into_par_iter().enumerate().map(|(member, source)| (member, piece(member, source, options))).collect();
    let (mut pieces, mut outcomes, mut left_out) = (Vec::new(), Vec::new(), LeftOut::default());
    for ((member, read), name) in read.into_iter().zip(&names) {
        match read {
            Ok(piece) => pieces.push(piece),
            Err(error) if is_asked => return Err(error.in_file(name)),
            Err(error) => outcomes.push(Outcome::Alone { member, why: error.message().to_owned() }),
        }
    }
    let mut seen: HashMap<String, String> = HashMap::new();
    pieces.retain(|piece| {
        let name = &piece.facts.name;
        let why = match seen.get(&piece.facts.blake3) {
            Some(first) => format!("{name:?} has the content of {first:?}"),
            None if reads(&names, name, piece.opened.read_with.as_deref()) => {
                format!("{name:?} is read with {:?}", piece.opened.read_with.as_deref().unwrap_or_default())
            }
            None if piece.ends.rows() == 0 => format!("{name:?} has no rows"),
            None => {
                seen.insert(piece.facts.blake3.clone(), name.clone());
                return true;
            }
        };
        if is_asked {
            left_out.notes.say(NoteCode::PiecesJoined, format!("{why}: it was left out"));
            left_out.files.push((piece.member, PieceFacts::new(piece.facts.clone(), 0)));
        } else {
            outcomes.push(Outcome::Alone { member: piece.member, why });
        }
        false
    });
    sort(&mut pieces);
    for chain in chains(pieces, is_asked, &mut outcomes)? {
        outcomes.push(one(chain, std::mem::take(&mut left_out), options)?);
    }
    Ok(outcomes)
}

/// Whether the file that reads this one with its own rows is among those that were given.
fn reads(names: &[String], name: &str, first: Option<&str>) -> bool {
    let Some(first) = first else { return false };
    let wanted = Path::new(name).with_file_name(first);
    names.iter().any(|other| Path::new(other) == wanted)
}

fn piece(member: usize, source: Source, options: &PrepareOptions) -> Result<Piece> {
    let name = source.name().to_owned();
    // A later part that its first one reads is told below, and only where that is among the files.
    let options = &PrepareOptions { parts_with_first: false, ..options.clone() };
    let opened = open(source, options)?;
    let [test] = opened.tests.as_slice() else {
        let message = format!("expected one test in each file to join, found {} in {name:?}", opened.tests.len());
        return Err(Error::new(ErrorKind::Options, message));
    };
    let ends = Ends::of(&name, opened.origin.reader.info().id, &test.mapped, options.map.timezone.as_ref())?;
    let facts = opened.origin.facts(super::hash(&opened.content)?);
    Ok(Piece { member, opened, ends, facts })
}

/// Pieces that follow each other, the seams between them, and why the first does not follow another chain.
struct Chain {
    pieces: Vec<Piece>,
    seams: Vec<Seam>,
    why: Option<String>,
}

/// In the order in which they ran: by the clocks where all have one, else by the test times; the numbers decide between equals.
fn sort(pieces: &mut [Piece]) {
    let all_start = pieces.iter().all(|piece| piece.ends.piece.start.is_some());
    let key = |piece: &Piece| {
        let facts = &piece.ends.piece;
        let start = facts.start.filter(|_| all_start).unwrap_or(0).div_euclid(1000);
        let number = facts.named().map_or(0, |named| named.number);
        let record = facts.records.map_or(0, |records| records.0);
        (start, if all_start { 0 } else { number }, record, facts.times.map_or(0.0, |times| times.0), number)
    };
    pieces.sort_by(|a, b| key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal));
}

/// Pieces that follow each other, with the seams between them; alone is who follows nobody and is followed by nobody.
fn chains(pieces: Vec<Piece>, is_asked: bool, outcomes: &mut Vec<Outcome>) -> Result<Vec<Chain>> {
    let mut chains: Vec<(Chain, Ends)> = Vec::new();
    for piece in pieces {
        let begins = |piece: Piece, why: Option<String>| {
            let ends = piece.ends.clone();
            (Chain { pieces: vec![piece], seams: Vec::new(), why }, ends)
        };
        let Some((chain, ends)) = chains.last_mut() else {
            chains.push(begins(piece, None));
            continue;
        };
        match join::look(ends, &piece.ends) {
            Ok(seam) => {
                *ends = ends.clone().followed_by(&piece.ends, &seam);
                chain.pieces.push(piece);
                chain.seams.push(seam);
            }
            Err(why) if is_asked => {
                let message = format!(
                    "these are not pieces of one test: {why}; name the folder, to join what belongs together and convert the rest alone"
                );
                return Err(Error::new(ErrorKind::Options, message).in_file(piece.facts.name));
            }
            Err(why) => chains.push(begins(piece, Some(why))),
        }
    }
    let mut chains = chains.into_iter().map(|(chain, _)| chain).peekable();
    let mut joined = Vec::new();
    while let Some(chain) = chains.next() {
        // Who asks for it gets one measurement, also where the other files are copies or are read with this one.
        if let ([alone], false) = (chain.pieces.as_slice(), is_asked) {
            let behind = chains.peek().and_then(|next| next.why.clone());
            let why = chain.why.clone().or(behind).unwrap_or_else(|| "no other file belongs to it".to_owned());
            outcomes.push(Outcome::Alone { member: alone.member, why });
        } else {
            joined.push(chain);
        }
    }
    Ok(joined)
}

/// One measurement of a chain.
fn one(chain: Chain, left_out: LeftOut, options: &PrepareOptions) -> Result<Outcome> {
    let Chain { pieces: chain, seams, why } = chain;
    let mut members: Vec<usize> = chain.iter().map(|piece| piece.member).collect();
    let mut facts: Vec<PieceFacts> = Vec::new();
    let (mut hasher, mut whole) = (blake3::Hasher::new(), SourceFacts::default());
    let (mut parts, mut own_notes, mut origins) = (Vec::new(), Vec::new(), Vec::new());
    let (mut first, mut read_seconds) = (None, 0.0);
    for piece in chain {
        let mut update = |bytes: &[u8]| {
            hasher.update(bytes);
        };
        piece.opened.content.feed(&mut update).map_err(|e| Error::io("cannot read", e))?;
        whole.bytes += piece.facts.bytes;
        whole.modified = whole.modified.max(piece.facts.modified.clone());
        let name = piece.ends.piece.file_name().to_owned();
        facts.push(PieceFacts::new(piece.facts, piece.ends.rows()));
        let Opened { origin, title, tests, read_seconds: seconds, .. } = piece.opened;
        read_seconds += seconds;
        for test in tests {
            own_notes.push((name.clone(), test.notes));
            first.get_or_insert((title.clone(), test.part, test.dialect));
            parts.push(Part { mapped: test.mapped, ends: piece.ends.clone() });
        }
        origins.push(origin);
    }
    whole.blake3 = hasher.finalize().to_hex().to_string();
    whole.name = facts.first().map(|piece| piece.source.name.clone()).unwrap_or_default();
    for (member, piece) in left_out.files {
        members.push(member);
        facts.push(piece);
    }
    let mut all = of_all(&own_notes);
    all.extend(left_out.notes);
    if let Some(why) = why {
        all.say(NoteCode::PiecesApart, format!("it was not joined with the files before it: {why}"));
    }
    let mapped = join::join(parts, &seams, &mut all)?;
    let (title, part, dialect) = first.unwrap_or_default();
    let read = Read { mapped, sheets: SheetLines::default(), part, dialect, notes: all };
    let mut measurement = finish(read, &title, read_seconds, options)?;
    let report = &mut measurement.report;
    for origin in origins.iter().rev() {
        origin.tell(report);
    }
    (report.source, report.pieces) = (whole, facts);
    report.part = None;
    report.options = options.facts().and([("join".to_owned(), json!(true))]);
    Ok(Outcome::Joined { members, measurement: Box::new(measurement) })
}

/// What was noted of the pieces: once where it is said of all of them, else with the name of the file.
fn of_all(notes: &[(String, Notes)]) -> Notes {
    let mut all = Notes::new();
    let is_of_all = |note: &Note| notes.iter().all(|(_, others)| others.contains(note));
    for (index, (name, own)) in notes.iter().enumerate() {
        for note in own {
            if !is_of_all(note) {
                all.push(Note { message: format!("{name}: {}", note.message), ..note.clone() });
            } else if index == 0 {
                all.push(note.clone());
            }
        }
    }
    all
}
