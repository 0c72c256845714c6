//! Which files there are to work on.

use std::path::{Path, PathBuf};

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
}

impl Input {
    /// A file that the user named.
    pub(crate) fn named(path: &Path) -> Self {
        let relative = path.file_name().map_or_else(|| path.to_path_buf(), PathBuf::from);
        Self { path: path.to_path_buf(), relative, named: true }
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
    let mut inputs = Vec::new();
    for path in paths {
        let path = path.as_ref();
        if path.is_dir() {
            let before = inputs.len();
            walk(path, path, &mut inputs)?;
            inputs[before..].sort_by(|a, b| a.path.cmp(&b.path));
        } else {
            inputs.push(Input::named(path));
        }
    }
    Ok(inputs)
}

fn walk(root: &Path, folder: &Path, inputs: &mut Vec<Input>) -> Result<()> {
    let fail = |e: std::io::Error| {
        Error::new(ErrorKind::Io, format!("cannot read the folder: {e}")).in_file(folder.display().to_string())
    };
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let kind = entry.file_type().map_err(fail)?;
        if kind.is_dir() {
            walk(root, &path, inputs)?;
        } else if kind.is_file() || path.is_file() {
            let relative = path.strip_prefix(root).unwrap_or(&path).to_path_buf();
            inputs.push(Input { path, relative, named: false });
        }
    }
    Ok(())
}
