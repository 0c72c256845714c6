//! What earlier runs left at the place of an output.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Deserialize;

use crate::bundle::{self, OptionsFacts, PieceFacts, SourceFacts};
use crate::issue::ValidationIssue;

/// The report of a measurement that was invalid while the tables of an earlier run were to stay.
pub(super) const INVALID_REPORT: &str = "report.invalid.json";

/// What the picture and the page beside it have in their names, and these names.
pub(super) const INVALID_MARK: &str = ".invalid";
pub(super) static INVALID_LOOKS: &[&str] = &["overview.invalid.html", "overview.invalid.svg", "overview.invalid.png"];

/// As much of a report as later runs ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Made {
    library_version: String,
    pub(super) source: SourceFacts,
    pub(super) options: OptionsFacts,
    pub(super) detected: Reader,
    pub(super) part: Option<String>,
    pub(super) parts: Vec<String>,
    pub(super) pieces: Vec<PieceFacts>,
    pub(super) proposed: Vec<String>,
    pub(super) rows_kept: usize,
    pub(super) steps: usize,
    pub(super) cycles: usize,
    pub(super) issues: Vec<ValidationIssue>,
    /// Where it was read, and when that was written.
    #[serde(skip)]
    pub(super) path: PathBuf,
    #[serde(skip)]
    pub(super) written: Option<SystemTime>,
}

/// Of what was detected, the reader.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reader {
    pub(super) reader: Cow<'static, str>,
}

impl Made {
    /// The report at this path; `None` when there is none of ours.
    pub(super) fn read(path: &Path) -> Option<Self> {
        let mut file = File::open(path).ok()?;
        let written = file.metadata().and_then(|meta| meta.modified()).ok();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).ok()?;
        let made = Self::parse(&bytes).filter(Self::is_ours)?;
        Some(Self { path: path.to_path_buf(), written, ..made })
    }

    /// What the Parquet file of a time series alone says of its making; `None` when it is none of ours.
    pub(super) fn of_file(path: &Path) -> Option<Self> {
        let facts = bundle::facts_of_file(path)?;
        let fact = |name: &str| facts.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let version = fact("cyclerprep.version")?;
        let made: Self = fact(bundle::MADE).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        Some(Self { path: path.to_path_buf(), library_version: version.to_owned(), ..made })
    }

    /// A report of another version may have codes that this one does not know: it is ours, and never fresh.
    fn parse(bytes: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Least {
            library_version: String,
            source: SourceFacts,
        }
        serde_json::from_slice(bytes).ok().or_else(|| {
            let Least { library_version, source } = serde_json::from_slice(bytes).ok()?;
            Some(Self { library_version, source, ..Self::default() })
        })
    }

    /// Other programs have files of this name, too.
    fn is_ours(&self) -> bool {
        !self.library_version.is_empty() && self.source.blake3.len() == 64
    }

    /// Hash of the file.
    pub(super) fn blake3(&self) -> &str {
        &self.source.blake3
    }

    /// The same again.
    pub(super) fn copy(&self) -> Self {
        Self::read(&self.path).unwrap_or_default()
    }

    pub(super) fn is_valid(&self) -> bool {
        bundle::is_valid(&self.issues)
    }

    /// The bundle that it is the report of.
    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }

    /// Whether it is the report of an invalid measurement beside the tables of an earlier run.
    pub(super) fn is_beside_tables(&self) -> bool {
        self.path.file_name().is_some_and(|name| name == INVALID_REPORT)
    }

    /// Whether the tables are there.
    pub(super) fn has_tables(&self) -> bool {
        self.folder().join("time_series.parquet").is_file()
    }
}

/// Whether a folder is a bundle of ours.
pub(super) fn is_bundle(folder: &Path) -> bool {
    Made::read(&folder.join("report.json")).is_some()
}

/// What stands at the place of an output.
#[derive(Debug)]
pub(super) enum Standing {
    Nothing,
    /// The bundle, or those of the parts of one input.
    Bundles(Vec<Made>),
    /// Something else: what it is.
    Foreign(&'static str),
}

impl Standing {
    /// At the place of a bundle.
    pub(super) fn of(output: &Path) -> Self {
        if let Some(made) = Made::read(&output.join("report.json")) {
            return Self::Bundles(vec![made]);
        }
        let Ok(meta) = std::fs::symlink_metadata(output) else { return Self::Nothing };
        if !meta.is_dir() && !output.is_dir() {
            return Self::Foreign("a file");
        }
        let Ok(entries) = std::fs::read_dir(output) else { return Self::Foreign("a folder that cannot be read") };
        let mut parts = Vec::new();
        for entry in entries.flatten() {
            let name = entry.file_name();
            // What a stopped run left is hidden, and removed elsewhere.
            if name.to_string_lossy().starts_with('.') || name == INVALID_REPORT {
                continue;
            }
            match Made::read(&entry.path().join("report.json")).filter(|made| made.part.is_some()) {
                Some(made) => parts.push(made),
                None => return Self::Foreign("a folder that is no bundle"),
            }
        }
        if parts.is_empty() { Self::Nothing } else { Self::Bundles(parts) }
    }

    /// At the place of a Parquet file alone.
    pub(super) fn of_file(file: &Path) -> Self {
        match Made::of_file(file) {
            Some(made) => Self::Bundles(vec![made]),
            None if file.is_dir() => Self::Foreign("a folder"),
            None if std::fs::symlink_metadata(file).is_ok() => Self::Foreign("a file that is no output of ours"),
            None => Self::Nothing,
        }
    }
}
