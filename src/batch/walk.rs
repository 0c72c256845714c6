//! Which files there are to work on.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::made::is_bundle;
use crate::error::{Error, ErrorKind, Result};

/// One file to work on.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// let inputs = cyclerprep::batch::find_inputs(&["fixtures/neware"])?;
/// let flat = inputs.iter().find(|input| input.relative.ends_with("flat.csv")).expect("it is there");
/// assert!(flat.path.ends_with("fixtures/neware/flat.csv") && !flat.named);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Input {
    /// The file.
    pub path: PathBuf,
    /// Where its output goes, below the output folder.
    pub relative: PathBuf,
    /// Whether the user named it, instead of a folder that holds it.
    pub named: bool,
    /// Files that are joined with it to one measurement, which has the output of the first.
    pub with: Vec<Input>,
}

impl Input {
    /// All files of a group, each alone.
    pub(super) fn members(&self) -> Vec<Self> {
        let first = Self { with: Vec::new(), ..self.clone() };
        std::iter::once(first).chain(self.with.iter().cloned()).collect()
    }

    /// A file that the user named: its output has its name.
    ///
    /// ```
    /// use cyclerprep::batch::Input;
    ///
    /// let input = Input::named("fixtures/neware/flat.csv");
    /// assert!(input.named && input.relative == std::path::Path::new("flat.csv"));
    /// ```
    pub fn named(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let relative = path.file_name().map_or_else(|| path.to_path_buf(), PathBuf::from);
        Self { path: path.to_path_buf(), relative, named: true, with: Vec::new() }
    }
}

/// Files as they are named, and all files of folders, in a stable order. Folders are searched through; hidden files and links
/// to folders are passed over.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// use cyclerprep::batch::find_inputs;
///
/// let inputs = find_inputs(&["fixtures/neware/flat.csv", "fixtures/maccor"])?;
/// assert!(inputs[0].named && inputs[1..].iter().all(|input| !input.named));
/// assert!(inputs[1..].is_sorted_by_key(|input| &input.path));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Io`] when a folder cannot be read. A file is not opened.
pub fn find_inputs(paths: &[impl AsRef<Path>]) -> Result<Vec<Input>> {
    Walk::default().all(paths)
}

/// The same for a run that writes below `out`.
pub(super) fn find_inputs_outside(paths: &[impl AsRef<Path>], out: &Path) -> Result<Vec<Input>> {
    // One that is not there yet has nothing in it.
    let out = out.canonicalize().ok();
    for path in paths {
        if out.is_some() && path.as_ref().canonicalize().ok() == out {
            let message = format!(
                "expected an output folder other than the input folder, found {} for both; name a folder in it, such as {}",
                path.as_ref().display(),
                path.as_ref().join("out").display()
            );
            return Err(Error::new(ErrorKind::Options, message));
        }
    }
    let mut inputs = Walk { out, passes_outputs: true }.all(paths)?;
    let mut seen = HashSet::new();
    inputs.retain(|input| seen.insert(input.path.clone()));
    Ok(inputs)
}

/// A search through folders.
#[derive(Debug, Default)]
struct Walk {
    /// A folder that is left out.
    out: Option<PathBuf>,
    /// Whether bundles and indexes are left out.
    passes_outputs: bool,
}

impl Walk {
    fn all(&self, paths: &[impl AsRef<Path>]) -> Result<Vec<Input>> {
        let mut inputs = Vec::new();
        for path in paths {
            let path = path.as_ref();
            if path.is_dir() {
                let before = inputs.len();
                let out = self
                    .out
                    .as_ref()
                    .and_then(|out| Some(path.join(out.strip_prefix(path.canonicalize().ok()?).ok()?)));
                self.walk(path, path, out.as_deref(), &mut inputs)?;
                inputs[before..].sort_by(|a, b| a.path.cmp(&b.path));
            } else {
                inputs.push(Input::named(path));
            }
        }
        Ok(inputs)
    }

    fn walk(&self, root: &Path, folder: &Path, out: Option<&Path>, inputs: &mut Vec<Input>) -> Result<()> {
        let fail = |e: std::io::Error| {
            Error::new(ErrorKind::Io, format!("cannot read the folder: {e}")).in_file(folder.display().to_string())
        };
        let entries = std::fs::read_dir(folder).map_err(fail)?.collect::<std::io::Result<Vec<_>>>().map_err(fail)?;
        let has = |name: &str| entries.iter().any(|entry| entry.file_name() == name);
        if self.passes_outputs && has("report.json") && is_bundle(folder) {
            return Ok(());
        }
        let is_index = self.passes_outputs && INDEX.iter().all(|name| has(name));
        for entry in entries {
            let (path, name) = (entry.path(), entry.file_name());
            if name.to_string_lossy().starts_with('.') || out == Some(path.as_path()) {
                continue;
            }
            let kind = entry.file_type().map_err(fail)?;
            if kind.is_dir() {
                self.walk(root, &path, out, inputs)?;
            } else if (kind.is_file() || path.is_file()) && !(is_index && OVER_ALL.iter().any(|own| name == *own)) {
                let relative = path.strip_prefix(root).unwrap_or(&path).to_path_buf();
                inputs.push(Input { path, relative, named: false, with: Vec::new() });
            }
        }
        Ok(())
    }
}

/// What tells an output folder of ours.
const INDEX: [&str; 3] = ["index.json", "index.parquet", "index.html"];

/// What such a folder holds besides bundles.
const OVER_ALL: [&str; 5] = ["index.json", "index.parquet", "index.html", "cycles.parquet", "steps.parquet"];
