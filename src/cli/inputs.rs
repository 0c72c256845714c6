//! Paths from the command line: files, folders, patterns, or a list on stdin.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use crate::batch::{Input, find_inputs};
use crate::error::{Error, ErrorKind, Result};

/// All files that the arguments mean.
pub fn collect(arguments: &[PathBuf]) -> Result<Vec<Input>> {
    find_inputs(&paths(arguments)?)
}

/// The arguments with patterns and the list on stdin put into their place.
pub fn paths(arguments: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for argument in arguments {
        if argument.as_os_str() == "-" {
            for line in std::io::stdin().lock().lines() {
                let line =
                    line.map_err(|e| Error::new(ErrorKind::Io, format!("cannot read the list on stdin: {e}")))?;
                if !line.trim().is_empty() {
                    add(Path::new(line.trim_end_matches('\r')), &mut paths)?;
                }
            }
        } else {
            add(argument, &mut paths)?;
        }
    }
    Ok(paths)
}

/// Paths with patterns in them as the files and folders that they stand for, as the command line takes them.
///
/// ```
/// let found = cyclerprep::cli::expand(&["fixtures/neware/fl?t.csv", "Cargo.toml"])?;
/// assert_eq!(found, ["fixtures/neware/flat.csv", "Cargo.toml"].map(std::path::PathBuf::from));
/// assert!(cyclerprep::cli::expand(&["fixtures/neware/*.none"]).is_err());
/// # Ok::<(), cyclerprep::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Options`] for a pattern that matches no file.
pub fn expand(arguments: &[impl AsRef<Path>]) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    arguments.iter().try_for_each(|argument| add(argument.as_ref(), &mut paths))?;
    Ok(paths)
}

/// The path, or what a pattern stands for that the shell did not resolve, such as one in a configuration or a list.
fn add(path: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    let text = path.to_string_lossy();
    if !text.contains(['*', '?', '[']) || path.exists() {
        paths.push(path.to_path_buf());
        return Ok(());
    }
    let fail = |e: String| Error::new(ErrorKind::Options, format!("expected a path or a pattern, found {text:?}: {e}"));
    let before = paths.len();
    paths.extend(glob::glob(&text).map_err(|e| fail(e.to_string()))?.flatten());
    if paths.len() == before { Err(fail("it matches no file".to_owned())) } else { Ok(()) }
}
