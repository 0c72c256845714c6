//! Which measurements seem to belong to one test: techniques that ran one after the other, parts of a long export
//! (docs/decisions.md#pieces-of-one-test).
//!
//! A proposal and nothing else: nothing is joined because of it.

mod link;

use std::collections::{BTreeMap, HashSet};

pub(crate) use link::against;
use link::{Link, link};

use crate::formats::PieceName;
use crate::makers::MAKERS;

/// What is known of a measurement.
#[derive(Debug, Clone, Default)]
pub(crate) struct Piece {
    /// Path of the file.
    pub(crate) source: String,
    pub(crate) part: Option<String>,
    pub(crate) maker: String,
    /// Id of the reader.
    pub(crate) reader: String,
    pub(crate) channel: Option<String>,
    /// Name of the test.
    pub(crate) test: Option<String>,
    /// What identifies the cell.
    pub(crate) barcode: Option<String>,
    /// Clocks of the first and the last row, in milliseconds since 1970.
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
    /// First and last test time in s, in the file's own origin.
    pub(crate) times: Option<(f64, f64)>,
    /// First and last record number.
    pub(crate) records: Option<(i64, i64)>,
    pub(crate) rows: u64,
}

impl Piece {
    /// Folder and name of the file.
    fn place(&self) -> (&str, &str) {
        let at = self.source.rfind(['/', '\\']).map_or(0, |at| at + 1);
        self.source.split_at(at)
    }

    /// The last part of the path.
    pub(crate) fn file_name(&self) -> &str {
        self.place().1
    }

    fn stem_and_extension(&self) -> (&str, &str) {
        let file = self.file_name();
        file.rsplit_once('.').unwrap_or((file, ""))
    }

    /// What the name says, by the habits of its maker.
    pub(crate) fn named(&self) -> Option<PieceName> {
        let maker = MAKERS.iter().find(|maker| maker.name() == self.maker)?;
        (maker.piece)(self.stem_and_extension().0)
    }

    /// The name of the test, where it is more than the name of the file.
    fn stated_test(&self) -> Option<&str> {
        self.test.as_deref().filter(|test| *test != self.stem_and_extension().0)
    }

    /// What the header identifies the test by.
    fn identity(&self) -> Option<&str> {
        self.barcode.as_deref().or_else(|| self.stated_test())
    }

    /// Mean time between two rows, in s.
    pub(crate) fn interval(&self) -> f64 {
        self.times.map_or(0.0, |(first, last)| (last - first) / self.rows.saturating_sub(1).max(1) as f64)
    }
}

/// Measurements that seem to belong to one test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Series {
    /// Folder and the part of the name that they have in common.
    pub(crate) name: String,
    /// Their places in what was given, in the order in which they ran.
    pub(crate) members: Vec<usize>,
    /// What speaks for it.
    pub(crate) why: &'static str,
}

/// Two measurements whose names or headers say that they belong together, and what speaks against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Apart {
    pub(crate) members: [usize; 2],
    pub(crate) why: String,
}

/// What belongs together, and what seems to and does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) series: Vec<Series>,
    pub(crate) apart: Vec<Apart>,
}

/// Pieces with their numbers, by what their names have in common, extension and reader.
type Named<'p> = BTreeMap<(String, &'p str, &'p str), Vec<(u32, usize)>>;

/// Chains of a folder that a piece may go on with: more would cost pieces times pieces.
const OPEN: usize = 64;

/// All series of two and more. Whatever speaks against a piece (another channel, times that overlap, record numbers that begin
/// anew) leaves it out.
pub(crate) fn find(pieces: &[Piece]) -> Found {
    let mut found = Found::default();
    let mut by_name = Named::new();
    let mut numbered = Named::new();
    let mut by_facts: BTreeMap<[&str; 4], Vec<(u32, usize)>> = BTreeMap::new();
    for (index, piece) in pieces.iter().enumerate().filter(|(_, piece)| piece.part.is_none()) {
        let (folder, (stem, extension)) = (piece.place().0, piece.stem_and_extension());
        let key = |name: String| (format!("{folder}{name}"), extension, piece.reader.as_str());
        if let Some(named) = piece.named() {
            by_name.entry(key(named.series)).or_default().push((named.number, index));
        } else if let Some((name, number)) = last_number(stem) {
            numbered.entry(key(name)).or_default().push((number, index));
        }
        if let (Some(channel), Some(identity)) = (&piece.channel, piece.identity()) {
            by_facts.entry([folder, &piece.reader, channel, identity]).or_default().push((0, index));
        }
    }
    let mut taken: HashSet<usize> = HashSet::new();
    for ((name, ..), members) in by_name {
        chains(pieces, &name, members, Names::Maker, &mut taken, &mut found);
    }
    for ((name, ..), members) in numbered {
        chains(pieces, &name, members, Names::Numbered, &mut taken, &mut found);
    }
    for ([folder, ..], members) in by_facts {
        let members = members.into_iter().filter(|(_, index)| !taken.contains(index)).collect::<Vec<_>>();
        let first = members.first().and_then(|(_, index)| pieces.get(*index));
        let name = first.map_or_else(String::new, |piece| format!("{folder}{}", piece.stem_and_extension().0));
        chains(pieces, &name, members, Names::Any, &mut HashSet::new(), &mut found);
    }
    found.series.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// What the names of some files have to do with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// The cycler's program gave them.
    Maker,
    /// They differ in their last number.
    Numbered,
    /// Nothing.
    Any,
}

fn chains(
    pieces: &[Piece],
    name: &str,
    mut members: Vec<(u32, usize)>,
    names: Names,
    taken: &mut HashSet<usize>,
    found: &mut Found,
) {
    if members.len() < 2 {
        return;
    }
    let get = |index: usize| pieces.get(index);
    let all_start = members.iter().all(|(_, index)| get(*index).is_some_and(|piece| piece.start.is_some()));
    let order = |(number, index): &(u32, usize)| {
        let piece = get(*index);
        let start = piece.and_then(|piece| piece.start).filter(|_| all_start).unwrap_or(0);
        let record = piece.and_then(|piece| piece.records).map_or(0, |records| records.0);
        let time = piece.and_then(|piece| piece.times).map_or(0.0, |times| times.0);
        // Where clocks do not tell, the numbers of the files do; a time of day is told in whole seconds, test times are finer.
        (start.div_euclid(1000), if all_start { 0 } else { *number }, record, time, *number, *index)
    };
    members.sort_by(|a, b| order(a).partial_cmp(&order(b)).unwrap_or(std::cmp::Ordering::Equal));
    let mut open: Vec<(Vec<(u32, usize)>, &'static str)> = Vec::new();
    for member in members {
        let Some(piece) = get(member.1) else { continue };
        let (mut joins, mut why_not) = (None, None);
        for (place, (chain, _)) in open.iter().enumerate().rev().take(OPEN) {
            let Some((before, last)) = chain.last().and_then(|last| Some((last, get(last.1)?))) else { continue };
            match link(last, piece, names, before.0 < member.0) {
                Link::With(why) => {
                    joins = Some((place, why));
                    break;
                }
                Link::Against(why) if why_not.is_none() => why_not = Some(Apart { members: [before.1, member.1], why }),
                Link::Against(_) | Link::None => {}
            }
        }
        match joins.and_then(|(place, why)| Some((open.get_mut(place)?, why))) {
            Some(((chain, reason), why)) => {
                chain.push(member);
                *reason = why;
            }
            None => {
                // Numbers in names are given to cells as often as to pieces: that these stand apart is no news.
                found.apart.extend(why_not.filter(|_| names == Names::Maker));
                open.push((vec![member], ""));
            }
        }
    }
    let mut several = 0;
    for (chain, why) in open.into_iter().filter(|(chain, _)| chain.len() > 1) {
        several += 1;
        let name = if several == 1 { name.to_owned() } else { format!("{name} ({several})") };
        let members: Vec<usize> = chain.into_iter().map(|(_, index)| index).collect();
        taken.extend(&members);
        found.series.push(Series { name, members, why });
    }
}

/// A name without its last number, and the number.
fn last_number(stem: &str) -> Option<(String, u32)> {
    let end = stem.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = stem
        .get(..end)?
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + stem.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    let number = stem.get(start..end)?.parse().ok()?;
    Some((format!("{}*{}", stem.get(..start)?, stem.get(end..)?), number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(source: &str, maker: &str, start: i64, end: i64) -> Piece {
        let (start, end) = (Some(start * 3_600_000), Some(end * 3_600_000));
        let facts = (Some("3".to_owned()), Some("cell 7".to_owned()));
        Piece {
            source: source.into(),
            maker: maker.into(),
            channel: facts.0,
            test: facts.1,
            start,
            end,
            ..Piece::default()
        }
    }

    fn members(pieces: &[Piece]) -> Vec<Vec<usize>> {
        find(pieces).series.into_iter().map(|series| series.members).collect()
    }

    #[test]
    fn techniques_belong_together_by_their_names() {
        let all = [
            piece("d/x_02_CP_C01.mpr", "BioLogic", 1, 2),
            piece("d/x_01_OCV_C01.mpr", "BioLogic", 0, 1),
            piece("d/x_01_OCV_C02.mpr", "BioLogic", 0, 1),
            piece("e/x_03_CP_C01.mpr", "BioLogic", 3, 4),
        ];
        let found = find(&all).series;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].name.as_str(), &found[0].members[..]), ("d/x_*_C01", &[1, 0][..]));
        let mut turned = all.clone();
        turned[0].start = Some(-3_600_000);
        assert!(members(&turned).is_empty(), "the second did not begin before the first");
    }

    #[test]
    fn two_runs_of_the_same_names_are_two_series() {
        // Seconds of the day and of the test: a run of 01 and 02, and the next day one whose first file is lost.
        let at = |source: &str, start: i64, times: (f64, f64)| {
            let end = start + ((times.1 - times.0) * 1000.0) as i64;
            let (start, end) = (Some(start), Some(end));
            Piece { times: Some(times), rows: 11, start, end, ..piece(source, "BioLogic", 0, 0) }
        };
        let day = 86_400_000;
        let all = [
            at("x_01_OCV_C01.mpr", 0, (0.0, 5.0)),
            at("x_02_MB_C01.mpr", day + 6_000, (6.0, 16.0)),
            at("x_02_OCV_C01.mpr", 5_000, (5.0, 15.0)),
            at("x_04_MB_C01.mpr", day + 16_000, (16.0, 17.0)),
        ];
        assert_eq!(members(&all), [[0, 2], [1, 3]]);
        let found = find(&all);
        assert_eq!(found.series[1].name, "x_*_C01 (2)", "their names differ, so that a list tells them apart");
        assert!(found.apart.len() == 1 && found.apart[0].members == [2, 1], "{:?}", found.apart);
    }

    #[test]
    fn other_files_need_the_same_test_and_times_that_follow() {
        let all = [piece("a1.csv", "Arbin", 0, 5), piece("a2.csv", "Arbin", 5, 9), piece("b1.csv", "Arbin", 9, 10)];
        assert_eq!(members(&all), [[0, 1]]);
        let mut beside = all.clone();
        beside[1].start = Some(0);
        assert!(members(&beside).is_empty());
        let mut unknown = all;
        unknown[1].test = None;
        assert!(members(&unknown).is_empty(), "a name with a number is not enough");
    }

    #[test]
    fn record_numbers_join_and_keep_apart() {
        let bare = |source: &str, records: (i64, i64), start: i64| Piece {
            test: None,
            channel: None,
            records: Some(records),
            ..piece(source, "Neware", start, start + 1)
        };
        // Nothing but the numbers says that these are one test; a file of another cell has numbers of its own.
        let all = [bare("x_1.csv", (1, 500), 0), bare("x_2.csv", (501, 900), 1), bare("x_3.csv", (1, 700), 3)];
        assert_eq!(members(&all), [[0, 1]]);
        let why = against(&all[1], &all[2]).unwrap();
        assert!(why.contains("record 1,") && why.contains("record 900"), "{why}");
        // A file is missing between them: the numbers do not say that they belong together, and nothing else does.
        assert!(members(&[all[0].clone(), bare("x_3.csv", (901, 950), 3)]).is_empty());
        // Names may be anything where channel and cell are the same and the numbers go on.
        let cell = |source: &str, records, start| Piece {
            channel: Some("3".to_owned()),
            barcode: Some("B7".to_owned()),
            ..bare(source, records, start)
        };
        assert_eq!(members(&[cell("begin.001", (1, 500), 0), cell("more.002", (501, 900), 1)]), [[0, 1]]);
        let mut other = [cell("begin.001", (1, 500), 0), cell("more.002", (501, 900), 1)];
        other[1].barcode = Some("B8".to_owned());
        assert!(members(&other).is_empty());
        assert!(against(&other[0], &other[1]).unwrap().contains("\"B8\""));
    }

    #[test]
    fn the_last_number_of_a_name_counts() {
        assert_eq!(last_number("cell7_part12b"), Some(("cell7_part*b".to_owned(), 12)));
        assert_eq!(last_number("12"), Some(("*".to_owned(), 12)));
        assert_eq!((last_number("none"), last_number("ü7")), (None, Some(("ü*".to_owned(), 7))));
    }
}
