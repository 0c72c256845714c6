//! What readers of any maker share: the trait, its options, delimited text, workbooks, facts in preambles.

pub(crate) mod columnar;
pub(crate) mod dates;
pub(crate) mod delimited;
pub(crate) mod labels;
pub(crate) mod side_file;
pub(crate) mod workbook;

mod cycle_mode;
mod header;
mod maker;
pub(crate) mod units_row;

use std::fmt::Debug;

use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use crate::note::Notes;
use crate::probe::{Probe, Score};
use crate::source::Source;
use crate::table::RawTable;

use crate::text::encoding::Encoding;
pub use cycle_mode::CycleMode;
pub use maker::Maker;
pub(crate) use maker::{PieceName, SpectrumFiles};
pub(crate) use side_file::SideFile;

/// What the support table says of a reader.
///
/// ```
/// let info = cyclerprep::readers::by_id("biologic_mpr").expect("it is listed").info();
/// assert_eq!((info.maker.name(), info.name, info.extensions), ("BioLogic", "BioLogic binary", &["mpr"][..]));
/// ```
#[derive(Debug)]
pub struct Info {
    /// Stable name for `--reader` and reports.
    pub id: &'static str,
    /// What people call the format.
    pub name: &'static str,
    /// The maker of the cycler.
    pub maker: &'static Maker,
    /// Extensions in lower case; `###` stands for a channel number of three or more digits. They only break ties.
    pub extensions: &'static [&'static str],
    /// Which software writes it.
    pub software: &'static str,
}

/// What a caller can ask of a reader.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// use cyclerprep::{Encoding, PrepareOptions, prepare};
///
/// let mut options = PrepareOptions::default();
/// options.read.encoding = Some(Encoding::Gb18030);
/// assert_eq!(prepare("fixtures/neware/chinese_gb18030.csv", &options)?.time_series.height(), 112);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Bounds on sizes.
    pub limits: Limits,
    /// The text's encoding, instead of deciding from its bytes.
    pub encoding: Option<Encoding>,
    /// Sheets of a workbook, instead of those that the reader picks.
    pub sheet: Option<SheetChoice>,
    /// How cycles are counted, in the binary files that leave the choice (`.nda`, `.ndax`).
    pub cycle_mode: CycleMode,
    /// Multipliers of the integers of `.nda` and `.ndax` files for current ranges, by the range's code: raw number × multiplier =
    /// mA. They outrank the table in `docs/formats/nda.md`.
    pub current_ranges: Vec<(i32, f64)>,
    /// What the caller maps to columns of the schema, by which a table is found whose headers say little. Whoever prepares a
    /// file fills it in.
    pub(crate) named: Vec<(String, String)>,
}

/// Which sheets of a workbook to read. They still need the maker's header.
///
/// ```
/// # fn main() -> cyclerprep::Result<()> {
/// use cyclerprep::{ErrorKind, prepare, readers::SheetChoice};
///
/// let mut options = cyclerprep::PrepareOptions::default();
/// options.read.sheet = Some(SheetChoice::Name("record".to_owned()));
/// assert_eq!(prepare("fixtures/neware/records.xlsx", &options)?.time_series.height(), 112);
/// options.read.sheet = Some(SheetChoice::Name("Sheet1".to_owned()));
/// assert!(prepare("fixtures/neware/records.xlsx", &options).is_err(), "there is no such sheet");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetChoice {
    /// The sheet of this name.
    Name(String),
    /// Sheets whose names match a pattern.
    Pattern(Pattern),
    /// Every sheet.
    All,
}

/// A regular expression that compares as its text.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::readers::SheetChoice;
///
/// assert!(matches!(SheetChoice::parse("/Channel_.*/")?, SheetChoice::Pattern(_)));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Pattern(regex::Regex);

impl Pattern {
    /// The expression.
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

impl SheetChoice {
    /// Reads `NAME`, `/REGEX/` or `all`.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use cyclerprep::readers::SheetChoice;
    ///
    /// assert!(SheetChoice::parse("/Channel_1-.*/").is_ok());
    /// assert!(SheetChoice::parse("/(/").is_err(), "no pattern");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Options`] for a pattern that is none.
    pub fn parse(text: &str) -> Result<Self> {
        if text == "all" {
            return Ok(Self::All);
        }
        let Some(pattern) = text.strip_prefix('/').and_then(|t| t.strip_suffix('/')) else {
            return Ok(Self::Name(text.to_owned()));
        };
        // Patterns come from the command line; a small limit keeps a slip from taking all memory.
        let built = regex::RegexBuilder::new(pattern).size_limit(1 << 20).build();
        let built = built.map_err(|e| Error::new(ErrorKind::Options, format!("expected a pattern in `/…/`: {e}")));
        built.map(|regex| Self::Pattern(Pattern(regex)))
    }

    fn takes(&self, name: &str) -> bool {
        match self {
            Self::Name(wanted) => wanted == name,
            Self::Pattern(pattern) => pattern.0.is_match(name),
            Self::All => true,
        }
    }
}

/// Keeps [`Format`] to this crate.
pub trait Sealed {}

/// A reader of one format.
///
/// The trait is sealed: what a reader takes and gives changes with every dialect, and the library could not keep it stable. A
/// table from elsewhere becomes a measurement as a frame: give its columns the names of [`COLUMNS`](crate::schema::COLUMNS) and call
/// the functions of the modules `transform` and `validate`.
///
/// The order of calls is [`sniff`](Self::sniff), then [`read`](Self::read), on the same bytes; `read` may also be called
/// alone, when the caller knows the format.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use cyclerprep::{Notes, Source, readers};
///
/// let source = Source::open("fixtures/neware/flat.csv", &Default::default())?;
/// let reader = readers::by_id("neware_csv").expect("it is listed");
/// let tables = reader.read(&source, &Default::default(), &mut Notes::new())?;
/// assert_eq!(tables.len(), 1);
/// # Ok(())
/// # }
/// ```
pub trait Format: Debug + Sync + Sealed {
    /// Who it is.
    ///
    /// ```
    /// use cyclerprep::{Maker, readers};
    ///
    /// assert!(readers::READERS.iter().any(|reader| reader.info().maker == Maker::Arbin));
    /// ```
    fn info(&self) -> &'static Info;

    /// Looks at the head of a file. Bounded, cannot fail, says why.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let source = cyclerprep::Source::open("fixtures/neware/flat.csv", &Default::default())?;
    /// // What `sniff` says is in the candidates.
    /// let best = &cyclerprep::detect::candidates(&source)[0];
    /// assert!(best.score.points > 50, "{}", best.score.why);
    /// # Ok(())
    /// # }
    /// ```
    fn sniff(&self, probe: &Probe<'_>) -> Score;

    /// The same for a caller who says which headers stand for which columns: a table is then found by these too. It asks
    /// [`sniff`](Self::sniff) where a reader knows the words of its files by itself.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let source = cyclerprep::Source::from_bytes("x.csv", b"a_s,b_mv,c_ma\n0,3700,1\n1,3699,1\n".to_vec());
    /// let mut options = cyclerprep::PrepareOptions::default();
    /// assert!(cyclerprep::prepare_source(source.clone(), &options).is_err(), "nobody knows these words");
    /// for (header, column) in [("a_s", "Time [s]"), ("b_mv", "Voltage [V]"), ("c_ma", "Current [A]")] {
    ///     options.map.map.push((header.to_owned(), column.to_owned()));
    /// }
    /// let cell = cyclerprep::prepare_source(source, &options)?;
    /// assert_eq!(cell.time_series.column("Voltage [V]")?.f64()?.get(0), Some(3.7));
    /// # Ok(())
    /// # }
    /// ```
    fn sniff_with(&self, probe: &Probe<'_>, named: &[(String, String)]) -> Score {
        let _ = named;
        self.sniff(probe)
    }

    /// Reads the file's tests, mostly one. A bad cell is not an error, a file that breaks its own format is.
    ///
    /// ```
    /// use cyclerprep::{Notes, Source, readers};
    ///
    /// let source = Source::from_bytes("cell.csv", b"a,b\n1,2\n".to_vec());
    /// let reader = readers::by_id("neware_csv").expect("it is listed");
    /// let error = reader.read(&source, &Default::default(), &mut Notes::new()).unwrap_err();
    /// assert!(error.message().starts_with("expected a header line"), "{error}");
    /// ```
    ///
    /// # Errors
    /// Of any kind but [`ErrorKind::UnknownFormat`], with a place.
    fn read(&self, source: &Source, options: &ReadOptions, notes: &mut Notes) -> Result<Vec<RawTable>>;

    /// Whether it looks at nothing of a large text but its ends before the rows are parsed: such a text need not be in memory.
    ///
    /// ```
    /// use cyclerprep::readers;
    ///
    /// assert!(readers::by_id("maccor_text").is_some_and(|reader| reader.reads_pieces()));
    /// assert!(readers::by_id("biologic_mpr").is_some_and(|reader| !reader.reads_pieces()));
    /// ```
    fn reads_pieces(&self) -> bool {
        false
    }

    /// The file beside this one that reads it with its own rows, where there is one.
    ///
    /// ```
    /// use cyclerprep::{Source, readers};
    ///
    /// let later = Source::open("fixtures/arbin/parts_Channel_4_Wb_2.CSV", &Default::default())?;
    /// let reader = readers::by_id("arbin_csv").expect("it is listed");
    /// assert_eq!(reader.read_with(&later).as_deref(), Some("parts_Channel_4_Wb_1.CSV"));
    /// # Ok::<(), cyclerprep::Error>(())
    /// ```
    fn read_with(&self, source: &Source) -> Option<String> {
        let _ = source;
        None
    }
}
