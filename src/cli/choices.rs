//! Names that the shell completes, and that are not listed in the help: there are too many.

use std::ffi::OsStr;
use std::sync::LazyLock;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::ErrorKind as Usage;
use clap::{Arg, Command};

use crate::error::ErrorKind;
use crate::makers::READERS;
use crate::names;
use crate::note::NoteCode;
use crate::validate::{RULES, STRICT_CHECK_NAMES};
use crate::witness;
use crate::zone::Zone;

/// One of these names, for shells; what is none of them is refused with the one that was meant, perhaps.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    what: &'static str,
    all: fn() -> Vec<&'static str>,
    /// Whether an error lists all.
    lists: bool,
}

impl TypedValueParser for Choice {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        let text = StringValueParser::new().parse_ref(command, arg, value)?;
        let all = (self.all)();
        if all.contains(&text.as_str()) {
            return Ok(text);
        }
        let message = names::unknown(self.what, &text, all.iter().copied(), self.lists);
        let option = arg.map_or(String::new(), |arg| format!("{arg}: "));
        Err(clap::Error::raw(Usage::InvalidValue, format!("{option}{message}\n")).with_cmd(command))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.all)().into_iter().map(PossibleValue::new)))
    }
}

static ZONES: LazyLock<Vec<String>> = LazyLock::new(|| Zone::names().collect());

pub const READER: Choice =
    Choice { what: "a reader's id", all: || READERS.iter().map(|reader| reader.info().id).collect(), lists: true };

pub const CHECK: Choice =
    Choice { what: "the name of a strict check", all: || STRICT_CHECK_NAMES.to_vec(), lists: true };

pub const GATE: Choice = Choice { what: "the name of a gate", all: || witness::gates().collect(), lists: true };

pub const CODE: Choice = Choice {
    what: "the code of an issue, a note or an error",
    all: || {
        let (issues, notes) =
            (RULES.iter().map(|rule| rule.code.as_str()), NoteCode::ALL.iter().map(|note| note.as_str()));
        let mut all: Vec<_> = issues.chain(notes).chain(ErrorKind::ALL.iter().map(|kind| kind.as_str())).collect();
        all.sort_unstable();
        all.dedup();
        all
    },
    lists: false,
};

pub const ZONE: Choice = Choice {
    what: "the name of a time zone such as Europe/Berlin",
    all: || ZONES.iter().map(String::as_str).collect(),
    lists: false,
};
