//! `.env`: lines of `NAME=VALUE` in the working folder.

use std::path::Path;

/// The value of a name in a file; `None` when the file or the name is not there.
pub(super) fn value(file: &Path, name: &str) -> Option<String> {
    find(&std::fs::read_to_string(file).ok()?, name)
}

/// The last line counts, as for a shell that reads the file.
fn find(text: &str, name: &str) -> Option<String> {
    text.lines().rev().find_map(|line| {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
        let (found, value) = line.split_once('=')?;
        (found.trim_end() == name).then(|| plain(value.trim()))
    })
}

/// The value without its quotes, or without the comment behind it.
fn plain(value: &str) -> String {
    for quote in ['"', '\''] {
        if let Some((inner, _)) = value.strip_prefix(quote).and_then(|rest| rest.split_once(quote)) {
            return inner.to_owned();
        }
    }
    value.split(" #").next().unwrap_or(value).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_shells_read_them() {
        let text = "# a comment\nA=1\nexport B = \"x # y\"\nC='z'\r\nA=2 # later\n\nD=\n";
        let found = |name| find(text, name);
        assert_eq!(found("A").as_deref(), Some("2"));
        assert_eq!(found("B").as_deref(), Some("x # y"));
        assert_eq!(found("C").as_deref(), Some("z"));
        assert_eq!(found("D").as_deref(), Some(""));
        assert_eq!(found("# a comment"), None);
    }
}
