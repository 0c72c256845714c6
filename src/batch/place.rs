//! Where the output of an input goes.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use super::walk::Input;
use crate::detect;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use crate::source::Source;

/// Two inputs must not have the same output: whichever came second would be taken for a bundle that is there. Files that no
/// reader knows, such as a README in each folder, have none.
pub(super) fn check_distinct(inputs: &[Input]) -> Result<()> {
    let mut seen = HashMap::new();
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

/// An output lies below the output folder, whoever says where.
pub(super) fn check_below(relative: &Path) -> Result<()> {
    let mut parts = relative.components().peekable();
    if parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_))) {
        return Ok(());
    }
    let message = format!(
        "expected the place of an output below the output folder, such as run/cell.034, found {:?}",
        relative.display().to_string()
    );
    Err(Error::new(ErrorKind::Options, message))
}

/// Whether a reader claims the file; one that cannot be opened is told later.
fn is_known(path: &Path) -> bool {
    Source::open_ends(path, &Limits::default()).is_ok_and(|(source, _)| detect::detect(&source).is_ok())
}

/// The folder of a test: that of its input, or one below for each part of an input that holds several.
pub(super) fn of_test(output: &Path, part: Option<&str>, is_alone: bool) -> PathBuf {
    match part {
        Some(part) if !is_alone => output.join(part_name(part)),
        _ => output.to_path_buf(),
    }
}

/// A part's name as the name of a folder.
pub(crate) fn part_name(part: &str) -> PathBuf {
    let keep = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
    let name: String = part.chars().map(keep).collect();
    PathBuf::from(if name.trim_matches('.').is_empty() { "part".to_owned() } else { name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_stays_below_the_output_folder() {
        assert!(check_below(Path::new("run/cell.034")).is_ok());
        for outside in ["", "../cell.034", "run/../../cell.034", "/tmp/cell.034"] {
            assert!(check_below(Path::new(outside)).is_err(), "{outside}");
        }
    }

    #[test]
    fn a_part_stays_below_its_input() {
        assert_eq!(of_test(Path::new("out/x.res"), Some("../7 a"), false), Path::new("out/x.res/.._7_a"));
        assert_eq!(part_name(".."), Path::new("part"));
        assert_eq!(of_test(Path::new("out/x.res"), Some("7"), true), Path::new("out/x.res"));
    }
}
