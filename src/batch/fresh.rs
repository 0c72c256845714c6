//! Whether an output that is there says what its source and the options say now.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::made::{INVALID_REPORT, Made};
use super::options::BatchOptions;
use super::walk::Input;
use crate::bundle::{self, OptionsFacts, PieceFacts, SourceFacts};
use crate::source::{Family, Source, hash_of, instant, names};

/// A file that was modified so shortly before its report was written may have been modified again within the same tick of its
/// file system's clock.
const TICK: Duration = Duration::from_secs(2);

/// How a file or a family of files compares with what was noted of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Same {
    /// By size and time.
    Seen,
    /// By its content: next time size and time shall be enough.
    Hashed,
    No,
}

/// What a run compares with: its options, and names of folders that were listed once.
#[derive(Debug)]
pub(super) struct Freshness {
    asked: OptionsFacts,
    keep_invalid: bool,
    joins: bool,
    /// Hash of an input that is no file of this machine: it stands alone, and its time is not known.
    content: Option<String>,
    folders: Mutex<HashMap<PathBuf, Arc<Vec<String>>>>,
}

impl Freshness {
    pub(super) fn new(options: &BatchOptions) -> Self {
        let asked = options.prepare.facts().and(options.bundle.values());
        Self {
            asked,
            keep_invalid: options.keep_invalid,
            joins: options.join,
            content: None,
            folders: Mutex::default(),
        }
    }

    /// For an input that is no file of this machine.
    pub(super) fn of_content(options: &BatchOptions, content: &Source) -> Self {
        let hash = blake3::hash(content.bytes()).to_hex().to_string();
        Self { content: Some(hash), ..Self::new(options) }
    }

    /// The options as reports name them.
    pub(super) fn asked(&self) -> &OptionsFacts {
        &self.asked
    }

    /// The reports that hold for the input as it is now, one for each of its tests; `Err` with those that do not when its output
    /// is to be made anew.
    pub(super) fn fresh(&self, input: &Path, output: &Path, standing: Vec<Made>) -> Result<Vec<Made>, Vec<Made>> {
        let Some(first) = standing.first() else { return Err(standing) };
        let mut there: Vec<&String> = standing.iter().filter_map(|made| made.part.as_ref()).collect();
        let mut all: Vec<&String> = first.parts.iter().collect();
        there.sort();
        all.sort();
        let is_whole = if first.folder() == output { standing.len() == 1 && all.is_empty() } else { there == all };
        // Where an older bundle was to stay, the report beside it may hold.
        let beside = |made: &Made| match self.holds(made, input) {
            true => Some(None),
            false => self.invalid(made.folder(), input).map(Some),
        };
        let held: Option<Vec<Option<Made>>> = if is_whole { standing.iter().map(beside).collect() } else { None };
        match held {
            Some(held) => Ok(standing.into_iter().zip(held).map(|(made, beside)| beside.unwrap_or(made)).collect()),
            // Tables of several parts stay as well when there is but one test now, and that is invalid.
            None => self.invalid(output, input).map(|made| vec![made]).ok_or(standing),
        }
    }

    /// The report of an invalid measurement for which the tables of an earlier run were to stay.
    fn invalid(&self, folder: &Path, input: &Path) -> Option<Made> {
        Made::read(&folder.join(INVALID_REPORT)).filter(|made| self.holds(made, input))
    }

    /// Whether a Parquet file alone holds what the input says now. It has no time in it, so the content is compared.
    pub(super) fn is_fresh_file(&self, made: &Made, input: &Path) -> bool {
        made.options.fingerprint == self.asked.fingerprint && self.compare(made, input) != Same::No
    }

    /// The fingerprint of joined measurements.
    fn joined(&self) -> String {
        self.asked.and([("join".to_owned(), true.into())]).fingerprint
    }

    /// Whether a report holds for files that seem to be pieces of one test, as they are now: the places of those among them that
    /// it covers. `None` where it does not hold, or was made when others seemed to belong to them.
    pub(super) fn covers(&self, made: &Made, members: &[Input], proposed: &[String]) -> Option<Vec<usize>> {
        let place = |source: &SourceFacts| {
            let is_it = |member: &Input| member.path.display().to_string() == source.name;
            let is_called = |member: &Input| member.path.file_name().is_some_and(|name| name == source.file_name());
            members.iter().position(is_it).or_else(|| members.iter().position(is_called))
        };
        // What was made of a file that is gone stays, alone or as a piece.
        let is_left = |piece: &&PieceFacts| place(&piece.source).is_some() || !is_gone(piece);
        let gone: Vec<String> = made.pieces.iter().filter(|piece| !is_left(piece)).map(file_name).collect();
        let is_proposed = made.proposed.iter().filter(|name| !gone.contains(name)).eq(proposed.iter());
        if !is_proposed || !made.parts.is_empty() {
            return None;
        }
        if made.pieces.is_empty() {
            let place = place(&made.source)?;
            return self.holds(made, &members.get(place)?.path).then(|| vec![place]);
        }
        if made.options.fingerprint != self.joined() || !self.has_what_it_should(made) {
            return None;
        }
        let mut covered = Vec::new();
        for piece in made.pieces.iter().filter(is_left) {
            let place = place(&piece.source)?;
            if self.compare_source(&piece.source, made.written, &members.get(place)?.path) == Same::No {
                return None;
            }
            covered.push(place);
        }
        Some(covered)
    }

    /// Whether an input is what is left of the pieces of a joined measurement.
    fn is_last_piece(&self, made: &Made, input: &Path) -> bool {
        let mut left = made.pieces.iter().filter(|piece| !is_gone(piece));
        let (Some(last), None) = (left.next(), left.next()) else { return false };
        last.source.name == input.display().to_string()
            && made.options.fingerprint == self.joined()
            && self.has_what_it_should(made)
            && self.compare_source(&last.source, made.written, input) != Same::No
    }

    fn holds(&self, made: &Made, input: &Path) -> bool {
        if self.joins && !made.pieces.is_empty() {
            return self.is_last_piece(made, input);
        }
        if made.options.fingerprint != self.asked.fingerprint || !self.has_what_it_should(made) {
            return false;
        }
        let same = self.compare(made, input);
        if same == Same::Hashed {
            // A report that cannot be written costs the hash again next time, nothing else.
            let _ = renew(made, input);
        }
        same != Same::No
    }

    /// Whether the tables are there, or may be missing.
    fn has_what_it_should(&self, made: &Made) -> bool {
        let is_bare = !made.is_valid() && !self.keep_invalid;
        if made.is_beside_tables() { !self.keep_invalid } else { is_bare || made.has_tables() }
    }

    fn compare(&self, made: &Made, input: &Path) -> Same {
        self.compare_source(&made.source, made.written, input)
    }

    fn compare_source(&self, source: &SourceFacts, written: Option<SystemTime>, input: &Path) -> Same {
        if let Some(hash) = &self.content {
            return if source.blake3 == *hash { Same::Seen } else { Same::No };
        }
        let is_place = source.name == input.display().to_string();
        let known = Known {
            bytes: source.bytes,
            modified: source.modified.as_deref().filter(|_| is_place),
            blake3: Some(&source.blake3),
            written,
        };
        let mut same = known.compare(input);
        let folder = input.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        for side in &source.side_files {
            if same == Same::No {
                break;
            }
            let path = folder.join(&side.name);
            same = same.max(match side.bytes {
                None if path.is_file() => Same::No,
                None => Same::Seen,
                Some(bytes) => {
                    let (modified, blake3) = (side.modified.as_deref(), side.blake3.as_deref());
                    Known { bytes, modified, blake3, written }.compare(&path)
                }
            });
        }
        match &source.family {
            Some(family) if same != Same::No && !self.is_family(family, folder) => Same::No,
            _ => same,
        }
    }

    fn is_family(&self, family: &Family, folder: &Path) -> bool {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let names = folders.entry(folder.to_path_buf()).or_insert_with(|| names(folder).unwrap_or_default().into());
        let names = Arc::clone(names);
        drop(folders);
        family.clone().among(names.iter()) == *family
    }
}

/// Whether the file of a piece is no longer where it was read.
fn is_gone(piece: &PieceFacts) -> bool {
    !Path::new(&piece.source.name).exists()
}

fn file_name(piece: &PieceFacts) -> String {
    piece.source.file_name().to_owned()
}

/// What was noted of a file.
struct Known<'m> {
    bytes: u64,
    modified: Option<&'m str>,
    blake3: Option<&'m str>,
    written: Option<SystemTime>,
}

impl Known<'_> {
    fn compare(&self, path: &Path) -> Same {
        let Ok(meta) = std::fs::metadata(path) else { return Same::No };
        if meta.len() != self.bytes {
            return Same::No;
        }
        let modified = meta.modified().ok();
        if self.modified.is_some() && modified.and_then(instant).as_deref() == self.modified && self.is_past(&meta) {
            return Same::Seen;
        }
        match self.blake3 {
            Some(hash) if hash_of(path).is_some_and(|found| found.to_hex().as_str() == hash) => Same::Hashed,
            // It was too large to be read with the other file, and it still is.
            None => Same::Seen,
            Some(_) => Same::No,
        }
    }

    /// Whether the file was left alone for a while before the report was written.
    fn is_past(&self, meta: &Metadata) -> bool {
        let (Some(written), Ok(modified)) = (self.written, meta.modified()) else { return false };
        modified.checked_add(TICK).is_some_and(|end| end < written)
    }
}

/// Writes the place and the times as they are now into a report whose source was touched and not changed.
fn renew(made: &Made, input: &Path) -> Option<()> {
    let mut report: serde_json::Value = serde_json::from_slice(&std::fs::read(&made.path).ok()?).ok()?;
    let folder = input.parent().unwrap_or(Path::new(""));
    let time = |path: &Path| std::fs::metadata(path).and_then(|meta| meta.modified()).ok().and_then(instant);
    let source = report.get_mut("source")?;
    *source.get_mut("name")? = input.display().to_string().into();
    if let Some(modified) = source.get_mut("modified") {
        *modified = time(input)?.into();
    }
    for side in source.get_mut("side_files").and_then(|all| all.as_array_mut()).into_iter().flatten() {
        let path = folder.join(side.get("name")?.as_str()?);
        if let Some(modified) = side.get_mut("modified") {
            *modified = time(&path)?.into();
        }
    }
    bundle::write_json(&made.path, &report).ok()
}
