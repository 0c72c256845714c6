//! `prep explain`.

use std::fmt::Write as _;
use std::io::Write as _;

use super::args::Explain;
use super::exit::Exit;
use crate::error::{Error, ErrorKind, Result};
use crate::note::{NoteCode, sentence};
use crate::validate::{RULES, Rule};

pub fn run(args: &Explain) -> Result<Exit> {
    let text = explain(args.code.as_deref())?;
    let _ = writeln!(std::io::stdout().lock(), "{}", text.trim_end());
    Ok(Exit::Good)
}

/// What `prep explain` prints: the text of a code, or the list of all.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// assert!(cyclerprep::cli::explain(Some("current_sign_reversed"))?.contains("What to do"));
/// assert!(cyclerprep::cli::explain(None)?.contains("rows_dropped"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Options`] for a code that there is not.
pub fn explain(code: Option<&str>) -> Result<String> {
    code.map_or_else(|| Ok(list()), text_of)
}

fn text_of(code: &str) -> Result<String> {
    if let Some(rule) = Rule::by_code(code) {
        return Ok(rule.markdown());
    }
    if let Some(note) = NoteCode::ALL.iter().find(|note| note.as_str() == code) {
        let doc: Vec<&str> = note.doc().lines().map(str::trim).collect();
        return Ok(format!("## `{code}`\n\nnote\n\n{}\n", doc.join("\n")));
    }
    if let Some(kind) = ErrorKind::ALL.iter().find(|kind| kind.as_str() == code) {
        let doc: Vec<&str> = kind.doc().lines().map(str::trim).collect();
        return Ok(format!(
            "## `{code}`\n\nerror, the file is not read\n\n{}\n\n**What to do.** {}\n",
            doc.join("\n"),
            kind.help()
        ));
    }
    // The command line takes no other code.
    Err(Error::new(ErrorKind::Options, format!("expected a code, found {code:?}; `prep explain` lists all")))
}

fn list() -> String {
    let mut text = String::from("Issues\n");
    for rule in RULES {
        let first = sentence(rule.doc.trim_start_matches(" **What it finds.** "));
        let _ = writeln!(text, "  {:42} {first}", rule.code.as_str());
    }
    text.push_str("\nErrors\n");
    for kind in ErrorKind::ALL {
        let _ = writeln!(text, "  {:42} {}", kind.as_str(), sentence(kind.doc()));
    }
    text.push_str("\nNotes\n");
    for note in NoteCode::ALL {
        let _ = writeln!(text, "  {:42} {}", note.as_str(), sentence(note.doc()));
    }
    text
}
