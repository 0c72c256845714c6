//! Parts of one Arbin channel, `<test>_Wb_1.CSV`, `<test>_Wb_2.CSV`, …: consecutive rows in files of their own
//! (docs/formats/arbin.md#parts-of-one-test).
//!
//! Seen in: first parts alone; that later ones carry on is described, not seen.

use crate::error::Result;
use crate::formats::delimited::{self, Header, Opened};
use crate::note::{Note, NoteCode, Notes};
use crate::source::{Family, Source};
use crate::text::{line, plain};

/// The test's name and the number of the part; `None` for a name of another kind.
fn part(file_name: &str) -> Option<(&str, u32)> {
    let stem = file_name.get(..file_name.len().checked_sub(4)?)?;
    if !file_name.to_ascii_lowercase().ends_with(".csv") {
        return None;
    }
    let at = stem.to_ascii_lowercase().rfind("_wb_")?;
    Some((stem.get(..at)?, stem.get(at + 4..)?.parse().ok()?))
}

/// Puts the rows of the parts that follow a first part, and lie beside it, behind its own. A later part is read alone.
///
/// # Errors
/// Those of reading the files beside this one.
pub(super) fn join(opened: &mut Opened, header: &Header, source: &Source, notes: &mut Notes) -> Result<()> {
    let Some((test, number)) = part(source.file_name()) else { return Ok(()) };
    if number > 1 {
        let message = format!("this is part {number} of its test; the parts before it are other files");
        notes.say(NoteCode::PartialFile, message);
    }
    if number != 1 || source.is_excerpt() {
        return Ok(());
    }
    let follows = |name: &str| {
        part(name).filter(|(other, number)| other.eq_ignore_ascii_case(test) && *number > 1).map(|(_, number)| number)
    };
    let mut later: Vec<(u32, String, Vec<u8>)> = source
        .siblings(Family::of(&format!("{test}_wb_"), &[".csv"]), |name| follows(name).is_some())?
        .into_iter()
        .filter_map(|(name, bytes)| Some((follows(&name)?, name, bytes)))
        .collect();
    later.sort_by_key(|(number, ..)| *number);
    let (mut joined, mut names) = (Vec::new(), Vec::new());
    for (expected, (number, name, bytes)) in (2..).zip(later) {
        let bytes = plain::decoded(&bytes);
        let first = line::lines(&bytes, 0).next();
        let fits = first.is_some_and(|line| line.bytes.trim_ascii() == header.bytes.trim_ascii());
        if number != expected || !fits {
            let why = if fits { "the part before it is missing" } else { "its columns are others" };
            let message = format!("{name:?} and what follows it are not read with this file: {why}");
            notes.push(Note::new(NoteCode::PartialFile, message));
            break;
        }
        if joined.is_empty() {
            if !opened.bytes.is_whole() {
                return Err(delimited::needs_whole(&opened.bytes));
            }
            joined.extend_from_slice(&opened.bytes);
        }
        if joined.last() != Some(&b'\n') {
            joined.push(b'\n');
        }
        let rows = bytes.get(first.map_or(0, |line| line.next)..).unwrap_or_default();
        if rows.trim_ascii().is_empty() {
            let message = format!("{name:?} has a header and no rows");
            notes.push(Note::new(NoteCode::PartialFile, message));
        }
        joined.extend_from_slice(rows);
        names.push(name);
    }
    if !names.is_empty() {
        let message = format!("the parts that follow this one were read with it: {}", names.join(", "));
        notes.push(Note::new(NoteCode::FilesJoined, message).count(names.len()));
        opened.bytes = joined.into();
    }
    Ok(())
}

/// The first part, where [`join`] puts this later one behind it: no part between them is missing, and all have its columns.
pub(super) fn first_of(source: &Source) -> Option<String> {
    let (test, number) = part(source.file_name()).filter(|(_, number)| *number > 1)?;
    let names = source.neighbours();
    let called = |wanted: u32| {
        let is_it =
            |name: &&String| part(name).is_some_and(|(other, n)| n == wanted && other.eq_ignore_ascii_case(test));
        names.iter().find(is_it)
    };
    let head = |bytes: &[u8]| plain::decoded(bytes).into_owned();
    let own = head(source.bytes().get(..HEAD).unwrap_or(source.bytes()));
    let columns = line::lines(&own, 0).next()?.bytes.trim_ascii().to_vec();
    for before in 1..number {
        let bytes = head(&source.head_beside(called(before)?, HEAD)?);
        // Later parts begin with their columns, the first may have lines above them.
        let lines = if before == 1 { delimited::PREAMBLE } else { 1 };
        if !line::lines(&bytes, 0).take(lines).any(|line| line.bytes.trim_ascii() == columns) {
            return None;
        }
    }
    called(1).cloned()
}

/// Bytes in which the line of the columns is looked for.
const HEAD: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(part("a_Channel_2_Wb_1.CSV"), Some(("a_Channel_2", 1)));
        assert_eq!(part("a_wb_12.csv"), Some(("a", 12)));
        assert_eq!(part("a_Wb_1.xlsx"), None);
        assert_eq!(part("a_Wb_x.csv"), None);
        assert_eq!(part("é"), None);
    }
}
