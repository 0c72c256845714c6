//! BioLogic: EC-Lab and BT-Lab.

mod borders;
mod mpr;
mod names;
// Rules go through columns of one length.
#[allow(clippy::indexing_slicing)]
mod rules;
#[allow(clippy::indexing_slicing)]
mod sequence_charge;
mod text;
#[allow(clippy::indexing_slicing)]
mod voltage;
mod words;

use crate::error::ErrorKind;
use crate::formats::{Maker, SideFile};
use crate::map::Rules;

/// BioLogic.
pub(crate) static BIOLOGIC: Maker = Maker {
    words: &words::BIOLOGIC,
    formats: &[&mpr::BioLogicMpr, &text::BioLogicText],
    rules: Rules { apply: rules::apply, ..Rules::PLAIN },
    side_files: &[SideFile {
        is_it: |p| p.head.starts_with(b"EC-LAB SETTING FILE") || p.head.starts_with(b"BT-LAB SETTING FILE"),
        says: "settings of a BioLogic technique, not data: convert the .mpr or .mpt file",
        kind: ErrorKind::SideFile,
        beside: None,
    }],
    piece: names::piece,
    ..Maker::PLAIN
};
