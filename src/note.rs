//! Notes: what was decided, dropped, converted or repaired on the way (docs/schema.md#bundle, docs/decisions.md#witnesses).
//!
//! A note never stops anything. It says that a number in the output is not simply the number in the file, or that
//! something in the file is not in the output.

use std::ops::Deref;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::Place;

macro_rules! note_codes {
    ($($(#[doc = $doc:literal])* $variant:ident $code:literal;)*) => {
        /// What a note is about. Codes are stable and never reused.
        ///
        /// ```
        /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// use cyclerprep::NoteCode;
        ///
        /// let cell = cyclerprep::prepare("fixtures/neware/flat.csv", &Default::default())?;
        /// assert!(!cell.report.notes.iter().any(|note| note.code == NoteCode::RowsDropped));
        /// # Ok(())
        /// # }
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum NoteCode { $($(#[doc = $doc])* $variant,)* }

        impl NoteCode {
            /// All codes, in alphabetical order.
            ///
            /// ```
            /// assert!(cyclerprep::NoteCode::ALL.is_sorted_by_key(|code| code.as_str()));
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it stands in reports.
            ///
            /// ```
            /// assert_eq!(cyclerprep::NoteCode::RowsDropped.as_str(), "rows_dropped");
            /// ```
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The code of this name.
            ///
            /// ```
            /// use cyclerprep::NoteCode;
            ///
            /// assert_eq!(NoteCode::by_name("rows_dropped"), Some(NoteCode::RowsDropped));
            /// assert_eq!(NoteCode::by_name("nonsense"), None);
            /// ```
            pub fn by_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == name)
            }

            /// What the note says, for `prep explain`.
            ///
            /// ```
            /// assert!(cyclerprep::NoteCode::RowsDropped.doc().contains("dropped"));
            /// ```
            pub fn doc(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc, "\n"),*),)* }
            }
        }
    };
}

note_codes! {
    /// The Battery Data Format cannot hold all of the measurement: rows without a time (impedance) are left out, and without a
    /// current in A there is no such file.
    BdfIncomplete "bdf_incomplete";
    /// Integrals of current and power replace a reported capacity or energy, because the file's own rows contradict it: it
    /// decreases inside a step, differs by more than 10 % where the current is steady, or by more than can have flowed. Or the
    /// reported one is absent or blank. `--capacity reported` keeps what the file says.
    CapacityIntegrated "capacity_integrated";
    /// Cells that should hold a number hold something else; they became null. Up to three examples are shown.
    CellsUnreadable "cells_unreadable";
    /// The test time and the rows' wall clock disagree by more than pauses explain, or the clock goes backwards. Rows are
    /// never put in the order of the clock.
    ClockDisagrees "clock_disagrees";
    /// What people at the tester called a channel; the output has the channel's own name.
    ColumnNamed "column_named";
    /// Two columns of the file claim the same target; the first in the vocabulary's order was used.
    ColumnsDuplicate "columns_duplicate";
    /// Columns of the file that the vocabulary does not know; they are not in the output. `--map 'HEADER=COLUMN'` keeps one.
    ColumnsUnmapped "columns_unmapped";
    /// A closing row holds charge that was counted after the last record of its step; that record, which stands at the same instant,
    /// takes it, so that the step keeps its charge.
    CounterClosed "counter_closed";
    /// Single rows of the current do not fit the rest: the file's counter moves by less than half or more than twice of what the
    /// currents on both sides of an interval allow, a row leaves its neighbours and the counter does not follow, or a row's
    /// sign is not the one of its mode label. Nothing was changed: look at these rows.
    CurrentDisagrees "current_disagrees";
    /// Cycle numbers were counted from the changes between charge and discharge, because the file asks for it or stores none:
    /// `--cycle-mode` chooses. Or a record at which a step begins shows the cycle before, and got that of its step.
    CyclesCounted "cycles_counted";
    /// A checksum or a stored count does not fit what is in the file; the numbers were used as they are.
    DamagedFile "damaged_file";
    /// The encoding was guessed, or bytes that do not belong to it were replaced.
    EncodingReplaced "encoding_replaced";
    /// The tester's log of events names a limit of safety that was hit.
    EventReported "event_reported";
    /// Files that lie beside the one that was named belong to it and were read with it.
    FilesJoined "files_joined";
    /// The first record of the file is not the first of the test: its record number is neither 0 nor 1.
    FirstRecord "first_record";
    /// The file has no maker's layout: its columns were taken by what people usually call them. Look whether they are what the
    /// note says, and how the sign of the current was settled.
    HeadersGuessed "headers_guessed";
    /// Modulus or phase of an impedance do not follow from its real and imaginary part, or how the modulus grows over the
    /// frequency does not follow from the phase: one of them has another sign or unit, or the cell changed meanwhile.
    ImpedanceDisagrees "impedance_disagrees";
    /// Values that no cycler measures. Voltage and current beyond ±2000 V or ±10 000 A stop the export unless
    /// `--allow implausible_values` is given; temperatures outside −100…300 °C become null.
    ImplausibleValues "implausible_values";
    /// Charge and discharge labels of a pair of columns were exchanged, because only so they agree with the current.
    LabelsSwapped "labels_swapped";
    /// The mode or status column holds labels that this maker is not known to write; they carry no direction.
    LabelsUnknown "labels_unknown";
    /// A fact of the header could not be understood and was left out.
    MetadataIgnored "metadata_ignored";
    /// The end of the file is missing or cut in the middle of a row; what is there was read.
    PartialFile "partial_file";
    /// Files that seem to be pieces of one test were not joined, and what speaks against it, with both numbers or names.
    PiecesApart "pieces_apart";
    /// Files were joined to one test, because `--join` asks for it. At each seam: the time between the pieces, the voltage on both
    /// sides, which numbers go on, and what the pieces contradict each other in.
    PiecesJoined "pieces_joined";
    /// A reported power differs from voltage × current by more than 10 % of its largest value on more than 1 % of the rows.
    PowerDisagrees "power_disagrees";
    /// Record numbers do not rise by one: some are missing or repeated; or the frequencies of a spectrum turn back.
    RecordOrder "record_order";
    /// A reported capacity differs from the integral of the current by more than 10 %. The note says which of the two is used
    /// and why: the counter counts between the records too, so it is kept unless the file's own rows contradict it.
    ReportedCapacityDisagrees "reported_capacity_disagrees";
    /// A reported energy differs from the integral of the power by more than 10 %. The note says which of the two is used and
    /// why, as with the capacity.
    ReportedEnergyDisagrees "reported_energy_disagrees";
    /// Rows were dropped: without voltage or current, repeated, or log messages.
    RowsDropped "rows_dropped";
    /// Rows have fewer or more fields than the header.
    RowsRagged "rows_ragged";
    /// A column is beyond what a driven cell shows: no voltage above 50 mV, or more than 1000 A at the voltage of a cell. A unit
    /// may be wrong; nothing was changed.
    ScaleDoubt "scale_doubt";
    /// The file holds several tests; each became a measurement of its own.
    SeveralTests "several_tests";
    /// Steps of one row joined the step beside them, because `--short-steps join` asks for it; how many, and the first.
    ShortStepsJoined "short_steps_joined";
    /// The current was negated or given a sign, and why.
    SignChanged "sign_changed";
    /// After reading, the voltage's answer to the current says that the sign is still wrong or cannot be told. Nothing was
    /// flipped again: look at the current column and the step types.
    SignCheckFailed "sign_check_failed";
    /// The voltage's answer to the current is against the sign that the instrument gives it, but not strongly enough to overrule
    /// it: how many steps voted, with which share of the weight, and that the sign was kept. Plating, symmetric cells and
    /// holds do this. If the column really has the other sign, negate it before preparing; where the check of the sign
    /// objects, `--allow CODE` with its code passes it.
    SignVote "sign_vote";
    /// A value of one row leaves those before and after it, which agree, and nothing in the row explains it: a digit, a decimal
    /// point or a cell may be wrong. Nothing was changed: look at the row.
    SingleRowLeaps "single_row_leaps";
    /// Where the start time comes from, when it is less than exact: no zone in the file, or a date without a time.
    StartTimeAssumed "start_time_assumed";
    /// The numbers of steps or cycles contradict the file: the step time carries on where the step number changes, or begins
    /// anew where it stays; a cycle number falls or skips. Steps and cycles follow the file's numbers all the same.
    StepNumbersDoubt "step_numbers_doubt";
    /// The file's own step time differs from the time since the step began by more than 1 s in more than 1 % of the steps: a
    /// boundary may be missing.
    StepTimeDisagrees "step_time_disagrees";
    /// The file numbers no steps, so they are what else tells them apart: the runs of one sign of the current. Steps of one
    /// sign that follow each other are one.
    StepsCounted "steps_counted";
    /// The wall clock jumps ahead while the test's own time carries on: the test was paused. A pause takes no time in the output.
    TestPaused "test_paused";
    /// Much time passes between two rows of a step while current flows on both sides: rows may be missing between them.
    TimeGap "time_gap";
    /// Times were changed beyond subtracting the first: equal times spread, backward jumps closed, minutes inferred.
    TimeRepaired "time_repaired";
    /// Neither the file nor a document of its maker says the unit of a column: the schema's was taken. `--unit 'HEADER=UNIT'`
    /// says another.
    UnitAssumed "unit_assumed";
    /// A column was converted to the schema's unit, or its header states another unit than the caller.
    UnitConverted "unit_converted";
    /// The voltage and the ratio of energy to capacity differ by a factor near 1000: a unit in a header is wrong.
    /// Millivolts are corrected where the maker's exports are known for them, anything else is only told.
    UnitDoubt "unit_doubt";
    /// The file uses a layout that is described but was never seen with data; look at the numbers before you trust them.
    UnverifiedLayout "unverified_layout";
    /// More than one column could be the cell's voltage, and which one was taken.
    VoltageChosen "voltage_chosen";
}

impl Serialize for NoteCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for NoteCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::by_name(&name).ok_or_else(|| D::Error::custom(format!("expected the code of a note, found {name:?}")))
    }
}

/// One thing to know about the output.
///
/// ```
/// use cyclerprep::{Note, NoteCode, Place};
///
/// let note = Note::new(NoteCode::RowsDropped, "2 row(s) had no voltage").count(2).at(Place::Row(7));
/// assert_eq!((note.count, note.place), (Some(2), Some(Place::Row(7))));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Note {
    /// What it is about.
    pub code: NoteCode,
    /// One sentence with the numbers.
    pub message: String,
    /// How many rows, cells or columns it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The first place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Up to three examples as the file writes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
}

impl Note {
    /// A note with a sentence and nothing else.
    ///
    /// ```
    /// use cyclerprep::{Note, NoteCode};
    ///
    /// assert_eq!(Note::new(NoteCode::RowsDropped, "2 row(s) had no voltage").count, None);
    /// ```
    pub fn new(code: NoteCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), count: None, place: None, examples: Vec::new() }
    }

    /// With a count.
    ///
    /// ```
    /// use cyclerprep::{Note, NoteCode};
    ///
    /// assert_eq!(Note::new(NoteCode::RowsDropped, "2 row(s) had no voltage").count(2).count, Some(2));
    /// ```
    #[must_use]
    pub fn count(mut self, count: usize) -> Self {
        self.count = Some(count as u64);
        self
    }

    /// With a place.
    ///
    /// ```
    /// use cyclerprep::{Note, NoteCode, Place};
    ///
    /// let note = Note::new(NoteCode::RowsDropped, "a row had no voltage").at(Place::Record(3));
    /// assert_eq!(note.place, Some(Place::Record(3)));
    /// ```
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// With its place seen through a map.
    #[must_use]
    pub(crate) fn map_place(mut self, f: impl FnOnce(Place) -> Place) -> Self {
        self.place = self.place.take().map(f);
        self
    }

    /// With examples.
    ///
    /// ```
    /// use cyclerprep::{Note, NoteCode};
    ///
    /// let note = Note::new(NoteCode::CellsUnreadable, "a cell is no number").examples(["Close".to_owned()]);
    /// assert_eq!(note.examples, ["Close"]);
    /// ```
    #[must_use]
    pub fn examples(mut self, examples: impl IntoIterator<Item = String>) -> Self {
        self.examples.extend(examples);
        self
    }
}

/// The notes of one measurement, in the order in which things happened. They read as a slice does: `iter`, `len`, `is_empty`,
/// `first` and places are those of `[Note]`, and loops take them by reference or by value.
///
/// ```
/// use cyclerprep::{NoteCode, Notes};
///
/// let mut notes = Notes::new();
/// notes.say(NoteCode::RowsDropped, "2 rows had no voltage");
/// assert_eq!((notes.len(), notes[0].code.as_str()), (1, "rows_dropped"));
///
/// notes.say(NoteCode::TimeRepaired, "1 time went back");
/// let mut codes = Vec::new();
/// for note in &notes {
///     codes.push(note.code);
/// }
/// assert_eq!(codes, [NoteCode::RowsDropped, NoteCode::TimeRepaired]);
/// assert!(notes.iter().all(|note| !note.message.is_empty()) && !notes.is_empty());
///
/// let messages: Vec<String> = notes.into_iter().map(|note| note.message).collect();
/// assert_eq!(messages, ["2 rows had no voltage", "1 time went back"]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Notes(Vec<Note>);

impl Deref for Notes {
    type Target = [Note];

    fn deref(&self) -> &[Note] {
        &self.0
    }
}

impl IntoIterator for Notes {
    type Item = Note;
    type IntoIter = std::vec::IntoIter<Note>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Notes {
    type Item = &'a Note;
    type IntoIter = std::slice::Iter<'a, Note>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl Extend<Note> for Notes {
    fn extend<I: IntoIterator<Item = Note>>(&mut self, notes: I) {
        self.0.extend(notes);
    }
}

impl FromIterator<Note> for Notes {
    fn from_iter<I: IntoIterator<Item = Note>>(notes: I) -> Self {
        Self(notes.into_iter().collect())
    }
}

impl Notes {
    /// No notes yet.
    ///
    /// ```
    /// assert!(cyclerprep::Notes::new().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    ///
    /// ```
    /// use cyclerprep::{Note, NoteCode, Notes};
    ///
    /// let mut notes = Notes::new();
    /// notes.push(Note::new(NoteCode::RowsDropped, "2 row(s) had no voltage").count(2));
    /// assert_eq!(notes.len(), 1);
    /// ```
    pub fn push(&mut self, note: Note) {
        self.0.push(note);
    }

    /// Adds a sentence.
    ///
    /// ```
    /// use cyclerprep::{NoteCode, Notes};
    ///
    /// let mut notes = Notes::new();
    /// notes.say(NoteCode::TimeRepaired, "no total time; the sum of the step times was used");
    /// assert!(notes.has(NoteCode::TimeRepaired));
    /// ```
    pub fn say(&mut self, code: NoteCode, message: impl Into<String>) {
        self.push(Note::new(code, message));
    }

    /// Sees every place through a map.
    pub(crate) fn map_places(&mut self, f: impl Fn(Place) -> Place) {
        self.0 = std::mem::take(&mut self.0).into_iter().map(|note| note.map_place(&f)).collect();
    }

    /// Says of each row that a note names where in the file it is.
    pub(crate) fn name_lines(&mut self, place_of: impl Fn(u64) -> Place) {
        for note in &mut self.0 {
            if let Some(Place::Row(row)) = note.place {
                note.message += &format!(" (row {row} is {})", place_of(row));
            }
        }
    }

    /// All of them, for patterns.
    ///
    /// ```
    /// use cyclerprep::{NoteCode, Notes};
    ///
    /// let mut notes = Notes::new();
    /// notes.say(NoteCode::SignChanged, "negated");
    /// assert!(matches!(notes.as_slice(), [only] if only.code == NoteCode::SignChanged));
    /// ```
    pub fn as_slice(&self) -> &[Note] {
        &self.0
    }

    /// All of them, given away.
    ///
    /// ```
    /// use cyclerprep::{NoteCode, Notes};
    ///
    /// let mut notes = Notes::new();
    /// notes.say(NoteCode::SignChanged, "negated");
    /// assert_eq!(notes.into_vec()[0].message, "negated");
    /// ```
    pub fn into_vec(self) -> Vec<Note> {
        self.0
    }

    /// Whether there is one of this code.
    ///
    /// ```
    /// use cyclerprep::{NoteCode, Notes};
    ///
    /// let mut notes = Notes::new();
    /// notes.say(NoteCode::SignChanged, "negated");
    /// assert!(notes.has(NoteCode::SignChanged) && !notes.has(NoteCode::RowsDropped));
    /// ```
    pub fn has(&self, code: NoteCode) -> bool {
        self.0.iter().any(|note| note.code == code)
    }
}

/// The first sentence of a documentation, on one line.
pub(crate) fn sentence(doc: &str) -> String {
    let paragraph = doc.split("\n\n").next().unwrap_or_default();
    let text = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_unique_and_documented() {
        assert!(NoteCode::ALL.is_sorted_by(|a, b| a.as_str() < b.as_str()));
        for code in NoteCode::ALL {
            assert!(code.doc().trim().ends_with('.'), "{code:?}");
        }
    }
}
