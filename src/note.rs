//! Notes: what was decided, dropped, converted or repaired on the way (ionworks.md §7, §10).
//!
//! A note never stops anything. It says that a number in the output is not simply the number in the file, or that
//! something in the file is not in the output.

use serde::Serialize;

use crate::error::Place;

macro_rules! note_codes {
    ($($(#[doc = $doc:literal])* $variant:ident $code:literal;)*) => {
        /// What a note is about. Codes are stable and never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum NoteCode { $($(#[doc = $doc])* $variant,)* }

        impl NoteCode {
            /// All codes, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it stands in reports.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What the note says, for `prep explain`.
            pub fn doc(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc, "\n"),*),)* }
            }
        }
    };
}

note_codes! {
    /// Integrals of current and power replace a reported capacity or energy, because the reported one decreases inside a
    /// step, disagrees by more than 10 %, or is absent. `--capacity reported` keeps what the file says.
    CapacityIntegrated "capacity_integrated";
    /// Cells that should hold a number hold something else; they became null. Up to three examples are shown.
    CellsUnreadable "cells_unreadable";
    /// Two columns of the file claim the same target; the first in the vocabulary's order was used.
    ColumnsDuplicate "columns_duplicate";
    /// Columns of the file that the vocabulary does not know; they are not in the output. `--map 'HEADER=COLUMN'` keeps one.
    ColumnsUnmapped "columns_unmapped";
    /// The encoding was guessed, or bytes that do not belong to it were replaced.
    EncodingReplaced "encoding_replaced";
    /// Charge and discharge labels of a pair of columns were exchanged, because only so they agree with the current.
    LabelsSwapped "labels_swapped";
    /// The mode or status column holds labels that this maker is not known to write; they carry no direction.
    LabelsUnknown "labels_unknown";
    /// A fact of the header could not be understood and was left out.
    MetadataIgnored "metadata_ignored";
    /// The end of the file is missing or cut in the middle of a row; what is there was read.
    PartialFile "partial_file";
    /// Record numbers do not rise by one: some are missing or repeated.
    RecordOrder "record_order";
    /// A reported capacity differs from the integral of the current by more than 10 %.
    ReportedCapacityDisagrees "reported_capacity_disagrees";
    /// A reported energy differs from the integral of the power by more than 10 %.
    ReportedEnergyDisagrees "reported_energy_disagrees";
    /// Rows were dropped: without voltage or current, repeated, or log messages.
    RowsDropped "rows_dropped";
    /// Rows have fewer or more fields than the header.
    RowsRagged "rows_ragged";
    /// The current was negated or given a sign, and why.
    SignChanged "sign_changed";
    /// After reading, the voltage's answer to the current says that the sign is still wrong or cannot be told. Nothing was
    /// flipped again: look at the current column and the step types.
    SignCheckFailed "sign_check_failed";
    /// Where the start time comes from, when it is less than exact: no zone in the file, or a date without a time.
    StartTimeAssumed "start_time_assumed";
    /// Times were changed beyond subtracting the first: equal times spread, backward jumps closed, minutes inferred.
    TimeRepaired "time_repaired";
    /// A column was converted to the schema's unit.
    UnitConverted "unit_converted";
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

/// One thing to know about the output.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Note {
    /// What it is about.
    pub code: NoteCode,
    /// One sentence with the numbers.
    pub message: String,
    /// How many rows, cells or columns it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The first place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Up to three examples as the file writes them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
}

impl Note {
    /// A note with a sentence and nothing else.
    pub fn new(code: NoteCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), count: None, place: None, examples: Vec::new() }
    }

    /// With a count.
    #[must_use]
    pub fn count(mut self, count: usize) -> Self {
        self.count = Some(count as u64);
        self
    }

    /// With a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// With examples.
    #[must_use]
    pub fn examples(mut self, examples: impl IntoIterator<Item = String>) -> Self {
        self.examples.extend(examples);
        self
    }
}

/// The notes of one measurement, in the order in which things happened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Notes(Vec<Note>);

impl Notes {
    /// No notes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, note: Note) {
        self.0.push(note);
    }

    /// Adds a sentence.
    pub fn say(&mut self, code: NoteCode, message: impl Into<String>) {
        self.push(Note::new(code, message));
    }

    /// All of them.
    pub fn as_slice(&self) -> &[Note] {
        &self.0
    }

    /// All of them, given away.
    pub fn into_vec(self) -> Vec<Note> {
        self.0
    }

    /// Whether there is one of this code.
    pub fn has(&self, code: NoteCode) -> bool {
        self.0.iter().any(|note| note.code == code)
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
