//! Which reader a file belongs to: by content, with a reason; the extension only breaks ties.

mod containers;

use crate::error::{Error, ErrorKind, Result};
use crate::formats::Format;
use crate::makers::{self, READERS};
use crate::probe::{Probe, Score};
use crate::sheet::is_workbook;
use crate::source::Source;

/// What one reader said of a file.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let source = cyclerprep::Source::open("fixtures/maccor/flat_line.034", &Default::default())?;
/// let candidates = cyclerprep::detect::candidates(&source);
/// assert!(candidates[0].score.points > candidates[1].score.points);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The reader.
    pub reader: &'static dyn Format,
    /// Its score.
    pub score: Score,
    /// Whether the file's extension is one of its own.
    pub extension: bool,
}

/// Asks every reader; best first.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let source = cyclerprep::Source::open("fixtures/neware/flat.csv", &Default::default())?;
/// let all = cyclerprep::detect::candidates(&source);
/// assert_eq!(all[0].reader.info().id, "neware_csv");
/// // Columns with usual names are a guess that counts where nobody is sure.
/// assert!(all[0].score.points > 50 && all[1].score.points <= 20, "one is sure: {}", all[0].score.why);
/// # Ok(())
/// # }
/// ```
pub fn candidates(source: &Source) -> Vec<Candidate> {
    // What cannot be unwrapped is looked at as it is.
    let source = unwrapped(source).unwrap_or_else(|_| source.clone());
    candidates_of(&Probe::new(&source), &[])
}

/// Wrappers inside wrappers that are taken off.
const WRAPPERS: usize = 4;

/// The file itself, or the one file in the stream or archive that it is. An archive that a reader knows is a file itself.
///
/// # Errors
/// [`ErrorKind::Limit`] and [`ErrorKind::Malformed`] for wrappers that are too large or broken, [`ErrorKind::NotATimeSeries`]
/// for an archive of several files.
pub(crate) fn unwrapped(source: &Source) -> Result<Source> {
    let mut source = source.clone();
    for _ in 0..WRAPPERS {
        let inner = match source.streamed()? {
            Some(inner) => Some(inner),
            None if is_known_archive(&source) => None,
            None => source.unzipped()?,
        };
        let Some(inner) = inner else { return Ok(source) };
        source = inner;
    }
    let message = format!("expected at most {WRAPPERS} archives inside each other, found more");
    Err(Error::new(ErrorKind::Limit, message))
}

/// Whether a reader takes the archive, or it is a document that is told by name.
fn is_known_archive(source: &Source) -> bool {
    if !source.bytes().starts_with(b"PK") {
        return false;
    }
    let is_known = || {
        let probe = Probe::new(source);
        containers::known(&probe).is_some()
            || candidates_of(&probe, &[]).first().is_some_and(|best| best.score.points > 0)
    };
    is_workbook(source.bytes(), &source.members()) || is_known()
}

fn candidates_of(probe: &Probe<'_>, named: &[(String, String)]) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = READERS
        .iter()
        .map(|reader| Candidate {
            reader: *reader,
            score: reader.sniff_with(probe, named),
            extension: makers::has_extension(reader.info(), &probe.extension),
        })
        .collect();
    // Stable: the order of READERS is the last word.
    all.sort_by_key(|c| std::cmp::Reverse((c.score.points, c.extension)));
    all
}

/// The best reader.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::{Limits, Source, detect};
///
/// let source = Source::open("fixtures/maccor/flat_line.034", &Limits::default())?;
/// let best = detect::detect(&source)?;
/// assert_eq!(best.reader.info().id, "maccor_text");
/// println!("{} because {}", best.reader.info().name, best.score.why);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::UnknownFormat`], whose text lists what was tried and why each was ruled out; [`ErrorKind::NotATimeSeries`] and
/// [`ErrorKind::SideFile`] for a file that is known to hold something else, which its text names.
pub fn detect(source: &Source) -> Result<Candidate> {
    best_of(&unwrapped(source)?, &[])
}

/// As many points are a guess by usual names: a file that is known to hold something else is that.
const GUESS: u8 = 20;

/// [`detect`] for a file that is unwrapped, of which the caller says what some headers stand for.
pub(crate) fn best_of(source: &Source, named: &[(String, String)]) -> Result<Candidate> {
    if source.bytes().is_empty() {
        return Err(Error::new(ErrorKind::Malformed, "expected a cycler file, found an empty file"));
    }
    let probe = Probe::new(source);
    let all = candidates_of(&probe, named);
    let best = all.first().filter(|c| c.score.points > 0);
    if let Some(best) = best.filter(|c| c.score.points > GUESS) {
        return Ok(best.clone());
    }
    if let Some(says) = containers::known(&probe) {
        return Err(Error::new(ErrorKind::NotATimeSeries, format!("expected the rows of a test, found {says}")));
    }
    if let Some(error) = &probe.broken {
        return Err(Error::new(error.kind(), error.message()));
    }
    if let Some(known) = makers::side_file(&probe) {
        let beside = known.beside.and_then(|find| find(probe.file_name, &source.neighbours()));
        let beside = beside.map_or(String::new(), |name| format!("; {name:?} is there"));
        let message = format!("expected the rows of a test, found {}{beside}", known.says);
        return Err(Error::new(known.kind, message));
    }
    if let Some(best) = best {
        return Ok(best.clone());
    }
    let tried: Vec<String> = all.iter().map(|c| format!("\n  {}: {}", c.reader.info().name, c.score.why)).collect();
    Err(Error::new(ErrorKind::UnknownFormat, format!("no reader knows this file; tried{}", tried.concat())))
}
