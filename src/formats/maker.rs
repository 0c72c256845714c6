//! All that shared code may ask of a maker.

use std::fmt;

use super::{Format, SideFile};
use crate::map::Rules;
use crate::vocab::Vocabulary;

/// A maker of cyclers: its words, its formats, its rules. Each stands in a folder of its own under `src/makers`; shared code
/// asks this description and never which maker it has before it.
///
/// Two makers are equal when their names are.
///
/// ```
/// let reader = cyclerprep::readers::by_id("maccor_text").expect("it is listed");
/// assert_eq!(reader.info().maker.name(), "Maccor");
/// ```
pub struct Maker {
    /// Header names, mode labels, what is emitted.
    pub(crate) words: &'static Vocabulary,
    /// Its formats; the order breaks ties that scores and extensions leave.
    pub(crate) formats: &'static [&'static dyn Format],
    /// What only its files tell, after parsing.
    pub(crate) rules: Rules,
    /// Files of its programs that hold no rows of a test, told by name. In the order in which they are asked.
    pub(crate) side_files: &'static [SideFile],
    /// Spectra that stand in files beside their test.
    pub(crate) spectra: Option<SpectrumFiles>,
    /// By a file's name without its extension, where the maker's programs put a test into several files: which piece it is.
    pub(crate) piece: fn(&str) -> Option<PieceName>,
}

/// What the name of a file says where a test stands in several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PieceName {
    /// What the names of all pieces have in common.
    pub(crate) series: String,
    /// Its place among them.
    pub(crate) number: u32,
    /// Which program of the test it ran: steps and cycles are counted anew in each.
    pub(crate) program: u32,
}

/// Impedance spectra in files of their own, whose points a caller can put into their test.
pub(crate) struct SpectrumFiles {
    /// Reads one of them.
    pub(crate) format: &'static dyn Format,
    /// Which sweep of the test a file is, from 1, by its name.
    pub(crate) number: fn(&str) -> Option<usize>,
    /// The mode label of the rows that stand for a sweep.
    pub(crate) mode: &'static str,
}

impl Maker {
    /// Words, formats and rules are its own; it writes no other files that are known.
    pub(crate) const PLAIN: Self = Self {
        words: &Vocabulary::PLAIN,
        formats: &[],
        rules: Rules::PLAIN,
        side_files: &[],
        spectra: None,
        piece: |_| None,
    };

    /// The maker's name, as `test_setup.cycler` has it.
    ///
    /// ```
    /// use cyclerprep::Maker;
    ///
    /// assert_eq!(Maker::BioLogic.name(), "BioLogic");
    /// ```
    pub fn name(&self) -> &'static str {
        self.words.maker
    }

    /// For fuzz targets, which fold and look up any text.
    #[doc(hidden)]
    pub fn words(&self) -> &'static Vocabulary {
        self.words
    }

    /// For tests, benches and fuzz targets, which go from tables to frames by themselves.
    #[doc(hidden)]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }
}

impl PartialEq for Maker {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Maker {}

impl fmt::Debug for Maker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
