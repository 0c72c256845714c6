//! A report about a file that fails, to send to the maintainers: the file's shape, none of its data.

use std::collections::HashSet;
use std::path::Path;
use std::sync::LazyLock;

use serde::Serialize;

use super::look;
use crate::detect;
use crate::error::{Place, Result};
use crate::makers::MAKERS;
use crate::prepare::PrepareOptions;
use crate::probe::Probe;
use crate::schema::UNITS;
use crate::source::Source;
use crate::text::encoding::Encoding;

/// Lines of the head, or rows of each sheet, that are shown.
const LINES: usize = 60;

/// Characters of a line that are shown.
const WIDTH: usize = 600;

/// The shape of a file. Letters are `a` and `A`, digits are `9`, other letters are `字`; words that the makers' programs
/// write in headers stay. There is no name, no value, no date and no comment in it.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let report = cyclerprep::inspect::anonymous("fixtures/neware/flat.csv", &Default::default())?;
/// assert_eq!(report.extension, "csv");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Anonymous {
    /// Version of this crate.
    pub library_version: &'static str,
    /// The name's last extension, masked like everything else.
    pub extension: String,
    /// Size of the file.
    pub bytes: u64,
    /// Whether the file can be inspected.
    pub outcome: Outcome,
    /// What every reader said: id, points, reason.
    pub scores: Vec<(&'static str, u8, String)>,
    /// Encoding of the text; `None` when it is not text.
    pub encoding: Option<String>,
    /// The first bytes in hexadecimal, when it is not text.
    pub magic: Option<String>,
    /// Members of an archive.
    pub members: Vec<String>,
    /// The head's lines, masked; of a workbook the first rows of each sheet.
    pub head: Vec<String>,
}

/// What came of reading the file.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let report = cyclerprep::inspect::anonymous("fixtures/neware/flat.csv", &Default::default())?;
/// assert!(matches!(report.outcome, cyclerprep::inspect::Outcome::Read { reader: "neware_csv", .. }));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// It is read: for each test the dialect, the columns with their targets, and how often each note was made.
    Read {
        /// Id of the reader.
        reader: &'static str,
        /// The tests.
        tests: Vec<AnonymousTest>,
    },
    /// It is not.
    Refused {
        /// Kind of the error.
        kind: &'static str,
        /// Its text, masked.
        message: String,
        /// Its place.
        place: Option<Place>,
    },
}

/// One test of a file that is read.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::inspect::Outcome;
///
/// let report = cyclerprep::inspect::anonymous("fixtures/neware/flat.csv", &Default::default())?;
/// let Outcome::Read { tests, .. } = report.outcome else { panic!("it is read") };
/// let (header, target) = &tests[0].columns[7];
/// assert_eq!((header.as_str(), target.as_deref()), ("Voltage(V)", Some("Voltage [V]")));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct AnonymousTest {
    /// Dialect of the format.
    pub dialect: &'static str,
    /// Each column's header, masked, and what it becomes.
    pub columns: Vec<(String, Option<String>)>,
    /// Codes of the notes.
    pub notes: Vec<&'static str>,
}

/// Looks at a file and keeps its shape alone.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let report = cyclerprep::inspect::anonymous("fixtures/bad/prose.txt", &Default::default())?;
/// assert_eq!(report.head[0], "Aaaa aaaaaaaaa,");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) when the file cannot be opened. A file that cannot be read is no error here.
pub fn anonymous(path: impl AsRef<Path>, options: &PrepareOptions) -> Result<Anonymous> {
    let (source, bytes) = Source::open_ends(&path, options.limits())?;
    let unwrapped = detect::unwrapped(&source).unwrap_or_else(|_| source.clone());
    let probe = Probe::new(&unwrapped);
    let scores = detect::candidates(&source);
    let scores = scores.into_iter().map(|c| (c.reader.info().id, c.score.points, message(&c.score.why))).collect();
    let outcome = match look(&source, bytes, options) {
        Ok(found) => Outcome::Read {
            reader: found.reader,
            tests: found
                .tests
                .into_iter()
                .map(|test| AnonymousTest {
                    dialect: test.dialect,
                    columns: test
                        .columns
                        .into_iter()
                        .map(|c| (masked(&c.header), c.target.map(|t| masked(&t))))
                        .collect(),
                    notes: test.notes.iter().map(|note| note.code.as_str()).collect(),
                })
                .collect(),
        },
        Err(error) => {
            let place = match error.place().cloned() {
                Some(Place::Column(name)) => Some(Place::Column(masked(&name))),
                Some(Place::Sheet(name)) => Some(Place::Sheet(masked(&name))),
                Some(Place::Member(name)) => Some(Place::Member(masked(&name))),
                Some(Place::Cell { sheet, row, column }) => Some(Place::Cell { sheet: masked(&sheet), row, column }),
                other => other,
            };
            Outcome::Refused { kind: error.kind().as_str(), message: message(error.message()), place }
        }
    };
    let mut head = Vec::new();
    if let Some(text) = &probe.text {
        // UTF-16 is UTF-8 already here.
        let text = match text.detected.encoding {
            Encoding::Utf16Le | Encoding::Utf16Be => String::from_utf8_lossy(&text.bytes),
            encoding => encoding.decode(&text.bytes).0,
        };
        head.extend(text.lines().take(LINES).map(masked));
    }
    for sheet in &probe.sheets {
        head.push(format!("-- sheet {}", masked(&sheet.name)));
        head.extend(String::from_utf8_lossy(&sheet.text).lines().take(LINES).map(masked));
    }
    let hexadecimal = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(" ");
    Ok(Anonymous {
        library_version: env!("CARGO_PKG_VERSION"),
        extension: masked(&probe.extension),
        bytes,
        outcome,
        scores,
        encoding: probe.text.as_ref().map(|text| format!("{:?}", text.detected.encoding)),
        magic: probe.text.is_none().then(|| hexadecimal(probe.head.get(..16).unwrap_or(probe.head))),
        members: probe.members.iter().take(200).map(|name| masked(name)).collect(),
        head,
    })
}

/// Words of programs and formats that stand beside the columns' names in headers and say nothing about a cell.
#[rustfmt::skip]
static WORDS: &[&str] = &[
    "acquisition", "ascii", "aux", "bin", "bt", "channel", "cols", "comment", "comments", "csv", "data",
    "date", "detail", "ec", "file", "global", "header", "inc", "info", "lab", "lines", "mpr", "mpt", "name",
    "nb", "nda", "ndax", "ndc", "procedure", "rec", "record", "rels", "schedule", "settings", "sheet",
    "started", "statis", "sub", "technique", "test", "time", "txt", "type", "unit", "version", "workbook",
    "worksheets", "xl", "xls", "xlsx", "xml",
];

/// Words that stay as they are: of the vocabularies, of the units with their prefixes, and [`WORDS`].
static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let terms = MAKERS.iter().flat_map(|maker| maker.words.terms).flat_map(|term| words(term.key));
    let names = MAKERS.iter().map(|maker| maker.name().to_lowercase());
    let units =
        UNITS.iter().flat_map(|unit| ["", "m", "u", "µ", "n", "k"].map(|prefix| format!("{prefix}{}", unit.spelling)));
    terms.map(str::to_lowercase).chain(names).chain(units).chain(WORDS.iter().map(|word| (*word).to_owned())).collect()
});

/// Runs of letters.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

/// The text's shape: unknown words and all digits are masked.
fn masked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if out.chars().count() >= WIDTH {
            out.push('…');
            break;
        }
        let end = rest.find(|c: char| c.is_alphabetic() != first.is_alphabetic()).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        let stays = first.is_alphabetic() && (run.chars().count() == 1 || KNOWN.contains(&run.to_lowercase()));
        out.extend(run.chars().map(|c| if stays { c } else { mask(c) }));
        rest = after;
    }
    out
}

fn mask(c: char) -> char {
    match c {
        c if c.is_numeric() => '9',
        c if c.is_ascii_lowercase() => 'a',
        c if c.is_ascii_uppercase() => 'A',
        c if c.is_alphabetic() => '字',
        c => c,
    }
}

/// An error's text: what was expected stays, what was found is masked, and so is what stands in quotes.
fn message(text: &str) -> String {
    let (expected, found) = text.split_once("found").map_or((text, None), |(a, b)| (a, Some(b)));
    let mut out = String::new();
    for (index, piece) in expected.split('"').enumerate() {
        if index > 0 {
            out.push('"');
        }
        let is_quoted = index % 2 == 1;
        out.push_str(&if is_quoted {
            masked(piece)
        } else {
            piece.chars().map(|c| if c.is_numeric() { '9' } else { c }).collect()
        });
    }
    if let Some(found) = found {
        out.push_str("found");
        out.push_str(&masked(found));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_makers_stay_and_everything_else_is_a_shape() {
        insta::assert_snapshot!(masked("Test_Time(s),Current(mA),Dr. Secret's pouch 42"), @"Test_Time(s),Current(mA),Aa. Aaaaaa's aaaaa 99");
        assert_eq!(masked("循环序号\t电流(A)\t机密"), "循环序号\t电流(A)\t字字");
        insta::assert_snapshot!(message("expected a unit of Current in the header \"Smith(A)\", found \"Smith 7\""), @r#"expected a unit of Current in the header "Aaaaa(A)", found "Aaaaa 9""#);
    }

    #[test]
    fn nothing_of_a_file_gets_through() {
        let report = anonymous("fixtures/maccor/flat_line.034", &PrepareOptions::default()).unwrap();
        let text = serde_json::to_string(&report).unwrap();
        assert!(!text.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>().is_empty());
        for word in ["flat_line", "034", "2024"] {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }

    #[test]
    fn the_list_of_words_is_sorted() {
        assert!(WORDS.is_sorted());
    }
}
