//! Which measurements seem to belong to one test: techniques that ran one after the other, parts of a long export.
//!
//! A proposal and nothing else: nothing is joined because of it.

use std::collections::BTreeMap;

use crate::makers::MAKERS;

/// What is known of a measurement.
#[derive(Debug, Clone, Default)]
pub(crate) struct Piece {
    /// Path of the file.
    pub(crate) source: String,
    pub(crate) part: Option<String>,
    pub(crate) maker: String,
    pub(crate) channel: Option<String>,
    /// Name of the test, else the barcode of the cell.
    pub(crate) test: Option<String>,
    /// Milliseconds since 1970.
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
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

/// Clocks of two files may disagree by this much, in milliseconds.
const SLACK: i64 = 60_000;

/// The number in a name, and the place of its measurement.
type Numbered = (u32, usize);

/// All series of two and more. Whatever speaks against one (another channel, times that overlap) makes it none.
pub(crate) fn find(pieces: &[Piece]) -> Vec<Series> {
    let mut by_name: BTreeMap<(String, &str), Vec<Numbered>> = BTreeMap::new();
    let mut by_facts: BTreeMap<(String, [&str; 3]), Vec<Numbered>> = BTreeMap::new();
    for (index, piece) in pieces.iter().enumerate().filter(|(_, piece)| piece.part.is_none()) {
        let (folder, file) = piece.source.rsplit_once(['/', '\\']).map_or(("", piece.source.as_str()), |(a, b)| (a, b));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
        let named = MAKERS.iter().find(|maker| maker.name() == piece.maker).and_then(|maker| (maker.piece)(stem));
        if let Some((name, number)) = named {
            by_name.entry((format!("{folder}{name}"), extension)).or_default().push((number, index));
        } else if let (Some(channel), Some(test)) = (&piece.channel, &piece.test)
            && let Some((name, number)) = numbered(stem)
        {
            let key = (format!("{folder}{name}"), [extension, channel.as_str(), test.as_str()]);
            by_facts.entry(key).or_default().push((number, index));
        }
    }
    let by_name = by_name.into_iter().filter_map(|((name, _), members)| {
        let why = "the names that the cycler's program gave them";
        one(pieces, name, members, why, |a, b| a.start.zip(b.start).is_none_or(|(a, b)| a <= b + SLACK))
    });
    let by_facts = by_facts.into_iter().filter_map(|((name, _), members)| {
        let why = "the same test on the same channel, one after the other";
        one(pieces, name, members, why, |a, b| a.end.zip(b.start).is_some_and(|(end, start)| end <= start + SLACK))
    });
    by_name.chain(by_facts).collect()
}

fn one(
    pieces: &[Piece],
    name: String,
    mut members: Vec<Numbered>,
    why: &'static str,
    follows: impl Fn(&Piece, &Piece) -> bool,
) -> Option<Series> {
    members.sort_unstable();
    let members: Vec<usize> = members.into_iter().map(|(_, index)| index).collect();
    let pairs = members.windows(2).filter_map(|pair| Some((pieces.get(*pair.first()?)?, pieces.get(*pair.last()?)?)));
    let mut pairs = pairs.collect::<Vec<_>>().into_iter();
    let agree = |a: &Piece, b: &Piece| a.channel.as_ref().zip(b.channel.as_ref()).is_none_or(|(a, b)| a == b);
    (members.len() > 1 && pairs.all(|(a, b)| agree(a, b) && follows(a, b))).then_some(Series { name, members, why })
}

/// A name without its last number, and the number.
fn numbered(stem: &str) -> Option<(String, u32)> {
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

    #[test]
    fn techniques_belong_together_by_their_names() {
        let all = [
            piece("d/x_02_CP_C01.mpr", "BioLogic", 1, 2),
            piece("d/x_01_OCV_C01.mpr", "BioLogic", 0, 1),
            piece("d/x_01_OCV_C02.mpr", "BioLogic", 0, 1),
            piece("e/x_03_CP_C01.mpr", "BioLogic", 3, 4),
        ];
        let found = find(&all);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].name.as_str(), &found[0].members[..]), ("d/x_*_C01", &[1, 0][..]));
        let mut turned = all.clone();
        turned[0].start = Some(-3_600_000);
        assert!(find(&turned).is_empty(), "the second did not begin before the first");
    }

    #[test]
    fn other_files_need_the_same_test_and_times_that_follow() {
        let all = [piece("a1.csv", "Arbin", 0, 5), piece("a2.csv", "Arbin", 5, 9), piece("b1.csv", "Arbin", 9, 10)];
        assert_eq!(find(&all).iter().map(|series| series.members.clone()).collect::<Vec<_>>(), [[0, 1]]);
        let mut beside = all.clone();
        beside[1].start = Some(0);
        assert!(find(&beside).is_empty());
        let mut unknown = all;
        unknown[1].test = None;
        assert!(find(&unknown).is_empty(), "a name with a number is not enough");
    }

    #[test]
    fn the_last_number_of_a_name_counts() {
        assert_eq!(numbered("cell7_part12b"), Some(("cell7_part*b".to_owned(), 12)));
        assert_eq!(numbered("12"), Some(("*".to_owned(), 12)));
        assert_eq!((numbered("none"), numbered("ü7")), (None, Some(("ü*".to_owned(), 7))));
    }
}
