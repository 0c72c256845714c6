//! Paths from the command line: files, folders, patterns, or a list on stdin.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use cyclerprep::{Error, ErrorKind, Limits, Result, Source, detect};

/// One file to work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    pub path: PathBuf,
    /// Where its output goes, below the output folder.
    pub relative: PathBuf,
    /// Whether the user named it, instead of a folder that holds it.
    pub named: bool,
}

/// All files in a stable order. Folders are searched through; hidden files and links to folders are passed over.
pub fn collect(arguments: &[PathBuf]) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for argument in arguments {
        if argument.as_os_str() == "-" {
            for line in std::io::stdin().lock().lines() {
                let line =
                    line.map_err(|e| Error::new(ErrorKind::Io, format!("cannot read the list on stdin: {e}")))?;
                if !line.trim().is_empty() {
                    add(Path::new(line.trim_end_matches('\r')), &mut inputs)?;
                }
            }
        } else {
            add(argument, &mut inputs)?;
        }
    }
    Ok(inputs)
}

/// Two inputs must not have the same output: whichever came second would be taken for a bundle that is there. Files that no
/// reader knows, such as a README in each folder, have none.
pub fn check_distinct(inputs: &[Input]) -> Result<()> {
    let mut seen = std::collections::HashMap::new();
    for input in inputs {
        if let Some(other) = seen.insert(&input.relative, &input.path)
            && is_known(other)
            && is_known(&input.path)
        {
            let message = format!(
                "expected inputs with different outputs, found {} and {}; name the folder above them, or convert them into different folders",
                other.display(),
                input.path.display()
            );
            return Err(Error::new(ErrorKind::Options, message));
        }
    }
    Ok(())
}

/// Whether a reader claims the file; one that cannot be opened is told later.
fn is_known(path: &Path) -> bool {
    Source::open_ends(path, &Limits::default()).is_ok_and(|(source, _)| detect::detect(&source).is_ok())
}

fn add(path: &Path, inputs: &mut Vec<Input>) -> Result<()> {
    if path.is_dir() {
        let before = inputs.len();
        walk(path, path, inputs)?;
        inputs[before..].sort_by(|a, b| a.path.cmp(&b.path));
        return Ok(());
    }
    // A pattern that the shell did not resolve, such as one in a configuration or a list.
    let text = path.to_string_lossy();
    if text.contains(['*', '?', '[']) && !path.exists() {
        let fail =
            |e: String| Error::new(ErrorKind::Options, format!("expected a path or a pattern, found {text:?}: {e}"));
        let mut found = glob::glob(&text).map_err(|e| fail(e.to_string()))?.flatten().peekable();
        if found.peek().is_none() {
            return Err(fail("it matches no file".to_owned()));
        }
        return found.try_for_each(|path| add(&path, inputs));
    }
    let name = path.file_name().map_or_else(|| path.to_path_buf(), PathBuf::from);
    inputs.push(Input { path: path.to_path_buf(), relative: name, named: true });
    Ok(())
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
