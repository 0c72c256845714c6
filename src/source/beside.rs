//! What was looked for beside a file: recorded, so that a later run knows whether it is still so.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// A file that was read, or looked for, with another.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut options = cyclerprep::PrepareOptions::default();
/// options.with_fra = vec!["fixtures/maccor/spectrum.EDA0001.041".into()];
/// let cell = cyclerprep::prepare("fixtures/maccor/impedance.041", &options)?;
/// let side = &cell.report.source.side_files[0];
/// assert!(side.name.ends_with("spectrum.EDA0001.041") && side.bytes.is_some() && side.blake3.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SideFacts {
    /// Its name in the folder of the source, or its whole path.
    pub name: String,
    /// Size; `None` when there was no such file.
    pub bytes: Option<u64>,
    /// When it was last modified, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// BLAKE3 of the content, in hexadecimal; `None` when it was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blake3: Option<String>,
}

/// The names in a folder among which files that belong together are looked for: one that comes or goes may change the output.
///
/// ```
/// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
/// assert_eq!(cell.report.source.family, None, "it stands alone");
/// # Ok::<(), cyclerprep::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Family {
    /// How they begin, in lower case.
    pub prefix: String,
    /// How they may end, in lower case.
    pub suffixes: Vec<String>,
    /// BLAKE3 of the sorted names, in hexadecimal.
    pub names: String,
}

impl Family {
    /// The files that these begin and end, whatever the case; no end is any.
    pub(crate) fn of(prefix: &str, suffixes: &[&str]) -> Self {
        let suffixes = suffixes.iter().map(|suffix| suffix.to_lowercase()).collect();
        Self { prefix: prefix.to_lowercase(), suffixes, names: String::new() }
    }

    /// Whether a name is one of those.
    pub(crate) fn takes(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let ends = self.suffixes.is_empty() || self.suffixes.iter().any(|suffix| name.ends_with(suffix));
        ends && name.starts_with(&self.prefix)
    }

    /// The same with those of these sorted names that it takes.
    pub(crate) fn among<'n>(self, sorted: impl IntoIterator<Item = &'n String>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for name in sorted.into_iter().filter(|name| self.takes(name)) {
            hasher.update(name.as_bytes()).update(b"/");
        }
        Self { names: hasher.finalize().to_hex().to_string(), ..self }
    }
}

impl SideFacts {
    /// What can be told without reading it.
    pub(crate) fn at(name: impl Into<String>, path: &Path) -> Self {
        let meta = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file);
        let modified = meta.as_ref().and_then(|meta| meta.modified().ok());
        let (bytes, modified) = (meta.map(|meta| meta.len()), modified.and_then(instant));
        Self { name: name.into(), bytes, modified, blake3: None }
    }

    /// The same with what it held.
    pub(crate) fn holding(self, content: &[u8]) -> Self {
        let (bytes, hash) = (Some(content.len() as u64), blake3::hash(content).to_hex().to_string());
        Self { bytes, blake3: Some(hash), ..self }
    }
}

/// BLAKE3 of a file that is read piece by piece; `None` when it cannot be read.
pub(crate) fn hash_of(path: &Path) -> Option<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(std::fs::File::open(path).ok()?).ok()?;
    Some(hasher.finalize())
}

/// A time of a file system, in UTC.
pub(crate) fn instant(time: SystemTime) -> Option<String> {
    jiff::Timestamp::try_from(time).ok().map(|time| time.to_string())
}

/// The record of a source and of all its clones.
#[derive(Debug, Clone, Default)]
pub(super) struct Beside(Arc<Mutex<(Vec<SideFacts>, Option<Family>)>>);

impl Beside {
    /// One more, unless it is known already: detecting and reading may both look.
    pub(super) fn add(&self, facts: SideFacts) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(at) = all.0.binary_search_by(|known| known.name.cmp(&facts.name)) {
            all.0.insert(at, facts);
        }
    }

    pub(super) fn set_family(&self, family: Family) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1 = Some(family);
    }

    pub(super) fn facts(&self) -> (Vec<SideFacts>, Option<Family>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_its_names_and_nothing_else() {
        let family = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            Family::of("Cell_Wb_", &[".csv"]).among(&names)
        };
        let two = family(&["cell_wb_1.CSV", "cell_wb_2.CSV"]);
        assert_eq!(two, family(&["a.txt", "cell_wb_1.CSV", "cell_wb_2.CSV", "cell_wb_2.txt"]));
        assert_ne!(two, family(&["cell_wb_1.CSV", "cell_wb_2.CSV", "cell_wb_3.CSV"]));
    }

    #[test]
    fn a_file_that_is_not_there_is_recorded_once() {
        let beside = Beside::default();
        for name in ["b", "a", "b"] {
            beside.add(SideFacts::at(name, Path::new("no such folder/no such file")));
        }
        let (files, family) = beside.facts();
        assert_eq!((files.len(), files[0].name.as_str(), files[0].bytes, family), (2, "a", None, None));
    }
}
