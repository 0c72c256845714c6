//! Colours where a terminal shows them and nobody asked for none.

use std::ffi::OsStr;
use std::io::IsTerminal;
use std::sync::LazyLock;

use crate::batch::Status;

/// Whether what is said is coloured: see <https://no-color.org>.
pub static IS_WANTED: LazyLock<bool> = LazyLock::new(|| {
    let set = |name| std::env::var_os(name);
    is_wanted(std::io::stderr().is_terminal(), set("NO_COLOR").as_deref(), set("TERM").as_deref())
});

fn is_wanted(is_terminal: bool, no_color: Option<&OsStr>, term: Option<&OsStr>) -> bool {
    is_terminal && no_color.is_none_or(OsStr::is_empty) && term.is_none_or(|term| term != "dumb")
}

/// The word of a status, as wide as the longest, in its colour.
pub fn word(status: Status, is_colored: bool) -> String {
    let word = status.as_str().replace('_', " ");
    let color = match status {
        Status::Prepared | Status::Updated | Status::Valid => 32,
        Status::Invalid => 33,
        Status::Unreadable => 31,
        _ => 2,
    };
    if is_colored { format!("\u{1b}[{color}m{word:10}\u{1b}[0m") } else { format!("{word:10}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals_whose_users_want_them() {
        let os = |text: &'static str| Some(OsStr::new(text));
        assert!(is_wanted(true, None, os("xterm")) && is_wanted(true, os(""), None));
        assert!(!is_wanted(false, None, None) && !is_wanted(true, os("1"), None) && !is_wanted(true, None, os("dumb")));
        assert_eq!(word(Status::Invalid, true), "\u{1b}[33minvalid   \u{1b}[0m");
        assert_eq!(word(Status::SideFile, false), "side file ");
    }
}
