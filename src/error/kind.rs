//! What kind of thing went wrong, with what to do about it: one table for matching, JSON and `prep explain`.

macro_rules! error_kinds {
    ($($(#[doc = $doc:literal])+ $variant:ident $code:literal: $help:literal;)*) => {
        /// What kind of thing went wrong; match on this, not on the text.
        ///
        /// ```
        /// use cyclerprep::{ErrorKind, prepare};
        ///
        /// let error = prepare("no such file", &Default::default()).unwrap_err();
        /// assert_eq!(error.kind(), ErrorKind::Io);
        /// assert!(error.kind().help().starts_with("Check that the path exists"));
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum ErrorKind { $($(#[doc = $doc])+ $variant,)* }

        impl ErrorKind {
            /// All kinds.
            ///
            /// ```
            /// assert!(cyclerprep::ErrorKind::ALL.contains(&cyclerprep::ErrorKind::Io));
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name used in JSON reports.
            ///
            /// ```
            /// assert_eq!(cyclerprep::ErrorKind::UnknownUnit.as_str(), "unknown_unit");
            /// ```
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it means, for `prep explain`.
            ///
            /// ```
            /// assert!(cyclerprep::ErrorKind::UnknownUnit.doc().contains("unit is not known"));
            /// ```
            pub fn doc(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc, "\n"),+),)* }
            }

            /// What to do about it.
            ///
            /// ```
            /// assert!(cyclerprep::ErrorKind::MissingColumn.help().contains("--map"));
            /// ```
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help,)* }
            }
        }
    };
}

error_kinds! {
    /// The operating system could not read or write.
    Io "io": "Check that the path exists, that you may read or write it, and that the disk has room.";
    /// No reader claims the file.
    UnknownFormat "unknown_format":
        "If it comes from a cycler, `prep inspect --anonymous FILE` makes a report without data that can be sent to the \
         maintainers; `--reader ID` (see `prep formats`) says why a reader does not take it.";
    /// The file is what it says but breaks its own format.
    Malformed "malformed": "Export the file again, or copy it again from the cycler: it is damaged or was edited.";
    /// The file is known and is not a cycler time series, or a variant that cannot be read.
    Unsupported "unsupported":
        "Export the test in another format from the cycler's software, or send the report of `prep inspect --anonymous FILE`.";
    /// A size is beyond the limits that guard against broken and hostile files.
    Limit "limit": "If the file is yours and really that large, `--limits none` switches the limits off.";
    /// A column without which nothing can be computed is absent.
    MissingColumn "missing_column":
        "Export the file with that column; if it is there under a name of your own, `--map 'HEADER=COLUMN'` says so.";
    /// A header's unit is not known; guessing a factor of 1 would give a plausible wrong number.
    UnknownUnit "unknown_unit":
        "Correct the unit in the header, or say it with `--unit 'HEADER=UNIT'`.";
    /// Time runs backwards.
    Time "time":
        "Two tests may be in one file: split it. If it is one test, `--time-offset-fix SECONDS` replaces each backward step.";
    /// A frame handed to a transform or the validator does not have the shape it needs.
    Frame "frame": "Compare the columns and their types with docs/schema.md.";
    /// Values that no cycler measures; a gate that the caller can pass by name.
    Implausible "implausible":
        "A unit or a column is probably wrong: `prep inspect FILE` shows what became of each. `--allow CODE` passes the gate.";
    /// Options that contradict each other or name something unknown.
    Options "options": "`prep help COMMAND` lists the options with examples.";
    /// The file is known and is something else than a cycler's file: a document, a page, an archive of several files.
    NotATimeSeries "not_a_time_series": "Nothing is wrong with it; name the file that holds the rows of the test.";
    /// The file belongs to a test and holds none of its rows: a statistics table, settings, a part that is read with another.
    SideFile "side_file": "Nothing is wrong with it; name the file that holds the rows of the test.";
    /// The platform refused a request, or answered what is not understood.
    Platform "platform": "The message says what the platform found; docs/platform.md tells what to do about each refusal.";
    /// The platform could not be reached, or did not answer.
    NoAnswer "no_answer": "Check the network and IONWORKS_API_URL; the same command goes on from here, nothing is sent twice.";
    /// The user stopped the run.
    Interrupted "interrupted": "The same command goes on from here: what is done is skipped.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_json() {
        for kind in ErrorKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert!(kind.help().ends_with('.') && !kind.doc().is_empty(), "{kind:?}");
        }
    }
}
