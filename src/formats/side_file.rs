//! Files that hold no rows of a test: told by name instead of "unknown".

use crate::error::ErrorKind;
use crate::probe::Probe;

/// The file that holds the rows, of a side file's name and the names of its folder.
pub(crate) type Beside = fn(&str, &[String]) -> Option<String>;

/// A kind of file that is recognised and not read.
pub(crate) struct SideFile {
    /// Looks at the head alone.
    pub(crate) is_it: fn(&Probe<'_>) -> bool,
    /// What it is, and what to convert instead.
    pub(crate) says: &'static str,
    /// [`ErrorKind::SideFile`]; another kind for what is no part of a test, or is one in a layout that cannot be read.
    pub(crate) kind: ErrorKind,
    /// Which of the files in its folder holds the rows, where names tell.
    pub(crate) beside: Option<Beside>,
}

/// Whether the head's text, behind blanks, begins with this.
pub(crate) fn starts(probe: &Probe<'_>, what: &str) -> bool {
    text(probe).trim_ascii_start().starts_with(what.as_bytes())
}

/// Whether the head's text has this somewhere.
pub(crate) fn contains(probe: &Probe<'_>, what: &str) -> bool {
    memchr::memmem::find(text(probe), what.as_bytes()).is_some()
}

/// The first line of the text, as far as names of columns can reach.
pub(crate) fn first_line(probe: &Probe<'_>) -> String {
    let line = text(probe).split(|b| *b == b'\n').next().unwrap_or_default();
    String::from_utf8_lossy(line.get(..4096).unwrap_or(line)).into_owned()
}

fn text<'p>(probe: &'p Probe<'_>) -> &'p [u8] {
    probe.text.as_ref().map_or(&[], |text| text.bytes.as_slice())
}
