//! Columns of a file that are not part of the output.

use crate::note::{Note, NoteCode, Notes};

/// What is left out, by header.
#[derive(Debug, Default)]
pub(super) struct LeftOut<'t> {
    /// Not in the vocabulary.
    pub(super) unmapped: Vec<&'t str>,
    /// Known, and nothing that the output needs.
    pub(super) ignored: Vec<&'t str>,
}

impl LeftOut<'_> {
    /// Names them all.
    pub(super) fn tell(&self, notes: &mut Notes) {
        let unmapped = "not in the vocabulary and left out";
        tell(unmapped, &self.unmapped, "; `--map 'HEADER=COLUMN'` keeps a column", notes);
        tell("known and not part of the output", &self.ignored, "", notes);
    }
}

fn tell(what: &str, headers: &[&str], advice: &str, notes: &mut Notes) {
    if !headers.is_empty() {
        let list = headers.iter().map(|header| format!("{header:?}")).collect::<Vec<_>>().join(", ");
        notes.push(Note::new(NoteCode::ColumnsUnmapped, format!("{what}: {list}{advice}")).count(headers.len()));
    }
}
