//! Several inputs that seem to be pieces of one test: joined, written as one bundle, recorded.
//!
//! The bundle stands at the place of the piece that ran first. Bundles that earlier runs made of single pieces give way to it, so
//! that one run leaves no row in the tables twice.

use std::fs;
use std::path::Path;

use super::made::{INVALID_REPORT, Made, Standing};
use super::record::Record;
use super::status::Status;
use super::walk::Input;
use super::work::{Apart, Job, skipped};
use crate::error::{Error, ErrorKind, Result};
use crate::makers;
use crate::note::{Note, NoteCode};
use crate::prepare::{Outcome, PrepareOptions, prepare_pieces};
use crate::source::Source;

/// A receipt of the platform: whoever has one is known there.
const RECEIPT: &str = "upload.json";

impl Job<'_> {
    /// A bundle of all of them, or of those that belong together, and one for each of the rest.
    pub(super) fn group_to_folder(&self, input: &Input, out: &Path) -> Vec<Record> {
        let members = input.members();
        let mut proposed: Vec<String> = members.iter().map(file_name).collect();
        proposed.sort();
        let standing: Vec<Standing> = members.iter().map(|member| Standing::of(&out.join(&member.relative))).collect();
        if self.options.keep && standing.iter().any(|standing| matches!(standing, Standing::Bundles(_))) {
            return self.kept(&members, &standing, out);
        }
        if !self.options.force
            && let Some(records) = self.fresh(&members, &standing, &proposed)
        {
            return records;
        }
        // In a folder, the first part of a test reads the others; whoever names one of them wants that one.
        let options = PrepareOptions { parts_with_first: !input.named, ..self.options.prepare.clone() };
        let sources: Result<Vec<Source>> =
            members.iter().map(|member| Source::open_in_pieces(&member.path, options.limits())).collect();
        let outcomes = match sources.and_then(|sources| prepare_pieces(sources, &options, input.named)) {
            Ok(outcomes) => outcomes,
            Err(error) if input.named => return refused(&members, &error),
            // What cannot be joined is what it was without being asked.
            Err(error) => {
                let why = error.to_string();
                return members.iter().flat_map(|member| self.alone(member, out, &proposed, &why)).collect();
            }
        };
        let mut records: Vec<(usize, Vec<Record>)> = Vec::new();
        for outcome in outcomes {
            match outcome {
                Outcome::Alone { member, why } => {
                    let Some(input) = members.get(member) else { continue };
                    records.push((member, self.alone(input, out, &proposed, &why)));
                }
                Outcome::Joined { members: places, measurement } => {
                    let mut measurement = *measurement;
                    measurement.report.options = measurement.report.options.and(self.options.bundle.values());
                    measurement.report.proposed.clone_from(&proposed);
                    let pieces: Vec<&Input> = places.iter().filter_map(|place| members.get(*place)).collect();
                    let told = self.write_joined(&pieces, out, measurement);
                    records.extend(places.into_iter().zip(told).map(|(place, record)| (place, vec![record])));
                }
            }
        }
        records.sort_by_key(|(place, _)| *place);
        records.into_iter().flat_map(|(_, records)| records).collect()
    }

    /// The records of what is there, where that holds for all of them.
    fn fresh(&self, members: &[Input], standing: &[Standing], proposed: &[String]) -> Option<Vec<Record>> {
        let mut found: Vec<Option<Record>> = members.iter().map(|_| None).collect();
        for (member, here) in members.iter().zip(standing) {
            let Standing::Bundles(made) = here else { continue };
            let [made] = made.as_slice() else { return None };
            // Where older tables were to stay, the report beside them may hold.
            let beside = || Made::read(&made.folder().join(INVALID_REPORT));
            let covers = |made: &Made| self.freshness.covers(made, members, proposed);
            let found_here = covers(made).map(|covered| (made.copy(), covered));
            let found_here =
                found_here.or_else(|| beside().and_then(|made| covers(&made).map(|covered| (made, covered))));
            let Some((made, covered)) = found_here else { continue };
            let tables_stay = made.is_beside_tables() || (!made.is_valid() && !made.has_tables());
            for place in covered {
                let input = members.get(place)?;
                let record = match standing.get(place)? {
                    _ if input.path == member.path => skipped(input, vec![made.copy()]).pop()?,
                    Standing::Bundles(theirs) if tables_stay && theirs.iter().any(Made::has_tables) => {
                        skipped(input, theirs.iter().map(Made::copy).collect()).pop()?
                    }
                    _ => joined_with(input, &member.path),
                };
                *found.get_mut(place)? = Some(record);
            }
        }
        found.into_iter().collect()
    }

    /// With `--keep`, what is there stays; what a bundle that is there holds already is not made beside it.
    fn kept(&self, members: &[Input], standing: &[Standing], out: &Path) -> Vec<Record> {
        let holds = |made: &Made, input: &Input| {
            made.pieces.iter().any(|piece| input.path.file_name().is_some_and(|name| name == piece.source.file_name()))
        };
        let of = |input: &Input| {
            let other = members.iter().zip(standing).find(|(member, standing)| match standing {
                Standing::Bundles(made) => member.path != input.path && made.iter().any(|made| holds(made, input)),
                _ => false,
            });
            match other {
                Some((first, _)) => vec![joined_with(input, &first.path)],
                None => self.single_to_folder(input, out, None),
            }
        };
        members.iter().flat_map(of).collect()
    }

    fn alone(&self, input: &Input, out: &Path, proposed: &[String], why: &str) -> Vec<Record> {
        let note = Note::new(NoteCode::PiecesApart, format!("it was not joined with other files: {why}"));
        self.single_to_folder(input, out, Some(&Apart { note, proposed }))
    }

    /// Writes the bundle of pieces at the place of the first, and removes what earlier runs made of each of them alone.
    fn write_joined(&self, pieces: &[&Input], out: &Path, measurement: crate::measurement::Measurement) -> Vec<Record> {
        let Some((first, others)) = pieces.split_first() else { return Vec::new() };
        let output = out.join(&first.relative);
        let old = match Standing::of(&output) {
            Standing::Nothing => Vec::new(),
            Standing::Bundles(made) => made,
            Standing::Foreign(what) => return refused_all(pieces, &self.in_the_way(&output, what)),
        };
        let mut theirs: Vec<(&Input, Vec<Made>)> = Vec::new();
        for other in others {
            if let Standing::Bundles(made) = Standing::of(&out.join(&other.relative)) {
                theirs.push((other, made));
            }
        }
        let replaces = !theirs.is_empty();
        let mut records = self.write_all(first, &output, &old, vec![measurement]);
        let Some(record) = records.first_mut() else { return records };
        let tables_stay = record.error.is_some()
            || record.is_beside_tables
            || (record.status == Status::Invalid
                && !self.options.keep_invalid
                && theirs.iter().any(|(_, made)| made.iter().any(Made::has_tables)));
        if replaces && record.status == Status::Prepared {
            record.status = Status::Updated;
        }
        let mut told = Vec::new();
        for other in others {
            let made = theirs.iter().position(|(input, _)| input.path == other.path).map(|at| theirs.swap_remove(at).1);
            told.push(match made {
                // Tables never give way to a mere report.
                Some(made) if tables_stay => {
                    skipped(other, made).pop().unwrap_or_else(|| joined_with(other, &first.path))
                }
                Some(made) => {
                    let note = give_way(&out.join(&other.relative), &made);
                    record.notes.push(note);
                    joined_with(other, &first.path)
                }
                None if record.error.is_some() => beside(
                    other,
                    "expected a whole test, found a piece of one: what it was joined with could not be written",
                ),
                None => joined_with(other, &first.path),
            });
        }
        records.truncate(1);
        records.extend(told);
        records
    }
}

/// Removes the bundle of a piece alone, unless the platform knows it.
fn give_way(folder: &Path, made: &[Made]) -> Note {
    let is_sent = made.iter().any(|made| made.folder().join(RECEIPT).exists());
    let removed = if is_sent { None } else { Some(fs::remove_dir_all(folder)) };
    let message = match removed {
        None => format!(
            "{} holds one of the pieces alone and was sent to the platform: it was left alone; remove it there and here",
            folder.display()
        ),
        Some(Ok(())) => format!("{}, which held one of the pieces alone, gave way", folder.display()),
        Some(Err(e)) => format!("{} holds one of the pieces alone and cannot be removed: {e}", folder.display()),
    };
    Note::new(NoteCode::PiecesJoined, message)
}

fn file_name(input: &Input) -> String {
    input.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// The record of a file whose rows are in the measurement of another.
fn joined_with(input: &Input, first: &Path) -> Record {
    beside(
        input,
        &format!("expected a whole test, found a piece of one: its rows are in the measurement of {}", first.display()),
    )
}

fn beside(input: &Input, message: &str) -> Record {
    // Nothing is wrong with it, so it is told with the others at the end, also when it was named.
    let input = Input { named: false, ..input.clone() };
    Record::failed(&input, Status::SideFile, &Error::new(ErrorKind::SideFile, message))
}

/// Files that the user named and that are not one test.
fn refused(members: &[Input], error: &Error) -> Vec<Record> {
    refused_all(&members.iter().collect::<Vec<_>>(), error)
}

fn refused_all(members: &[&Input], error: &Error) -> Vec<Record> {
    let Some((first, others)) = members.split_first() else { return Vec::new() };
    let status = if error.kind() == ErrorKind::UnknownFormat && !makers::is_own_name(&first.path) {
        Status::Unknown
    } else {
        Status::Unreadable
    };
    let rest = format!("not converted: it was to be joined with {}, see there", first.path.display());
    let rest = Error::new(ErrorKind::Options, rest);
    let mut records = vec![Record::failed(first, status, error)];
    records.extend(others.iter().map(|other| Record::failed(other, Status::Unreadable, &rest)));
    records
}
